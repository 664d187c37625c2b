#include "large_blocks.h"

#include <malloc.h>

void dsx_return_large_blocks(int bytes) {
  mallopt(M_MMAP_THRESHOLD, bytes);
  mallopt(M_TRIM_THRESHOLD, bytes);
}
