// Attention of a single query, which is a few inner products: too small for a matrix product. All heads
// of an item are done together, so that keys and values are read row by row as they lie.

static void attend_once(
    float *output, float *probabilities, const float *query, const float *keys, long keyStride,
    const float *values, long valueStride, float scale, long keyCount, long heads, long width) {
  for (long k = 0; k < keyCount; k++)
    for (long h = 0; h < heads; h++) {
      const float *key = keys + k * keyStride + h * width;
      probabilities[h * keyCount + k] = scale * row_product(query + h * width, key, width);
    }
  softmax_in_place(probabilities, false, 1, heads, keyCount);
  fill(output, 0, heads * width);
  for (long k = 0; k < keyCount; k++)
    for (long h = 0; h < heads; h++) {
      const Vector p = broadcast(probabilities[h * keyCount + k]);
      const float *value = values + k * valueStride + h * width;
      float *out = output + h * width;
      FOR_VECTORS(j, count, width) {
        store_up_to(out + j, load_up_to(out + j, count) + p * load_up_to(value + j, count), count);
      }
    }
}

static void attend_once_backward(
    float *queryGradient, float *keyGradient, long keyGradientStride, float *valueGradient,
    long valueGradientStride, float *scores, const float *gradient, const float *probabilities,
    const float *query, const float *keys, long keyStride, const float *values, long valueStride,
    float scale, long keyCount, long heads, long width) {
  for (long k = 0; k < keyCount; k++)
    for (long h = 0; h < heads; h++) {
      const float *g = gradient + h * width, *value = values + k * valueStride + h * width;
      float *to = valueGradient + k * valueGradientStride + h * width;
      const Vector p = broadcast(probabilities[h * keyCount + k]);
      scores[h * keyCount + k] = row_product(g, value, width);
      FOR_VECTORS(j, count, width) { store_up_to(to + j, p * load_up_to(g + j, count), count); }
    }
  softmax_backward_in_place(scores, probabilities, scale, heads, keyCount);
  fill(queryGradient, 0, heads * width);
  for (long k = 0; k < keyCount; k++)
    for (long h = 0; h < heads; h++) {
      const Vector slope = broadcast(scores[h * keyCount + k]);
      const float *q = query + h * width, *key = keys + k * keyStride + h * width;
      float *to_query = queryGradient + h * width;
      float *to_key = keyGradient + k * keyGradientStride + h * width;
      FOR_VECTORS(j, count, width) {
        const Vector sum = load_up_to(to_query + j, count) + slope * load_up_to(key + j, count);
        store_up_to(to_query + j, sum, count);
        store_up_to(to_key + j, slope * load_up_to(q + j, count), count);
      }
    }
}
