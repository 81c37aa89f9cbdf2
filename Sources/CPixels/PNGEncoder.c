// PNG encoding for small bitmaps: contact sheets and thumbnails.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "CPixels.h"
#include "Failure.h"

typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  pixels_failure failure;
} encoder_output;

static void on_error(png_structp png, png_const_charp message) {
  encoder_output *output = png_get_error_ptr(png);
  pixels_fail(&output->failure, PIXELS_CORRUPT, message);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  encoder_output *output = png_get_io_ptr(png);
  if (output->capacity - output->count < count) {
    size_t capacity = output->capacity + output->capacity / 2 + count + 1024;
    uint8_t *grown = realloc(output->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    output->bytes = grown;
    output->capacity = capacity;
  }
  memcpy(output->bytes + output->count, bytes, count);
  output->count += count;
}

static void on_flush(png_structp png) { (void)png; }

static void encode(
    png_structp png, png_infop info, const uint8_t *rgb, uint32_t width, uint32_t height,
    int32_t compression) {
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(
      png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, compression);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, rgb + (size_t)y * width * 3);
  png_write_end(png, info);
}

pixels_status pixels_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int32_t compression, uint8_t **encoded,
    size_t *encoded_count, pixels_failure *failure) {
  // On the heap and not in this frame: locals that change after setjmp are undefined after a jump.
  encoder_output *output = calloc(1, sizeof *output);
  if (!output) return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, output, on_error, on_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    pixels_fail(&output->failure, PIXELS_TOO_LARGE, "out of memory");
  } else if (!setjmp(png_jmpbuf(png))) {
    png_set_write_fn(png, output, on_write, on_flush);
    encode(png, info, rgb, width, height, compression);
  }
  if (png) png_destroy_write_struct(&png, &info);
  const pixels_status status = pixels_hand_over(
      &output->failure, output->bytes, output->count, encoded, encoded_count, failure);
  free(output);
  return status;
}
