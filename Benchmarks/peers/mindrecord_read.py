#!/usr/bin/env python3
"""Peer of MindRecord reading: every row, every value touched (summed).

    mindrecord_read.py --input F                        MindDataset in batches
    mindrecord_read.py --input F --reader file          FileReader, row by row
    mindrecord_read.py --input F --reader file --digest with the SHA-256 of all rows

Batches of 512 by 2 workers were the fastest of the settings tried, see README.md.
One JSON line: rows, seconds (opening included, imports not), cpu, sum, with --digest also sha256.
"""

import argparse
import hashlib
import json

import numpy
from mindspore.dataset import MindDataset
from mindspore.mindrecord import FileReader

from timing import Timer


def blocks_of_dataset(path, column, batch, workers):
    data = MindDataset(path, columns_list=[column], shuffle=False, num_parallel_workers=workers)
    data = data.batch(batch)
    for (block,) in data.create_tuple_iterator(num_epochs=1, output_numpy=True):
        yield block


def blocks_of_reader(path, column):
    reader = FileReader(path)
    for row in reader.get_next():
        yield row[column][None]
    reader.close()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", required=True)
    options.add_argument("--column", default="input_ids")
    options.add_argument("--reader", choices=["dataset", "file"], default="dataset")
    options.add_argument("--batch", type=int, default=512)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--digest", action="store_true", help="SHA-256 of the rows as int32")
    arguments = options.parse_args()

    timer = Timer()
    if arguments.reader == "file":
        blocks = blocks_of_reader(arguments.input, arguments.column)
    else:
        blocks = blocks_of_dataset(
            arguments.input, arguments.column, arguments.batch, arguments.workers
        )
    rows, total, digest = 0, 0, hashlib.sha256()
    for block in blocks:
        rows += len(block)
        total += int(block.sum(dtype=numpy.int64))
        if arguments.digest:
            digest.update(numpy.ascontiguousarray(block, dtype="<i4"))
    result = {"rows": rows, **timer.stop(), "sum": total}
    if arguments.digest:
        result["sha256"] = digest.hexdigest()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
