"""transformers' encoders with random weights beside `dsx predict`: BERT, RoBERTa and ALBERT of several
shapes as text classifiers, taggers, question answerers and sentence encoders, and vision
transformers; 20 random inputs each, every input computed by itself on transformers' side.

`dsx predict` prints probabilities: the logarithms of all labels' probabilities are compared, which are
the logits but for one number that all of them share.
"""

import json
import math
import pathlib
import random
import tempfile

from checks import check, dsx, expect, need

TOLERANCE = 1e-4
COUNT = 20


def predict(folder, rows, name="input.jsonl", *options):
    """The `output` of each row."""
    source = pathlib.Path(folder).parent / name
    if rows is not None:
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    target = pathlib.Path(folder).parent / "output.jsonl"
    dsx("predict", "--model", folder, "--input", source, "--output", target, "--overwrite",
        *options)
    lines = target.read_text(encoding="utf-8").split("\n")[:-1]
    records = [json.loads(line) for line in lines]
    for record in records:
        expect(record["status"] == "ok", f"row {record['row']}: {record.get('reason')}")
    return [record["output"] for record in records]


def log_softmax(logits):
    top = max(logits)
    total = math.log(sum(math.exp(value - top) for value in logits)) + top
    return [value - total for value in logits]


def close(mine, theirs, what):
    """The largest difference of two lists; NaN fails."""
    expect(len(mine) == len(theirs), f"{what}: {len(mine)} numbers instead of {len(theirs)}")
    worst = max((abs(a - b) for a, b in zip(mine, theirs)), default=0.0)
    expect(worst <= TOLERANCE, f"{what}: differs by {worst}")
    return worst


def of_labels(output, count):
    """Logarithms of the probabilities in the order of the labels L-0, L-1, ..."""
    found = dict(zip(output["labels"], output["scores"]))
    return [math.log(found[f"L-{index}"]) for index in range(count)]


# Several shapes: odd numbers of heads, narrow and wide inner layers, other activations.
SHAPES = {
    "bert": [
        dict(width=48, heads=3, layers=3, inner=100, positions=64),
        dict(width=64, heads=8, layers=2, inner=256, positions=150, hidden_act="gelu_new"),
        dict(width=40, heads=5, layers=1, inner=33, positions=64, hidden_act="relu"),
    ],
    "roberta": [
        dict(width=48, heads=4, layers=2, inner=96, size=300, positions=66),
        dict(width=32, heads=1, layers=4, inner=64, size=300, positions=140, hidden_act="silu"),
    ],
    "albert": [
        dict(width=48, heads=4, layers=4, inner=96, embedding_size=16, positions=64),
        dict(width=32, heads=2, layers=6, inner=64, embedding_size=24, num_hidden_groups=3,
             inner_group_num=2, positions=64),
    ],
}


def limit_of(family, shape):
    return shape["positions"] - (2 if family == "roberta" else 0)


for family, shapes in SHAPES.items():
    with check(f"{family}-text-classification") as note:
        need("torch", "transformers", "tokenizers")
        import random_encoders as encoders

        rng, worst = random.Random(7), 0.0
        for seed, shape in enumerate(shapes):
            with tempfile.TemporaryDirectory() as place:
                folder = pathlib.Path(place) / "model"
                made = encoders.make_encoder(folder, family, "text", seed, labels=5, **shape)
                texts = [
                    (encoders.text(rng), encoders.text(rng) if index % 2 else None)
                    for index in range(COUNT)]
                theirs = encoders.text_logits(*made, texts, limit_of(family, shape))
                for singles in (True, False):
                    rows = [
                        {"text": a} if b is None else {"text": a, "text2": b}
                        for a, b in texts if (b is None) == singles]
                    options = () if singles else ("--columns", "text=text,text2=text2")
                    mine = predict(folder, rows, "input.jsonl", "--on-long", "truncate-right",
                                   *options)
                    wanted = [
                        logits for logits, (_, b) in zip(theirs, texts) if (b is None) == singles]
                    for index, (output, logits) in enumerate(zip(mine, wanted)):
                        worst = max(worst, close(
                            of_labels(output, 5), log_softmax(logits), f"{shape} {index}"))
        note(f"{len(shapes)} shapes, {COUNT} texts and pairs each, largest difference {worst:.1e}")

    with check(f"{family}-token-classification") as note:
        need("torch", "transformers", "tokenizers")
        import random_encoders as encoders

        rng, compared, unsure = random.Random(8), 0, 0
        for seed, shape in enumerate(shapes):
            with tempfile.TemporaryDirectory() as place:
                folder = pathlib.Path(place) / "model"
                names = {0: "O", 1: "B-A", 2: "B-B", 3: "B-C"}
                made = encoders.make_encoder(
                    folder, family, "tokens", 30 + seed, names=names, **shape)
                sentences = [encoders.text(rng, 2, 9).split() for _ in range(COUNT)]
                theirs = encoders.tag_logits(*made, sentences, limit_of(family, shape))
                mine = predict(
                    folder, [{"tokens": words} for words in sentences], "input.jsonl",
                    "--on-long", "truncate-right", "--columns", "text=tokens")
                for index, words in enumerate(sentences):
                    found, place_of, start = {}, [], 0
                    for word in words:
                        place_of.append(start)
                        start += len(word) + 1
                    for chunk in mine[index]["output"]:
                        found[chunk["start"]] = chunk["type"]
                    for word, logits in enumerate(theirs[index]):
                        order = sorted(logits, reverse=True)
                        if not logits or order[0] - order[1] < 1e-3:
                            unsure += 1
                            continue
                        tag = names[logits.index(order[0])]
                        got = found.get(place_of[word], "O")
                        expect(
                            got == tag.removeprefix("B-"),
                            f"{shape} {index} word {word}: {got} instead of {tag}")
                        compared += 1
        note(f"{len(shapes)} shapes, {COUNT} sentences each, {compared} words equal, {unsure} too close")

    with check(f"{family}-question-answering") as note:
        need("torch", "transformers", "tokenizers")
        import random_encoders as encoders

        rng, worst, windows = random.Random(9), 0.0, 0
        for seed, shape in enumerate(shapes):
            with tempfile.TemporaryDirectory() as place:
                folder = pathlib.Path(place) / "model"
                made = encoders.make_encoder(folder, family, "answers", 60 + seed, **shape)
                pairs = [
                    (encoders.text(rng, 1, 2), encoders.text(rng, 5, 200 if index % 3 == 0 else 40))
                    for index in range(COUNT)]
                # A model that takes less than run_qa.py's 384 tokens: the pipeline's stride.
                limit = limit_of(family, shape)
                theirs = encoders.answers(*made, pairs, limit, min(limit // 2, 128))
                mine = predict(
                    folder, [{"question": a, "context": b} for a, b in pairs])
                for index, (output, wanted) in enumerate(zip(mine, theirs)):
                    windows += wanted["windows"]
                    best = wanted["candidates"]
                    if len(best) > 1 and best[0]["score"] - best[1]["score"] < 1e-3:
                        continue
                    expect(
                        output["output"] == wanted["answer"],
                        f"{shape} {index}: {output['output']!r} instead of {wanted['answer']!r}")
                    worst = max(worst, close(
                        [output["score"]], [best[0]["probability"]], f"{shape} {index}"))
                    context = pairs[index][1]
                    expect(
                        context[output["start"]:output["end"]] == output["output"],
                        f"{shape} {index}: other places")
        note(f"{len(shapes)} shapes, {windows} windows, probabilities within {worst:.1e}")

POOLINGS = [
    ("bert", dict(width=48, heads=4, inner=96, positions=64), ["mean_tokens"], None, True),
    ("bert", dict(width=32, heads=2, inner=64, positions=64),
     ["cls_token", "max_tokens", "mean_sqrt_len_tokens"], (20, "activation.Tanh"), True),
    ("roberta", dict(width=32, heads=2, inner=64, size=300, positions=66),
     ["weightedmean_tokens", "lasttoken"], (20, "linear.Identity"), False),
    ("albert", dict(width=32, heads=2, inner=64, embedding_size=16, positions=64), ["cls_token"],
     (9, "activation.ReLU"), False),
]
with check("sentence-vectors") as note:
    need("torch", "transformers", "tokenizers", "sentence_transformers")
    import random_encoders as encoders

    rng, worst = random.Random(10), 0.0
    for seed, (family, shape, pooling, dense, normalise) in enumerate(POOLINGS):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            encoders.make_encoder(folder, family, "sentences", 90 + seed, **shape)
            encoders.write_sentence_modules(
                folder, shape["width"], pooling, dense, normalise, limit=30)
            texts = [encoders.text(rng, 1, 40) for _ in range(COUNT)]
            theirs = encoders.sentence_vectors(folder, texts)
            mine = predict(
                folder, [{"text": one} for one in texts], "input.jsonl", "--on-long",
                "truncate-right", "--task", "feature-extraction")
            for index, (output, vector) in enumerate(zip(mine, theirs)):
                worst = max(worst, close(
                    output["text_embedding"], vector, f"{family} {pooling} {index}"))
    note(f"{len(POOLINGS)} models, {COUNT} texts each, largest difference {worst:.1e}")

VISION = [
    dict(width=48, heads=4, layers=3, inner=96, image=32, patch=8),
    dict(width=32, heads=2, layers=2, inner=50, image=30, patch=7, hidden_act="gelu_new",
         processor=dict(resample=3)),
    dict(width=24, heads=3, layers=1, inner=48, image=48, patch=16, qkv_bias=False,
         processor=dict(image_mean=[0.1, 0.2, 0.3], image_std=[0.5, 0.6, 0.7])),
]
with check("vit-image-classification") as note:
    need("torch", "transformers", "numpy", "PIL")
    import numpy
    import random_encoders as encoders
    from PIL import Image

    pixels, worst = numpy.random.default_rng(4), 0.0
    for seed, shape in enumerate(VISION):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place) / "model"
            photos = pathlib.Path(place) / "photos"
            photos.mkdir()
            made = encoders.make_vit(folder, 120 + seed, labels=4, **shape)
            images = []
            for index in range(COUNT):
                height, width = pixels.integers(20, 90, 2)
                array = pixels.integers(0, 256, (height, width, 3), dtype=numpy.uint8)
                images.append(Image.fromarray(array))
                images[-1].save(photos / f"{index:03}.png")
            theirs = encoders.image_logits(*made, images)
            mine = predict(folder, None, "photos")
            for index, (output, logits) in enumerate(zip(mine, theirs)):
                worst = max(worst, close(
                    of_labels(output, 4), log_softmax(logits), f"{shape} {index}"))
    note(f"{len(VISION)} shapes, {COUNT} images each, largest difference {worst:.1e}")
