#include <string.h>

#include "gemm.h"

enum { PANEL = DSX_GEMM_PANEL, STRIP = 16 };

static size_t panels(size_t outputs) { return (outputs + PANEL - 1) / PANEL; }

size_t dsx_bf16_step(size_t inputs) { return inputs + (inputs & 1); }

size_t dsx_gemm_f32_size(size_t outputs, size_t inputs) {
  return panels(outputs) * PANEL * inputs * sizeof(float);
}

size_t dsx_gemm_bf16_size(size_t outputs, size_t inputs) {
  return panels(outputs) * PANEL * dsx_bf16_step(inputs) * sizeof(uint16_t);
}

/* To nearest, ties to even; a NaN keeps its sign and upper bits and stays one. */
static inline uint16_t rounded(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  uint32_t nearest = (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? bits >> 16 | 0x40u : nearest);
}

/* Packs in strips of 16 inputs, so that a line of memory read along the inputs is used whole, and what
   is written stays in the first-level cache. */
void dsx_gemm_pack_f32(const float *weights, size_t output_step, size_t input_step,
                       size_t outputs, size_t inputs, size_t first, size_t last, float *packed) {
  (void)outputs;
  for (size_t c = first; c < last; c += PANEL) {
    float *panel = packed + c * inputs;
    size_t width = last - c < PANEL ? last - c : PANEL;
    for (size_t k = 0; k < inputs; k += STRIP) {
      size_t depth = inputs - k < STRIP ? inputs - k : STRIP;
      const float *corner = weights + c * output_step + k * input_step;
      if (width < PANEL) memset(panel + k * PANEL, 0, depth * PANEL * sizeof(float));
      if (output_step == 1) {
        for (size_t i = 0; i < depth; i++)
          memcpy(panel + (k + i) * PANEL, corner + i * input_step, width * sizeof(float));
        continue;
      }
      for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < depth; i++)
          panel[(k + i) * PANEL + j] = corner[j * output_step + i * input_step];
    }
  }
}

void dsx_gemm_pack_bf16(const float *weights, size_t output_step, size_t input_step,
                        size_t outputs, size_t inputs, size_t first, size_t last,
                        uint16_t *packed) {
  (void)outputs;
  for (size_t c = first; c < last; c += PANEL) {
    uint16_t *panel = packed + c * dsx_bf16_step(inputs);
    size_t width = last - c < PANEL ? last - c : PANEL;
    for (size_t k = 0; k < inputs; k += STRIP) {
      size_t depth = inputs - k < STRIP ? inputs - k : STRIP;
      const float *corner = weights + c * output_step + k * input_step;
      uint16_t *strip = panel + k * PANEL;
      if (width < PANEL || depth & 1)
        memset(strip, 0, dsx_bf16_step(depth) * PANEL * sizeof(uint16_t));
      for (size_t j = 0; j < width; j++)
        for (size_t i = 0; i < depth; i++)
          strip[i / 2 * 2 * PANEL + 2 * j + i % 2] =
              rounded(corner[j * output_step + i * input_step]);
    }
  }
}

void dsx_gemm_row_f32(const float *packed, size_t inputs, size_t output, float *row) {
  const float *panel = packed + output / PANEL * PANEL * inputs + output % PANEL;
  for (size_t k = 0; k < inputs; k++) row[k] = panel[k * PANEL];
}

void dsx_gemm_row_bf16(const uint16_t *packed, size_t inputs, size_t output, float *row) {
  const uint16_t *panel =
      packed + output / PANEL * PANEL * dsx_bf16_step(inputs) + 2 * (output % PANEL);
  for (size_t k = 0; k < inputs; k++) {
    uint32_t bits = (uint32_t)panel[k / 2 * 2 * PANEL + k % 2] << 16;
    memcpy(&row[k], &bits, 4);
  }
}

void dsx_bf16_round_scalar(const float *x, size_t x_step, size_t rows, size_t inputs,
                           uint16_t *out) {
  size_t step = dsx_bf16_step(inputs);
  for (size_t r = 0; r < rows; r++, x += x_step, out += step) {
    for (size_t k = 0; k < inputs; k++) out[k] = rounded(x[k]);
    if (step > inputs) out[inputs] = 0;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void round_avx2(const float *x, size_t x_step, size_t rows,
                                                       size_t inputs, uint16_t *out) {
  size_t step = dsx_bf16_step(inputs);
  for (size_t r = 0; r < rows; r++, x += x_step, out += step) {
    for (size_t k = 0; k < inputs; k++) out[k] = rounded(x[k]);
    if (step > inputs) out[inputs] = 0;
  }
}
#endif

void dsx_bf16_round(const float *x, size_t x_step, size_t rows, size_t inputs, uint16_t *out) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    round_avx2(x, x_step, rows, inputs, out);
    return;
  }
#endif
  dsx_bf16_round_scalar(x, x_step, rows, inputs, out);
}
