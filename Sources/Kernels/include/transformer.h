#ifndef DSX_TRANSFORMER_H
#define DSX_TRANSFORMER_H

#include <stddef.h>
#include <stdint.h>

/* Loops of attention over sequences that share rows, float32, row-major; compiled for several x86-64
   levels and chosen at load time, each with a `_scalar` twin. A row's result does not depend on the rows
   around it. NaN goes through. */

/* x[r][c] += bias[c]; rows `step` floats apart. */
void dsx_add_bias(float *x, const float *bias, size_t rows, size_t columns, size_t step);
void dsx_add_bias_scalar(float *x, const float *bias, size_t rows, size_t columns, size_t step);

/* Tells the processor that this thread waits for memory to change. */
static inline void dsx_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/* Softmax of row r over the columns that its ranges name, the others become 0. The ranges of row r are
   ranges[2i] ..< ranges[2i + 1] for starts[r] <= i < starts[r + 1]: rising, apart, together not empty. */
void dsx_softmax_ranges(float *x, size_t rows, size_t columns, const int32_t *starts,
                        const int32_t *ranges);
void dsx_softmax_ranges_scalar(float *x, size_t rows, size_t columns, const int32_t *starts,
                               const int32_t *ranges);

/* Attention of few rows, where a matrix product would cost more than it computes.
   scores[q][k] = scale * sum over c of queries[q][c] * keys[k][c];
   out[q][c] += sum over k of scores[q][k] * values[k][c]. */
void dsx_attention_scores(const float *queries, size_t query_step, size_t rows, const float *keys,
                          size_t key_step, size_t count, size_t width, float scale, float *scores,
                          size_t score_step);
void dsx_attention_values(const float *scores, size_t score_step, size_t rows, const float *values,
                          size_t value_step, size_t count, size_t width, float *out, size_t out_step);
void dsx_attention_scores_scalar(const float *queries, size_t query_step, size_t rows,
                                 const float *keys, size_t key_step, size_t count, size_t width,
                                 float scale, float *scores, size_t score_step);
void dsx_attention_values_scalar(const float *scores, size_t score_step, size_t rows,
                                 const float *values, size_t value_step, size_t count, size_t width,
                                 float *out, size_t out_step);

/* The index of the first of the `count` numbers that is no finite number; `count` if all are. */
size_t dsx_first_not_finite(const float *x, size_t count);

#endif
