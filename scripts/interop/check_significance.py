"""Intervals and paired tests of dsx score and dsx compare beside scipy 1.17.1 and sacrebleu 2.6.0, on random inputs."""

import csv
import io
import json
import random
import sys
import tempfile
from pathlib import Path

from checks import check, dsx, expect, need

WORDS = "the a cat dog sat on in mat house river runs quickly very . , 3.5 don't".split(" ")


def close(ours, theirs, what, tolerance=1e-9):
    expect(
        ours is not None and abs(ours - theirs) <= tolerance * max(1, abs(theirs)),
        f"{what}: {ours} instead of {theirs}",
    )


def rows(path, examples):
    path.write_text("".join(json.dumps(example) + "\n" for example in examples), encoding="utf-8")
    return path


def check_proportions(folder):
    """2,000 slices of one file: Wilson's interval of each."""
    from scipy.stats import binomtest

    source = random.Random(1)
    counts, examples = {}, []
    for group in range(2_000):
        n = source.randint(1, 60)
        rate = source.choice([0, 0.1, 0.5, 0.9, 1])
        hits = sum(source.random() < rate for _ in range(n))
        counts[f"g{group}"] = (hits, n)
        examples += [
            {"g": f"g{group}", "label": "a", "prediction": "a" if i < hits else "b"} for i in range(n)
        ]
    source.shuffle(examples)
    path = rows(folder / "proportions.jsonl", examples)
    text = dsx("score", "--metrics", "accuracy", "--input", path, "--by", "g", "--format", "csv")
    seen = 0
    for row in csv.DictReader(io.StringIO(text)):
        if not row["g"]:
            continue
        hits, n = counts[row["g"]]
        interval = binomtest(hits, n).proportion_ci(0.95, "wilson")
        close(float(row["low"]), max(0, interval.low), row["g"])
        close(float(row["high"]), min(1, interval.high), row["g"])
        seen += 1
    expect(seen == 2_000, f"{seen} slices")
    return f"{seen} slices"


def check_mcnemar(folder, cases):
    from scipy.stats import binomtest

    source = random.Random(2)
    for case in range(cases):
        n = source.randint(2, 120)
        first = [source.random() < 0.6 for _ in range(n)]
        second = [a if source.random() < 0.7 else not a for a in first]
        paths = [
            rows(
                folder / f"{name}.jsonl",
                [{"label": "a", "prediction": "a" if hit else "b"} for hit in hits],
            )
            for name, hits in (("a", first), ("b", second))
        ]
        ours = json.loads(
            dsx("compare", *paths, "--metrics", "accuracy", "--samples", 2, "--format", "json")
        )["metrics"][0]
        lost = sum(a and not b for a, b in zip(first, second))
        won = sum(b and not a for a, b in zip(first, second))
        theirs = binomtest(min(lost, won), lost + won, 0.5).pvalue if lost + won else 1.0
        close(ours["test"]["p"], theirs, f"case {case}")
        expect((ours["worse"], ours["better"]) == (lost, won), f"case {case}: flips")
    return f"{cases} pairs of systems"


def check_wilcoxon(folder, cases):
    """Absolute errors, with ties and zeros: exact, all sign changes and the normal form."""
    from scipy.stats import wilcoxon

    source = random.Random(3)
    for case in range(cases):
        n = source.choice([3, 6, 12, 13, 14, 30, 50, 51, 90])
        step = source.choice([1e-6, 1e-6, 0.25])
        labels = [0.0] * n
        first = [round(source.uniform(0, 4) / step) * step for _ in range(n)]
        second = [round(source.uniform(0, 4.5) / step) * step for _ in range(n)]
        if first == second:
            continue
        paths = [
            rows(
                folder / f"{name}.jsonl",
                [{"label": x, "prediction": y} for x, y in zip(labels, values)],
            )
            for name, values in (("a", first), ("b", second))
        ]
        ours = json.loads(
            dsx(
                "compare", *paths, "--metrics", "mae", "--test", "wilcoxon", "--samples", 2,
                "--format", "json",
            )
        )["metrics"][0]["test"]  # fmt: skip
        theirs = wilcoxon(second, first)
        close(ours["p"], theirs.pvalue, f"case {case} ({ours['method']}, n {n})")
        close(ours["statistic"], theirs.statistic, f"case {case}: statistic")
    return f"{cases} pairs of systems"


def check_sacrebleu(folder, cases):
    """PairedTest of both kinds: p-values, and the bootstrap's mean and half width."""
    from sacrebleu.metrics import BLEU, CHRF
    from sacrebleu.significance import PairedTest

    source = random.Random(4)

    def line():
        return " ".join(source.choice(WORDS) for _ in range(source.randint(3, 20)))

    def noise(text):
        words = [w if source.random() > 0.3 else source.choice(WORDS) for w in text.split(" ")]
        return " ".join(words)

    for case in range(cases):
        n = source.randint(5, 60)
        references = [line() for _ in range(n)]
        systems = [[noise(text) for text in references] for _ in range(2)]
        files = []
        for name, lines in zip("abr", [*systems, references]):
            files.append(folder / name)
            files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
        kind, samples = [("bs", 200), ("ar", 300)][case % 2]
        test = PairedTest(
            [("a", systems[0]), ("b", systems[1])], {"bleu": BLEU(), "chrf": CHRF()}, [references],
            test_type=kind, n_samples=samples,
        )  # fmt: skip
        _, scores = test()
        ours = json.loads(
            dsx(
                "compare", files[0], files[1], "--ref", files[2], "--metrics", "bleu,chrf",
                "--compat", "sacrebleu", "--test", {"bs": "bootstrap", "ar": "randomisation"}[kind],
                "--samples", 200, "--trials", 300, "--format", "json",
            )
        )["metrics"]  # fmt: skip
        for line_, name in zip(ours, ["BLEU", "chrF2"]):
            first, second = scores[name]
            close(line_["a"], first.score, f"case {case} {name}")
            close(line_["b"], second.score, f"case {case} {name}")
            close(line_["test"]["p"], second.p_value, f"case {case} {name} {kind}")
        if kind == "bs":
            report = json.loads(
                dsx(
                    "score", "--metrics", "bleu,chrf", "--compat", "sacrebleu", "--interval",
                    "bootstrap", "--samples", 200, "--hyp", files[1], "--ref", files[2],
                    "--format", "json",
                )
            )["metrics"]  # fmt: skip
            for row, name in zip(report, ["BLEU", "chrF2"]):
                interval = row["interval"]
                close(interval["mean"], scores[name][1].mean, f"case {case} {name} mean", 1e-7)
                half = (interval["high"] - interval["low"]) / 2
                close(half, scores[name][1].ci, f"case {case} {name} half width", 1e-7)
    return f"{cases} pairs of systems"


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, modules, body in [
            ("wilson intervals", ["scipy"], check_proportions),
            ("mcnemar exact", ["scipy"], lambda place: check_mcnemar(place, 300)),
            ("wilcoxon", ["scipy"], lambda place: check_wilcoxon(place, 300)),
            ("sacrebleu paired tests", ["sacrebleu"], lambda place: check_sacrebleu(place, 60)),
        ]:
            with check(f"significance: {title}") as note:
                need(*modules)
                note(body(folder))


if __name__ == "__main__":
    sys.exit(main())
