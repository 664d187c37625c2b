#define _GNU_SOURCE
#include "start_flush.h"

#include <fcntl.h>

void dsx_start_flush(int descriptor, int64_t offset, int64_t count) {
#if defined(__linux__)
  (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor, (void)offset, (void)count;
#endif
}
