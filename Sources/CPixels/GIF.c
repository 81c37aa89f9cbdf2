// GIF through giflib's sequential interface, of which only what decodes one frame is used: `DGifSlurp`
// would unpack all of them. giflib has no limits and does not check pixels against the palette; both
// is done here.
#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

#include "CPixels.h"
#include "Cells.h"
#include "Failure.h"

struct pixels_gif {
  GifFileType *gif;
  const uint8_t *next;
  size_t remaining;
  int ended;  // more was asked for than there is
  // The logical screen, made larger where the first frame sticks out of it.
  uint32_t width;
  uint32_t height;
  int transparent;   // index of the transparent colour, or -1
  uint8_t *indices;  // one row of the frame, or all rows of an interlaced one
  uint8_t *lines;    // two of the screen, RGB: a white one, and one that the frame covers
  pixels_cells cells;
};

static int on_read(GifFileType *gif, GifByteType *target, int count) {
  pixels_gif *reader = gif->UserData;
  size_t available = count > 0 ? (size_t)count : 0;
  if (available > reader->remaining) {
    available = reader->remaining;
    reader->ended = 1;
  }
  memcpy(target, reader->next, available);
  reader->next += available;
  reader->remaining -= available;
  return (int)available;
}

pixels_gif *pixels_gif_open(const uint8_t *bytes, size_t count) {
  pixels_gif *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->next = bytes;
  reader->remaining = count;
  reader->transparent = NO_TRANSPARENT_COLOR;
  return reader;
}

void pixels_gif_close(pixels_gif *reader) {
  if (!reader) return;
  int error = 0;
  if (reader->gif) DGifCloseFile(reader->gif, &error);
  free(reader->indices);
  free(reader->lines);
  pixels_cells_end(&reader->cells);
  free(reader);
}

/// After giflib has failed.
static pixels_status fail_with(
    const pixels_gif *reader, int error, pixels_failure *failure) {
  if (reader->ended)
    return pixels_fail(failure, PIXELS_TRUNCATED, "the file ends before the image does");
  if (error == D_GIF_ERR_NOT_ENOUGH_MEM)
    return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  // What giflib calls a failed read is, in memory, a size of codes that no GIF has.
  if (error == D_GIF_ERR_READ_FAILED)
    return pixels_fail(failure, PIXELS_CORRUPT, "codes of an impossible size");
  const char *message = GifErrorString(error);
  return pixels_fail(failure, PIXELS_CORRUPT, message ? message : "the image data are damaged");
}

/// Of all extensions only the transparent colour counts.
static int read_extension(pixels_gif *reader) {
  int code = 0;
  GifByteType *block = NULL;
  int result = DGifGetExtension(reader->gif, &code, &block);
  while (result == GIF_OK && block) {
    GraphicsControlBlock control;
    if (code == GRAPHICS_EXT_FUNC_CODE
        && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
      reader->transparent = control.TransparentColor;
    result = DGifGetExtensionNext(reader->gif, &block);
  }
  return result;
}

/// Reads up to the first frame's description.
static pixels_status find_frame(pixels_gif *reader, pixels_failure *failure) {
  int error = 0;
  reader->gif = DGifOpen(reader, on_read, &error);
  if (!reader->gif) return fail_with(reader, error, failure);
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    int result = DGifGetRecordType(reader->gif, &record);
    if (result == GIF_OK && record == TERMINATE_RECORD_TYPE)
      return pixels_fail(failure, PIXELS_CORRUPT, "there is no image in it");
    if (result == GIF_OK && record == EXTENSION_RECORD_TYPE) result = read_extension(reader);
    // Unlike DGifGetImageDesc, it keeps no copy.
    if (result == GIF_OK && record == IMAGE_DESC_RECORD_TYPE)
      result = DGifGetImageHeader(reader->gif);
    if (result != GIF_OK) return fail_with(reader, reader->gif->Error, failure);
    if (record == IMAGE_DESC_RECORD_TYPE) return PIXELS_OK;
  }
}

static const ColorMapObject *palette(const pixels_gif *reader) {
  const ColorMapObject *local = reader->gif->Image.ColorMap;
  return local ? local : reader->gif->SColorMap;
}

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

pixels_status pixels_gif_read_header(
    pixels_gif *reader, pixels_header *header, pixels_failure *failure) {
  const pixels_status status = find_frame(reader, failure);
  if (status != PIXELS_OK) return status;
  // All of these are read as 16 bits without sign.
  const GifImageDesc *frame = &reader->gif->Image;
  if (frame->Width < 1 || frame->Height < 1)
    return pixels_fail(failure, PIXELS_CORRUPT, "a frame without pixels");
  if (!palette(reader))
    return pixels_fail(failure, PIXELS_UNSUPPORTED, "it has no colour table; convert it to PNG");
  // Browsers and Pillow make the screen larger too.
  reader->width = larger(
      (uint32_t)reader->gif->SWidth, (uint32_t)frame->Left + (uint32_t)frame->Width);
  reader->height = larger(
      (uint32_t)reader->gif->SHeight, (uint32_t)frame->Top + (uint32_t)frame->Height);
  header->width = reader->width;
  header->height = reader->height;
  header->held_bytes =
      (uint64_t)frame->Width * (frame->Interlace ? (uint64_t)frame->Height : 1)
      + (uint64_t)reader->width * 3 * 2;
  return PIXELS_OK;
}

/// The rows of an interlaced frame come in four passes.
static int read_interlaced(pixels_gif *reader) {
  static const int starts[] = {0, 4, 2, 1};
  static const int steps[] = {8, 8, 4, 2};
  const GifImageDesc *frame = &reader->gif->Image;
  for (int pass = 0; pass < 4; pass++)
    for (int y = starts[pass]; y < frame->Height; y += steps[pass]) {
      uint8_t *row = reader->indices + (size_t)frame->Width * (size_t)y;
      if (DGifGetLine(reader->gif, row, frame->Width) != GIF_OK) return GIF_ERROR;
    }
  return GIF_OK;
}

/// Colours of a row of the frame, on the screen's; zero where the palette does not have one.
static int paint(const pixels_gif *reader, const uint8_t *indices, uint8_t *line) {
  const ColorMapObject *colours = palette(reader);
  const GifImageDesc *frame = &reader->gif->Image;
  uint8_t *target = line + (size_t)frame->Left * 3;
  for (int x = 0; x < frame->Width; x++, target += 3) {
    const int index = indices[x];
    if (index == reader->transparent) {
      memset(target, 255, 3);
    } else if (index < colours->ColorCount) {
      target[0] = colours->Colors[index].Red;
      target[1] = colours->Colors[index].Green;
      target[2] = colours->Colors[index].Blue;
    } else {
      return 0;
    }
  }
  return 1;
}

static pixels_status read_rows(
    pixels_gif *reader, uint8_t *rgb, pixels_failure *failure) {
  const GifImageDesc *frame = &reader->gif->Image;
  if (frame->Interlace && read_interlaced(reader) != GIF_OK)
    return fail_with(reader, reader->gif->Error, failure);
  const uint32_t top = (uint32_t)frame->Top;
  uint8_t *painted = reader->lines + (size_t)reader->width * 3;
  for (uint32_t y = 0; y < reader->height; y++) {
    const int covered = y >= top && y - top < (uint32_t)frame->Height;
    if (covered) {
      uint8_t *indices = reader->indices;
      if (frame->Interlace)
        indices += (size_t)frame->Width * (y - top);
      else if (DGifGetLine(reader->gif, indices, frame->Width) != GIF_OK)
        return fail_with(reader, reader->gif->Error, failure);
      if (!paint(reader, indices, painted))
        return pixels_fail(failure, PIXELS_CORRUPT, "a pixel of a colour that is not in the table");
    }
    pixels_cells_add(&reader->cells, covered ? painted : reader->lines, 3, y, rgb);
  }
  return PIXELS_OK;
}

/// The next `count` bytes, or NULL.
static const uint8_t *take(pixels_gif *reader, size_t count) {
  if (count > reader->remaining) {
    reader->ended = 1;
    return NULL;
  }
  const uint8_t *bytes = reader->next;
  reader->next += count;
  reader->remaining -= count;
  return bytes;
}

static int skip_data(pixels_gif *reader) {
  for (;;) {
    const uint8_t *length = take(reader, 1);
    if (!length) return 0;
    if (*length == 0) return 1;
    if (!take(reader, *length)) return 0;
  }
}

/// Skips a frame's description, its table of colours, the size of its codes, and its data.
static int skip_frame(pixels_gif *reader) {
  const uint8_t *description = take(reader, 9);
  if (!description) return 0;
  const uint8_t flags = description[8];
  const size_t table = flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
  return take(reader, table + 1) && skip_data(reader);
}

// A file that is cut after its first frame is noticed too. giflib would keep a record of each frame.
static pixels_status skip_rest(pixels_gif *reader, pixels_failure *failure) {
  for (;;) {
    const uint8_t *introducer = take(reader, 1);
    const int kind = introducer ? *introducer : -1;
    if (kind == 0x3B) return PIXELS_OK;
    int skipped = 0;
    if (kind == 0x2C) skipped = skip_frame(reader);
    if (kind == 0x21) skipped = take(reader, 1) && skip_data(reader);
    if (reader->ended)
      return pixels_fail(failure, PIXELS_TRUNCATED, "the file ends without a trailer");
    if (!skipped)
      return pixels_fail(failure, PIXELS_CORRUPT, "a block of an unknown kind");
  }
}

pixels_status pixels_gif_decode(
    pixels_gif *reader, uint32_t reduction, uint8_t *rgb, pixels_failure *failure) {
  const GifImageDesc *frame = &reader->gif->Image;
  const size_t lines = (size_t)reader->width * 3 * 2;
  reader->indices = malloc((size_t)frame->Width * (frame->Interlace ? (size_t)frame->Height : 1));
  reader->lines = malloc(lines);
  if (!reader->indices || !reader->lines
      || !pixels_cells_start(&reader->cells, reader->width, reader->height, reduction))
    return pixels_fail(failure, PIXELS_TOO_LARGE, "out of memory");
  memset(reader->lines, 255, lines);
  const pixels_status status = read_rows(reader, rgb, failure);
  return status == PIXELS_OK ? skip_rest(reader, failure) : status;
}
