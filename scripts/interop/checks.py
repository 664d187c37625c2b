"""What every check file needs: result lines, calling dsx, and comparing rows."""

import base64
import contextlib
import importlib
import json
import os
import pathlib
import struct
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Skip(Exception):
    """Raised where a check cannot run on this machine."""


def need(*modules):
    """Imports the modules, or skips the check: a package could not be installed."""
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise Skip(f"cannot import {name}: {error}") from error


@contextlib.contextmanager
def check(name):
    """Prints one result line for the block, whatever happens inside; the next check goes on."""
    try:
        notes = []
        yield notes.append
        line = f"pass {name} {'; '.join(notes)}"
    except Skip as reason:
        line = f"skip {name} {reason}"
    except Exception as error:
        line = f"FAIL {name} {type(error).__name__}: {error}"
    print(" ".join(line.split()), flush=True)


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def dsx(*arguments):
    """Standard output of dsx; another exit status than 0 is an error that shows its last words."""
    command = [os.environ["DSX"], *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        words = done.stderr.strip()[-400:]
        raise AssertionError(f"dsx {' '.join(command[1:3])} exited {done.returncode}: {words}")
    return done.stdout


def number(text):
    """JSON's `-0` is an integer for Python, which would lose its sign."""
    return -0.0 if text == "-0" else int(text)


def exported(path):
    """`dsx records export PATH` as a list of rows."""
    lines = dsx("records", "export", path).split("\n")[:-1]
    return [json.loads(line, parse_int=number) for line in lines]


def row_count(path):
    """The row count that `dsx records info` states."""
    info = json.loads(dsx("records", "info", "--format", "json", path))
    for key in ("rows", "num_rows", "row_count"):
        if isinstance(info.get(key), int):
            return info[key]
    raise AssertionError(f"records info --format json states no row count: {sorted(info)}")


FLOAT_NAMES = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def bits(value, kind):
    """A float as bits, so that -0.0 differs from 0.0; every NaN is one value."""
    value = float(FLOAT_NAMES.get(value, value))
    if value != value:
        return "NaN"
    return struct.pack("<f" if kind == "float32" else "<d", value)


def comparable(value, field):
    """A value in dsx's row encoding or as it was given to the writer, in one form for both.

    float64 is compared bit by bit. A float32 scalar is stored as the double that the writer was
    given and readers may round it or not, so float32 is compared after rounding.
    """
    kind = field["type"]
    if "shape" in field:
        if isinstance(value, dict):
            expect(value["dtype"] == kind, f"dtype {value['dtype']} instead of {kind}")
            shape, data = value["shape"], value["data"]
        else:
            shape, data = list(value.shape), value.ravel().tolist()
        if kind.startswith("float"):
            data = [bits(element, kind) for element in data]
        return shape, data
    if kind == "bytes":
        return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
    if kind.startswith("float"):
        return bits(value, kind)
    return value


def same_rows(ours, theirs, schema):
    """Raises at the first difference between two lists of rows, naming row and field."""
    expect(len(ours) == len(theirs), f"{len(ours)} rows instead of {len(theirs)}")
    for index, (one, other) in enumerate(zip(ours, theirs)):
        expect(one.keys() == schema.keys(), f"row {index} has fields {sorted(one)}")
        for name, field in schema.items():
            mine, wanted = comparable(one[name], field), comparable(other[name], field)
            expect(mine == wanted, f"row {index}, field {name}: {mine!r:.120} != {wanted!r:.120}")
