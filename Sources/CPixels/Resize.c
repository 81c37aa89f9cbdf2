// Bicubic resizing whose 8-bit result equals Pillow's (src/libImaging/Resample.c): the same taps in
// double precision, the same conversion to fixed point, the same order of passes.
#include <math.h>
#include <stdlib.h>

#include "Tables.h"

// A fused multiply-add would change the last bit of a weight, and with it a pixel here and there.
#pragma STDC FP_CONTRACT OFF

static double bicubic(double x) {
  const double a = -0.5;
  if (x < 0) x = -x;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

typedef struct {
  pixels_fixed_taps taps;
  int32_t *first;
  int32_t *count;
  int32_t *weights;
  double *exact;
} axis_taps;

static void free_taps(axis_taps *axis) {
  free(axis->first);
  free(axis->count);
  free(axis->weights);
  free(axis->exact);
}

static int32_t to_fixed(double weight) {
  const double scaled = weight * (1 << 22);
  return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static int32_t allocate_taps(axis_taps *axis, int32_t length, int32_t width) {
  const size_t count = (size_t)length;
  axis->first = malloc(count * sizeof(int32_t));
  axis->count = malloc(count * sizeof(int32_t));
  axis->weights = malloc(count * (size_t)width * sizeof(int32_t));
  axis->exact = malloc((size_t)width * sizeof(double));
  axis->taps = (pixels_fixed_taps){length, width, axis->first, axis->count, axis->weights};
  return axis->first && axis->count && axis->weights && axis->exact ? 0 : -1;
}

static void fill_taps(const axis_taps *axis, int32_t i, double centre, double support,
                      double filter_scale, int32_t input) {
  int32_t first = (int32_t)(centre - support + 0.5);
  int32_t end = (int32_t)(centre + support + 0.5);
  if (first < 0) first = 0;
  if (end > input) end = input;
  const double inverse = 1.0 / filter_scale;
  double sum = 0;
  for (int32_t k = 0; k < end - first; k++) {
    axis->exact[k] = bicubic((k + first - centre + 0.5) * inverse);
    sum += axis->exact[k];
  }
  int32_t *weights = axis->weights + (size_t)i * (size_t)axis->taps.width;
  for (int32_t k = 0; k < end - first; k++)
    weights[k] = to_fixed(sum != 0 ? axis->exact[k] / sum : axis->exact[k]);
  axis->first[i] = first;
  axis->count[i] = end - first;
}

static int32_t make_taps(pixels_axis axis, axis_taps *result) {
  const double scale = axis.box / (double)axis.output;
  const double filter_scale = scale < 1 ? 1 : scale;
  const double support = 2.0 * filter_scale;
  const int32_t width = (int32_t)ceil(support) * 2 + 1;
  if (allocate_taps(result, axis.window_length, width)) return -1;
  for (int32_t i = 0; i < axis.window_length; i++)
    fill_taps(
        result, i, ((double)(i + axis.window_start) + 0.5) * scale, support, filter_scale,
        axis.input);
  return 0;
}

/// An axis that stays as it is copies its window: the taps are single ones.
static int32_t make_window(pixels_axis axis, axis_taps *result) {
  if (allocate_taps(result, axis.window_length, 1)) return -1;
  for (int32_t i = 0; i < axis.window_length; i++) {
    result->first[i] = (int32_t)axis.window_start + i;
    result->count[i] = 1;
    result->weights[i] = 1 << 22;
  }
  return 0;
}

static int32_t prepare_axis(pixels_axis axis, axis_taps *result) {
  const int unchanged = axis.input == axis.output && axis.box == axis.input;
  return unchanged ? make_window(axis, result) : make_taps(axis, result);
}

int32_t pixels_resize_bicubic(
    const uint8_t *source, pixels_axis x, pixels_axis y, uint8_t *target) {
  axis_taps across = {0}, down = {0};
  uint8_t *tile = NULL, *between = NULL;
  int32_t status = -1;
  if (prepare_axis(x, &across) || prepare_axis(y, &down)) goto end;
  // The first pass makes only the rows that the second one needs.
  const int32_t first = down.first[0];
  const int32_t last = y.window_length - 1;
  const int32_t rows = down.first[last] + down.count[last] - first;
  for (int32_t i = 0; i < y.window_length; i++) down.first[i] -= first;
  const size_t row_bytes = (size_t)x.window_length * 3;
  tile = malloc(((size_t)x.input + 16) * 48);
  between = malloc((size_t)rows * row_bytes);
  if (!tile || !between) goto end;
  const pixels_kernels *kernels = pixels_best_kernels();
  kernels->resize_horizontally(
      source + (size_t)first * (size_t)x.input * 3, rows, x.input, &across.taps, tile, between);
  kernels->resize_vertically(between, row_bytes, &down.taps, target);
  status = 0;
end:
  free(tile);
  free(between);
  free_taps(&across);
  free_taps(&down);
  return status;
}
