#!/usr/bin/env python3
"""Peer of MindRecord writing: MindSpore's FileWriter, N rows of int32, commit included.

    mindrecord_write.py --rows 40960 --length 1025 --output F

The id at position p (= row * length + column) is ((p * 6364136223846793005 + 1442695040888963407)
mod 2**64 >> 33) mod 40000: spread over 0..39999, and easily made again in any language, so that
both programs write the same rows. Making the ids is not timed; writing the batches of 1,024 rows
and the commit are.

One JSON line: rows, seconds, cpu, sum (of all ids).
"""

import argparse
import json
import pathlib

import numpy
from mindspore.mindrecord import FileWriter

from timing import Timer

BATCH = 1024


def ids(first, count, length):
    position = numpy.arange(first * length, (first + count) * length, dtype=numpy.uint64)
    mixed = position * numpy.uint64(6364136223846793005) + numpy.uint64(1442695040888963407)
    values = (mixed >> numpy.uint64(33)) % numpy.uint64(40000)
    return values.astype(numpy.int32).reshape(-1, length)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rows", type=int, default=40960)
    options.add_argument("--length", type=int, default=1025)
    options.add_argument("--output", required=True)
    arguments = options.parse_args()

    total, seconds, cpu = 0, 0.0, 0.0

    def timed(action):
        nonlocal seconds, cpu
        timer = Timer()
        action()
        spent = timer.stop()
        seconds, cpu = seconds + spent["seconds"], cpu + spent["cpu"]

    def begin():
        nonlocal writer
        writer = FileWriter(arguments.output, overwrite=True)
        writer.add_schema({"input_ids": {"type": "int32", "shape": [-1]}}, "benchmark")

    # Giving back the space of an earlier round is no part of writing.
    for file in (arguments.output, arguments.output + ".db"):
        pathlib.Path(file).unlink(missing_ok=True)
    writer = None
    timed(begin)
    for first in range(0, arguments.rows, BATCH):
        block = ids(first, min(BATCH, arguments.rows - first), arguments.length)
        total += int(block.sum(dtype=numpy.int64))
        rows = [{"input_ids": row} for row in block]
        timed(lambda: writer.write_raw_data(rows))
    timed(writer.commit)
    result = {"rows": arguments.rows, "seconds": round(seconds, 4), "cpu": round(cpu, 2)}
    print(json.dumps({**result, "sum": total}))


if __name__ == "__main__":
    main()
