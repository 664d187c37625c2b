#include "include/heap_room.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Smaller tables are not worth it; larger ones take what malloc asks for behind the first gigabytes. */
#define SMALLEST ((size_t)16 << 20)
#define LARGEST ((size_t)2000 << 20)
#define HUGE_PAGE ((uintptr_t)2 << 20)
/* glibc's own M_TOP_PAD. */
#define STANDARD_PAD (128 << 10)

void dsx_heap_room(size_t bytes) {
  if (bytes < SMALLEST) return;
  if (bytes > LARGEST) bytes = LARGEST;
  uintptr_t before = (uintptr_t)sbrk(0);
  /* The pad is what malloc asks for beyond its need, and what it keeps when memory is freed. */
  mallopt(M_TOP_PAD, (int)bytes);
  /* Pieces too small to be mapped alone, until what is free already is used up and the heap grows. */
  void *pieces[64];
  int count = 0;
  while (count < 64 && (uintptr_t)sbrk(0) == before) pieces[count++] = malloc(96 << 10);
  while (count > 0) free(pieces[--count]);
  uintptr_t start = (before + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
  uintptr_t after = (uintptr_t)sbrk(0);
  if (after > start && after - start <= bytes + HUGE_PAGE)
    madvise((void *)start, after - start, MADV_HUGEPAGE);
}

void dsx_heap_room_end(void) { mallopt(M_TOP_PAD, STANDARD_PAD); }
