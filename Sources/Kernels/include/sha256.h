#ifndef DSX_SHA256_H
#define DSX_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* Takes `count` blocks of 64 bytes into the eight state words of SHA-256 (FIPS 180-4, section 6.2.2).
   Uses the processor's SHA instructions where it has them. */
void dsx_sha256_blocks(uint32_t *state, const void *data, size_t count);

/* The portable twin of dsx_sha256_blocks. */
void dsx_sha256_blocks_scalar(uint32_t *state, const void *data, size_t count);

#endif
