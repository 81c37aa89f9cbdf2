// Matrix products and convolutions of one thread: OpenBLAS and oneDNN behind a few functions.
//
// All matrices are row-major float32 with leading dimensions in floats. Functions may be called from
// any number of threads at once; each call works on its calling thread only.

#ifndef CLINEARALGEBRA_H
#define CLINEARALGEBRA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// MARK: CPU

/// What the choice of kernels depends on.
typedef struct {
  /// The twelve letters of CPUID leaf 0, for example `GenuineIntel`; empty on other architectures.
  char vendor[13];
  /// Display family and model (base plus extended).
  int32_t family, model;
  /// Instruction sets that both the processor and the operating system support.
  bool hasAVX2, hasFMA, hasAVX512;
} CLACPU;

/// The processor that this process runs on.
CLACPU cla_cpu(void);

/// The OPENBLAS_CORETYPE with which OpenBLAS must be loaded on `cpu`, or null where its own detection
/// is right or where the user has set the variable (`userValue` not null).
const char *_Nullable cla_openblas_core_type(const CLACPU *cpu, const char *_Nullable userValue);

// MARK: Products

/// C = alpha * op(A) op(B) + beta * C with op(A) `[m, k]`, op(B) `[k, n]`, C `[m, n]`.
/// With beta = 0 the old values of C are not read.
typedef void (*CLAProduct)(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride);

/// The product by the kernels that passed their check (see `cla_product_choice`).
void cla_product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride);

/// OpenBLAS's product, or null where the library could not be loaded.
CLAProduct _Nullable cla_openblas_product(void);
/// oneDNN's product.
void cla_onednn_product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride);
/// A blocked product in plain C, the last resort.
void cla_plain_product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride);

/// Compares `product` with loops in double precision over ragged shapes, all transpositions, scales
/// and strides (some milliseconds). Where they differ, false, and what differed in `reason`.
bool cla_check_product(CLAProduct product, char *reason, size_t reasonCapacity);

/// A library that may serve products; `product` is null, with the reason in `unavailable`, where it
/// could not be loaded.
typedef struct {
  const char *name;
  CLAProduct _Nullable product;
  const char *_Nullable unavailable;
} CLAProductCandidate;

/// The first candidate that passed the check, and why those before it did not.
typedef struct {
  int32_t index;
  CLAProduct _Nullable product;
  /// One line for each candidate that was passed over, separated by newlines; empty if none was.
  char fallbacks[768];
} CLAProductChoice;

/// Checks candidates in order and takes the first that is right.
CLAProductChoice cla_choose_product(const CLAProductCandidate *candidates, int32_t count);

/// Which kernels serve products in this process.
typedef struct {
  /// The library for large products and the one for small ones.
  const char *large;
  const char *small;
  /// Where OpenBLAS could not be used, or oneDNN not for small products: why; else empty.
  const char *fallbacks;
  /// OpenBLAS's build configuration and the name of its kernels, empty where it is not loaded.
  const char *openBLASConfiguration;
  const char *openBLASCore;
  /// The core type that this library asked OpenBLAS for, or null where OpenBLAS detected it or the
  /// user chose.
  const char *_Nullable openBLASCoreRequested;
  /// The user's own OPENBLAS_CORETYPE at process start, or null.
  const char *_Nullable openBLASCoreByUser;
} CLAProductReport;

/// The choice for this process, made (and checked) at the first call of this or of `cla_product`.
CLAProductReport cla_product_report(void);

// MARK: Convolutions

/// A convolution of images `[batch, height, width, inChannels]` with weights
/// `[outChannels, inChannels, kernel, kernel]` and zero padding on all sides.
typedef struct {
  int32_t batch, height, width, inChannels, outChannels, kernel, stride, padding;
} CLAConvolution;

/// Output of `shape`, `[batch, height', width', outChannels]`. Zero, or oneDNN's error status.
int32_t cla_convolution_forward(
    const CLAConvolution *shape, const float *x, const float *weight, float *output);

/// Gradient of the input.
int32_t cla_convolution_backward_input(
    const CLAConvolution *shape, const float *gradient, const float *weight, float *xGradient);

/// Adds the gradient of the weights to `weightGradient`.
int32_t cla_convolution_backward_weight(
    const CLAConvolution *shape, const float *x, const float *gradient, float *weightGradient);

/// Frees all cached primitives; no other thread may be inside a convolution.
void cla_convolution_drain(void);

/// oneDNN's version as "major.minor.patch".
const char *cla_onednn_version(void);
/// The instruction set that oneDNN generates code for, for example "AVX2".
const char *cla_onednn_instruction_set(void);

#pragma clang assume_nonnull end

#endif
