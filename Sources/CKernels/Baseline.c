#include "Tables.h"

#define CK_TABLE ck_baseline_kernels
#include "Kernels/All.h"
