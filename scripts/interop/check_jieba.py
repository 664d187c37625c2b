"""jieba 0.42.1 and dsx on hostile and real lines: accurate (model on and off), full and search mode, with
jieba's dictionary and with a random user dictionary. Not one word may differ.

DSX_JIEBA_CORPUS names a folder of zh-*.txt files; by default dsx's benchmark corpus (made by
Benchmarks/corpus/make_corpus.py), and without that the Chinese text that ships with dsx.
"""

import json
import os
import pathlib
import random
import tempfile

from checks import ROOT, check, dsx, expect, need
from hostile_lines import hostile_lines, spliced

HOSTILE, PARAGRAPHS, SPLICED = 20_000, 4_000, 4_000
MODES = {
    "accurate": ([], lambda dt, text: dt.lcut(text)),
    "accurate-no-hmm": (["--no-hmm"], lambda dt, text: dt.lcut(text, HMM=False)),
    "full": (["--mode", "full"], lambda dt, text: dt.lcut(text, cut_all=True)),
    "search": (["--mode", "search"], lambda dt, text: dt.lcut_for_search(text)),
    "search-no-hmm": (
        ["--mode", "search", "--no-hmm"],
        lambda dt, text: dt.lcut_for_search(text, HMM=False),
    ),
}


def paragraphs():
    """Real lines, the same ones each time: spread over all files of the corpus."""
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    folder = os.environ.get("DSX_JIEBA_CORPUS") or pathlib.Path(cache) / "dsx" / "bench-corpus"
    files = sorted(pathlib.Path(folder).glob("zh-*.txt"))
    files = files or [ROOT / "datasets" / "handbook_texts" / "handbook_zh.txt"]
    lines = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        lines += [line for line in text.split("\n") if len(line) > 20]
    return random.Random(5).sample(lines, min(PARAGRAPHS, len(lines)))


def user_dictionary(source, texts):
    """Lines of all forms: pieces of the texts, known words, with and without frequency and tag."""
    lines = ["\ufeff云计算 5", "Edu Trust认证 2000", "", "  台中  ", "𠀀字 7", "a b c", "词 n 5", "杭研 0"]
    for _ in range(3_000):
        text = source.choice(texts)
        start = source.randrange(max(len(text), 1))
        word = text[start : start + source.choice([1, 2, 2, 3, 4, 6])].strip()
        if not word or word.splitlines() != [word] or word.startswith("\ufeff"):
            continue
        frequency = source.choice(["", "", " 0", f" {source.randint(1, 9)}", " 3000", " 2000000"])
        lines.append(word + frequency + source.choice(["", " n", " nz"]))
    return lines


def compare(dt, name, lines, options):
    """Both programs on all lines; the message shows the first line that differs."""
    arguments, cut = MODES[name]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".txt") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        command = ["tokenize", "--tokenizer", "jieba", *arguments, *options, file.name]
        ours = [json.loads(line) for line in dsx(*command).split("\n")[:-1]]
    expect(len(ours) == len(lines), f"{len(ours)} lines instead of {len(lines)}")
    different = words = 0
    first = ""
    for line, mine in zip(lines, ours):
        theirs = cut(dt, line)
        words += len(theirs)
        if mine != theirs:
            different += 1
            first = first or f"{line!r}: {mine} instead of {theirs}"
    expect(different == 0, f"{different} lines differ, the first is {first}")
    return words


def main():
    real = paragraphs()
    lines = hostile_lines(HOSTILE, seed=1) + real + spliced(real, SPLICED, seed=2)
    with check("jieba-import"):
        need("jieba")
    import jieba

    jieba.setLogLevel(60)
    plain = jieba.Tokenizer()
    for name in MODES:
        with check(f"jieba-{name}") as note:
            words = compare(plain, name, lines, [])
            note(f"{len(lines)} lines ({len(real)} real), {words} words equal")
    with tempfile.TemporaryDirectory() as folder, check("jieba-dict") as note:
        small = pathlib.Path(folder) / "dict.txt"
        small.write_text("北京 10 ns\n北京大学 5\n大学 7\n学 3\nA股 2\n𠀀 4\n我 99\n", encoding="utf-8")
        other = jieba.Tokenizer(str(small))
        words = compare(other, "accurate", lines[:4000], ["--dict", str(small)])
        note(f"{words} words equal")
    # After the others: deleted words are split in all of jieba's dictionaries from here on.
    with tempfile.TemporaryDirectory() as folder:
        changed, options = jieba.Tokenizer(), []
        for number in range(2):
            path = pathlib.Path(folder) / f"user{number}.txt"
            content = "\n".join(user_dictionary(random.Random(number), real)) + "\n"
            path.write_bytes(content.encode())
            changed.load_userdict(str(path))
            options += ["--user-dict", str(path)]
        for name in MODES:
            with check(f"jieba-userdict-{name}") as note:
                words = compare(changed, name, lines, options)
                note(f"{len(lines)} lines, {words} words equal")


if __name__ == "__main__":
    main()
