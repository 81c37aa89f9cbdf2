// Maps of one element each.

INLINE Vector activated(Vector x, CKActivation activation) {
  switch (activation) {
    case CKActivationIdentity: return x;
    case CKActivationReLU: return larger(broadcast(0), x);
    case CKActivationGELU: return gaussian_gated(x);
    case CKActivationQuickGELU:
      return x / (broadcast(1) + exponential(x * broadcast(-1.702f)));
  }
}

INLINE Vector activation_slope(Vector x, CKActivation activation) {
  switch (activation) {
    case CKActivationIdentity: return broadcast(1);
    case CKActivationReLU: return choose(x > broadcast(0), broadcast(1), broadcast(0));
    case CKActivationGELU: return gaussian_gated_slope(x);
    case CKActivationQuickGELU: {
      const Vector gate =
          broadcast(1) / (broadcast(1) + exponential(x * broadcast(-1.702f)));
      return gate * (broadcast(1) + broadcast(1.702f) * x * (broadcast(1) - gate));
    }
  }
}

INLINE void activate_span(
    float *output, float *input, const float *x, const float *bias, CKActivation activation,
    long count) {
  FOR_VECTORS(j, valid, count) {
    Vector v = load_up_to(x + j, valid);
    if (bias) v += load_up_to(bias + j, valid);
    if (input) store_up_to(input + j, v, valid);
    store_up_to(output + j, activated(v, activation), valid);
  }
}

INLINE void activate_rows(
    float *output, float *input, const float *x, const float *bias, CKActivation activation,
    long rows, long columns) {
  // Without a bias the matrix is one long row.
  const long row_count = bias ? rows : 1, width = bias ? columns : rows * columns;
  for (long i = 0; i < row_count; i++) {
    const long at = i * width;
    if (input) activate_span(output + at, input + at, x + at, bias, activation, width);
    else activate_span(output + at, 0, x + at, bias, activation, width);
  }
}

static void activate(
    float *output, float *input, const float *x, const float *bias, CKActivation activation,
    long rows, long columns) {
  switch (activation) {
    case CKActivationIdentity:
      return activate_rows(output, input, x, bias, CKActivationIdentity, rows, columns);
    case CKActivationReLU:
      return activate_rows(output, input, x, bias, CKActivationReLU, rows, columns);
    case CKActivationGELU:
      return activate_rows(output, input, x, bias, CKActivationGELU, rows, columns);
    case CKActivationQuickGELU:
      return activate_rows(output, input, x, bias, CKActivationQuickGELU, rows, columns);
  }
}

INLINE void activate_backward_rows(
    float *xGradient, float *biasGradient, const float *gradient, const float *input,
    CKActivation activation, long rows, long columns) {
  // Column sums are taken from rows that are still in cache.
  const long block = biasGradient ? tile_rows(columns) : rows;
  for (long first = 0; first < rows; first += block) {
    const long count = smaller_of(block, rows - first);
    const long at = first * columns;
    if (activation != CKActivationIdentity || xGradient != gradient)
      FOR_VECTORS(j, valid, count * columns) {
        const Vector slope = activation_slope(load_up_to(input + at + j, valid), activation);
        store_up_to(xGradient + at + j, load_up_to(gradient + at + j, valid) * slope, valid);
      }
    if (biasGradient) accumulate_column_sums(biasGradient, xGradient + at, 1, count, columns);
  }
}

static void activate_backward(
    float *xGradient, float *biasGradient, const float *gradient, const float *input,
    CKActivation activation, long rows, long columns) {
  switch (activation) {
    case CKActivationIdentity:
      return activate_backward_rows(
          xGradient, biasGradient, gradient, input, CKActivationIdentity, rows, columns);
    case CKActivationReLU:
      return activate_backward_rows(
          xGradient, biasGradient, gradient, input, CKActivationReLU, rows, columns);
    case CKActivationGELU:
      return activate_backward_rows(
          xGradient, biasGradient, gradient, input, CKActivationGELU, rows, columns);
    case CKActivationQuickGELU:
      return activate_backward_rows(
          xGradient, biasGradient, gradient, input, CKActivationQuickGELU, rows, columns);
  }
}

static void add(float *output, const float *a, const float *b, long count, long bCount) {
  for (long first = 0; first < count; first += bCount) {
    const long span = smaller_of(bCount, count - first);
    FOR_VECTORS(j, valid, span) {
      store_up_to(
          output + first + j, load_up_to(a + first + j, valid) + load_up_to(b + j, valid), valid);
    }
  }
}

static void accumulate(float *sum, const float *x, float scale, long count, long sumCount) {
  if (count > sumCount)
    return accumulate_column_sums(sum, x, scale, count / sumCount, sumCount);
  const Vector factor = broadcast(scale);
  FOR_VECTORS(j, valid, count) {
    store_up_to(
        sum + j, load_up_to(sum + j, valid) + load_up_to(x + j, valid) * factor, valid);
  }
}

static void fill(float *x, float value, long count) {
  const Vector v = broadcast(value);
  FOR_VECTORS(j, valid, count) { store_up_to(x + j, v, valid); }
}

static void adam_w(
    float *values, float *firstMoments, float *secondMoments, const float *gradients, CKAdamW step,
    long count) {
  const Vector decay = broadcast(step.decay), scale = broadcast(step.gradientScale);
  const Vector beta1 = broadcast(step.beta1), beta2 = broadcast(step.beta2);
  const Vector rest1 = broadcast(1 - step.beta1), rest2 = broadcast(1 - step.beta2);
  const Vector correction = broadcast(step.inverseRootCorrection);
  const Vector epsilon = broadcast(step.epsilon), size = broadcast(step.stepSize);
  FOR_VECTORS(j, valid, count) {
    const Vector g = load_up_to(gradients + j, valid) * scale;
    const Vector m = load_up_to(firstMoments + j, valid) * beta1 + g * rest1;
    const Vector v = load_up_to(secondMoments + j, valid) * beta2 + g * g * rest2;
    const Vector denominator = square_root(v) * correction + epsilon;
    store_up_to(firstMoments + j, m, valid);
    store_up_to(secondMoments + j, v, valid);
    store_up_to(
        values + j, load_up_to(values + j, valid) * decay - size * m / denominator, valid);
  }
}
