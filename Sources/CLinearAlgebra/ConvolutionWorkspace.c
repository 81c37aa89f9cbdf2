// oneDNN's engine, and a stream and buffers for each thread.

#include "ConvolutionWorkspace.h"

#include "OneDNN.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_key_t workspace_key;
static pthread_once_t workspace_once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static dnnl_status_t engine_status;

static void free_workspace(void *pointer) {
  CLAWorkspace *workspace = pointer;
  dnnl_stream_destroy(workspace->stream);
  free(workspace->weight);
  free(workspace->scratchpad);
  free(workspace);
}

static void prepare_workspaces(void) {
  pthread_key_create(&workspace_key, free_workspace);
  engine_status = dnnl_engine_create(&engine, dnnl_cpu, 0);
}

dnnl_status_t cla_current_workspace(CLAWorkspace **result) {
  cla_use_one_thread();
  pthread_once(&workspace_once, prepare_workspaces);
  if (engine_status != dnnl_success) return engine_status;
  CLAWorkspace *workspace = pthread_getspecific(workspace_key);
  if (workspace == NULL) {
    workspace = calloc(1, sizeof *workspace);
    if (workspace == NULL) return dnnl_out_of_memory;
    const dnnl_status_t status =
        dnnl_stream_create(&workspace->stream, engine, dnnl_stream_default_flags);
    if (status != dnnl_success) {
      free(workspace);
      return status;
    }
    pthread_setspecific(workspace_key, workspace);
  }
  *result = workspace;
  return dnnl_success;
}

dnnl_engine_t cla_engine(void) { return engine; }

dnnl_status_t cla_reserve(void **buffer, size_t *size, size_t needed) {
  if (*size >= needed) return dnnl_success;
  free(*buffer);
  *size = 0;
  *buffer = aligned_alloc(4096, (needed + 4095) / 4096 * 4096);
  if (*buffer == NULL) return dnnl_out_of_memory;
  *size = needed;
  return dnnl_success;
}
