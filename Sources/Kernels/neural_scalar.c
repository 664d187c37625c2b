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

void dsx_add_rows_scalar(float *x, const float *bias, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) x[i] += bias[i % columns];
}

void dsx_bias_gelu_tanh_scalar(float *x, const float *bias, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) {
    double v = (double)(x[i] + bias[i % columns]);
    x[i] = (float)(0.5 * v * (1 + tanh(0.79788456080286536 * (v + 0.044715 * v * v * v))));
  }
}

void dsx_bias_gelu_erf_scalar(float *x, const float *bias, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) {
    double v = (double)(x[i] + bias[i % columns]);
    x[i] = (float)(0.5 * v * (1 + erf(v * 0.70710678118654752)));
  }
}

void dsx_bias_silu_scalar(float *x, const float *bias, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) {
    double v = (double)(x[i] + bias[i % columns]);
    x[i] = (float)(v / (1 + exp(-v)));
  }
}

void dsx_bias_relu_scalar(float *x, const float *bias, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) {
    float v = x[i] + bias[i % columns];
    x[i] = v < 0 ? 0 : v;
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
