// OpenBLAS is loaded with dlopen, not linked: it reads OPENBLAS_CORETYPE while it is being loaded, and
// a linked library is loaded before any code of ours could set the variable.

#include "OpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static OpenBLAS library;
static char user_value[64];

static bool find(void *handle, const char *symbol, void *function) {
  void *address = dlsym(handle, symbol);
  if (address == NULL) {
    snprintf(library.failure, sizeof library.failure, "libopenblas.so.0 has no %s", symbol);
    return false;
  }
  memcpy(function, &address, sizeof address);
  return true;
}

static void open_library(void) {
  void *handle = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    const char *error = dlerror();
    snprintf(
        library.failure, sizeof library.failure, "%s", error ? error : "libopenblas.so.0 is missing");
    return;
  }
  char *(*configuration)(void);
  char *(*core)(void);
  void (*set_threads)(int);
  void (*sgemm)(
      int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *,
      int);
  if (!find(handle, "openblas_get_config", &configuration)
      || !find(handle, "openblas_get_corename", &core)
      || !find(handle, "openblas_set_num_threads", &set_threads)
      || !find(handle, "cblas_sgemm", &sgemm))
    return;
  set_threads(1);
  library.configuration = configuration();
  library.core = core();
  library.sgemm = sgemm;
}

/// Sets a variable for as long as OpenBLAS is being loaded, so that child processes do not inherit it.
/// Returns whether it was set.
static bool set_for_now(const char *name, const char *value) {
  return getenv(name) == NULL && setenv(name, value, 1) == 0;
}

// Runs before `main`, while no other thread can be reading the environment.
__attribute__((constructor)) static void load(void) {
  library.configuration = "";
  library.core = "";
  const char *user = getenv("OPENBLAS_CORETYPE");
  if (user != NULL) {
    snprintf(user_value, sizeof user_value, "%s", user);
    library.by_user = user_value;
  }
  const CLACPU cpu = cla_cpu();
  library.requested = cla_openblas_core_type(&cpu, user);
  const bool core_set =
      library.requested != NULL && set_for_now("OPENBLAS_CORETYPE", library.requested);
  // Otherwise it starts a pool of threads, one per core, that is never used.
  const bool threads_set = set_for_now("OPENBLAS_NUM_THREADS", "1");
  open_library();
  if (core_set) unsetenv("OPENBLAS_CORETYPE");
  if (threads_set) unsetenv("OPENBLAS_NUM_THREADS");
}

const OpenBLAS *cla_openblas(void) { return &library; }

static void product(
    bool aTransposed, bool bTransposed, int32_t m, int32_t n, int32_t k, float alpha,
    const float *a, int32_t aStride, const float *b, int32_t bStride, float beta, float *c,
    int32_t cStride) {
  enum { row_major = 101, plain = 111, transposed = 112 };
  library.sgemm(
      row_major, aTransposed ? transposed : plain, bTransposed ? transposed : plain, m, n, k, alpha,
      a, aStride, b, bStride, beta, c, cStride);
}

CLAProduct cla_openblas_product(void) { return library.sgemm == NULL ? NULL : product; }
