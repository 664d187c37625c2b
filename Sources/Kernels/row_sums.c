#include "row_sums.h"

#include <string.h>

/* The loader's choice of a copy runs before the thread sanitizer's runtime is ready. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DSX_ONE_COPY 1
#endif
#endif
#if defined(__x86_64__) && defined(__linux__) && !defined(DSX_ONE_COPY)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

/* Rows a block: at most 32 KB for 16 columns, read from the first-level cache by all replicates but
   the first. */
enum { BLOCK = 512 };

/* `width` columns (4, 8 or 16, known when compiled) of a block, in lanes of 32 bits that the caller
   knows to be wide enough. */
INLINE void narrow(const int32_t *rows, size_t stride, size_t count, const uint16_t *weights,
                   int64_t *sums, const int width) {
  int32_t total[16] = {0};
  for (size_t i = 0; i < count; i++) {
    int32_t weight = weights[i];
    const int32_t *row = rows + i * stride;
    for (int j = 0; j < width; j++) total[j] += weight * row[j];
  }
  for (int j = 0; j < width; j++) sums[j] += total[j];
}

INLINE void wide(const int32_t *rows, size_t stride, size_t count, const uint16_t *weights,
                 int64_t *sums, size_t width) {
  for (size_t i = 0; i < count; i++) {
    int64_t weight = weights[i];
    if (weight == 0) continue;
    const int32_t *row = rows + i * stride;
    for (size_t j = 0; j < width; j++) sums[j] += weight * row[j];
  }
}

CLONES void dsx_weighted_row_sums(const int32_t *rows, size_t count, size_t stride, int64_t largest,
                                  const uint16_t *weights, size_t replicates, int64_t *sums) {
  memset(sums, 0, replicates * stride * sizeof(int64_t));
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    const int32_t *block = rows + start * stride;
    for (size_t r = 0; r < replicates; r++) {
      const uint16_t *weight = weights + r * count + start;
      int64_t *sum = sums + r * stride;
      uint32_t drawn = 0;
      for (size_t i = 0; i < length; i++) drawn += weight[i];
      if ((int64_t)drawn != 0 && largest > INT32_MAX / (int64_t)drawn) {
        wide(block, stride, length, weight, sum, stride);
      } else if (stride == 4) {
        narrow(block, stride, length, weight, sum, 4);
      } else if (stride == 8) {
        narrow(block, stride, length, weight, sum, 8);
      } else {
        for (size_t j = 0; j + 16 <= stride; j += 16) {
          narrow(block + j, stride, length, weight, sum + j, 16);
        }
      }
    }
  }
}

int dsx_tally(const uint32_t *drawn, size_t draws, uint16_t *counts, size_t size) {
  memset(counts, 0, size * sizeof(uint16_t));
  int overflow = 0;
  for (size_t i = 0; i < draws; i++) overflow |= ++counts[drawn[i]] == 0;
  return overflow;
}
