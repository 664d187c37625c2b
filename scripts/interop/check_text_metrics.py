"""dsx score on random texts beside sacrebleu 2.6.0, rouge-score 0.1.2, jiwer 4.0.0, nltk 3.10.4, rouge 1.0.1 and
rouge-chinese 1.0.3: 2,000 corpora a family, each scored as one slice, equal to 1e-9.

A corpus has one to three examples, of one to three references (some of them missing) where the family
takes several. Hypotheses are noise over a reference; the texts are words, real sentences' shapes, and
the hostile lines that the tokenizer checks use. Settings go round from corpus to corpus.
"""

import json
import random
import sys
import tempfile

from checks import check, dsx, expect, need
from hostile_lines import hostile_lines

CORPORA = 2_000
TOLERANCE = 1e-9
WORDS = (
    "the a of to in is are was were cat dogs running relational happily generalization flies dying "
    "don't U.S.A. 3.14 1,000 x-ray 10-20 (yes) [no] e-mail &quot;quoted&quot; &amp;lt; <skipped> 5. .5 "
    "Hello, World! naïve ΟΔΟΣ İstanbul K 中文 北京大学， 今天天气不错。 ！？ “引号” …… 123abc ２０２４ 日本語 "
    "한국어 's it's , . -- -"
).split(" ")


def text(source, hostile, longest):
    kind = source.random()
    if kind < 0.04:
        return source.choice(["", " ", "  \t", "\n", "."])
    if kind < 0.25:
        return source.choice(hostile)[:longest]
    if kind < 0.45:
        return "".join(source.choice("中国人民今天不错的是在了，。！？a1 .") for _ in range(source.randint(1, 40)))
    blank = source.choice([" ", " ", " ", "  ", "\t", "\n", "-\n", "\u3000"])
    words = [source.choice(WORDS) for _ in range(source.randint(1, 25))]
    return source.choice(["", " "]) + blank.join(words) + source.choice(["", " ", ".", "\n"])


def noise(source, line):
    units = line.split(" ") if line.count(" ") > 2 else list(line)
    joint = " " if line.count(" ") > 2 else ""
    rate = source.choice([0, 0.1, 0.3])
    out = []
    for unit in units:
        if source.random() < rate:
            out += source.choice([[], [source.choice(WORDS)], [unit, unit]])
        else:
            out.append(unit)
    if len(out) > 4 and source.random() < 0.6:
        start, length = source.randrange(len(out)), source.randint(1, 4)
        run = out[start : start + length]
        del out[start : start + length]
        place = source.randrange(len(out) + 1)
        out[place:place] = run
    return joint.join(out)


def corpora(seed, most_references, longest=160, examples=3):
    """Lists of examples; an example is a hypothesis and its references, None for a missing one."""
    source = random.Random(seed)
    hostile = list(hostile_lines(2_000, seed=seed))
    made = []
    for _ in range(CORPORA):
        width = source.randint(1, most_references)
        corpus = []
        for _ in range(source.randint(1, examples)):
            first = text(source, hostile, longest)
            references = [first] + [noise(source, first) for _ in range(width - 1)]
            hypothesis = noise(source, source.choice(references))
            if source.random() < 0.05:
                hypothesis = text(source, hostile, longest)
            if width > 1 and source.random() < 0.2:
                references[source.randrange(width)] = None
            corpus.append((hypothesis, references))
        made.append(corpus)
    return made


def scored(made, metrics, settings):
    """dsx's scores, corpus by corpus, as {key: score}."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".jsonl") as file:
        for number, corpus in enumerate(made):
            for hypothesis, references in corpus:
                row = {"corpus": f"c{number:05}", "hypothesis": hypothesis, "references": references}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        words = ["score", "--input", file.name, "--by", "corpus", "--interval", "none"]
        words += ["--format", "json", "--metrics", ",".join(metrics)]
        for setting in settings:
            words += ["--set", setting]
        report = json.loads(dsx(*words))
    slices = {
        part["value"]: {line["key"]: line["score"] for line in part["metrics"]}
        for part in report["slices"]
    }
    return [slices[f"c{number:05}"] for number in range(len(made))]


def compare(note, made, ours, theirs):
    """All corpora; `theirs(number, corpus)` gives {key: score}."""
    different, first, numbers = 0, "", 0
    for number, corpus in enumerate(made):
        for key, value in theirs(number, corpus).items():
            mine = ours[number][key]
            numbers += 1
            if mine is None or not abs(mine - value) <= TOLERANCE * max(1, abs(value)):
                different += 1
                first = first or f"{key} of {corpus!r}: {mine} instead of {value}"
    expect(different == 0, f"{different} of {numbers} numbers differ, the first is {first}")
    note(f"{len(made)} corpora, {numbers} numbers")


def streams(corpus):
    """Hypotheses and sacrebleu's reference streams."""
    return [h for h, _ in corpus], [list(stream) for stream in zip(*(r for _, r in corpus))]


def forms(prefix, metric, options):
    """Aliases of one metric, and the settings of each: {alias: settings}."""
    found = {f"{prefix}{number}": values for number, values in enumerate(options)}
    settings = [
        f"{alias}.{name}={str(value).lower() if isinstance(value, bool) else value}"
        for alias, values in found.items()
        for name, value in values.items()
    ]
    return found, [f"{alias}={metric}" for alias in found], settings


def bleu(note):
    from sacrebleu.metrics import BLEU

    made = corpora(11, 3)
    options = []
    for tokenizer in ["13a", "zh", "char", "intl", "none"]:
        for smooth in ["exp", "floor", "add-k", "none"]:
            number = len(options)
            options.append(
                {
                    "tokenize": tokenizer,
                    "smooth": smooth,
                    "lowercase": number % 3 == 0,
                    "effective-order": number % 2 == 0,
                    "max-order": [4, 4, 2, 6][number % 4],
                }
            )
    found, metrics, settings = forms("b", "bleu", options)
    ours = scored(made, metrics, settings)
    peers = [
        BLEU(
            tokenize=o["tokenize"],
            smooth_method=o["smooth"],
            lowercase=o["lowercase"],
            effective_order=o["effective-order"],
            max_ngram_order=o["max-order"],
            force=True,
        )
        for o in options
    ]

    def theirs(number, corpus):
        place = number % len(peers)
        return {f"b{place}": peers[place].corpus_score(*streams(corpus)).score}

    compare(note, made, ours, theirs)


def chrf(note):
    from sacrebleu.metrics import CHRF

    options = [
        {
            "word-order": number % 3,
            "char-order": [6, 6, 4, 2][number % 4],
            "beta": 1 + number % 3,
            "lowercase": number % 2 == 1,
            "whitespace": number % 5 == 2,
            "eps-smoothing": number % 4 == 3,
        }
        for number in range(12)
    ]
    made = corpora(12, 3)
    _, metrics, settings = forms("c", "chrf", options)
    ours = scored(made, metrics, settings)
    peers = [CHRF(**{k.replace("-", "_"): v for k, v in o.items()}) for o in options]

    def theirs(number, corpus):
        place = number % len(peers)
        return {f"c{place}": peers[place].corpus_score(*streams(corpus)).score}

    compare(note, made, ours, theirs)


def ter(note):
    from sacrebleu.metrics import TER

    options = [
        {
            "normalized": bool(number & 1),
            "no-punct": bool(number & 2),
            "asian-support": bool(number & 4),
            "case-sensitive": bool(number & 8),
        }
        for number in range(16)
    ]
    made = corpora(13, 3, longest=80, examples=2)
    _, metrics, settings = forms("t", "ter", options)
    ours = scored(made, metrics, settings)
    peers = [TER(**{k.replace("-", "_"): v for k, v in o.items()}) for o in options]

    def theirs(number, corpus):
        place = number % len(peers)
        return {f"t{place}": peers[place].corpus_score(*streams(corpus)).score}

    compare(note, made, ours, theirs)


def rouge(note):
    from rouge_score import rouge_scorer

    made = corpora(14, 3)
    names = {"rouge-1": "rouge1", "rouge-2": "rouge2", "rouge-l": "rougeL", "rouge-lsum": "rougeLsum"}
    metrics, settings = [], []
    for name in names:
        for stem in ("false", "true"):
            alias = f"{name}-{stem}"
            metrics.append(f"{alias}={name}")
            settings += [f"{alias}.tokenize=rouge", f"{alias}.stem={stem}"]
    ours = scored(made, metrics, settings)
    scorers = [rouge_scorer.RougeScorer(list(names.values()), use_stemmer=s) for s in (False, True)]

    def theirs(number, corpus):
        place = number % 2
        sums = dict.fromkeys(names.values(), 0.0)
        for hypothesis, references in corpus:
            present = [r for r in references if r is not None]
            for name, value in scorers[place].score_multi(present, hypothesis).items():
                sums[name] += value.fmeasure
        word = ("false", "true")[place]
        return {f"{own}-{word}": sums[name] / len(corpus) for own, name in names.items()}

    compare(note, made, ours, theirs)


def jiwer_rates(note):
    import jiwer

    made = corpora(15, 1)
    ours = scored(made, ["wer", "mer", "wil", "wip", "cer"], [])

    def theirs(number, corpus):
        references, hypotheses = [r[0] for _, r in corpus], [h for h, _ in corpus]
        words = jiwer.process_words(references, hypotheses)
        characters = jiwer.process_characters(references, hypotheses)
        return {
            "wer": words.wer,
            "mer": words.mer,
            "wil": words.wil,
            "wip": words.wip,
            "cer": characters.cer,
        }

    compare(note, made, ours, theirs)


def long_alignments(note):
    """Texts long enough that RapidFuzz halves them: hits and errors still agree."""
    import jiwer

    source = random.Random(16)
    made = []
    for number in range(12):
        words = [source.choice("abcdefgh") for _ in range(source.randint(1_800, 5_000))]
        other = [w if source.random() > 0.3 else source.choice("abcdefgh") for w in words]
        other = [w for w in other if source.random() > 0.1]
        made.append([(" ".join(other), [" ".join(words)])])
    ours = scored(made, ["wer", "mer", "wil"], [])

    def theirs(number, corpus):
        words = jiwer.process_words([corpus[0][1][0]], [corpus[0][0]])
        return {"wer": words.wer, "mer": words.mer, "wil": words.wil}

    compare(note, made, ours, theirs)


def nltk_bleu(note):
    from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu, sentence_bleu

    made = corpora(17, 3)
    _, metrics, settings = forms(
        "n", "nltk-bleu", [{"tokenize": "none", "smooth-method": m} for m in range(5)]
    )
    singles = [{"smooth-method": m} for m in (0, 1, 2, 3, 4, 5, 7)]
    _, more, others = forms("s", "nltk-sentence-bleu", singles)
    ours = scored(made, metrics + more, settings + others)
    smoothing = SmoothingFunction()
    methods = [getattr(smoothing, f"method{m}") for m in range(8)]

    def theirs(number, corpus):
        place, single = number % 5, number % len(singles)
        method = methods[singles[single]["smooth-method"]]
        present = [[r for r in references if r is not None] for _, references in corpus]
        whole = corpus_bleu(
            [[r.split() for r in references] for references in present],
            [h.split() for h, _ in corpus],
            smoothing_function=methods[place],
        )
        mean = 0.0
        for (hypothesis, _), references in zip(corpus, present):
            mean += sentence_bleu(
                [list(r) for r in references], list(hypothesis), smoothing_function=method
            ) / len(corpus)
        return {f"n{place}": float(whole), f"s{single}": float(mean)}

    compare(note, made, ours, theirs)


def packages(note):
    """rouge and rouge-chinese as they are, on texts that have a sentence."""
    import jieba
    import rouge as py_rouge
    import rouge_chinese

    sys.setrecursionlimit(20_000)
    made = corpora(18, 1, longest=80)
    metrics, settings = [], []
    for package in ("py-rouge", "rouge-chinese"):
        for kind in ("1", "2", "l"):
            for exclusive in ("true", "false"):
                alias = f"{package}-{kind}-{exclusive}"
                metrics.append(f"{alias}={package}-{kind}")
                settings += [f"{alias}.exclusive={exclusive}"]
                settings += [f"{alias}.tokenize={'none' if package == 'py-rouge' else 'jieba'}"]
    ours = scored(made, metrics, settings)
    peers = {
        "py-rouge": [py_rouge.Rouge(exclusive=e) for e in (True, False)],
        "rouge-chinese": [rouge_chinese.Rouge(exclusive=e) for e in (True, False)],
    }

    def theirs(number, corpus):
        place = number % 2
        found = {}
        for package, scorers in peers.items():
            sums = dict.fromkeys(("1", "2", "l"), 0.0)
            for hypothesis, references in corpus:
                pair = [hypothesis, references[0]]
                if package == "rouge-chinese":
                    pair = [" ".join(jieba.cut(side)) for side in pair]
                try:
                    scores = scorers[place].get_scores(*pair)[0]
                except (ValueError, AssertionError):
                    continue  # A side without a sentence: dsx counts 0.
                for kind in sums:
                    sums[kind] += scores[f"rouge-{kind}"]["f"]
            for kind, total in sums.items():
                found[f"{package}-{kind}-{('true', 'false')[place]}"] = total / len(corpus)
        return found

    compare(note, made, ours, theirs)


def main():
    families = [
        ("bleu", bleu, ["sacrebleu"]),
        ("chrf", chrf, ["sacrebleu"]),
        ("ter", ter, ["sacrebleu"]),
        ("rouge-score", rouge, ["rouge_score"]),
        ("jiwer", jiwer_rates, ["jiwer"]),
        ("jiwer-long", long_alignments, ["jiwer"]),
        ("nltk-bleu", nltk_bleu, ["nltk"]),
        ("rouge-packages", packages, ["rouge", "rouge_chinese", "jieba"]),
    ]
    for name, family, modules in families:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        with check(f"text-metrics-{name}") as note:
            need(*modules)
            family(note)


if __name__ == "__main__":
    main()
