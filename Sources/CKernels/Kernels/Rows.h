// Functions of rows, each of which stays in the first-level cache while it is read several times.

#include <math.h>

/// Runs `body` over the columns with `v` loaded from `x`, whole vectors first; `tail` is the number of
/// valid lanes.
#define FOR_VECTORS(j, tail, columns)                                                     \
  for (long j = 0, tail = smaller_of(lanes, columns); j < (columns);                      \
       j += lanes, tail = smaller_of(lanes, (columns) - j))

INLINE Vector load_up_to(const float *p, long count) {
  return count == lanes ? load(p) : load_first(p, count);
}

INLINE void store_up_to(float *p, Vector v, long count) {
  if (count == lanes) store(p, v);
  else store_first(p, v, count);
}

INLINE Vector keep_first(Vector v, long count) {
  return count == lanes ? v : (Vector)(first_lanes(count) & (Mask)v);
}

INLINE float row_sum(const float *x, long columns) {
  Vector first = {0}, second = {0};
  long j = 0;
  for (; j + 2 * lanes <= columns; j += 2 * lanes) {
    first += load(x + j);
    second += load(x + j + lanes);
  }
  for (; j < columns; j += lanes) first += load_up_to(x + j, smaller_of(lanes, columns - j));
  return sum_of_lanes(first + second);
}

INLINE float row_squares(const float *x, Vector center, long columns) {
  Vector first = {0}, second = {0};
  long j = 0;
  for (; j + 2 * lanes <= columns; j += 2 * lanes) {
    const Vector a = load(x + j) - center, b = load(x + j + lanes) - center;
    first += a * a;
    second += b * b;
  }
  for (; j < columns; j += lanes) {
    const long count = smaller_of(lanes, columns - j);
    const Vector a = keep_first(load_up_to(x + j, count) - center, count);
    first += a * a;
  }
  return sum_of_lanes(first + second);
}

INLINE float row_product(const float *x, const float *y, long columns) {
  Vector first = {0}, second = {0};
  long j = 0;
  for (; j + 2 * lanes <= columns; j += 2 * lanes) {
    first += load(x + j) * load(y + j);
    second += load(x + j + lanes) * load(y + j + lanes);
  }
  for (; j < columns; j += lanes) {
    const long count = smaller_of(lanes, columns - j);
    first += load_up_to(x + j, count) * load_up_to(y + j, count);
  }
  return sum_of_lanes(first + second);
}

static void layer_norm(
    float *output, float *statistics, const float *x, const float *weight, const float *bias,
    float epsilon, long rows, long columns) {
  for (long i = 0; i < rows; i++) {
    const float *row = x + i * columns;
    float *out = output + i * columns;
    const float mean = row_sum(row, columns) / (float)columns;
    const float variance = row_squares(row, broadcast(mean), columns) / (float)columns;
    const float inverse = 1.0f / sqrtf(variance + epsilon);
    statistics[2 * i] = mean;
    statistics[2 * i + 1] = inverse;
    const Vector m = broadcast(mean), s = broadcast(inverse);
    FOR_VECTORS(j, count, columns) {
      const Vector normal = (load_up_to(row + j, count) - m) * s;
      store_up_to(
          out + j, normal * load_up_to(weight + j, count) + load_up_to(bias + j, count), count);
    }
  }
}

/// The gradient of one row of layer norm.
INLINE void layer_norm_backward_row(
    float *xGradient, const float *gradient, const float *x, const float *weight, float mean,
    float inverse, long columns) {
  const Vector m = broadcast(mean), s = broadcast(inverse);
  Vector sum = {0}, product = {0};
  FOR_VECTORS(j, count, columns) {
    const Vector g = load_up_to(gradient + j, count) * load_up_to(weight + j, count);
    sum += g;
    product += g * ((load_up_to(x + j, count) - m) * s);
  }
  const Vector offset = broadcast(sum_of_lanes(sum) / (float)columns);
  const Vector slope = broadcast(sum_of_lanes(product) / (float)columns);
  FOR_VECTORS(j, count, columns) {
    const Vector g = load_up_to(gradient + j, count) * load_up_to(weight + j, count);
    const Vector normal = (load_up_to(x + j, count) - m) * s;
    store_up_to(xGradient + j, s * (g - offset - normal * slope), count);
  }
}

/// Adds the gradients of weight and bias from a few rows that are still in cache.
INLINE void layer_norm_parameter_gradients(
    float *weightGradient, float *biasGradient, const float *gradient, const float *x,
    const float *statistics, long rows, long columns) {
  for (long j = 0; j < columns; j += lanes) {
    const long count = smaller_of(lanes, columns - j);
    Vector weight_sum = {0}, bias_sum = {0};
    for (long i = 0; i < rows; i++) {
      const Vector g = load_up_to(gradient + i * columns + j, count);
      const Vector normal = (load_up_to(x + i * columns + j, count) - broadcast(statistics[2 * i]))
                            * broadcast(statistics[2 * i + 1]);
      bias_sum += g;
      weight_sum += g * normal;
    }
    store_up_to(weightGradient + j, load_up_to(weightGradient + j, count) + weight_sum, count);
    store_up_to(biasGradient + j, load_up_to(biasGradient + j, count) + bias_sum, count);
  }
}

static void layer_norm_backward(
    float *xGradient, float *weightGradient, float *biasGradient, const float *gradient,
    const float *x, const float *statistics, const float *weight, long rows, long columns) {
  enum { block = 16 };
  for (long first = 0; first < rows; first += block) {
    const long count = smaller_of(block, rows - first);
    const long at = first * columns;
    for (long i = first; i < first + count; i++)
      layer_norm_backward_row(
          xGradient + i * columns, gradient + i * columns, x + i * columns, weight,
          statistics[2 * i], statistics[2 * i + 1], columns);
    layer_norm_parameter_gradients(
        weightGradient, biasGradient, gradient + at, x + at, statistics + 2 * first, count, columns);
  }
}

static void normalize_rows(
    float *output, float *lengths, const float *x, long rows, long columns) {
  for (long i = 0; i < rows; i++) {
    const float *row = x + i * columns;
    const float length = sqrtf(row_squares(row, broadcast(0), columns));
    const Vector scale = broadcast(length > 0 ? 1.0f / length : 0.0f);
    lengths[i] = length;
    FOR_VECTORS(j, count, columns) {
      store_up_to(output + i * columns + j, load_up_to(row + j, count) * scale, count);
    }
  }
}

static void normalize_rows_backward(
    float *xGradient, const float *gradient, const float *output, const float *lengths, long rows,
    long columns) {
  for (long i = 0; i < rows; i++) {
    const float *g = gradient + i * columns, *y = output + i * columns;
    const Vector along = broadcast(row_product(g, y, columns));
    const Vector scale = broadcast(lengths[i] > 0 ? 1.0f / lengths[i] : 0.0f);
    FOR_VECTORS(j, count, columns) {
      const Vector across = load_up_to(g + j, count) - load_up_to(y + j, count) * along;
      store_up_to(xGradient + i * columns + j, across * scale, count);
    }
  }
}

INLINE float row_maximum(const float *x, long columns) {
  Vector best = broadcast(-INFINITY);
  long j = 0;
  for (; j + lanes <= columns; j += lanes) best = larger(best, load(x + j));
  const long count = columns - j;
  if (count > 0)
    best = larger(best, choose(first_lanes(count), load_first(x + j, count), broadcast(-INFINITY)));
  return largest_lane(best);
}

/// Writes e^(x - maximum) to `output` and returns the sum.
INLINE float exponentiate_row(float *output, const float *x, float maximum, long columns) {
  const Vector top = broadcast(maximum);
  Vector sum = {0};
  FOR_VECTORS(j, count, columns) {
    const Vector e = keep_first(exponential(load_up_to(x + j, count) - top), count);
    sum += e;
    store_up_to(output + j, e, count);
  }
  return sum_of_lanes(sum);
}

INLINE void scale_row(float *x, float factor, long columns) {
  const Vector scale = broadcast(factor);
  FOR_VECTORS(j, count, columns) {
    store_up_to(x + j, load_up_to(x + j, count) * scale, count);
  }
}

static void softmax_in_place(float *x, bool causal, long queries, long rows, long columns) {
  for (long i = 0; i < rows; i++) {
    float *row = x + i * columns;
    const long visible = causal ? smaller_of(i % queries + 1, columns) : columns;
    const float sum = exponentiate_row(row, row, row_maximum(row, visible), visible);
    scale_row(row, 1.0f / sum, visible);
    for (long j = visible; j < columns; j++) row[j] = 0;
  }
}

static void softmax_backward_in_place(
    float *gradient, const float *probabilities, float scale, long rows, long columns) {
  for (long i = 0; i < rows; i++) {
    float *g = gradient + i * columns;
    const float *p = probabilities + i * columns;
    const Vector mean = broadcast(row_product(g, p, columns)), s = broadcast(scale);
    FOR_VECTORS(j, count, columns) {
      store_up_to(
          g + j, load_up_to(p + j, count) * (load_up_to(g + j, count) - mean) * s, count);
    }
  }
}

static void cross_entropy(
    float *losses, float *gradient, const float *logits, const int32_t *targets, float scale,
    long rows, long columns) {
  for (long i = 0; i < rows; i++) {
    const float *row = logits + i * columns;
    float *g = gradient + i * columns;
    const float maximum = row_maximum(row, columns);
    const float sum = exponentiate_row(g, row, maximum, columns);
    losses[i] = logf(sum) + (maximum - row[targets[i]]);
    scale_row(g, scale / sum, columns);
    g[targets[i]] -= scale;
  }
}

static void update_row_maxima(
    float *best, int32_t *bestIndex, const float *x, int32_t firstIndex, long rows, long columns) {
  const Mask ramp = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (long i = 0; i < rows; i++) {
    const float *row = x + i * columns;
    Vector value = broadcast(-INFINITY);
    Mask index = {0};
    long j = 0;
    for (; j + lanes <= columns; j += lanes) {
      const Vector candidate = load(row + j);
      const Mask wins = candidate > value;
      const Mask here = ramp + (int32_t)j;
      value = choose(wins, candidate, value);
      index = (wins & here) | (~wins & index);
    }
    for (int lane = 0; lane < lanes; lane++) {
      const int32_t at = firstIndex + index[lane];
      if (value[lane] > best[i] || (value[lane] == best[i] && at < bestIndex[i] && j > 0)) {
        best[i] = value[lane];
        bestIndex[i] = at;
      }
    }
    for (; j < columns; j++)
      if (row[j] > best[i]) {
        best[i] = row[j];
        bestIndex[i] = firstIndex + (int32_t)j;
      }
  }
}
