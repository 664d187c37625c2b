#!/usr/bin/env python3
"""Peer: sacrebleu 2.6.0's bootstrap of BLEU from statistics that are there already, one thread.

    bootstrap_bleu.py --hyp FILE --ref FILE --samples 1000

Prints one JSON line: pairs, seconds (resampling only), cpu, samples_per_s, mean, half width.
"""

import argparse
import json
import os
import pathlib

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402
from sacrebleu.metrics import BLEU  # noqa: E402
from sacrebleu.significance import _bootstrap_resample, estimate_ci  # noqa: E402
from timing import Timer  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--hyp", type=pathlib.Path, required=True)
    options.add_argument("--ref", type=pathlib.Path, required=True)
    options.add_argument("--samples", type=int, default=1000)
    arguments = options.parse_args()
    hypotheses, references = (
        path.read_text(encoding="utf-8").split("\n")[:-1] for path in (arguments.hyp, arguments.ref)
    )
    bleu = BLEU(tokenize="13a", force=True)
    statistics = bleu._extract_corpus_statistics(hypotheses, [references])
    timer = Timer()
    _, scores = _bootstrap_resample(statistics, bleu, arguments.samples)
    mean, half = estimate_ci(np.array([score.score for score in scores]))
    spent = timer.stop()
    print(
        json.dumps(
            {
                "pairs": len(hypotheses),
                **spent,
                "samples": arguments.samples,
                "samples_per_s": round(arguments.samples / spent["seconds"], 2),
                "mean": float(mean),
                "half": float(half),
            }
        )
    )


if __name__ == "__main__":
    main()
