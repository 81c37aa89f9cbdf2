// What the machine can do at most: arithmetic that stays in registers, and memory that is streamed.

#ifndef CKERNELS_PEAK_H
#define CKERNELS_PEAK_H

#include "CKernels.h"

#pragma clang assume_nonnull begin

/// Multiplies and adds in independent registers, `rounds` times, with the widest vectors of `level`
/// (fused where the level has it). Returns the floating-point operations done; `sink` gets a value
/// that depends on all of them, so that none can be left out.
double ck_peak(CKLevel level, float *sink, long rounds);

/// `output = x + scale * y` over `count` elements: STREAM's triad (McCalpin, 1995), 12 bytes moved an
/// element by STREAM's way of counting.
void ck_triad(CKLevel level, float *output, const float *x, const float *y, float scale, long count);

#pragma clang assume_nonnull end

#endif
