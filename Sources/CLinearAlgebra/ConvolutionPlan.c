// Convolutions by shape and direction: made once, kept, shared by all threads.

#include "ConvolutionPlan.h"

#include "ConvolutionWorkspace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { bucket_count = 256 };
static CLAPlan *buckets[bucket_count];
static pthread_mutex_t plans_lock = PTHREAD_MUTEX_INITIALIZER;

static int32_t output_size(int32_t size, const CLAConvolution *shape) {
  return (size + 2 * shape->padding - shape->kernel) / shape->stride + 1;
}

static dnnl_status_t describe(CLAPlan *plan, dnnl_memory_desc_t *any_weight) {
  const CLAConvolution *s = &plan->shape;
  const dnnl_dims_t x = {s->batch, s->inChannels, s->height, s->width};
  const dnnl_dims_t w = {s->outChannels, s->inChannels, s->kernel, s->kernel};
  const dnnl_dims_t y = {
      s->batch, s->outChannels, output_size(s->height, s), output_size(s->width, s)};
  CLA_RETURN_IF_FAILED(dnnl_memory_desc_init_by_tag(&plan->source, 4, x, dnnl_f32, dnnl_nhwc));
  CLA_RETURN_IF_FAILED(
      dnnl_memory_desc_init_by_tag(any_weight, 4, w, dnnl_f32, dnnl_format_tag_any));
  CLA_RETURN_IF_FAILED(
      dnnl_memory_desc_init_by_tag(&plan->plain_weight, 4, w, dnnl_f32, dnnl_oihw));
  return dnnl_memory_desc_init_by_tag(&plan->destination, 4, y, dnnl_f32, dnnl_nhwc);
}

/// The descriptor of the primitive in the plan's direction; the forward one is a hint for the others.
static dnnl_status_t create_descriptor(
    const CLAPlan *plan, CLADirection direction, const dnnl_memory_desc_t *any_weight,
    dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result) {
  const dnnl_dims_t strides = {plan->shape.stride, plan->shape.stride};
  const dnnl_dims_t padding = {plan->shape.padding, plan->shape.padding};
  dnnl_convolution_desc_t convolution;
  switch (direction) {
    case CLADirectionForward:
      CLA_RETURN_IF_FAILED(dnnl_convolution_forward_desc_init(
          &convolution, dnnl_forward_training, dnnl_convolution_direct, &plan->source, any_weight,
          NULL, &plan->destination, strides, padding, padding));
      break;
    case CLADirectionBackwardInput:
      CLA_RETURN_IF_FAILED(dnnl_convolution_backward_data_desc_init(
          &convolution, dnnl_convolution_direct, &plan->source, any_weight, &plan->destination,
          strides, padding, padding));
      break;
    case CLADirectionBackwardWeight:
      CLA_RETURN_IF_FAILED(dnnl_convolution_backward_weights_desc_init(
          &convolution, dnnl_convolution_direct, &plan->source, any_weight, NULL,
          &plan->destination, strides, padding, padding));
      break;
  }
  return dnnl_primitive_desc_create(result, &convolution, attributes, cla_engine(), hint);
}

static dnnl_status_t create_convolution(
    CLAPlan *plan, const dnnl_memory_desc_t *any_weight, dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t hint = NULL, descriptor = NULL;
  if (plan->direction != CLADirectionForward)
    CLA_RETURN_IF_FAILED(
        create_descriptor(plan, CLADirectionForward, any_weight, attributes, NULL, &hint));
  dnnl_status_t status =
      create_descriptor(plan, plan->direction, any_weight, attributes, hint, &descriptor);
  dnnl_primitive_desc_destroy(hint);
  CLA_RETURN_IF_FAILED(status);
  const dnnl_query_t weight_query = plan->direction == CLADirectionBackwardWeight
                                        ? dnnl_query_diff_weights_md
                                        : dnnl_query_weights_md;
  plan->weight = *dnnl_primitive_desc_query_md(descriptor, weight_query, 0);
  plan->scratchpad = *dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
  status = dnnl_primitive_create(&plan->convolution, descriptor);
  dnnl_primitive_desc_destroy(descriptor);
  return status;
}

static dnnl_status_t create_reorder(CLAPlan *plan, dnnl_primitive_attr_t attributes) {
  const bool adds = plan->direction == CLADirectionBackwardWeight;
  dnnl_post_ops_t operations = NULL;
  if (adds) {
    CLA_RETURN_IF_FAILED(dnnl_post_ops_create(&operations));
    dnnl_post_ops_append_sum(operations, 1);
    dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_post_ops_destroy(operations);
  }
  const dnnl_memory_desc_t *from = adds ? &plan->weight : &plan->plain_weight;
  const dnnl_memory_desc_t *to = adds ? &plan->plain_weight : &plan->weight;
  dnnl_primitive_desc_t descriptor;
  CLA_RETURN_IF_FAILED(dnnl_reorder_primitive_desc_create(
      &descriptor, from, cla_engine(), to, cla_engine(), attributes));
  plan->reorder_scratchpad =
      *dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
  const dnnl_status_t status = dnnl_primitive_create(&plan->reorder, descriptor);
  dnnl_primitive_desc_destroy(descriptor);
  return status;
}

static void free_plan(CLAPlan *plan) {
  if (plan->convolution != NULL) dnnl_primitive_destroy(plan->convolution);
  if (plan->reorder != NULL) dnnl_primitive_destroy(plan->reorder);
  free(plan);
}

static dnnl_status_t fill_plan(CLAPlan *plan) {
  dnnl_memory_desc_t any_weight;
  CLA_RETURN_IF_FAILED(describe(plan, &any_weight));
  dnnl_primitive_attr_t attributes;
  CLA_RETURN_IF_FAILED(dnnl_primitive_attr_create(&attributes));
  // Memory for intermediate results comes from the calling thread, so that threads share primitives.
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_status_t status = create_convolution(plan, &any_weight, attributes);
  if (status == dnnl_success) status = create_reorder(plan, attributes);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

static size_t bucket(const CLAConvolution *shape, CLADirection direction) {
  uint64_t hash = 0xCBF29CE484222325 ^ (uint64_t)direction;
  const unsigned char *bytes = (const unsigned char *)shape;
  for (size_t i = 0; i < sizeof *shape; i++) hash = (hash ^ bytes[i]) * 0x100000001B3;
  return hash % bucket_count;
}

dnnl_status_t cla_find_plan(
    const CLAConvolution *shape, CLADirection direction, const CLAPlan **result) {
  const size_t index = bucket(shape, direction);
  dnnl_status_t status = dnnl_success;
  pthread_mutex_lock(&plans_lock);
  CLAPlan *plan = buckets[index];
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
      CLAPlan *plan = buckets[i];
      buckets[i] = plan->next;
      free_plan(plan);
    }
  pthread_mutex_unlock(&plans_lock);
}
