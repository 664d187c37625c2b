/* What the machine can do at best, in plain C:
 *
 *   records_c write FILE COPY    writes the bytes of FILE (read before) to COPY in MiB pieces, then fsync
 *   records_c copy BYTES         copies as many bytes through a buffer of 256 rows of int32[1025]
 *
 * One JSON line: bytes, seconds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static int fail(const char *what) {
  perror(what);
  return 1;
}

static int write_copy(const char *from, const char *to) {
  int source = open(from, O_RDONLY);
  struct stat status;
  if (source < 0 || fstat(source, &status) != 0) return fail(from);
  size_t size = (size_t)status.st_size;
  char *bytes = malloc(size ? size : 1);
  if (!bytes) return fail("malloc");
  for (size_t done = 0; done < size;) {
    ssize_t got = read(source, bytes + done, size - done);
    if (got <= 0) return fail(from);
    done += (size_t)got;
  }
  unlink(to);
  double start = now();
  int target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (target < 0) return fail(to);
  for (size_t done = 0; done < size;) {
    size_t part = size - done < (1 << 20) ? size - done : (1 << 20);
    ssize_t put = write(target, bytes + done, part);
    if (put <= 0) return fail(to);
    done += (size_t)put;
  }
  if (fsync(target) != 0 || close(target) != 0) return fail(to);
  printf("{\"bytes\":%zu,\"seconds\":%.6f}\n", size, now() - start);
  return 0;
}

static int copy(size_t size) {
  const size_t part = 256 * 1025 * 4, source_size = 512u << 20;
  /* The source does not fit the processor's cache, as a set's values would not; it is touched before. */
  char *source = malloc(source_size), *target = malloc(part);
  if (!source || !target) return fail("malloc");
  memset(source, 1, source_size);
  memset(target, 2, part);
  unsigned sum = 0;
  double start = now();
  size_t at = 0;
  for (size_t done = 0; done < size;) {
    size_t count = size - done < part ? size - done : part;
    if (at + count > source_size) at = 0;
    memcpy(target, source + at, count);
    sum += (unsigned char)target[count - 1];
    at += count;
    done += count;
  }
  double spent = now() - start;
  printf("{\"bytes\":%zu,\"seconds\":%.6f,\"sum\":%u}\n", size, spent, sum);
  return 0;
}

int main(int count, char **words) {
  if (count == 4 && strcmp(words[1], "write") == 0) return write_copy(words[2], words[3]);
  if (count == 3 && strcmp(words[1], "copy") == 0) return copy(strtoull(words[2], NULL, 10));
  fprintf(stderr, "usage: records_c write FILE COPY | copy BYTES\n");
  return 2;
}
