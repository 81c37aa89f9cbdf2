#ifndef PIXELS_FAILURE_H
#define PIXELS_FAILURE_H

#include <stdio.h>

#include "CPixels.h"

static inline pixels_status pixels_fail(
    pixels_failure *failure, pixels_status status, const char *message) {
  failure->status = status;
  snprintf(failure->message, sizeof failure->message, "%s", message);
  return status;
}

#endif
