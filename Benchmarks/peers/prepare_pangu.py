#!/usr/bin/env python3
"""Peer of `dsx prepare`: the PanGu-alpha preparation in Python (jieba + SentencePiece + chunking).

    prepare_pangu.py --input 'CORPUS/*.txt' --seq-length 1025 --vocabulary V.model --output rows.i32

The rows are written as raw little-endian int32 (`--mindrecord` instead writes them by MindSpore's
FileWriter, as the original does). One process, as the original; with `--processes N` the files are
dealt out to N processes, which is what a user with N cores can do by hand.

One JSON line: rows, tokens, dropped, bytes, seconds (after imports and dictionary), cpu, sha256 of
the rows.
"""

import argparse
import array
import glob
import hashlib
import json
import multiprocessing
import os

from timing import Timer

import pangu

TOKENIZER = None


def load(vocabulary):
    global TOKENIZER
    TOKENIZER = pangu.Tokenizer(vocabulary)


def ids_of(path):
    """One file's ids as bytes, which travel between processes faster than lists."""
    return array.array("i", pangu.file_ids(TOKENIZER, path, trim=True)).tobytes()


def rows_in_processes(paths, length, pool):
    """As `pangu.rows` with carry, the files encoded by a pool of processes."""
    # The largest files start first, so that the processes end together.
    sized = sorted(paths, key=os.path.getsize, reverse=True)
    results = {path: pool.apply_async(ids_of, (path,)) for path in sized}
    tokens, over = 0, array.array("i")
    for path in sorted(paths):
        ids = array.array("i", results.pop(path).get())
        tokens += len(ids)
        full, over = pangu.chunks(over + ids, length)
        yield from full
    return tokens, over


def write_raw(path, rows):
    """Rows as raw int32, and their digest."""
    digest = hashlib.sha256()
    count = 0
    with open(path, "wb") as file:
        for row in rows:
            data = array.array("i", row).tobytes()
            digest.update(data)
            file.write(data)
            count += 1
    return count, digest.hexdigest()


def write_mindrecord(path, rows):
    """Rows in batches of 1,024 as the original writes them, and their digest."""
    import numpy
    from mindspore.mindrecord import FileWriter

    digest, count, batch = hashlib.sha256(), 0, []
    writer = FileWriter(path, overwrite=True)
    writer.add_schema({"input_ids": {"type": "int32", "shape": [-1]}}, "openwebtext")
    for row in rows:
        ids = numpy.array(row, dtype=numpy.int32)
        digest.update(ids.tobytes())
        batch.append({"input_ids": ids})
        count += 1
        if len(batch) == 1024:
            writer.write_raw_data(batch)
            batch = []
    if batch:
        writer.write_raw_data(batch)
    writer.commit()
    return count, digest.hexdigest()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", required=True, help="glob pattern, quoted")
    options.add_argument("--seq-length", type=int, default=1025)
    options.add_argument("--vocabulary", required=True)
    options.add_argument("--output", required=True)
    options.add_argument("--mindrecord", action="store_true")
    options.add_argument("--per-file", action="store_true", help="drop each file's tail (original)")
    options.add_argument("--processes", type=int, default=1)
    arguments = options.parse_args()
    paths = sorted(glob.glob(arguments.input))
    if not paths:
        options.error(f"no file matches {arguments.input}")
    if arguments.per_file and arguments.processes > 1:
        options.error("--per-file is for one process")
    write = write_mindrecord if arguments.mindrecord else write_raw
    if arguments.mindrecord:
        import mindspore.mindrecord  # noqa: F401 (the import is not timed)

    if arguments.processes > 1:
        start = (load, (arguments.vocabulary,))
        pool = multiprocessing.get_context("spawn").Pool(arguments.processes, *start)
    else:
        load(arguments.vocabulary)

    ends = {}

    def counted(rows):
        ends["tokens"], over = yield from rows
        ends["dropped"] = len(over)

    timer = Timer()
    if arguments.processes > 1:
        with pool:
            rows = rows_in_processes(paths, arguments.seq_length, pool)
            count, digest = write(arguments.output, counted(rows))
            pool.close()
            pool.join()
    else:
        rows = pangu.rows(TOKENIZER, paths, arguments.seq_length, carry=not arguments.per_file)
        count, digest = write(arguments.output, counted(rows))
    size = sum(map(os.path.getsize, paths))
    result = {"rows": count, **ends, "bytes": size, **timer.stop(), "sha256": digest}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
