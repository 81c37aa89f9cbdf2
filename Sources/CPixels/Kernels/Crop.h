// Cropping and resampling of 8-bit RGB into float planes: first the rows (contiguous bytes, 16 at a
// time), then the columns of each finished row (a pixel is a vector of four floats, the last
// unused).

/// The taps of one axis, in float.
typedef struct {
  int32_t width;
  int32_t *first;
  int32_t *count;
  float *weights;
} crop_taps;

/// Triangle filter, widened by the scale where it shrinks (Pillow's `precompute_coeffs`).
PIXELS_INLINE void make_crop_taps(
    const crop_taps *taps, int32_t input, int32_t output, int32_t flip, float unit) {
  const double scale = (double)input / output;
  const double support = scale < 1 ? 1 : scale;
  const double inverse = 1 / support;
  for (int32_t i = 0; i < output; i++) {
    const double centre = (i + 0.5) * scale;
    int32_t first = (int32_t)(centre - support + 0.5);
    int32_t end = (int32_t)(centre + support + 0.5);
    if (first < 0) first = 0;
    if (end > input) end = input;
    const int32_t target = flip ? output - 1 - i : i;
    float *weights = taps->weights + (size_t)target * (size_t)taps->width;
    double sum = 0;
    for (int32_t k = 0; k < end - first; k++) {
      const double distance = (k + first - centre + 0.5) * inverse;
      const double weight = 1 - (distance < 0 ? -distance : distance);
      weights[k] = weight > 0 ? (float)weight : 0;
      sum += weight > 0 ? weight : 0;
    }
    const float normalizer = (float)(1 / sum) * unit;
    for (int32_t k = 0; k < end - first; k++) weights[k] *= normalizer;
    taps->first[target] = first;
    taps->count[target] = end - first;
  }
}

PIXELS_INLINE pixels_f4 load_pixel(const float *source) {
  pixels_f4 value;
  memcpy(&value, source, sizeof value);
  return value;
}

PIXELS_INLINE void store_four(float *target, pixels_f4 value) {
  memcpy(target, &value, sizeof value);
}

PIXELS_INLINE void mix_rows_at(
    const uint8_t *source, size_t stride, const float *weights, int32_t count, float *row) {
  pixels_f16 sum = {0};
  for (int32_t k = 0; k < count; k++)
    sum += __builtin_convertvector(load_bytes(source + stride * (size_t)k), pixels_f16)
        * weights[k];
  memcpy(row, &sum, sizeof sum);
}

/// row[i] = sum over k of weights[k] * source[k][i].
PIXELS_INLINE void mix_rows(
    const uint8_t *source, size_t stride, size_t bytes, const float *weights, int32_t count,
    float *row) {
  size_t i = 0;
  for (; i + 16 <= bytes; i += 16) mix_rows_at(source + i, stride, weights, count, row + i);
  if (i == bytes) return;
  if (bytes >= 16) {
    mix_rows_at(source + bytes - 16, stride, weights, count, row + bytes - 16);
    return;
  }
  for (; i < bytes; i++) {
    row[i] = 0;
    for (int32_t k = 0; k < count; k++) row[i] += weights[k] * source[stride * (size_t)k + i];
  }
}

PIXELS_INLINE pixels_f4 mix_pixels(const float *row, const crop_taps *taps, int32_t x) {
  const float *weights = taps->weights + (size_t)x * (size_t)taps->width;
  const float *pixel = row + 3 * taps->first[x];
  pixels_f4 sum = {0};
  for (int32_t k = 0; k < taps->count[x]; k++, pixel += 3) sum += load_pixel(pixel) * weights[k];
  return sum;
}

/// One row of RGB floats into a row of each plane.
PIXELS_INLINE void mix_columns(
    const float *row, const crop_taps *taps, int32_t edge, float *red, float *green, float *blue) {
  int32_t x = 0;
  for (; x + 4 <= edge; x += 4) {
    const pixels_f4 a = mix_pixels(row, taps, x), b = mix_pixels(row, taps, x + 1);
    const pixels_f4 c = mix_pixels(row, taps, x + 2), d = mix_pixels(row, taps, x + 3);
    const pixels_f4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const pixels_f4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    store_four(red + x, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
    store_four(green + x, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    const pixels_f4 blue_ab = __builtin_shufflevector(a, b, 2, 6, 2, 6);
    const pixels_f4 blue_cd = __builtin_shufflevector(c, d, 2, 6, 2, 6);
    store_four(blue + x, __builtin_shufflevector(blue_ab, blue_cd, 0, 1, 4, 5));
  }
  for (; x < edge; x++) {
    const pixels_f4 pixel = mix_pixels(row, taps, x);
    red[x] = pixel[0];
    green[x] = pixel[1];
    blue[x] = pixel[2];
  }
}

PIXELS_INLINE float *place_taps(crop_taps *taps, int32_t input, int32_t output, float *scratch) {
  taps->width = pixels_crop_tap_width(input, output);
  taps->first = (int32_t *)scratch;
  taps->count = taps->first + output;
  taps->weights = scratch + 2 * (size_t)output;
  return taps->weights + (size_t)output * (size_t)taps->width;
}

static void resample_crop(
    const uint8_t *source, int32_t source_width, int32_t crop_x, int32_t crop_y,
    int32_t crop_width, int32_t crop_height, int32_t flip, float *planes, int32_t edge,
    float *scratch) {
  crop_taps across, down;
  float *row = place_taps(&down, crop_height, edge, place_taps(&across, crop_width, edge, scratch));
  make_crop_taps(&across, crop_width, edge, flip, 1);
  make_crop_taps(&down, crop_height, edge, 0, 1.0f / 255);
  const size_t stride = (size_t)source_width * 3, bytes = (size_t)crop_width * 3;
  const uint8_t *corner = source + stride * (size_t)crop_y + (size_t)crop_x * 3;
  memset(row + bytes, 0, pixels_crop_row_padding * sizeof(float));
  const size_t plane = (size_t)edge * (size_t)edge;
  for (int32_t y = 0; y < edge; y++) {
    mix_rows(
        corner + stride * (size_t)down.first[y], stride, bytes,
        down.weights + (size_t)y * (size_t)down.width, down.count[y], row);
    float *red = planes + (size_t)y * (size_t)edge;
    mix_columns(row, &across, edge, red, red + plane, red + 2 * plane);
  }
}
