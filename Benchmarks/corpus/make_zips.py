#!/usr/bin/env python3
"""Makes the archives of the benchmarks `zip-small` (10,000 members of 0.5 to 10 KB) and `zip-large` (one
member of --megabytes), of seeded words, deflated at zlib's level 6. Needs no network; made once.

    make_zips.py --output ~/.cache/dsx/bench-zips
"""

import argparse
import pathlib
import random
import zipfile


def words(generator, count):
    """Text that packs to about a third."""
    vocabulary = ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randint(2, 9)))
                  for _ in range(4000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    return " ".join(generator.choices(vocabulary, weights, k=count)).encode()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--output", type=pathlib.Path, required=True)
    options.add_argument("--megabytes", type=int, default=1000)
    arguments = options.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    generator = random.Random(10)
    text = words(generator, 4_000_000)
    small = arguments.output / "small.zip"
    if not small.exists():
        with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for number in range(10_000):
                size = generator.randint(500, 10_000)
                start = generator.randrange(len(text) - size)
                name = f"train/class{number % 100:02}/{number:05}.txt"
                archive.writestr(zipfile.ZipInfo(name), text[start : start + size],
                                 compress_type=zipfile.ZIP_DEFLATED)
    large = arguments.output / f"large-{arguments.megabytes}.zip"
    if not large.exists():
        with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            with archive.open("corpus.txt", "w", force_zip64=True) as member:
                left = arguments.megabytes * 1_000_000
                while left:
                    start = generator.randrange(len(text) // 2)
                    piece = text[start : start + min(left, 5_000_000)]
                    member.write(piece)
                    left -= len(piece)


if __name__ == "__main__":
    main()
