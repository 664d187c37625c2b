#if defined(__x86_64__)
#include <string.h>

#include "gemm_avx2.h"

/* Weights in bfloat16 are widened in registers, the inputs once in memory. */

TARGET INLINE void tile_widened(const int rows, size_t depth, const float *x,
                                const uint16_t *panel, int starts, const float *bias, float *out,
                                size_t out_step, dsx_gemm_ahead ahead) {
  __m256 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
  const __m256i upper = _mm256_set1_epi32((int)0xffff0000u);
  for (size_t k = 0; k < depth; k += 2) {
    __m256i low = _mm256_loadu_si256((const __m256i *)panel);
    __m256i high = _mm256_loadu_si256((const __m256i *)(panel + 16));
    _mm_prefetch(ahead.from, _MM_HINT_T0);
    ahead.from += 2 * ahead.step;
    panel += 2 * PANEL;
    __m256 odd[2] = {_mm256_castsi256_ps(_mm256_and_si256(low, upper)),
                     _mm256_castsi256_ps(_mm256_and_si256(high, upper))};
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m256 value = _mm256_set1_ps(x[r * DSX_GEMM_BLOCK + k + 1]);
      sums[r][0] = _mm256_fmadd_ps(value, odd[0], sums[r][0]);
      sums[r][1] = _mm256_fmadd_ps(value, odd[1], sums[r][1]);
    }
    __m256 even[2] = {_mm256_castsi256_ps(_mm256_slli_epi32(low, 16)),
                      _mm256_castsi256_ps(_mm256_slli_epi32(high, 16))};
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m256 value = _mm256_set1_ps(x[r * DSX_GEMM_BLOCK + k]);
      sums[r][0] = _mm256_fmadd_ps(value, even[0], sums[r][0]);
      sums[r][1] = _mm256_fmadd_ps(value, even[1], sums[r][1]);
    }
  }
  finish(rows, sums, starts, bias, out, out_step);
}

/* Up to 3 rows. */
TARGET INLINE void low_widened(const int rows, size_t depth, const float *x,
                               const uint16_t *panel, int starts, const float *bias, float *out,
                               size_t out_step, dsx_gemm_ahead ahead) {
  __m256 sums[2][LOW][2];
  for (int r = 0; r < rows; r++)
    for (int i = 0; i < 4; i++) sums[i / 2][r][i % 2] = _mm256_setzero_ps();
  const __m256i upper = _mm256_set1_epi32((int)0xffff0000u);
  ahead.step *= 2;
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < depth; k += 2, panel += 2 * PANEL) {
    ahead.from = fetch_two(ahead);
#pragma clang loop unroll(full)
    for (int odd = 1; odd >= 0; odd--) {
      __m256 values[LOW];
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++)
        values[r] = _mm256_set1_ps(x[r * DSX_GEMM_BLOCK + k + odd]);
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++) {
        __m256i pairs = _mm256_loadu_si256((const __m256i *)(panel + 16 * i));
        pairs = odd ? _mm256_and_si256(pairs, upper) : _mm256_slli_epi32(pairs, 16);
        __m256 weights = _mm256_castsi256_ps(pairs);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
          __m256 *sum = &sums[i / 2][r][i % 2];
          *sum = _mm256_fmadd_ps(values[r], weights, *sum);
        }
      }
    }
  }
  finish(rows, sums[0], starts, bias, out, out_step);
  finish(rows, sums[1], starts, bias ? bias + 16 : NULL, out + 16, out_step);
}

TARGET static void row_widened(size_t depth, const float *x, const uint16_t *panel, int starts,
                               const float *bias, float *out) {
  __m256 sums[2][1][2];
  for (int c = 0; c < 2; c++) sums[c][0][0] = sums[c][0][1] = _mm256_setzero_ps();
  const __m256i upper = _mm256_set1_epi32((int)0xffff0000u);
#pragma clang loop unroll_count(2)
  for (size_t k = 0; k < depth; k += 2, panel += 2 * PANEL) {
    _mm_prefetch((const char *)panel + FAR, _MM_HINT_T0);
    _mm_prefetch((const char *)panel + FAR + 64, _MM_HINT_T0);
    __m256 odd = _mm256_set1_ps(x[k + 1]), even = _mm256_set1_ps(x[k]);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      __m256i pairs = _mm256_loadu_si256((const __m256i *)(panel + 16 * i));
      __m256 *sum = &sums[i / 2][0][i % 2];
      *sum = _mm256_fmadd_ps(odd, _mm256_castsi256_ps(_mm256_and_si256(pairs, upper)), *sum);
      *sum = _mm256_fmadd_ps(even, _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16)), *sum);
    }
  }
  finish(1, sums[0], starts, bias, out, 0);
  finish(1, sums[1], starts, bias ? bias + 16 : NULL, out + 16, 0);
}

TARGET static void widen(size_t rows, size_t depth, const uint16_t *x,
                         float *wide) {
  for (size_t r = 0; r < rows; r++)
    for (size_t k = 0; k < depth; k++) {
      uint32_t bits = (uint32_t)x[r * DSX_GEMM_BLOCK + k] << 16;
      memcpy(&wide[r * DSX_GEMM_BLOCK + k], &bits, 4);
    }
}

TARGET void dsx_tile_bf16_avx2(size_t rows, size_t depth, const void *x,
                               const void *panel, int starts, const float *bias, float *out,
                               size_t out_step, dsx_gemm_ahead ahead) {
  float wide[MOST * DSX_GEMM_BLOCK];
  widen(rows, depth, x, wide);
  if (rows == 1) {
    row_widened(depth, wide, panel, starts, bias, out);
    return;
  }
  ahead = fetched(ahead, panel, PANEL * sizeof(uint16_t));
  EACH_HEIGHT(low_widened, tile_widened, wide, uint16_t, 2)
}
#endif
