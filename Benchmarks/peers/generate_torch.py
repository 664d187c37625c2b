#!/usr/bin/env python3
"""Peer of generation: transformers' `generate` on torch, greedy, with its key-value cache.

    generate_torch.py DIR DIR/ids.i32 --batch 8 --prompt 32 --tokens 64 --threads 2

The model folder and the ids are those that `ppl_torch.py --make` wrote; the first ids of the file are
the prompts. The clock runs from behind the prompts: the time of a call for one token is taken off that of
a call for all. One JSON line: tokens, seconds, tokens_per_s.
"""

import argparse
import json

import numpy
import torch
import transformers

from timing import Timer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("ids")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--prompt", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    model = transformers.GPT2LMHeadModel.from_pretrained(
        options.folder, dtype=getattr(torch, options.dtype)
    ).eval()
    ids = numpy.fromfile(options.ids, "<i4")[: options.batch * options.prompt]
    prompts = torch.from_numpy(ids.reshape(options.batch, options.prompt).astype(numpy.int64))

    def generate(tokens):
        timer = Timer()
        with torch.inference_mode():
            output = model.generate(
                prompts,
                attention_mask=torch.ones_like(prompts),
                do_sample=False,
                min_new_tokens=tokens,
                max_new_tokens=tokens,
                pad_token_id=0,
            )
        assert output.shape[1] == options.prompt + tokens
        return timer.stop()

    generate(2)
    first, all_of_them = generate(1), generate(options.tokens + 1)
    seconds = all_of_them["seconds"] - first["seconds"]
    tokens = options.batch * options.tokens
    line = {
        "tokens": tokens,
        "seconds": round(seconds, 4),
        "cpu": round(all_of_them["cpu"] - first["cpu"], 4),
        "tokens_per_s": round(tokens / seconds, 1),
    }
    print(json.dumps(line))


main()
