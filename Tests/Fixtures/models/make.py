"""Makes the random model folders beside it and expected.json, with the packages that
scripts/interop/requirements.txt pins (transformers 5.23.0, tokenizers 0.23.3, torch 2.13.0,
sentence-transformers 6.2.0, Pillow 13.0.0):

    python make.py

expected.json: folder -> inputs, and what transformers (for sentences sentence-transformers) gives for
each of them by itself. The trainers of tokenizers break ties by chance, so a new run may make other
vocabularies, and then other numbers.
"""

import json
import pathlib
import random
import shutil
import sys

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "scripts" / "interop"))
import random_encoders as encoders  # noqa: E402

expected = {}


def fresh(name):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def rounded(value):
    """Nine digits are enough for float32."""
    if isinstance(value, list):
        return [rounded(one) for one in value]
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return float(f"{value:.9g}") if isinstance(value, float) else value


def note(name, **values):
    expected[name] = rounded(values)


MORE = {
    "bert": {}, "roberta": {},
    "albert": dict(embedding_size=8, num_hidden_groups=2, inner_group_num=2),
}
rng = random.Random(11)
for seed, family in enumerate(MORE):
    more = MORE[family]
    limit = 38 if family == "roberta" else 40
    texts = [(encoders.text(rng), None) for _ in range(6)]
    texts += [(encoders.text(rng), encoders.text(rng)) for _ in range(4)]
    texts += [("", None), ("the cat [SEP] <pad> </s> dog", None)]
    texts += [(encoders.text(rng, 30, 40), None), (encoders.text(rng, 20, 25), encoders.text(rng, 20, 30))]
    name = family + "-text"
    made = encoders.make_encoder(fresh(name), family, "text", seed * 10, **more)
    note(name, inputs=texts, logits=encoders.text_logits(*made, texts, limit))

    name = family + "-tokens"
    sentences = [encoders.text(rng, 1, 10).split() for _ in range(5)]
    sentences += [["\u0007", "cat", "\u200b", "你好世界"], encoders.text(rng, 40, 50).split()]
    made = encoders.make_encoder(
        fresh(name), family, "tokens", seed * 10 + 1, labels=5, half=True, **more)
    note(name, sentences=sentences, logits=encoders.tag_logits(*made, sentences, limit))

    name = family + "-answers"
    pairs = [(encoders.text(rng, 1, 3), encoders.text(rng, 5, 12)) for _ in range(4)]
    pairs += [("  " + encoders.text(rng, 1, 3), encoders.text(rng, 40, 80)) for _ in range(3)]
    made = encoders.make_encoder(fresh(name), family, "answers", seed * 10 + 2, half=True, **more)
    note(
        name, pairs=pairs, stride=5, limit=34,
        plain=encoders.answers(*made, pairs, 34, 5, best=6, longest=8),
        none=encoders.answers(*made, pairs, 34, 5, best=6, longest=8, allows_none=True))

poolings = {
    "bert-mean": ("bert", ["mean_tokens"], None, True),
    "bert-joined": (
        "bert", ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens"], (6, "activation.Tanh"), True),
    "roberta-weighted": ("roberta", ["weightedmean_tokens", "lasttoken"], (7, "linear.Identity"), False),
    "albert-first": ("albert", ["cls_token"], None, False),
}
for seed, (name, (family, pooling, dense, normalise)) in enumerate(poolings.items()):
    folder = fresh(name)
    encoders.make_encoder(folder, family, "sentences", 100 + seed, **MORE[family])
    encoders.write_sentence_modules(folder, 16, pooling, dense, normalise, limit=20)
    texts = [encoders.text(rng) for _ in range(6)] + [encoders.text(rng, 30, 40)]
    note(name, texts=texts, vectors=encoders.sentence_vectors(folder, texts))

pixels = numpy.random.default_rng(3)
for name, size, processor in [
    ("vit-square", (24, 24), {}),
    ("vit-bicubic", (37, 29), dict(resample=3, image_mean=[0.4, 0.5, 0.6], image_std=[0.2, 0.25, 0.3])),
]:
    images = [
        Image.fromarray(pixels.integers(0, 256, (size[0], size[1], 3), dtype=numpy.uint8))
        for _ in range(3)]
    folder = fresh(name)
    made = encoders.make_vit(folder, 200, processor=processor)
    note(
        name, height=size[0], width=size[1],
        images=[image.tobytes().hex() for image in images],
        logits=encoders.image_logits(*made, images))

for path in HERE.rglob("*"):
    if path.name in ("README.md", "special_tokens_map.json"):
        path.unlink()
lines = ",\n".join(
    f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in expected.items())
(HERE / "expected.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
