#include "Tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CK_TABLE ck_avx2_kernels
#define CK_HAS_AVX2
#include "Kernels/All.h"
#pragma clang attribute pop
#endif
