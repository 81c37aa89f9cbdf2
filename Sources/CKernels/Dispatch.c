#include "Tables.h"

CKLevel ck_best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("fma"))
    return CKLevelAVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CKLevelAVX2;
#endif
  return CKLevelBaseline;
}

const CKKernels *ck_kernels(CKLevel level) {
#if defined(__x86_64__)
  if (level == CKLevelAVX512) return &ck_avx512_kernels;
  if (level == CKLevelAVX2) return &ck_avx2_kernels;
#else
  (void)level;
#endif
  return &ck_baseline_kernels;
}
