#include "transformer.h"

#include "neural_math.h"

CLONES void dsx_add_bias(float *restrict x, const float *restrict bias, size_t rows, size_t columns,
                         size_t step) {
  for (size_t row = 0; row < rows; row++, x += step)
    for (size_t c = 0; c < columns; c++) x[c] += bias[c];
}

/* x = e^(x - best) in a range; their sum. */
INLINE float exponentials(float *x, size_t count, float best) {
  size_t whole = count - count % LANES;
  float lanes[LANES] = {0};
  for (size_t c = 0; c < whole; c += LANES)
    for (int i = 0; i < LANES; i++) {
      float e = fast_exp(x[c + i] - best);
      x[c + i] = e;
      lanes[i] += e;
    }
  float sum = fold(lanes);
  for (size_t c = whole; c < count; c++) {
    float e = fast_exp(x[c] - best);
    x[c] = e;
    sum += e;
  }
  return sum;
}

CLONES void dsx_softmax_ranges(float *x, size_t rows, size_t columns, const int32_t *starts,
                               const int32_t *ranges) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    float best = -INFINITY, sum = 0;
    for (int32_t i = starts[row]; i < starts[row + 1]; i++) {
      float top = row_maximum(x + ranges[2 * i], (size_t)(ranges[2 * i + 1] - ranges[2 * i]));
      best = top > best ? top : best;
    }
    size_t done = 0;
    for (int32_t i = starts[row]; i < starts[row + 1]; i++) {
      size_t first = (size_t)ranges[2 * i], last = (size_t)ranges[2 * i + 1];
      memset(x + done, 0, (first - done) * sizeof(float));
      sum += exponentials(x + first, last - first, best);
      done = last;
    }
    memset(x + done, 0, (columns - done) * sizeof(float));
    float scale = 1.0f / sum;
    for (size_t c = 0; c < done; c++) x[c] *= scale;
  }
}

CLONES void dsx_attention_scores(const float *queries, size_t query_step, size_t rows,
                                 const float *keys, size_t key_step, size_t count, size_t width,
                                 float scale, float *scores, size_t score_step) {
  size_t whole = width - width % LANES;
  for (size_t k = 0; k < count; k++) {
    const float *key = keys + k * key_step;
    for (size_t q = 0; q < rows; q++) {
      const float *query = queries + q * query_step;
      float lanes[LANES] = {0};
      for (size_t c = 0; c < whole; c += LANES)
        for (int i = 0; i < LANES; i++) lanes[i] += query[c + i] * key[c + i];
      float sum = fold(lanes);
      for (size_t c = whole; c < width; c++) sum += query[c] * key[c];
      scores[q * score_step + k] = sum * scale;
    }
  }
}

CLONES void dsx_attention_values(const float *scores, size_t score_step, size_t rows,
                                 const float *values, size_t value_step, size_t count, size_t width,
                                 float *out, size_t out_step) {
  for (size_t k = 0; k < count; k++) {
    const float *restrict value = values + k * value_step;
    for (size_t q = 0; q < rows; q++) {
      float weight = scores[q * score_step + k];
      float *restrict target = out + q * out_step;
      for (size_t c = 0; c < width; c++) target[c] += weight * value[c];
    }
  }
}

CLONES size_t dsx_first_not_finite(const float *x, size_t count) {
  for (size_t start = 0; start < count; start += 1024) {
    size_t end = start + 1024 < count ? start + 1024 : count;
    /* Counted without a branch, so that it becomes vector code. */
    float sum = 0;
    for (size_t i = start; i < end; i++) {
      uint32_t bits;
      memcpy(&bits, x + i, 4);
      sum += (bits & 0x7f800000u) == 0x7f800000u ? 1.0f : 0.0f;
    }
    if (sum > 0)
      for (size_t i = start; i < end; i++)
        if (!isfinite(x[i])) return i;
  }
  return count;
}
