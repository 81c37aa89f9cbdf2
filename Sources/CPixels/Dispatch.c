// The kernels for this CPU, behind plain functions.
#include <stdatomic.h>
#include <string.h>

#include "Tables.h"

static const pixels_kernels *best_kernels(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      return &pixels_avx512_kernels;
    return &pixels_avx2_kernels;
  }
#endif
  return &pixels_baseline_kernels;
}

static const pixels_kernels *_Atomic best;
// The choice of one thread, so that a test of one level does not change what runs beside it.
static _Thread_local const pixels_kernels *chosen;

const pixels_kernels *pixels_best_kernels(void) {
  if (chosen) return chosen;
  const pixels_kernels *kernels = atomic_load_explicit(&best, memory_order_relaxed);
  if (!kernels) {
    kernels = best_kernels();
    atomic_store_explicit(&best, kernels, memory_order_relaxed);
  }
  return kernels;
}

int32_t pixels_choose_kernels(const char *level) {
  chosen = NULL;
  if (!level) return 1;
  const pixels_kernels *candidates[] = {
      best_kernels(),
#if defined(__x86_64__)
      // Only what the CPU has: AVX-512 comes with AVX2.
      best_kernels() == &pixels_baseline_kernels ? NULL : &pixels_avx2_kernels,
#endif
      &pixels_baseline_kernels};
  for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
    if (!candidates[i] || strcmp(level, candidates[i]->level) != 0) continue;
    chosen = candidates[i];
    return 1;
  }
  return 0;
}

const char *pixels_kernel_level(void) { return pixels_best_kernels()->level; }

static size_t tap_floats(int32_t input, int32_t output) {
  return (size_t)output * (2 + (size_t)pixels_crop_tap_width(input, output));
}

size_t pixels_resample_scratch(int32_t crop_width, int32_t crop_height, int32_t edge) {
  return tap_floats(crop_width, edge) + tap_floats(crop_height, edge)
      + 3 * (size_t)crop_width + pixels_crop_row_padding;
}

void pixels_resample_crop(
    const uint8_t *source, int32_t source_width, int32_t crop_x, int32_t crop_y,
    int32_t crop_width, int32_t crop_height, int32_t flip, float *planes, int32_t edge,
    float *scratch) {
  pixels_best_kernels()->resample_crop(
      source, source_width, crop_x, crop_y, crop_width, crop_height, flip, planes, edge, scratch);
}

void pixels_adjust_brightness(float *planes, size_t count, float factor) {
  pixels_best_kernels()->adjust_brightness(planes, count, factor);
}

void pixels_adjust_contrast(float *planes, size_t count, float factor) {
  pixels_best_kernels()->adjust_contrast(planes, count, factor);
}

void pixels_adjust_saturation(float *planes, size_t count, float factor) {
  pixels_best_kernels()->adjust_saturation(planes, count, factor);
}

void pixels_adjust_hue(float *planes, size_t count, float turn) {
  pixels_best_kernels()->adjust_hue(planes, count, turn);
}

void pixels_mix_pattern(
    float *planes, int32_t edge, pixels_area area, const float *colours, int32_t cells,
    float opacity) {
  pixels_best_kernels()->mix_pattern(planes, edge, area, colours, cells, opacity);
}

void pixels_greyscale(float *planes, size_t count) {
  pixels_best_kernels()->greyscale(planes, count);
}

void pixels_blur(
    float *planes, int32_t edge, const float *weights, int32_t radius, float *scratch) {
  pixels_best_kernels()->blur(planes, edge, weights, radius, scratch);
}

void pixels_interleave(
    const float *planes, size_t count, const float *scale, const float *shift, float *output) {
  pixels_best_kernels()->interleave(planes, count, scale, shift, output);
}

void pixels_normalize(
    const uint8_t *pixels, size_t count, const float *scale, const float *shift, float *output) {
  pixels_best_kernels()->normalize(pixels, count, scale, shift, output);
}
