#ifndef PIXELS_TABLES_H
#define PIXELS_TABLES_H

#include "CPixels.h"

/// The taps of one axis of a fixed-point resize: output i is the sum of `count[i]` inputs from
/// `first[i]` on, weighted with `weights[i * width ...]`, in units of 2^-22.
typedef struct {
  int32_t length;
  int32_t width;
  const int32_t *first;
  const int32_t *count;
  const int32_t *weights;
} pixels_fixed_taps;

/// Floats after a row of a crop that a four-float load of its last pixel may touch.
enum { pixels_crop_row_padding = 16 };

/// The most source pixels that one pixel of a resampled crop is made of.
static inline int32_t pixels_crop_tap_width(int32_t input, int32_t output) {
  return input > output ? 2 * ((input + output - 1) / output) + 1 : 3;
}

/// The vectorised loops, once for each instruction set.
typedef struct {
  const char *level;
  /// RGB rows [rows, source_width, 3] -> [rows, taps.length, 3]. `tile`: 48 bytes for each of
  /// `source_width` + 16 pixels.
  void (*resize_horizontally)(
      const uint8_t *source, int32_t rows, int32_t source_width, const pixels_fixed_taps *taps,
      uint8_t *tile, uint8_t *target);
  /// Rows of `row_bytes` bytes [*, row_bytes] -> [taps.length, row_bytes].
  void (*resize_vertically)(
      const uint8_t *source, size_t row_bytes, const pixels_fixed_taps *taps, uint8_t *target);
  void (*resample_crop)(
      const uint8_t *source, int32_t source_width, int32_t crop_x, int32_t crop_y,
      int32_t crop_width, int32_t crop_height, int32_t flip, float *planes, int32_t edge,
      float *scratch);
  void (*adjust_brightness)(float *planes, size_t count, float factor);
  void (*adjust_contrast)(float *planes, size_t count, float factor);
  void (*adjust_saturation)(float *planes, size_t count, float factor);
  void (*adjust_hue)(float *planes, size_t count, float turn);
  void (*greyscale)(float *planes, size_t count);
  void (*mix_pattern)(
      float *planes, int32_t edge, pixels_area area, const float *colours, int32_t cells,
      float opacity);
  void (*blur)(
      float *planes, int32_t edge, const float *weights, int32_t radius, float *scratch);
  void (*interleave)(
      const float *planes, size_t count, const float *scale, const float *shift, float *output);
  void (*normalize)(
      const uint8_t *pixels, size_t count, const float *scale, const float *shift, float *output);
} pixels_kernels;

extern const pixels_kernels pixels_baseline_kernels;
extern const pixels_kernels pixels_avx2_kernels;
extern const pixels_kernels pixels_avx512_kernels;

const pixels_kernels *pixels_best_kernels(void);

#endif
