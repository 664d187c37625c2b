#!/usr/bin/env python3
"""Peer of perplexity: torch float32 on a GPT-2-small (124 M) with random weights.

    ppl_torch.py --make DIR --rows 4                     the model folder and DIR/ids.i32
    ppl_torch.py --run DIR DIR/ids.i32 --threads 2       log-likelihood of every id after the first

`--make` writes a model folder (config.json, configuration.json in ModelScope's form,
model.safetensors in float32; no tokenizer, the programs are fed with ids) and the ids: raw
little-endian int32, rows of 1,024, below 4,096. The same seed gives the same files.

`--run` scores one row after the other (batch 1; larger batches are slower, as the logits no longer
fit into the caches). One JSON line: tokens, seconds (loading not counted), cpu, tokens_per_s,
nll_sum.
"""

import argparse
import json
import pathlib

import numpy
import torch
import transformers

from timing import Timer

SEED = 20240607
LENGTH = 1024
# The largest id + 1: ids that a small vocabulary has too.
IDS = 4096


def make(folder, rows):
    """Weights as GPT-2 draws them, but no bias zero and no norm 1, so that leaving one out shows."""
    torch.manual_seed(SEED)
    config = transformers.GPT2Config()
    model = transformers.GPT2LMHeadModel(config)
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            parameter.normal_(0, 0.02, generator=generator)
            if ".ln_" in name and name.endswith("weight"):
                parameter.add_(1)
    model.save_pretrained(folder, safe_serialization=True)
    (folder / "generation_config.json").unlink(missing_ok=True)

    keys = "activation_function layer_norm_epsilon n_embd n_head n_layer n_positions".split()
    description = {
        "framework": "pytorch",
        "task": "text-generation",
        "model": {
            "type": "gpt2",
            **{key: getattr(config, key) for key in keys},
            "vocab_size": config.vocab_size,
            "n_inner": None,
            "scale_attn_weights": True,
            "tie_word_embeddings": True,
        },
        "pipeline": {"type": "text-generation"},
    }
    (folder / "configuration.json").write_text(json.dumps(description, indent=1) + "\n")
    ids = numpy.random.default_rng(SEED).integers(0, IDS, (rows, LENGTH), dtype=numpy.int32)
    ids.astype("<i4").tofile(folder / "ids.i32")
    print(json.dumps({"rows": rows, "parameters": sum(p.numel() for p in model.parameters())}))


def run(folder, ids, threads, attention, dtype):
    torch.set_num_threads(threads)
    model = transformers.GPT2LMHeadModel.from_pretrained(
        folder, dtype={"f32": torch.float32, "bf16": torch.bfloat16}[dtype], attn_implementation=attention
    ).eval()
    rows = torch.from_numpy(numpy.fromfile(ids, "<i4").reshape(-1, LENGTH).astype(numpy.int64))
    total, tokens = 0.0, 0
    timer = Timer()
    with torch.inference_mode():
        for row in rows:
            logits = model(row[None], use_cache=False).logits[0, :-1]
            nll = torch.nn.functional.cross_entropy(logits, row[1:], reduction="none")
            total += nll.double().sum().item()
            tokens += len(nll)
    spent = timer.stop()
    rate = round(tokens / spent["seconds"], 2)
    print(json.dumps({"tokens": tokens, **spent, "tokens_per_s": rate, "nll_sum": round(total, 4)}))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = options.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", type=pathlib.Path, metavar="DIR")
    what.add_argument("--run", nargs=2, type=pathlib.Path, metavar=("DIR", "IDS"))
    options.add_argument("--rows", type=int, default=4)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--dtype", choices=["f32", "bf16"], default="f32")
    options.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
    arguments = options.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if arguments.make:
        arguments.make.mkdir(parents=True, exist_ok=True)
        make(arguments.make, arguments.rows)
    else:
        run(*arguments.run, arguments.threads, arguments.attention, arguments.dtype)


if __name__ == "__main__":
    main()
