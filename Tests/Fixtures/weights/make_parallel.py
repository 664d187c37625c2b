#!/usr/bin/env python3
"""Makes parallel/: checkpoints of ranks and strategy files, merged by mindspore.transform_checkpoints.

    python3 make_parallel.py        # mindspore 2.10.0

Each case is a folder: src/rank_N/x.ckpt, strategy.ckpt or strategy/stage_N.ckpt, whole.ckpt (what
mindspore makes of them). The slices are cut here by plain index arithmetic from the layouts' definition.
"""
import json
import os
import pathlib
import shutil
import sys

import numpy as np
import mindspore as ms
from mindspore.train.node_strategy_pb2 import ParallelStrategyMap

HERE = pathlib.Path(__file__).resolve().parent / "parallel"


def digits(rank, devices):
    found = []
    for size in reversed(devices):
        found.append(rank % size)
        rank //= size
    return found  # the last dimension of the devices first


def slice_of(whole, layout, rank):
    devices, tensor_map, step, size = layout
    place = digits(rank, devices)
    part = whole
    for axis, name in enumerate(tensor_map):
        names = name if isinstance(name, list) else [name]
        index = parts = 0
        parts = 1
        for n in names:
            if n != -1:
                index = index * devices[len(devices) - 1 - n] + place[n]
                parts *= devices[len(devices) - 1 - n]
        part = np.split(part, parts, axis)[index]
    if size == -1:
        size = int(np.prod(devices))  # only for what is uncut
    if size > 1:
        # mindspore ignores the step of tensors that no device dimension cuts.
        uncut = part.shape == whole.shape
        part = np.split(part, size, 0)[rank % size if uncut else rank // step % size]
    return part


def strategy(path, layouts, stage):
    message = ParallelStrategyMap()
    message.current_stage = stage
    item = message.parallel_strategy_item.add()
    item.node_name = "Default/MatMul-op0"
    item.parallel_strategys.stage = stage
    item.parallel_strategys.parallel_strategy.add().dim.extend([1, 2])
    for name, (devices, tensor_map, step, size) in layouts.items():
        entry = message.parallel_layout_item.add()
        entry.param_name = name
        layout = entry.parallel_layouts
        layout.dev_matrix.add().dim.extend(devices)
        if any(isinstance(n, list) for n in tensor_map):
            for n in tensor_map:
                layout.tensor_map.add().dim.extend(n if isinstance(n, list) else [n])
        else:
            layout.tensor_map.add().dim.extend(tensor_map)
        layout.param_split_shape.add()
        layout.indices_offset.add()
        layout.field = 0
        layout.opt_weight_shard_step = step
        layout.opt_weight_shard_size = size
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.SerializeToString())


def save(path, tensors):
    path.parent.mkdir(parents=True, exist_ok=True)
    ms.save_checkpoint(
        [{"name": n, "data": ms.Tensor(np.ascontiguousarray(v))} for n, v in tensors.items()],
        str(path))


def make(name, stages, extra=None):
    """`stages`: for each pipeline stage {tensor: (shape, layout)}."""
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    random = np.random.default_rng(7)
    wholes = {}
    first = 0
    for stage, tensors in enumerate(stages):
        count = int(np.prod(next(iter(tensors.values()))[1][0]))
        for tensor, (shape, _) in tensors.items():
            if tensor not in wholes:
                wholes[tensor] = random.integers(-999, 999, shape).astype(np.float32)
        for rank in range(count):
            held = {t: slice_of(wholes[t], layout, rank) for t, (_, layout) in tensors.items()}
            held.update(extra or {})
            save(folder / "src" / f"rank_{first + rank}" / "x.ckpt", held)
        file = "strategy.ckpt" if len(stages) == 1 else f"strategy/stage_{stage}.ckpt"
        strategy(folder / file, {t: layout for t, (_, layout) in tensors.items()}, stage)
        first += count
    path = folder / "strategy.ckpt"
    if len(stages) > 1:
        path = folder / "merged" / "merged.ckpt"
        path.parent.mkdir()
        ms.merge_pipeline_strategys(str(folder / "strategy"), str(path))
    out = folder / "out"
    ms.transform_checkpoints(str(folder / "src"), str(out), "whole", str(path), None)
    merged = ms.load_checkpoint(str(out / "rank_0" / "whole0.ckpt"))
    for tensor, whole in wholes.items():
        assert np.array_equal(merged[tensor].asnumpy(), whole), (name, tensor)
    shutil.move(str(out / "rank_0" / "whole0.ckpt"), str(folder / "whole.ckpt"))
    shutil.rmtree(out)
    if len(stages) > 1:
        shutil.move(str(path), str(folder / "merged.ckpt"))
        path.parent.rmdir()
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    print(name, "ok")


NONE = (0, 0)
make("tensor", [{
    "a.weight": ((4, 6), ([2, 2], [0, -1], *NONE)),
    "b.weight": ((4, 6), ([2, 2], [-1, 0], *NONE)),
    "both.weight": ((4, 6), ([2, 2], [1, 0], *NONE)),
    "turned.weight": ((4, 6), ([2, 2], [0, 1], *NONE)),
    "bias": ((6,), ([2, 2], [-1], *NONE)),
}], {"global_step": np.array(100, np.int32)})
make("optimizer", [{
    "a.weight": ((8, 6), ([2, 2], [0, -1], 2, 2)),
    "b.weight": ((8, 6), ([2, 2], [-1, 0], 2, 2)),
    "adam.a.weight": ((8, 6), ([2, 2], [0, -1], 2, 2)),
    "bias": ((8,), ([2, 2], [-1], *NONE)),
}])
make("data-parallel", [{"a.weight": ((8, 6), ([4], [-1, -1], 1, 4)), "bias": ((8,), ([4], [-1], *NONE))}])
make("uncut", [{
    "a.weight": ((8, 6), ([2, 2], [0, -1], 2, 2)),
    "row.weight": ((8, 6), ([2, 2], [-1, 0], 2, 2)),
    "norm": ((8,), ([2, 2], [-1], 1, 2)),
    "stepped": ((8,), ([2, 2], [-1], 2, 2)),
    "table": ((8, 6), ([2, 2], [-1, -1], 1, 4)),
    "all": ((8, 6), ([2, 2], [-1, -1], 1, -1)),
    "bias": ((5,), ([2, 2], [-1], *NONE)),
}])
make("uncut-three", [{
    "a.weight": ((12, 6), ([2, 2, 3], [0, -1], 3, 2)),
    "norm": ((12,), ([2, 2, 3], [-1], 1, 6)),
    "table": ((12, 2), ([2, 2, 3], [-1, -1], 1, 2)),
}])
make("three", [{
    "a.weight": ((8, 6), ([2, 2, 2], [1, 0], 4, 2)),
    "cube": ((4, 2, 2), ([2, 2, 2], [2, 0, 1], *NONE)),
}])
make("pipeline", [
    {"word.weight": ((4, 6), ([1, 2], [0, -1], *NONE)), "blocks.0.weight": ((4, 6), ([1, 2], [-1, 0], *NONE))},
    {"word.weight": ((4, 6), ([1, 2], [0, -1], *NONE)), "blocks.1.weight": ((4, 6), ([1, 2], [-1, 0], *NONE))},
])
try:
    make("axes", [{"a.weight": ((8, 6), ([2, 2], [[1, 0], [-1]], *NONE))}])
except Exception as error:  # an older mindspore without layouts of several axes
    print("axes:", error, file=sys.stderr)
    shutil.rmtree(HERE / "axes", ignore_errors=True)
