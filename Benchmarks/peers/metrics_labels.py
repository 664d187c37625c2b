#!/usr/bin/env python3
"""Peers of label, ranking and entity metrics: scikit-learn 1.9.1, numpy 2.4.6, torchmetrics 1.9.0,
seqeval 1.2.2, each as its users call it, one thread.

    metrics_labels.py --make DIR --count 10000000     DIR/gold.i32, predicted.i32, scores.f32, labels.u8
    metrics_labels.py --make-tags DIR --sequences 20000       DIR/gold.txt, predicted.txt
    metrics_labels.py --run NAME DIR

NAME: report (scikit-learn's classification_report), bincount (numpy's confusion matrix), auroc (torchmetrics),
seqeval, seqeval-strict. Reading the files is not timed. One JSON line with seconds, cpu and the result: the
numbers or the SHA-256 of the report with six places.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import argparse
import hashlib
import json
import pathlib
import warnings

import numpy

from timing import Timer

CLASSES = 15
SEED = 20240607


def make(folder, count):
    """Labels of uneven classes, four of five predictions right; scores that tell the classes apart."""
    source = numpy.random.default_rng(SEED)
    share = 1 / numpy.arange(1, CLASSES + 1)
    gold = source.choice(CLASSES, count, p=share / share.sum()).astype(numpy.int32)
    other = source.integers(0, CLASSES, count, dtype=numpy.int32)
    predicted = numpy.where(source.random(count) < 0.8, gold, other).astype(numpy.int32)
    labels = (source.random(count) < 0.3).astype(numpy.uint8)
    scores = 1 / (1 + numpy.exp(-(source.normal(size=count) + labels)))
    gold.tofile(folder / "gold.i32")
    predicted.tofile(folder / "predicted.i32")
    labels.tofile(folder / "labels.u8")
    scores.astype(numpy.float32).tofile(folder / "scores.f32")
    print(json.dumps({"labels": count}))


def make_tags(folder, sequences):
    """Sequences of 25 tags in IOB2 with 4 types; one tag of ten is another in the prediction."""
    source = numpy.random.default_rng(SEED)
    types = ["PER", "LOC", "ORG", "MISC"]
    names = ["O"] + [p + "-" + t for t in types for p in "BI"]
    with open(folder / "gold.txt", "w") as gold, open(folder / "predicted.txt", "w") as predicted:
        for _ in range(sequences):
            tags = []
            while len(tags) < 25:
                if source.random() < 0.2:
                    kind = types[source.integers(4)]
                    tags += ["B-" + kind] + ["I-" + kind] * int(source.integers(0, 3))
                else:
                    tags.append("O")
            tags = tags[:25]
            said = [names[source.integers(9)] if source.random() < 0.1 else tag for tag in tags]
            gold.write(" ".join(tags) + "\n")
            predicted.write(" ".join(said) + "\n")
    print(json.dumps({"sequences": sequences}))


def labels(folder):
    return (numpy.fromfile(folder / name, "<i4") for name in ("gold.i32", "predicted.i32"))


def report(folder):
    from sklearn.metrics import classification_report

    gold, predicted = labels(folder)
    names = [f"class{index}" for index in range(CLASSES)]
    timer = Timer()
    text = classification_report(gold, predicted, target_names=names, digits=6, zero_division=0)
    spent = timer.stop()
    return {**spent, "labels": len(gold), "sha256": hashlib.sha256(text.encode()).hexdigest()}


def bincount(folder):
    gold, predicted = labels(folder)
    timer = Timer()
    places = gold.astype(numpy.int64) * CLASSES + predicted
    cells = numpy.bincount(places, minlength=CLASSES * CLASSES)
    spent = timer.stop()
    return {**spent, "labels": len(gold), "cells": cells.tolist()}


def auroc(folder):
    import torch
    from torchmetrics.functional.classification import binary_auroc

    torch.set_num_threads(1)
    scores = torch.from_numpy(numpy.fromfile(folder / "scores.f32", "<f4"))
    truth = torch.from_numpy(numpy.fromfile(folder / "labels.u8", "u1").astype(numpy.int64))
    timer = Timer()
    area = binary_auroc(scores, truth, validate_args=False).item()
    return {**timer.stop(), "examples": len(scores), "auroc": area}


def seqeval(folder, **options):
    from seqeval.metrics import classification_report

    gold, predicted = (
        [line.split() for line in (folder / name).read_text().splitlines()]
        for name in ("gold.txt", "predicted.txt")
    )
    timer = Timer()
    text = classification_report(gold, predicted, digits=6, zero_division=0, **options)
    spent = timer.stop()
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {**spent, "sequences": len(gold), "tags": sum(map(len, gold)), "sha256": digest}


def strict(folder):
    from seqeval.scheme import IOB2

    return seqeval(folder, mode="strict", scheme=IOB2)


RUNS = {
    "report": report,
    "bincount": bincount,
    "auroc": auroc,
    "seqeval": seqeval,
    "seqeval-strict": strict,
}


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = options.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", type=pathlib.Path, metavar="DIR")
    what.add_argument("--make-tags", type=pathlib.Path, metavar="DIR")
    what.add_argument("--run", nargs=2, metavar=("NAME", "DIR"))
    options.add_argument("--count", type=int, default=10_000_000)
    options.add_argument("--sequences", type=int, default=20_000)
    arguments = options.parse_args()
    warnings.simplefilter("ignore")
    if arguments.run:
        name, folder = arguments.run
        print(json.dumps(RUNS[name](pathlib.Path(folder))))
        return
    folder = arguments.make or arguments.make_tags
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.make:
        make(folder, arguments.count)
    else:
        make_tags(folder, arguments.sequences)


if __name__ == "__main__":
    main()
