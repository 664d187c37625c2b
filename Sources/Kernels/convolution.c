#include "convolution.h"

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

/* Comparisons with NaN are false, so NaN stays. */
INLINE float clamp(float value, float low, float high) {
  value = value < low ? low : value;
  return value > high ? high : value;
}

/* With `kernel` and `stride` known the taps are unrolled and the loop over x is vector code. */
INLINE void depthwise(const float *padded, size_t padded_width, const float *weights, size_t kernel,
                      size_t stride, float bias, float low, float high, float *restrict out,
                      size_t height, size_t width) {
  for (size_t y = 0; y < height; y++, out += width) {
    const float *rows = padded + y * stride * padded_width;
    for (size_t x = 0; x < width; x++) {
      float sum = bias;
      for (size_t i = 0; i < kernel; i++)
        for (size_t j = 0; j < kernel; j++)
          sum += weights[i * kernel + j] * rows[i * padded_width + x * stride + j];
      out[x] = clamp(sum, low, high);
    }
  }
}

CLONES void dsx_depthwise(const float *padded, size_t padded_width, const float *weights,
                          size_t kernel, size_t stride, float bias, float low, float high,
                          float *out, size_t height, size_t width) {
  if (kernel == 3 && stride == 1)
    depthwise(padded, padded_width, weights, 3, 1, bias, low, high, out, height, width);
  else if (kernel == 3 && stride == 2)
    depthwise(padded, padded_width, weights, 3, 2, bias, low, high, out, height, width);
  else
    depthwise(padded, padded_width, weights, kernel, stride, bias, low, high, out, height, width);
}

CLONES void dsx_bias_clamp(float *x, const float *bias, size_t planes, size_t count, float low,
                           float high) {
  for (size_t plane = 0; plane < planes; plane++, x += count) {
    float add = bias[plane];
    for (size_t i = 0; i < count; i++) x[i] = clamp(x[i] + add, low, high);
  }
}

void dsx_depthwise_scalar(const float *padded, size_t padded_width, const float *weights,
                          size_t kernel, size_t stride, float bias, float low, float high,
                          float *out, size_t height, size_t width) {
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++) {
      float sum = bias;
      for (size_t i = 0; i < kernel; i++)
        for (size_t j = 0; j < kernel; j++)
          sum += weights[i * kernel + j] * padded[(y * stride + i) * padded_width + x * stride + j];
      if (sum < low) sum = low;
      if (sum > high) sum = high;
      out[y * width + x] = sum;
    }
}

void dsx_bias_clamp_scalar(float *x, const float *bias, size_t planes, size_t count, float low,
                           float high) {
  for (size_t i = 0; i < planes * count; i++) {
    float value = x[i] + bias[i / count];
    if (value < low) value = low;
    if (value > high) value = high;
    x[i] = value;
  }
}
