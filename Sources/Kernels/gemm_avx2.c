#include "gemm_tile.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

/* Tiles of at most 6 rows and half a panel: 12 sums, two registers of weights, one of an input. A tile of
   one row takes a whole panel, so that memory, which is what limits it, is read from end to end. */

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

/* Keeps the compiler from loading the inputs of later steps early, for which there are no registers. */
#define KEEP_ORDER __asm__ volatile("" ::: "memory")

enum { PANEL = DSX_GEMM_PANEL, MOST = DSX_ROWS_AVX2, AHEAD = 2048, FAR = 8192 };

TARGET INLINE void finish(const int rows, __m256 sums[MOST][2], int starts, const float *bias,
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

TARGET INLINE void tile_f32(const int rows, size_t depth, const float *x,
                            const float *panel, int starts, const float *bias, float *out,
                            size_t out_step) {
  __m256 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < depth; k++) {
    __m256 low = _mm256_loadu_ps(panel), high = _mm256_loadu_ps(panel + 8);
    if (rows <= 2) _mm_prefetch((const char *)panel + AHEAD, _MM_HINT_T0);
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

TARGET INLINE void tile_widened(const int rows, size_t depth, const float *x,
                                const uint16_t *panel, int starts, const float *bias, float *out,
                                size_t out_step) {
  __m256 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm256_setzero_ps();
  const __m256i upper = _mm256_set1_epi32((int)0xffff0000u);
  for (size_t k = 0; k < depth; k += 2) {
    __m256i low = _mm256_loadu_si256((const __m256i *)panel);
    __m256i high = _mm256_loadu_si256((const __m256i *)(panel + 16));
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

#define EACH_HEIGHT(call) \
  switch (rows) {         \
    case 1: call(1)       \
    case 2: call(2)       \
    case 3: call(3)       \
    case 4: call(4)       \
    case 5: call(5)       \
    default: call(6)      \
  }

TARGET void dsx_tile_f32_avx2(size_t rows, size_t depth, const void *x,
                              const void *panel, int starts, const float *bias, float *out,
                              size_t out_step) {
  if (rows == 1) {
    row_f32(depth, x, panel, starts, bias, out);
    return;
  }
  for (int c = 0; c < PANEL; c += 16) {
    const float *part = (const float *)panel + c, *part_bias = bias ? bias + c : NULL;
#define CALL(n)                                                                   \
  tile_f32(n, depth, x, part, starts, part_bias, out + c, out_step); \
  break;
    EACH_HEIGHT(CALL)
#undef CALL
  }
}

TARGET void dsx_tile_bf16_avx2(size_t rows, size_t depth, const void *x,
                               const void *panel, int starts, const float *bias, float *out,
                               size_t out_step) {
  float wide[MOST * DSX_GEMM_BLOCK];
  widen(rows, depth, x, wide);
  if (rows == 1) {
    row_widened(depth, wide, panel, starts, bias, out);
    return;
  }
  for (int c = 0; c < PANEL; c += 16) {
    const uint16_t *part = (const uint16_t *)panel + 2 * c;
    const float *part_bias = bias ? bias + c : NULL;
#define CALL(n)                                                             \
  tile_widened(n, depth, wide, part, starts, part_bias, out + c, out_step); \
  break;
    EACH_HEIGHT(CALL)
#undef CALL
  }
}
#endif
