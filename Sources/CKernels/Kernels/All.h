// Included once for each level, which defines CK_TABLE.

#include "Vector.h"

#include "Columns.h"
#include "Rows.h"
#include "Pointwise.h"
#include "Reductions.h"
#include "Positions.h"
#include "Attention.h"

const CKKernels CK_TABLE = {
    .columnMoments = column_moments,
    .normalizeColumns = normalize_columns,
    .normalizeColumnsBackwardSums = normalize_columns_backward_sums,
    .normalizeColumnsBackward = normalize_columns_backward,
    .accumulateColumnSums = accumulate_column_sums,
    .layerNorm = layer_norm,
    .layerNormBackward = layer_norm_backward,
    .normalizeRows = normalize_rows,
    .normalizeRowsBackward = normalize_rows_backward,
    .softmaxInPlace = softmax_in_place,
    .softmaxBackwardInPlace = softmax_backward_in_place,
    .crossEntropy = cross_entropy,
    .updateRowMaxima = update_row_maxima,
    .activate = activate,
    .activateBackward = activate_backward,
    .add = add,
    .accumulate = accumulate,
    .fill = fill,
    .adamW = adam_w,
    .total = total,
    .innerProduct = inner_product,
    .sumBuffers = sum_buffers,
    .sumInto = sum_into,
    .averagePool = average_pool,
    .averagePoolBackward = average_pool_backward,
    .meanOverPositions = mean_over_positions,
    .meanOverPositionsBackward = mean_over_positions_backward,
    .gatherPatches = gather_patches,
    .scatterPatches = scatter_patches,
    .channelsLast = channels_last,
    .accumulateChannelsLast = accumulate_channels_last,
    .gatherRows = gather_rows,
    .accumulateRows = accumulate_rows,
    .attendOnce = attend_once,
    .attendOnceBackward = attend_once_backward,
};
