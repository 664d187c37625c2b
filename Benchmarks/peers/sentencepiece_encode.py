"""Encodes the lines of files with the sentencepiece library: `--mode ids` one call a line, `--mode batch`
one call with one thread. The digest is over the int32 ids of all lines, one -1 behind each line."""

import argparse
import array
import glob
import hashlib
import json
import time

import sentencepiece

options = argparse.ArgumentParser()
options.add_argument("--model", required=True)
options.add_argument("--input", required=True)
options.add_argument("--mode", choices=["lines", "batch"], default="batch")
options.add_argument("--unique", action="store_true", help="every line once")
arguments = options.parse_args()

lines = []
for path in sorted(glob.glob(arguments.input)):
    with open(path, "rb") as file:
        lines += [line.decode() for line in file.read().split(b"\n") if line]
if arguments.unique:
    lines = list(dict.fromkeys(lines))
processor = sentencepiece.SentencePieceProcessor(model_file=arguments.model)
start = time.perf_counter()
if arguments.mode == "batch":
    encoded = processor.encode(lines, num_threads=1)
else:
    encode = processor.encode
    encoded = [encode(line) for line in lines]
seconds = time.perf_counter() - start
digest = hashlib.sha256()
tokens = 0
for ids in encoded:
    tokens += len(ids)
    ids.append(-1)
    digest.update(array.array("i", ids).tobytes())
print(json.dumps({
    "seconds": seconds, "tokens": tokens, "sha256": digest.hexdigest(),
    "megabytes": sum(len(line.encode()) for line in lines) / 1e6,
}))
