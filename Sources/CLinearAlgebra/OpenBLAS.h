// The loaded OpenBLAS, as the product's choice and report see it.

#ifndef CLA_OPENBLAS_H
#define CLA_OPENBLAS_H

#include "CLinearAlgebra.h"

typedef struct {
  void (*sgemm)(
      int order, int aTransposed, int bTransposed, int m, int n, int k, float alpha,
      const float *a, int aStride, const float *b, int bStride, float beta, float *c, int cStride);
  const char *configuration;
  const char *core;
  const char *requested;
  const char *by_user;
  /// Why it could not be loaded; empty where it was.
  char failure[256];
} OpenBLAS;

const OpenBLAS *cla_openblas(void);

#endif
