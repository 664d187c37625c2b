"""transformers loads the shipped model, and its log-likelihoods equal those of `dsx eval`.

Every text of `tang_ppl` is scored on its own, every token exactly once. A text that is longer than
the model's context is cut into windows as lm-eval does it (get_rolling_token_windows with
context_len 1): each window predicts the next C tokens, or what is left of them, and reads as many
tokens to their left as the model's context allows.
"""

import json
import pathlib
import tempfile

from checks import ROOT, check, dsx, expect, need

MODEL = ROOT / "models" / "nanogpt_zh"
DATA = ROOT / "datasets" / "tang_ppl" / "dev.jsonl"
TOLERANCE = 5e-5


def token_nll(model, ids):
    """Negative log-likelihood of ids[1:], each once; ids[0] is context only."""
    import torch

    context = model.config.n_positions
    losses = []
    done = 1
    while done < len(ids):
        count = min(context, len(ids) - done)
        end = done + count
        window = torch.tensor([ids[max(0, end - context - 1) : end]])
        # Logits in float32 as the model gives them, the softmax in float64: what the softmax adds
        # to the difference would otherwise be as large as what the models add.
        logits = model(window[:, :-1]).logits[0].double()
        nll = torch.nn.functional.cross_entropy(logits, window[0, 1:], reduction="none")
        losses += nll[-count:]
        done = end
    return [float(loss) for loss in losses]


def python_scores():
    """[(id, ids, nll)] of the texts, by transformers alone."""
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = transformers.AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL)
    scores = []
    with torch.inference_mode():
        for line in DATA.read_text(encoding="utf-8").split("\n")[:-1]:
            record = json.loads(line)
            text_ids = tokenizer(record["text"], add_special_tokens=False)["input_ids"]
            ids = [model.config.bos_token_id, *text_ids]
            scores.append((str(record["id"]), ids, token_nll(model, ids)))
    return scores, model.config.n_positions


def dsx_scores():
    """{id: prediction} as `dsx eval` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        dsx("eval", "--no-cache", "--model", MODEL.relative_to(ROOT), "--dataset", "tang_ppl", "--output", run)
        lines = (run / "predictions.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    return {str(record["id"]): record for record in map(json.loads, lines)}


with check("transformers-log-likelihoods") as note:
    need("torch", "transformers", "tokenizers")
    wanted, context = python_scores()
    found = dsx_scores()
    expect(wanted, f"no texts in {DATA}")
    expect(len(found) == len(wanted), f"{len(found)} predictions for {len(wanted)} texts")
    worst = 0.0
    for name, ids, losses in wanted:
        expect(name in found, f"no prediction for id {name}")
        ours = found[name]
        expect(ours["input_ids"] == ids, f"text {name}: other ids: {ours['input_ids']!s:.80}")
        count = len(ours["token_nll"])
        expect(count == len(losses), f"text {name}: {count} values for {len(losses)} tokens")
        for index, (mine, other) in enumerate(zip(ours["token_nll"], losses)):
            difference = abs(mine - other)
            # Written so that NaN fails too.
            expect(
                difference <= TOLERANCE,
                f"text {name}, token {index}: {mine} instead of {other:.6f}",
            )
            worst = max(worst, difference)
    tokens = sum(len(losses) for _, _, losses in wanted)
    long = sum(len(ids) - 1 > context for _, ids, _ in wanted)
    note(f"{len(wanted)} texts, {tokens} tokens, {long} longer than {context}")
    note(f"largest difference {worst:.1e}")
