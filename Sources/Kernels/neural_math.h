/* What the loops of neural.c and transformer.c share; not part of the module. */
#ifndef DSX_NEURAL_MATH_H
#define DSX_NEURAL_MATH_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
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

#endif
