#!/usr/bin/env python3
"""Peer of perplexity: onnxruntime float32 on the GPT-2-small that ppl_torch.py makes.

    ppl_onnx.py --make DIR                              DIR/model.onnx, out of DIR's weights
    ppl_onnx.py --run DIR DIR/ids.i32 --threads 2       logits of every row, and their log-softmax

The graph gives logits only; the log-likelihoods are made of them by numpy, outside of the timed region.
One JSON line: tokens, seconds, cpu, tokens_per_s, nll_sum.
"""

import argparse
import json
import pathlib

import numpy

from timing import Timer

LENGTH = 1024


def make(folder):
    import torch
    import transformers

    transformers.logging.set_verbosity_error()

    class Logits(torch.nn.Module):
        def __init__(self, model):
            super().__init__()
            self.model = model

        def forward(self, ids):
            return self.model(ids, use_cache=False).logits

    model = transformers.GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32).eval()
    torch.onnx.export(
        Logits(model), (torch.zeros(1, LENGTH, dtype=torch.int64),), folder / "model.onnx", dynamo=True
    )


def run(folder, ids, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    rows = numpy.fromfile(ids, "<i4").reshape(-1, LENGTH).astype(numpy.int64)
    session.run(None, {name: rows[:1]})
    total, tokens, seconds, cpu = 0.0, 0, 0.0, 0.0
    for row in rows:
        timer = Timer()
        logits = session.run(None, {name: row[None]})[0][0]
        spent = timer.stop()
        seconds += spent["seconds"]
        cpu += spent["cpu"]
        logits = logits[:-1].astype(numpy.float64)
        top = logits.max(axis=1)
        normaliser = top + numpy.log(numpy.exp(logits - top[:, None]).sum(axis=1))
        total += float((normaliser - logits[numpy.arange(len(row) - 1), row[1:]]).sum())
        tokens += len(row) - 1
    rate = round(tokens / seconds, 2)
    numbers = {"seconds": round(seconds, 4), "cpu": round(cpu, 4), "tokens_per_s": rate}
    print(json.dumps({"tokens": tokens, **numbers, "nll_sum": round(total, 4)}))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = options.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", type=pathlib.Path, metavar="DIR")
    what.add_argument("--run", nargs=2, type=pathlib.Path, metavar=("DIR", "IDS"))
    options.add_argument("--threads", type=int, default=2)
    arguments = options.parse_args()
    if arguments.make:
        make(arguments.make)
    else:
        run(*arguments.run, arguments.threads)


if __name__ == "__main__":
    main()
