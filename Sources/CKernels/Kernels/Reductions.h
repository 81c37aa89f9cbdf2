// Sums over everything, and over buffers of several replicas.

static double total(const float *x, long count) {
  DoubleVector low = {0}, high = {0};
  FOR_VECTORS(j, valid, count) {
    const Vector v = load_up_to(x + j, valid);
    low += low_doubles(v);
    high += high_doubles(v);
  }
  return sum_of_doubles(low + high);
}

static double inner_product(const float *x, const float *y, long count) {
  DoubleVector low = {0}, high = {0};
  FOR_VECTORS(j, valid, count) {
    const Vector a = load_up_to(x + j, valid), b = load_up_to(y + j, valid);
    low += low_doubles(a) * low_doubles(b);
    high += high_doubles(a) * high_doubles(b);
  }
  return sum_of_doubles(low + high);
}

static void sum_buffers(float *const *buffers, long bufferCount, long start, long end) {
  for (long first = start; first < end; first += lanes) {
    const long valid = smaller_of(lanes, end - first);
    Vector sum = load_up_to(buffers[0] + first, valid);
    for (long b = 1; b < bufferCount; b++) sum += load_up_to(buffers[b] + first, valid);
    for (long b = 0; b < bufferCount; b++) store_up_to(buffers[b] + first, sum, valid);
  }
}

static void sum_into(float *output, const float *const *buffers, long bufferCount, long count) {
  FOR_VECTORS(j, valid, count) {
    Vector sum = load_up_to(buffers[0] + j, valid);
    for (long b = 1; b < bufferCount; b++) sum += load_up_to(buffers[b] + j, valid);
    store_up_to(output + j, sum, valid);
  }
}
