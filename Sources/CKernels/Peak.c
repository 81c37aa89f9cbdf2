#include "Peak.h"

// Two units with four cycles of latency need eight independent chains; twelve leave room for units
// that take longer, and still fit the sixteen registers of AVX2 beside two constants.
#define CK_CHAINS 12

#define CK_DEFINE_PEAK(name, lanes, attributes)                                           \
  attributes static double name(float *sink, long rounds) {                               \
    typedef float Vector __attribute__((vector_size(4 * (lanes))));                       \
    Vector chains[CK_CHAINS], factor, term;                                               \
    for (int lane = 0; lane < (lanes); ++lane) {                                          \
      factor[lane] = 0.999f;                                                              \
      term[lane] = 0.001f;                                                                \
      for (int chain = 0; chain < CK_CHAINS; ++chain)                                     \
        chains[chain][lane] = (float)(chain * (lanes) + lane) * 0.01f;                    \
    }                                                                                     \
    for (long round = 0; round < rounds; ++round) {                                       \
      _Pragma("clang loop unroll(full)") for (int chain = 0; chain < CK_CHAINS; ++chain)  \
          chains[chain] = chains[chain] * factor + term;                                  \
    }                                                                                     \
    float total = 0;                                                                      \
    for (int chain = 0; chain < CK_CHAINS; ++chain)                                       \
      for (int lane = 0; lane < (lanes); ++lane) total += chains[chain][lane];            \
    *sink = total;                                                                        \
    return 2.0 * (lanes)*CK_CHAINS * (double)rounds;                                      \
  }

#define CK_DEFINE_TRIAD(name, attributes)                                                 \
  attributes static void name(                                                            \
      float *restrict output, const float *restrict x, const float *restrict y,           \
      float scale, long count) {                                                          \
    for (long i = 0; i < count; ++i) output[i] = x[i] + scale * y[i];                     \
  }

CK_DEFINE_PEAK(peakBaseline, 4, )
CK_DEFINE_TRIAD(triadBaseline, )

#if defined(__x86_64__)
CK_DEFINE_PEAK(peakAVX2, 8, __attribute__((target("avx2,fma"))))
CK_DEFINE_TRIAD(triadAVX2, __attribute__((target("avx2,fma"))))
CK_DEFINE_PEAK(peakAVX512, 16, __attribute__((target("avx2,fma,avx512f"))))
CK_DEFINE_TRIAD(triadAVX512, __attribute__((target("avx2,fma,avx512f"))))
#endif

double ck_peak(CKLevel level, float *sink, long rounds) {
#if defined(__x86_64__)
  if (level == CKLevelAVX512) return peakAVX512(sink, rounds);
  if (level == CKLevelAVX2) return peakAVX2(sink, rounds);
#endif
  return peakBaseline(sink, rounds);
}

void ck_triad(
    CKLevel level, float *output, const float *x, const float *y, float scale, long count) {
#if defined(__x86_64__)
  if (level == CKLevelAVX512) return triadAVX512(output, x, y, scale, count);
  if (level == CKLevelAVX2) return triadAVX2(output, x, y, scale, count);
#endif
  triadBaseline(output, x, y, scale, count);
}
