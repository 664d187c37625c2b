#if defined(__x86_64__)
#include "gemm_avx2.h"

/* Keeps the compiler from loading the inputs of later steps early, for which there are no registers. */
#define KEEP_ORDER __asm__ volatile("" ::: "memory")

TARGET INLINE void tile_f32(const int rows, size_t depth, const float *x,
                            const float *panel, int starts, const float *bias, float *out,
                            size_t out_step, dsx_gemm_ahead ahead) {
  __m256 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < depth; k++) {
    __m256 low = _mm256_loadu_ps(panel), high = _mm256_loadu_ps(panel + 8);
    _mm_prefetch(ahead.from, _MM_HINT_T0);
    ahead.from += ahead.step;
    panel += PANEL;
    KEEP_ORDER;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m256 value = _mm256_set1_ps(x[r * DSX_GEMM_BLOCK + k]);
      sums[r][0] = _mm256_fmadd_ps(value, low, sums[r][0]);
      sums[r][1] = _mm256_fmadd_ps(value, high, sums[r][1]);
    }
  }
  finish(rows, sums, starts, bias, out, out_step);
}

/* Up to 3 rows. */
TARGET INLINE void low_f32(const int rows, size_t depth, const float *x, const float *panel,
                           int starts, const float *bias, float *out, size_t out_step,
                           dsx_gemm_ahead ahead) {
  __m256 sums[2][LOW][2];
  for (int r = 0; r < rows; r++)
    for (int i = 0; i < 4; i++) sums[i / 2][r][i % 2] = _mm256_setzero_ps();
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < depth; k++, panel += PANEL) {
    ahead.from = fetch_two(ahead);
    __m256 values[LOW];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) values[r] = _mm256_set1_ps(x[r * DSX_GEMM_BLOCK + k]);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      __m256 weights = _mm256_loadu_ps(panel + 8 * i);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        __m256 *sum = &sums[i / 2][r][i % 2];
        *sum = _mm256_fmadd_ps(values[r], weights, *sum);
      }
    }
  }
  finish(rows, sums[0], starts, bias, out, out_step);
  finish(rows, sums[1], starts, bias ? bias + 16 : NULL, out + 16, out_step);
}

TARGET static void row_f32(size_t depth, const float *x, const float *panel, int starts,
                           const float *bias, float *out) {
  __m256 first[1][2], second[1][2];
  for (int half = 0; half < 2; half++) first[0][half] = second[0][half] = _mm256_setzero_ps();
#pragma clang loop unroll_count(4)
  for (size_t k = 0; k < depth; k++, panel += PANEL) {
    _mm_prefetch((const char *)panel + FAR, _MM_HINT_T0);
    _mm_prefetch((const char *)panel + FAR + 64, _MM_HINT_T0);
    __m256 value = _mm256_set1_ps(x[k]);
    first[0][0] = _mm256_fmadd_ps(value, _mm256_loadu_ps(panel), first[0][0]);
    first[0][1] = _mm256_fmadd_ps(value, _mm256_loadu_ps(panel + 8), first[0][1]);
    second[0][0] = _mm256_fmadd_ps(value, _mm256_loadu_ps(panel + 16), second[0][0]);
    second[0][1] = _mm256_fmadd_ps(value, _mm256_loadu_ps(panel + 24), second[0][1]);
  }
  finish(1, first, starts, bias, out, 0);
  finish(1, second, starts, bias ? bias + 16 : NULL, out + 16, 0);
}

TARGET void dsx_tile_f32_avx2(size_t rows, size_t depth, const void *x,
                              const void *panel, int starts, const float *bias, float *out,
                              size_t out_step, dsx_gemm_ahead ahead) {
  if (rows == 1) {
    row_f32(depth, x, panel, starts, bias, out);
    return;
  }
  ahead = fetched(ahead, panel, PANEL * sizeof(float));
  EACH_HEIGHT(low_f32, tile_f32, x, float, 1)
}
#endif
