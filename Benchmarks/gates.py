#!/usr/bin/env python3
"""Do the gates keep their promises? Runs `dsx-bench gates` for every kind of test, size and seed, and
keeps one JSON line for each in Benchmarks/gates.jsonl. Rows that are there are passed over, so a run that
was stopped goes on where it was.

    python3 Benchmarks/gates.py                    what is missing, one thread, lowest priority
    python3 Benchmarks/gates.py --sizes 10000 --seeds 1
    python3 Benchmarks/gates.py --table            the Markdown table of docs/gates.md
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ["mcnemar", "bootstrap", "randomisation", "perplexity", "clusters"]


def key(row):
    return row["kind"], row["examples"], row["seed"], row["nights"], row["resamples"]


def read(path):
    """The rows of the file, the last of each kind; a line that a kill cut short is no row."""
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            rows[key(row)] = row
        except (ValueError, KeyError):
            print(f"gates: passed over: {line[:60]}", file=sys.stderr)
    return rows


def commit():
    done = subprocess.run(
        ["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    )
    return done.stdout.strip() or "unknown"


def table(rows):
    print("| test | examples | seed | nights | false alarms | at most | drops found | at least |"
          " mean stated change | date |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    order = lambda row: (row["examples"], KINDS.index(row["kind"]), row["seed"])
    for row in sorted(rows.values(), key=order):
        mark = "" if row["holds"] else " **misses**"
        print(
            f"| {row['kind']} | {row['examples']:,} | {row['seed']} | {row['nights']:,} "
            f"| {row['false_alarms']:.4f} | {row['false_alarms_at_most']:.4f} "
            f"| {row['found']:.4f} | {row['found_at_least']:.4f} "
            f"| {row['mean_stated_change']:.4f}{mark} | {row['date']} |"
        )
    held = sum(row["holds"] for row in rows.values())
    print(f"\n{held} of {len(rows)} rows hold.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS)
    parser.add_argument("--sizes", nargs="+", type=int, default=[200, 1000, 10000])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--nights", type=int, default=2000)
    parser.add_argument("--resamples", type=int, default=400)
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "gates.jsonl")
    parser.add_argument("--table", action="store_true", help="print the table and run nothing")
    options = parser.parse_args()
    rows = read(options.results)
    if options.table:
        return table(rows)
    bench = os.environ.get("DSX_BENCH", HERE / ".build/release/dsx-bench")
    os.nice(19)
    for size in options.sizes:
        for seed in options.seeds:
            for kind in options.kinds:
                if (kind, size, seed, options.nights, options.resamples) in rows:
                    continue
                arguments = ["--kind", kind, "--examples", size, "--seed", seed, "--nights",
                             options.nights, "--resamples", options.resamples, "--threads", 1]
                done = subprocess.run(
                    [bench, "gates", *map(str, arguments)], stdout=subprocess.PIPE, text=True
                )
                if done.returncode != 0:
                    sys.exit(f"gates: {kind}, {size} examples, seed {seed}: exit {done.returncode}")
                row = json.loads(done.stdout)
                row["date"] = datetime.date.today().isoformat()
                row["commit"] = commit()
                with options.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
                print(f"{kind} {size} seed {seed}: holds {row['holds']}, {row['seconds']} s",
                      file=sys.stderr)
    if any(not row["holds"] for row in read(options.results).values()):
        sys.exit("gates: a row misses its bound")


if __name__ == "__main__":
    main()
