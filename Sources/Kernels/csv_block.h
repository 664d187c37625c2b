#ifndef DSX_CSV_BLOCK_H
#define DSX_CSV_BLOCK_H

#include "csv_index.h"

/* What the forms of the CSV index share. */

#define LF 0x0a
#define CR 0x0d

/* Where a sequence that begins in bytes[from, to) is cut off by `to`: its start; else `to`. */
static inline size_t whole_characters(const uint8_t *bytes, size_t from, size_t to) {
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
static inline int ends_row(const uint8_t *bytes, size_t at, size_t available, int at_end) {
  if (at + 1 < available) return bytes[at + 1] != LF;
  return at_end;
}

/* The border of a last row that no line end closes. */
static inline void close_last_row(size_t from, size_t to, uint32_t *borders, uint32_t *row_ends,
                           dsx_csv_found *found) {
  if (found->in_quotes || from == to) return;
  size_t last = found->rows ? borders[row_ends[found->rows - 1] - 1] + (size_t)1 : from;
  if (last == to) return;
  borders[found->borders++] = (uint32_t)to;
  row_ends[found->rows++] = (uint32_t)found->borders;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* What the vector forms need; each may use more itself. */
#define DSX_CSV_FAST "avx2,pclmul,bmi,bmi2,popcnt"
#define INLINE_FAST static inline __attribute__((always_inline, target(DSX_CSV_FAST)))

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

#define DSX_UTF8_BEFORE_HIGH                                                                       \
  _mm_setr_epi8(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, (char)CONTINUED, (char)CONTINUED,  \
                (char)CONTINUED, (char)CONTINUED, SHORT | OVERLONG2, SHORT,                        \
                SHORT | OVERLONG3 | SURROGATE, SHORT | LARGE | LARGE1000 | OVERLONG4)
#define DSX_UTF8_BEFORE_LOW                                                                        \
  _mm_setr_epi8((char)(ANY | OVERLONG3 | OVERLONG2 | OVERLONG4), (char)(ANY | OVERLONG2),          \
                (char)ANY, (char)ANY, (char)(ANY | LARGE), (char)(ANY | LARGE | LARGE1000),        \
                (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000),                  \
                (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000),                  \
                (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000),                  \
                (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000 | SURROGATE),      \
                (char)(ANY | LARGE | LARGE1000), (char)(ANY | LARGE | LARGE1000))
#define DSX_UTF8_HERE_HIGH                                                                         \
  _mm_setr_epi8(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,                            \
                (char)(LONG | OVERLONG2 | CONTINUED | OVERLONG3 | LARGE1000 | OVERLONG4),          \
                (char)(LONG | OVERLONG2 | CONTINUED | OVERLONG3 | LARGE),                          \
                (char)(LONG | OVERLONG2 | CONTINUED | SURROGATE | LARGE),                          \
                (char)(LONG | OVERLONG2 | CONTINUED | SURROGATE | LARGE), SHORT, SHORT, SHORT,     \
                SHORT)

/* What goes from one block of 64 bytes to the next. */
typedef struct {
  uint64_t inside_before; /* all ones inside of quotes */
  uint64_t border_before; /* bit 0: the byte before was a border, or there was none */
  uint64_t close_before;  /* bit 0: the byte before was a closing quote */
  uint64_t any_quotes, any_returns;
  uint32_t *row;
} csv_state;

/* The borders of a block, one bit a byte, from the bits of its quotes, delimiters, line feeds and carriage
   returns; `at` is its position, `count` at most 64 bytes are there, `counted` borders lie before it.
   Writes row ends and escapes. */
INLINE_FAST uint64_t csv_block(csv_state *state, uint64_t q, uint64_t d, uint64_t lf, uint64_t cr,
                               const uint8_t *bytes, size_t at, size_t count, size_t available,
                               int at_end, uint32_t counted, uint32_t *escapes,
                               dsx_csv_found *found) {
  if (count < 64) {
    /* A delimiter may be NUL, which the padding is. */
    uint64_t there = (1ull << count) - 1;
    d &= there;
    q &= there;
  }
  uint64_t inside = state->inside_before;
  if (q) {
    inside ^= (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
        _mm_set_epi64x(0, (long long)q), _mm_set1_epi8((char)0xff), 0));
  }
  uint64_t line = (lf | cr) & ~inside;
  uint64_t border = (d & ~inside) | line;
  if (q | state->close_before) {
    uint64_t open = q & inside, close = q & ~inside;
    uint64_t behind_border = border << 1 | state->border_before;
    uint64_t behind_close = close << 1 | state->close_before;
    uint64_t there = count < 64 ? (1ull << count) - 1 : ~0ull;
    uint64_t stray =
        ((open & ~(behind_border | behind_close)) | (behind_close & ~(border | open))) & there;
    uint64_t pairs = open & behind_close;
    if (stray) {
      found->fault = at + (size_t)__builtin_ctzll(stray);
      /* What is found in this block before the fault still counts. */
      uint64_t before = (1ull << __builtin_ctzll(stray)) - 1;
      border &= before;
      line &= before;
      pairs &= before;
    }
    state->any_quotes |= q;
    for (; pairs; pairs = _blsr_u64(pairs)) {
      escapes[found->escapes++] = (uint32_t)(at + (size_t)__builtin_ctzll(pairs));
    }
    state->close_before = close >> 63;
  }
  state->border_before = border >> 63;
  state->inside_before = (uint64_t)((int64_t)inside >> 63);
  uint64_t here = cr & ~inside;
  if (here) {
    state->any_returns |= here;
    /* A CR that an LF follows is no border; the one at the block's end looks beyond it. */
    uint64_t followed = lf >> 1;
    size_t last = count < 64 ? count - 1 : 63;
    if (here >> last & 1 && !ends_row(bytes, at + last, available, at_end)) {
      followed |= 1ull << last;
    }
    border &= ~(here & followed);
    line &= border;
  }
  while (line) {
    uint64_t lowest = line & -line;
    *state->row++ = counted + (uint32_t)__builtin_popcountll(border & (lowest | (lowest - 1)));
    line ^= lowest;
  }
  return border;
}

/* What was found by the end of bytes[from, to). */
INLINE_FAST void csv_finish(const csv_state *state, size_t from, size_t to, int at_end,
                            uint32_t *borders, const uint32_t *out, uint32_t *row_ends,
                            int is_invalid, dsx_csv_found *found) {
  found->borders = (size_t)(out - borders);
  found->rows = (size_t)(state->row - row_ends);
  found->in_quotes = state->inside_before != 0;
  found->quotes = state->any_quotes != 0;
  found->returns = state->any_returns != 0;
  found->invalid = is_invalid;
  if (found->fault != SIZE_MAX) {
    found->in_quotes = 0;
  } else if (at_end) {
    close_last_row(from, to, borders, row_ends, found);
  }
}

/* Forms 1 and 2. */
void dsx_csv_index_avx2(const uint8_t *bytes, size_t from, size_t to, size_t available, int at_end,
                        uint8_t delimiter, int quote, uint32_t *borders, uint32_t *row_ends,
                        uint32_t *escapes, dsx_csv_found *found);
void dsx_csv_index_avx512(const uint8_t *bytes, size_t from, size_t to, size_t available,
                          int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                          uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found);
#endif

#endif
