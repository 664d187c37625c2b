#ifndef DSX_GEMM_TILE_H
#define DSX_GEMM_TILE_H

#include "gemm.h"

/* What gemm.c's walk over a product asks of the files of each level. */

/* Memory to fetch into the caches while a tile computes: the weights of the tiles after it, `step` bytes
   for each of its inputs. With a step of 0 there is none, or a single tile uses each panel and fetches
   its own. */
typedef struct {
  const char *from;
  size_t step;
} dsx_gemm_ahead;

/* Adds the product of `rows` rows of x (DSX_GEMM_BLOCK elements apart) and one panel over `depth`
   inputs, at most DSX_GEMM_BLOCK, to the tile out[rows][32], whose rows are out_step floats apart; with
   `starts` the tile is written instead. Then adds bias[32] unless it is NULL. `rows` is at least 1, at
   most what the level takes. A level may leave `ahead` out: then gemm.c fetches (see `level` there). */
typedef void (*dsx_gemm_tile)(size_t rows, size_t depth, const void *x, const void *panel,
                              int starts, const float *bias, float *out, size_t out_step,
                              dsx_gemm_ahead ahead);

void dsx_tile_f32_scalar(size_t rows, size_t depth, const void *x, const void *panel,
                         int starts, const float *bias, float *out, size_t out_step,
                         dsx_gemm_ahead ahead);
void dsx_tile_bf16_scalar(size_t rows, size_t depth, const void *x, const void *panel,
                          int starts, const float *bias, float *out, size_t out_step,
                          dsx_gemm_ahead ahead);

#if defined(__x86_64__)
void dsx_tile_f32_avx2(size_t rows, size_t depth, const void *x, const void *panel,
                       int starts, const float *bias, float *out, size_t out_step,
                       dsx_gemm_ahead ahead);
void dsx_tile_bf16_avx2(size_t rows, size_t depth, const void *x, const void *panel,
                        int starts, const float *bias, float *out, size_t out_step,
                        dsx_gemm_ahead ahead);
void dsx_tile_f32_avx512(size_t rows, size_t depth, const void *x, const void *panel,
                         int starts, const float *bias, float *out, size_t out_step,
                         dsx_gemm_ahead ahead);
void dsx_tile_bf16_avx512(size_t rows, size_t depth, const void *x, const void *panel,
                          int starts, const float *bias, float *out, size_t out_step,
                          dsx_gemm_ahead ahead);
void dsx_tile_bf16_native(size_t rows, size_t depth, const void *x, const void *panel,
                          int starts, const float *bias, float *out, size_t out_step,
                          dsx_gemm_ahead ahead);
#endif

/* The most rows of a tile. */
enum { DSX_ROWS_SCALAR = 4, DSX_ROWS_AVX2 = 6, DSX_ROWS_AVX512 = 12 };

#endif
