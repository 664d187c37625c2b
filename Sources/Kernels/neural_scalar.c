#include "neural.h"

#include <math.h>
#include <string.h>

/* The plain forms, in double precision with the C library, for the tests of neural.c. */

void dsx_layernorm_scalar(const float *x, const float *weight, const float *bias, float eps,
                          float *out, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    double mean = 0, variance = 0;
    for (size_t c = 0; c < columns; c++) mean += x[c];
    mean /= (double)columns;
    for (size_t c = 0; c < columns; c++) variance += (x[c] - mean) * (x[c] - mean);
    variance /= (double)columns;
    for (size_t c = 0; c < columns; c++)
      out[c] = (float)((x[c] - mean) / sqrt(variance + eps) * weight[c] + bias[c]);
  }
}

void dsx_rmsnorm_scalar(const float *x, const float *weight, float eps, float *out, size_t rows,
                        size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    double square = 0;
    for (size_t c = 0; c < columns; c++) square += (double)x[c] * x[c];
    double scale = 1 / sqrt(square / (double)columns + eps);
    for (size_t c = 0; c < columns; c++) out[c] = (float)(x[c] * scale * weight[c]);
  }
}

void dsx_add_scalar(float *target, const float *source, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] += source[i];
}

void dsx_add_rows_scalar(float *x, const float *bias, size_t rows, size_t columns) {
  if (!bias) return;
  for (size_t i = 0; i < rows * columns; i++) x[i] += bias[i % columns];
}

static double gelu_tanh(double v) {
  return 0.5 * v * (1 + tanh(0.79788456080286536 * (v + 0.044715 * v * v * v)));
}
static double gelu_erf(double v) { return 0.5 * v * (1 + erf(v * 0.70710678118654752)); }
static double gelu_quick(double v) { return v / (1 + exp(-1.702 * v)); }
static double silu(double v) { return v / (1 + exp(-v)); }
static double relu(double v) { return v < 0 ? 0 : v; }

#define BIAS_ACTIVATION(name, function)                                  \
  void name(float *x, const float *bias, size_t rows, size_t columns) {  \
    for (size_t i = 0; i < rows * columns; i++)                          \
      x[i] = (float)function(bias ? x[i] + bias[i % columns] : x[i]);    \
  }

BIAS_ACTIVATION(dsx_bias_gelu_tanh_scalar, gelu_tanh)
BIAS_ACTIVATION(dsx_bias_gelu_erf_scalar, gelu_erf)
BIAS_ACTIVATION(dsx_bias_gelu_quick_scalar, gelu_quick)
BIAS_ACTIVATION(dsx_bias_silu_scalar, silu)
BIAS_ACTIVATION(dsx_bias_relu_scalar, relu)
BIAS_ACTIVATION(dsx_bias_tanh_scalar, tanh)

#define GATE(name, function)                                                            \
  void name(const float *gate, const float *up, size_t step, float *out, size_t rows,   \
            size_t columns) {                                                           \
    for (size_t row = 0; row < rows; row++, gate += step, up += step, out += columns)   \
      for (size_t c = 0; c < columns; c++) out[c] = (float)(function(gate[c]) * up[c]); \
  }

GATE(dsx_silu_gate_scalar, silu)
GATE(dsx_gelu_tanh_gate_scalar, gelu_tanh)
GATE(dsx_gelu_erf_gate_scalar, gelu_erf)

/* Turns the pair at a and b. */
static void turn(float *a, float *b, double cosine, double sine) {
  double low = *a, high = *b;
  *a = (float)(low * cosine - high * sine);
  *b = (float)(high * cosine + low * sine);
}

void dsx_rotate_split_scalar(float *x, size_t step, size_t rows, size_t heads, size_t head_width,
                             size_t rotated, const int32_t *positions, const float *cosines,
                             const float *sines) {
  for (size_t row = 0; row < rows; row++)
    for (size_t head = 0; head < heads; head++)
      for (size_t i = 0; i < rotated / 2; i++) {
        float *vector = x + row * step + head * head_width;
        size_t angle = (size_t)positions[row] * (rotated / 2) + i;
        turn(vector + i, vector + rotated / 2 + i, cosines[angle], sines[angle]);
      }
}

void dsx_rotate_paired_scalar(float *x, size_t step, size_t rows, size_t heads,
                              size_t head_width, size_t rotated, const int32_t *positions,
                              const float *cosines, const float *sines) {
  for (size_t row = 0; row < rows; row++)
    for (size_t head = 0; head < heads; head++)
      for (size_t i = 0; i < rotated / 2; i++) {
        float *vector = x + row * step + head * head_width;
        size_t angle = (size_t)positions[row] * (rotated / 2) + i;
        turn(vector + 2 * i, vector + 2 * i + 1, cosines[angle], sines[angle]);
      }
}

void dsx_softmax_rows_scalar(float *x, size_t rows, size_t columns, size_t step, size_t count,
                             float scale) {
  for (size_t row = 0; row < rows; row++, x += step) {
    double best = -INFINITY, sum = 0;
    for (size_t c = 0; c < count; c++) best = x[c] > best ? x[c] : best;
    for (size_t c = 0; c < count; c++) sum += exp((x[c] - best) * scale);
    for (size_t c = 0; c < columns; c++)
      x[c] = c < count ? (float)(exp((x[c] - best) * scale) / sum) : 0.0f;
  }
}

void dsx_softmax_causal_scalar(float *x, size_t rows, size_t columns, size_t first) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    size_t count = first + row;
    double best = -INFINITY, sum = 0;
    for (size_t c = 0; c < count; c++) best = x[c] > best ? x[c] : best;
    for (size_t c = 0; c < count; c++) sum += exp(x[c] - best);
    for (size_t c = 0; c < columns; c++)
      x[c] = c < count ? (float)(exp(x[c] - best) / sum) : 0.0f;
  }
}

void dsx_logsumexp_update_scalar(const float *x, size_t rows, size_t columns, size_t stride,
                                 float *maximum, double *sum) {
  for (size_t row = 0; row < rows; row++, x += stride)
    for (size_t c = 0; c < columns; c++) {
      if (x[c] > maximum[row]) {
        sum[row] *= exp((double)maximum[row] - (double)x[c]);
        maximum[row] = x[c];
      }
      sum[row] += exp((double)x[c] - (double)maximum[row]);
    }
}

void dsx_half_to_float_scalar(const void *source, float *out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, (const char *)source + 2 * i, 2);
    int exponent = half >> 10 & 31;
    float fraction = (float)(half & 1023);
    float value;
    if (exponent == 31) value = half & 1023 ? NAN : INFINITY;
    else if (exponent == 0) value = ldexpf(fraction, -24);
    else value = ldexpf(1024 + fraction, exponent - 25);
    out[i] = half & 0x8000 ? -value : value;
  }
}

void dsx_bfloat16_to_float_scalar(const void *source, float *out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const unsigned char *bytes = (const unsigned char *)source + 2 * i;
    uint32_t bits = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 24;
    memcpy(&out[i], &bits, 4);
  }
}
