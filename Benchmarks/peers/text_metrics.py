#!/usr/bin/env python3
"""Peers of the text metrics: sacrebleu 2.6.0 (BLEU, chrF, TER) and rouge-score 0.1.2, one thread.

    text_metrics.py --make DIR --corpus DIR --language en --pairs 20000 [--repeat N]    DIR/en.hyp and DIR/en.ref
    text_metrics.py --metric bleu-13a --hyp FILE --ref FILE

`--make` takes lines of the benchmark corpus, the same ones each time, as references, and makes each
hypothesis from its reference by seeded noise: words (characters of Chinese) are dropped, doubled,
swapped with a neighbour or replaced, and now and then a run of them is moved.

`--metric` prints one JSON line: pairs, seconds (reading not counted), cpu, score.
"""

import argparse
import json
import pathlib
import random
import re

from timing import Timer

SEED = 20240711


def lines(corpus, language, pairs):
    """Distinct lines of 40 to 220 characters (15 to 90 of Chinese) with enough letters."""
    low, high = (40, 220) if language == "en" else (15, 90)
    letter = re.compile("[A-Za-z]" if language == "en" else "[\u4e00-\u9fff]")
    found = {}
    for path in sorted(pathlib.Path(corpus).glob(f"{language}-*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            line = " ".join(line.split())
            if low <= len(line) <= high and len(letter.findall(line)) * 2 > len(line):
                found[line] = None
    return random.Random(SEED).sample(list(found), pairs)


def noisy(source, line, language):
    units = line.split(" ") if language == "en" else list(line)
    vocabulary = "the of a to and is in for with that 5 , ." if language == "en" else "的一是了不在有人这，。"
    vocabulary = vocabulary.split(" ") if language == "en" else list(vocabulary)
    rate = source.choice([0.05, 0.15, 0.3])
    out = []
    for unit in units:
        draw = source.random()
        if draw < rate / 3:
            continue
        if draw < 2 * rate / 3:
            out.append(source.choice(vocabulary))
            continue
        out.append(unit)
        if draw < 0.8 * rate:
            out.append(unit)
        if len(out) > 1 and draw > 1 - rate / 4:
            out[-1], out[-2] = out[-2], out[-1]
    if len(out) > 6 and source.random() < 0.5:
        start, length = source.randrange(len(out) - 3), source.randint(1, 3)
        run = out[start : start + length]
        del out[start : start + length]
        place = source.randrange(len(out) + 1)
        out[place:place] = run
    text = (" " if language == "en" else "").join(out)
    return text.strip() or units[0]


def make(folder, corpus, language, pairs, repeat):
    folder.mkdir(parents=True, exist_ok=True)
    references = lines(corpus, language, pairs)
    source = random.Random(SEED + 1)
    hypotheses = [noisy(source, line, language) for line in references]
    for name, texts in (("ref", references), ("hyp", hypotheses)):
        text = ("\n".join(texts) + "\n") * repeat
        (folder / f"{language}.{name}").write_text(text, encoding="utf-8")


def score(metric, hypotheses, references):
    if metric == "rouge":
        from rouge_score import rouge_scorer

        scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"])
        timer = Timer()
        sums = dict.fromkeys(["rouge1", "rouge2", "rougeL"], 0.0)
        for hypothesis, reference in zip(hypotheses, references):
            for name, value in scorer.score(reference, hypothesis).items():
                sums[name] += value.fmeasure
        return timer.stop(), {name: value / len(hypotheses) for name, value in sums.items()}

    from sacrebleu.metrics import BLEU, CHRF, TER

    makers = {
        "bleu-13a": lambda: BLEU(tokenize="13a", force=True),
        "bleu-zh": lambda: BLEU(tokenize="zh", force=True),
        "chrf": CHRF,
        "ter": TER,
    }
    peer = makers[metric]()
    timer = Timer()
    value = peer.corpus_score(hypotheses, [references]).score
    return timer.stop(), {"score": value}


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--make", type=pathlib.Path, metavar="DIR")
    options.add_argument("--corpus", type=pathlib.Path)
    options.add_argument("--language", choices=["en", "zh"], default="en")
    options.add_argument("--pairs", type=int, default=20_000)
    options.add_argument("--repeat", type=int, default=1, help="write the pairs N times")
    options.add_argument("--metric", choices=["bleu-13a", "bleu-zh", "chrf", "ter", "rouge"])
    options.add_argument("--hyp", type=pathlib.Path)
    options.add_argument("--ref", type=pathlib.Path)
    arguments = options.parse_args()
    if arguments.make:
        make(arguments.make, arguments.corpus, arguments.language, arguments.pairs, arguments.repeat)
        return
    texts = [
        path.read_text(encoding="utf-8").split("\n")[:-1] for path in (arguments.hyp, arguments.ref)
    ]
    spent, scores = score(arguments.metric, *texts)
    rate = round(len(texts[0]) / spent["seconds"], 2)
    print(json.dumps({"pairs": len(texts[0]), **spent, "pairs_per_s": rate, **scores}))


if __name__ == "__main__":
    main()
