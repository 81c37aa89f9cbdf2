// Reductions and maps along the rows of tall matrices. Columns are worked on in panels whose
// accumulators fit on the stack and in the first-level cache, rows in tiles that stay in cache when
// they are read twice. The loops over columns are plain so that the compiler vectorises them.

enum { panel_width = 512, tile_bytes = 24 * 1024, smallest_tile = 16, largest_tile = 256 };

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
    output[j] = relu ? (value > 0 ? value : 0) : value;
  }
}

static void normalize_columns(
    float *output, const float *x, const float *mean, const float *inverseDeviation,
    const float *weight, const float *bias, const float *residual, bool relu, long rows,
    long columns) {
  float scale[panel_width];
  for (long first = 0; first < columns; first += panel_width) {
    const long width = smaller_of(panel_width, columns - first);
    for (long j = 0; j < width; j++) scale[j] = inverseDeviation[first + j] * weight[first + j];
    const float *m = mean + first, *b = bias + first;
    for (long i = 0; i < rows; i++) {
      const long at = i * columns + first;
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

INLINE void add_gradient_row(
    float *restrict sums, float *restrict products, const float *restrict gradient,
    const float *restrict x, const float *restrict output, const float *restrict mean, long width) {
  for (long j = 0; j < width; j++) {
    const float g = output ? (output[j] > 0 ? gradient[j] : 0) : gradient[j];
    sums[j] += g;
    products[j] += g * (x[j] - mean[j]);
  }
}

/// `add_gradient_row` for two rows at once, which halves the traffic of the accumulators.
INLINE void add_gradient_rows(
    float *restrict sums, float *restrict products, const float *restrict gradient,
    const float *restrict x, const float *restrict output, const float *restrict mean, long stride,
    long width) {
  const float *next_gradient = gradient + stride, *next_x = x + stride;
  for (long j = 0; j < width; j++) {
    const float g = output ? (output[j] > 0 ? gradient[j] : 0) : gradient[j];
    const float h = output ? (output[stride + j] > 0 ? next_gradient[j] : 0) : next_gradient[j];
    sums[j] += g + h;
    products[j] += g * (x[j] - mean[j]) + h * (next_x[j] - mean[j]);
  }
}

INLINE void add_gradient_tile(
    float *restrict sums, float *restrict products, const float *gradient, const float *x,
    const float *output, const float *mean, long rows, long stride, long width) {
  long i = 0;
  for (; i + 2 <= rows; i += 2) {
    const long at = i * stride;
    add_gradient_rows(
        sums, products, gradient + at, x + at, output ? output + at : 0, mean, stride, width);
  }
  if (i < rows)
    add_gradient_row(
        sums, products, gradient + i * stride, x + i * stride, output ? output + i * stride : 0,
        mean, width);
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

static void normalize_columns_backward(
    float *xGradient, float *residualGradient, const float *gradient, const float *x,
    const float *output, const float *mean, const float *inverseDeviation, const float *weight,
    const float *sums, float totalRows, long rows, long columns) {
  float scale[panel_width], offset[panel_width], slope[panel_width];
  for (long first = 0; first < columns; first += panel_width) {
    const long width = smaller_of(panel_width, columns - first);
    for (long j = 0; j < width; j++) {
      const float inverse = inverseDeviation[first + j];
      scale[j] = inverse * weight[first + j];
      offset[j] = sums[first + j] / totalRows;
      slope[j] = inverse * sums[columns + first + j] / totalRows;
    }
    const float *m = mean + first;
    for (long i = 0; i < rows; i++) {
      const long at = i * columns + first;
      float *rest = residualGradient ? residualGradient + at : 0;
      const float *out = output ? output + at : 0;
      if (rest && out)
        backward_panel(
            xGradient + at, rest, gradient + at, x + at, out, m, scale, offset, slope, width);
      else if (out)
        backward_panel(
            xGradient + at, 0, gradient + at, x + at, out, m, scale, offset, slope, width);
      else if (rest)
        backward_panel(
            xGradient + at, rest, gradient + at, x + at, 0, m, scale, offset, slope, width);
      else
        backward_panel(xGradient + at, 0, gradient + at, x + at, 0, m, scale, offset, slope, width);
    }
  }
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
