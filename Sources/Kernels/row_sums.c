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

/* Rows a block: at most 32 KB for 16 columns of 32 bits, read from the first-level cache by all
   replicates but the first. */
enum { BLOCK = 512 };

INLINE uint32_t draws(const uint8_t *weights, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += weights[i];
  return sum;
}

/* Columns (4, 8, 16 or 24, known when compiled) of a block, in lanes of 32 bits that the caller knows
   to be wide enough. */
#define NARROW(NAME, TYPE)                                                                         \
  INLINE void NAME(const TYPE *rows, size_t stride, size_t count, const uint8_t *weights,          \
                   int64_t *sums, const int width) {                                               \
    int32_t total[24] = {0};                                                                       \
    for (size_t i = 0; i < count; i++) {                                                           \
      int32_t weight = weights[i];                                                                 \
      const TYPE *row = rows + i * stride;                                                         \
      for (int j = 0; j < width; j++) total[j] += weight * (int32_t)row[j];                        \
    }                                                                                              \
    for (int j = 0; j < width; j++) sums[j] += total[j];                                           \
  }
NARROW(narrow_32, int32_t)
NARROW(narrow_16, int16_t)

INLINE void wide(const int32_t *rows, size_t stride, size_t count, const uint8_t *weights,
                 int64_t *sums, size_t width) {
  for (size_t i = 0; i < count; i++) {
    int64_t weight = weights[i];
    if (weight == 0) continue;
    const int32_t *row = rows + i * stride;
    for (size_t j = 0; j < width; j++) sums[j] += weight * row[j];
  }
}

CLONES void dsx_weighted_row_sums(const int32_t *rows, size_t count, size_t stride, int64_t largest,
                                  const uint8_t *weights, size_t replicates, int64_t *sums) {
  memset(sums, 0, replicates * stride * sizeof(int64_t));
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    const int32_t *block = rows + start * stride;
    for (size_t r = 0; r < replicates; r++) {
      const uint8_t *weight = weights + r * count + start;
      int64_t *sum = sums + r * stride;
      uint32_t drawn = draws(weight, length);
      if ((int64_t)drawn != 0 && largest > INT32_MAX / (int64_t)drawn) {
        wide(block, stride, length, weight, sum, stride);
      } else if (stride == 4) {
        narrow_32(block, stride, length, weight, sum, 4);
      } else if (stride == 8) {
        narrow_32(block, stride, length, weight, sum, 8);
      } else {
        for (size_t j = 0; j + 16 <= stride; j += 16) {
          narrow_32(block + j, stride, length, weight, sum + j, 16);
        }
      }
    }
  }
}

/* A lane of 32 bits holds 2^16 - 1 draws of numbers below 2^15, more than 256 rows can have; blocks with
   more are cut. */
CLONES void dsx_weighted_row_sums_16(const int16_t *rows, size_t count, size_t stride,
                                     const uint8_t *weights, size_t replicates, int64_t *sums) {
  memset(sums, 0, replicates * stride * sizeof(int64_t));
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    for (size_t r = 0; r < replicates; r++) {
      const uint8_t *weight = weights + r * count + start;
      const int16_t *block = rows + start * stride;
      int64_t *sum = sums + r * stride;
      size_t step = draws(weight, length) < 1u << 16 ? length : 256;
      for (size_t done = 0; done < length; done += step) {
        size_t part = length - done < step ? length - done : step;
        const int16_t *from = block + done * stride;
        size_t j = 0;
        for (; j + 24 <= stride; j += 24) {
          narrow_16(from + j, stride, part, weight + done, sum + j, 24);
        }
        for (; j + 16 <= stride; j += 16) {
          narrow_16(from + j, stride, part, weight + done, sum + j, 16);
        }
        for (; j + 8 <= stride; j += 8) {
          narrow_16(from + j, stride, part, weight + done, sum + j, 8);
        }
      }
    }
  }
}

int dsx_tally(const uint32_t *drawn, size_t draws, uint8_t *counts, size_t size) {
  memset(counts, 0, size);
  int overflow = 0;
  for (size_t i = 0; i < draws; i++) overflow |= ++counts[drawn[i]] == 0;
  return overflow;
}
