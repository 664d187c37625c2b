"""`dsx generate` gives what transformers' `generate` gives, on random-weight GPT-2 and LLaMA models.

Vocabularies of single bytes, so that prompts are texts and ids at once. Greedy ids are compared as far
as transformers' margin is at least 1e-3, beams by their ids (or, where two hypotheses tie, by their
score), samples by a chi-square test of 4,000 draws against transformers' own distribution.
"""

import json
import pathlib
import random
import tempfile

from checks import check, dsx, expect, need

MARGIN = 1e-3
TOKENS = 24


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


def make_model(kind, folder):
    """A model with weights that give logits with some spread; saved as transformers saves it."""
    import torch
    import transformers

    torch.manual_seed(4)
    common = {"vocab_size": 257, "bos_token_id": 256, "eos_token_id": 256}
    if kind == "gpt2":
        config = transformers.GPT2Config(
            n_embd=32, n_layer=2, n_head=4, n_positions=96, initializer_range=0.4, **common
        )
        model = transformers.GPT2LMHeadModel(config)
    else:
        config = transformers.LlamaConfig(
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=96,
            initializer_range=0.4,
            **common,
        )
        model = transformers.LlamaForCausalLM(config)
    model = model.eval()
    model.save_pretrained(folder)
    write_tokenizer(folder)
    return model


def prompts_of(count, seed):
    """Short ASCII texts."""
    letters = random.Random(seed)
    return ["".join(chr(letters.randrange(33, 127)) for _ in range(letters.randrange(3, 20)))
            for _ in range(count)]


def generate(folder, texts, *options):
    """dsx's results."""
    path = folder / "prompts.jsonl"
    path.write_text("".join(json.dumps({"prompt": text}) + "\n" for text in texts))
    output = dsx(
        "generate", "--model", folder, "--input", path, "--bos", "off", "--format", "json",
        "--logprobs", *options,
    )
    return [json.loads(line) for line in output.split("\n")[:-1]]


def reference(model, text, **options):
    """transformers' new ids, and for each the margin between the best two scores."""
    import torch

    ids = torch.tensor([list(text.encode())])
    with torch.inference_mode():
        output = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            pad_token_id=256,
            output_scores=True,
            return_dict_in_generate=True,
            max_new_tokens=TOKENS,
            **options,
        )
    return output, output.sequences[0, ids.shape[1] :].tolist()


def compare_greedy(model, folder, *arguments, **options):
    """Compares the ids of 20 prompts as far as they are safe; how many that were."""
    texts = prompts_of(20, 1)
    compared = 0
    for text, ours in zip(texts, generate(folder, texts, "--max-tokens", TOKENS, *arguments)):
        output, wanted = reference(model, text, do_sample=False, **options)
        for place, scores in enumerate(output.scores):
            best = scores[0].topk(2).values
            if best[0] - best[1] < MARGIN:
                break
            expect(place < len(ours["ids"]), f"{text!r} ends after {place} ids")
            expect(
                ours["ids"][place] == wanted[place],
                f"{text!r}, id {place}: {ours['ids'][place]} instead of {wanted[place]}",
            )
            compared += 1
    return compared


def compare_beams(model, folder, note):
    texts = prompts_of(12, 2)
    count = ties = 0
    for beams, penalty, early in (
        (2, 1.0, False), (4, 1.0, False), (4, 0.0, True), (3, 2.0, "never"), (5, -0.5, False),
    ):
        word = {True: "always", False: "heuristic", "never": "never"}[early]
        results = generate(
            folder, texts, "--max-tokens", TOKENS, "--beams", beams, "--length-penalty", penalty,
            "--early-stopping", word,
        )
        for text, ours in zip(texts, results):
            output, wanted = reference(
                model, text, do_sample=False, num_beams=beams, length_penalty=penalty,
                early_stopping=early,
            )
            score = float(output.sequences_scores[0])
            # transformers fills a text that ended early up to the longest.
            wanted = wanted[: wanted.index(256) + 1] if 256 in wanted else wanted
            expect(
                abs(ours["beam_score"] - score) < 1e-4 * max(1, abs(score)),
                f"{text!r}, {beams} beams: score {ours['beam_score']} instead of {score}",
            )
            count += 1
            ties += ours["ids"] != wanted
    expect(ties <= count // 50, f"{ties} of {count} texts differ at equal scores")
    note(f"{count} searches, {ties} ties")


def compare_samples(model, folder, note):
    import torch
    import transformers
    from scipy.stats import chisquare

    text = "sample me"
    ids = torch.tensor([list(text.encode())])
    draws = 4000
    worst = 1.0
    for arguments, processors in (
        (("--temperature", 1.5), [transformers.TemperatureLogitsWarper(1.5)]),
        (("--top-k", 12), [transformers.TopKLogitsWarper(12)]),
        (("--top-p", 0.7), [transformers.TopPLogitsWarper(0.7)]),
        (
            ("--repetition-penalty", 1.4, "--temperature", 0.7, "--top-k", 40, "--top-p", 0.9),
            [
                transformers.RepetitionPenaltyLogitsProcessor(1.4),
                transformers.TemperatureLogitsWarper(0.7),
                transformers.TopKLogitsWarper(40),
                transformers.TopPLogitsWarper(0.9),
            ],
        ),
        (
            ("--temperature", 2.0, "--min-p", 0.1),
            [transformers.TemperatureLogitsWarper(2.0), transformers.MinPLogitsWarper(0.1)],
        ),
    ):
        with torch.inference_mode():
            scores = model(ids).logits[:, -1].float()
        for processor in processors:
            scores = processor(ids, scores)
        probabilities = scores.softmax(-1)[0].double()
        results = generate(
            folder, [text] * draws, "--max-tokens", 1, "--seed", 11, "--batch-size", 64, *arguments
        )
        counts = torch.zeros(257, dtype=torch.float64)
        for result in results:
            counts[result["ids"][0]] += 1
        allowed = probabilities > 0
        expect(counts[~allowed].sum() == 0, f"{arguments}: an id that may not be drawn was")
        expected = probabilities * draws
        rare = allowed & (expected < 5)
        groups = [(counts[i], expected[i]) for i in torch.nonzero(allowed & ~rare).flatten()]
        if expected[rare].sum() >= 5:
            groups.append((counts[rare].sum(), expected[rare].sum()))
        seen = [float(pair[0]) for pair in groups]
        wanted = [float(pair[1]) for pair in groups]
        scale = sum(seen) / sum(wanted)
        p = chisquare(seen, [value * scale for value in wanted]).pvalue if len(seen) > 1 else 1.0
        expect(p > 1e-4, f"{arguments}: chi-square p = {p:.2g} over {len(seen)} ids")
        worst = min(worst, p)
    note(f"5 distributions of {draws} draws, smallest p {worst:.2g}")


for kind in ("gpt2", "llama"):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = None
        with check(f"generate-{kind}-greedy") as note:
            need("torch", "transformers", "tokenizers")
            import transformers

            transformers.logging.set_verbosity_error()
            transformers.logging.disable_progress_bar()
            model = make_model(kind, folder)
            plain = compare_greedy(model, folder)
            penalty = compare_greedy(
                model, folder, "--repetition-penalty", 1.3, repetition_penalty=1.3
            )
            ngrams = compare_greedy(model, folder, "--no-repeat-ngram", 2, no_repeat_ngram_size=2)
            minimum = compare_greedy(model, folder, "--min-tokens", 20, min_new_tokens=20)
            expect(min(plain, penalty, ngrams, minimum) > 200, "too few ids were safe to compare")
            note(f"{plain} ids, {penalty} with a penalty, {ngrams} without repeated pairs, ")
            note(f"{minimum} with a minimum")
        with check(f"generate-{kind}-beams") as note:
            expect(model is not None, "no model")
            compare_beams(model, folder, note)
        with check(f"generate-{kind}-samples") as note:
            need("scipy")
            expect(model is not None, "no model")
            compare_samples(model, folder, note)
