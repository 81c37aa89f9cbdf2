#include "Tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define CK_TABLE ck_avx512_kernels
#define CK_HAS_AVX512
#include "Kernels/All.h"
#pragma clang attribute pop
#endif
