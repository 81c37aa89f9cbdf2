// Rows of an image become means of square cells, so that only one row of cells is held.
#ifndef PIXELS_CELLS_H
#define PIXELS_CELLS_H

#include <stdint.h>

/// The row of cells that is being filled.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// Edge of a cell, 1...4096: the sums of a cell, and half of its area, stay below 2^32.
  uint32_t reduction;
  /// `[ceil(width / reduction), 3]`; NULL at full size.
  uint32_t *sums;
} pixels_cells;

/// Zero when memory is short. What it takes is freed by `pixels_cells_end`, also after a failure.
int pixels_cells_start(
    pixels_cells *cells, uint32_t width, uint32_t height, uint32_t reduction);

/// Adds row `y`, which must be the next, of RGB (3 channels) or RGBA (4, composited over white).
/// `rgb` is the whole output, `[ceil(height / reduction), ceil(width / reduction), 3]`.
void pixels_cells_add(
    pixels_cells *cells, const uint8_t *row, uint32_t channels, uint32_t y, uint8_t *rgb);

void pixels_cells_end(pixels_cells *cells);

#endif
