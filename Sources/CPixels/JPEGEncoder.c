// JPEG encoding through libjpeg-turbo's classic interface: what an attacker's upload goes through.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "CPixels.h"
#include "Failure.h"

typedef struct {
  struct jpeg_compress_struct encoder;
  struct jpeg_error_mgr errors;
  jmp_buf on_failure;
  pixels_failure failure;
  unsigned char *bytes;
  unsigned long count;
} jpeg_output;

static void on_error(j_common_ptr encoder) {
  jpeg_output *output = encoder->client_data;
  char message[JMSG_LENGTH_MAX];
  encoder->err->format_message(encoder, message);
  pixels_fail(&output->failure, PIXELS_TOO_LARGE, message);
  longjmp(output->on_failure, 1);
}

static void on_message(j_common_ptr encoder, int level) {
  (void)encoder;
  (void)level;
}

static void encode(jpeg_output *output, const uint8_t *rgb, uint32_t width, uint32_t height, int quality) {
  j_compress_ptr encoder = &output->encoder;
  jpeg_create_compress(encoder);
  jpeg_mem_dest(encoder, &output->bytes, &output->count);
  encoder->image_width = width;
  encoder->image_height = height;
  encoder->input_components = 3;
  encoder->in_color_space = JCS_RGB;
  jpeg_set_defaults(encoder);
  jpeg_set_quality(encoder, quality, TRUE);
  jpeg_start_compress(encoder, TRUE);
  while (encoder->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(rgb + (size_t)encoder->next_scanline * width * 3);
    jpeg_write_scanlines(encoder, &row, 1);
  }
  jpeg_finish_compress(encoder);
}

pixels_status pixels_jpeg_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int32_t quality, uint8_t **encoded,
    size_t *encoded_count, pixels_failure *failure) {
  // On the heap and not in this frame: locals that change after setjmp are undefined after a jump.
  jpeg_output *output = calloc(1, sizeof *output);
  if (!output) return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  output->encoder.err = jpeg_std_error(&output->errors);
  output->encoder.client_data = output;
  output->errors.error_exit = on_error;
  output->errors.emit_message = on_message;
  if (!setjmp(output->on_failure)) {
    encode(output, rgb, width, height, quality);
  } else if (output->encoder.dest) {
    // Where the bytes are is told at the end only; after a growth the first place is free already.
    output->encoder.dest->term_destination(&output->encoder);
  }
  jpeg_destroy_compress(&output->encoder);
  const pixels_status status = pixels_hand_over(
      &output->failure, output->bytes, output->count, encoded, encoded_count, failure);
  free(output);
  return status;
}
