#include <math.h>
#include <string.h>

#include "gemm_tile.h"

/* The plain forms: of a tile, for processors without a better one, and of the whole product straight
   from its definition in gemm.h, which tests compare every level with. */

enum { PANEL = DSX_GEMM_PANEL };

static float widen(uint16_t half) {
  uint32_t bits = (uint32_t)half << 16;
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

void dsx_tile_f32_scalar(size_t rows, size_t depth, const void *x, const void *panel,
                         int starts, const float *bias, float *out,
                         size_t out_step, dsx_gemm_ahead ahead) {
  (void)ahead;
  const float *weights = panel;
  for (size_t r = 0; r < rows; r++) {
    const float *row = (const float *)x + r * DSX_GEMM_BLOCK;
    float sums[PANEL] = {0};
    for (size_t k = 0; k < depth; k++)
      for (int c = 0; c < PANEL; c++) sums[c] = fmaf(row[k], weights[k * PANEL + c], sums[c]);
    for (int c = 0; c < PANEL; c++) {
      float sum = starts ? sums[c] : out[r * out_step + c] + sums[c];
      out[r * out_step + c] = bias ? sum + bias[c] : sum;
    }
  }
}

void dsx_tile_bf16_scalar(size_t rows, size_t depth, const void *x, const void *panel,
                          int starts, const float *bias, float *out,
                          size_t out_step, dsx_gemm_ahead ahead) {
  (void)ahead;
  const uint16_t *weights = panel;
  for (size_t r = 0; r < rows; r++) {
    const uint16_t *row = (const uint16_t *)x + r * DSX_GEMM_BLOCK;
    float sums[PANEL] = {0};
    for (size_t k = 0; k < depth; k += 2) {
      float even = widen(row[k]), odd = widen(row[k + 1]);
      for (int c = 0; c < PANEL; c++) {
        const uint16_t *pair = weights + k * PANEL + 2 * c;
        sums[c] = fmaf(odd, widen(pair[1]), sums[c]);
        sums[c] = fmaf(even, widen(pair[0]), sums[c]);
      }
    }
    for (int c = 0; c < PANEL; c++) {
      float sum = starts ? sums[c] : out[r * out_step + c] + sums[c];
      out[r * out_step + c] = bias ? sum + bias[c] : sum;
    }
  }
}

void dsx_gemm_f32_scalar(dsx_linear_f32 layer, const float *x, size_t x_step, size_t rows,
                         size_t first, size_t last, int adds, float *out, size_t out_step) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = first; c < last; c++) {
      const float *panel = layer.packed + c / PANEL * PANEL * layer.inputs + c % PANEL;
      float *target = out + r * out_step + (c - first);
      float sum = adds ? *target : 0;
      for (size_t k = 0; k < layer.inputs;) {
        float chain = 0;
        size_t end = k + DSX_GEMM_BLOCK < layer.inputs ? k + DSX_GEMM_BLOCK : layer.inputs;
        for (; k < end; k++) chain = fmaf(x[r * x_step + k], panel[k * PANEL], chain);
        sum += chain;
      }
      *target = layer.bias ? sum + layer.bias[c] : sum;
    }
}

void dsx_gemm_bf16_scalar(dsx_linear_bf16 layer, const uint16_t *x, size_t rows, size_t first,
                          size_t last, int adds, float *out, size_t out_step) {
  size_t inputs = dsx_bf16_step(layer.inputs);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = first; c < last; c++) {
      const uint16_t *panel = layer.packed + c / PANEL * PANEL * inputs + 2 * (c % PANEL);
      const uint16_t *row = x + r * inputs;
      float *target = out + r * out_step + (c - first);
      float sum = adds ? *target : 0;
      for (size_t k = 0; k < inputs;) {
        float chain = 0;
        size_t end = k + DSX_GEMM_BLOCK < inputs ? k + DSX_GEMM_BLOCK : inputs;
        for (; k < end; k += 2) {
          const uint16_t *pair = panel + k * PANEL;
          chain = fmaf(widen(row[k + 1]), widen(pair[1]), chain);
          chain = fmaf(widen(row[k]), widen(pair[0]), chain);
        }
        sum += chain;
      }
      *target = layer.bias ? sum + layer.bias[c] : sum;
    }
}
