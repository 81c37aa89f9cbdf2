// The product that needs no library, and the check of those that do.

#include "CLinearAlgebra.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void cla_plain_product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride) {
  enum { depth = 128, width = 256 };
  float panel[depth * width];
  for (int32_t i = 0; i < m; i++)
    for (int32_t j = 0; j < n; j++) {
      float *value = c + (ptrdiff_t)i * cStride + j;
      *value = beta == 0 ? 0 : beta * *value;
    }
  for (int32_t k0 = 0; k0 < k; k0 += depth) {
    const int32_t k_count = k - k0 < depth ? k - k0 : depth;
    for (int32_t j0 = 0; j0 < n; j0 += width) {
      const int32_t j_count = n - j0 < width ? n - j0 : width;
      for (int32_t p = 0; p < k_count; p++)
        for (int32_t j = 0; j < j_count; j++)
          panel[p * width + j] = bTransposed ? b[(ptrdiff_t)(j0 + j) * bStride + k0 + p]
                                             : b[(ptrdiff_t)(k0 + p) * bStride + j0 + j];
      for (int32_t i = 0; i < m; i++) {
        float *restrict row = c + (ptrdiff_t)i * cStride + j0;
        for (int32_t p = 0; p < k_count; p++) {
          const float factor = alpha
                               * (aTransposed ? a[(ptrdiff_t)(k0 + p) * aStride + i]
                                              : a[(ptrdiff_t)i * aStride + k0 + p]);
          const float *restrict source = panel + p * width;
          for (int32_t j = 0; j < j_count; j++) row[j] += factor * source[j];
        }
      }
    }
  }
}

typedef struct {
  int32_t m, n, k;
} Shape;

/// Numbers in -1...1 that differ from place to place (a linear congruential generator).
static void fill(float *values, int32_t count, uint32_t seed) {
  uint32_t state = seed * 2654435761u + 1;
  for (int32_t i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(int32_t)(state >> 8) * 0x1p-23f - 1;
  }
}

/// Columns beyond the last one, which belong to others: not to be read, and not to be written.
static const int32_t pad = 3;

/// What one shape is checked with.
typedef struct {
  Shape shape;
  float left[140 * 801], right[801 * 140], before[140 * 140];
  /// `left` times `right`.
  double expected[140 * 140];
  /// The operands as they are handed over, padded and perhaps transposed.
  float a[140 * 801 + 801 * 3], b[801 * 140 + 801 * 3], c[140 * 143];
} Trial;

static void prepare(Trial *trial, Shape shape) {
  trial->shape = shape;
  fill(trial->left, shape.m * shape.k, (uint32_t)(shape.m + shape.k));
  fill(trial->right, shape.k * shape.n, (uint32_t)(shape.n + 7 * shape.k));
  fill(trial->before, shape.m * shape.n, (uint32_t)(shape.m * shape.n));
  for (int32_t i = 0; i < shape.m; i++) {
    double *restrict row = trial->expected + i * shape.n;
    for (int32_t j = 0; j < shape.n; j++) row[j] = 0;
    for (int32_t p = 0; p < shape.k; p++)
      for (int32_t j = 0; j < shape.n; j++)
        row[j] += (double)trial->left[i * shape.k + p] * trial->right[p * shape.n + j];
  }
}

/// Copies a `[rows, columns]` matrix into padded rows and returns their stride.
static int32_t hand_over(
    const float *matrix, int32_t rows, int32_t columns, bool transposed, float *padded) {
  const int32_t stride = (transposed ? rows : columns) + pad;
  const int32_t padded_rows = transposed ? columns : rows;
  for (int32_t i = 0; i < padded_rows * stride; i++) padded[i] = NAN;
  for (int32_t i = 0; i < rows; i++)
    for (int32_t j = 0; j < columns; j++)
      padded[transposed ? j * stride + i : i * stride + j] = matrix[i * columns + j];
  return stride;
}

static bool agrees(
    CLAProduct product, Trial *trial, bool aTransposed, bool bTransposed, float alpha, float beta,
    char *reason, size_t capacity) {
  const int32_t m = trial->shape.m, n = trial->shape.n, k = trial->shape.k;
  const int32_t a_stride = hand_over(trial->left, m, k, aTransposed, trial->a);
  const int32_t b_stride = hand_over(trial->right, k, n, bTransposed, trial->b);
  const int32_t c_stride = hand_over(trial->before, m, n, false, trial->c);
  if (beta == 0)
    for (int32_t i = 0; i < m * c_stride; i++) trial->c[i] = NAN;

  product(
      aTransposed, bTransposed, m, n, k, alpha, trial->a, a_stride, trial->b, b_stride, beta,
      trial->c, c_stride);

  const double tolerance = 1e-6 * (4 + sqrt((double)k));
  for (int32_t i = 0; i < m; i++)
    for (int32_t j = 0; j < c_stride; j++) {
      const float value = trial->c[i * c_stride + j];
      const double expected = j >= n ? NAN
                                     : alpha * trial->expected[i * n + j]
                                           + (beta == 0 ? 0 : beta * trial->before[i * n + j]);
      if (j < n ? fabs(value - expected) <= tolerance : isnan(value)) continue;
      snprintf(
          reason, capacity,
          "product of op(A) [%d, %d] and op(B) [%d, %d] (transposed: %d, %d; alpha %g, beta %g) has "
          "%g at row %d, column %d, expected %g",
          m, k, k, n, aTransposed, bTransposed, alpha, beta, value, i, j, expected);
      return false;
    }
  return true;
}

bool cla_check_product(CLAProduct product, char *reason, size_t reasonCapacity) {
  // Edges of register tiles, of cache blocks (k beyond 768), single rows and columns.
  static const Shape shapes[] = {
      {1, 1, 1}, {3, 5, 7}, {17, 33, 65}, {64, 64, 64}, {77, 77, 64}, {1, 129, 40}, {130, 1, 31},
      {50, 37, 800}, {131, 97, 33},
  };
  Trial *trial = malloc(sizeof *trial);
  if (trial == NULL) {
    snprintf(reason, reasonCapacity, "no memory for the check");
    return false;
  }
  bool is_right = true;
  for (size_t s = 0; s < sizeof shapes / sizeof shapes[0] && is_right; s++) {
    prepare(trial, shapes[s]);
    for (int t = 0; t < 4 && is_right; t++) {
      const bool plain = (s + (size_t)t) % 2 == 0;
      is_right = agrees(
          product, trial, t & 1, t >> 1, plain ? 1 : 0.5f, plain ? 0 : 1, reason, reasonCapacity);
    }
  }
  free(trial);
  return is_right;
}
