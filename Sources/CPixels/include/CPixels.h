/// Pixels in C: what needs libjpeg's and libpng's `longjmp` error handling, which Swift frames must
/// never be jumped over, the other decoders in the same manner, and the vectorised loops behind
/// resizing and augmentation.
///
/// Nothing here checks sizes beyond what decoding untrusted bytes needs: the Swift types of
/// AuditPixels are the callers and check once.
#ifndef CPIXELS_H
#define CPIXELS_H

#include <stddef.h>
#include <stdint.h>

#define PIXELS_MESSAGE_LENGTH 256

/// Why a call failed; zero is success.
typedef enum {
  PIXELS_OK = 0,
  /// The bytes end before the image does.
  PIXELS_TRUNCATED = 1,
  /// The bytes contradict the format.
  PIXELS_CORRUPT = 2,
  /// Decoding would take more memory than allowed.
  PIXELS_TOO_LARGE = 3,
  /// A variant of the format that the library does not decode.
  PIXELS_UNSUPPORTED = 4,
} pixels_status;

/// What a failed call says in words: zero-terminated.
typedef struct {
  pixels_status status;
  char message[PIXELS_MESSAGE_LENGTH];
} pixels_failure;

/// What an image's header says.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// Bytes that decoding holds beside its output, as far as the header tells; 0 for JPEG, which is
  /// given a limit.
  uint64_t held_bytes;
} pixels_header;

// MARK: - JPEG (JPEG.c, JPEGEncoder.c)

typedef struct pixels_jpeg pixels_jpeg;

/// Starts reading a JPEG; `bytes` must outlive the reader. NULL when memory is short.
pixels_jpeg *_Nullable pixels_jpeg_open(const uint8_t *_Nonnull bytes, size_t count);

/// Reads the header.
pixels_status pixels_jpeg_read_header(
    pixels_jpeg *_Nonnull reader, pixels_header *_Nonnull header, pixels_failure *_Nonnull failure);

/// Decodes at 1/`reduction` (1, 2, 4 or 8) of the size by the DCT into RGB
/// `[ceil(height / reduction), ceil(width / reduction), 3]`. Truncated data, and any warning of
/// libjpeg that means lost image data, is a failure. `maximum_memory`: bytes for coefficients.
pixels_status pixels_jpeg_decode(
    pixels_jpeg *_Nonnull reader, uint32_t reduction, size_t maximum_memory, uint8_t *_Nonnull rgb,
    pixels_failure *_Nonnull failure);

void pixels_jpeg_close(pixels_jpeg *_Nullable reader);

/// Encodes RGB `[height, width, 3]` as baseline JPEG, chroma at half the resolution. On success `*encoded`
/// is memory of `*encoded_count` bytes that the caller frees with `free`. `quality`: libjpeg's, 1...100.
pixels_status pixels_jpeg_encode(
    const uint8_t *_Nonnull rgb, uint32_t width, uint32_t height, int32_t quality,
    uint8_t *_Nullable *_Nonnull encoded, size_t *_Nonnull encoded_count,
    pixels_failure *_Nonnull failure);

// MARK: - PNG (PNG.c, PNGEncoder.c)

typedef struct pixels_png pixels_png;

/// Starts reading a PNG; `bytes` must outlive the reader. NULL when memory is short.
pixels_png *_Nullable pixels_png_open(const uint8_t *_Nonnull bytes, size_t count);

/// Reads the chunks before the image data.
pixels_status pixels_png_read_header(
    pixels_png *_Nonnull reader, pixels_header *_Nonnull header, pixels_failure *_Nonnull failure);

/// Decodes into RGB `[ceil(height / reduction), ceil(width / reduction), 3]`, alpha composited over
/// white, each output pixel the rounded mean of a `reduction` x `reduction` cell (of what is there
/// at the right and lower edge). Rows are reduced while they are read, so memory does not grow with
/// the image unless it is interlaced. `reduction` lies in 1...4096.
pixels_status pixels_png_decode(
    pixels_png *_Nonnull reader, uint32_t reduction, uint8_t *_Nonnull rgb,
    pixels_failure *_Nonnull failure);

void pixels_png_close(pixels_png *_Nullable reader);

/// Encodes RGB `[height, width, 3]` as PNG. On success `*encoded` is memory of `*encoded_count`
/// bytes that the caller frees with `free`. `compression`: zlib's level, 0...9.
pixels_status pixels_png_encode(
    const uint8_t *_Nonnull rgb, uint32_t width, uint32_t height, int32_t compression,
    uint8_t *_Nullable *_Nonnull encoded, size_t *_Nonnull encoded_count,
    pixels_failure *_Nonnull failure);

// MARK: - WebP (WebP.c)

typedef struct pixels_webp pixels_webp;

/// Starts reading a WebP; `bytes` must outlive the reader. NULL when memory is short.
pixels_webp *_Nullable pixels_webp_open(const uint8_t *_Nonnull bytes, size_t count);

/// Walks all chunks: a file that is cut is found here. The size is that of an animation's canvas.
pixels_status pixels_webp_read_header(
    pixels_webp *_Nonnull reader, pixels_header *_Nonnull header, pixels_failure *_Nonnull failure);

/// Decodes the first frame, on its canvas, into RGB as `pixels_png_decode` does; what no frame covers
/// is white. The frame is held whole: libwebp's own scaler saves a seventh of the time, but has other
/// cells and no regard for alpha.
pixels_status pixels_webp_decode(
    pixels_webp *_Nonnull reader, uint32_t reduction, uint8_t *_Nonnull rgb,
    pixels_failure *_Nonnull failure);

void pixels_webp_close(pixels_webp *_Nullable reader);

// MARK: - GIF (GIF.c)

typedef struct pixels_gif pixels_gif;

/// Starts reading a GIF; `bytes` must outlive the reader. NULL when memory is short.
pixels_gif *_Nullable pixels_gif_open(const uint8_t *_Nonnull bytes, size_t count);

/// Reads up to the first frame's data. The size is the logical screen's, or more where that frame
/// sticks out of it.
pixels_status pixels_gif_read_header(
    pixels_gif *_Nonnull reader, pixels_header *_Nonnull header, pixels_failure *_Nonnull failure);

/// Decodes the first frame, on its screen, into RGB as `pixels_png_decode` does; what it does not
/// cover, and the transparent colour, is white. Memory does not grow with the image unless it is
/// interlaced. The blocks behind the frame are walked over up to the trailer.
pixels_status pixels_gif_decode(
    pixels_gif *_Nonnull reader, uint32_t reduction, uint8_t *_Nonnull rgb,
    pixels_failure *_Nonnull failure);

void pixels_gif_close(pixels_gif *_Nullable reader);

// MARK: - Resizing, equal to Pillow's 8-bit bicubic result (Resize.c)

/// One axis of a resize: `box` source pixels, counted from 0 and possibly not whole, become
/// `output` pixels, of which `window_length` from `window_start` on are wanted.
typedef struct {
  int32_t input;
  double box;
  int64_t output;
  int64_t window_start;
  int32_t window_length;
} pixels_axis;

/// Resizes RGB `[y.input, x.input, 3]` into RGB `[y.window_length, x.window_length, 3]`: bicubic
/// (a = -0.5), antialiased, horizontal pass first, both passes rounded to 8 bits from 22-bit fixed
/// point, as Pillow's `Image.resize` does. Returns 0, or -1 when memory is short.
int32_t pixels_resize_bicubic(
    const uint8_t *_Nonnull source, pixels_axis x, pixels_axis y, uint8_t *_Nonnull target);

// MARK: - Augmentation (Kernels/, chosen for the CPU in Dispatch.c)
//
// Planes are float32 `[3, count]` in 0...1, red, green and blue one after the other.

/// Which kernels this CPU gets: "avx512", "avx2" or "baseline".
const char *_Nonnull pixels_kernel_level(void);

/// Makes all calls on this thread use the kernels of a level (NULL: the best); 0 where the CPU does not have it.
/// For tests and benchmarks.
int32_t pixels_choose_kernels(const char *_Nullable level);

/// Floats of scratch that `pixels_resample_crop` needs.
size_t pixels_resample_scratch(int32_t crop_width, int32_t crop_height, int32_t edge);

/// Resamples the crop of an RGB image of `source_width` pixels a row into planes `[3, edge, edge]`:
/// bilinear, antialiased where it shrinks (triangle filter of Pillow, without rounding), mirrored
/// horizontally where `flip` is not 0.
void pixels_resample_crop(
    const uint8_t *_Nonnull source, int32_t source_width, int32_t crop_x, int32_t crop_y,
    int32_t crop_width, int32_t crop_height, int32_t flip, float *_Nonnull planes, int32_t edge,
    float *_Nonnull scratch);

/// c * factor, clamped.
void pixels_adjust_brightness(float *_Nonnull planes, size_t count, float factor);
/// factor * c + (1 - factor) * (mean grey of the image), clamped.
void pixels_adjust_contrast(float *_Nonnull planes, size_t count, float factor);
/// factor * c + (1 - factor) * (grey of the pixel), clamped.
void pixels_adjust_saturation(float *_Nonnull planes, size_t count, float factor);
/// Turns the hue (HSV) by `turn` of a full circle, -0.5...0.5.
void pixels_adjust_hue(float *_Nonnull planes, size_t count, float turn);
/// All three planes become 0.2989 R + 0.587 G + 0.114 B.
void pixels_greyscale(float *_Nonnull planes, size_t count);
/// A rectangle of pixels.
typedef struct {
  int32_t x;
  int32_t y;
  int32_t width;
  int32_t height;
} pixels_area;

/// (1 - opacity) * c + opacity * (the cell's colour) in an area of planes `[3, edge, edge]`, colours
/// `[3, cells, cells]`.
void pixels_mix_pattern(
    float *_Nonnull planes, int32_t edge, pixels_area area, const float *_Nonnull colours,
    int32_t cells, float opacity);

/// Separable convolution of planes `[3, edge, edge]` with `2 * radius + 1` weights, edges reflected
/// (without repeating the edge pixel). `radius < edge`; scratch: `edge * (edge + 2) + 2 * radius`.
void pixels_blur(
    float *_Nonnull planes, int32_t edge, const float *_Nonnull weights, int32_t radius,
    float *_Nonnull scratch);

/// Planes `[3, count]` to pixels `[count, 3]`: scale[c] * value + shift[c].
void pixels_interleave(
    const float *_Nonnull planes, size_t count, const float *_Nonnull scale,
    const float *_Nonnull shift, float *_Nonnull output);

/// 8-bit pixels `[count, 3]` to floats `[count, 3]`: scale[c] * (value / 255) + shift[c].
void pixels_normalize(
    const uint8_t *_Nonnull pixels, size_t count, const float *_Nonnull scale,
    const float *_Nonnull shift, float *_Nonnull output);

#endif
