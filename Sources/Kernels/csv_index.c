#include "csv_index.h"

#include <string.h>

#include "csv_block.h"

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

void dsx_csv_index_scalar(const uint8_t *bytes, size_t from, size_t to, size_t available,
                          int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                          uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found) {
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
        escapes[found->escapes++] = (uint32_t)at;
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

int dsx_csv_best(void) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("pclmul") ||
      !__builtin_cpu_supports("bmi2")) {
    return 0;
  }
  if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512vbmi") || !__builtin_cpu_supports("avx512vbmi2")) {
    return 1;
  }
  return 2;
#else
  return 0;
#endif
}

void dsx_csv_index_by(int form, const uint8_t *bytes, size_t from, size_t to, size_t available,
                      int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                      uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found) {
#if defined(__x86_64__)
  if (form == 2) {
    dsx_csv_index_avx512(bytes, from, to, available, at_end, delimiter, quote, borders, row_ends,
                         escapes, found);
    return;
  }
  if (form == 1) {
    dsx_csv_index_avx2(bytes, from, to, available, at_end, delimiter, quote, borders, row_ends,
                       escapes, found);
    return;
  }
#endif
  dsx_csv_index_scalar(bytes, from, to, available, at_end, delimiter, quote, borders, row_ends,
                       escapes, found);
}

void dsx_csv_index(const uint8_t *bytes, size_t from, size_t to, size_t available, int at_end,
                   uint8_t delimiter, int quote, uint32_t *borders, uint32_t *row_ends,
                   uint32_t *escapes, dsx_csv_found *found) {
  dsx_csv_index_by(dsx_csv_best(), bytes, from, to, available, at_end, delimiter, quote, borders,
                   row_ends, escapes, found);
}
