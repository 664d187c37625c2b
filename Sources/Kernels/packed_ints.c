#include "packed_ints.h"

#include <string.h>

static const uint8_t widths[4] = {1, 2, 4, 8};

static unsigned code64(int64_t value) {
  return (value != (int8_t)value) + (value != (int16_t)value) + (value != (int32_t)value);
}

static int64_t load_signed(const uint8_t *from, unsigned code) {
  int64_t value = 0;
  switch (code) {
    case 0: return (int8_t)*from;
    case 1: {
      int16_t half;
      memcpy(&half, from, 2);
      return half;
    }
    case 2: {
      int32_t word;
      memcpy(&word, from, 4);
      return word;
    }
    default: memcpy(&value, from, 8); return value;
  }
}

/* Packs elements first..<count; `codes` is the start of the codes, returns the end of the data. */
static uint8_t *pack_i32_from(
    const int32_t *source, size_t first, size_t count, uint8_t *codes, uint8_t *data) {
  for (size_t i = first; i < count; i++) {
    unsigned code = code64(source[i]);
    if (i % 4 == 0) codes[i / 4] = 0;
    codes[i / 4] |= (uint8_t)(code << (6 - 2 * (i % 4)));
    memcpy(data, &source[i], 4);
    data += widths[code];
  }
  return data;
}

size_t dsx_pack_i32_scalar(const int32_t *source, size_t count, uint8_t *target) {
  return (size_t)(pack_i32_from(source, 0, count, target, target + (count + 3) / 4) - target);
}

size_t dsx_pack_i64(const int64_t *source, size_t count, uint8_t *target) {
  uint8_t *codes = target, *data = target + (count + 3) / 4;
  for (size_t i = 0; i < count; i++) {
    unsigned code = code64(source[i]);
    if (i % 4 == 0) codes[i / 4] = 0;
    codes[i / 4] |= (uint8_t)(code << (6 - 2 * (i % 4)));
    memcpy(data, &source[i], 8);
    data += widths[code];
  }
  return (size_t)(data - target);
}

/* Unpacks elements first..<count from `data`; the body ends at `end`. */
static int unpack_i32_from(
    const uint8_t *codes, const uint8_t *data, const uint8_t *end, int32_t *target, size_t first,
    size_t count) {
  for (size_t i = first; i < count; i++) {
    unsigned code = (codes[i / 4] >> (6 - 2 * (i % 4))) & 3;
    if (code == 3 || (size_t)(end - data) < widths[code]) return -1;
    target[i] = (int32_t)load_signed(data, code);
    data += widths[code];
  }
  return data == end ? 0 : -1;
}

int dsx_unpack_i32_scalar(const uint8_t *body, size_t size, int32_t *target, size_t count) {
  size_t codes = count / 4 + (count % 4 != 0);
  if (codes > size) return -1;
  return unpack_i32_from(body, body + codes, body + size, target, 0, count);
}

int dsx_unpack_i64(const uint8_t *body, size_t size, int64_t *target, size_t count) {
  size_t codes = count / 4 + (count % 4 != 0);
  if (codes > size) return -1;
  const uint8_t *data = body + codes, *end = body + size;
  for (size_t i = 0; i < count; i++) {
    unsigned code = (body[i / 4] >> (6 - 2 * (i % 4))) & 3;
    if ((size_t)(end - data) < widths[code]) return -1;
    target[i] = load_signed(data, code);
    data += widths[code];
  }
  return data == end ? 0 : -1;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* One entry per code byte, so four elements a step. `spread` moves each element's bytes to the top of
   its 32-bit lane, where an arithmetic shift right by `shift` sign-extends it; `gather` drops the
   bytes that packing leaves out. `length` is 255 for the widths that an int32 cannot have. */
typedef struct {
  _Alignas(16) uint8_t spread[256][16];
  _Alignas(16) uint8_t gather[256][16];
  _Alignas(16) uint32_t shift[256][4];
  uint8_t length[256];
} step_tables;

static step_tables tables;

__attribute__((constructor)) static void fill_tables(void) {
  for (unsigned byte = 0; byte < 256; byte++) {
    unsigned at = 0, bad = 0;
    memset(tables.spread[byte], 0x80, 16);
    memset(tables.gather[byte], 0x80, 16);
    for (unsigned lane = 0; lane < 4; lane++) {
      unsigned code = (byte >> (6 - 2 * lane)) & 3;
      if (code == 3) {
        bad = 1;
        break;
      }
      unsigned width = widths[code];
      tables.shift[byte][lane] = 32 - 8 * width;
      for (unsigned b = 0; b < width; b++) {
        tables.spread[byte][4 * lane + 4 - width + b] = (uint8_t)(at + b);
        tables.gather[byte][at + b] = (uint8_t)(4 * lane + b);
      }
      at += width;
    }
    tables.length[byte] = bad ? 255 : (uint8_t)at;
  }
}

__attribute__((target("avx2"))) static size_t pack_i32_avx2(
    const int32_t *source, size_t count, uint8_t *target) {
  uint8_t *data = target + (count + 3) / 4;
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    __m128i value = _mm_loadu_si128((const __m128i *)(source + i));
    __m128i byte = _mm_srai_epi32(_mm_slli_epi32(value, 24), 24);
    __m128i half = _mm_srai_epi32(_mm_slli_epi32(value, 16), 16);
    unsigned fits8 = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(value, byte)));
    unsigned fits16 = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(value, half)));
    /* Lane 0 is bit 0 of the masks but takes the highest two bits of the code byte. */
    static const uint8_t high[16] = {0x00, 0x80, 0x20, 0xa0, 0x08, 0x88, 0x28, 0xa8,
                                     0x02, 0x82, 0x22, 0xa2, 0x0a, 0x8a, 0x2a, 0xaa};
    unsigned wide = high[~fits16 & 15], mid = high[(fits16 & ~fits8) & 15] >> 1;
    unsigned code = wide | mid;
    target[i / 4] = (uint8_t)code;
    __m128i packed =
        _mm_shuffle_epi8(value, _mm_load_si128((const __m128i *)tables.gather[code]));
    _mm_storeu_si128((__m128i *)data, packed);
    data += tables.length[code];
  }
  return (size_t)(pack_i32_from(source, i, count, target, data) - target);
}

__attribute__((target("avx2"))) static int unpack_i32_avx2(
    const uint8_t *body, size_t size, int32_t *target, size_t count) {
  size_t codes = count / 4 + (count % 4 != 0);
  if (codes > size) return -1;
  const uint8_t *data = body + codes, *end = body + size;
  size_t i = 0;
  for (; i + 4 <= count && (size_t)(end - data) >= 16; i += 4) {
    unsigned code = body[i / 4], length = tables.length[code];
    if (length == 255) return -1;
    __m128i value = _mm_shuffle_epi8(
        _mm_loadu_si128((const __m128i *)data),
        _mm_load_si128((const __m128i *)tables.spread[code]));
    value = _mm_srav_epi32(value, _mm_load_si128((const __m128i *)tables.shift[code]));
    _mm_storeu_si128((__m128i *)(target + i), value);
    data += length;
  }
  return unpack_i32_from(body, data, end, target, i, count);
}
#endif

size_t dsx_pack_i32(const int32_t *source, size_t count, uint8_t *target) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return pack_i32_avx2(source, count, target);
#endif
  return dsx_pack_i32_scalar(source, count, target);
}

int dsx_unpack_i32(const uint8_t *body, size_t size, int32_t *target, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return unpack_i32_avx2(body, size, target, count);
#endif
  return dsx_unpack_i32_scalar(body, size, target, count);
}
