#include "Tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define PIXELS_TABLE pixels_avx2_kernels
#define PIXELS_LEVEL "avx2"
#include "Kernels/All.h"
#pragma clang attribute pop
#endif
