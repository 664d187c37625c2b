"""Batches by length, padded batches, shards and their remainders against mindspore.dataset.

Both read the same record set of rows of different lengths, written by MindSpore. Shuffles are not
compared row by row, as each has its own random order: both must give every row exactly once, in an order
that is not the stored one and that the seed decides.
"""

import json
import pathlib
import random
import tempfile

from checks import check, dsx, expect, need

with check("pipelines: the peer is there"):
    need("numpy", "mindspore")

import mindspore.dataset as ds
import mindspore.mindrecord as record
import numpy as np

ROWS = 503


def write(path, seed):
    """A record set of an id and a list of 0 to 40 numbers a row."""
    rng = random.Random(seed)
    writer = record.FileWriter(str(path), 1)
    writer.add_schema(
        {"id": {"type": "int64"}, "ids": {"type": "int32", "shape": [-1]}}, "rows of lengths"
    )
    rows = []
    for number in range(ROWS):
        ids = [rng.randrange(1000) for _ in range(rng.randrange(1, 41))]
        rows.append({"id": number, "ids": np.array(ids, dtype=np.int32)})
    writer.write_raw_data(rows)
    writer.commit()


def ours(path, *stages):
    """The batches of a dsx pipeline: (ids of rows, matrix) each."""
    options = [word for stage in stages for word in ("--stage", stage)]
    out = dsx("pipeline", "run", "--records", str(path), *options, "--columns")
    batches = [json.loads(line) for line in out.splitlines()]
    return [(batch["id"], batch["ids"]) for batch in batches]


def theirs(dataset):
    """The batches of a MindSpore dataset."""
    found = []
    for row in dataset.create_dict_iterator(output_numpy=True, num_epochs=1):
        found.append((row["id"].reshape(-1).tolist(), row["ids"].tolist()))
    return found


def stored(path):
    """The rows in stored order."""
    return ds.MindDataset(str(path), columns_list=["id", "ids"], shuffle=False, num_parallel_workers=1)


def same(name, condition):
    """One result line for a comparison."""
    with check("pipelines: " + name):
        expect(condition, "the results differ")


def lengths(boundaries, sizes, drop):
    """Options of one bucket case."""
    stage = f"bucket_by_length: {{column: ids, boundaries: {boundaries}, sizes: {sizes}, "
    return stage + f"drop_remainder: {str(drop).lower()}}}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.mindrecord"
        write(path, 5)
        pad = {"id": ([], 0), "ids": ([None], -7)}
        for boundaries, sizes in [([10], [8, 8]), ([5, 12, 30], [16, 8, 4, 2]), ([20, 40], [7, 5, 3])]:
            for drop in (False, True):
                expected = theirs(
                    stored(path).bucket_batch_by_length(
                        ["ids"], boundaries, sizes,
                        element_length_function=lambda ids: np.int32(ids.shape[0]),
                        pad_info=pad, drop_remainder=drop))
                found = ours(path, lengths(boundaries, sizes, drop), "pad: {value: -7}")
                same(f"buckets {boundaries} drop {drop}: {len(expected)} batches", found == expected)
        for size, drop in [(8, False), (8, True), (50, False), (1000, False)]:
            expected = theirs(stored(path).padded_batch(size, drop_remainder=drop, pad_info=pad))
            stage = f"padded_batch: {{size: {size}, value: -7, drop_remainder: {str(drop).lower()}}}"
            found = ours(path, stage)
            same(f"padded batches of {size} drop {drop}: {len(expected)}", found == expected)
        fixed = {"id": ([], 0), "ids": ([45], -7)}
        expected = theirs(stored(path).padded_batch(16, pad_info=fixed))
        same("padded to 45", ours(path, "padded_batch: {size: 16, length: 45, value: -7}") == expected)
        short = {"id": ([], 0), "ids": ([9], -7)}
        expected = theirs(stored(path).padded_batch(16, pad_info=short))
        stage = "padded_batch: {size: 16, length: 9, value: -7, too_long: truncate}"
        same("padded and cut to 9", ours(path, stage) == expected)
        expected = theirs(stored(path).skip(17).take(100).repeat(2).padded_batch(32, pad_info=pad))
        stages = ["skip: 17", "take: 100", "repeat: 2", "padded_batch: {size: 32, value: -7}"]
        same("skip, take, repeat, padded batch", ours(path, *stages) == expected)
        every = list(range(ROWS))
        for seed in (1, 2):
            ids = [i for batch, _ in ours(path, f"shuffle: {{seed: {seed}}}") for i in batch]
            again = [i for batch, _ in ours(path, f"shuffle: {{seed: {seed}}}") for i in batch]
            same(f"shuffle {seed}: every row once", sorted(ids) == every and ids != every)
            same(f"shuffle {seed}: repeatable", ids == again)
        ranks = []
        for rank in range(4):
            batches = ours(path, f"shard: {{rank: {rank}, of: 4}}")
            ranks.append([i for batch, _ in batches for i in batch])
        same("shards: the union is the whole", sorted(sum(ranks, [])) == every)
        sampler = [
            theirs(ds.MindDataset(
                str(path), columns_list=["id", "ids"], num_parallel_workers=1,
                sampler=ds.DistributedSampler(4, rank, shuffle=False)))
            for rank in range(4)
        ]
        dealt = [[i for batch, _ in rows for i in batch] for rows in sampler]
        # MindSpore fills the last ranks up with first rows again; dsx gives each row once.
        same(
            "strided shards deal rows as DistributedSampler",
            all(theirs_[: len(own)] == own for own, theirs_ in zip(ranks, dealt)))


main()
