#!/usr/bin/env python3
"""Makes the archives of the benchmarks `zip-small` (10,000 members of 0.5 to 10 KB) and `zip-large` (one
member of --megabytes): seeded pieces of the corpus of make_corpus.py, deflated at zlib's level 6. Made
once.

    make_zips.py --text '~/.cache/dsx/bench-corpus/*.txt' --output ~/.cache/dsx/bench-zips
"""

import argparse
import glob
import pathlib
import random
import zipfile


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--text", required=True, help="files of text, a pattern")
    options.add_argument("--output", type=pathlib.Path, required=True)
    options.add_argument("--megabytes", type=int, default=1000)
    arguments = options.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    generator = random.Random(10)
    files = sorted(glob.glob(str(pathlib.Path(arguments.text).expanduser())))
    text = b"".join(pathlib.Path(name).read_bytes() for name in files)
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
