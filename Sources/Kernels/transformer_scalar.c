#include "transformer.h"

#include <math.h>

/* The plain forms, in double precision with the C library, for the tests of transformer.c. */

void dsx_add_bias_scalar(float *x, const float *bias, size_t rows, size_t columns, size_t step) {
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < columns; c++) x[row * step + c] += bias[c];
}

void dsx_softmax_ranges_scalar(float *x, size_t rows, size_t columns, const int32_t *starts,
                               const int32_t *ranges) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    double best = -INFINITY, sum = 0;
    for (int32_t i = starts[row]; i < starts[row + 1]; i++)
      for (int32_t c = ranges[2 * i]; c < ranges[2 * i + 1]; c++) best = x[c] > best ? x[c] : best;
    for (int32_t i = starts[row]; i < starts[row + 1]; i++)
      for (int32_t c = ranges[2 * i]; c < ranges[2 * i + 1]; c++) sum += exp(x[c] - best);
    size_t done = 0;
    for (int32_t i = starts[row]; i < starts[row + 1]; i++) {
      for (size_t c = done; c < (size_t)ranges[2 * i]; c++) x[c] = 0;
      for (int32_t c = ranges[2 * i]; c < ranges[2 * i + 1]; c++)
        x[c] = (float)(exp(x[c] - best) / sum);
      done = (size_t)ranges[2 * i + 1];
    }
    for (size_t c = done; c < columns; c++) x[c] = 0;
  }
}

void dsx_attention_scores_scalar(const float *queries, size_t query_step, size_t rows,
                                 const float *keys, size_t key_step, size_t count, size_t width,
                                 float scale, float *scores, size_t score_step) {
  for (size_t q = 0; q < rows; q++)
    for (size_t k = 0; k < count; k++) {
      double sum = 0;
      for (size_t c = 0; c < width; c++)
        sum += (double)queries[q * query_step + c] * keys[k * key_step + c];
      scores[q * score_step + k] = (float)(sum * scale);
    }
}

void dsx_attention_values_scalar(const float *scores, size_t score_step, size_t rows,
                                 const float *values, size_t value_step, size_t count, size_t width,
                                 float *out, size_t out_step) {
  for (size_t q = 0; q < rows; q++)
    for (size_t c = 0; c < width; c++) {
      double sum = out[q * out_step + c];
      for (size_t k = 0; k < count; k++)
        sum += (double)scores[q * score_step + k] * values[k * value_step + c];
      out[q * out_step + c] = (float)sum;
    }
}
