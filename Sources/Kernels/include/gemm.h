#ifndef DSX_GEMM_H
#define DSX_GEMM_H

#include <stddef.h>
#include <stdint.h>

/* Matrix products of linear layers with weights that are packed once:

     out[r][c - first] = sum over k of x[r][k] * weight[c][k]  (+ bias[c]),  first <= c < last

   The sum of one number runs in a fixed order: blocks of DSX_GEMM_BLOCK inputs, each block one chain of
   fused multiply-adds from 0 with k ascending, the blocks' sums added in order, the bias last. Neither
   the other rows nor the range of columns nor the processor's level changes a bit of it, so a row's
   result is the same in every batch, and columns can be split over threads.

   Packed layout: panels of DSX_GEMM_PANEL outputs, the last one filled up with zeros.

   | type | one panel |
   | --- | --- |
   | float32 | for each k: 32 floats, one for each output |
   | bfloat16 | for each pair k, k + 1: 32 pairs of bfloat16; odd inputs are filled up with zeros |

   Packed memory must be aligned to 64 bytes for speed; any alignment computes the same. */

enum { DSX_GEMM_PANEL = 32, DSX_GEMM_BLOCK = 256 };

/* The instructions that are used. Each level computes the same bits (bfloat16: where no number involved
   is subnormal; AVX512_BF16 takes those for 0). */
typedef enum {
  DSX_GEMM_SCALAR = 0,
  DSX_GEMM_AVX2 = 1,       /* AVX2 and FMA */
  DSX_GEMM_AVX512 = 2,     /* AVX-512 F, BW, DQ, VL */
  DSX_GEMM_AVX512_BF16 = 3 /* and its bfloat16 products */
} dsx_gemm_level;

/* A packed layer. `bias` has one number for each output, or is NULL. */
typedef struct {
  const float *packed;
  const float *bias;
  size_t inputs, outputs;
} dsx_linear_f32;

typedef struct {
  const uint16_t *packed;
  const float *bias;
  size_t inputs, outputs;
} dsx_linear_bf16;

/* The highest level of this processor. */
dsx_gemm_level dsx_gemm_best(void);

/* Bytes of packed weights. The caller has checked that outputs * inputs * 4 does not overflow; rounding
   up to whole panels adds less than 32 * (inputs + 1) elements. */
size_t dsx_gemm_f32_size(size_t outputs, size_t inputs);
size_t dsx_gemm_bf16_size(size_t outputs, size_t inputs);

/* Packs the panels of the outputs first ..< last: `first` a multiple of 32, `last` too or `outputs`, so
   that threads can share the work. Weight (c, k) is weights[c * output_step + k * input_step]: steps
   (inputs, 1) for layers stored [outputs, inputs], (1, outputs) for [inputs, outputs]. bfloat16 rounds
   to nearest, ties to even; NaN stays NaN. */
void dsx_gemm_pack_f32(const float *weights, size_t output_step, size_t input_step,
                       size_t outputs, size_t inputs, size_t first, size_t last, float *packed);
void dsx_gemm_pack_bf16(const float *weights, size_t output_step, size_t input_step,
                        size_t outputs, size_t inputs, size_t first, size_t last,
                        uint16_t *packed);

/* One output's weights as they were packed (bfloat16: widened): for tied word embeddings, so that the
   table need not be kept twice. */
void dsx_gemm_row_f32(const float *packed, size_t inputs, size_t output, float *row);
void dsx_gemm_row_bf16(const uint16_t *packed, size_t inputs, size_t output, float *row);

/* The product in float32. Rows of x are `x_step` floats apart, of out `out_step`; out points to column
   `first`, a multiple of 32; `last` is one too, or all outputs. With `adds` the blocks' sums are added
   onto what out holds (a residual) instead of onto 0. x and out do not overlap. */
void dsx_gemm_f32(dsx_linear_f32 layer, const float *x, size_t x_step, size_t rows, size_t first,
                  size_t last, int adds, float *out, size_t out_step);

/* Elements between two rows of rounded inputs: `inputs`, made even. */
size_t dsx_bf16_step(size_t inputs);

/* Rounds `rows` rows to bfloat16 (nearest, ties to even; NaN stays NaN) into rows dsx_bf16_step(inputs)
   apart, filled up with zeros: the input of dsx_gemm_bf16, once for all layers that read the same
   rows. */
void dsx_bf16_round(const float *x, size_t x_step, size_t rows, size_t inputs, uint16_t *out);
void dsx_bf16_round_scalar(const float *x, size_t x_step, size_t rows, size_t inputs,
                           uint16_t *out);

/* The product of bfloat16 inputs and weights with float32 sums; otherwise as dsx_gemm_f32. A chain
   takes of the pair k, k + 1 (k even) first k + 1, then k: the order of the processors' instruction. */
void dsx_gemm_bf16(dsx_linear_bf16 layer, const uint16_t *x, size_t rows, size_t first,
                   size_t last, int adds, float *out, size_t out_step);

/* The same at a level that this processor has (see dsx_gemm_best): for tests and benchmarks. */
void dsx_gemm_f32_at(dsx_gemm_level level, dsx_linear_f32 layer, const float *x, size_t x_step,
                     size_t rows, size_t first, size_t last, int adds, float *out,
                     size_t out_step);
void dsx_gemm_bf16_at(dsx_gemm_level level, dsx_linear_bf16 layer, const uint16_t *x, size_t rows,
                      size_t first, size_t last, int adds, float *out, size_t out_step);

/* The scalar twins. */
void dsx_gemm_f32_scalar(dsx_linear_f32 layer, const float *x, size_t x_step, size_t rows,
                         size_t first, size_t last, int adds, float *out, size_t out_step);
void dsx_gemm_bf16_scalar(dsx_linear_bf16 layer, const uint16_t *x, size_t rows, size_t first,
                          size_t last, int adds, float *out, size_t out_step);

#endif
