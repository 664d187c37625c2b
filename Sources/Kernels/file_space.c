#define _GNU_SOURCE
#include "file_space.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

int dsx_punch_hole(int descriptor, int64_t offset, int64_t count) {
#if defined(__linux__)
  if (count <= 0) return 0;
  const int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  return fallocate(descriptor, mode, offset, count) == 0 ? 0 : errno;
#else
  (void)descriptor, (void)offset, (void)count;
  return EOPNOTSUPP;
#endif
}

/* Reading and writing, for systems and file systems where the kernel does not copy by itself. */
static int copy_through_memory(int from, int to, off_t offset, off_t end) {
  const size_t size = 1 << 20;
  char *buffer = malloc(size);
  if (!buffer) return ENOMEM;
  int result = 0;
  while (offset < end && result == 0) {
    size_t want = (off_t)size < end - offset ? size : (size_t)(end - offset);
    ssize_t got = pread(from, buffer, want, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      result = got < 0 ? errno : EIO;
      break;
    }
    for (ssize_t done = 0; done < got;) {
      ssize_t put = pwrite(to, buffer + done, (size_t)(got - done), offset + done);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) {
        result = put < 0 ? errno : EIO;
        break;
      }
      done += put;
    }
    offset += got;
  }
  free(buffer);
  return result;
}

static int copy_range(int from, int to, off_t offset, off_t end) {
#if defined(__linux__)
  while (offset < end) {
    off_t in = offset, out = offset;
    ssize_t done = copy_file_range(from, &in, to, &out, (size_t)(end - offset), 0);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO)) return errno;
    /* Not between these file systems: the plain way does it, or names what is wrong. */
    if (done <= 0) return copy_through_memory(from, to, offset, end);
    offset += done;
  }
  return 0;
#else
  return copy_through_memory(from, to, offset, end);
#endif
}

int dsx_copy_file(int from, int to) {
#if defined(FICLONE)
  if (ioctl(to, FICLONE, from) == 0) return 0;
#endif
  struct stat status;
  if (fstat(from, &status) != 0) return errno;
  off_t offset = 0;
  while (offset < status.st_size) {
    off_t start = lseek(from, offset, SEEK_DATA);
    if (start < 0 && errno == ENXIO) break;
    if (start < 0) start = offset;
    off_t end = lseek(from, start, SEEK_HOLE);
    if (end < 0 || end > status.st_size) end = status.st_size;
    int result = copy_range(from, to, start, end);
    if (result != 0) return result;
    offset = end;
  }
  return ftruncate(to, status.st_size) == 0 ? 0 : errno;
}

int dsx_open_direct(const char *path) {
#if defined(O_DIRECT)
  return open(path, O_WRONLY | O_DIRECT | O_CLOEXEC);
#else
  (void)path;
  return -1;
#endif
}
