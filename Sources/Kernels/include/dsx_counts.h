#ifndef DSX_COUNTS_H
#define DSX_COUNTS_H

#include <stddef.h>
#include <stdint.h>

/* Bulk loops of the metrics: pair counts and sorted keys. */

/* Adds the counts of `count` (gold, predicted) pairs to `cells`, labels * labels numbers, row = gold.
   Returns `count`, or the place of the first pair with a label outside 0..<labels; then `cells` holds
   the counts of pairs before some earlier place and is of no use. 1 <= labels <= 4,096. `scratch` needs
   DSX_COUNT_TABLES * labels * labels zeroed numbers, or may be NULL: then one table is used. */
#define DSX_COUNT_TABLES 8
size_t dsx_count_pairs(const int32_t *gold, const int32_t *predicted, size_t count, uint32_t labels,
                       uint64_t *cells, uint32_t *scratch);
/* The plain twin. */
size_t dsx_count_pairs_scalar(const int32_t *gold, const int32_t *predicted, size_t count,
                              uint32_t labels, uint64_t *cells);

/* Sorts keys, smallest first. `scratch` has room for `count` keys. Radix sort of 11 bits a pass; passes in
   which all keys agree are left out. The result is in `keys`. */
void dsx_sort_keys(uint64_t *keys, uint64_t *scratch, size_t count);

/* Order-preserving keys of doubles: a < b as numbers exactly when key(a) < key(b); -0 has the key of 0.
   Splits by `is_positive[i] != 0` into two lists, which need room for `count` keys each. Returns the number
   of positives, or SIZE_MAX when a value is not a number; *bad is then its place. */
size_t dsx_split_keys_f64(const double *values, const uint8_t *is_positive, size_t count,
                          uint64_t *positives, uint64_t *negatives, size_t *bad);
size_t dsx_split_keys_f32(const float *values, const uint8_t *is_positive, size_t count,
                          uint64_t *positives, uint64_t *negatives, size_t *bad);

#endif
