#ifndef DSX_PACKED_INTS_H
#define DSX_PACKED_INTS_H

#include <stddef.h>
#include <stdint.h>

/* The body of MindRecord's packed integers: ceil(count / 4) bytes of 2-bit width codes (first element
   in the two highest bits; 0, 1, 2, 3 mean 1, 2, 4, 8 bytes), then the elements, little-endian, each in
   the smallest signed width that holds it. Uses AVX2 where the processor has it. */

/* Room that packing needs at `target`: the largest body and the slack of wide stores. */
#define DSX_PACK32_ROOM(count) (((count) + 3) / 4 + 4 * (count) + 16)
#define DSX_PACK64_ROOM(count) (((count) + 3) / 4 + 8 * (count) + 16)

/* Packs; returns the bytes of the body. */
size_t dsx_pack_i32(const int32_t *source, size_t count, uint8_t *target);
size_t dsx_pack_i64(const int64_t *source, size_t count, uint8_t *target);

/* Unpacks a body of exactly `size` bytes into `count` elements. Never reads outside of the body, never
   writes outside of the elements. Returns 0, or -1 when the widths do not add up to `size` or an int32
   has an 8-byte width. */
int dsx_unpack_i32(const uint8_t *body, size_t size, int32_t *target, size_t count);
int dsx_unpack_i64(const uint8_t *body, size_t size, int64_t *target, size_t count);

/* The portable twins. */
size_t dsx_pack_i32_scalar(const int32_t *source, size_t count, uint8_t *target);
int dsx_unpack_i32_scalar(const uint8_t *body, size_t size, int32_t *target, size_t count);

#endif
