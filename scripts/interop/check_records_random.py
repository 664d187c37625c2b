"""MindSpore reads 200 random sets of ours: all types, shapes, blobs, index fields, shards, checksums.

Each set is written by `dsx records write` from JSON lines that are made here, so that what MindSpore's
FileReader and MindDataset give back is compared with values that never went through dsx.

Limits of MindSpore's readers that show on its own files, too:
- FileReader gives a float scalar within about 2e-16 of a whole number back as that int: 1e-17 comes back
  as 0, 3.0000000000000004 as 3, -0.0 as 0. MindDataset is right. Compared after the same rounding.
- MindDataset gives an array without elements back as a scalar of chance: no such arrays here.
"""

import json
import pathlib
import random
import struct
import tempfile

from checks import check, dsx, expect, need, same_rows

SETS = 200
TYPES = ["int32", "int64", "float32", "float64", "string", "bytes"]
WIDTH = {"int32": 32, "int64": 64}


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def random_schema(rng):
    schema = {}
    for number in range(rng.randint(1, 6)):
        kind = rng.choice(TYPES)
        field = {"type": kind}
        if kind not in ("string", "bytes") and rng.random() < 0.5:
            field["shape"] = [rng.randint(1, 4) for _ in range(rng.randint(1, 3))]
            if rng.random() < 0.5:
                field["shape"][0] = -1
        schema[f"{rng.choice(['z', 'A', 'm_', 'k'])}{number}"] = field
    return schema


def random_integer(rng, bits):
    return rng.getrandbits(rng.randint(1, bits - 1)) * rng.choice([1, -1])


def random_float(rng, kind):
    value = rng.choice([0.0, -0.0, 0.5, 0.1, rng.uniform(-1e9, 1e9), rng.uniform(-1, 1) * 1e-30])
    return float32(value) if kind == "float32" else value


def random_text(rng):
    length = rng.choice([0, 1, 5, 31, 32, 43, 255, 256, 700])
    return "".join(rng.choice("abz09 \"'\\\n\t字词句éß😀") for _ in range(length))


def random_row(rng, schema, numpy):
    row = {}
    for name, field in schema.items():
        kind = field["type"]
        if "shape" in field:
            shape = [rng.choice([1, 2, 7, 300]) if size == -1 else size for size in field["shape"]]
            count = 1
            for size in shape:
                count *= size
            make = random_float if kind.startswith("float") else random_integer
            argument = kind if kind.startswith("float") else WIDTH[kind]
            values = [make(rng, argument) for _ in range(count)]
            row[name] = numpy.array(values, kind).reshape(shape)
        elif kind == "string":
            row[name] = random_text(rng)
        elif kind == "bytes":
            row[name] = rng.randbytes(rng.choice([1, 2, 100, 3000]))
        elif kind.startswith("float"):
            row[name] = random_float(rng, kind)
        else:
            row[name] = random_integer(rng, WIDTH[kind])
    return row


def json_line(row, schema):
    import base64

    out = {}
    for name, value in row.items():
        field = schema[name]
        if "shape" in field:
            out[name] = {
                "dtype": field["type"],
                "shape": list(value.shape),
                "data": value.ravel().tolist(),
            }
        elif field["type"] == "bytes":
            out[name] = {"base64": base64.b64encode(value).decode()}
        else:
            out[name] = value
    return json.dumps(out, ensure_ascii=False)


def read_by_file_reader(path):
    from mindspore.mindrecord import FileReader

    reader = FileReader(str(path))
    rows = list(reader.get_next())
    reader.close()
    return rows


def read_by_dataset(path):
    from mindspore.dataset import MindDataset

    data = MindDataset(str(path), shuffle=False)
    return list(data.create_dict_iterator(num_epochs=1, output_numpy=True))


def plain(rows, schema, numpy):
    """MindSpore's rows in the form in which they were made."""
    out = []
    for row in rows:
        expect(set(row) == set(schema), f"columns {sorted(row)} instead of {sorted(schema)}")
        found = {}
        for name, value in row.items():
            field = schema[name]
            if "shape" in field:
                expect(str(value.dtype) == field["type"], f"{name}: dtype {value.dtype}")
                found[name] = value
            elif field["type"] == "string":
                found[name] = str(value)
            elif field["type"] == "bytes":
                found[name] = bytes(value) if isinstance(value, bytes) else value.tobytes()
            elif field["type"].startswith("float"):
                found[name] = float(value)
            else:
                found[name] = int(value)
        out.append(found)
    return out


def same_values(found, wanted, schema, reader):
    """Rows of `found` and `wanted` are equal, up to what FileReader does to float scalars."""
    if reader == "FileReader":
        for row in (*found, *wanted):
            for name, field in schema.items():
                if field["type"].startswith("float") and "shape" not in field:
                    near = float(round(row[name]))
                    # 0.0 added: -0.0 becomes 0.0.
                    row[name] = (near if abs(row[name] - near) < 3e-16 else row[name]) + 0.0
    same_rows(found, wanted, schema)


def one_set(seed, folder, numpy):
    rng = random.Random(seed)
    schema = random_schema(rng)
    rows = [random_row(rng, schema, numpy) for _ in range(rng.choice([1, 2, 9, 40, 130]))]
    shards = rng.choice([1, 1, 2, 3, 11])
    scalars = [n for n, f in schema.items() if "shape" not in f and f["type"] != "bytes"]
    fields = [{"name": name, **field} for name, field in schema.items()]
    record = {"description": f"行 {seed}", "fields": fields}
    if scalars and rng.random() < 0.5:
        record["index_fields"] = rng.sample(scalars, rng.randint(1, len(scalars)))
    (folder / "schema.json").write_text(json.dumps(record))
    (folder / "rows.jsonl").write_text("".join(json_line(row, schema) + "\n" for row in rows))
    path = folder / "set.mindrecord"
    options = ["--shards", shards, "--overwrite"]
    if rng.random() < 0.4:
        options += ["--page-size", rng.choice([65536, 131072, 1 << 20])]
    dsx(
        "records", "write", "--schema", folder / "schema.json", "--input", folder / "rows.jsonl",
        "--output", path, *options,
    )  # fmt: skip
    first = path if shards == 1 else path.with_name(f"{path.name}{'0' * len(str(shards - 1))}")
    for name, read in (("FileReader", read_by_file_reader), ("MindDataset", read_by_dataset)):
        try:
            found = plain(read(first), schema, numpy)
            same_values(found, [dict(row) for row in rows], schema, name)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {shards} shards, {name}: {error}") from error
    return len(rows), shards


with check("mindspore-reads-200-random-sets") as note:
    need("mindspore.mindrecord", "numpy")
    import numpy

    total, files = 0, 0
    for seed in range(SETS):
        with tempfile.TemporaryDirectory() as temporary:
            count, shards = one_set(seed, pathlib.Path(temporary), numpy)
        total, files = total + count, files + shards
    note(f"{SETS} sets, {files} files, {total} rows, by FileReader and MindDataset")
