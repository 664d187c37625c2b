"""dsx reads what MindSpore's FileWriter wrote: every type, one and several shards, with an index.

`dsx records export` must give the values that the writer was given, in the order in which MindSpore
itself reads them; `verify` must find nothing wrong and `info` must state the number of rows.
"""

import pathlib
import random
import tempfile

from checks import check, dsx, expect, exported, need, row_count, same_rows

SCALARS = {
    "id": {"type": "int32"},
    "count": {"type": "int64"},
    "weight": {"type": "float32"},
    "exact": {"type": "float64"},
    "text": {"type": "string"},
}
ARRAYS = {
    "tokens": {"type": "int32", "shape": [-1]},
    "large": {"type": "int64", "shape": [-1]},
    "grid": {"type": "float32", "shape": [2, 3]},
    "series": {"type": "float64", "shape": [-1]},
}
BYTES = {"image": {"type": "bytes"}, "thumb": {"type": "bytes"}}

# name: (schema, index fields or None for the writer's own choice, shards, rows)
SETS = {
    "scalars": (SCALARS, None, 1, 300),
    "scalars-indexed-3-shards": (SCALARS, ["id", "text"], 3, 301),
    "arrays": ({"id": SCALARS["id"], **ARRAYS}, ["id"], 1, 257),
    "arrays-3-shards": ({"id": SCALARS["id"], **ARRAYS}, ["id"], 3, 256),
    "one-blob": ({"id": SCALARS["id"], "image": BYTES["image"]}, ["id"], 1, 200),
    "all-types-3-shards": ({**SCALARS, **ARRAYS, **BYTES}, ["count", "id"], 3, 500),
}

EDGE_INTEGERS = {
    "int32": [0, 1, -1, 127, 128, -128, -129, 32767, 32768, -32768, -32769, 2**31 - 1, -(2**31)],
    "int64": [2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, -(2**63)],
}
EDGE_FLOATS = [0.0, -0.0, 0.1, 0.5, -2.0, 1e-45, 1e300, 5e-324, 0.30000000000000004, 2.0**60]
EDGE_TEXTS = ["", "a", "中文", "line\nfeed", 'quote"\\', "\u2028", "😀", "x" * 31, "y" * 256]


def integer(rng, kind):
    edges = EDGE_INTEGERS["int32"] + (EDGE_INTEGERS["int64"] if kind == "int64" else [])
    return rng.choice(edges) if rng.random() < 0.5 else rng.randrange(-70000, 70000)


def floating(rng, kind, finite):
    """A Python float; for float32 one that float32 can hold, or 0.1, which it cannot."""
    if not finite and rng.random() < 0.1:
        return rng.choice([float("nan"), float("inf"), float("-inf")])
    value = rng.choice(EDGE_FLOATS) if rng.random() < 0.5 else rng.gauss(0, 1000)
    return value if kind == "float64" or abs(value) < 1e38 else 0.25


def value(rng, name, field, indexed):
    import numpy

    kind = field["type"]
    if kind == "bytes":
        return rng.randbytes(rng.randrange(1, 400))
    if kind == "string":
        return rng.choice(EDGE_TEXTS) + rng.choice(EDGE_TEXTS)
    # Infinity in an index field stops MindSpore's commit; in arrays every value is allowed.
    make = floating if kind.startswith("float") else integer
    extra = ("shape" not in field and indexed,) if make is floating else ()
    if "shape" not in field:
        return make(rng, kind, *extra)
    size = 6 if field["shape"] == [2, 3] else rng.randrange(1, 40)
    elements = [make(rng, kind, *extra) for _ in range(size)]
    return numpy.array(elements, dtype=kind).reshape(field["shape"])


def make_rows(schema, index, count, rng):
    # Without an index of its own choice the writer indexes every scalar.
    indexed = {name for name in schema if index is None or name in index}
    rows = []
    for number in range(count):
        row = {name: value(rng, name, field, name in indexed) for name, field in schema.items()}
        rows.append({**row, "id": number})
    return rows


def write(path, schema, index, shards, rows):
    from mindspore.mindrecord import FileWriter

    writer = FileWriter(str(path), shard_num=shards, overwrite=True)
    writer.add_schema(schema, "written by MindSpore for dsx")
    if index is not None:
        writer.add_index(index)
    # Several calls of different sizes: rows of later calls go behind those of earlier ones.
    for start in range(0, len(rows), 97):
        writer.write_raw_data(rows[start : start + 97])
    writer.commit()
    return path if shards == 1 else path.with_name(f"{path.name}0")


def mindspore_order(first):
    """The ids in the order in which MindSpore reads them, which is not that of writing."""
    from mindspore.mindrecord import FileReader

    reader = FileReader(str(first))
    order = [row["id"] for row in reader.get_next()]
    reader.close()
    return order


for name, (schema, index, shards, count) in SETS.items():
    with check(f"dsx-reads-{name}") as note, tempfile.TemporaryDirectory() as folder:
        need("mindspore.mindrecord", "numpy")
        rng = random.Random(name)
        rows = make_rows(schema, index, count, rng)
        first = write(pathlib.Path(folder) / "set.mindrecord", schema, index, shards, rows)
        order = mindspore_order(first)
        # MindSpore drops a row that it does not like without an error.
        expect(sorted(order) == list(range(count)), f"MindSpore wrote {len(order)} of {count} rows")

        same_rows(exported(first), [rows[number] for number in order], schema)
        dsx("records", "verify", first)
        expect(row_count(first) == count, f"records info states {row_count(first)} rows")
        note(f"{count} rows, {len(schema)} fields, {shards} file(s)")
