// Separable blur of three planes: the columns into scratch, then each row, with its reflected
// margins written out, back into the plane.

PIXELS_INLINE int32_t reflected(int32_t index, int32_t length) {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}

PIXELS_INLINE void blur_column_block(
    const float *plane, int32_t edge, int32_t y, int32_t x, const float *weights, int32_t radius,
    float *target) {
  pixels_f16 sum = {0};
  for (int32_t k = -radius; k <= radius; k++)
    sum += load_sixteen(plane + (size_t)reflected(y + k, edge) * (size_t)edge + x)
        * weights[k + radius];
  store_sixteen(target + x, sum);
}

PIXELS_INLINE void blur_columns(
    const float *plane, int32_t edge, const float *weights, int32_t radius, float *target) {
  for (int32_t y = 0; y < edge; y++, target += edge) {
    int32_t x = 0;
    for (; x + 16 <= edge; x += 16)
      blur_column_block(plane, edge, y, x, weights, radius, target);
    if (x < edge && edge >= 16) {
      blur_column_block(plane, edge, y, edge - 16, weights, radius, target);
      continue;
    }
    for (; x < edge; x++) {
      target[x] = 0;
      for (int32_t k = -radius; k <= radius; k++)
        target[x] += weights[k + radius] * plane[reflected(y + k, edge) * edge + x];
    }
  }
}

PIXELS_INLINE void blur_row_block(
    const float *padded, const float *weights, int32_t taps, float *target) {
  pixels_f16 sum = {0};
  for (int32_t k = 0; k < taps; k++) sum += load_sixteen(padded + k) * weights[k];
  store_sixteen(target, sum);
}

PIXELS_INLINE void blur_rows(
    const float *source, int32_t edge, const float *weights, int32_t radius, float *padded,
    float *target) {
  const int32_t taps = 2 * radius + 1;
  for (int32_t y = 0; y < edge; y++, source += edge, target += edge) {
    for (int32_t k = 1; k <= radius; k++) {
      padded[radius - k] = source[k];
      padded[radius + edge - 1 + k] = source[edge - 1 - k];
    }
    memcpy(padded + radius, source, (size_t)edge * sizeof(float));
    int32_t x = 0;
    for (; x + 16 <= edge; x += 16) blur_row_block(padded + x, weights, taps, target + x);
    if (x < edge && edge >= 16) {
      blur_row_block(padded + edge - 16, weights, taps, target + edge - 16);
      continue;
    }
    for (; x < edge; x++) {
      target[x] = 0;
      for (int32_t k = 0; k < taps; k++) target[x] += weights[k] * padded[x + k];
    }
  }
}

static void blur(
    float *planes, int32_t edge, const float *weights, int32_t radius, float *scratch) {
  const size_t plane = (size_t)edge * (size_t)edge;
  for (int c = 0; c < 3; c++, planes += plane) {
    blur_columns(planes, edge, weights, radius, scratch);
    blur_rows(scratch, edge, weights, radius, scratch + plane, planes);
  }
}
