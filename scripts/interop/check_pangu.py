"""PanGu-alpha: random models of several sizes, as MindSpore checkpoints, score as the NumPy reference
(`pangu_reference.py`, float64) says: dsx's new ids are the reference's, and their log-probabilities."""

import json
import pathlib
import tempfile

from checks import ROOT, check, dsx, expect, need

VOCABULARY = ROOT / "Tests" / "Fixtures" / "golden" / "prepare"
SIZES = [
    {"hidden_size": 48, "num_layers": 4, "num_heads": 4, "seq_length": 64},
    {"hidden_size": 64, "num_layers": 2, "num_heads": 8, "seq_length": 40},
]


def vocabulary():
    """A SentencePiece model of the fixtures and its number of pieces."""
    import sentencepiece

    for path in sorted(VOCABULARY.rglob("*.model")):
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        if processor.get_piece_size() > 1000:
            return path, processor
    raise AssertionError(f"no vocabulary below {VOCABULARY}")


with check("pangu-reference") as note:
    need("mindspore", "numpy", "sentencepiece")
    import mindspore
    import numpy
    from pangu_reference import PanGu, log_softmax, random_weights

    path, processor = vocabulary()
    compared, worst = 0, 0.0
    for seed, size in enumerate(SIZES):
        config = {
            "model_type": "pangu_alpha", "vocab_size": processor.get_piece_size(),
            "ffn_hidden_size": 3 * size["hidden_size"], "pad_token_id": 6, **size,
        }
        weights = random_weights(config, seed)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            entries = [{"name": n, "data": mindspore.Tensor(v)} for n, v in weights.items()]
            mindspore.save_checkpoint(entries, str(folder / "model.ckpt"))
            (folder / "config.json").write_text(json.dumps(config))
            (folder / "vocab.model").write_bytes(path.read_bytes())
            model = PanGu(config, weights)
            for prompt in ("中国", "这个命令用于查看系统", "A short line, 第二"):
                line = dsx(
                    "generate", "--model", folder, "--prompt", prompt, "--max-tokens", 12,
                    "--format", "json", "--logprobs",
                )
                result = json.loads(line)
                import jieba

                words = [w.replace(" ", "\u2582").replace("\n", "\u2583") for w in jieba.cut(prompt)]
                ids = processor.encode(" ".join(words))
                expect(result["prompt_tokens"] == len(ids), f"{prompt}: other prompt ids")
                for new, logprob in zip(result["ids"], result["logprobs"]):
                    scores = log_softmax(model.logits(ids))[-1]
                    best = numpy.sort(scores)[-2:]
                    expect(scores[new] >= best[1] - 1e-3, f"{prompt}: {new} is not the best id")
                    worst = max(worst, abs(scores[new] - logprob))
                    expect(abs(scores[new] - logprob) <= 5e-5, f"{prompt}: {logprob}")
                    compared += 1
                    ids = [*ids, new]
    expect(compared > 20, f"only {compared} ids")
    note(f"{compared} ids, largest difference {worst:.1e}")
