#ifndef DSX_LARGE_BLOCKS_H
#define DSX_LARGE_BLOCKS_H

/* Has malloc take blocks of `bytes` and more from the system, each by itself, and give them back when they
   are freed; the same for what is free at a heap's end. For the whole process. */
void dsx_return_large_blocks(int bytes);

#endif
