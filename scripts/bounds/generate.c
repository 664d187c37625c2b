/* Generates input of any size: generate text|csv|jsonl|hyp|ref MEGABYTES SEED >FILE
 *
 * Every line is new: words of a large made-up vocabulary (Zipf), Chinese characters, numbers, so that nothing
 * that remembers what it has seen gets away with a small corpus repeated. `hyp` and `ref` of one seed go
 * together line by line; one word in eight differs. The same arguments give the same bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint64_t next(void) {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static char line[1 << 16];
static size_t used;

static void add(const char *text, size_t count) {
  memcpy(line + used, text, count);
  used += count;
}

/* A word of a vocabulary of 2^20, the first ones more often. */
static void word(uint64_t number) {
  static const char *const syllables[64] = {
      "ba", "be", "bi", "bo", "ca", "ce", "co", "cu", "da", "de", "di", "do", "fa", "fe", "fi", "fo",
      "ga", "ge", "go", "ha", "he", "hi", "ho", "ka", "ke", "ki", "la", "le", "li", "lo", "lu", "ma",
      "me", "mi", "mo", "mu", "na", "ne", "ni", "no", "pa", "pe", "pi", "po", "ra", "re", "ri", "ro",
      "ru", "sa", "se", "si", "so", "su", "ta", "te", "ti", "to", "tu", "va", "ve", "vi", "wa", "za"};
  do {
    add(syllables[number % 64], 2);
    number /= 64;
  } while (number);
}

static uint64_t zipf(uint64_t random) {
  int bits = (int)(random % 21);
  return (random >> 8) & ((1u << bits) - 1);
}

/* A character of the block of common ideographs, the first 3,000 of them. */
static void ideograph(uint64_t random) {
  unsigned code = 0x4e00 + (unsigned)(random % 3000);
  char bytes[3] = {(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63))};
  add(bytes, 3);
}

/* A sentence; `differs` replaces one word in eight by another. */
static void sentence(int words, int is_chinese, int differs) {
  for (int i = 0; i < words; i++) {
    uint64_t random = next(), other = next();
    if (differs && other % 8 == 0) random = other >> 3;
    if (is_chinese) {
      ideograph(random);
      continue;
    }
    if (i) add(" ", 1);
    word(zipf(random));
  }
}

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: generate text|csv|jsonl|hyp|ref MEGABYTES SEED\n");
    return 2;
  }
  const char *kind = words[1];
  uint64_t wanted = strtoull(words[2], NULL, 10) * 1000000, done = 0, row = 0;
  state = strtoull(words[3], NULL, 10) * 0x2545f4914f6cdd1d;
  static char buffer[1 << 20];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  if (!strcmp(kind, "csv")) done += (uint64_t)printf("id,text,score,label\n");
  while (done < wanted) {
    used = 0;
    int is_chinese = next() % 3 == 0, length = 8 + (int)(next() % 12);
    if (!strcmp(kind, "text")) {
      sentence(length * 2, is_chinese, 0);
      add(is_chinese ? "。\n" : ".\n", is_chinese ? 4 : 2);
      if (next() % 12 == 0) add("\n", 1);
    } else if (!strcmp(kind, "csv") || !strcmp(kind, "jsonl")) {
      int is_csv = kind[0] == 'c';
      uint64_t random = next();
      used += (size_t)sprintf(line, is_csv ? "%llu,\"" : "{\"id\": %llu, \"text\": \"", (unsigned long long)row);
      sentence(length, is_chinese, 0);
      used += (size_t)sprintf(line + used, is_csv ? ", so\",%.3f,c%d\n" : "\", \"score\": %.3f, \"label\": %d}\n",
                              (double)(random % 1000000) / 1000, (int)(random >> 32) & 15);
    } else {
      sentence(length, is_chinese, kind[0] == 'h');
      add("\n", 1);
    }
    done += used;
    row++;
    if (fwrite(line, 1, used, stdout) != used) return 1;
  }
  return fflush(stdout) != 0;
}
