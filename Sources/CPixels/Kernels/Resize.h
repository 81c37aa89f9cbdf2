// The two passes of Pillow's 8-bit resize in exact integer arithmetic: sums of weight * value in
// units of 2^-22, rounded and clamped to 8 bits after each pass.

enum { fixed_point_bits = 22 };

PIXELS_INLINE pixels_u8x16 load_bytes(const uint8_t *source) {
  pixels_u8x16 value;
  memcpy(&value, source, sizeof value);
  return value;
}

PIXELS_INLINE void store_bytes(uint8_t *target, pixels_u8x16 value) {
  memcpy(target, &value, sizeof value);
}

PIXELS_INLINE pixels_u8x16 rounded_bytes(pixels_i16 sum) {
  pixels_i16 value = sum >> fixed_point_bits;
  value = __builtin_elementwise_max(value, (pixels_i16){0});
  value = __builtin_elementwise_min(value, (pixels_i16){0} + 255);
  return __builtin_convertvector(value, pixels_u8x16);
}

PIXELS_INLINE pixels_i16 half_unit(void) {
  return (pixels_i16){0} + (1 << (fixed_point_bits - 1));
}

/// Turns 16 x 16 bytes: four perfect shuffles.
PIXELS_INLINE void transpose_bytes(pixels_u8x16 block[16]) {
  for (int stage = 0; stage < 4; stage++) {
    pixels_u8x16 next[16];
    for (int i = 0; i < 8; i++) {
      next[2 * i] = __builtin_shufflevector(
          block[i], block[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
          block[i], block[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    for (int i = 0; i < 16; i++) block[i] = next[i];
  }
}

/// Up to 16 rows of `bytes` bytes, `stride` apart -> tile [bytes, 16]: 16 rows side by side, so
/// that one vector holds the same sample of 16 rows.
PIXELS_INLINE void fill_tile(
    const uint8_t *source, size_t stride, int32_t rows, size_t bytes, uint8_t *tile) {
  size_t x = 0;
  for (; x + 16 <= bytes; x += 16) {
    pixels_u8x16 block[16];
    for (int row = 0; row < 16; row++)
      block[row] = row < rows ? load_bytes(source + stride * (size_t)row + x) : (pixels_u8x16){0};
    transpose_bytes(block);
    for (int i = 0; i < 16; i++) store_bytes(tile + (x + (size_t)i) * 16, block[i]);
  }
  for (; x < bytes; x++)
    for (int row = 0; row < 16; row++)
      tile[x * 16 + (size_t)row] = row < rows ? source[stride * (size_t)row + x] : 0;
}

static void resize_horizontally(
    const uint8_t *source, int32_t rows, int32_t source_width, const pixels_fixed_taps *taps,
    uint8_t *tile, uint8_t *target) {
  const size_t target_stride = (size_t)taps->length * 3;
  // Only the columns that some output needs.
  const int32_t first = taps->first[0];
  const int32_t end = taps->first[taps->length - 1] + taps->count[taps->length - 1];
  for (int32_t top = 0; top < rows; top += 16) {
    const int32_t height = rows - top < 16 ? rows - top : 16;
    const uint8_t *corner = source + ((size_t)top * (size_t)source_width + (size_t)first) * 3;
    fill_tile(corner, (size_t)source_width * 3, height, (size_t)(end - first) * 3, tile);
    for (int32_t x = 0; x < taps->length; x++) {
      const int32_t *weights = taps->weights + (size_t)x * (size_t)taps->width;
      const uint8_t *column = tile + (size_t)(taps->first[x] - first) * 48;
      pixels_i16 red = half_unit(), green = half_unit(), blue = half_unit();
      for (int32_t k = 0; k < taps->count[x]; k++, column += 48) {
        red += __builtin_convertvector(load_bytes(column), pixels_i16) * weights[k];
        green += __builtin_convertvector(load_bytes(column + 16), pixels_i16) * weights[k];
        blue += __builtin_convertvector(load_bytes(column + 32), pixels_i16) * weights[k];
      }
      const pixels_u8x16 sums[3] = {rounded_bytes(red), rounded_bytes(green), rounded_bytes(blue)};
      uint8_t *pixel = target + (size_t)top * target_stride + (size_t)x * 3;
      for (int32_t row = 0; row < height; row++, pixel += target_stride)
        for (int c = 0; c < 3; c++) pixel[c] = sums[c][row];
    }
  }
}

PIXELS_INLINE pixels_u8x16 weighted_rows(
    const uint8_t *source, size_t row_bytes, const int32_t *weights, int32_t count) {
  pixels_i16 sum = half_unit();
  for (int32_t k = 0; k < count; k++)
    sum += __builtin_convertvector(load_bytes(source + row_bytes * (size_t)k), pixels_i16)
        * weights[k];
  return rounded_bytes(sum);
}

static void resize_vertically(
    const uint8_t *source, size_t row_bytes, const pixels_fixed_taps *taps, uint8_t *target) {
  for (int32_t y = 0; y < taps->length; y++, target += row_bytes) {
    const int32_t *weights = taps->weights + (size_t)y * (size_t)taps->width;
    const uint8_t *rows = source + row_bytes * (size_t)taps->first[y];
    size_t x = 0;
    for (; x + 16 <= row_bytes; x += 16)
      store_bytes(target + x, weighted_rows(rows + x, row_bytes, weights, taps->count[y]));
    for (; x < row_bytes; x++) {
      int32_t sum = 1 << (fixed_point_bits - 1);
      for (int32_t k = 0; k < taps->count[y]; k++)
        sum += rows[row_bytes * (size_t)k + x] * weights[k];
      sum >>= fixed_point_bits;
      target[x] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
  }
}
