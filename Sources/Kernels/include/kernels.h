/* The few loops that Swift cannot express well. Each has a scalar twin that tests compare it with. */
#ifndef DSX_KERNELS_H
#define DSX_KERNELS_H

#include "convolution.h"
#include "crc32c.h"
#include "dsx_counts.h"
#include "csv_index.h"
#include "gemm.h"
#include "image.h"
#include "large_blocks.h"
#include "minhash.h"
#include "neural.h"
#include "transformer.h"
#include "packed_ints.h"
#include "row_sums.h"
#include "sha256.h"
#include "file_space.h"
#include "start_flush.h"

#endif
