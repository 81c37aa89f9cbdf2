#ifndef CK_TABLES_H
#define CK_TABLES_H

#include "CKernels.h"

extern const CKKernels ck_baseline_kernels;
extern const CKKernels ck_avx2_kernels;
extern const CKKernels ck_avx512_kernels;

#endif
