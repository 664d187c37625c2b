/* Peer of packed matrix products: OpenBLAS's sgemm with weights [outputs, inputs], one thread.
   Prints one JSON line: seconds, gigaflop, core.

     cc -O2 sgemm.c -lopenblas -o sgemm && ./sgemm ROWS OUTPUTS INPUTS REPEATS */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static float *floats(size_t count) {
  float *found = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  for (size_t i = 0; i < count; i++) found[i] = (float)(rand() % 1000) / 1000 - 0.5f;
  return found;
}

int main(int count, char **words) {
  if (count != 5) return 2;
  int rows = atoi(words[1]), outputs = atoi(words[2]), inputs = atoi(words[3]);
  int repeats = atoi(words[4]);
  float *x = floats((size_t)rows * inputs), *weights = floats((size_t)outputs * inputs);
  float *out = floats((size_t)rows * outputs);
  openblas_set_num_threads(1);
  double start = 0;
  for (int i = -1; i < repeats; i++) {
    if (i == 0) start = now();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, outputs, inputs, 1, x, inputs,
                weights, inputs, 0, out, outputs);
  }
  double time = now() - start;
  printf("{\"seconds\":%f,\"gigaflop\":%f,\"core\":\"%s\"}\n", time,
         2e-9 * rows * outputs * inputs * repeats, openblas_get_corename());
  return 0;
}
