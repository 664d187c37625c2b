/* LD_PRELOAD this object, and `dsx prepare` runs without what it does for safety's sake alone: nothing is
 * flushed to disk, and finished files are not read again for the checksums of manifests (a part's files look
 * empty while they are hashed and while their sizes are compared). The difference is what durability costs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A record file or an index of a part of the work folder, not one of its small JSON files. */
static int is_part(const char *path) {
  const char *part = strstr(path, ".work/");
  if (!part || !(part = strstr(part, "part-"))) return 0;
  const char *name = strrchr(path, '/');
  size_t length = strlen(path);
  return name > part && !strstr(path, ".dsx-tmp-") && !(length > 5 && !strcmp(path + length - 5, ".json"));
}

int fsync(int descriptor) { return descriptor < 0 ? -1 : 0; }
int fdatasync(int descriptor) { return fsync(descriptor); }
int sync_file_range(int descriptor, off64_t from, off64_t count, unsigned flags) {
  (void)from, (void)count, (void)flags;
  return fsync(descriptor);
}

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  if ((flags & O_ACCMODE) == O_RDONLY && !(flags & O_DIRECTORY) && is_part(path)) path = "/dev/null";
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int stat(const char *restrict path, struct stat *restrict status) {
  int result = (int)syscall(SYS_newfstatat, AT_FDCWD, path, status, 0);
  if (result == 0 && S_ISREG(status->st_mode) && is_part(path)) status->st_size = 0;
  return result;
}
