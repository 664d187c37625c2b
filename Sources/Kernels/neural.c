#include "neural.h"

#include "neural_math.h"

CLONES void dsx_layernorm(const float *x, const float *weight, const float *bias, float eps,
                          float *out, size_t rows, size_t columns) {
  size_t whole = columns - columns % LANES;
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    float lanes[LANES] = {0};
    for (size_t c = 0; c < whole; c += LANES)
      for (int i = 0; i < LANES; i++) lanes[i] += x[c + i];
    float sum = fold(lanes);
    for (size_t c = whole; c < columns; c++) sum += x[c];
    float mean = sum / (float)columns;
    float squares[LANES] = {0};
    for (size_t c = 0; c < whole; c += LANES)
      for (int i = 0; i < LANES; i++) squares[i] += (x[c + i] - mean) * (x[c + i] - mean);
    float square = fold(squares);
    for (size_t c = whole; c < columns; c++) square += (x[c] - mean) * (x[c] - mean);
    float scale = 1.0f / sqrtf(square / (float)columns + eps);
    for (size_t c = 0; c < columns; c++) out[c] = (x[c] - mean) * scale * weight[c] + bias[c];
  }
}

CLONES void dsx_rmsnorm(const float *x, const float *weight, float eps, float *out, size_t rows,
                        size_t columns) {
  size_t whole = columns - columns % LANES;
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    float lanes[LANES] = {0};
    for (size_t c = 0; c < whole; c += LANES)
      for (int i = 0; i < LANES; i++) lanes[i] += x[c + i] * x[c + i];
    float square = fold(lanes);
    for (size_t c = whole; c < columns; c++) square += x[c] * x[c];
    float scale = 1.0f / sqrtf(square / (float)columns + eps);
    for (size_t c = 0; c < columns; c++) out[c] = x[c] * scale * weight[c];
  }
}

CLONES void dsx_add(float *restrict target, const float *restrict source, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] += source[i];
}

CLONES void dsx_add_rows(float *restrict x, const float *restrict bias, size_t rows,
                         size_t columns) {
  if (!bias) return;
  for (size_t row = 0; row < rows; row++, x += columns)
    for (size_t c = 0; c < columns; c++) x[c] += bias[c];
}

/* 0.5 v (1 + tanh u) = v / (1 + e^(-2u)), u = sqrt(2/pi) (v + 0.044715 v^3) */
INLINE float gelu_tanh(float v) {
  return v / (1.0f + fast_exp(-1.5957691216057308f * (v + 0.044715f * v * v * v)));
}
INLINE float gelu_erf(float v) { return 0.5f * v * (1.0f + fast_erf(v * 0.70710678118654752f)); }
INLINE float gelu_quick(float v) { return v / (1.0f + fast_exp(-1.702f * v)); }
INLINE float silu(float v) { return v / (1.0f + fast_exp(-v)); }
INLINE float relu(float v) { return v < 0.0f ? 0.0f : v; }
/* Within 1e-7 of tanh, relative to 1. */
INLINE float tanh_near(float v) { return 1.0f - 2.0f / (1.0f + fast_exp(2.0f * v)); }

#define BIAS_ACTIVATION(name, function)                                        \
  CLONES void name(float *restrict x, const float *restrict bias, size_t rows, \
                   size_t columns) {                                           \
    if (!bias) {                                                               \
      for (size_t i = 0; i < rows * columns; i++) x[i] = function(x[i]);       \
      return;                                                                  \
    }                                                                          \
    for (size_t row = 0; row < rows; row++, x += columns)                      \
      for (size_t c = 0; c < columns; c++) x[c] = function(x[c] + bias[c]);    \
  }

BIAS_ACTIVATION(dsx_bias_gelu_tanh, gelu_tanh)
BIAS_ACTIVATION(dsx_bias_gelu_erf, gelu_erf)
BIAS_ACTIVATION(dsx_bias_gelu_quick, gelu_quick)
BIAS_ACTIVATION(dsx_bias_silu, silu)
BIAS_ACTIVATION(dsx_bias_relu, relu)
BIAS_ACTIVATION(dsx_bias_tanh, tanh_near)

#define GATE(name, function)                                                               \
  CLONES void name(const float *gate, const float *up, size_t step, float *out,            \
                   size_t rows, size_t columns) {                                          \
    for (size_t row = 0; row < rows; row++, gate += step, up += step, out += columns)      \
      for (size_t c = 0; c < columns; c++) out[c] = function(gate[c]) * up[c];             \
  }

GATE(dsx_silu_gate, silu)
GATE(dsx_gelu_tanh_gate, gelu_tanh)
GATE(dsx_gelu_erf_gate, gelu_erf)

CLONES void dsx_rotate_split(float *restrict x, size_t step, size_t rows, size_t heads,
                             size_t head_width, size_t rotated, const int32_t *positions,
                             const float *restrict cosines, const float *restrict sines) {
  size_t half = rotated / 2;
  for (size_t row = 0; row < rows; row++, x += step) {
    const float *restrict cosine = cosines + (size_t)positions[row] * half;
    const float *restrict sine = sines + (size_t)positions[row] * half;
    for (size_t head = 0; head < heads; head++) {
      float *restrict a = x + head * head_width, *restrict b = a + half;
      for (size_t i = 0; i < half; i++) {
        float low = a[i], high = b[i];
        a[i] = low * cosine[i] - high * sine[i];
        b[i] = high * cosine[i] + low * sine[i];
      }
    }
  }
}

CLONES void dsx_rotate_paired(float *restrict x, size_t step, size_t rows, size_t heads,
                              size_t head_width, size_t rotated, const int32_t *positions,
                              const float *restrict cosines, const float *restrict sines) {
  size_t half = rotated / 2;
  for (size_t row = 0; row < rows; row++, x += step) {
    const float *restrict cosine = cosines + (size_t)positions[row] * half;
    const float *restrict sine = sines + (size_t)positions[row] * half;
    for (size_t head = 0; head < heads; head++) {
      float *restrict pairs = x + head * head_width;
      for (size_t i = 0; i < half; i++) {
        float low = pairs[2 * i], high = pairs[2 * i + 1];
        pairs[2 * i] = low * cosine[i] - high * sine[i];
        pairs[2 * i + 1] = high * cosine[i] + low * sine[i];
      }
    }
  }
}

/* Softmax of scale * x over the first `count` columns of one row; zeros behind them. */
INLINE void softmax_row(float *x, size_t columns, size_t count, float scale) {
  size_t whole = count - count % LANES;
  float best = row_maximum(x, count);
  float lanes[LANES] = {0};
  for (size_t c = 0; c < whole; c += LANES)
    for (int i = 0; i < LANES; i++) {
      float e = fast_exp((x[c + i] - best) * scale);
      x[c + i] = e;
      lanes[i] += e;
    }
  float sum = fold(lanes);
  for (size_t c = whole; c < count; c++) {
    float e = fast_exp((x[c] - best) * scale);
    x[c] = e;
    sum += e;
  }
  float part = 1.0f / sum;
  for (size_t c = 0; c < count; c++) x[c] *= part;
  memset(x + count, 0, (columns - count) * sizeof(float));
}

CLONES void dsx_softmax_rows(float *x, size_t rows, size_t columns, size_t step, size_t count,
                             float scale) {
  for (size_t row = 0; row < rows; row++) softmax_row(x + row * step, columns, count, scale);
}

CLONES void dsx_softmax_causal(float *x, size_t rows, size_t columns, size_t first) {
  for (size_t row = 0; row < rows; row++) softmax_row(x + row * columns, columns, first + row, 1);
}

CLONES void dsx_logsumexp_update(const float *x, size_t rows, size_t columns, size_t stride,
                                 float *maximum, double *sum) {
  size_t whole = columns - columns % LANES;
  for (size_t row = 0; row < rows; row++, x += stride) {
    float best = row_maximum(x, columns);
    if (best > maximum[row]) {
      sum[row] *= exp((double)maximum[row] - (double)best);
      maximum[row] = best;
    }
    best = maximum[row];
    double lanes[LANES] = {0};
    for (size_t c = 0; c < whole; c += LANES)
      for (int i = 0; i < LANES; i++) lanes[i] += (double)fast_exp(x[c + i] - best);
    double total = 0;
    for (int i = 0; i < LANES; i++) total += lanes[i];
    for (size_t c = whole; c < columns; c++) total += (double)fast_exp(x[c] - best);
    sum[row] += total;
  }
}

CLONES void dsx_half_to_float(const void *source, float *out, size_t count) {
  const char *bytes = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    /* Exponent and fraction move into place; multiplying by 2^112 mends the exponent's offset and
       gives subnormals their value; the exponent 31 (infinity, NaN) becomes 255. */
    uint32_t magnitude = (uint32_t)(half & 0x7fffu) << 13;
    float value;
    memcpy(&value, &magnitude, 4);
    value *= 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &value, 4);
    bits = magnitude >= 0x0f800000u ? magnitude | 0x7f800000u : bits;
    bits |= (uint32_t)(half & 0x8000u) << 16;
    memcpy(&out[i], &bits, 4);
  }
}

CLONES void dsx_bfloat16_to_float(const void *source, float *out, size_t count) {
  const char *bytes = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    uint32_t bits = (uint32_t)half << 16;
    memcpy(&out[i], &bits, 4);
  }
}
