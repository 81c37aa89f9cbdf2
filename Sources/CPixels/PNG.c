// PNG through libpng, row by row. Every entry sets its own jump target and returns a status;
// nothing jumps out of this file.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "CPixels.h"
#include "Cells.h"
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
  pixels_cells cells;
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
  pixels_cells_end(&reader->cells);
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
  const int interlaced =
      png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE;
  header->held_bytes = (uint64_t)reader->width * 4 * (interlaced ? reader->height : 1);
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
  if (!reader->rows
      || !pixels_cells_start(&reader->cells, reader->width, reader->height, reduction)) {
    pixels_fail(&reader->failure, PIXELS_TOO_LARGE, "out of memory");
    png_error(reader->png, "out of memory");
  }
  for (uint32_t y = 0; y < reader->height; y++) {
    uint8_t *row = interlaced ? reader->row_pointers[y] : reader->rows;
    if (!interlaced) png_read_row(reader->png, row, NULL);
    pixels_cells_add(&reader->cells, row, reader->channels, y, rgb);
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
