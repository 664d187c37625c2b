#!/usr/bin/env python3
"""Runs dsx and its peers in alternation and writes the speed table of docs/performance.md.

    Benchmarks/run.py                        every benchmark of suite.json, then the table
    Benchmarks/run.py ppl --rounds 7         one benchmark; the others' rows stay as they are
    Benchmarks/run.py --list

A round is one run of dsx and one of the peer (A B A B ...), so that a machine that gets slower or
busier in between hits both. The first round warms up caches and is not counted. Results are kept
in results.json, from which the table is written anew each time.
"""

import argparse
import glob
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import table
from measure import Failure, run, summary

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results.json"
DOCUMENT = ROOT / "docs" / "performance.md"


def cache_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "dsx"


def values(suite, temporary):
    """The suite's variables: `${NAME:-default}` from the environment, `{name}` from each other."""
    python = os.environ.get("DSX_BENCH_PYTHON")
    if not python:
        make = [str(ROOT / "scripts" / "interop" / "venv.sh")]
        python = subprocess.run(make, check=True, capture_output=True, text=True).stdout.strip()
    found = {"cache": str(cache_folder()), "tmp": str(temporary), "python": python}
    for name, text in suite["variables"].items():
        if text.startswith("${"):
            variable, _, default = text[2:-1].partition(":-")
            text = os.environ.get(variable) or default
        found[name] = text.format(**found)
    return found


def amount(work, variables, ours):
    """How much work one run does, in the benchmark's unit."""
    if "megabytes_of" in work:
        files = glob.glob(work["megabytes_of"].format(**variables))
        return sum(map(os.path.getsize, files)) / 1e6
    return ours["json"][work["result"]]


def compare(benchmark, ours, peer):
    """What both programs state must agree; returns the names of the values that were compared."""
    compared = []
    for key in [*benchmark.get("equal", []), *benchmark.get("close", {})]:
        if key in ours and key in peer:
            same = ours[key] == peer[key]
            if key in benchmark.get("close", {}):
                same = math.isclose(ours[key], peer[key], rel_tol=benchmark["close"][key])
            if not same:
                raise Failure(f"{key}: ours {ours[key]}, peer {peer[key]}")
            compared.append(key)
    return compared


def measure(benchmark, variables, rounds):
    """All rounds of one benchmark as one JSON-ready result."""
    ours, peer = (benchmark[side].format(**variables) for side in ("ours", "peer"))
    # What else the machine was doing: the last minute's load before anything of this began.
    load, pairs = os.getloadavg()[0], []
    for command in benchmark.get("setup", []):
        run(command.format(**variables), ROOT)
    for number in range(rounds + 1):
        pair = run(ours, ROOT), run(peer, ROOT)
        words = "warm-up" if number == 0 else f"round {number} of {rounds}"
        times = " ".join(f"{side['process']:.2f}" for side in pair)
        print(f"{benchmark['name']}: {words}: {times} s", file=sys.stderr)
        if number:
            pairs.append(pair)
    if "per" in benchmark:
        # The two do different amounts of work: their times are those of one unit of it.
        for side in (side for pair in pairs for side in pair):
            side["region"] /= side["json"][benchmark["per"]]
    last_ours, last_peer = pairs[-1]
    compared = compare(benchmark, last_ours["json"], last_peer["json"])
    if "check" in benchmark:
        check = run(benchmark["check"].format(**variables), ROOT)
        compared += compare(benchmark, check["json"], last_peer["json"])
    work = 1 if "per" in benchmark else amount(benchmark["work"], variables, last_ours)
    return summary(benchmark, pairs, work, sorted(set(compared)), load)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("names", nargs="*", help="benchmarks to run (default: all)")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--tmp", type=pathlib.Path, help="keep the working files here")
    options.add_argument("--list", action="store_true")
    options.add_argument("--table", action="store_true", help="only write the table again")
    arguments = options.parse_args()
    suite = json.loads((HERE / "suite.json").read_text())
    known = {benchmark["name"]: benchmark for benchmark in suite["benchmarks"]}
    if arguments.list:
        print("\n".join(f"{name}: {known[name]['title']}" for name in known))
        return
    for name in arguments.names:
        if name not in known:
            options.error(f"no benchmark {name}; there are: {', '.join(known)}")
    if arguments.rounds < 1:
        options.error("--rounds: at least 1")

    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    failed = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.tmp or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        chosen = [] if arguments.table else arguments.names or list(known)
        variables = values(suite, folder.resolve()) if chosen else {}
        for name in chosen:
            try:
                results[name] = measure(known[name], variables, arguments.rounds)
            except Failure as failure:
                print(f"{name}: {failure}", file=sys.stderr)
                failed.append(name)
                continue
            # Written after each one: a run that is stopped keeps what it has measured.
            RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
            print(table.line(results[name]))
    missed = [
        name
        for name in chosen
        if name not in failed and results[name]["ratio"] < known[name].get("floor", 0)
    ]
    ordered = {name: results[name] for name in known if name in results}
    table.refresh(DOCUMENT, table.fragment(ordered, suite))
    for name in missed:
        print(f"{name}: below its floor of {known[name]['floor']}x", file=sys.stderr)
    sys.exit(1 if failed or missed else 0)


if __name__ == "__main__":
    main()
