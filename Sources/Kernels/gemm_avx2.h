#ifndef DSX_GEMM_AVX2_H
#define DSX_GEMM_AVX2_H

#include <immintrin.h>

#include "gemm_tile.h"

/* What the AVX2 tiles of both types share.

   Tiles of 4 to 6 rows take half a panel at a time: at most 12 sums, two registers of weights, one of an
   input. Tiles of fewer rows take the whole panel, so that memory, which is what limits them, is read
   from end to end. */

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

/* How far a single tile fetches of its own panel, and one of a single row: measured. */
enum { PANEL = DSX_GEMM_PANEL, MOST = DSX_ROWS_AVX2, LOW = 3, NEAR = 1024, FAR = 8192 };

/* The end of a tile: onto what is there, then the bias. */
TARGET INLINE void finish(const int rows, __m256 sums[][2], int starts, const float *bias,
                          float *out, size_t out_step) {
  for (int r = 0; r < rows; r++)
    for (int half = 0; half < 2; half++) {
      float *target = out + (size_t)r * out_step + 8 * half;
      __m256 sum = sums[r][half];
      if (!starts) sum = _mm256_add_ps(_mm256_loadu_ps(target), sum);
      if (bias) sum = _mm256_add_ps(sum, _mm256_loadu_ps(bias + 8 * half));
      _mm256_storeu_ps(target, sum);
    }
}

/* Two lines of cache for each input, of which `ahead` may lie in one. */
INLINE const char *fetch_two(dsx_gemm_ahead ahead) {
  _mm_prefetch(ahead.from, _MM_HINT_T0);
  _mm_prefetch(ahead.from + ahead.step / 2, _MM_HINT_T0);
  return ahead.from + ahead.step;
}

/* What is fetched meanwhile: for a single tile its own panel, further on. */
INLINE dsx_gemm_ahead fetched(dsx_gemm_ahead ahead, const void *panel, size_t depth_size) {
  return ahead.step ? ahead : (dsx_gemm_ahead){(const char *)panel + NEAR, depth_size};
}

/* One copy of a tile for each number of rows, so that its sums are registers; half of what is fetched
   beside each half of the panel. */
#define EACH_HEIGHT(low, tile, x, type, scale)                                                  \
  const type *whole = panel;                                                                    \
  switch (rows) {                                                                               \
    case 2: low(2, depth, x, whole, starts, bias, out, out_step, ahead); return;                \
    case 3: low(3, depth, x, whole, starts, bias, out, out_step, ahead); return;                \
    default: break;                                                                             \
  }                                                                                             \
  ahead.step /= 2;                                                                              \
  for (int c = 0; c < PANEL; c += 16, ahead.from += depth * ahead.step) {                       \
    const type *part = whole + scale * c;                                                       \
    const float *part_bias = bias ? bias + c : NULL;                                            \
    switch (rows) {                                                                             \
      case 4: tile(4, depth, x, part, starts, part_bias, out + c, out_step, ahead); break;      \
      case 5: tile(5, depth, x, part, starts, part_bias, out + c, out_step, ahead); break;      \
      default: tile(6, depth, x, part, starts, part_bias, out + c, out_step, ahead);            \
    }                                                                                           \
  }

#endif
