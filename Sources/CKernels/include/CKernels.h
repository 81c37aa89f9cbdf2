// Vectorised elementwise operations, reductions and row functions of one thread.
//
// The same source is compiled once for each vector width; `ck_kernels` returns the table for one of
// them. Conventions: outputs first, then inputs, then sizes. All arrays are dense row-major float32
// (`[rows, columns]`, images `[N, H, W, C]`) without alignment demands. Kernels overwrite their outputs
// unless the comment says "adds". Outputs may not overlap inputs unless the comment allows it.
// No kernel keeps state or allocates.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef enum : int32_t {
  /// What every 64-bit CPU of the architecture has (SSE2, NEON).
  CKLevelBaseline = 0,
  /// AVX2 and fused multiply-add.
  CKLevelAVX2 = 1,
  /// AVX-512 F, BW, DQ, VL.
  CKLevelAVX512 = 2,
} CKLevel;

typedef enum : int32_t {
  CKActivationIdentity = 0,
  CKActivationReLU = 1,
  CKActivationGELU = 2,
  CKActivationQuickGELU = 3,
} CKActivation;

/// The scalars of one AdamW step, with everything that does not depend on the element worked out.
typedef struct {
  /// 1 - learning rate * weight decay.
  float decay;
  float beta1, beta2, epsilon;
  /// Learning rate / (1 - beta1^t).
  float stepSize;
  /// 1 / sqrt(1 - beta2^t).
  float inverseRootCorrection;
  float gradientScale;
} CKAdamW;

typedef struct {
  // MARK: Columns

  /// Mean and sum of squared deviations of each column, `moments` `[2, columns]`. One pass over
  /// memory: exact two-pass moments of blocks that stay in cache, combined as in Chan, Golub and
  /// LeVeque (1983).
  void (*columnMoments)(float *moments, const float *x, long rows, long columns);
  /// `(x - mean) * inverseDeviation * weight + bias`, plus `residual`, then ReLU where asked.
  void (*normalizeColumns)(
      float *output, const float *x, const float *mean, const float *inverseDeviation,
      const float *weight, const float *bias, const float *_Nullable residual, bool relu, long rows,
      long columns);
  /// `sums` `[2, columns]`: of the gradient, and of gradient times normalised x. The gradient counts
  /// only where `output` (where given) is positive.
  void (*normalizeColumnsBackwardSums)(
      float *sums, const float *gradient, const float *x, const float *_Nullable output,
      const float *mean, const float *inverseDeviation, long rows, long columns);
  /// Gradient of x given the `sums` of the whole batch of `totalRows`, and, where asked for, the
  /// gradient behind the ReLU.
  void (*normalizeColumnsBackward)(
      float *xGradient, float *_Nullable residualGradient, const float *gradient, const float *x,
      const float *_Nullable output, const float *mean, const float *inverseDeviation,
      const float *weight, const float *sums, float totalRows, long rows, long columns);
  /// Adds `scale` times the column sums of `x` to `sums` `[columns]`.
  void (*accumulateColumnSums)(float *sums, const float *x, float scale, long rows, long columns);

  // MARK: Rows

  /// Layer norm; `statistics` `[rows, 2]` get mean and inverse deviation.
  void (*layerNorm)(
      float *output, float *statistics, const float *x, const float *weight, const float *bias,
      float epsilon, long rows, long columns);
  /// Gradient of x; adds to the gradients of weight and bias.
  void (*layerNormBackward)(
      float *xGradient, float *weightGradient, float *biasGradient, const float *gradient,
      const float *x, const float *statistics, const float *weight, long rows, long columns);
  /// Rows scaled to unit length, and their former lengths; zero rows stay zero.
  void (*normalizeRows)(float *output, float *lengths, const float *x, long rows, long columns);
  void (*normalizeRowsBackward)(
      float *xGradient, const float *gradient, const float *output, const float *lengths, long rows,
      long columns);
  /// Softmax of each row in place. With `causal`, row `i` of each group of `queries` rows sees the
  /// columns `0 ... i` and gets zeros beyond.
  void (*softmaxInPlace)(float *x, bool causal, long queries, long rows, long columns);
  /// Turns gradients of probabilities into gradients of scores, in place, times `scale`.
  void (*softmaxBackwardInPlace)(
      float *gradient, const float *probabilities, float scale, long rows, long columns);
  /// Cross-entropy of softmax with one target column per row, and its gradient times `scale`.
  void (*crossEntropy)(
      float *losses, float *gradient, const float *logits, const int32_t *targets, float scale,
      long rows, long columns);
  /// For each row the largest value and its column (lowest where equal), kept in `best` and
  /// `bestIndex` where larger than what is there; columns count from `firstIndex`.
  void (*updateRowMaxima)(
      float *best, int32_t *bestIndex, const float *x, int32_t firstIndex, long rows, long columns);

  // MARK: Pointwise

  /// `activation(x + bias)`, and `x + bias` where `input` is given. `output` may be `x`.
  void (*activate)(
      float *output, float *_Nullable input, const float *x, const float *_Nullable bias,
      CKActivation activation, long rows, long columns);
  /// Gradient of x from `input`; adds its column sums to `biasGradient` where given.
  void (*activateBackward)(
      float *xGradient, float *_Nullable biasGradient, const float *gradient, const float *input,
      CKActivation activation, long rows, long columns);
  /// `a + b`, where `b` of `bCount` elements repeats.
  void (*add)(float *output, const float *a, const float *b, long count, long bCount);
  /// Adds `scale * x` to `sum`; the `count` elements of x go round `sum`'s `sumCount`.
  void (*accumulate)(float *sum, const float *x, float scale, long count, long sumCount);
  void (*fill)(float *x, float value, long count);
  /// One AdamW step.
  void (*adamW)(
      float *values, float *firstMoments, float *secondMoments, const float *gradients, CKAdamW step,
      long count);

  // MARK: Reductions

  /// Sum of all elements in double precision.
  double (*total)(const float *x, long count);
  /// Sum of products in double precision.
  double (*innerProduct)(const float *x, const float *y, long count);
  /// Replaces elements `start ..< end` of all `bufferCount` buffers by their sum, added in order.
  void (*sumBuffers)(
      float *_Nonnull const *_Nonnull buffers, long bufferCount, long start, long end);
  /// The same sum, written to `output` only.
  void (*sumInto)(
      float *output, const float *_Nonnull const *_Nonnull buffers, long bufferCount, long count);

  // MARK: Images and positions

  /// Average over windows of `size`, stride `size`.
  void (*averagePool)(
      float *output, const float *x, long batch, long height, long width, long channels, long size);
  void (*averagePoolBackward)(
      float *xGradient, const float *gradient, long batch, long height, long width, long channels,
      long size);
  /// `[batch, length, columns]` to `[batch, columns]`.
  void (*meanOverPositions)(
      float *output, const float *x, long batch, long length, long columns);
  void (*meanOverPositionsBackward)(
      float *xGradient, const float *gradient, long batch, long length, long columns);
  /// Copies each window of `kernel` by `kernel` pixels, `stride` apart, with zeros beyond the edge,
  /// to a row `[kernel, kernel, channels]`: the windows of `lineCount` lines of the output image, counted
  /// from `firstLine` over the whole batch.
  void (*gatherPatches)(
      float *output, const float *x, long firstLine, long lineCount, long height, long width,
      long channels, long kernel, long stride, long padding);
  /// The transpose of `gatherPatches`: each pixel gets the sum over the windows that it is in.
  void (*scatterPatches)(
      float *output, const float *patches, long batch, long height, long width, long channels,
      long kernel, long stride, long padding);
  /// Weights `[O, C, area]` to `[O, area, C]`.
  void (*channelsLast)(float *output, const float *weight, long outChannels, long channels, long area);
  /// Adds `[O, area, C]` to weights `[O, C, area]`.
  void (*accumulateChannelsLast)(
      float *weight, const float *channelsLast, long outChannels, long channels, long area);
  void (*gatherRows)(
      float *output, const float *table, const int32_t *indices, long count, long columns);
  /// Adds row `i` of x to row `indices[i]` of `sum`.
  void (*accumulateRows)(
      float *sum, const float *x, const int32_t *indices, long count, long columns);

  // MARK: Attention with one query

  /// All heads of one item: `probabilities` `[heads, keys]` and `output` `[heads * width]` from one
  /// query `[heads * width]`. Keys and values are rows `keyStride` and `valueStride` floats apart.
  void (*attendOnce)(
      float *output, float *probabilities, const float *query, const float *keys, long keyStride,
      const float *values, long valueStride, float scale, long keyCount, long heads, long width);
  /// Overwrites the gradients of query, keys and values, which lie like their values. `scores`
  /// `[heads, keys]` is working memory.
  void (*attendOnceBackward)(
      float *queryGradient, float *keyGradient, long keyGradientStride, float *valueGradient,
      long valueGradientStride, float *scores, const float *gradient, const float *probabilities,
      const float *query, const float *keys, long keyStride, const float *values, long valueStride,
      float scale, long keyCount, long heads, long width);
} CKKernels;

/// Tells the processor that this thread only waits for another one.
static inline void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The highest level that processor and operating system support.
CKLevel ck_best_level(void);

/// The kernels of a level, which must not be above `ck_best_level()`.
const CKKernels *ck_kernels(CKLevel level);

#pragma clang assume_nonnull end

#include "Peak.h"

#endif
