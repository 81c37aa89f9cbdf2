// Reductions and maps along the rows of tall matrices. Columns are worked on in panels whose
// accumulators fit on the stack and in the first-level cache, rows in tiles that stay in cache when
// they are read twice. The loops over columns are plain so that the compiler vectorises them.

enum { panel_width = 2048, tile_bytes = 24 * 1024, smallest_tile = 16, largest_tile = 256 };

INLINE long smaller_of(long a, long b) { return a < b ? a : b; }

INLINE long tile_rows(long width) {
  const long rows = tile_bytes / (long)(sizeof(float) * (unsigned long)width);
  return rows < smallest_tile ? smallest_tile : smaller_of(rows, largest_tile);
}

/// Adds the sums of `rows` rows to `sums`, four rows at a time.
INLINE void add_tile(float *restrict sums, const float *x, long rows, long stride, long width) {
  long i = 0;
  for (; i + 4 <= rows; i += 4) {
    const float *r0 = x + i * stride, *r1 = r0 + stride, *r2 = r1 + stride, *r3 = r2 + stride;
    for (long j = 0; j < width; j++) sums[j] += (r0[j] + r1[j]) + (r2[j] + r3[j]);
  }
  for (; i < rows; i++)
    for (long j = 0; j < width; j++) sums[j] += x[i * stride + j];
}

INLINE float square(float value) { return value * value; }

/// Adds squared deviations from `center` to `squares`, and the deviations to `rests`.
INLINE void add_squares(
    float *restrict squares, const float *restrict center, const float *x, long rows, long stride,
    long width) {
  long i = 0;
  for (; i + 4 <= rows; i += 4) {
    const float *r0 = x + i * stride, *r1 = r0 + stride, *r2 = r1 + stride, *r3 = r2 + stride;
    for (long j = 0; j < width; j++) {
      const float c = center[j];
      squares[j] += (square(r0[j] - c) + square(r1[j] - c)) + (square(r2[j] - c) + square(r3[j] - c));
    }
  }
  for (; i < rows; i++)
    for (long j = 0; j < width; j++) squares[j] += square(x[i * stride + j] - center[j]);
}

static void panel_moments(
    float *restrict means, float *restrict squares, const float *x, long rows, long stride,
    long width) {
  double mean[panel_width], square_sum[panel_width];
  float tile_mean[panel_width], tile_squares[panel_width];
  for (long j = 0; j < width; j++) mean[j] = square_sum[j] = 0;
  const long step = tile_rows(width);
  for (long done = 0; done < rows; done += step) {
    const long count = smaller_of(step, rows - done);
    const float *tile = x + done * stride;
    for (long j = 0; j < width; j++) tile_mean[j] = tile_squares[j] = 0;
    add_tile(tile_mean, tile, count, stride, width);
    const float inverse_count = 1.0f / (float)count;
    for (long j = 0; j < width; j++) tile_mean[j] *= inverse_count;
    add_squares(tile_squares, tile_mean, tile, count, stride, width);
    const double share = (double)count / (double)(done + count);
    const double weight = (double)done * share;
    for (long j = 0; j < width; j++) {
      const double difference = tile_mean[j] - mean[j];
      mean[j] += share * difference;
      square_sum[j] += tile_squares[j] + weight * difference * difference;
    }
  }
  for (long j = 0; j < width; j++) {
    means[j] = (float)mean[j];
    squares[j] = (float)square_sum[j];
  }
}

static void column_moments(float *moments, const float *x, long rows, long columns) {
  for (long first = 0; first < columns; first += panel_width) {
    const long width = smaller_of(panel_width, columns - first);
    panel_moments(moments + first, moments + columns + first, x + first, rows, columns, width);
  }
}

INLINE void normalize_panel(
    float *restrict output, const float *restrict x, const float *restrict mean,
    const float *restrict scale, const float *restrict bias, const float *restrict residual,
    bool relu, long width) {
  for (long j = 0; j < width; j++) {
    float value = (x[j] - mean[j]) * scale[j] + bias[j];
    if (residual) value += residual[j];
    output[j] = relu && value < 0 ? 0 : value;
  }
}

/// Rows this narrow or narrower are taken several at a time, as one.
enum { narrow_width = 64 };

/// How many rows of `columns` make one row that is worth a vector loop.
INLINE long rows_per_span(long columns) {
  return columns < narrow_width ? narrow_width / columns : 1;
}

/// Writes the numbers of columns `first ..< first + width`, starting over where `columns` end.
INLINE void repeat_columns(
    float *restrict to, const float *restrict from, long first, long width, long columns) {
  for (long j = 0, at = first % columns; j < width; j++, at = at + 1 == columns ? 0 : at + 1)
    to[j] = from[at];
}

/// `rows` rows of `span` elements, each a whole number of rows of `columns`.
static void normalize_spans(
    float *output, const float *x, const float *mean, const float *inverseDeviation,
    const float *weight, const float *bias, const float *residual, bool relu, long rows, long span,
    long columns) {
  float m[panel_width], scale[panel_width], b[panel_width];
  for (long first = 0; first < span; first += panel_width) {
    const long width = smaller_of(panel_width, span - first);
    repeat_columns(m, mean, first, width, columns);
    repeat_columns(b, bias, first, width, columns);
    repeat_columns(scale, inverseDeviation, first, width, columns);
    for (long j = 0; j < width; j++) scale[j] *= weight[(first + j) % columns];
    for (long i = 0; i < rows; i++) {
      const long at = i * span + first;
      const float *rest = residual ? residual + at : 0;
      if (rest && relu)
        normalize_panel(output + at, x + at, m, scale, b, rest, true, width);
      else if (rest)
        normalize_panel(output + at, x + at, m, scale, b, rest, false, width);
      else if (relu)
        normalize_panel(output + at, x + at, m, scale, b, 0, true, width);
      else
        normalize_panel(output + at, x + at, m, scale, b, 0, false, width);
    }
  }
}

static void normalize_columns(
    float *output, const float *x, const float *mean, const float *inverseDeviation,
    const float *weight, const float *bias, const float *residual, bool relu, long rows,
    long columns) {
  const long fold = rows_per_span(columns), spans = rows / fold, rest = rows % fold;
  const long done = spans * fold * columns;
  normalize_spans(
      output, x, mean, inverseDeviation, weight, bias, residual, relu, spans, fold * columns,
      columns);
  if (rest > 0)
    normalize_spans(
        output + done, x + done, mean, inverseDeviation, weight, bias,
        residual ? residual + done : 0, relu, rest, columns, columns);
}

/// The gradient where the output (if there is one to look at) is positive.
INLINE float passed(float gradient, const float *output, long at) {
  return output ? (output[at] > 0 ? gradient : 0) : gradient;
}

/// Adds the gradients of a tile, and their products with deviations of x from the mean. One row after
/// the other: with three arrays read, four rows at a time are more streams than the processor fetches
/// ahead (measured on Zen 3, 256 columns: 36 against 17 GB/s).
INLINE void add_gradient_tile(
    float *restrict sums, float *restrict products, const float *gradient, const float *x,
    const float *output, const float *restrict mean, long rows, long stride, long width) {
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < width; j++) {
      const long at = i * stride + j;
      const float g = passed(gradient[at], output, at);
      sums[j] += g;
      products[j] += g * (x[at] - mean[j]);
    }
}

static void normalize_columns_backward_sums(
    float *sums, const float *gradient, const float *x, const float *output, const float *mean,
    const float *inverseDeviation, long rows, long columns) {
  double sum[panel_width], product[panel_width];
  float tile_sum[panel_width], tile_product[panel_width];
  for (long first = 0; first < columns; first += panel_width) {
    const long width = smaller_of(panel_width, columns - first);
    for (long j = 0; j < width; j++) sum[j] = product[j] = 0;
    for (long done = 0; done < rows; done += largest_tile) {
      const long count = smaller_of(largest_tile, rows - done);
      const long at = done * columns + first;
      for (long j = 0; j < width; j++) tile_sum[j] = tile_product[j] = 0;
      if (output)
        add_gradient_tile(
            tile_sum, tile_product, gradient + at, x + at, output + at, mean + first, count, columns,
            width);
      else
        add_gradient_tile(
            tile_sum, tile_product, gradient + at, x + at, 0, mean + first, count, columns, width);
      for (long j = 0; j < width; j++) {
        sum[j] += tile_sum[j];
        product[j] += tile_product[j];
      }
    }
    for (long j = 0; j < width; j++) {
      sums[first + j] = (float)sum[j];
      sums[columns + first + j] = (float)product[j] * inverseDeviation[first + j];
    }
  }
}

INLINE void backward_panel(
    float *restrict xGradient, float *restrict residualGradient, const float *restrict gradient,
    const float *restrict x, const float *restrict output, const float *restrict mean,
    const float *restrict scale, const float *restrict offset, const float *restrict slope,
    long width) {
  for (long j = 0; j < width; j++) {
    const float g = output ? (output[j] > 0 ? gradient[j] : 0) : gradient[j];
    xGradient[j] = scale[j] * (g - offset[j] - (x[j] - mean[j]) * slope[j]);
    if (residualGradient) residualGradient[j] = g;
  }
}

static void backward_spans(
    float *xGradient, float *residualGradient, const float *gradient, const float *x,
    const float *output, const float *mean, const float *inverseDeviation, const float *weight,
    const float *sums, float totalRows, long rows, long span, long columns) {
  float m[panel_width], scale[panel_width], offset[panel_width], slope[panel_width];
  for (long first = 0; first < span; first += panel_width) {
    const long width = smaller_of(panel_width, span - first);
    repeat_columns(m, mean, first, width, columns);
    repeat_columns(scale, inverseDeviation, first, width, columns);
    repeat_columns(offset, sums, first, width, columns);
    repeat_columns(slope, sums + columns, first, width, columns);
    for (long j = 0; j < width; j++) {
      offset[j] /= totalRows;
      slope[j] *= scale[j] / totalRows;
      scale[j] *= weight[(first + j) % columns];
    }
    for (long i = 0; i < rows; i++) {
      const long at = i * span + first;
      float *dx = xGradient + at, *rest = residualGradient ? residualGradient + at : 0;
      const float *g = gradient + at, *v = x + at, *out = output ? output + at : 0;
      if (rest && out)
        backward_panel(dx, rest, g, v, out, m, scale, offset, slope, width);
      else if (out)
        backward_panel(dx, 0, g, v, out, m, scale, offset, slope, width);
      else if (rest)
        backward_panel(dx, rest, g, v, 0, m, scale, offset, slope, width);
      else
        backward_panel(dx, 0, g, v, 0, m, scale, offset, slope, width);
    }
  }
}

static void normalize_columns_backward(
    float *xGradient, float *residualGradient, const float *gradient, const float *x,
    const float *output, const float *mean, const float *inverseDeviation, const float *weight,
    const float *sums, float totalRows, long rows, long columns) {
  const long fold = rows_per_span(columns), spans = rows / fold, rest = rows % fold;
  const long done = spans * fold * columns;
  backward_spans(
      xGradient, residualGradient, gradient, x, output, mean, inverseDeviation, weight, sums,
      totalRows, spans, fold * columns, columns);
  if (rest > 0)
    backward_spans(
        xGradient + done, residualGradient ? residualGradient + done : 0, gradient + done, x + done,
        output ? output + done : 0, mean, inverseDeviation, weight, sums, totalRows, rest, columns,
        columns);
}

static void accumulate_column_sums(
    float *sums, const float *x, float scale, long rows, long columns) {
  double sum[panel_width];
  float tile_sum[panel_width];
  for (long first = 0; first < columns; first += panel_width) {
    const long width = smaller_of(panel_width, columns - first);
    for (long j = 0; j < width; j++) sum[j] = 0;
    for (long done = 0; done < rows; done += largest_tile) {
      for (long j = 0; j < width; j++) tile_sum[j] = 0;
      add_tile(
          tile_sum, x + done * columns + first, smaller_of(largest_tile, rows - done), columns,
          width);
      for (long j = 0; j < width; j++) sum[j] += tile_sum[j];
    }
    for (long j = 0; j < width; j++) sums[first + j] += scale * (float)sum[j];
  }
}
