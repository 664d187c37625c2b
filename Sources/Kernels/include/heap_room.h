#ifndef DSX_HEAP_ROOM_H
#define DSX_HEAP_ROOM_H

#include <stddef.h>

/* Grows the heap by about `bytes` in one piece, in huge pages where the system gives them.

   A table that is loaded whole is made of thousands of arrays of a few kilobytes each. Left alone, malloc
   asks for 128 KiB at a time, which the system maps page by page: nearly half of the time of a load went
   there. Nothing depends on it: where the heap cannot grow in place, or for a thread that is not the
   first one, malloc does as it always does. */
void dsx_heap_room(size_t bytes);

/* The table is there: memory that is freed from now on goes back to the system as usual. */
void dsx_heap_room_end(void);

#endif
