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
#include <nmmintrin.h>

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
#endif

uint32_t dsx_crc32c(uint32_t crc, const void *data, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(crc, data, count);
#endif
  return dsx_crc32c_scalar(crc, data, count);
}
