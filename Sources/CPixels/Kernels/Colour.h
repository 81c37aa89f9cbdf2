// Colour operations on float planes as torchvision defines them for tensors
// (torchvision.transforms.functional: adjust_brightness, adjust_contrast, adjust_saturation,
// adjust_hue, rgb_to_grayscale), each clamped to 0...1.

#define PIXELS_RED 0.2989f
#define PIXELS_GREEN 0.587f
#define PIXELS_BLUE 0.114f

PIXELS_INLINE float clamp_unit(float value) {
  value = value > 0 ? value : 0;
  return value < 1 ? value : 1;
}

static void adjust_brightness(float *planes, size_t count, float factor) {
  for (size_t i = 0; i < 3 * count; i++) planes[i] = clamp_unit(planes[i] * factor);
}

PIXELS_INLINE pixels_f16 load_sixteen(const float *source) {
  pixels_f16 value;
  memcpy(&value, source, sizeof value);
  return value;
}

PIXELS_INLINE void store_sixteen(float *target, pixels_f16 value) {
  memcpy(target, &value, sizeof value);
}

/// The sum in sixteen lanes, in an order that does not depend on the instruction set.
PIXELS_INLINE float sum_of(const float *values, size_t count) {
  pixels_f16 lanes = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) lanes += load_sixteen(values + i);
  float sum = 0;
  for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
  for (; i < count; i++) sum += values[i];
  return sum;
}

static void adjust_contrast(float *planes, size_t count, float factor) {
  const float grey = PIXELS_RED * sum_of(planes, count)
      + PIXELS_GREEN * sum_of(planes + count, count)
      + PIXELS_BLUE * sum_of(planes + 2 * count, count);
  const float shift = (1 - factor) * grey / (float)count;
  for (size_t i = 0; i < 3 * count; i++) planes[i] = clamp_unit(planes[i] * factor + shift);
}

static void adjust_saturation(float *planes, size_t count, float factor) {
  float *restrict red = planes, *restrict green = planes + count;
  float *restrict blue = planes + 2 * count;
  for (size_t i = 0; i < count; i++) {
    const float grey = PIXELS_RED * red[i] + PIXELS_GREEN * green[i] + PIXELS_BLUE * blue[i];
    const float shift = (1 - factor) * grey;
    red[i] = clamp_unit(red[i] * factor + shift);
    green[i] = clamp_unit(green[i] * factor + shift);
    blue[i] = clamp_unit(blue[i] * factor + shift);
  }
}

/// One channel of HSV to RGB without branches: value - chroma * clamp(min(k, 4 - k), 0, 1), where
/// k = (offset + hue) mod 6, offsets 5, 3, 1 for red, green, blue, hue in sextants 0..<6.
PIXELS_INLINE float channel_of_hue(float hue, float offset, float value, float chroma) {
  float k = hue + offset;
  k = k >= 6 ? k - 6 : k;
  const float down = 4 - k;
  return value - chroma * clamp_unit(k < down ? k : down);
}

static void adjust_hue(float *planes, size_t count, float turn) {
  float *restrict red = planes, *restrict green = planes + count;
  float *restrict blue = planes + 2 * count;
  const float shift = 6 * turn;
  for (size_t i = 0; i < count; i++) {
    const float r = red[i], g = green[i], b = blue[i];
    const float larger = r > g ? r : g, smaller = r > g ? g : r;
    const float value = larger > b ? larger : b;
    const float chroma = value - (smaller < b ? smaller : b);
    const float inverse = 1 / (chroma > 0 ? chroma : 1);
    float hue = value == r ? (g - b) * inverse
        : value == g       ? 2 + (b - r) * inverse
                           : 4 + (r - g) * inverse;
    hue += shift;
    hue = hue < 0 ? hue + 6 : hue;
    hue = hue >= 6 ? hue - 6 : hue;
    red[i] = channel_of_hue(hue, 5, value, chroma);
    green[i] = channel_of_hue(hue, 3, value, chroma);
    blue[i] = channel_of_hue(hue, 1, value, chroma);
  }
}

static void greyscale(float *planes, size_t count) {
  float *restrict red = planes, *restrict green = planes + count;
  float *restrict blue = planes + 2 * count;
  for (size_t i = 0; i < count; i++) {
    const float grey = PIXELS_RED * red[i] + PIXELS_GREEN * green[i] + PIXELS_BLUE * blue[i];
    red[i] = grey;
    green[i] = grey;
    blue[i] = grey;
  }
}

static void mix_pattern(
    float *planes, int32_t edge, pixels_area area, const float *colours, int32_t cells,
    float opacity) {
  for (int32_t channel = 0; channel < 3; channel++) {
    for (int32_t y = 0; y < area.height; y++) {
      const float *row = colours + ((size_t)channel * cells + y * cells / area.height) * cells;
      float *target = planes + ((size_t)channel * edge + area.y + y) * edge + area.x;
      // Pixel x of the area is in cell x * cells / width, rounded down.
      for (int32_t cell = 0, x = 0; cell < cells; cell++) {
        const int32_t end = ((cell + 1) * area.width + cells - 1) / cells;
        for (; x < end; x++) target[x] += opacity * (row[cell] - target[x]);
      }
    }
  }
}
