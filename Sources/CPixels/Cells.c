#include <stdlib.h>
#include <string.h>

#include "Cells.h"

int pixels_cells_start(
    pixels_cells *cells, uint32_t width, uint32_t height, uint32_t reduction) {
  cells->width = width;
  cells->height = height;
  cells->reduction = reduction;
  cells->sums = NULL;
  if (reduction == 1) return 1;
  cells->sums = calloc(((size_t)width + reduction - 1) / reduction, 3 * sizeof(uint32_t));
  return cells->sums != NULL;
}

void pixels_cells_end(pixels_cells *cells) {
  free(cells->sums);
  cells->sums = NULL;
}

/// value over white: value * alpha + 255 * (255 - alpha), over 255, rounded.
static inline uint8_t over_white(unsigned value, unsigned alpha) {
  unsigned sum = value * alpha + 255u * (255u - alpha) + 128u;
  return (uint8_t)(((sum >> 8) + sum) >> 8);
}

static void copy_row(const uint8_t *row, uint32_t channels, uint32_t width, uint8_t *rgb) {
  if (channels == 3) {
    memcpy(rgb, row, (size_t)width * 3);
    return;
  }
  for (uint32_t x = 0; x < width; x++, row += 4, rgb += 3)
    for (int c = 0; c < 3; c++) rgb[c] = over_white(row[c], row[3]);
}

static void add_row(pixels_cells *cells, const uint8_t *row, uint32_t channels) {
  const uint32_t reduction = cells->reduction;
  uint32_t *sums = cells->sums;
  for (uint32_t left = cells->width; left > 0; sums += 3) {
    const uint32_t cell = left < reduction ? left : reduction;
    uint32_t red = 0, green = 0, blue = 0;
    if (channels == 4)
      for (uint32_t x = 0; x < cell; x++, row += 4) {
        red += over_white(row[0], row[3]);
        green += over_white(row[1], row[3]);
        blue += over_white(row[2], row[3]);
      }
    else
      for (uint32_t x = 0; x < cell; x++, row += 3) {
        red += row[0];
        green += row[1];
        blue += row[2];
      }
    sums[0] += red;
    sums[1] += green;
    sums[2] += blue;
    left -= cell;
  }
}

static void write_means(pixels_cells *cells, uint32_t rows, uint8_t *rgb) {
  const uint32_t reduction = cells->reduction;
  uint32_t *sums = cells->sums;
  for (uint32_t left = cells->width; left > 0;) {
    const uint32_t cell = left < reduction ? left : reduction;
    const uint32_t area = cell * rows;
    for (int c = 0; c < 3; c++, sums++, rgb++) {
      *rgb = (uint8_t)((*sums + area / 2) / area);
      *sums = 0;
    }
    left -= cell;
  }
}

void pixels_cells_add(
    pixels_cells *cells, const uint8_t *row, uint32_t channels, uint32_t y, uint8_t *rgb) {
  const uint32_t reduction = cells->reduction;
  const size_t stride = ((size_t)cells->width + reduction - 1) / reduction * 3;
  uint8_t *target = rgb + stride * (y / reduction);
  if (reduction == 1) {
    copy_row(row, channels, cells->width, target);
    return;
  }
  add_row(cells, row, channels);
  if (y + 1 == cells->height || (y + 1) % reduction == 0)
    write_means(cells, y % reduction + 1, target);
}
