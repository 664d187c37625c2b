#ifndef DSX_FILE_SPACE_H
#define DSX_FILE_SPACE_H

#include <stdint.h>

/* Makes `count` bytes from `offset` read as zeros and gives their disk space back. Returns 0, or an errno
   value; EOPNOTSUPP where the file system cannot do it. */
int dsx_punch_hole(int descriptor, int64_t offset, int64_t count);

/* Copies all of `from` to the empty file `to`: as a clone that shares its blocks where the file system
   can, else inside the system, leaving holes as holes. Returns 0 or an errno value. */
int dsx_copy_file(int from, int to);

/* Opens a file for writing past the page cache: positions, lengths and addresses must be multiples of the
   disk's block. Returns the descriptor, or -1 where the file system has no such thing. */
int dsx_open_direct(const char *path);

#endif
