#include "csv_index.h"

#include <string.h>

#define LF 0x0a
#define CR 0x0d

/* The length of the UTF-8 sequence at p, of which `left` bytes are there; 0 when it is none. */
static size_t sequence(const uint8_t *p, size_t left) {
  uint8_t a = p[0];
  if (a < 0x80) return 1;
#define MORE(i) (left > (i) && (p[i] & 0xc0) == 0x80)
  if (a >= 0xc2 && a <= 0xdf) return MORE(1) ? 2 : 0;
  if (a >= 0xe0 && a <= 0xef) {
    if (!MORE(1) || !MORE(2)) return 0;
    if (a == 0xe0 && p[1] < 0xa0) return 0;
    if (a == 0xed && p[1] > 0x9f) return 0;
    return 3;
  }
  if (a >= 0xf0 && a <= 0xf4) {
    if (!MORE(1) || !MORE(2) || !MORE(3)) return 0;
    if (a == 0xf0 && p[1] < 0x90) return 0;
    if (a == 0xf4 && p[1] > 0x8f) return 0;
    return 4;
  }
#undef MORE
  return 0;
}

/* Where a sequence that begins in bytes[from, to) is cut off by `to`: its start; else `to`. */
static size_t whole_characters(const uint8_t *bytes, size_t from, size_t to) {
  for (size_t back = 1; back <= 3 && from + back <= to; back++) {
    uint8_t byte = bytes[to - back];
    if (byte < 0x80) return to;
    if (byte >= 0xc0) {
      size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? to - back : to;
    }
  }
  return to;
}

/* Whether the CR at `at` ends a row: an LF behind it would, and what is not there yet may be one. */
static int ends_row(const uint8_t *bytes, size_t at, size_t available, int at_end) {
  if (at + 1 < available) return bytes[at + 1] != LF;
  return at_end;
}

/* The border of a last row that no line end closes. */
static void close_last_row(size_t from, size_t to, uint32_t *borders,
                           uint32_t *row_ends, dsx_csv_found *found) {
  if (found->in_quotes || from == to) return;
  size_t last = found->rows ? borders[row_ends[found->rows - 1] - 1] + (size_t)1 : from;
  if (last == to) return;
  borders[found->borders++] = (uint32_t)to;
  row_ends[found->rows++] = (uint32_t)found->borders;
}

void dsx_csv_index_scalar(const uint8_t *bytes, size_t from, size_t to, size_t available,
                          int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                          uint32_t *row_ends, dsx_csv_found *found) {
  memset(found, 0, sizeof *found);
  found->fault = SIZE_MAX;
  if (!at_end) to = whole_characters(bytes, from, to);
  int fresh = 1;  /* at the first byte of a field */
  int inside = 0; /* of quotes */
  int closed = 0; /* behind a closing quote */
  size_t checked = from;
  for (size_t at = from; at < to; at++) {
    uint8_t byte = bytes[at];
    if (at == checked) {
      size_t length = sequence(bytes + at, to - at);
      if (length == 0) found->invalid = 1;
      checked += length ? length : 1;
    }
    if (byte == quote) {
      found->quotes = 1;
      if (inside) {
        inside = 0;
        closed = 1;
      } else if (fresh) {
        inside = 1;
      } else if (closed) {
        inside = 1;
        closed = 0;
        found->escapes = 1;
      } else {
        found->fault = at;
        break;
      }
      fresh = 0;
      continue;
    }
    if (inside) continue;
    int line = byte == LF || byte == CR;
    if (closed && !line && byte != delimiter) {
      found->fault = at;
      break;
    }
    closed = 0;
    fresh = 0;
    if (byte == CR) {
      found->returns = 1;
      if (!ends_row(bytes, at, available, at_end)) continue; /* its LF does */
    }
    if (!line && byte != delimiter) continue;
    borders[found->borders++] = (uint32_t)at;
    if (line) row_ends[found->rows++] = (uint32_t)found->borders;
    fresh = 1;
  }
  if (found->fault != SIZE_MAX) return;
  found->in_quotes = inside;
  if (at_end) close_last_row(from, to, borders, row_ends, found);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define FAST __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))
#define INLINE_FAST static inline __attribute__((always_inline, target("avx2,pclmul,bmi,bmi2,popcnt")))

/* UTF-8 by three table look-ups a byte: high and low half of the byte before, and high half of the
 * byte itself, each say which errors are possible; an error is what all three allow.
 * Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte", 2021. */
enum {
  SHORT = 1 << 0,      /* a lead byte without its continuation */
  LONG = 1 << 1,       /* a continuation behind ASCII */
  OVERLONG3 = 1 << 2,  /* e0 80..9f */
  LARGE = 1 << 3,      /* f4 90.., f5.. */
  SURROGATE = 1 << 4,  /* ed a0.. */
  OVERLONG2 = 1 << 5,  /* c0, c1 */
  LARGE1000 = 1 << 6,  /* f5.. 80..8f */
  OVERLONG4 = 1 << 6,  /* f0 80..8f */
  CONTINUED = 1 << 7,  /* a continuation behind a continuation: right only in longer sequences */
  ANY = SHORT | LONG | CONTINUED
};

typedef struct {
  __m256i error;
  __m256i last;       /* the 32 bytes before */
  __m256i unfinished; /* not zero when they end inside of a sequence */
} utf8_state;

INLINE_FAST __m256i both(__m128i table) { return _mm256_broadcastsi128_si256(table); }

INLINE_FAST void utf8_vector(utf8_state *state, __m256i input) {
  const __m256i before_high = both(_mm_setr_epi8(
      LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, (char)CONTINUED, (char)CONTINUED,
      (char)CONTINUED, (char)CONTINUED, SHORT | OVERLONG2, SHORT, SHORT | OVERLONG3 | SURROGATE,
      SHORT | LARGE | LARGE1000 | OVERLONG4));
  const __m256i before_low = both(_mm_setr_epi8(
      (char)(ANY | OVERLONG3 | OVERLONG2 | OVERLONG4), (char)(ANY | OVERLONG2), (char)ANY,
      (char)ANY, (char)(ANY | LARGE), (char)(ANY | LARGE | LARGE1000),
      (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000),
      (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000),
      (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000),
      (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000 | SURROGATE),
      (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000)));
  const __m256i here_high = both(_mm_setr_epi8(
      SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
      (char)(LONG | OVERLONG2 | CONTINUED | OVERLONG3 | LARGE1000 | OVERLONG4),
      (char)(LONG | OVERLONG2 | CONTINUED | OVERLONG3 | LARGE),
      (char)(LONG | OVERLONG2 | CONTINUED | SURROGATE | LARGE),
      (char)(LONG | OVERLONG2 | CONTINUED | SURROGATE | LARGE), SHORT, SHORT, SHORT, SHORT));
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

FAST static void index_avx2(const uint8_t *bytes, size_t from, size_t to, size_t available,
                            int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                            uint32_t *row_ends, dsx_csv_found *found) {
  memset(found, 0, sizeof *found);
  found->fault = SIZE_MAX;
  if (!at_end) to = whole_characters(bytes, from, to);
  const __m256i delimiters = _mm256_set1_epi8((char)delimiter);
  const __m256i quotes = _mm256_set1_epi8((char)quote);
  const __m256i feeds = _mm256_set1_epi8(LF);
  const __m256i returns = _mm256_set1_epi8(CR);
  const uint64_t quoting = quote >= 0 ? ~0ull : 0;
  utf8_state utf8 = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
  uint64_t inside_before = 0; /* all ones inside of quotes */
  uint64_t border_before = 1; /* bit 0: the byte before was a border, or there was none */
  uint64_t close_before = 0;  /* bit 0: the byte before was a closing quote */
  uint64_t any_quotes = 0, any_escapes = 0, any_returns = 0;
  uint32_t *out = borders;
  uint32_t *row = row_ends;
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
    uint64_t q = equal_mask(low, high, quotes) & quoting;
    uint64_t d = equal_mask(low, high, delimiters);
    uint64_t lf = equal_mask(low, high, feeds);
    uint64_t cr = equal_mask(low, high, returns);
    if (count < 64) {
      /* A delimiter may be NUL, which the padding is. */
      uint64_t there = (1ull << count) - 1;
      d &= there;
      q &= there;
    }
    uint64_t inside = inside_before;
    if (q) {
      inside ^= (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
          _mm_set_epi64x(0, (long long)q), _mm_set1_epi8((char)0xff), 0));
    }
    uint64_t line = (lf | cr) & ~inside;
    uint64_t border = (d & ~inside) | line;
    if (q | close_before) {
      uint64_t open = q & inside, close = q & ~inside;
      uint64_t behind_border = border << 1 | border_before;
      uint64_t behind_close = close << 1 | close_before;
      uint64_t there = count < 64 ? (1ull << count) - 1 : ~0ull;
      uint64_t stray =
          ((open & ~(behind_border | behind_close)) | (behind_close & ~(border | open))) & there;
      if (stray) {
        found->fault = at + (size_t)__builtin_ctzll(stray);
        /* Borders of this block up to the fault still count. */
        border &= (1ull << __builtin_ctzll(stray)) - 1;
        line &= border;
      }
      any_quotes |= q;
      any_escapes |= open & behind_close;
      close_before = close >> 63;
    }
    border_before = border >> 63;
    inside_before = (uint64_t)((int64_t)inside >> 63);
    uint64_t here = cr & ~inside;
    if (here) {
      any_returns |= here;
      /* A CR that an LF follows is no border; the one at the block's end looks beyond it. */
      uint64_t followed = lf >> 1;
      size_t last = count < 64 ? count - 1 : 63;
      if (here >> last & 1 && !ends_row(bytes, at + last, available, at_end)) {
        followed |= 1ull << last;
      }
      border &= ~(here & followed);
      line &= border;
    }
    uint32_t base = (uint32_t)at;
    uint64_t left = border;
    size_t borders_here = (size_t)__builtin_popcountll(border);
    uint32_t counted = (uint32_t)(out - borders);
    while (line) {
      uint64_t lowest = line & -line;
      *row++ = counted + (uint32_t)__builtin_popcountll(border & (lowest | (lowest - 1)));
      line ^= lowest;
    }
    /* Eight at a time without a branch each: what is written too far is written over. */
    for (size_t done = 0; done < borders_here; done += 8) {
      for (size_t i = 0; i < 8; i++) {
        out[done + i] = base + (uint32_t)_tzcnt_u64(left);
        left = _blsr_u64(left);
      }
    }
    out += borders_here;
    if (found->fault != SIZE_MAX) break;
  }
  found->borders = (size_t)(out - borders);
  found->rows = (size_t)(row - row_ends);
  found->in_quotes = inside_before != 0;
  found->quotes = any_quotes != 0;
  found->escapes = any_escapes != 0;
  found->returns = any_returns != 0;
  __m256i error = _mm256_or_si256(utf8.error, utf8.unfinished);
  found->invalid = !_mm256_testz_si256(error, error);
  if (found->fault != SIZE_MAX) {
    found->in_quotes = 0;
  } else if (at_end) {
    close_last_row(from, to, borders, row_ends, found);
  }
}
#endif

void dsx_csv_index(const uint8_t *bytes, size_t from, size_t to, size_t available, int at_end,
                   uint8_t delimiter, int quote, uint32_t *borders, uint32_t *row_ends,
                   dsx_csv_found *found) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
      __builtin_cpu_supports("bmi2")) {
    index_avx2(bytes, from, to, available, at_end, delimiter, quote, borders, row_ends, found);
    return;
  }
#endif
  dsx_csv_index_scalar(bytes, from, to, available, at_end, delimiter, quote, borders, row_ends,
                       found);
}
