"""Makes Tests/Fixtures/pangu: a small PanGu-alpha with random weights, and its logits by the NumPy
reference in scripts/interop. mindspore 2.10.0 writes the checkpoints, numpy 2.4.6 the tables.

    python scripts/goldens/make_pangu.py
"""

import json
import pathlib
import sys

import mindspore
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "interop"))
from pangu_reference import PanGu, log_softmax, random_weights  # noqa: E402

CONFIG = {
    "model_type": "pangu_alpha",
    "hidden_size": 16,
    "num_layers": 3,
    "num_heads": 2,
    "ffn_hidden_size": 40,
    "vocab_size": 50,
    "seq_length": 24,
    "pad_token_id": 6,
    "eos_token_id": 9,
}
TABLES = {
    "backbone.embedding.word_embedding.embedding_table": "word_embedding.npy",
    "backbone.embedding.position_embedding.embedding_table": "position_embedding.npy",
    "backbone.top_query_embedding.embedding_table": "top_query_embedding.npy",
}


def save(weights, path):
    """A MindSpore checkpoint."""
    entries = [{"name": name, "data": mindspore.Tensor(value)} for name, value in weights.items()]
    mindspore.save_checkpoint(entries, str(path))


def main():
    folder = ROOT / "Tests" / "Fixtures" / "pangu"
    weights = random_weights(CONFIG, 8)
    for name in ("whole", "tables"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        text = json.dumps(CONFIG, indent=2) + "\n"
        (folder / name / "config.json").write_text(text, encoding="utf-8")
    save(weights, folder / "whole" / "model.ckpt")
    # As the release has them: the tables beside the checkpoint.
    rest = {name: value for name, value in weights.items() if name not in TABLES}
    save(rest, folder / "tables" / "filtered.ckpt")
    for name, file in TABLES.items():
        numpy.save(folder / "tables" / file, weights[name])

    model = PanGu(CONFIG, weights)
    random = numpy.random.default_rng(3)
    items = []
    for length in (1, 2, 5, 12, 24, 25):
        ids = random.integers(0, CONFIG["vocab_size"], length)
        ids[ids == CONFIG["pad_token_id"]] = 7
        logits = model.logits(ids[:24])
        chosen = log_softmax(logits)[numpy.arange(length - 1), ids[1:]]
        items.append(
            {
                "ids": ids.tolist(),
                "log_probabilities": chosen.tolist(),
                "last_logits": logits[-1].tolist(),
            }
        )
    # The padding id inside: hidden from all others. Behind it nothing is said, as the original lets its
    # own row see everything.
    padded = []
    for length, places in ((9, [4]), (24, [0, 7, 8, 15]), (20, [18])):
        ids = random.integers(7, CONFIG["vocab_size"], length)
        ids[places] = CONFIG["pad_token_id"]
        chosen = log_softmax(model.logits(ids))[numpy.arange(length - 1), ids[1:]]
        known = [None if ids[i] == CONFIG["pad_token_id"] else float(v) for i, v in enumerate(chosen)]
        padded.append({"ids": ids.tolist(), "log_probabilities": known})
    result = {"tool": f"numpy {numpy.__version__}, scripts/interop/pangu_reference.py"}
    result["items"] = items
    result["padded"] = padded
    text = json.dumps(result) + "\n"
    (folder / "expected.json").write_text(text, encoding="utf-8")


main()
