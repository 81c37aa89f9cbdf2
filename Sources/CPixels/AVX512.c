#include "Tables.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define PIXELS_TABLE pixels_avx512_kernels
#define PIXELS_LEVEL "avx512"
#include "Kernels/All.h"
#pragma clang attribute pop
#endif
