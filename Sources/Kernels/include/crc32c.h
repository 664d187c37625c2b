#ifndef DSX_CRC32C_H
#define DSX_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as in RFC 3720: start with crc = 0 and feed
   the result back in to continue. Uses the SSE4.2 instruction where the processor has it, on three
   streams at a time where it also has carry-less multiplication. */
uint32_t dsx_crc32c(uint32_t crc, const void *data, size_t count);

/* The portable twin of dsx_crc32c. */
uint32_t dsx_crc32c_scalar(uint32_t crc, const void *data, size_t count);

#endif
