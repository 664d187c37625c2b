#include "crc32c.h"

#include <string.h>

uint32_t dsx_crc32c_scalar(uint32_t crc, const void *data, size_t count) {
  const uint8_t *p = data;
  crc = ~crc;
  while (count--) {
    crc ^= *p++;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1u)));
  }
  return ~crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(
    uint32_t crc, const uint8_t *p, size_t count) {
  uint64_t state = ~crc;
  for (; count >= 8; p += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = _mm_crc32_u64(state, word);
  }
  uint32_t tail = (uint32_t)state;
  while (count--) tail = _mm_crc32_u8(tail, *p++);
  return ~tail;
}

/* The instruction takes three cycles but a new one can start in each, so three thirds of a block run side
   by side. A third's state goes over the bytes behind it by a carry-less multiplication with
   x^(8n - 33) mod P (bit-reflected), which the crc instruction then reduces. */
__attribute__((target("sse4.2,pclmul"))) static inline uint64_t shifted(
    uint64_t state, uint32_t power) {
  __m128i product = _mm_clmulepi64_si128(
      _mm_cvtsi64_si128((long long)(uint32_t)state), _mm_cvtsi64_si128((long long)power), 0);
  return (uint64_t)_mm_cvtsi128_si64(product);
}

#define THIRD 1024
#define SHIFT_ONE 0x170076fau /* x^(8 * 1024 - 33) */
#define SHIFT_TWO 0xa51b6135u /* x^(8 * 2048 - 33) */

__attribute__((target("sse4.2,pclmul"))) static uint32_t crc32c_threefold(
    uint32_t crc, const uint8_t *p, size_t count) {
  uint64_t first = ~crc;
  for (; count >= 3 * THIRD; p += 3 * THIRD, count -= 3 * THIRD) {
    uint64_t second = 0, third = 0;
    for (size_t at = 0; at < THIRD; at += 8) {
      uint64_t a, b, c;
      memcpy(&a, p + at, 8);
      memcpy(&b, p + THIRD + at, 8);
      memcpy(&c, p + 2 * THIRD + at, 8);
      first = _mm_crc32_u64(first, a);
      second = _mm_crc32_u64(second, b);
      third = _mm_crc32_u64(third, c);
    }
    uint64_t folded = shifted(first, SHIFT_TWO) ^ shifted(second, SHIFT_ONE);
    first = _mm_crc32_u64(0, folded) ^ third;
  }
  return crc32c_sse42(~(uint32_t)first, p, count);
}
#endif

uint32_t dsx_crc32c(uint32_t crc, const void *data, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) {
    if (count >= 3 * THIRD && __builtin_cpu_supports("pclmul")) {
      return crc32c_threefold(crc, data, count);
    }
    return crc32c_sse42(crc, data, count);
  }
#endif
  return dsx_crc32c_scalar(crc, data, count);
}
