#include "Tables.h"

#define PIXELS_TABLE pixels_baseline_kernels
#define PIXELS_LEVEL "baseline"
#include "Kernels/All.h"
