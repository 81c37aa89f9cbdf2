// What one thread needs to run convolutions.

#ifndef CLA_CONVOLUTION_WORKSPACE_H
#define CLA_CONVOLUTION_WORKSPACE_H

#include <dnnl.h>

/// A stream and buffers that one thread reuses.
typedef struct {
  dnnl_stream_t stream;
  void *weight, *scratchpad;
  size_t weight_size, scratchpad_size;
} CLAWorkspace;

/// The calling thread's workspace, made at its first call and freed with the thread.
dnnl_status_t cla_current_workspace(CLAWorkspace **result);

/// The processor as oneDNN knows it; there once a thread has its workspace.
dnnl_engine_t cla_engine(void);

/// Makes `buffer` of `size` bytes hold `needed`; its contents are lost where it grows.
dnnl_status_t cla_reserve(void **buffer, size_t *size, size_t needed);

#endif
