"""sentencepiece 0.2.3 and dsx on hostile and real lines, with every model at hand: the golden models, the
vocabulary that ships with dsx, and Mistral's from its PyPI package. Not one id, piece, character of
normalised or of decoded text may differ.

The real lines are those of dsx's benchmark corpus (Benchmarks/corpus/make_corpus.py), and without
that the texts that ship with dsx.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import zipfile

from checks import ROOT, Skip, check, dsx, expect, need
from hostile_lines import hostile_lines

HOSTILE, PARAGRAPHS = 20_000, 4_000
GOLDEN = ROOT / "Tests" / "Fixtures" / "golden"
MISTRAL = ("mistral-common", "1.13.1", "mistral_common/data/tokenizer.model.v1")


def cache():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "dsx"


def paragraphs():
    """Real lines, the same ones each time: spread over all files."""
    files = sorted((cache() / "bench-corpus").glob("*.txt"))
    files = files or sorted((ROOT / "datasets" / "handbook_texts").glob("*.txt"))
    lines = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        lines += [line for line in text.split("\n") if len(line) > 20]
    return random.Random(6).sample(lines, min(PARAGRAPHS, len(lines)))


def mistral():
    """Mistral's first vocabulary: 32,000 pieces, BPE with byte fallback."""
    package, version, member = MISTRAL
    path = cache() / "vocabularies" / f"{package}-{version}.model"
    if path.exists():
        return path
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        done = subprocess.run([*command, f"{package}=={version}"], capture_output=True)
        wheels = list(pathlib.Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise Skip(f"cannot download {package} {version}")
        content = zipfile.ZipFile(wheels[0]).read(member)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(model, lines, *options):
    """What `dsx tokenize` prints, one value a line."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".txt") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        output = dsx("tokenize", "--tokenizer", model, *options, file.name)
    return [json.loads(line) for line in output.split("\n")[:-1]]


def same(what, lines, ours, theirs):
    """Raises when anything differs; the message shows the first line."""
    expect(len(ours) == len(theirs), f"{what}: {len(ours)} lines instead of {len(theirs)}")
    wrong = [number for number in range(len(ours)) if ours[number] != theirs[number]]
    if wrong:
        at = wrong[0]
        raise AssertionError(
            f"{what}: {len(wrong)} lines differ, the first is {lines[at]!r:.200}: "
            f"{ours[at]!r:.300} instead of {theirs[at]!r:.300}")


def compare(model, lines, note):
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    ids = [processor.encode(line) for line in lines]
    same("ids", lines, run(model, lines), ids)
    pieces = [processor.encode(line, out_type=str) for line in lines]
    same("pieces", lines, run(model, lines, "--pieces"), pieces)
    same("norm", lines, run(model, lines, "--normalize"), [processor.normalize(x) for x in lines])
    arrays = [json.dumps(one) for one in ids]
    decoded = [processor.decode(one) for one in ids]
    same("decode", lines, run(model, arrays, "--decode"), decoded)
    chance = random.Random(7)
    size = processor.get_piece_size()
    drawn = [[chance.randrange(size) for _ in range(chance.randrange(12))] for _ in range(2_000)]
    texts = [processor.decode(one) for one in drawn]
    same("decode ids", drawn, run(model, [json.dumps(one) for one in drawn], "--decode"), texts)
    note(f"{len(lines)} lines, {sum(map(len, ids))} ids")


def main():
    lines = hostile_lines(HOSTILE, seed=3) + paragraphs()
    models = sorted(GOLDEN.glob("prepare/models/*.model"))
    models += [ROOT / "Sources" / "Text" / "Resources" / "dsx_zh_en_16k.model"]
    models += sorted(GOLDEN.glob("sentencepiece/models/*.model"))
    for model in models:
        with check(f"sentencepiece {model.stem}") as note:
            need("sentencepiece")
            compare(model, lines, note)
    with check("sentencepiece mistral v1") as note:
        need("sentencepiece")
        compare(mistral(), lines, note)


if __name__ == "__main__":
    main()
