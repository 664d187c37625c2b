/* Injects one fault into a program: LD_PRELOAD this object and say which call of which kinds fails how.
 *
 * Counts the calls of all threads together, which strace's `when=` does not (it counts each thread alone),
 * and does what strace cannot: short writes, and an input that goes away while it is read.
 *
 *   FAULT_CALLS   kinds that count, separated by commas: open write fsync rename truncate unlink mkdir
 *                 close read (open: only with O_CREAT or for writing; unlink: with rmdir)
 *   FAULT_UNDER   only files below this folder count (an absolute path without links); default: all
 *   FAULT_AT      the number of the call, from 1; 0: none
 *   FAULT_EVERY   every so many calls after it too; 0: only that one
 *   FAULT_DO      kill | short | an error's name: EIO ENOSPC EINTR | unlink:PATH | truncate:PATH
 *   FAULT_LOG     a line for each call that counts: number, kind, path
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN, WRITE, FSYNC, RENAME, TRUNCATE, UNLINK, MKDIR, CLOSE, READ, KINDS };
static const char *const kind_names[KINDS] = {"open",   "write", "fsync", "rename", "truncate",
                                              "unlink", "mkdir", "close", "read"};
enum action { NOTHING, KILL, SHORT, ERROR, GONE, CUT };

static int wanted[KINDS];
static long fault_at, fault_every;
static enum action action;
static int error_number;
static const char *target = "", *under = "";
static int log_file = -1;
static atomic_long calls;

__attribute__((constructor)) static void start(void) {
  const char *text = getenv("FAULT_CALLS");
  for (int kind = 0; kind < KINDS; kind++) {
    const char *found = text ? strstr(text, kind_names[kind]) : NULL;
    wanted[kind] = found != NULL;
  }
  if ((text = getenv("FAULT_UNDER"))) under = strdup(text);
  if ((text = getenv("FAULT_AT"))) fault_at = atol(text);
  if ((text = getenv("FAULT_EVERY"))) fault_every = atol(text);
  if ((text = getenv("FAULT_LOG")))
    log_file = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (!(text = getenv("FAULT_DO"))) return;
  if (!strcmp(text, "kill")) action = KILL;
  else if (!strcmp(text, "short")) action = SHORT;
  else if (!strncmp(text, "unlink:", 7)) { action = GONE; target = strdup(text + 7); }
  else if (!strncmp(text, "truncate:", 9)) { action = CUT; target = strdup(text + 9); }
  else {
    action = ERROR;
    error_number = !strcmp(text, "ENOSPC") ? ENOSPC : !strcmp(text, "EINTR") ? EINTR : EIO;
  }
}

/* The path behind a descriptor, or a path made absolute; without links only where the caller's is. */
static const char *place(int descriptor, const char *path, char *room) {
  char name[64];
  if (!path) {
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t count = syscall(SYS_readlink, name, room, PATH_MAX - 1);
    room[count > 0 ? count : 0] = 0;
    return room;
  }
  if (path[0] == '/') return path;
  if (syscall(SYS_getcwd, room, PATH_MAX - 1) < 0) return path;
  size_t used = strlen(room);
  snprintf(room + used, PATH_MAX - used, "/%s", path);
  return room;
}

/* Counts a call. True when it is the one that fails (`errno` is set) or is cut short. */
static int strikes(enum kind kind, int descriptor, const char *path) {
  if (!wanted[kind]) return 0;
  int kept = errno;
  char room[PATH_MAX];
  const char *where = place(descriptor, path, room);
  size_t count = strlen(under);
  if (count && (strncmp(where, under, count) || (where[count] != '/' && where[count] != 0))) {
    errno = kept;
    return 0;
  }
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (log_file >= 0) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%ld %s %s\n", number, kind_names[kind], where);
    syscall(SYS_write, log_file, line, (size_t)length);
  }
  errno = kept;
  int is_next = fault_every > 0 && number > fault_at && (number - fault_at) % fault_every == 0;
  if (fault_at <= 0 || (number != fault_at && !is_next)) return 0;
  switch (action) {
  case NOTHING: return 0;
  case KILL: syscall(SYS_kill, syscall(SYS_getpid), SIGKILL); return 0;
  case SHORT: return kind == WRITE;
  case GONE: syscall(SYS_unlinkat, AT_FDCWD, target, 0); errno = kept; return 0;
  case CUT: syscall(SYS_truncate, target, 0L); errno = kept; return 0;
  case ERROR: errno = error_number; return 1;
  }
  return 0;
}

/* How much of a write takes place: half of it when it is cut short; -1 when it fails. */
static ssize_t allowed(int descriptor, size_t count) {
  if (!strikes(WRITE, descriptor, NULL)) return (ssize_t)count;
  if (action == SHORT) return count > 1 ? (ssize_t)(count / 2) : (ssize_t)count;
  return -1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  ssize_t part = allowed(descriptor, count);
  return part < 0 ? -1 : syscall(SYS_write, descriptor, bytes, (size_t)part);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t position) {
  ssize_t part = allowed(descriptor, count);
  return part < 0 ? -1 : syscall(SYS_pwrite64, descriptor, bytes, (size_t)part, position);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t position) {
  return pwrite64(descriptor, bytes, count, position);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  if (strikes(WRITE, descriptor, NULL) && action != SHORT) return -1;
  return syscall(SYS_writev, descriptor, parts, count);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  return strikes(READ, descriptor, NULL) ? -1 : syscall(SYS_read, descriptor, bytes, count);
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t position) {
  return strikes(READ, descriptor, NULL) ? -1
                                         : syscall(SYS_pread64, descriptor, bytes, count, position);
}
ssize_t pread(int descriptor, void *bytes, size_t count, off_t position) {
  return pread64(descriptor, bytes, count, position);
}

int fsync(int descriptor) {
  return strikes(FSYNC, descriptor, NULL) ? -1 : (int)syscall(SYS_fsync, descriptor);
}
int fdatasync(int descriptor) {
  return strikes(FSYNC, descriptor, NULL) ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

int rename(const char *from, const char *to) {
  return strikes(RENAME, -1, to)
             ? -1
             : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return strikes(RENAME, -1, to) ? -1
                                 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

int ftruncate64(int descriptor, off64_t size) {
  return strikes(TRUNCATE, descriptor, NULL) ? -1 : (int)syscall(SYS_ftruncate, descriptor, size);
}
int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }
int truncate(const char *path, off_t size) {
  return strikes(TRUNCATE, -1, path) ? -1 : (int)syscall(SYS_truncate, path, size);
}

int unlink(const char *path) {
  return strikes(UNLINK, -1, path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
int rmdir(const char *path) {
  return strikes(UNLINK, -1, path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}
int mkdir(const char *path, mode_t mode) {
  return strikes(MKDIR, -1, path) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* A descriptor is given back even when `close` fails, as Linux does it. */
int close(int descriptor) {
  int fails = strikes(CLOSE, descriptor, NULL);
  int kept = errno;
  int result = (int)syscall(SYS_close, descriptor);
  if (!fails) return result;
  errno = kept;
  return -1;
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  int writes = flags & O_CREAT || (flags & O_ACCMODE) != O_RDONLY;
  /* A full disk does not keep a file from being opened that is there. */
  int is_there = error_number == ENOSPC && syscall(SYS_faccessat, folder, path, F_OK) == 0;
  if (writes && strikes(OPEN, -1, path) && !is_there) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags)                                                                                \
  mode_t mode = 0;                                                                                 \
  if ((flags) & (O_CREAT | O_TMPFILE)) {                                                           \
    va_list rest;                                                                                  \
    va_start(rest, flags);                                                                         \
    mode = va_arg(rest, mode_t);                                                                   \
    va_end(rest);                                                                                  \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  return open_at(folder, path, flags, mode);
}
