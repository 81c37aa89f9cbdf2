// From planes, or from bytes, to normalised channels-last floats.

static void interleave(
    const float *planes, size_t count, const float *scale, const float *shift, float *output) {
  const float *restrict red = planes, *restrict green = planes + count;
  const float *restrict blue = planes + 2 * count;
  float *restrict target = output;
  const float scales[3] = {scale[0], scale[1], scale[2]};
  const float shifts[3] = {shift[0], shift[1], shift[2]};
  for (size_t i = 0; i < count; i++) {
    target[3 * i] = red[i] * scales[0] + shifts[0];
    target[3 * i + 1] = green[i] * scales[1] + shifts[1];
    target[3 * i + 2] = blue[i] * scales[2] + shifts[2];
  }
}

static void normalize(
    const uint8_t *pixels, size_t count, const float *scale, const float *shift, float *output) {
  // The pattern of channels repeats after 48 values.
  float scales[48], shifts[48];
  for (int i = 0; i < 48; i++) {
    scales[i] = scale[i % 3];
    shifts[i] = shift[i % 3];
  }
  const size_t values = 3 * count;
  size_t i = 0;
  for (; i + 48 <= values; i += 48)
    for (int part = 0; part < 48; part += 16) {
      const pixels_f16 unit =
          __builtin_convertvector(load_bytes(pixels + i + part), pixels_f16) * (1.0f / 255);
      store_sixteen(
          output + i + part, unit * load_sixteen(scales + part) + load_sixteen(shifts + part));
    }
  for (; i < values; i++)
    output[i] = pixels[i] * (1.0f / 255) * scale[i % 3] + shift[i % 3];
}
