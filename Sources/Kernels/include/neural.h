#ifndef DSX_NEURAL_H
#define DSX_NEURAL_H

#include <stddef.h>
#include <stdint.h>

/* Element-wise loops of float32 transformers. Matrices are row-major. Compiled for several x86-64
   levels and chosen at load time; each has a `_scalar` twin that computes with the C library.
   Sums run in 16 lanes, so one processor gives the same bits for the same row, whatever is around
   it. NaN goes through. */

/* out[r][c] = (x[r][c] - mean) / sqrt(variance + eps) * weight[c] + bias[c]; mean and (biased)
   variance of the row. out may be x. */
void dsx_layernorm(const float *x, const float *weight, const float *bias, float eps, float *out,
                   size_t rows, size_t columns);
void dsx_layernorm_scalar(const float *x, const float *weight, const float *bias, float eps,
                          float *out, size_t rows, size_t columns);

/* out[r][c] = x[r][c] / sqrt(mean of the row's squares + eps) * weight[c]. out may be x. */
void dsx_rmsnorm(const float *x, const float *weight, float eps, float *out, size_t rows,
                 size_t columns);
void dsx_rmsnorm_scalar(const float *x, const float *weight, float eps, float *out, size_t rows,
                        size_t columns);

/* target[i] += source[i] */
void dsx_add(float *target, const float *source, size_t count);
void dsx_add_scalar(float *target, const float *source, size_t count);

/* x[r][c] += bias[c]; nothing for bias NULL. */
void dsx_add_rows(float *x, const float *bias, size_t rows, size_t columns);
void dsx_add_rows_scalar(float *x, const float *bias, size_t rows, size_t columns);

/* x = f(x + bias) for each row; bias may be NULL. gelu_tanh: GPT-2's form with tanh (gelu_new);
   gelu_erf: the exact one; gelu_quick: x * sigmoid(1.702 x) (MindSpore's FastGelu is that, too); silu:
   x * sigmoid(x). */
void dsx_bias_gelu_tanh(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_erf(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_silu(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_relu(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_quick(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_tanh(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_tanh_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_erf_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_silu_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_relu_scalar(float *x, const float *bias, size_t rows, size_t columns);

void dsx_bias_gelu_quick_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_tanh_scalar(float *x, const float *bias, size_t rows, size_t columns);

/* out[r][c] = f(gate[r][c]) * up[r][c]: gated MLPs. Rows of gate and up are `step` floats apart, those of
   out `columns`. out may be gate when step == columns. */
void dsx_silu_gate(const float *gate, const float *up, size_t step, float *out, size_t rows,
                   size_t columns);
void dsx_gelu_tanh_gate(const float *gate, const float *up, size_t step, float *out, size_t rows,
                        size_t columns);
void dsx_gelu_erf_gate(const float *gate, const float *up, size_t step, float *out, size_t rows,
                       size_t columns);
void dsx_silu_gate_scalar(const float *gate, const float *up, size_t step, float *out, size_t rows,
                          size_t columns);
void dsx_gelu_tanh_gate_scalar(const float *gate, const float *up, size_t step, float *out,
                               size_t rows, size_t columns);
void dsx_gelu_erf_gate_scalar(const float *gate, const float *up, size_t step, float *out,
                              size_t rows, size_t columns);

/* Rotary position embedding, in place. Row r is `step` floats from row r - 1 and holds `heads` vectors of
   `head_width` numbers; the first `rotated` (even) of each are turned, in pairs, by the angles of
   position positions[r], whose cosines and sines are row positions[r] of the tables [positions,
   rotated / 2]. split: the pairs are (i, i + rotated / 2), as Hugging Face's LLaMA has them; paired:
   (2 i, 2 i + 1), as GGUF files of LLaMA and GPT-J have them. (a, b) -> (a cos - b sin, b cos + a sin). */
void dsx_rotate_split(float *x, size_t step, size_t rows, size_t heads, size_t head_width,
                      size_t rotated, const int32_t *positions, const float *cosines,
                      const float *sines);
void dsx_rotate_paired(float *x, size_t step, size_t rows, size_t heads, size_t head_width,
                       size_t rotated, const int32_t *positions, const float *cosines,
                       const float *sines);
void dsx_rotate_split_scalar(float *x, size_t step, size_t rows, size_t heads, size_t head_width,
                             size_t rotated, const int32_t *positions, const float *cosines,
                             const float *sines);
void dsx_rotate_paired_scalar(float *x, size_t step, size_t rows, size_t heads,
                              size_t head_width, size_t rotated, const int32_t *positions,
                              const float *cosines, const float *sines);

/* Softmax of each row of scale * x over its first `count` columns; the other columns up to `columns`
   become 0. 1 <= count <= columns, scale > 0; rows are `step` floats apart. */
void dsx_softmax_rows(float *x, size_t rows, size_t columns, size_t step, size_t count,
                      float scale);
void dsx_softmax_rows_scalar(float *x, size_t rows, size_t columns, size_t step, size_t count,
                             float scale);

/* Softmax of row r over its first `first + r` columns; the rest of the row becomes 0.
   1 <= first, first + rows - 1 <= columns. */
void dsx_softmax_causal(float *x, size_t rows, size_t columns, size_t first);
void dsx_softmax_causal_scalar(float *x, size_t rows, size_t columns, size_t first);

/* Running log-sum-exp over blocks of columns: takes `columns` more values of each row (rows are
   `stride` apart) into maximum[r] and sum[r] = sum of exp(value - maximum[r]). Start with maximum
   -INFINITY and sum 0; the result is maximum + log(sum). Values must be finite for a finite result. */
void dsx_logsumexp_update(const float *x, size_t rows, size_t columns, size_t stride,
                          float *maximum, double *sum);
void dsx_logsumexp_update_scalar(const float *x, size_t rows, size_t columns, size_t stride,
                                 float *maximum, double *sum);

/* IEEE binary16 and bfloat16 (little-endian, any alignment) to float32, exactly. */
void dsx_half_to_float(const void *source, float *out, size_t count);
void dsx_half_to_float_scalar(const void *source, float *out, size_t count);
void dsx_bfloat16_to_float(const void *source, float *out, size_t count);
void dsx_bfloat16_to_float_scalar(const void *source, float *out, size_t count);

#endif
