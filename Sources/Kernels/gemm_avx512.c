#include "gemm_tile.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

/* Tiles of at most 12 rows and 32 columns: 24 sums, two registers of weights, one of an input. */

#define F32 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))
#define BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,avx512bf16")))
#define INLINE static inline __attribute__((always_inline))

/* Keeps the compiler from loading the inputs of later steps early, for which there are no registers. */
#define KEEP_ORDER __asm__ volatile("" ::: "memory")

enum { PANEL = DSX_GEMM_PANEL, MOST = DSX_ROWS_AVX512 };

/* Fetches weights before they are needed: where few rows use them, memory sets the pace. The distances are
   measured; more rows take longer for each line, and want what comes from further away sooner. */
INLINE void fetch_own(const void *panel, const int rows) {
  const char *place = (const char *)panel + (rows <= 4 ? 2048 : 8192);
  _mm_prefetch(place, _MM_HINT_T0);
  _mm_prefetch(place + 64, _MM_HINT_T0);
}

/* The end of a tile: onto what is there, then the bias. */
F32 INLINE void finish(const int rows, __m512 sums[MOST][2], int starts, const float *bias,
                       float *out, size_t out_step) {
  for (int r = 0; r < rows; r++)
    for (int half = 0; half < 2; half++) {
      float *target = out + (size_t)r * out_step + 16 * half;
      __m512 sum = sums[r][half];
      if (!starts) sum = _mm512_add_ps(_mm512_loadu_ps(target), sum);
      if (bias) sum = _mm512_add_ps(sum, _mm512_loadu_ps(bias + 16 * half));
      _mm512_storeu_ps(target, sum);
    }
}

F32 INLINE void tile_f32(const int rows, size_t depth, const float *x,
                         const float *panel, int starts, const float *bias, float *out,
                         size_t out_step) {
  __m512 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
#pragma clang loop unroll_count(4)
  for (size_t k = 0; k < depth; k++) {
    __m512 low = _mm512_loadu_ps(panel), high = _mm512_loadu_ps(panel + 16);
    fetch_own(panel, rows);
    panel += PANEL;
    KEEP_ORDER;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m512 value = _mm512_set1_ps(x[r * DSX_GEMM_BLOCK + k]);
      sums[r][0] = _mm512_fmadd_ps(value, low, sums[r][0]);
      sums[r][1] = _mm512_fmadd_ps(value, high, sums[r][1]);
    }
  }
  finish(rows, sums, starts, bias, out, out_step);
}

BF16 INLINE void tile_native(const int rows, size_t depth, const uint16_t *x,
                             const uint16_t *panel, int starts, const float *bias, float *out,
                             size_t out_step) {
  __m512 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
#pragma clang loop unroll_count(4)
  for (size_t k = 0; k < depth; k += 2) {
    __m512bh low = (__m512bh)_mm512_loadu_si512(panel);
    __m512bh high = (__m512bh)_mm512_loadu_si512(panel + PANEL);
    fetch_own(panel, rows);
    panel += 2 * PANEL;
    KEEP_ORDER;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int pair;
      memcpy(&pair, x + r * DSX_GEMM_BLOCK + k, 4);
      __m512bh value = (__m512bh)_mm512_set1_epi32(pair);
      sums[r][0] = _mm512_dpbf16_ps(sums[r][0], value, low);
      sums[r][1] = _mm512_dpbf16_ps(sums[r][1], value, high);
    }
  }
  finish(rows, sums, starts, bias, out, out_step);
}

/* Without the instruction: weights are widened in registers, the inputs once in memory. */
F32 INLINE void tile_widened(const int rows, size_t depth, const float *x, const uint16_t *panel,
                             int starts, const float *bias, float *out, size_t out_step) {
  __m512 sums[MOST][2];
  for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
  const __m512i upper = _mm512_set1_epi32((int)0xffff0000u);
  for (size_t k = 0; k < depth; k += 2) {
    __m512i low = _mm512_loadu_si512(panel), high = _mm512_loadu_si512(panel + PANEL);
    panel += 2 * PANEL;
    __m512 odd[2] = {_mm512_castsi512_ps(_mm512_and_si512(low, upper)),
                     _mm512_castsi512_ps(_mm512_and_si512(high, upper))};
    __m512 even[2] = {_mm512_castsi512_ps(_mm512_slli_epi32(low, 16)),
                      _mm512_castsi512_ps(_mm512_slli_epi32(high, 16))};
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m512 value = _mm512_set1_ps(x[r * DSX_GEMM_BLOCK + k + 1]);
      sums[r][0] = _mm512_fmadd_ps(value, odd[0], sums[r][0]);
      sums[r][1] = _mm512_fmadd_ps(value, odd[1], sums[r][1]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m512 value = _mm512_set1_ps(x[r * DSX_GEMM_BLOCK + k]);
      sums[r][0] = _mm512_fmadd_ps(value, even[0], sums[r][0]);
      sums[r][1] = _mm512_fmadd_ps(value, even[1], sums[r][1]);
    }
  }
  finish(rows, sums, starts, bias, out, out_step);
}

F32 static void widen(size_t rows, size_t depth, const uint16_t *x, float *wide) {
  for (size_t r = 0; r < rows; r++)
    for (size_t k = 0; k < depth; k++) {
      uint32_t bits = (uint32_t)x[r * DSX_GEMM_BLOCK + k] << 16;
      memcpy(&wide[r * DSX_GEMM_BLOCK + k], &bits, 4);
    }
}

/* One copy of a tile for each number of rows, so that its sums are registers. */
#define EACH_HEIGHT(call) \
  switch (rows) {         \
    case 1: call(1)       \
    case 2: call(2)       \
    case 3: call(3)       \
    case 4: call(4)       \
    case 5: call(5)       \
    case 6: call(6)       \
    case 7: call(7)       \
    case 8: call(8)       \
    case 9: call(9)       \
    case 10: call(10)     \
    case 11: call(11)     \
    default: call(12)     \
  }

F32 void dsx_tile_f32_avx512(size_t rows, size_t depth, const void *x,
                             const void *panel, int starts, const float *bias, float *out,
                             size_t out_step, dsx_gemm_ahead ahead) {
  (void)ahead;
#define CALL(n)                                                                 \
  tile_f32(n, depth, x, panel, starts, bias, out, out_step); \
  break;
  EACH_HEIGHT(CALL)
#undef CALL
}

BF16 void dsx_tile_bf16_native(size_t rows, size_t depth, const void *x,
                               const void *panel, int starts, const float *bias, float *out,
                               size_t out_step, dsx_gemm_ahead ahead) {
  (void)ahead;
#define CALL(n)                                                         \
  tile_native(n, depth, x, panel, starts, bias, out, out_step); \
  break;
  EACH_HEIGHT(CALL)
#undef CALL
}

F32 void dsx_tile_bf16_avx512(size_t rows, size_t depth, const void *x,
                              const void *panel, int starts, const float *bias, float *out,
                              size_t out_step, dsx_gemm_ahead ahead) {
  (void)ahead;
  float wide[MOST * DSX_GEMM_BLOCK];
  widen(rows, depth, x, wide);
#define CALL(n)                                                     \
  tile_widened(n, depth, wide, panel, starts, bias, out, out_step); \
  break;
  EACH_HEIGHT(CALL)
#undef CALL
}
#endif
