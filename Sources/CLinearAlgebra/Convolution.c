// Convolutions through oneDNN: activations stay channels-last, weights are reordered from and to
// PyTorch's order at each call, which costs little beside the convolution itself.

#include "CLinearAlgebra.h"
#include "ConvolutionPlan.h"
#include "ConvolutionWorkspace.h"

#include <dnnl.h>

/// One argument of a primitive.
typedef struct {
  int role;
  const dnnl_memory_desc_t *description;
  const void *memory;
} Argument;

static dnnl_status_t execute(
    dnnl_primitive_t primitive, dnnl_stream_t stream, const Argument *arguments, int count) {
  dnnl_exec_arg_t prepared[4];
  dnnl_status_t status = dnnl_success;
  int made = 0;
  for (; made < count && status == dnnl_success; made++) {
    prepared[made].arg = arguments[made].role;
    status = dnnl_memory_create(
        &prepared[made].memory, arguments[made].description, cla_engine(),
        (void *)arguments[made].memory);
    if (status != dnnl_success) break;
  }
  if (status == dnnl_success) status = dnnl_primitive_execute(primitive, stream, count, prepared);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  for (int i = 0; i < made; i++) dnnl_memory_destroy(prepared[i].memory);
  return status;
}

static dnnl_status_t prepare(
    const CLAConvolution *shape, CLADirection direction, const CLAPlan **plan,
    CLAWorkspace **workspace) {
  CLA_RETURN_IF_FAILED(cla_current_workspace(workspace));
  CLA_RETURN_IF_FAILED(cla_find_plan(shape, direction, plan));
  CLAWorkspace *w = *workspace;
  CLA_RETURN_IF_FAILED(
      cla_reserve(&w->weight, &w->weight_size, dnnl_memory_desc_get_size(&(*plan)->weight)));
  const size_t convolution_size = dnnl_memory_desc_get_size(&(*plan)->scratchpad);
  const size_t reorder_size = dnnl_memory_desc_get_size(&(*plan)->reorder_scratchpad);
  return cla_reserve(
      &w->scratchpad, &w->scratchpad_size,
      convolution_size > reorder_size ? convolution_size : reorder_size);
}

static dnnl_status_t reorder(
    const CLAPlan *plan, const CLAWorkspace *workspace, const void *from, const void *to) {
  const bool adds = plan->direction == CLADirectionBackwardWeight;
  const Argument arguments[] = {
      {DNNL_ARG_FROM, adds ? &plan->weight : &plan->plain_weight, from},
      {DNNL_ARG_TO, adds ? &plan->plain_weight : &plan->weight, to},
      {DNNL_ARG_SCRATCHPAD, &plan->reorder_scratchpad, workspace->scratchpad},
  };
  return execute(plan->reorder, workspace->stream, arguments, 3);
}

int32_t cla_convolution_forward(
    const CLAConvolution *shape, const float *x, const float *weight, float *output) {
  const CLAPlan *plan;
  CLAWorkspace *workspace;
  CLA_RETURN_IF_FAILED(prepare(shape, CLADirectionForward, &plan, &workspace));
  CLA_RETURN_IF_FAILED(reorder(plan, workspace, weight, workspace->weight));
  const Argument arguments[] = {
      {DNNL_ARG_SRC, &plan->source, x},
      {DNNL_ARG_WEIGHTS, &plan->weight, workspace->weight},
      {DNNL_ARG_DST, &plan->destination, output},
      {DNNL_ARG_SCRATCHPAD, &plan->scratchpad, workspace->scratchpad},
  };
  return execute(plan->convolution, workspace->stream, arguments, 4);
}

int32_t cla_convolution_backward_input(
    const CLAConvolution *shape, const float *gradient, const float *weight, float *xGradient) {
  const CLAPlan *plan;
  CLAWorkspace *workspace;
  CLA_RETURN_IF_FAILED(prepare(shape, CLADirectionBackwardInput, &plan, &workspace));
  CLA_RETURN_IF_FAILED(reorder(plan, workspace, weight, workspace->weight));
  const Argument arguments[] = {
      {DNNL_ARG_DIFF_DST, &plan->destination, gradient},
      {DNNL_ARG_WEIGHTS, &plan->weight, workspace->weight},
      {DNNL_ARG_DIFF_SRC, &plan->source, xGradient},
      {DNNL_ARG_SCRATCHPAD, &plan->scratchpad, workspace->scratchpad},
  };
  return execute(plan->convolution, workspace->stream, arguments, 4);
}

int32_t cla_convolution_backward_weight(
    const CLAConvolution *shape, const float *x, const float *gradient, float *weightGradient) {
  const CLAPlan *plan;
  CLAWorkspace *workspace;
  CLA_RETURN_IF_FAILED(prepare(shape, CLADirectionBackwardWeight, &plan, &workspace));
  const Argument arguments[] = {
      {DNNL_ARG_SRC, &plan->source, x},
      {DNNL_ARG_DIFF_DST, &plan->destination, gradient},
      {DNNL_ARG_DIFF_WEIGHTS, &plan->weight, workspace->weight},
      {DNNL_ARG_SCRATCHPAD, &plan->scratchpad, workspace->scratchpad},
  };
  CLA_RETURN_IF_FAILED(execute(plan->convolution, workspace->stream, arguments, 4));
  return reorder(plan, workspace, workspace->weight, weightGradient);
}
