// Attention of a single query, which is a few inner products: too small for a matrix product.

static void attend_once(
    float *output, float *probabilities, const float *query, const float *keys, long keyStride,
    const float *values, long valueStride, float scale, long keyCount, long width) {
  for (long k = 0; k < keyCount; k++)
    probabilities[k] = scale * row_product(query, keys + k * keyStride, width);
  softmax_in_place(probabilities, false, 1, 1, keyCount);
  FOR_VECTORS(j, count, width) {
    Vector sum = {0};
    for (long k = 0; k < keyCount; k++)
      sum += broadcast(probabilities[k]) * load_up_to(values + k * valueStride + j, count);
    store_up_to(output + j, sum, count);
  }
}

static void attend_once_backward(
    float *queryGradient, float *keyGradient, long keyGradientStride, float *valueGradient,
    long valueGradientStride, const float *gradient, const float *probabilities, const float *query,
    const float *keys, long keyStride, const float *values, long valueStride, float scale,
    long keyCount, long width) {
  float mean = 0;
  for (long k = 0; k < keyCount; k++)
    mean += probabilities[k] * row_product(gradient, values + k * valueStride, width);
  FOR_VECTORS(j, count, width) { store_up_to(queryGradient + j, broadcast(0), count); }
  for (long k = 0; k < keyCount; k++) {
    const float p = probabilities[k];
    const Vector slope = broadcast(
        scale * p * (row_product(gradient, values + k * valueStride, width) - mean));
    FOR_VECTORS(j, count, width) {
      const Vector key = load_up_to(keys + k * keyStride + j, count);
      store_up_to(
          queryGradient + j, load_up_to(queryGradient + j, count) + slope * key, count);
      store_up_to(
          keyGradient + k * keyGradientStride + j, slope * load_up_to(query + j, count), count);
      store_up_to(
          valueGradient + k * valueGradientStride + j,
          broadcast(p) * load_up_to(gradient + j, count), count);
    }
  }
}
