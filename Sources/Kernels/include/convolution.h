#ifndef DSX_CONVOLUTION_H
#define DSX_CONVOLUTION_H

#include <stddef.h>

/* Loops of convolutional networks in float32. A plane is one channel of one image, row-major. Compiled
   for several x86-64 levels and chosen at load time; each has a plain `_scalar` twin. One output is
   always summed in the same order, so it does not depend on what is around it. NaN goes through. */

/* One plane of a depthwise convolution, kernel x kernel taps, then bias and clamp:
   out[y][x] = clamp(bias + sum of weights[i][j] * padded[y * stride + i][x * stride + j]).
   `padded` has its border of zeros, rows `padded_width` apart, and at least (height - 1) * stride +
   kernel of them. low and high may be -INFINITY and INFINITY. */
void dsx_depthwise(const float *padded, size_t padded_width, const float *weights, size_t kernel,
                   size_t stride, float bias, float low, float high, float *out, size_t height,
                   size_t width);
void dsx_depthwise_scalar(const float *padded, size_t padded_width, const float *weights,
                          size_t kernel, size_t stride, float bias, float low, float high,
                          float *out, size_t height, size_t width);

/* x[p][i] = clamp(x[p][i] + bias[p]) for each of `planes` planes of `count` values. */
void dsx_bias_clamp(float *x, const float *bias, size_t planes, size_t count, float low, float high);
void dsx_bias_clamp_scalar(float *x, const float *bias, size_t planes, size_t count, float low,
                           float high);

#endif
