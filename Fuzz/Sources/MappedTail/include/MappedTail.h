#ifndef DSX_FUZZ_MAPPED_TAIL_H
#define DSX_FUZZ_MAPPED_TAIL_H

#include <stddef.h>
#include <sys/types.h>

// What the linker puts in the place of mmap and munmap (--wrap). The last page of a mapped file goes on
// behind the file's end with zeros, which a reader may touch unnoticed: here the address sanitizer is
// told that those bytes are out of bounds.
void *__wrap_mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int __wrap_munmap(void *address, size_t length);

#endif
