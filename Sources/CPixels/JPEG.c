// JPEG through libjpeg-turbo's classic interface. Every entry sets its own jump target and returns
// a status; nothing jumps out of this file.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "CPixels.h"
#include "Failure.h"

// Real progressive files have about ten scans; each costs a pass over all coefficients, so
// thousands of empty ones are an attack (libjpeg-turbo's advice in its fuzzers and in `djpeg
// -maxscans`).
enum { maximum_scans = 200 };

struct pixels_jpeg {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf on_failure;
  pixels_failure failure;
};

static pixels_jpeg *owner(j_common_ptr decoder) { return (pixels_jpeg *)decoder->client_data; }

static void fail(j_common_ptr decoder, pixels_status status) {
  pixels_jpeg *reader = owner(decoder);
  char message[JMSG_LENGTH_MAX];
  decoder->err->format_message(decoder, message);
  pixels_fail(&reader->failure, status, message);
  longjmp(reader->on_failure, 1);
}

static void fail_with(j_common_ptr decoder, pixels_status status, const char *message) {
  pixels_jpeg *reader = owner(decoder);
  pixels_fail(&reader->failure, status, message);
  longjmp(reader->on_failure, 1);
}

static void on_error(j_common_ptr decoder) {
  switch (decoder->err->msg_code) {
  case JERR_INPUT_EOF:
  case JERR_INPUT_EMPTY:
    fail(decoder, PIXELS_TRUNCATED);
    break;
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
  case JERR_IMAGE_TOO_BIG:
    fail_with(decoder, PIXELS_TOO_LARGE, "decoding needs more memory than allowed");
    break;
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CCIR601_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_FRACT_SAMPLE_NOTIMPL:
  case JERR_NOT_COMPILED:
  case JERR_SOF_UNSUPPORTED:
    fail(decoder, PIXELS_UNSUPPORTED);
    break;
  default:
    fail(decoder, PIXELS_CORRUPT);
  }
}

// libjpeg fills what is missing with grey and only warns. Warnings that mean lost image data fail;
// the others (bytes between markers, odd Adobe markers, odd JFIF versions) are common and harmless.
static void on_message(j_common_ptr decoder, int level) {
  if (level >= 0) return;
  switch (decoder->err->msg_code) {
  case JWRN_JPEG_EOF:
    fail(decoder, PIXELS_TRUNCATED);
    break;
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
    fail(decoder, PIXELS_CORRUPT);
    break;
  default:
    break;
  }
}

static void ignore_output(j_common_ptr decoder) { (void)decoder; }

static void on_progress(j_common_ptr decoder) {
  if (decoder->is_decompressor
      && ((j_decompress_ptr)decoder)->input_scan_number > maximum_scans)
    fail_with(decoder, PIXELS_TOO_LARGE, "more than 200 scans");
}

static void source_nothing(j_decompress_ptr decoder) { (void)decoder; }

static boolean source_ended(j_decompress_ptr decoder) {
  fail_with((j_common_ptr)decoder, PIXELS_TRUNCATED, "the file ends before the image does");
  return FALSE;
}

static void source_skip(j_decompress_ptr decoder, long count) {
  if (count <= 0) return;
  if ((size_t)count > decoder->src->bytes_in_buffer) source_ended(decoder);
  decoder->src->next_input_byte += count;
  decoder->src->bytes_in_buffer -= (size_t)count;
}

pixels_jpeg *pixels_jpeg_open(const uint8_t *bytes, size_t count) {
  pixels_jpeg *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->decoder.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->errors.output_message = ignore_output;
  // client_data survives jpeg_create_decompress, and creation itself can fail.
  reader->decoder.client_data = reader;
  if (setjmp(reader->on_failure)) {
    pixels_jpeg_close(reader);
    return NULL;
  }
  jpeg_create_decompress(&reader->decoder);
  reader->progress.progress_monitor = on_progress;
  reader->decoder.progress = &reader->progress;
  reader->source.init_source = source_nothing;
  reader->source.fill_input_buffer = source_ended;
  reader->source.skip_input_data = source_skip;
  reader->source.resync_to_restart = jpeg_resync_to_restart;
  reader->source.term_source = source_nothing;
  reader->source.next_input_byte = bytes;
  reader->source.bytes_in_buffer = count;
  reader->decoder.src = &reader->source;
  return reader;
}

void pixels_jpeg_close(pixels_jpeg *reader) {
  if (!reader) return;
  jpeg_destroy_decompress(&reader->decoder);
  free(reader);
}

pixels_status pixels_jpeg_read_header(
    pixels_jpeg *reader, pixels_header *header, pixels_failure *failure) {
  if (setjmp(reader->on_failure)) {
    *failure = reader->failure;
    return failure->status;
  }
  jpeg_read_header(&reader->decoder, TRUE);
  header->width = reader->decoder.image_width;
  header->height = reader->decoder.image_height;
  header->held_bytes = 0;
  return PIXELS_OK;
}

/// a * b / 255, rounded, for 8-bit values.
static inline uint8_t multiply_255(unsigned a, unsigned b) {
  unsigned product = a * b + 128;
  return (uint8_t)(((product >> 8) + product) >> 8);
}

// Ink to light as Pillow does: (1 - ink) * (1 - black). Photoshop and libjpeg store CMYK inverted
// (255 is no ink) and say so with an Adobe marker.
static void cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb, uint32_t width, int inverted) {
  const uint8_t flip = inverted ? 0 : 255;
  for (uint32_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    const uint8_t light = cmyk[3] ^ flip;
    for (int c = 0; c < 3; c++)
      rgb[c] = (uint8_t)(light - multiply_255((cmyk[c] ^ flip) ^ 255u, light));
  }
}

static void read_cmyk_rows(j_decompress_ptr decoder, uint8_t *rgb) {
  JSAMPARRAY row = (*decoder->mem->alloc_sarray)(
      (j_common_ptr)decoder, JPOOL_IMAGE, decoder->output_width * 4, 1);
  const size_t stride = (size_t)decoder->output_width * 3;
  while (decoder->output_scanline < decoder->output_height) {
    uint8_t *target = rgb + stride * decoder->output_scanline;
    if (jpeg_read_scanlines(decoder, row, 1) == 1)
      cmyk_to_rgb(row[0], target, decoder->output_width, decoder->saw_Adobe_marker);
  }
}

static void read_rgb_rows(j_decompress_ptr decoder, uint8_t *rgb) {
  const size_t stride = (size_t)decoder->output_width * 3;
  while (decoder->output_scanline < decoder->output_height) {
    // As many rows as the decoder hands out at a time at most (two rows of 8-sample blocks).
    JSAMPROW rows[16];
    JDIMENSION count = decoder->output_height - decoder->output_scanline;
    if (count > 16) count = 16;
    for (JDIMENSION i = 0; i < count; i++)
      rows[i] = rgb + stride * (decoder->output_scanline + i);
    jpeg_read_scanlines(decoder, rows, count);
  }
}

static void decode(j_decompress_ptr decoder, uint32_t reduction, uint8_t *rgb) {
  decoder->scale_num = 1;
  decoder->scale_denom = reduction;
  const int inks =
      decoder->jpeg_color_space == JCS_CMYK || decoder->jpeg_color_space == JCS_YCCK;
  decoder->out_color_space = inks ? JCS_CMYK : JCS_RGB;
  jpeg_calc_output_dimensions(decoder);
  if (decoder->output_width != (decoder->image_width + reduction - 1) / reduction
      || decoder->output_height != (decoder->image_height + reduction - 1) / reduction)
    fail_with((j_common_ptr)decoder, PIXELS_UNSUPPORTED, "the scaled size is not as expected");
  jpeg_start_decompress(decoder);
  if (inks)
    read_cmyk_rows(decoder, rgb);
  else
    read_rgb_rows(decoder, rgb);
  // Reads up to the end-of-image marker, so that a file cut after its last row is noticed too.
  jpeg_finish_decompress(decoder);
}

pixels_status pixels_jpeg_decode(
    pixels_jpeg *reader, uint32_t reduction, size_t maximum_memory, uint8_t *rgb,
    pixels_failure *failure) {
  if (setjmp(reader->on_failure)) {
    *failure = reader->failure;
    return failure->status;
  }
  reader->decoder.mem->max_memory_to_use = maximum_memory > 0x7fffffffffffff
      ? 0x7fffffffffffff : (long)maximum_memory;
  decode(&reader->decoder, reduction, rgb);
  return PIXELS_OK;
}
