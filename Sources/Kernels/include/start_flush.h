#ifndef DSX_START_FLUSH_H
#define DSX_START_FLUSH_H

#include <stdint.h>

/* Starts writing a range of an open file to disk and returns at once (Linux sync_file_range, whose
   declaration needs _GNU_SOURCE). Only a hint: durability still takes an fsync. */
void dsx_start_flush(int descriptor, int64_t offset, int64_t count);

#endif
