"""Rank folders both ways: what mindspore would hold on each rank is merged by dsx as by
mindspore.transform_checkpoints, and what dsx split is merged by mindspore to the whole.

20 random models: tensors cut into one, two or four parts, with and without the optimizer's sharding,
tensors that only the optimizer's sharding cuts, and some that cannot be cut. Every tensor of both results is compared with the whole that it was cut from.
"""

import pathlib
import random
import tempfile

from checks import check, dsx, expect, need

ROUNDS = 20


def random_tensors(rng, np):
    """Names that the rules of dsx know, with sizes that can be divided, and some that cannot."""
    tensors = {}
    for layer in range(rng.randint(1, 3)):
        size = rng.choice([4, 8, 12])
        for name, shape in [
            (f"backbone.blocks.{layer}.attention.dense1.weight", (size, 6)),
            (f"backbone.blocks.{layer}.attention.dense1.bias", (size,)),
            (f"backbone.blocks.{layer}.output.mapping.weight", (6, size)),
            (f"backbone.blocks.{layer}.output.projection.weight", (size, 6)),
            (f"backbone.blocks.{layer}.layernorm1.gamma", (5,)),
            (f"backbone.blocks.{layer}.layernorm2.gamma", (8,)),
            (f"backbone.blocks.{layer}.output.projection.bias", (12,)),
        ]:
            tensors[name] = np.asarray(
                [rng.uniform(-1, 1) for _ in range(int(np.prod(shape)))], np.float32).reshape(shape)
    tensors["backbone.embedding.position_embedding.embedding_table"] = np.asarray(
        [rng.uniform(-1, 1) for _ in range(96)], np.float32).reshape(16, 6)
    return tensors


def equal(np, found, wanted):
    return set(found) == set(wanted) and all(
        np.array_equal(found[name], wanted[name]) for name in wanted)


def check_parts(folder):
    import mindspore as ms
    import numpy as np

    rng = random.Random(7)
    for number in range(ROUNDS):
        wanted = random_tensors(rng, np)
        whole, split = folder / f"{number}.npz", folder / f"{number}"
        np.savez(whole, **wanted)
        parts, shards = rng.choice([1, 2, 4]), rng.choice([1, 2])
        if parts * shards == 1:
            parts = 2
        dsx("weights", "split", whole, split, "--parts", parts, "--optimizer-shards", shards,
            "--style", "mindspore")
        strategy, out = split / "strategy.ckpt", folder / f"{number}-mindspore"
        ms.transform_checkpoints(str(split), str(out), "whole", str(strategy), None)
        loaded = ms.load_checkpoint(str(out / "rank_0" / "whole0.ckpt"))
        found = {name: value.asnumpy() for name, value in loaded.items()}
        expect(equal(np, found, wanted), f"mindspore's merge of {parts} parts, {shards} shards")
        again = folder / f"{number}-dsx.npz"
        dsx("weights", "merge", split, again, "--strategy", strategy)
        expect(equal(np, dict(np.load(again)), wanted), "dsx's merge")
    return f"{ROUNDS} layouts"


def main():
    need("mindspore", "numpy")
    with check("weights-parts") as note, tempfile.TemporaryDirectory() as folder:
        note(check_parts(pathlib.Path(folder)))


if __name__ == "__main__":
    main()
