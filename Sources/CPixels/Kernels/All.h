// Every vectorised loop, compiled once for each instruction set by Baseline.c, AVX2.c and AVX512.c.
// Vectors are written with the compiler's vector extension, which maps a 64-byte vector to what the
// instruction set has, so that sums come in the same order everywhere.
#include <string.h>

// Vectors cross no real call: every function that takes or returns one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define PIXELS_INLINE static inline __attribute__((always_inline))

typedef float pixels_f4 __attribute__((vector_size(16)));
typedef float pixels_f16 __attribute__((vector_size(64)));
typedef int32_t pixels_i16 __attribute__((vector_size(64)));
typedef uint8_t pixels_u8x16 __attribute__((vector_size(16)));

#include "Resize.h"
#include "Crop.h"
#include "Colour.h"
#include "Blur.h"
#include "Output.h"

const pixels_kernels PIXELS_TABLE = {
    PIXELS_LEVEL,     resize_horizontally, resize_vertically, resample_crop, adjust_brightness,
    adjust_contrast,  adjust_saturation,   adjust_hue,        greyscale,     mix_pattern,
    blur,             interleave,          normalize,
};
