#include "gemm.h"

#include <string.h>

#include "gemm_tile.h"

/* The walk over a product: which tile comes when. It decides about caches and nothing else, since every
   number of the result is one chain over its inputs. */

enum {
  PANEL = DSX_GEMM_PANEL,
  BLOCK = DSX_GEMM_BLOCK,
  LINE = 64,
  /* Rows of which one block of inputs is copied together, on the stack, and stays in the second-level
     cache while panels pass by. */
  HEIGHT = 240,
  KEPT = HEIGHT * DSX_GEMM_BLOCK * 4,
  /* Columns over which the results of these rows stay there, too, between two blocks of inputs. */
  WIDTH = 1024,
  /* The most tiles over which the fetching of the next weights is spread. */
  FETCHING = 8
};

dsx_gemm_level dsx_gemm_best(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return __builtin_cpu_supports("avx512bf16") ? DSX_GEMM_AVX512_BF16 : DSX_GEMM_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return DSX_GEMM_AVX2;
#endif
  return DSX_GEMM_SCALAR;
}

/* How a level wants its tiles. */
typedef struct {
  dsx_gemm_tile tile;
  size_t most;      /* rows of a tile */
  size_t few, high; /* products of at most `few` rows: the most rows of their tiles */
  int fetches;      /* the tile fetches what is ahead */
} level;

/* A product under way, of either type. */
typedef struct {
  level level;
  const char *x;
  size_t x_step, size; /* elements between rows, bytes of an element */
  size_t rows, inputs;
  const char *packed;
  size_t panel_size, depth_size; /* bytes of a panel, and of its part for one input */
  const float *bias;
  size_t first, last;
  int adds;
  float *out;
  size_t out_step;
} product;

static void fetch(const char *from, size_t bytes) {
  for (size_t i = 0; i < bytes; i += LINE) __builtin_prefetch(from + i, 0, 2);
}

/* The tiles of the rows from ..< to with one panel and one block of inputs, which lie together in
   `kept`. Meanwhile what comes next, if anything, is fetched. */
static void column(const product *p, const char *kept, size_t from, size_t to, size_t c, size_t k,
                   const char *next) {
  size_t depth = p->inputs - k < BLOCK ? p->inputs - k : BLOCK;
  const char *panel = p->packed + c / PANEL * p->panel_size + k * p->depth_size;
  size_t bytes = depth * p->depth_size;
  int starts = k == 0 && !p->adds;
  const float *bias = p->bias && k + depth == p->inputs ? p->bias + c : NULL;
  size_t width = p->last - c < PANEL ? p->last - c : PANEL;
  float tile[DSX_ROWS_AVX512 * PANEL], padded[PANEL];
  if (width < PANEL && bias) {
    memset(padded, 0, sizeof padded);
    memcpy(padded, bias, width * sizeof(float));
    bias = padded;
  }
  /* Tiles of nearly the same height: one of a single row at the end would be slow. */
  size_t height = to - from, most = height <= p->level.few ? p->level.high : p->level.most;
  size_t tiles = (height + most - 1) / most, parts = tiles < FETCHING ? tiles : FETCHING;
  for (size_t t = 0; t < tiles; t++) {
    size_t row = height * t / tiles, rows = height * (t + 1) / tiles - row;
    const char *x = kept + row * BLOCK * p->size;
    float *out = p->out + (from + row) * p->out_step + (c - p->first);
    dsx_gemm_ahead ahead = {panel, 0};
    if (next && !p->level.fetches && tiles > 2)
      fetch(next + bytes * t / tiles / LINE * LINE, bytes / tiles);
    if (next && p->level.fetches && tiles > 1 && t < parts)
      ahead = (dsx_gemm_ahead){next + bytes / parts * t, p->depth_size / parts};
    if (width == PANEL) {
      if (tiles > 1)
        for (size_t r = 0; r < rows; r++) {
          __builtin_prefetch(out + r * p->out_step, 1, 3);
          __builtin_prefetch(out + r * p->out_step + PANEL - 1, 1, 3);
        }
      p->level.tile(rows, depth, x, panel, starts, bias, out, p->out_step, ahead);
      continue;
    }
    memset(tile, 0, sizeof tile);
    if (!starts)
      for (size_t r = 0; r < rows; r++)
        memcpy(tile + r * PANEL, out + r * p->out_step, width * sizeof(float));
    p->level.tile(rows, depth, x, panel, starts, bias, tile, PANEL, ahead);
    for (size_t r = 0; r < rows; r++)
      memcpy(out + r * p->out_step, tile + r * PANEL, width * sizeof(float));
  }
}

/* Copies one block of inputs of some rows together. */
static void collect(const product *p, size_t from, size_t to, size_t k, char *kept) {
  size_t depth = p->inputs - k < BLOCK ? p->inputs - k : BLOCK;
  for (size_t r = from; r < to; r++, kept += BLOCK * p->size)
    memcpy(kept, p->x + (r * p->x_step + k) * p->size, depth * p->size);
}

/* A layer without inputs: its bias. */
static void bias_alone(const product *p) {
  for (size_t r = 0; r < p->rows; r++)
    for (size_t c = p->first; c < p->last; c++) {
      float *out = p->out + r * p->out_step + (c - p->first);
      float sum = p->adds ? *out : 0;
      *out = p->bias ? sum + p->bias[c] : sum;
    }
}

static void multiply(const product *p) {
  if (p->rows == 0) return;
  if (p->inputs == 0) {
    bias_alone(p);
    return;
  }
  _Alignas(LINE) char kept[KEPT];
  size_t depths = (p->inputs + BLOCK - 1) / BLOCK, block_size = p->rows * BLOCK * p->size;
  if (depths * block_size <= KEPT) {
    for (size_t i = 0; i < depths; i++)
      collect(p, 0, p->rows, i * BLOCK, kept + i * block_size);
    for (size_t c = p->first; c < p->last; c += PANEL)
      for (size_t i = 0; i < depths; i++) {
        /* The next block of this panel, or the next panel's first: it lies behind this one. */
        size_t k = i * BLOCK;
        const char *panel = p->packed + c / PANEL * p->panel_size + k * p->depth_size;
        int more = k + BLOCK < p->inputs || c + PANEL < p->last;
        const char *next = more ? panel + BLOCK * p->depth_size : NULL;
        column(p, kept + i * block_size, 0, p->rows, c, k, next);
      }
    return;
  }
  size_t blocks = (p->rows + HEIGHT - 1) / HEIGHT;
  for (size_t b = 0; b < blocks; b++) {
    size_t from = p->rows * b / blocks, to = p->rows * (b + 1) / blocks;
    for (size_t start = p->first; start < p->last; start += WIDTH) {
      size_t end = p->last - start < WIDTH ? p->last : start + WIDTH;
      for (size_t k = 0; k < p->inputs; k += BLOCK) {
        collect(p, from, to, k, kept);
        for (size_t c = start; c < end; c += PANEL) {
          const char *panel = p->packed + c / PANEL * p->panel_size + k * p->depth_size;
          const char *next = c + PANEL < end ? panel + p->panel_size : NULL;
          column(p, kept, from, to, c, k, next);
        }
      }
    }
  }
}

static level scalar(dsx_gemm_tile tile) {
  return (level){.tile = tile, .most = DSX_ROWS_SCALAR, .fetches = 1};
}

#if defined(__x86_64__)
static level avx2(dsx_gemm_tile tile) {
  return (level){.tile = tile, .most = DSX_ROWS_AVX2, .few = 12, .high = 3, .fetches = 1};
}

static level avx512(dsx_gemm_tile tile) {
  return (level){.tile = tile, .most = DSX_ROWS_AVX512};
}
#endif

void dsx_gemm_f32_at(dsx_gemm_level at, dsx_linear_f32 layer, const float *x, size_t x_step,
                     size_t rows, size_t first, size_t last, int adds, float *out,
                     size_t out_step) {
  product p = {.level = scalar(dsx_tile_f32_scalar),
               .x = (const char *)x,
               .x_step = x_step,
               .size = sizeof(float),
               .rows = rows,
               .inputs = layer.inputs,
               .packed = (const char *)layer.packed,
               .panel_size = layer.inputs * PANEL * sizeof(float),
               .depth_size = PANEL * sizeof(float),
               .bias = layer.bias,
               .first = first,
               .last = last,
               .adds = adds,
               .out = out,
               .out_step = out_step};
#if defined(__x86_64__)
  if (at >= DSX_GEMM_AVX512) p.level = avx512(dsx_tile_f32_avx512);
  else if (at == DSX_GEMM_AVX2) p.level = avx2(dsx_tile_f32_avx2);
#endif
  multiply(&p);
}

void dsx_gemm_bf16_at(dsx_gemm_level at, dsx_linear_bf16 layer, const uint16_t *x, size_t rows,
                      size_t first, size_t last, int adds, float *out, size_t out_step) {
  /* An odd number of inputs was filled up with a zero: on both sides, so it adds 0. */
  size_t inputs = dsx_bf16_step(layer.inputs);
  product p = {.level = scalar(dsx_tile_bf16_scalar),
               .x = (const char *)x,
               .x_step = inputs,
               .size = sizeof(uint16_t),
               .rows = rows,
               .inputs = inputs,
               .packed = (const char *)layer.packed,
               .panel_size = inputs * PANEL * sizeof(uint16_t),
               .depth_size = PANEL * sizeof(uint16_t),
               .bias = layer.bias,
               .first = first,
               .last = last,
               .adds = adds,
               .out = out,
               .out_step = out_step};
#if defined(__x86_64__)
  if (at >= DSX_GEMM_AVX512_BF16) p.level = avx512(dsx_tile_bf16_native);
  else if (at == DSX_GEMM_AVX512) p.level = avx512(dsx_tile_bf16_avx512);
  else if (at == DSX_GEMM_AVX2) p.level = avx2(dsx_tile_bf16_avx2);
#endif
  multiply(&p);
}

void dsx_gemm_f32(dsx_linear_f32 layer, const float *x, size_t x_step, size_t rows, size_t first,
                  size_t last, int adds, float *out, size_t out_step) {
  dsx_gemm_f32_at(dsx_gemm_best(), layer, x, x_step, rows, first, last, adds, out, out_step);
}

void dsx_gemm_bf16(dsx_linear_bf16 layer, const uint16_t *x, size_t rows, size_t first,
                   size_t last, int adds, float *out, size_t out_step) {
  dsx_gemm_bf16_at(dsx_gemm_best(), layer, x, rows, first, last, adds, out, out_step);
}
