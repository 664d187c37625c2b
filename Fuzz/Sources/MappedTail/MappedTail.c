#include "MappedTail.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if __has_feature(address_sanitizer)
void __asan_poison_memory_region(void const volatile *address, size_t size);
void __asan_unpoison_memory_region(void const volatile *address, size_t size);
#else
static void __asan_poison_memory_region(void const volatile *address, size_t size) {}
static void __asan_unpoison_memory_region(void const volatile *address, size_t size) {}
#endif

void *__real_mmap(void *, size_t, int, int, int, off_t);
int __real_munmap(void *, size_t);

static size_t tail(size_t length) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  return (page - length % page) % page;
}

void *__wrap_mmap(
    void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  char *start = __real_mmap(address, length, protection, flags, descriptor, offset);
  if (start != MAP_FAILED && descriptor >= 0) __asan_poison_memory_region(start + length, tail(length));
  return start;
}

int __wrap_munmap(void *address, size_t length) {
  __asan_unpoison_memory_region(address, length + tail(length));
  return __real_munmap(address, length);
}
