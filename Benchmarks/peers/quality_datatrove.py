#!/usr/bin/env python3
"""Peer of the quality stage: datatrove's filters and MinHash signatures over the same documents.

    quality_datatrove.py --input CORPUS --mode filters --documents 1000 --dump decisions.txt

Documents are cut as `dsx-bench quality` cuts them. `filters` runs GopherQualityFilter and
GopherRepetitionFilter (stop words off, as dsx has them off), `repetition` the second alone, `minhash` makes the signatures of
MinhashDedupSignature (14 buckets of 8 hashes over 5-grams). Files named `zh-*` are cut into words as
Chinese (spaCy with jieba), others as English (spaCy). `--step N` takes every Nth document.

One JSON line: documents, megabytes, dropped, seconds (after imports and loading), cpu.
"""

import argparse
import glob
import json
import os
import sys

from timing import Timer


def documents(folder, limit):
    """(is Chinese, bytes) of the paragraphs of all files, put together up to `limit` bytes."""
    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        with open(path, "rb") as file:
            data = file.read()
        chinese = os.path.basename(path).startswith("zh-")
        start, index = 0, 0
        while index < len(data):
            border = data.find(b"\n\n", max(start + limit - 1, 0))
            index = len(data) if border < 0 else border + 1
            yield chinese, data[start:index]
            start = index


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", required=True)
    options.add_argument("--mode", choices=["filters", "repetition", "minhash"], default="filters")
    options.add_argument("--document-bytes", type=int, default=4000)
    options.add_argument("--step", type=int, default=1, help="take every Nth document")
    options.add_argument("--dump", help="a line a document: the filter that dropped it")
    arguments = options.parse_args()

    from datatrove.data import Document
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.pipeline.filters import GopherQualityFilter, GopherRepetitionFilter
    from datatrove.utils.text import split_into_words
    from datatrove.utils.typeshelper import Languages

    languages = {False: Languages.english, True: Languages.mandarin_chinese}
    texts = [
        (chinese, data.decode("utf-8"))
        for number, (chinese, data) in enumerate(
            documents(arguments.input, arguments.document_bytes)
        )
        if number % arguments.step == 0
    ]
    for language in languages.values():
        split_into_words("load 中文", language)
    filters = {
        chinese: [
            GopherQualityFilter(language=language, min_stop_words=None),
            GopherRepetitionFilter(language=language),
        ][1 if arguments.mode == "repetition" else 0 :]
        for chinese, language in languages.items()
    }
    signatures = {}
    if arguments.mode == "minhash":
        folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), "dsx-bench-minhash")
        signatures = {
            chinese: MinhashDedupSignature(folder, config=MinhashConfig(), language=language)
            for chinese, language in languages.items()
        }
        for step in signatures.values():
            step.word_tokenizer.word_tokenize("load 中文")

    decisions, dropped = [], 0
    timer = Timer()
    for chinese, text in texts:
        if arguments.mode == "minhash":
            shingles = signatures[chinese].get_shingles(text)
            if shingles.size:
                signatures[chinese].get_signature(shingles)
            continue
        reason = ""
        document = Document(text=text, id="0")
        for rule in filters[chinese]:
            verdict = rule.filter(document)
            if verdict is not True:
                reason = verdict[1] if isinstance(verdict, tuple) else "no"
                dropped += 1
                break
        decisions.append(reason)
    result = timer.stop()
    if arguments.dump:
        with open(arguments.dump, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in decisions)
    size = sum(len(text.encode("utf-8")) for _, text in texts)
    print(
        json.dumps(
            {
                "documents": len(texts), "megabytes": size / 1e6, "dropped": dropped, **result,
            }
        )
    )


if __name__ == "__main__":
    sys.exit(main())
