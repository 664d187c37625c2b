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

/* x[r][c] += bias[c] */
void dsx_add_rows(float *x, const float *bias, size_t rows, size_t columns);
void dsx_add_rows_scalar(float *x, const float *bias, size_t rows, size_t columns);

/* x = f(x + bias) for each row. gelu_tanh: GPT-2's form with tanh (gelu_new); gelu_erf: the exact
   one; silu: x * sigmoid(x). */
void dsx_bias_gelu_tanh(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_erf(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_silu(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_relu(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_tanh_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_gelu_erf_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_silu_scalar(float *x, const float *bias, size_t rows, size_t columns);
void dsx_bias_relu_scalar(float *x, const float *bias, size_t rows, size_t columns);

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
