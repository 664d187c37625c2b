#ifndef DSX_CSV_INDEX_H
#define DSX_CSV_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* What the index of a piece of CSV text found besides the borders. */
typedef struct {
  size_t borders;    /* borders written */
  size_t rows;       /* row ends written */
  size_t escapes;    /* doubled quotes written */
  size_t fault;      /* position of the first quote that RFC 4180 does not allow, or SIZE_MAX */
  int32_t in_quotes; /* the text ends inside of a quoted field */
  int32_t quotes;    /* there are quotes */
  int32_t returns;   /* there are carriage returns outside of quotes */
  int32_t invalid;   /* the bytes are not UTF-8, or may not be */
} dsx_csv_found;

/* Finds the borders of the fields of bytes[from, to), which begins at the start of a row.
 *
 * borders     gets the position of the byte behind each field: a delimiter or a row's end. A row ends at
 *             LF, or at a CR that no LF follows; where CRLF ends it, the border is the LF.
 * row_ends    gets, for each row that ends, the number of borders before its end, its own included
 * escapes     gets the position of the second quote of each doubled one inside of quotes
 * available   bytes that may be looked at: at least `to`; a CR at `to - 1` looks at the next byte
 * at_end      `to` is the end of the input: a last row without a line end gets the border `to`, and
 *             a sequence that is cut off there is no UTF-8
 * quote       the quote, or -1 for none
 *
 * Stops being right at the first fault: borders behind it mean nothing, and those written up to it are
 * whole rows' only up to the last row end. Room for `to - from + 65` borders,
 * as many row ends and escapes. */
void dsx_csv_index(const uint8_t *bytes, size_t from, size_t to, size_t available, int at_end,
                   uint8_t delimiter, int quote, uint32_t *borders, uint32_t *row_ends,
                   uint32_t *escapes, dsx_csv_found *found);

/* Asks for the cache line of an address that will be read soon; any address may be asked for. */
static inline void dsx_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/* The best form that this processor has: 2 with AVX-512 (BW, VL, VBMI, VBMI2), 1 with AVX2, PCLMUL and
 * BMI2, else 0, one byte at a time. */
int dsx_csv_best(void);
/* The same by one form, at most the best. */
void dsx_csv_index_by(int form, const uint8_t *bytes, size_t from, size_t to, size_t available,
                      int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                      uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found);
/* Form 0. */
void dsx_csv_index_scalar(const uint8_t *bytes, size_t from, size_t to, size_t available,
                          int at_end, uint8_t delimiter, int quote, uint32_t *borders,
                          uint32_t *row_ends, uint32_t *escapes, dsx_csv_found *found);

#endif
