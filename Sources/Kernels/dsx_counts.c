#include "dsx_counts.h"

#include <string.h>

size_t dsx_count_pairs_scalar(const int32_t *gold, const int32_t *predicted, size_t count,
                              uint32_t labels, uint64_t *cells) {
  for (size_t i = 0; i < count; i++) {
    if ((uint32_t)gold[i] >= labels || (uint32_t)predicted[i] >= labels) return i;
    cells[(size_t)gold[i] * labels + (uint32_t)predicted[i]] += 1;
  }
  return count;
}

/* Pairs a block: their places lie in the first-level cache. Below 2^32, so that a table cannot overflow. */
#define BLOCK 2048
#define FLUSH ((size_t)1 << 31)

static void flush(uint64_t *cells, uint32_t *tables, size_t size) {
  for (int t = 0; t < DSX_COUNT_TABLES; t++) {
    uint32_t *table = tables + (size_t)t * size;
    for (size_t i = 0; i < size; i++) cells[i] += table[i];
  }
  memset(tables, 0, DSX_COUNT_TABLES * size * sizeof(uint32_t));
}

/* An increment waits for the store of the one before when both hit one cell. Eight tables in turn, so
   that runs of one label do not wait. The places of a block are worked out first, in a loop that the
   compiler makes vectors of. */
size_t dsx_count_pairs(const int32_t *gold, const int32_t *predicted, size_t count, uint32_t labels,
                       uint64_t *cells, uint32_t *scratch) {
  if (scratch == NULL) return dsx_count_pairs_scalar(gold, predicted, count, labels, cells);
  size_t size = (size_t)labels * labels;
  uint32_t places[BLOCK];
  size_t waiting = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    const int32_t *g = gold + start, *p = predicted + start;
    uint32_t outside = 0;
    for (size_t i = 0; i < length; i++) {
      uint32_t a = (uint32_t)g[i], b = (uint32_t)p[i];
      outside |= (uint32_t)(a >= labels) | (uint32_t)(b >= labels);
      places[i] = a * labels + b;
    }
    if (outside) {
      for (size_t i = 0; i < length; i++) {
        if ((uint32_t)g[i] >= labels || (uint32_t)p[i] >= labels) return start + i;
      }
    }
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
      scratch[places[i]] += 1;
      scratch[size + places[i + 1]] += 1;
      scratch[2 * size + places[i + 2]] += 1;
      scratch[3 * size + places[i + 3]] += 1;
      scratch[4 * size + places[i + 4]] += 1;
      scratch[5 * size + places[i + 5]] += 1;
      scratch[6 * size + places[i + 6]] += 1;
      scratch[7 * size + places[i + 7]] += 1;
    }
    for (; i < length; i++) scratch[places[i]] += 1;
    waiting += length;
    if (waiting >= FLUSH) {
      flush(cells, scratch, size);
      waiting = 0;
    }
  }
  flush(cells, scratch, size);
  return count;
}

#define DIGITS 6
#define RADIX 2048

void dsx_sort_keys(uint64_t *keys, uint64_t *scratch, size_t count) {
  if (count < 2) return;
  if (count < 256) {
    for (size_t i = 1; i < count; i++) {
      uint64_t key = keys[i];
      size_t j = i;
      for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
      keys[j] = key;
    }
    return;
  }
  /* 6 * 2,048 counters of 8 bytes: 96 KiB of stack. */
  size_t counts[DIGITS][RADIX];
  memset(counts, 0, sizeof counts);
  for (size_t i = 0; i < count; i++) {
    uint64_t key = keys[i];
    counts[0][key & 2047] += 1;
    counts[1][(key >> 11) & 2047] += 1;
    counts[2][(key >> 22) & 2047] += 1;
    counts[3][(key >> 33) & 2047] += 1;
    counts[4][(key >> 44) & 2047] += 1;
    counts[5][key >> 55] += 1;
  }
  uint64_t *from = keys, *to = scratch;
  for (int digit = 0; digit < DIGITS; digit++) {
    int shift = 11 * digit;
    size_t *places = counts[digit];
    if (places[(from[0] >> shift) & 2047] == count) continue;
    size_t sum = 0;
    for (int i = 0; i < RADIX; i++) {
      size_t here = places[i];
      places[i] = sum;
      sum += here;
    }
    for (size_t i = 0; i < count; i++) {
      uint64_t key = from[i];
      to[places[(key >> shift) & 2047]++] = key;
    }
    uint64_t *other = from;
    from = to;
    to = other;
  }
  if (from != keys) memcpy(keys, from, count * sizeof(uint64_t));
}

static inline uint64_t key_of(double value) {
  uint64_t bits;
  value += 0.0; /* -0 becomes 0 */
  memcpy(&bits, &value, 8);
  return bits >> 63 ? ~bits : bits | ((uint64_t)1 << 63);
}

#define SPLIT(NAME, TYPE)                                                                          \
  size_t NAME(const TYPE *values, const uint8_t *is_positive, size_t count, uint64_t *positives,   \
              uint64_t *negatives, size_t *bad) {                                                  \
    size_t p = 0;                                                                                  \
    for (size_t i = 0; i < count; i++) {                                                           \
      TYPE value = values[i];                                                                      \
      if (value != value) {                                                                        \
        *bad = i;                                                                                  \
        return SIZE_MAX;                                                                           \
      }                                                                                            \
      uint64_t key = key_of((double)value);                                                        \
      size_t hit = is_positive[i] != 0;                                                            \
      positives[p] = key;                                                                          \
      negatives[i - p] = key;                                                                      \
      p += hit;                                                                                    \
    }                                                                                              \
    return p;                                                                                      \
  }

SPLIT(dsx_split_keys_f64, double)
SPLIT(dsx_split_keys_f32, float)
