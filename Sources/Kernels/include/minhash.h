#ifndef DSX_MINHASH_H
#define DSX_MINHASH_H

#include <stddef.h>
#include <stdint.h>

/* signature[j] = min(signature[j], multiply[j] * x + add[j] mod 2^32) over the `count` values x, for
   each of `functions` hash functions. Start with a signature of all ones. Uses AVX2 where the
   processor has it. */
void dsx_minhash_update(const uint32_t *values, size_t count, const uint32_t *multiply,
                        const uint32_t *add, uint32_t *signature, size_t functions);

/* The portable twin of dsx_minhash_update. */
void dsx_minhash_update_scalar(const uint32_t *values, size_t count, const uint32_t *multiply,
                               const uint32_t *add, uint32_t *signature, size_t functions);

#endif
