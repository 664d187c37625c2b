#include "minhash.h"

static void update_from(const uint32_t *values, size_t count, const uint32_t *multiply,
                        const uint32_t *add, uint32_t *signature, size_t first, size_t functions) {
  for (size_t j = first; j < functions; j++) {
    uint32_t smallest = signature[j];
    for (size_t i = 0; i < count; i++) {
      uint32_t hash = multiply[j] * values[i] + add[j];
      if (hash < smallest) smallest = hash;
    }
    signature[j] = smallest;
  }
}

void dsx_minhash_update_scalar(const uint32_t *values, size_t count, const uint32_t *multiply,
                               const uint32_t *add, uint32_t *signature, size_t functions) {
  update_from(values, count, multiply, add, signature, 0, functions);
}

#if defined(__x86_64__)
#include <immintrin.h>

/* 32 functions at a time: factors, terms and minima of each stay in registers over all values. */
__attribute__((target("avx2"))) static size_t update_avx2(
    const uint32_t *values, size_t count, const uint32_t *multiply, const uint32_t *add,
    uint32_t *signature, size_t functions) {
  size_t j = 0;
  for (; j + 32 <= functions; j += 32) {
    __m256i m[4], a[4], s[4];
    for (int k = 0; k < 4; k++) {
      m[k] = _mm256_loadu_si256((const __m256i *)(multiply + j + 8 * k));
      a[k] = _mm256_loadu_si256((const __m256i *)(add + j + 8 * k));
      s[k] = _mm256_loadu_si256((const __m256i *)(signature + j + 8 * k));
    }
    for (size_t i = 0; i < count; i++) {
      __m256i x = _mm256_set1_epi32((int)values[i]);
      for (int k = 0; k < 4; k++) {
        __m256i hash = _mm256_add_epi32(_mm256_mullo_epi32(m[k], x), a[k]);
        s[k] = _mm256_min_epu32(s[k], hash);
      }
    }
    for (int k = 0; k < 4; k++) _mm256_storeu_si256((__m256i *)(signature + j + 8 * k), s[k]);
  }
  for (; j + 8 <= functions; j += 8) {
    __m256i m = _mm256_loadu_si256((const __m256i *)(multiply + j));
    __m256i a = _mm256_loadu_si256((const __m256i *)(add + j));
    __m256i s = _mm256_loadu_si256((const __m256i *)(signature + j));
    for (size_t i = 0; i < count; i++) {
      __m256i x = _mm256_set1_epi32((int)values[i]);
      s = _mm256_min_epu32(s, _mm256_add_epi32(_mm256_mullo_epi32(m, x), a));
    }
    _mm256_storeu_si256((__m256i *)(signature + j), s);
  }
  return j;
}
#endif

void dsx_minhash_update(const uint32_t *values, size_t count, const uint32_t *multiply,
                        const uint32_t *add, uint32_t *signature, size_t functions) {
  size_t first = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    first = update_avx2(values, count, multiply, add, signature, functions);
  }
#endif
  update_from(values, count, multiply, add, signature, first, functions);
}
