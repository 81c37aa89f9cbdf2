// Convolutions through oneDNN: activations stay channels-last, weights are reordered from and to
// PyTorch's order at each call, which costs little beside the convolution itself.

#include "CLinearAlgebra.h"
#include "OneDNN.h"

#include <dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef enum { forward, backward_input, backward_weight } Direction;

/// What is made once for each shape and direction, and read by all threads.
typedef struct Plan {
  CLAConvolution shape;
  Direction direction;
  dnnl_primitive_t convolution;
  /// From PyTorch's order to the convolution's own, or, for `backward_weight`, back and adding.
  dnnl_primitive_t reorder;
  dnnl_memory_desc_t source, weight, plain_weight, destination, scratchpad, reorder_scratchpad;
  struct Plan *next;
} Plan;

enum { bucket_count = 256 };
static Plan *buckets[bucket_count];
static pthread_mutex_t plans_lock = PTHREAD_MUTEX_INITIALIZER;
static dnnl_engine_t engine;

// MARK: Memory of a thread

/// A stream and buffers that one thread reuses.
typedef struct {
  dnnl_stream_t stream;
  void *weight, *scratchpad;
  size_t weight_size, scratchpad_size;
} Workspace;

static pthread_key_t workspace_key;
static pthread_once_t workspace_once = PTHREAD_ONCE_INIT;
static dnnl_status_t engine_status;

static void free_workspace(void *pointer) {
  Workspace *workspace = pointer;
  dnnl_stream_destroy(workspace->stream);
  free(workspace->weight);
  free(workspace->scratchpad);
  free(workspace);
}

static void prepare_workspaces(void) {
  pthread_key_create(&workspace_key, free_workspace);
  engine_status = dnnl_engine_create(&engine, dnnl_cpu, 0);
}

static dnnl_status_t current_workspace(Workspace **result) {
  cla_use_one_thread();
  pthread_once(&workspace_once, prepare_workspaces);
  if (engine_status != dnnl_success) return engine_status;
  Workspace *workspace = pthread_getspecific(workspace_key);
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

static dnnl_status_t reserve(void **buffer, size_t *size, size_t needed) {
  if (*size >= needed) return dnnl_success;
  free(*buffer);
  *size = 0;
  *buffer = aligned_alloc(4096, (needed + 4095) / 4096 * 4096);
  if (*buffer == NULL) return dnnl_out_of_memory;
  *size = needed;
  return dnnl_success;
}

// MARK: Plans

#define RETURN_IF_FAILED(call)                    \
  do {                                            \
    const dnnl_status_t status_ = (call);         \
    if (status_ != dnnl_success) return status_;  \
  } while (0)

static int32_t output_size(int32_t size, const CLAConvolution *shape) {
  return (size + 2 * shape->padding - shape->kernel) / shape->stride + 1;
}

static dnnl_status_t describe(Plan *plan, dnnl_memory_desc_t *any_weight) {
  const CLAConvolution *s = &plan->shape;
  const dnnl_dims_t x = {s->batch, s->inChannels, s->height, s->width};
  const dnnl_dims_t w = {s->outChannels, s->inChannels, s->kernel, s->kernel};
  const dnnl_dims_t y = {
      s->batch, s->outChannels, output_size(s->height, s), output_size(s->width, s)};
  RETURN_IF_FAILED(dnnl_memory_desc_init_by_tag(&plan->source, 4, x, dnnl_f32, dnnl_nhwc));
  RETURN_IF_FAILED(dnnl_memory_desc_init_by_tag(any_weight, 4, w, dnnl_f32, dnnl_format_tag_any));
  RETURN_IF_FAILED(dnnl_memory_desc_init_by_tag(&plan->plain_weight, 4, w, dnnl_f32, dnnl_oihw));
  return dnnl_memory_desc_init_by_tag(&plan->destination, 4, y, dnnl_f32, dnnl_nhwc);
}

/// The descriptor of the primitive in the plan's direction; `forward` is a hint for the other two.
static dnnl_status_t create_descriptor(
    const Plan *plan, Direction direction, const dnnl_memory_desc_t *any_weight,
    dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result) {
  const dnnl_dims_t strides = {plan->shape.stride, plan->shape.stride};
  const dnnl_dims_t padding = {plan->shape.padding, plan->shape.padding};
  dnnl_convolution_desc_t convolution;
  switch (direction) {
    case forward:
      RETURN_IF_FAILED(dnnl_convolution_forward_desc_init(
          &convolution, dnnl_forward_training, dnnl_convolution_direct, &plan->source, any_weight,
          NULL, &plan->destination, strides, padding, padding));
      break;
    case backward_input:
      RETURN_IF_FAILED(dnnl_convolution_backward_data_desc_init(
          &convolution, dnnl_convolution_direct, &plan->source, any_weight, &plan->destination,
          strides, padding, padding));
      break;
    case backward_weight:
      RETURN_IF_FAILED(dnnl_convolution_backward_weights_desc_init(
          &convolution, dnnl_convolution_direct, &plan->source, any_weight, NULL,
          &plan->destination, strides, padding, padding));
      break;
  }
  return dnnl_primitive_desc_create(result, &convolution, attributes, engine, hint);
}

static dnnl_status_t create_convolution(
    Plan *plan, const dnnl_memory_desc_t *any_weight, dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
  if (plan->direction != forward)
    RETURN_IF_FAILED(create_descriptor(plan, forward, any_weight, attributes, NULL, &hint));
  dnnl_status_t status =
      create_descriptor(plan, plan->direction, any_weight, attributes, hint, &descriptor);
  dnnl_primitive_desc_destroy(hint);
  RETURN_IF_FAILED(status);
  const dnnl_query_t weight_query =
      plan->direction == backward_weight ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
  plan->weight = *dnnl_primitive_desc_query_md(descriptor, weight_query, 0);
  plan->scratchpad = *dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
  status = dnnl_primitive_create(&plan->convolution, descriptor);
  dnnl_primitive_desc_destroy(descriptor);
  return status;
}

static dnnl_status_t create_reorder(Plan *plan, dnnl_primitive_attr_t attributes) {
  const bool adds = plan->direction == backward_weight;
  dnnl_post_ops_t operations = NULL;
  if (adds) {
    RETURN_IF_FAILED(dnnl_post_ops_create(&operations));
    dnnl_post_ops_append_sum(operations, 1);
    dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_post_ops_destroy(operations);
  }
  const dnnl_memory_desc_t *from = adds ? &plan->weight : &plan->plain_weight;
  const dnnl_memory_desc_t *to = adds ? &plan->plain_weight : &plan->weight;
  dnnl_primitive_desc_t descriptor;
  RETURN_IF_FAILED(
      dnnl_reorder_primitive_desc_create(&descriptor, from, engine, to, engine, attributes));
  plan->reorder_scratchpad =
      *dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
  const dnnl_status_t status = dnnl_primitive_create(&plan->reorder, descriptor);
  dnnl_primitive_desc_destroy(descriptor);
  return status;
}

static void free_plan(Plan *plan) {
  if (plan->convolution != NULL) dnnl_primitive_destroy(plan->convolution);
  if (plan->reorder != NULL) dnnl_primitive_destroy(plan->reorder);
  free(plan);
}

static dnnl_status_t fill_plan(Plan *plan) {
  dnnl_memory_desc_t any_weight;
  RETURN_IF_FAILED(describe(plan, &any_weight));
  dnnl_primitive_attr_t attributes;
  RETURN_IF_FAILED(dnnl_primitive_attr_create(&attributes));
  // Memory for intermediate results comes from the calling thread, so that threads share primitives.
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_status_t status = create_convolution(plan, &any_weight, attributes);
  if (status == dnnl_success) status = create_reorder(plan, attributes);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

static size_t bucket(const CLAConvolution *shape, Direction direction) {
  uint64_t hash = 0xCBF29CE484222325 ^ (uint64_t)direction;
  const unsigned char *bytes = (const unsigned char *)shape;
  for (size_t i = 0; i < sizeof *shape; i++) hash = (hash ^ bytes[i]) * 0x100000001B3;
  return hash % bucket_count;
}

static dnnl_status_t find_plan(
    const CLAConvolution *shape, Direction direction, const Plan **result) {
  const size_t index = bucket(shape, direction);
  dnnl_status_t status = dnnl_success;
  pthread_mutex_lock(&plans_lock);
  Plan *plan = buckets[index];
  while (plan != NULL
         && (plan->direction != direction || memcmp(&plan->shape, shape, sizeof *shape) != 0))
    plan = plan->next;
  if (plan == NULL) {
    plan = calloc(1, sizeof *plan);
    status = plan == NULL ? dnnl_out_of_memory : dnnl_success;
    if (plan != NULL) {
      plan->shape = *shape;
      plan->direction = direction;
      status = fill_plan(plan);
      if (status == dnnl_success) {
        plan->next = buckets[index];
        buckets[index] = plan;
      } else {
        free_plan(plan);
      }
    }
  }
  pthread_mutex_unlock(&plans_lock);
  *result = plan;
  return status;
}

void cla_convolution_drain(void) {
  pthread_mutex_lock(&plans_lock);
  for (size_t i = 0; i < bucket_count; i++)
    while (buckets[i] != NULL) {
      Plan *plan = buckets[i];
      buckets[i] = plan->next;
      free_plan(plan);
    }
  pthread_mutex_unlock(&plans_lock);
}

// MARK: Execution

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
        &prepared[made].memory, arguments[made].description, engine, (void *)arguments[made].memory);
    if (status != dnnl_success) break;
  }
  if (status == dnnl_success) status = dnnl_primitive_execute(primitive, stream, count, prepared);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  for (int i = 0; i < made; i++) dnnl_memory_destroy(prepared[i].memory);
  return status;
}

static dnnl_status_t prepare(
    const CLAConvolution *shape, Direction direction, const Plan **plan, Workspace **workspace) {
  RETURN_IF_FAILED(current_workspace(workspace));
  RETURN_IF_FAILED(find_plan(shape, direction, plan));
  Workspace *w = *workspace;
  RETURN_IF_FAILED(
      reserve(&w->weight, &w->weight_size, dnnl_memory_desc_get_size(&(*plan)->weight)));
  const size_t convolution_size = dnnl_memory_desc_get_size(&(*plan)->scratchpad);
  const size_t reorder_size = dnnl_memory_desc_get_size(&(*plan)->reorder_scratchpad);
  return reserve(
      &w->scratchpad, &w->scratchpad_size,
      convolution_size > reorder_size ? convolution_size : reorder_size);
}

static dnnl_status_t reorder(
    const Plan *plan, const Workspace *workspace, const void *from, const void *to) {
  const bool adds = plan->direction == backward_weight;
  const Argument arguments[] = {
      {DNNL_ARG_FROM, adds ? &plan->weight : &plan->plain_weight, from},
      {DNNL_ARG_TO, adds ? &plan->plain_weight : &plan->weight, to},
      {DNNL_ARG_SCRATCHPAD, &plan->reorder_scratchpad, workspace->scratchpad},
  };
  return execute(plan->reorder, workspace->stream, arguments, 3);
}

int32_t cla_convolution_forward(
    const CLAConvolution *shape, const float *x, const float *weight, float *output) {
  const Plan *plan;
  Workspace *workspace;
  RETURN_IF_FAILED(prepare(shape, forward, &plan, &workspace));
  RETURN_IF_FAILED(reorder(plan, workspace, weight, workspace->weight));
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
  const Plan *plan;
  Workspace *workspace;
  RETURN_IF_FAILED(prepare(shape, backward_input, &plan, &workspace));
  RETURN_IF_FAILED(reorder(plan, workspace, weight, workspace->weight));
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
  const Plan *plan;
  Workspace *workspace;
  RETURN_IF_FAILED(prepare(shape, backward_weight, &plan, &workspace));
  const Argument arguments[] = {
      {DNNL_ARG_SRC, &plan->source, x},
      {DNNL_ARG_DIFF_DST, &plan->destination, gradient},
      {DNNL_ARG_DIFF_WEIGHTS, &plan->weight, workspace->weight},
      {DNNL_ARG_SCRATCHPAD, &plan->scratchpad, workspace->scratchpad},
  };
  RETURN_IF_FAILED(execute(plan->convolution, workspace->stream, arguments, 4));
  return reorder(plan, workspace, workspace->weight, weightGradient);
}
