#!/usr/bin/env python3
"""Peers of jieba: every line of a file cut in accurate mode with the model, one thread.

    jieba_cut.py --input F                  jieba 0.42.1
    jieba_cut.py --input F --peer rjieba    rjieba 0.2.2 (jieba-rs), which is not exact

The words of a line are a list, as `lcut` gives it. Loading is not timed. One JSON line: words,
seconds (median of the rounds), best, and for jieba the SHA-256 of all words, a line feed behind each,
which is made after the clock has stopped. `--join F...` writes the files as one first.
"""

import argparse
import glob
import hashlib
import json
import pathlib
import statistics
import time


def cutter(peer):
    if peer == "jieba":
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        return jieba.lcut
    import rjieba

    rjieba.cut("你好")
    return rjieba.cut


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", required=True)
    options.add_argument("--peer", choices=["jieba", "rjieba"], default="jieba")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--join", help="a pattern: write these files to --input and stop")
    arguments = options.parse_args()
    if arguments.join:
        parts = [pathlib.Path(path).read_bytes() for path in sorted(glob.glob(arguments.join))]
        pathlib.Path(arguments.input).write_bytes(b"".join(parts))
        print(json.dumps({"bytes": sum(map(len, parts))}))
        return
    cut = cutter(arguments.peer)
    text = pathlib.Path(arguments.input).read_bytes().decode()
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    times, words = [], 0
    for _ in range(arguments.rounds):
        words = 0
        start = time.perf_counter()
        for line in lines:
            words += len(cut(line))
        times.append(time.perf_counter() - start)
    result = {"seconds": round(statistics.median(times), 4), "best": round(min(times), 4)}
    if arguments.peer == "jieba":
        digest = hashlib.sha256()
        for line in lines:
            digest.update("".join(word + "\n" for word in cut(line)).encode())
        result = {"words": words, **result, "sha256": digest.hexdigest()}
    else:
        # Under another name: it need not be equal.
        result["rjieba_words"] = words
    print(json.dumps(result))


if __name__ == "__main__":
    main()
