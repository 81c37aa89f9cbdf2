// Images and sequences: pooling, windows, rows chosen by index.

INLINE void add_span(float *restrict sum, const float *restrict x, long count) {
  for (long j = 0; j < count; j++) sum[j] += x[j];
}

INLINE void copy_span(float *restrict to, const float *restrict from, long count) {
  __builtin_memcpy(to, from, (unsigned long)count * sizeof(float));
}

INLINE void copy_scaled(float *restrict to, const float *restrict from, float scale, long count) {
  for (long j = 0; j < count; j++) to[j] = from[j] * scale;
}

INLINE void clear_span(float *to, long count) {
  __builtin_memset(to, 0, (unsigned long)count * sizeof(float));
}

INLINE void average_of_four(
    float *restrict output, const float *restrict upper, const float *restrict lower,
    long channels) {
  for (long c = 0; c < channels; c++)
    output[c] = 0.25f * ((upper[c] + upper[channels + c]) + (lower[c] + lower[channels + c]));
}

static void average_pool(
    float *output, const float *x, long batch, long height, long width, long channels, long size) {
  const long out_height = height / size, out_width = width / size;
  const float scale = 1.0f / (float)(size * size);
  for (long n = 0; n < batch; n++)
    for (long oy = 0; oy < out_height; oy++)
      for (long ox = 0; ox < out_width; ox++) {
        float *to = output + ((n * out_height + oy) * out_width + ox) * channels;
        const float *from = x + ((n * height + oy * size) * width + ox * size) * channels;
        if (size == 2) {
          average_of_four(to, from, from + width * channels, channels);
          continue;
        }
        copy_span(to, from, channels);
        for (long k = 1; k < size * size; k++)
          add_span(to, from + ((k / size) * width + k % size) * channels, channels);
        for (long c = 0; c < channels; c++) to[c] *= scale;
      }
}

static void average_pool_backward(
    float *xGradient, const float *gradient, long batch, long height, long width, long channels,
    long size) {
  const long out_height = height / size, out_width = width / size;
  const float scale = 1.0f / (float)(size * size);
  for (long n = 0; n < batch; n++)
    for (long y = 0; y < height; y++)
      for (long x = 0; x < width; x++) {
        float *to = xGradient + ((n * height + y) * width + x) * channels;
        const long oy = y / size, ox = x / size;
        if (oy < out_height && ox < out_width)
          copy_scaled(
              to, gradient + ((n * out_height + oy) * out_width + ox) * channels, scale, channels);
        else
          clear_span(to, channels);
      }
}

static void mean_over_positions(
    float *output, const float *x, long batch, long length, long columns) {
  const float scale = 1.0f / (float)length;
  for (long n = 0; n < batch; n++) {
    float *to = output + n * columns;
    clear_span(to, columns);
    accumulate_column_sums(to, x + n * length * columns, scale, length, columns);
  }
}

static void mean_over_positions_backward(
    float *xGradient, const float *gradient, long batch, long length, long columns) {
  const float scale = 1.0f / (float)length;
  for (long n = 0; n < batch; n++)
    for (long l = 0; l < length; l++)
      copy_scaled(xGradient + (n * length + l) * columns, gradient + n * columns, scale, columns);
}

/// The part of a window's row that lies inside the image.
typedef struct {
  long first, end;
} Inside;

INLINE Inside inside(long start, long kernel, long size) {
  const long first = start < 0 ? smaller_of(-start, kernel) : 0;
  const long end = smaller_of(kernel, size - start);
  return (Inside){first, end < first ? first : end};
}

static void gather_patches(
    float *output, const float *x, long firstLine, long lineCount, long height, long width,
    long channels, long kernel, long stride, long padding) {
  const long out_height = (height + 2 * padding - kernel) / stride + 1;
  const long out_width = (width + 2 * padding - kernel) / stride + 1;
  float *to = output;
  for (long line = firstLine; line < firstLine + lineCount; line++) {
    const float *image = x + line / out_height * height * width * channels;
    const long top = line % out_height * stride - padding;
    for (long ox = 0; ox < out_width; ox++)
      for (long ky = 0; ky < kernel; ky++, to += kernel * channels) {
        const long y = top + ky, left = ox * stride - padding;
        if (y < 0 || y >= height) {
          clear_span(to, kernel * channels);
          continue;
        }
        const Inside range = inside(left, kernel, width);
        const float *from = image + (y * width + left) * channels;
        clear_span(to, range.first * channels);
        copy_span(
            to + range.first * channels, from + range.first * channels,
            (range.end - range.first) * channels);
        clear_span(to + range.end * channels, (kernel - range.end) * channels);
      }
  }
}

static void scatter_patches(
    float *output, const float *patches, long batch, long height, long width, long channels,
    long kernel, long stride, long padding) {
  const long out_height = (height + 2 * padding - kernel) / stride + 1;
  const long out_width = (width + 2 * padding - kernel) / stride + 1;
  clear_span(output, batch * height * width * channels);
  const float *from = patches;
  for (long n = 0; n < batch; n++)
    for (long oy = 0; oy < out_height; oy++)
      for (long ox = 0; ox < out_width; ox++)
        for (long ky = 0; ky < kernel; ky++, from += kernel * channels) {
          const long y = oy * stride - padding + ky, left = ox * stride - padding;
          if (y < 0 || y >= height) continue;
          const Inside range = inside(left, kernel, width);
          add_span(
              output + ((n * height + y) * width + left + range.first) * channels,
              from + range.first * channels, (range.end - range.first) * channels);
        }
}

static void channels_last(
    float *output, const float *weight, long outChannels, long channels, long area) {
  for (long o = 0; o < outChannels; o++)
    for (long k = 0; k < area; k++)
      for (long c = 0; c < channels; c++)
        output[(o * area + k) * channels + c] = weight[(o * channels + c) * area + k];
}

static void accumulate_channels_last(
    float *weight, const float *channelsLast, long outChannels, long channels, long area) {
  for (long o = 0; o < outChannels; o++)
    for (long c = 0; c < channels; c++)
      for (long k = 0; k < area; k++)
        weight[(o * channels + c) * area + k] += channelsLast[(o * area + k) * channels + c];
}

static void gather_rows(
    float *output, const float *table, const int32_t *indices, long count, long columns) {
  for (long i = 0; i < count; i++)
    copy_span(output + i * columns, table + indices[i] * columns, columns);
}

static void accumulate_rows(
    float *sum, const float *x, const int32_t *indices, long count, long columns) {
  for (long i = 0; i < count; i++) add_span(sum + indices[i] * columns, x + i * columns, columns);
}
