#!/usr/bin/env python3
"""Peers of encoder: torch and onnxruntime on a BERT-base (110 M, 15 labels) with random weights.

    encoder.py --make DIR --sequences 64 [--onnx]       the model folder, DIR/texts.txt, DIR/model.onnx
    encoder.py --run DIR --peer torch --threads 2       logits of every line of texts.txt
    encoder.py --run DIR --peer onnxruntime --threads 2

`--make` writes a model folder (config.json, model.safetensors in float32, a vocabulary of words) and
lines of 126 words, which are 128 tokens with the two special ones. The same seed gives the same files.
`--run` tokenises before the clock starts and runs batches of 32 (onnxruntime and torch are quickest
there). One JSON line: sequences, seconds (loading not counted), cpu, sequences_per_s, absolute_sum.
"""

import argparse
import json
import pathlib

import numpy
import tokenizers
import torch
import transformers
from tokenizers import models, pre_tokenizers, processors

from timing import Timer

SEED = 20240607
WORDS = 20000
LABELS = 15


def make(folder, sequences, onnx):
    torch.manual_seed(SEED)
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + [f"w{i}" for i in range(WORDS)]
    inner = tokenizers.Tokenizer(
        models.WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]",
        unk_token="[UNK]", model_max_length=512).save_pretrained(folder)
    config = transformers.BertConfig(num_labels=LABELS)
    model = transformers.BertForSequenceClassification(config).eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            parameter.normal_(0, 0.02, generator=generator)
            if "LayerNorm.weight" in name:
                parameter.add_(1)
    model.save_pretrained(folder)
    rng = numpy.random.default_rng(SEED)
    lines = [" ".join(f"w{i}" for i in rng.integers(0, WORDS, 126)) for _ in range(sequences)]
    (folder / "texts.txt").write_text("\n".join(lines) + "\n")
    if onnx:
        # Three tensors: the exporter takes one tensor that is given twice for one input.
        names = ["input_ids", "attention_mask", "token_type_ids"]
        example = {name: torch.full((2, 128), value) for name, value in zip(names, (5, 1, 0))}
        sizes = {0: torch.export.Dim("batch", min=1, max=256)}
        with torch.no_grad():
            torch.onnx.export(
                model, (), folder / "model.onnx", kwargs=example, dynamo=True, input_names=names,
                output_names=["logits"], dynamic_shapes={name: sizes for name in names})
    print(json.dumps({"sequences": sequences}))


def run(folder, peer, threads, batch, dtype):
    torch.set_num_threads(threads)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    lines = (folder / "texts.txt").read_text().split("\n")[:-1]
    encoded = tokenizer(lines, return_tensors="pt", return_token_type_ids=True)
    parts = {name: encoded[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
    if peer == "torch":
        model = transformers.BertForSequenceClassification.from_pretrained(
            folder, dtype=getattr(torch, dtype)).eval()

        def forward(first, last):
            with torch.inference_mode():
                return model(**{k: v[first:last] for k, v in parts.items()}).logits.float().numpy()
    else:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        arrays = {name: value.numpy() for name, value in parts.items()}

        def forward(first, last):
            return session.run(None, {k: v[first:last] for k, v in arrays.items()})[0]

    forward(0, batch)
    total = 0.0
    timer = Timer()
    for first in range(0, len(lines), batch):
        total += float(numpy.abs(forward(first, first + batch)).sum(dtype=numpy.float64))
    spent = timer.stop()
    rate = round(len(lines) / spent["seconds"], 3)
    print(json.dumps({
        "sequences": len(lines), **spent, "sequences_per_s": rate, "absolute_sum": round(total, 4)}))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = options.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", type=pathlib.Path, metavar="DIR")
    what.add_argument("--run", type=pathlib.Path, metavar="DIR")
    options.add_argument("--sequences", type=int, default=64)
    options.add_argument("--onnx", action="store_true")
    options.add_argument("--peer", choices=["torch", "onnxruntime"], default="torch")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--batch", type=int, default=32)
    options.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    arguments = options.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if arguments.make:
        arguments.make.mkdir(parents=True, exist_ok=True)
        make(arguments.make, arguments.sequences, arguments.onnx)
    else:
        run(arguments.run, arguments.peer, arguments.threads, arguments.batch, arguments.dtype)


if __name__ == "__main__":
    main()
