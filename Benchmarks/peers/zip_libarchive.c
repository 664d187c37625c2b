/* Peer of zip reading: every member of a zip archive by libarchive, used plainly. libarchive checks each
   CRC. Prints one JSON line: members, bytes, seconds, cpu.

     cc -O2 zip_libarchive.c -larchive -o zip_libarchive && ./zip_libarchive FILE.zip */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <string.h>
#include <time.h>

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int count, char **words) {
  if (count != 2 && count != 3) return 2;
  /* A second word, "cpu", has CPU seconds printed. */
  clockid_t clock = count == 3 && !strcmp(words[2], "cpu") ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  double start = now(clock);
  struct archive *archive = archive_read_new();
  struct archive_entry *entry;
  static char buffer[1 << 20];
  long members = 0, bytes = 0;
  archive_read_support_format_zip(archive);
  if (archive_read_open_filename(archive, words[1], 1 << 16) != ARCHIVE_OK) return 1;
  int status;
  while ((status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
    la_ssize_t got;
    while ((got = archive_read_data(archive, buffer, sizeof buffer)) > 0) bytes += got;
    if (got < 0) return fprintf(stderr, "%s\n", archive_error_string(archive)), 1;
    if (S_ISREG(archive_entry_mode(entry))) members++;
  }
  if (status != ARCHIVE_EOF) return fprintf(stderr, "%s\n", archive_error_string(archive)), 1;
  archive_read_free(archive);
  printf("{\"members\":%ld,\"bytes\":%ld,\"seconds\":%f}\n", members, bytes, now(clock) - start);
  return 0;
}
