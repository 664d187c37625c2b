#include "image.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline uint8_t paeth(int left, int above, int corner) {
  int p = above - corner, q = left - corner;
  int to_left = p < 0 ? -p : p, to_above = q < 0 ? -q : q, r = p + q;
  int to_corner = r < 0 ? -r : r;
  if (to_left <= to_above && to_left <= to_corner) return (uint8_t)left;
  return (uint8_t)(to_above <= to_corner ? above : corner);
}

void dsx_png_unfilter_scalar(int filter, size_t step, const uint8_t *source, const uint8_t *above,
                             uint8_t *target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int left = i >= step ? target[i - step] : 0;
    int up = above ? above[i] : 0;
    int corner = above && i >= step ? above[i - step] : 0;
    int add = 0;
    if (filter == 1) add = left;
    if (filter == 2) add = up;
    if (filter == 3) add = (left + up) / 2;
    if (filter == 4) add = paeth(left, up, corner);
    target[i] = (uint8_t)(source[i] + add);
  }
}

#if defined(__SSE2__)
/* Pixels of 3 and 4 bytes, one after the other: each needs the one before. Three bytes are read and
   written as such, so nothing beyond the row is touched. */
static inline __m128i load_pixel(const uint8_t *from, size_t step) {
  uint32_t word = 0;
  if (step == 4) {
    memcpy(&word, from, 4);
  } else {
    uint16_t low;
    memcpy(&low, from, 2);
    word = low | (uint32_t)from[2] << 16;
  }
  return _mm_cvtsi32_si128((int)word);
}

static inline void store_pixel(uint8_t *to, __m128i value, size_t step) {
  uint32_t word = (uint32_t)_mm_cvtsi128_si32(value);
  if (step == 4) {
    memcpy(to, &word, 4);
  } else {
    uint16_t low = (uint16_t)word;
    memcpy(to, &low, 2);
    to[2] = (uint8_t)(word >> 16);
  }
}

static inline __attribute__((always_inline)) void sub_pixels(
    const uint8_t *source, uint8_t *target, size_t count, size_t step) {
  __m128i left = _mm_setzero_si128();
  for (size_t i = 0; i + step <= count; i += step) {
    left = _mm_add_epi8(left, load_pixel(source + i, step));
    store_pixel(target + i, left, step);
  }
}

static inline __attribute__((always_inline)) void average_pixels(
    const uint8_t *source, const uint8_t *above, uint8_t *target, size_t count, size_t step) {
  __m128i left = _mm_setzero_si128();
  const __m128i one = _mm_set1_epi8(1);
  for (size_t i = 0; i + step <= count; i += step) {
    __m128i up = load_pixel(above + i, step);
    /* avg rounds up: one too many where the sum is odd. */
    __m128i mean = _mm_sub_epi8(_mm_avg_epu8(left, up), _mm_and_si128(_mm_xor_si128(left, up), one));
    left = _mm_add_epi8(load_pixel(source + i, step), mean);
    store_pixel(target + i, left, step);
  }
}

static inline __m128i absolute(__m128i x) {
  return _mm_max_epi16(x, _mm_sub_epi16(_mm_setzero_si128(), x));
}

static inline __m128i choose(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

static inline __attribute__((always_inline)) void paeth_pixels(
    const uint8_t *source, const uint8_t *above, uint8_t *target, size_t count, size_t step) {
  const __m128i zero = _mm_setzero_si128();
  __m128i left = zero, corner = zero;
  for (size_t i = 0; i + step <= count; i += step) {
    __m128i up = _mm_unpacklo_epi8(load_pixel(above + i, step), zero);
    __m128i p = _mm_sub_epi16(up, corner), q = _mm_sub_epi16(left, corner);
    __m128i to_corner = absolute(_mm_add_epi16(p, q));
    p = absolute(p);
    q = absolute(q);
    __m128i least = _mm_min_epi16(to_corner, _mm_min_epi16(p, q));
    __m128i nearest = choose(_mm_cmpeq_epi16(least, p), left,
                             choose(_mm_cmpeq_epi16(least, q), up, corner));
    corner = up;
    __m128i value = _mm_unpacklo_epi8(load_pixel(source + i, step), zero);
    /* Added as bytes: the high halves stay 0. */
    left = _mm_add_epi8(value, nearest);
    store_pixel(target + i, _mm_packus_epi16(left, left), step);
  }
}
#endif

void dsx_png_unfilter(int filter, size_t step, const uint8_t *source, const uint8_t *above,
                      uint8_t *target, size_t count) {
  /* Without a row above, average and Paeth are plain left sums but for the halving. */
  if (filter == 0 || (filter == 2 && !above)) {
    if (target != source) memmove(target, source, count);
    return;
  }
  if (filter == 2) {
    for (size_t i = 0; i < count; i++) target[i] = (uint8_t)(source[i] + above[i]);
    return;
  }
#if defined(__SSE2__)
  if (count % step == 0 && (step == 3 || step == 4)) {
    if (filter == 1 || (filter == 4 && !above)) {
      if (step == 3) return sub_pixels(source, target, count, 3);
      return sub_pixels(source, target, count, 4);
    }
    if (above) {
      if (filter == 3 && step == 3) return average_pixels(source, above, target, count, 3);
      if (filter == 3) return average_pixels(source, above, target, count, 4);
      if (step == 3) return paeth_pixels(source, above, target, count, 3);
      return paeth_pixels(source, above, target, count, 4);
    }
  }
#endif
  dsx_png_unfilter_scalar(filter, step, source, above, target, count);
}
