// Which library serves matrix products, decided once: the first candidate that agrees with plain loops.

#include "CLinearAlgebra.h"
#include "OpenBLAS.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

CLAProductChoice cla_choose_product(const CLAProductCandidate *candidates, int32_t count) {
  CLAProductChoice choice = {.index = -1};
  size_t length = 0;
  for (int32_t i = 0; i < count; i++) {
    char reason[192] = "";
    const char *failure = candidates[i].unavailable;
    if (candidates[i].product != NULL
        && cla_check_product(candidates[i].product, reason, sizeof reason)) {
      choice.index = i;
      choice.product = candidates[i].product;
      return choice;
    }
    if (candidates[i].product != NULL) failure = reason;
    const int written = snprintf(
        choice.fallbacks + length, sizeof choice.fallbacks - length, "%s%s: %s",
        length > 0 ? "\n" : "", candidates[i].name, failure != NULL ? failure : "not available");
    if (written > 0) length += (size_t)written;
    if (length >= sizeof choice.fallbacks) length = sizeof choice.fallbacks - 1;
  }
  return choice;
}

/// Where oneDNN's product is the faster one: OpenBLAS's cost for packing shows in small products and in
/// thin ones. Measured on Zen 3, one thread, GFLOP/s of OpenBLAS and of oneDNN: 77x77x64 60 and 82,
/// 50176x64x64 58 and 89, 1024x64x576 83 and 93, 4928x512x512 90 and 90; with A transposed 64x576x256
/// 83 and 89, 128x1152x256 90 and 75, 64x256x3136 84 and 81; with B transposed 128x256x2304 80 and 88.
static bool suits_small(bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k) {
  const double size = (double)m * n * k;
  const int32_t shorter = m < n ? m : n, longer = m < n ? n : m;
  if (aTransposed) return size < 2e6 || (shorter <= 64 && longer <= 768);
  return size < 4e6 || n <= 128 || k <= 128 || (bTransposed && m <= 256);
}

static struct {
  CLAProduct large, small;
  CLAProductReport report;
  char fallbacks[2 * 768 + 2];
} chosen;
static pthread_once_t choose_once = PTHREAD_ONCE_INIT;

static void choose(void) {
  const OpenBLAS *openblas = cla_openblas();
  const CLAProductCandidate openblas_candidate = {
      "OpenBLAS", cla_openblas_product(), openblas->failure};
  const CLAProductCandidate onednn_candidate = {"oneDNN", cla_onednn_product, NULL};
  const CLAProductCandidate plain_candidate = {"plain C", cla_plain_product, NULL};

  const CLAProductCandidate for_large[] = {openblas_candidate, onednn_candidate, plain_candidate};
  const CLAProductChoice large = cla_choose_product(for_large, 3);
  CLAProductChoice small = large;
  const char *small_name = for_large[large.index >= 0 ? large.index : 2].name;
  if (large.index == 0) {
    const CLAProductCandidate for_small[] = {onednn_candidate, openblas_candidate};
    small = cla_choose_product(for_small, 2);
    small_name = for_small[small.index >= 0 ? small.index : 1].name;
  }
  // Should even the plain loop fail its own check the machine is broken; it is still what is left.
  chosen.large = large.product != NULL ? large.product : cla_plain_product;
  chosen.small = small.product != NULL ? small.product : chosen.large;
  snprintf(
      chosen.fallbacks, sizeof chosen.fallbacks, "%s%s%s", large.fallbacks,
      large.index == 0 && large.fallbacks[0] && small.fallbacks[0] ? "\n" : "",
      large.index == 0 ? small.fallbacks : "");
  chosen.report = (CLAProductReport){
      .large = for_large[large.index >= 0 ? large.index : 2].name,
      .small = small_name,
      .fallbacks = chosen.fallbacks,
      .openBLASConfiguration = openblas->configuration,
      .openBLASCore = openblas->core,
      .openBLASCoreRequested = openblas->requested,
      .openBLASCoreByUser = openblas->by_user,
  };
}

CLAProductReport cla_product_report(void) {
  pthread_once(&choose_once, choose);
  return chosen.report;
}

void cla_product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride) {
  pthread_once(&choose_once, choose);
  (suits_small(aTransposed, bTransposed, m, n, k) ? chosen.small : chosen.large)(
      aTransposed, bTransposed, m, n, k, alpha, a, aStride, b, bStride, beta, c, cStride);
}
