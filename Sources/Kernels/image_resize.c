#include "image.h"

#include <string.h>

/* Weights have 22 bits behind the point. 32-bit products are slow, so a weight is cut in two,
   w = high * 2^11 + low with 0 <= low < 2^11, whose products with bytes are summed by the 16-bit
   multiply-and-add; the two sums are put together at the end. All in whole numbers: every path gives
   the same bytes. */
enum { PRECISION = 22, LOW_BITS = 11, LOW_MASK = (1 << LOW_BITS) - 1, GROUP = 4, PACKED = 32 };

#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#define AVX2 __attribute__((target("avx2")))
#endif

static inline uint8_t clip(int32_t sum) {
  sum >>= PRECISION;
  return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

static const int32_t half = 1 << (PRECISION - 1);

static size_t groups_of(size_t taps) { return (taps + GROUP - 1) / GROUP; }

size_t dsx_resize_packed_size(size_t count, size_t taps) { return count * groups_of(taps) * PACKED; }

/* For each value and each group of four taps a, b, c, d: high halves a b a b a b a b c d c d c d c d,
   then the low halves likewise. */
void dsx_resize_pack(const int32_t *weights, size_t count, size_t taps, int16_t *packed) {
  size_t groups = groups_of(taps);
  for (size_t i = 0; i < count; i++)
    for (size_t group = 0; group < groups; group++, packed += PACKED)
      for (size_t slot = 0; slot < PACKED / 2; slot++) {
        size_t tap = group * GROUP + slot / 8 * 2 + slot % 2;
        int32_t weight = tap < taps ? weights[i * taps + tap] : 0;
        packed[slot] = (int16_t)(weight >> LOW_BITS);
        packed[PACKED / 2 + slot] = (int16_t)(weight & LOW_MASK);
      }
}

void dsx_resize_across_scalar(const struct dsx_resize *plan, const uint8_t *source, size_t rows,
                              size_t width, size_t channels, uint8_t *target) {
  for (size_t row = 0; row < rows; row++, source += width * channels)
    for (size_t i = 0; i < plan->count; i++)
      for (size_t channel = 0; channel < channels; channel++) {
        size_t start = (size_t)plan->start[i];
        int32_t sum = half;
        for (size_t t = 0; t < plan->taps; t++)
          sum += source[(start + t) * channels + channel] * plan->weights[i * plan->taps + t];
        *target++ = clip(sum);
      }
}

void dsx_resize_down_scalar(const struct dsx_resize *plan, const uint8_t *source, size_t bytes,
                            uint8_t *target) {
  for (size_t i = 0; i < plan->count; i++)
    for (size_t x = 0; x < bytes; x++) {
      size_t start = (size_t)plan->start[i];
      int32_t sum = half;
      for (size_t t = 0; t < plan->taps; t++)
        sum += source[(start + t) * bytes + x] * plan->weights[i * plan->taps + t];
      *target++ = clip(sum);
    }
}

#if defined(__x86_64__)
/* Red, green, blue of a pixel from the two halves' sums over four taps. */
AVX2 static inline uint32_t finish_pixel(__m256i high, __m256i low) {
  __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, LOW_BITS), low);
  __m128i whole = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  whole = _mm_srai_epi32(_mm_add_epi32(whole, _mm_set1_epi32(half)), PRECISION);
  whole = _mm_packs_epi32(whole, whole);
  return (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(whole, whole));
}

/* Two rows of RGB at once, with the same weights. Reads up to 13 bytes behind a row's last pixel. */
AVX2 static void across_two_rgb(const struct dsx_resize *plan, const uint8_t *first,
                                const uint8_t *second, uint8_t *target, uint8_t *next) {
  /* Bytes r0 g0 b0 r1 ... of four pixels to 16-bit pairs r0 r1, g0 g1, b0 b1, nothing; then 2 and 3. */
  const __m256i pairs = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, 6,
                                         -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  size_t groups = groups_of(plan->taps);
  const __m256i *weights = (const __m256i *)plan->packed;
  for (size_t i = 0; i < plan->count; i++) {
    const uint8_t *a = first + 3 * (size_t)plan->start[i], *b = second + 3 * (size_t)plan->start[i];
    __m256i high_a = _mm256_setzero_si256(), low_a = high_a, high_b = high_a, low_b = high_a;
    for (size_t group = 0; group < groups; group++, a += 12, b += 12, weights += 2) {
      __m256i high = _mm256_loadu_si256(weights), low = _mm256_loadu_si256(weights + 1);
      __m256i of_a = _mm256_shuffle_epi8(
          _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)a)), pairs);
      __m256i of_b = _mm256_shuffle_epi8(
          _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)b)), pairs);
      high_a = _mm256_add_epi32(high_a, _mm256_madd_epi16(of_a, high));
      low_a = _mm256_add_epi32(low_a, _mm256_madd_epi16(of_a, low));
      high_b = _mm256_add_epi32(high_b, _mm256_madd_epi16(of_b, high));
      low_b = _mm256_add_epi32(low_b, _mm256_madd_epi16(of_b, low));
    }
    uint32_t of_first = finish_pixel(high_a, low_a), of_second = finish_pixel(high_b, low_b);
    /* Three bytes each: a fourth could lie in the next row, or behind the last one. */
    memcpy(target + 3 * i, &of_first, 3);
    memcpy(next + 3 * i, &of_second, 3);
  }
}

/* `bytes` columns, 16 at a time, of one row of the result. */
AVX2 static size_t down_row(const uint8_t *source, size_t bytes, size_t taps, const int32_t *weights,
                            uint8_t *target) {
  size_t x = 0;
  for (; x + 16 <= bytes; x += 16) {
    __m256i high[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    __m256i low[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    const uint8_t *from = source + x;
    for (size_t t = 0; t < taps; t += 2, from += 2 * bytes) {
      int32_t w = weights[t], v = t + 1 < taps ? weights[t + 1] : 0;
      __m256i w_high = _mm256_set1_epi32((w >> LOW_BITS & 0xffff) | (int32_t)((uint32_t)(v >> LOW_BITS) << 16));
      __m256i w_low = _mm256_set1_epi32((w & LOW_MASK) | (v & LOW_MASK) << 16);
      __m128i a = _mm_loadu_si128((const __m128i *)from);
      __m128i b = t + 1 < taps ? _mm_loadu_si128((const __m128i *)(from + bytes)) : a;
      __m256i front = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
      __m256i back = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
      high[0] = _mm256_add_epi32(high[0], _mm256_madd_epi16(front, w_high));
      low[0] = _mm256_add_epi32(low[0], _mm256_madd_epi16(front, w_low));
      high[1] = _mm256_add_epi32(high[1], _mm256_madd_epi16(back, w_high));
      low[1] = _mm256_add_epi32(low[1], _mm256_madd_epi16(back, w_low));
    }
    for (int part = 0; part < 2; part++) {
      __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high[part], LOW_BITS), low[part]);
      high[part] = _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(half)), PRECISION);
    }
    /* Packing works on halves of 128 bits: put in order after it. */
    __m256i words = _mm256_packs_epi32(high[0], high[1]);
    words = _mm256_permute4x64_epi64(words, 0xd8);
    __m256i packed = _mm256_packus_epi16(words, words);
    packed = _mm256_permute4x64_epi64(packed, 0xd8);
    _mm_storeu_si128((__m128i *)(target + x), _mm256_castsi256_si128(packed));
  }
  return x;
}
#endif

void dsx_resize_across(const struct dsx_resize *plan, const uint8_t *source, size_t rows,
                       size_t width, size_t channels, uint8_t *target, uint8_t *scratch) {
#if defined(__x86_64__)
  if (channels == 3 && plan->packed && HAS_AVX2) {
    size_t bytes = width * 3, out = plan->count * 3;
    size_t row = 0;
    /* The last row is left for the copy below, whose end may be read beyond. So may rows be before it
       that are shorter than what is read beyond. */
    size_t safe = rows * bytes > 64 ? (rows * bytes - 64) / bytes : 0;
    for (; row + 2 <= safe; row += 2)
      across_two_rgb(plan, source + row * bytes, source + (row + 1) * bytes, target + row * out,
                     target + (row + 1) * out);
    for (; row < rows; row++) {
      memcpy(scratch, source + row * bytes, bytes);
      across_two_rgb(plan, scratch, scratch, target + row * out, target + row * out);
    }
    return;
  }
#else
  (void)scratch;
#endif
  dsx_resize_across_scalar(plan, source, rows, width, channels, target);
}

void dsx_resize_down(const struct dsx_resize *plan, const uint8_t *source, size_t bytes,
                     uint8_t *target) {
#if defined(__x86_64__)
  if (plan->packed && HAS_AVX2) {
    for (size_t i = 0; i < plan->count; i++, target += bytes) {
      size_t start = (size_t)plan->start[i];
      const int32_t *weights = plan->weights + i * plan->taps;
      size_t taps = plan->taps;
      const uint8_t *from = source + start * bytes;
      for (size_t x = down_row(from, bytes, taps, weights, target); x < bytes; x++) {
        int32_t sum = half;
        for (size_t t = 0; t < taps; t++) sum += from[t * bytes + x] * weights[t];
        target[x] = clip(sum);
      }
    }
    return;
  }
#endif
  dsx_resize_down_scalar(plan, source, bytes, target);
}

void dsx_image_floats(const uint8_t *source, size_t pixels, size_t channels, const float *table,
                      float *target) {
  for (size_t i = 0; i < pixels; i++)
    for (size_t channel = 0; channel < channels; channel++)
      *target++ = table[channel * 256 + *source++];
}

void dsx_image_planes(const uint8_t *source, size_t pixels, size_t channels, const float *table,
                      float *target) {
  for (size_t channel = 0; channel < channels; channel++, table += 256, target += pixels)
    for (size_t i = 0; i < pixels; i++) target[i] = table[source[i * channels + channel]];
}
