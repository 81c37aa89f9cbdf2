// PNG through libpng, row by row. Every entry sets its own jump target and returns a status;
// nothing jumps out of this file.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "CPixels.h"
#include "Failure.h"

struct pixels_png {
  png_structp png;
  png_infop info;
  const uint8_t *next;
  size_t remaining;
  pixels_failure failure;
  uint32_t width;
  uint32_t height;
  uint32_t channels;
  uint8_t *rows;       // one row, or all rows of an interlaced image
  png_bytep *row_pointers;
  uint32_t *sums;      // [ceil(width / reduction), 3]
};

static void on_error(png_structp png, png_const_charp message) {
  pixels_png *reader = png_get_error_ptr(png);
  if (reader->failure.status == PIXELS_OK)
    pixels_fail(&reader->failure, PIXELS_CORRUPT, message);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep target, size_t count) {
  pixels_png *reader = png_get_io_ptr(png);
  if (count > reader->remaining) {
    pixels_fail(&reader->failure, PIXELS_TRUNCATED, "the file ends before the image does");
    png_error(png, "truncated");
  }
  memcpy(target, reader->next, count);
  reader->next += count;
  reader->remaining -= count;
}

// Chunks that say nothing about the pixels we want, so that their compressed text or profiles cost
// nothing. Gamma and profiles are ignored, as Pillow does.
static void ignore_ancillary_chunks(png_structp png) {
  static const png_byte names[] =
      "cHRM\0gAMA\0iCCP\0sBIT\0sRGB\0bKGD\0hIST\0pHYs\0sPLT\0tIME\0tEXt\0zTXt\0iTXt\0eXIf\0oFFs\0"
      "pCAL\0sCAL";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(
      png, PNG_HANDLE_CHUNK_NEVER, names, (int)(sizeof names / 5));
}

pixels_png *pixels_png_open(const uint8_t *bytes, size_t count) {
  pixels_png *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->next = bytes;
  reader->remaining = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (!reader->info) {
    pixels_png_close(reader);
    return NULL;
  }
  if (setjmp(png_jmpbuf(reader->png))) {
    pixels_png_close(reader);
    return NULL;
  }
  // The caller limits pixels; libpng's own limit is a million a side.
  png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  ignore_ancillary_chunks(reader->png);
  png_set_read_fn(reader->png, reader, on_read);
  return reader;
}

void pixels_png_close(pixels_png *reader) {
  if (!reader) return;
  if (reader->png) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->rows);
  free(reader->row_pointers);
  free(reader->sums);
  free(reader);
}

pixels_status pixels_png_read_header(
    pixels_png *reader, pixels_header *header, pixels_failure *failure) {
  if (setjmp(png_jmpbuf(reader->png))) {
    *failure = reader->failure;
    return failure->status;
  }
  png_read_info(reader->png, reader->info);
  reader->width = png_get_image_width(reader->png, reader->info);
  reader->height = png_get_image_height(reader->png, reader->info);
  header->width = reader->width;
  header->height = reader->height;
  header->interlaced =
      png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE;
  return PIXELS_OK;
}

/// Makes every colour type 8-bit RGB or RGBA.
static void set_transforms(pixels_png *reader) {
  png_set_expand(reader->png);
  png_set_scale_16(reader->png);
  png_set_gray_to_rgb(reader->png);
  png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  reader->channels = png_get_channels(reader->png, reader->info);
  if (png_get_bit_depth(reader->png, reader->info) != 8
      || (reader->channels != 3 && reader->channels != 4)
      || png_get_rowbytes(reader->png, reader->info)
          != (size_t)reader->width * reader->channels)
    png_error(reader->png, "the row layout is not as expected");
}

/// value over white: value * alpha + 255 * (255 - alpha), over 255, rounded.
static inline uint8_t over_white(unsigned value, unsigned alpha) {
  unsigned sum = value * alpha + 255u * (255u - alpha) + 128u;
  return (uint8_t)(((sum >> 8) + sum) >> 8);
}

static void composite_row(const uint8_t *row, uint32_t width, uint8_t *rgb) {
  for (uint32_t x = 0; x < width; x++, row += 4, rgb += 3)
    for (int c = 0; c < 3; c++) rgb[c] = over_white(row[c], row[3]);
}

static void add_row(const pixels_png *reader, const uint8_t *row, uint32_t reduction) {
  const uint32_t channels = reader->channels;
  uint32_t *sums = reader->sums;
  for (uint32_t start = 0; start < reader->width; start += reduction, sums += 3) {
    const uint32_t left = reader->width - start;
    const uint32_t cell = left < reduction ? left : reduction;
    uint32_t red = 0, green = 0, blue = 0;
    if (channels == 4)
      for (uint32_t x = 0; x < cell; x++, row += 4) {
        red += over_white(row[0], row[3]);
        green += over_white(row[1], row[3]);
        blue += over_white(row[2], row[3]);
      }
    else
      for (uint32_t x = 0; x < cell; x++, row += 3) {
        red += row[0];
        green += row[1];
        blue += row[2];
      }
    sums[0] += red;
    sums[1] += green;
    sums[2] += blue;
  }
}

static void write_means(
    const pixels_png *reader, uint32_t reduction, uint32_t rows, uint8_t *rgb) {
  uint32_t *sums = reader->sums;
  for (uint32_t start = 0; start < reader->width; start += reduction)
    for (int c = 0; c < 3; c++, sums++, rgb++) {
      const uint32_t left = reader->width - start;
      const uint32_t area = (left < reduction ? left : reduction) * rows;
      *rgb = (uint8_t)((*sums + area / 2) / area);
      *sums = 0;
    }
}

static void convert_row(
    const pixels_png *reader, const uint8_t *row, uint32_t y, uint32_t reduction, uint8_t *rgb) {
  const size_t stride = (size_t)((reader->width + reduction - 1) / reduction) * 3;
  uint8_t *target = rgb + stride * (y / reduction);
  if (reduction == 1) {
    if (reader->channels == 4)
      composite_row(row, reader->width, target);
    else
      memcpy(target, row, stride);
    return;
  }
  add_row(reader, row, reduction);
  if (y + 1 == reader->height || (y + 1) % reduction == 0)
    write_means(reader, reduction, y % reduction + 1, target);
}

static void read_interlaced(pixels_png *reader, size_t row_bytes) {
  reader->rows = malloc(row_bytes * reader->height);
  reader->row_pointers = malloc(sizeof(png_bytep) * reader->height);
  if (!reader->rows || !reader->row_pointers) {
    pixels_fail(&reader->failure, PIXELS_TOO_LARGE, "out of memory");
    png_error(reader->png, "out of memory");
  }
  for (uint32_t y = 0; y < reader->height; y++)
    reader->row_pointers[y] = reader->rows + row_bytes * y;
  png_read_image(reader->png, reader->row_pointers);
}

static void decode(pixels_png *reader, uint32_t reduction, uint8_t *rgb) {
  set_transforms(reader);
  const size_t row_bytes = (size_t)reader->width * reader->channels;
  const int interlaced =
      png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE;
  if (interlaced)
    read_interlaced(reader, row_bytes);
  else
    reader->rows = malloc(row_bytes);
  reader->sums = calloc((reader->width + reduction - 1) / reduction, 3 * sizeof(uint32_t));
  if (!reader->rows || !reader->sums) {
    pixels_fail(&reader->failure, PIXELS_TOO_LARGE, "out of memory");
    png_error(reader->png, "out of memory");
  }
  for (uint32_t y = 0; y < reader->height; y++) {
    uint8_t *row = interlaced ? reader->row_pointers[y] : reader->rows;
    if (!interlaced) png_read_row(reader->png, row, NULL);
    convert_row(reader, row, y, reduction, rgb);
  }
  // Reads up to the IEND chunk, so that a file cut after its last row is noticed too.
  png_read_end(reader->png, NULL);
}

pixels_status pixels_png_decode(
    pixels_png *reader, uint32_t reduction, uint8_t *rgb, pixels_failure *failure) {
  if (setjmp(png_jmpbuf(reader->png))) {
    *failure = reader->failure;
    return failure->status;
  }
  decode(reader, reduction, rgb);
  return PIXELS_OK;
}
