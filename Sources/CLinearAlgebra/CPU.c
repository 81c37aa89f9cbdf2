#include "CLinearAlgebra.h"

#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>

static uint64_t enabled_states(void) {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

CLACPU cla_cpu(void) {
  CLACPU cpu = {0};
  uint32_t a, b, c, d;
  if (!__get_cpuid(0, &a, &b, &c, &d)) return cpu;
  memcpy(cpu.vendor, &b, 4);
  memcpy(cpu.vendor + 4, &d, 4);
  memcpy(cpu.vendor + 8, &c, 4);
  if (!__get_cpuid(1, &a, &b, &c, &d)) return cpu;
  const uint32_t base_family = a >> 8 & 0xF;
  cpu.family = (int32_t)(base_family == 0xF ? base_family + (a >> 20 & 0xFF) : base_family);
  cpu.model = (int32_t)((a >> 4 & 0xF) | (a >> 16 & 0xF) << 4);

  const bool saves_state = c >> 27 & 1;
  const uint64_t states = saves_state ? enabled_states() : 0;
  const bool saves_256 = (states & 0x6) == 0x6;
  const bool saves_512 = (states & 0xE6) == 0xE6;
  cpu.hasFMA = saves_256 && (c >> 12 & 1);
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return cpu;
  cpu.hasAVX2 = saves_256 && (b >> 5 & 1);
  // Foundation, double and quad word, conflict detection, byte and word, vector length.
  const uint32_t server_set = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  cpu.hasAVX512 = saves_512 && (b & server_set) == server_set;
  return cpu;
}

#else

CLACPU cla_cpu(void) { return (CLACPU){0}; }

#endif

/// Intel models (family 6) with AVX2 for which OpenBLAS 0.3.21 has an entry of its own.
static bool is_known_intel(int32_t model) {
  static const uint8_t known[] = {
      0x3C, 0x3F, 0x45, 0x46,              // Haswell
      0x3D, 0x47, 0x4F, 0x56,              // Broadwell
      0x4E, 0x5E, 0x55, 0x8E, 0x9E, 0x66,  // Skylake, Skylake-SP, Kaby, Coffee, Cannon Lake
      0x6A, 0x6C, 0x7D, 0x7E,              // Ice Lake
      0x8C, 0x8D, 0x8F, 0x97, 0x9A,        // Tiger Lake, Sapphire Rapids, Alder Lake
      0xA5, 0xA6, 0xA7,                    // Comet and Rocket Lake
  };
  return memchr(known, model, sizeof known) != NULL && model <= 0xFF;
}

// OpenBLAS 0.3.21 (Debian 12) chooses by family and model and takes 128-bit kernels for what it does
// not list: Intel from Emerald Rapids (0xCF) and Granite Rapids (0xAD) on, AMD from Zen 5 (family
// 0x1A) on. It lists Zen to Zen 3 (families 0x17, 0x18, 0x19), but serves Zen 4, which is family
// 0x19 with AVX-512, with 256-bit kernels. A core type is forced only where its choice is not the
// best one: naming a core that the library was built without would be worse than any detection.
const char *cla_openblas_core_type(const CLACPU *cpu, const char *userValue) {
  if (userValue != NULL) return NULL;
  if (!cpu->hasAVX2 || !cpu->hasFMA) return NULL;
  const bool is_intel = strcmp(cpu->vendor, "GenuineIntel") == 0;
  const bool is_amd =
      strcmp(cpu->vendor, "AuthenticAMD") == 0 || strcmp(cpu->vendor, "HygonGenuine") == 0;
  if (is_intel && cpu->family == 6 && is_known_intel(cpu->model)) return NULL;
  if (cpu->hasAVX512) return "SkylakeX";
  if (is_amd && cpu->family >= 0x17 && cpu->family <= 0x19) return NULL;
  return "Haswell";
}
