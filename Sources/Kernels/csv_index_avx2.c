#include "csv_block.h"

#include <string.h>

#if defined(__x86_64__)
#define FAST __attribute__((target(DSX_CSV_FAST)))

typedef struct {
  __m256i error;
  __m256i last;       /* the 32 bytes before */
  __m256i unfinished; /* not zero when they end inside of a sequence */
} utf8_state;

INLINE_FAST __m256i both(__m128i table) { return _mm256_broadcastsi128_si256(table); }

INLINE_FAST void utf8_vector(utf8_state *state, __m256i input) {
  const __m256i before_high = both(DSX_UTF8_BEFORE_HIGH);
  const __m256i before_low = both(DSX_UTF8_BEFORE_LOW);
  const __m256i here_high = both(DSX_UTF8_HERE_HIGH);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  __m256i across = _mm256_permute2x128_si256(state->last, input, 0x21);
  __m256i before1 = _mm256_alignr_epi8(input, across, 15);
  __m256i before2 = _mm256_alignr_epi8(input, across, 14);
  __m256i before3 = _mm256_alignr_epi8(input, across, 13);
  __m256i possible = _mm256_and_si256(
      _mm256_and_si256(
          _mm256_shuffle_epi8(before_high, _mm256_and_si256(_mm256_srli_epi16(before1, 4), nibble)),
          _mm256_shuffle_epi8(before_low, _mm256_and_si256(before1, nibble))),
      _mm256_shuffle_epi8(here_high, _mm256_and_si256(_mm256_srli_epi16(input, 4), nibble)));
  /* Third and fourth bytes must be a continuation behind a continuation, and no other byte may. */
  __m256i third = _mm256_subs_epu8(before2, _mm256_set1_epi8((char)(0xe0 - 0x80)));
  __m256i fourth = _mm256_subs_epu8(before3, _mm256_set1_epi8((char)(0xf0 - 0x80)));
  __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
  state->error = _mm256_or_si256(state->error, _mm256_xor_si256(must, possible));
  state->last = input;
}

INLINE_FAST void utf8_block(utf8_state *state, __m256i low, __m256i high) {
  if (_mm256_movemask_epi8(_mm256_or_si256(low, high)) == 0) {
    state->error = _mm256_or_si256(state->error, state->unfinished);
    state->last = high;
    state->unfinished = _mm256_setzero_si256();
    return;
  }
  utf8_vector(state, low);
  utf8_vector(state, high);
  const __m256i most = _mm256_setr_epi8(
      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, (char)0xef, (char)0xdf, (char)0xbf);
  state->unfinished = _mm256_subs_epu8(high, most);
}

INLINE_FAST uint64_t equal_mask(__m256i low, __m256i high, __m256i wanted) {
  uint64_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
  uint64_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
  return a | b << 32;
}

FAST void dsx_csv_index_avx2(const uint8_t *bytes, size_t from, size_t to, size_t available,
                             int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                             uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found) {
  memset(found, 0, sizeof *found);
  found->fault = SIZE_MAX;
  if (!at_end) to = whole_characters(bytes, from, to);
  const __m256i delimiters = _mm256_set1_epi8((char)delimiter);
  const __m256i quotes = _mm256_set1_epi8((char)quote);
  const __m256i feeds = _mm256_set1_epi8(LF);
  const __m256i returns = _mm256_set1_epi8(CR);
  const uint64_t quoting = quote >= 0 ? ~0ull : 0;
  utf8_state utf8 = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
  csv_state state = {0, 1, 0, 0, 0, row_ends};
  uint32_t *out = borders;
  uint8_t tail[64];
  for (size_t at = from; at < to; at += 64) {
    const uint8_t *p = bytes + at;
    size_t count = to - at;
    if (count < 64) {
      memset(tail, 0, sizeof tail);
      memcpy(tail, p, count);
      p = tail;
    }
    __m256i low = _mm256_loadu_si256((const __m256i *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(p + 32));
    utf8_block(&utf8, low, high);
    uint64_t border = csv_block(
        &state, equal_mask(low, high, quotes) & quoting, equal_mask(low, high, delimiters),
        equal_mask(low, high, feeds), equal_mask(low, high, returns), bytes, at, count, available,
        at_end, (uint32_t)(out - borders), escapes, found);
    uint32_t base = (uint32_t)at;
    size_t borders_here = (size_t)__builtin_popcountll(border);
    /* Eight at a time without a branch each: what is written too far is written over. */
    for (size_t done = 0; done < borders_here; done += 8) {
      for (size_t i = 0; i < 8; i++) {
        out[done + i] = base + (uint32_t)_tzcnt_u64(border);
        border = _blsr_u64(border);
      }
    }
    out += borders_here;
    if (found->fault != SIZE_MAX) break;
  }
  __m256i error = _mm256_or_si256(utf8.error, utf8.unfinished);
  csv_finish(&state, from, to, at_end, borders, out, row_ends, !_mm256_testz_si256(error, error),
             found);
}
#endif
