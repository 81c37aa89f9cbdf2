// WebP through libwebp and libwebpdemux. The demultiplexer walks the container and says where the
// first frame lies; nothing is decoded of the others.
#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

#include "CPixels.h"
#include "Cells.h"
#include "Failure.h"

// Three for each frame at most, and a few more. libwebpdemux remembers every chunk in four times the
// bytes that an empty one takes, so millions of them are an attack.
enum { maximum_chunks = 100000 };

struct pixels_webp {
  WebPData file;
  WebPDemuxer *container;
  WebPIterator frame;
  // The canvas, which a frame of an animation need not fill.
  uint32_t width;
  uint32_t height;
  uint32_t channels;
  uint8_t *pixels;  // the frame, [frame.height, frame.width, channels]
  uint8_t *lines;   // two of the canvas: a white one, and one that a frame covers in part
  pixels_cells cells;
};

pixels_webp *pixels_webp_open(const uint8_t *bytes, size_t count) {
  pixels_webp *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->file.bytes = bytes;
  reader->file.size = count;
  return reader;
}

void pixels_webp_close(pixels_webp *reader) {
  if (!reader) return;
  WebPDemuxReleaseIterator(&reader->frame);
  WebPDemuxDelete(reader->container);
  free(reader->pixels);
  free(reader->lines);
  pixels_cells_end(&reader->cells);
  free(reader);
}

static pixels_status fail_with(VP8StatusCode status, pixels_failure *failure) {
  switch (status) {
  case VP8_STATUS_OUT_OF_MEMORY:
    return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  case VP8_STATUS_UNSUPPORTED_FEATURE:
    return pixels_fail(failure, PIXELS_UNSUPPORTED, "a feature that libwebp does not know");
  case VP8_STATUS_NOT_ENOUGH_DATA:
  case VP8_STATUS_SUSPENDED:
    // The container is complete.
    return pixels_fail(failure, PIXELS_CORRUPT, "the image data end before the image does");
  default:
    return pixels_fail(failure, PIXELS_CORRUPT, "the image data are damaged");
  }
}

/// Walks the chunks in the order of libwebpdemux, which looks into frames as if they were none.
static int has_too_many_chunks(const WebPData *file) {
  size_t position = 12;
  for (uint32_t chunks = 0; chunks <= maximum_chunks; chunks++) {
    if (file->size < 8 || position > file->size - 8) return 0;
    const uint8_t *chunk = file->bytes + position;
    const size_t size = (size_t)chunk[4] | (size_t)chunk[5] << 8 | (size_t)chunk[6] << 16
        | (size_t)chunk[7] << 24;
    position += 8 + (memcmp(chunk, "ANMF", 4) == 0 ? 16 : size + size % 2);
  }
  return 1;
}

static pixels_status read_container(pixels_webp *reader, pixels_failure *failure) {
  // Without it, libwebpdemux would take the file for bare image data.
  if (reader->file.size < 4 || memcmp(reader->file.bytes, "RIFF", 4) != 0)
    return pixels_fail(failure, PIXELS_CORRUPT, "it does not start with RIFF");
  if (has_too_many_chunks(&reader->file))
    return pixels_fail(failure, PIXELS_TOO_LARGE, "more than 100 000 chunks");
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  reader->container = WebPDemuxPartial(&reader->file, &state);
  // An unknown first chunk leaves the same state behind as a file that ends before its first chunk,
  // which no WebP of 20 bytes does.
  const int wants_more =
      state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER;
  if (wants_more && (reader->container || reader->file.size < 20))
    return pixels_fail(failure, PIXELS_TRUNCATED, "the file ends before its RIFF chunk does");
  if (!reader->container || state != WEBP_DEMUX_DONE
      || !WebPDemuxGetFrame(reader->container, 1, &reader->frame) || !reader->frame.complete)
    return pixels_fail(failure, PIXELS_CORRUPT, "its chunks contradict the format or each other");
  return PIXELS_OK;
}

/// What libwebp holds for each pixel of a frame: the result, the pixels of the lossless coder, and the
/// plane of a lossy image's alpha, which may be coded without loss.
static uint32_t bytes_per_pixel(const WebPBitstreamFeatures *features) {
  const int lossless = features->format == 2;
  if (features->has_alpha) return lossless ? 4 + 4 : 4 + 1 + 4;
  return lossless ? 3 + 4 : 3;
}

pixels_status pixels_webp_read_header(
    pixels_webp *reader, pixels_header *header, pixels_failure *failure) {
  const pixels_status status = read_container(reader, failure);
  if (status != PIXELS_OK) return status;
  WebPBitstreamFeatures features;
  const VP8StatusCode found =
      WebPGetFeatures(reader->frame.fragment.bytes, reader->frame.fragment.size, &features);
  if (found != VP8_STATUS_OK) return fail_with(found, failure);
  reader->width = WebPDemuxGetI(reader->container, WEBP_FF_CANVAS_WIDTH);
  reader->height = WebPDemuxGetI(reader->container, WEBP_FF_CANVAS_HEIGHT);
  reader->channels = features.has_alpha ? 4 : 3;
  const uint64_t left = (uint64_t)(uint32_t)reader->frame.x_offset + (uint32_t)features.width;
  const uint64_t top = (uint64_t)(uint32_t)reader->frame.y_offset + (uint32_t)features.height;
  // libwebpdemux has checked it; the loops below rely on it.
  if (features.width != reader->frame.width || features.height != reader->frame.height
      || features.width < 1 || features.height < 1
      || left > reader->width || top > reader->height)
    return pixels_fail(failure, PIXELS_CORRUPT, "a frame that is not on its canvas");
  header->width = reader->width;
  header->height = reader->height;
  header->held_bytes =
      (uint64_t)features.width * (uint64_t)features.height * bytes_per_pixel(&features)
      + (uint64_t)reader->width * reader->channels * 2;
  return PIXELS_OK;
}

/// The whole frame, as it is stored.
static pixels_status decode_frame(pixels_webp *reader, pixels_failure *failure) {
  WebPDecoderConfig decoder;
  if (!WebPInitDecoderConfig(&decoder))
    return pixels_fail(failure, PIXELS_UNSUPPORTED, "libwebp is not the one this was built for");
  const size_t stride = (size_t)reader->frame.width * reader->channels;
  const size_t size = stride * (size_t)reader->frame.height;
  reader->pixels = malloc(size);
  if (!reader->pixels) return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  decoder.output.colorspace = reader->channels == 4 ? MODE_RGBA : MODE_RGB;
  decoder.output.is_external_memory = 1;
  decoder.output.u.RGBA.rgba = reader->pixels;
  decoder.output.u.RGBA.stride = (int)stride;
  decoder.output.u.RGBA.size = size;
  const VP8StatusCode status =
      WebPDecode(reader->frame.fragment.bytes, reader->frame.fragment.size, &decoder);
  WebPFreeDecBuffer(&decoder.output);
  return status == VP8_STATUS_OK ? PIXELS_OK : fail_with(status, failure);
}

/// Row `y` of the canvas, white where the frame is not.
static const uint8_t *canvas_row(const pixels_webp *reader, uint32_t y) {
  const size_t line = (size_t)reader->width * reader->channels;
  const uint32_t top = (uint32_t)reader->frame.y_offset;
  if (y < top || y - top >= (uint32_t)reader->frame.height) return reader->lines;
  const size_t covered = (size_t)reader->frame.width * reader->channels;
  const uint8_t *row = reader->pixels + covered * (y - top);
  if (covered == line) return row;
  uint8_t *mixed = reader->lines + line;
  memcpy(mixed + (size_t)reader->frame.x_offset * reader->channels, row, covered);
  return mixed;
}

pixels_status pixels_webp_decode(
    pixels_webp *reader, uint32_t reduction, uint8_t *rgb, pixels_failure *failure) {
  const pixels_status status = decode_frame(reader, failure);
  if (status != PIXELS_OK) return status;
  const size_t lines = (size_t)reader->width * reader->channels * 2;
  reader->lines = malloc(lines);
  if (!reader->lines
      || !pixels_cells_start(&reader->cells, reader->width, reader->height, reduction))
    return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  memset(reader->lines, 255, lines);
  for (uint32_t y = 0; y < reader->height; y++)
    pixels_cells_add(&reader->cells, canvas_row(reader, y), reader->channels, y, rgb);
  return PIXELS_OK;
}
