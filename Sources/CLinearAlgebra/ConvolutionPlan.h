// What a convolution of one shape and direction is made of.

#ifndef CLA_CONVOLUTION_PLAN_H
#define CLA_CONVOLUTION_PLAN_H

#include "CLinearAlgebra.h"

#include <dnnl.h>

typedef enum {
  CLADirectionForward,
  CLADirectionBackwardInput,
  CLADirectionBackwardWeight
} CLADirection;

/// What is made once for each shape and direction, and read by all threads.
typedef struct CLAPlan {
  CLAConvolution shape;
  CLADirection direction;
  dnnl_primitive_t convolution;
  /// From PyTorch's order to the convolution's own, or, for `CLADirectionBackwardWeight`, back and
  /// adding.
  dnnl_primitive_t reorder;
  dnnl_memory_desc_t source, weight, plain_weight, destination, scratchpad, reorder_scratchpad;
  struct CLAPlan *next;
} CLAPlan;

/// The plan of a shape and direction, made where there is none yet.
///
/// The calling thread has its workspace.
dnnl_status_t cla_find_plan(
    const CLAConvolution *shape, CLADirection direction, const CLAPlan **result);

#define CLA_RETURN_IF_FAILED(call)               \
  do {                                           \
    const dnnl_status_t status_ = (call);        \
    if (status_ != dnnl_success) return status_; \
  } while (0)

#endif
