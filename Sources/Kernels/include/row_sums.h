#ifndef DSX_ROW_SUMS_H
#define DSX_ROW_SUMS_H

#include <stddef.h>
#include <stdint.h>

/* Sums of the rows of a matrix, each as often as a resample drew it: `sums[r * stride + j]` =
   sum over i of weights[r * count + i] * rows[i * stride + j], exactly, for r in 0..<replicates.

   `rows` is count x stride, stride 4, 8 or a multiple of 16; no magnitude in it is above `largest`, and
   the sum of a replicate's weights times `largest` stays below 2^63. Rows are read once for all.
   Its twin is ExampleMatrix.sum, which adds drawn row after drawn row. */
void dsx_weighted_row_sums(const int32_t *rows, size_t count, size_t stride, int64_t largest,
                           const uint8_t *weights, size_t replicates, int64_t *sums);
/* The same for rows of numbers from -32,767 to 32,767; stride is a multiple of 8. */
void dsx_weighted_row_sums_16(const int16_t *rows, size_t count, size_t stride,
                              const uint8_t *weights, size_t replicates, int64_t *sums);
/* How often each number was drawn: counts[drawn[i]] += 1 for all i; `counts` is set to 0 before. Every
   drawn number is below `size`. Returns 0, or 1 when a number was drawn more than 255 times. */
int dsx_tally(const uint32_t *drawn, size_t draws, uint8_t *counts, size_t size);

#endif
