#include "neural.h"

#include <math.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DSX_ONE_COPY /* the loader's choice runs before the sanitizer is ready, and would crash */
#endif
#endif
#if defined(__x86_64__) && defined(__linux__) && !defined(DSX_ONE_COPY)
/* The loader picks the best copy for the processor. */
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

enum { LANES = 16 };

/* e^x within 2 ulp for -87.3 <= x <= 88.7, 0 below, about 2e38 above: 2^n * e^r with |r| <= ln 2 / 2 and
   the polynomial of Cephes' expf. Branch-free, so that loops over it become vector code. */
INLINE float fast_exp(float x) {
  float y = x < -87.3f ? -87.3f : x;
  y = y > 88.3f ? 88.3f : y;
  const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to an integer */
  float shifted = y * 1.44269504088896341f + magic;
  float n = shifted - magic;
  float r = (y - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = (p * r * r + r) + 1.0f;
  uint32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (bits - 0x4b400000u + 127u) << 23;
  float scale;
  memcpy(&scale, &bits, 4);
  float result = p * scale;
  return x < -87.3f ? 0.0f : result;
}

/* erf(x) within 4 ulp: an odd rational function on [-4, 4] (the coefficients that Eigen uses). */
INLINE float fast_erf(float x) {
  float y = x < -4.0f ? -4.0f : x;
  y = y > 4.0f ? 4.0f : y;
  float s = y * y;
  float p = -2.72614225801306e-10f;
  p = p * s + 2.77068142495902e-08f;
  p = p * s + -2.10102402082508e-06f;
  p = p * s + -5.69250639462346e-05f;
  p = p * s + -7.34990630326855e-04f;
  p = p * s + -2.95459980854025e-03f;
  p = p * s + -1.60960333262415e-02f;
  float q = -1.45660718464996e-05f;
  q = q * s + -2.13374055278905e-04f;
  q = q * s + -1.68282697438203e-03f;
  q = q * s + -7.37332916720468e-03f;
  q = q * s + -1.42647390514189e-02f;
  return y * p / q;
}

INLINE float fold(const float *lanes) {
  float sum = 0;
  for (int i = 0; i < LANES; i++) sum += lanes[i];
  return sum;
}

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

INLINE float row_maximum(const float *x, size_t count) {
  float lanes[LANES];
  for (int i = 0; i < LANES; i++) lanes[i] = -INFINITY;
  size_t whole = count - count % LANES;
  for (size_t c = 0; c < whole; c += LANES)
    for (int i = 0; i < LANES; i++) lanes[i] = x[c + i] > lanes[i] ? x[c + i] : lanes[i];
  float best = -INFINITY;
  for (int i = 0; i < LANES; i++) best = lanes[i] > best ? lanes[i] : best;
  for (size_t c = whole; c < count; c++) best = x[c] > best ? x[c] : best;
  return best;
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
