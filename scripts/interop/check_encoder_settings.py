"""What a folder says beside its weights: `problem_type` and label names beside transformers' pipeline, and
`config_sentence_transformers.json` beside sentence-transformers, on random BERT models."""

import json
import pathlib
import random
import tempfile

from checks import check, dsx, expect, need

TOLERANCE = 1e-5
COUNT = 20
SHAPE = dict(width=32, heads=4, inner=48, positions=64)


def patch(path, **members):
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**old, **members}), encoding="utf-8")


def predict(folder, rows, *options):
    source = folder.parent / "input.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    printed = dsx("predict", "--model", folder, "--input", source, "--output", "-", *options)
    records = [json.loads(line) for line in printed.split("\n")[:-1]]
    for record in records:
        expect(record["status"] == "ok", f"row {record['row']}: {record.get('reason')}")
    return [record["output"] for record in records]


LABELS = [
    dict(labels=1), dict(labels=1, members=dict(problem_type="regression")), dict(labels=4),
    dict(labels=4, members=dict(problem_type="multi_label_classification")),
    dict(labels=4, members=dict(problem_type="single_label_classification")),
    dict(labels=3, members=dict(
        id2label={"0": "neg", "1": "neu", "2": "pos"},
        label2id={"LABEL_0": 0, "LABEL_1": 1, "LABEL_2": 2})),
]
with check("kinds-of-labels") as note:
    need("torch", "transformers", "tokenizers")
    import random_encoders as encoders
    import transformers

    rng, worst = random.Random(21), 0.0
    for seed, case in enumerate(LABELS):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            encoders.make_encoder(folder, "bert", "text", 300 + seed, labels=case["labels"], **SHAPE)
            patch(folder / "config.json", **case.get("members", {}))
            texts = [encoders.text(rng, 1, 20) for _ in range(COUNT)]
            pipeline = transformers.pipeline("text-classification", model=str(folder), top_k=None)
            mine = predict(folder, [{"text": text} for text in texts])
            for text, output in zip(texts, mine):
                theirs = {one["label"]: one["score"] for one in pipeline([text])[0]}
                found = dict(zip(output["labels"], output["scores"]))
                expect(found.keys() == theirs.keys(), f"{case}: {found.keys()}, not {theirs.keys()}")
                worst = max(worst, *(abs(found[name] - theirs[name]) for name in theirs))
                expect(worst <= TOLERANCE, f"{case}: differs by {worst}")
    note(f"{len(LABELS)} models, {COUNT} texts each, largest difference {worst:.1e}")

SETTINGS = [
    dict(prompts={"query": "the dog: "}, default_prompt_name="query"),
    dict(prompts={"query": "the dog: "}, default_prompt_name=None),
    dict(truncate_dim=8), dict(similarity_fn_name="dot"), dict(similarity_fn_name="euclidean"),
    dict(similarity_fn_name="manhattan"), dict(similarity_fn_name="cosine"),
]
with check("sentence-settings") as note:
    need("torch", "transformers", "tokenizers", "sentence_transformers")
    import random_encoders as encoders
    import sentence_transformers

    rng, worst = random.Random(22), 0.0
    for seed, settings in enumerate(SETTINGS):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            encoders.make_encoder(folder, "bert", "sentences", 330 + seed, **SHAPE)
            encoders.write_sentence_modules(
                folder, SHAPE["width"], ["mean_tokens"], None, seed % 2 == 0, limit=30)
            patch(folder / "config_sentence_transformers.json", **settings)
            model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
            pairs = [(encoders.text(rng, 1, 20), encoders.text(rng, 1, 20)) for _ in range(COUNT)]
            vectors = predict(
                folder, [{"text": text} for text, _ in pairs], "--task", "feature-extraction",
                "--on-long", "truncate-right")
            alike = predict(
                folder, [{"text": a, "text2": b} for a, b in pairs], "--task",
                "sentence-similarity", "--on-long", "truncate-right")
            for (a, b), output, score in zip(pairs, vectors, alike):
                left, right = (model.encode([one], show_progress_bar=False)[0] for one in (a, b))
                mine = output["text_embedding"]
                expect(len(mine) == len(left), f"{settings}: {len(mine)} numbers, not {len(left)}")
                theirs = float(model.similarity(left, right)[0][0])
                differences = [abs(x - float(y)) for x, y in zip(mine, left)]
                worst = max(worst, *differences, abs(score["scores"][0] - theirs) / max(1, abs(theirs)))
                expect(worst <= TOLERANCE, f"{settings}: differs by {worst}")
    note(f"{len(SETTINGS)} folders, {COUNT} pairs each, largest difference {worst:.1e}")
