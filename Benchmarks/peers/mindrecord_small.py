#!/usr/bin/env python3
"""Peer of small rows: an int32 and a text of 43 bytes, written by FileWriter, read by MindDataset.

    mindrecord_small.py write --rows 50000 --output F     commit included
    mindrecord_small.py read --input F                    MindDataset in batches
    mindrecord_small.py read --input F --reader file      FileReader, row by row

Row r is (r * 7919 mod 100003, "row 00000012 of the small rows to be stored"). One JSON line: rows,
seconds, cpu, sum (of the numbers and of the texts' lengths).
"""

import argparse
import json
import pathlib

from mindspore.dataset import MindDataset
from mindspore.mindrecord import FileReader, FileWriter

from timing import Timer

SCHEMA = {"label": {"type": "int32"}, "text": {"type": "string"}}


def write(arguments):
    rows = [
        {"label": r * 7919 % 100003, "text": f"row {r:08d} of the small rows to be stored"}
        for r in range(arguments.rows)
    ]
    total = sum(row["label"] + len(row["text"]) for row in rows)
    # Giving back the space of an earlier round is no part of writing.
    for file in (arguments.output, arguments.output + ".db"):
        pathlib.Path(file).unlink(missing_ok=True)
    timer = Timer()
    writer = FileWriter(arguments.output, overwrite=True)
    writer.add_schema(SCHEMA, "benchmark")
    for first in range(0, len(rows), 1024):
        writer.write_raw_data(rows[first : first + 1024])
    writer.commit()
    return {"rows": len(rows), **timer.stop(), "sum": total}


def read(arguments):
    timer, rows, total = Timer(), 0, 0
    if arguments.reader == "file":
        reader = FileReader(arguments.input)
        for row in reader.get_next():
            rows, total = rows + 1, total + row["label"] + len(row["text"])
        reader.close()
    else:
        data = MindDataset(arguments.input, shuffle=False, num_parallel_workers=2).batch(512)
        columns = data.get_col_names()
        label, text = columns.index("label"), columns.index("text")
        for batch in data.create_tuple_iterator(num_epochs=1, output_numpy=True):
            rows += len(batch[label])
            total += int(batch[label].sum()) + sum(map(len, batch[text]))
    return {"rows": rows, **timer.stop(), "sum": total}


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("action", choices=["write", "read"])
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--output")
    options.add_argument("--input")
    options.add_argument("--reader", choices=["dataset", "file"], default="dataset")
    arguments = options.parse_args()
    print(json.dumps(write(arguments) if arguments.action == "write" else read(arguments)))


if __name__ == "__main__":
    main()
