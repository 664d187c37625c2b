#!/usr/bin/env python3
"""Peers of the typed CSV load: a file as a data frame or table in memory, types inferred.

    csv_typed.py --input F --peer polars    polars 2.1.0, read_csv
    csv_typed.py --input F --peer duckdb    duckdb 2.0.0, a table in memory from read_csv

Both infer from the first rows only, which is what they do unless told otherwise. --threads bounds their
thread pools. The clock covers the load alone, without imports and sums; `seconds` is CPU time, with
`--clock wall` wall time. One JSON line: rows, the sum of each column of integers or numbers, the bytes
of each column of text.
"""

import argparse
import json
import os
import time


def polars_table(path, clock):
    import polars

    start = clock()
    frame = polars.read_csv(path)
    seconds = clock() - start
    sums = {}
    for name, kind in frame.schema.items():
        column = frame[name]
        sums[name] = column.str.len_bytes().sum() if kind == polars.String else column.sum()
    return frame.height, seconds, sums


def duckdb_table(path, clock, threads):
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute(f"SET threads = {threads}")
    start = clock()
    connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [path])
    seconds = clock() - start
    rows = connection.execute("SELECT count(*) FROM t").fetchone()[0]
    sums = {}
    for name, kind, *_ in connection.execute("DESCRIBE t").fetchall():
        if kind in ("BIGINT", "DOUBLE"):
            value = f'sum("{name}")'
        elif kind == "DATE":
            # Dates are recognised here only; written again they have the bytes that they were read from.
            value = f'sum(strlen(CAST("{name}" AS VARCHAR)))'
        else:
            value = f'sum(strlen("{name}"))'
        found = connection.execute(f"SELECT {value} FROM t").fetchone()[0]
        sums[name] = found if kind == "DOUBLE" else int(found)
    return rows, seconds, sums


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", required=True)
    options.add_argument("--peer", choices=["polars", "duckdb"], required=True)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--clock", choices=["cpu", "wall"], default="cpu")
    arguments = options.parse_args()
    os.environ["POLARS_MAX_THREADS"] = str(arguments.threads)
    clock = time.process_time if arguments.clock == "cpu" else time.perf_counter
    if arguments.peer == "polars":
        rows, seconds, sums = polars_table(arguments.input, clock)
    else:
        rows, seconds, sums = duckdb_table(arguments.input, clock, arguments.threads)
    print(json.dumps({"rows": rows, "seconds": round(seconds, 4), **sums}))


if __name__ == "__main__":
    main()
