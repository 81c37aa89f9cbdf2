#ifndef PIXELS_FAILURE_H
#define PIXELS_FAILURE_H

#include <stdio.h>
#include <stdlib.h>

#include "CPixels.h"

static inline pixels_status pixels_fail(
    pixels_failure *failure, pixels_status status, const char *message) {
  failure->status = status;
  snprintf(failure->message, sizeof failure->message, "%s", message);
  return status;
}

/// How an encoder ends: gives the bytes to the caller, or frees them and tells why there are none.
static inline pixels_status pixels_hand_over(
    const pixels_failure *own, uint8_t *bytes, size_t count, uint8_t **encoded,
    size_t *encoded_count, pixels_failure *failure) {
  if (own->status == PIXELS_OK) {
    *encoded = bytes;
    *encoded_count = count;
  } else {
    *failure = *own;
    free(bytes);
  }
  return own->status;
}

#endif
