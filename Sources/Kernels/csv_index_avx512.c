#include "csv_block.h"

#include <string.h>

#if defined(__x86_64__)
#define FAST                                                                                       \
  __attribute__((target(DSX_CSV_FAST ",avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")))
#define INLINE_FAST_512                                                                            \
  static inline __attribute__((                                                                    \
      always_inline, target(DSX_CSV_FAST ",avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")))

typedef struct {
  __m512i error;
  __m512i last;       /* the 64 bytes before */
  __m512i unfinished; /* not zero when they end inside of a sequence */
} utf8_state;

/* The bytes of `input` moved up, the last of those before it in front. */
#define BEFORE(n) _mm512_alignr_epi8(input, across, 16 - (n))

INLINE_FAST_512 void utf8_block(utf8_state *state, __m512i input) {
  if (_mm512_movepi8_mask(input) == 0) {
    state->error = _mm512_or_si512(state->error, state->unfinished);
    state->last = input;
    state->unfinished = _mm512_setzero_si512();
    return;
  }
  const __m512i before_high = _mm512_broadcast_i32x4(DSX_UTF8_BEFORE_HIGH);
  const __m512i before_low = _mm512_broadcast_i32x4(DSX_UTF8_BEFORE_LOW);
  const __m512i here_high = _mm512_broadcast_i32x4(DSX_UTF8_HERE_HIGH);
  const __m512i nibble = _mm512_set1_epi8(0x0f);
  /* Lane i holds the 16 bytes before lane i of the input. */
  const __m512i across = _mm512_alignr_epi64(input, state->last, 6);
  __m512i before1 = BEFORE(1), before2 = BEFORE(2), before3 = BEFORE(3);
  __m512i possible = _mm512_and_si512(
      _mm512_and_si512(
          _mm512_shuffle_epi8(before_high, _mm512_and_si512(_mm512_srli_epi16(before1, 4), nibble)),
          _mm512_shuffle_epi8(before_low, _mm512_and_si512(before1, nibble))),
      _mm512_shuffle_epi8(here_high, _mm512_and_si512(_mm512_srli_epi16(input, 4), nibble)));
  /* Third and fourth bytes must be a continuation behind a continuation, and no other byte may. */
  __m512i third = _mm512_subs_epu8(before2, _mm512_set1_epi8((char)(0xe0 - 0x80)));
  __m512i fourth = _mm512_subs_epu8(before3, _mm512_set1_epi8((char)(0xf0 - 0x80)));
  __m512i must = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
  state->error = _mm512_or_si512(state->error, _mm512_xor_si512(must, possible));
  state->last = input;
  /* Bytes that may not be the last, the last but one, and the one before that. */
  const __m512i most = _mm512_inserti32x4(
      _mm512_set1_epi8(-1),
      _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, (char)0xef, (char)0xdf,
                    (char)0xbf),
      3);
  state->unfinished = _mm512_subs_epu8(input, most);
}

FAST void dsx_csv_index_avx512(const uint8_t *bytes, size_t from, size_t to, size_t available,
                               int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                               uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found) {
  memset(found, 0, sizeof *found);
  found->fault = SIZE_MAX;
  if (!at_end) to = whole_characters(bytes, from, to);
  const __m512i delimiters = _mm512_set1_epi8((char)delimiter);
  const __m512i quotes = _mm512_set1_epi8((char)quote);
  const __m512i feeds = _mm512_set1_epi8(LF);
  const __m512i returns = _mm512_set1_epi8(CR);
  const __m512i places = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
      40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
      17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const uint64_t quoting = quote >= 0 ? ~0ull : 0;
  utf8_state utf8 = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
  csv_state state = {0, 1, 0, 0, 0, row_ends};
  uint32_t *out = borders;
  for (size_t at = from; at < to; at += 64) {
    size_t count = to - at;
    /* A load under a mask takes several times as long: only the last one is. */
    __m512i input = count < 64 ? _mm512_maskz_loadu_epi8((1ull << count) - 1, bytes + at)
                               : _mm512_loadu_si512(bytes + at);
    utf8_block(&utf8, input);
    uint64_t border = csv_block(
        &state, _mm512_cmpeq_epi8_mask(input, quotes) & quoting,
        _mm512_cmpeq_epi8_mask(input, delimiters), _mm512_cmpeq_epi8_mask(input, feeds),
        _mm512_cmpeq_epi8_mask(input, returns), bytes, at, count, available, at_end,
        (uint32_t)(out - borders), escapes, found);
    /* The places of the set bits, 16 at a time: what is written too far is written over. */
    size_t borders_here = (size_t)__builtin_popcountll(border);
    const __m512i base = _mm512_set1_epi32((int)(uint32_t)at);
    __m512i packed = _mm512_maskz_compress_epi8(border, places);
    for (size_t done = 0; done < borders_here; done += 16) {
      __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
      _mm512_storeu_si512(out + done, _mm512_add_epi32(wide, base));
      packed = _mm512_shuffle_i64x2(packed, packed, 0x39);
    }
    out += borders_here;
    if (found->fault != SIZE_MAX) break;
  }
  __m512i error = _mm512_or_si512(utf8.error, utf8.unfinished);
  csv_finish(&state, from, to, at_end, borders, out, row_ends,
             _mm512_test_epi8_mask(error, error) != 0, found);
}
#endif
