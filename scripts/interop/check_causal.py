"""Log-likelihoods of random-weight language models equal those of transformers.

Each entry of MODELS is a model class with sizes that show its switches. Its 257 words are the single
bytes and an end of text, so that texts are ids; 20 random texts are scored by `dsx eval` token by token,
which covers the logits: a log-likelihood moves with its own logit and with the sum of all.
"""

import json
import pathlib
import random
import tempfile

from checks import check, dsx, expect, need

TOLERANCE = 1e-4
TEXTS = 20
CONTEXT = 64

SMALL = {"vocab_size": 257, "bos_token_id": 256, "eos_token_id": 256, "initializer_range": 0.3}
LLAMA = {
    **SMALL,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "max_position_embeddings": CONTEXT,
}
GPT2 = {**SMALL, "n_embd": 48, "n_layer": 3, "n_head": 4, "n_positions": CONTEXT}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}

OLD_LLAMA3 = {name: value for name, value in LLAMA3.items() if name != "rope_theta"}

# name: (configuration class, its arguments[, members that the saved config.json is given; None takes one out]). A
# new architecture is a line here.
MODELS = {
    "gpt2": ("GPT2Config", GPT2),
    "gpt2-relu-inner-by-layer": (
        "GPT2Config",
        {
            **GPT2,
            "activation_function": "relu",
            "n_inner": 100,
            "scale_attn_by_inverse_layer_idx": True,
        },
    ),
    "gpt2-own-head": ("GPT2Config", {**GPT2, "tie_word_embeddings": False}),
    "llama": ("LlamaConfig", {**LLAMA, "num_key_value_heads": 6}),
    "llama-shared-heads-tied": (
        "LlamaConfig",
        {**LLAMA, "num_key_value_heads": 2, "tie_word_embeddings": True},
    ),
    "llama-biases-wide-heads": (
        "LlamaConfig",
        {
            **LLAMA,
            "num_key_value_heads": 3,
            "head_dim": 16,
            "attention_bias": True,
            "mlp_bias": True,
        },
    ),
    "llama-rope-linear": (
        "LlamaConfig",
        {
            **LLAMA,
            "rope_parameters": {"rope_type": "linear", "rope_theta": 5000.0, "factor": 4.0},
        },
    ),
    "llama-rope-llama3": ("LlamaConfig", {**LLAMA, "rope_parameters": LLAMA3}),
    # Older and odd ways to say where positions turn: transformers reads them all.
    "llama-scaling-beside-parameters": (
        "LlamaConfig", LLAMA, {"rope_scaling": {"rope_type": "linear", "factor": 4.0}}),
    "llama-theta-in-scaling": (
        "LlamaConfig", LLAMA,
        {"rope_parameters": None, "rope_scaling": {"type": "linear", "factor": 4.0, "rope_theta": 500.0}}),
    "llama-theta-beside-scaling": (
        "LlamaConfig", LLAMA,
        {"rope_parameters": None, "rope_theta": 700.0, "rope_scaling": {"type": "linear", "factor": 4.0}}),
    "llama-original-context-beside": (
        "LlamaConfig", LLAMA,
        {"rope_parameters": None, "rope_scaling": OLD_LLAMA3, "original_max_position_embeddings": 16}),
    "mistral-window-without-a-word": (
        "MistralConfig", {**LLAMA, "num_key_value_heads": 2}, {"sliding_window": None}),
    "mistral": ("MistralConfig", {**LLAMA, "num_key_value_heads": 2, "sliding_window": None}),
    "qwen2": ("Qwen2Config", {**LLAMA, "num_key_value_heads": 2}),
}


def write_tokenizer(folder):
    """Every byte is an id, 256 ends a text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = bytes_to_unicode()
    vocabulary = {letters[byte]: byte for byte in range(256)}
    vocabulary["<|endoftext|>"] = 256
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>"])
    tokenizer.save(str(folder / "tokenizer.json"))


def make(kind, arguments, folder, members=None):
    """A model whose biases and norms are random too, saved as transformers saves it."""
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.manual_seed(11)
    config = getattr(transformers, kind)(**arguments)
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    generator = torch.Generator().manual_seed(12)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if parameter.dim() == 1:
                parameter.normal_(0, 0.2, generator=generator)
                if "norm" in name or "ln_" in name:
                    parameter.add_(1) if name.endswith("weight") else None
    model.save_pretrained(folder)
    write_tokenizer(folder)
    if members:
        path = folder / "config.json"
        config = {**json.loads(path.read_text(encoding="utf-8")), **members}
        config = {name: value for name, value in config.items() if name not in members or value is not None}
        path.write_text(json.dumps(config), encoding="utf-8")
        model = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    return model


def texts(seed):
    letters = random.Random(seed)
    lengths = [2, 3, CONTEXT, CONTEXT - 1] + [letters.randrange(4, CONTEXT) for _ in range(TEXTS - 4)]
    return ["".join(chr(letters.randrange(33, 127)) for _ in range(n)) for n in lengths]


def dataset(folder, lines):
    """A data set with a perplexity task."""
    folder.mkdir()
    (folder / "dev.jsonl").write_text(
        "".join(json.dumps({"id": i, "text": line}) + "\n" for i, line in enumerate(lines))
    )
    source = json.dumps({"default": {"validation": {"meta": "dev.jsonl", "file": ""}}})
    (folder / f"{folder.name}.json").write_text(source + "\n")
    task = {"task": folder.name, "version": 1, "request": "rolling_log_likelihood"}
    task |= {"text": "text", "id": "id", "filter": "none", "metrics": ["token-perplexity"]}
    (folder / "task.yaml").write_text(json.dumps(task) + "\n")
    return folder


def scored(folder, model, data, *options):
    run = folder / ("run" + "".join(options))
    dsx("eval", "--no-cache", "--model", model, "--dataset", data, "--bos", "on", "--output", run,
        *options)
    lines = (run / "predictions.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    return {str(record["id"]): record for record in map(json.loads, lines)}


def expect_same(model, folder, ours, lines):
    """The worst difference of a token's log-likelihood."""
    import torch

    worst = 0.0
    for index, line in enumerate(lines):
        record = ours[str(index)]
        ids = [256, *line.encode()][: CONTEXT + 1]
        expect(record["input_ids"][: CONTEXT + 1] == ids, f"text {index}: other ids")
        with torch.inference_mode():
            logits = model(torch.tensor([ids[:-1]])).logits[0].double()
        nll = torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        found = record["token_nll"][: len(nll)]
        expect(len(found) == len(nll), f"text {index}: {len(found)} values for {len(nll)} tokens")
        worst = max(worst, max(abs(a - float(b)) for a, b in zip(found, nll)))
        # Written so that NaN fails too.
        expect(worst <= TOLERANCE, f"text {index}: off by {worst}")
    return worst


def main():
    for name, (kind, arguments, *members) in MODELS.items():
        with check("causal-" + name) as note, tempfile.TemporaryDirectory() as place:
            need("torch", "transformers", "tokenizers")
            place = pathlib.Path(place)
            model = make(kind, arguments, place / "model", *members)
            lines = texts(name)
            data = dataset(place / "random_texts", lines)
            worst = expect_same(model, place, scored(place, place / "model", data), lines)
            note(f"{TEXTS} texts, largest difference {worst:.1e}")


main()
