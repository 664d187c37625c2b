#ifndef DSX_IMAGE_H
#define DSX_IMAGE_H

#include <stddef.h>
#include <stdint.h>

/* Undoes one row's filter of a PNG image (0 none, 1 sub, 2 up, 3 average, 4 Paeth; ISO 15948, 9).
   `step`: bytes of a whole pixel, at least 1. `above`: the row before, undone; NULL for the first.
   `target` may be `source`. */
void dsx_png_unfilter(int filter, size_t step, const uint8_t *source, const uint8_t *above,
                      uint8_t *target, size_t count);
void dsx_png_unfilter_scalar(int filter, size_t step, const uint8_t *source, const uint8_t *above,
                             uint8_t *target, size_t count);

/* The weights of one direction of a resize. Value i of the result is the sum of the values
   start[i] ..< start[i] + taps of the source, each times weights[i * taps + t] / 2^22, rounded and cut
   to 0...255: the arithmetic of Pillow's resampling. The sum of a weight's absolute values is below
   2 * 2^22, start[i] + taps within the source. `packed` holds, for each i and each four taps, what dsx_resize_pack makes of them. */
struct dsx_resize {
  size_t count, taps;
  const int32_t *start;
  const int32_t *weights;
  const int16_t *packed; /* NULL: plain loops */
};

/* 16-bit numbers that the packed weights of `count` values with `taps` taps need. */
size_t dsx_resize_packed_size(size_t count, size_t taps);
void dsx_resize_pack(const int32_t *weights, size_t count, size_t taps, int16_t *packed);

/* Resizes each of `rows` rows of `width` pixels with `channels` (1 or 3) bytes. Rows of the source are
   width * channels bytes apart, of the target plan->count * channels. `scratch`: width * 3 + 64
   bytes. */
void dsx_resize_across(const struct dsx_resize *plan, const uint8_t *source, size_t rows,
                       size_t width, size_t channels, uint8_t *target, uint8_t *scratch);
void dsx_resize_across_scalar(const struct dsx_resize *plan, const uint8_t *source, size_t rows,
                              size_t width, size_t channels, uint8_t *target);

/* Resizes columns: rows of `bytes` bytes in the source, plan->count of them in the target. */
void dsx_resize_down(const struct dsx_resize *plan, const uint8_t *source, size_t bytes,
                     uint8_t *target);
void dsx_resize_down_scalar(const struct dsx_resize *plan, const uint8_t *source, size_t bytes,
                            uint8_t *target);

/* target[i] = table[channel of i][source[i]], pixels side by side in both (HWC). */
void dsx_image_floats(const uint8_t *source, size_t pixels, size_t channels, const float *table,
                      float *target);
/* The same with one plane for each channel in the target (CHW). */
void dsx_image_planes(const uint8_t *source, size_t pixels, size_t channels, const float *table,
                      float *target);

#endif
