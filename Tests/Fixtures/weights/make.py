"""Makes the small weight files of this folder and expected.json, with the packages that
scripts/interop/requirements.txt pins (torch, mindspore, numpy, gguf):

    python make.py FOLDER

expected.json: file -> tensor -> shape, element type, and SHA-256 of the values as little-endian
float32 (floats) or of the elements as they are (integers and truth values). torch's zip files hold a
random id, so a new run gives other bytes with the same tensors.
"""

import hashlib
import json
import pathlib
import sys

import gguf
import mindspore
import numpy
import torch

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
rng = numpy.random.default_rng(7)
expected = {}
NAMES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "bool": "bool"}


def note(file, name, array, kind=None):
    """Records a tensor that a reader must find."""
    if isinstance(array, torch.Tensor):
        kind = kind or str(array.dtype).removeprefix("torch.")
        array = array.detach()
        array = array.float().numpy() if array.dtype.is_floating_point else array.numpy()
    kind = kind or str(array.dtype)
    short = NAMES.get(kind, kind.replace("uint", "u").replace("int", "i"))
    data = array.astype("<f4") if array.dtype.kind == "f" else array
    digest = hashlib.sha256(numpy.ascontiguousarray(data).tobytes()).hexdigest()
    expected.setdefault(file, {})[name] = {
        "dtype": short, "shape": list(array.shape), "sha256": digest}


def make_torch():
    base = torch.from_numpy(rng.standard_normal((4, 6)).astype("float32"))
    state = {
        "plain": base.clone(),
        "turned": base.clone().t(),
        "part": base[1:3, 2:5],
        "whole": base,
        "step": base[::2, 1::2],
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.ones(3)),
    }
    for kind in ["float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]:
        values = torch.from_numpy(rng.integers(0, 2 if kind == "bool" else 100, (2, 3)))
        state[kind] = values.to(getattr(torch, kind))
    torch.save(state, folder / "small.pt")
    torch.save(state, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(state, folder / "protocol4.pt", pickle_protocol=4)
    for file in ["small.pt", "legacy.pth", "protocol4.pt"]:
        for name, tensor in state.items():
            note(file, name, tensor)
    # One file for each way of writing pickles in front of the data.
    for protocol in [3, 5]:
        file = f"legacy{protocol}.pth"
        torch.save(state, folder / file, pickle_protocol=protocol,
                   _use_new_zipfile_serialization=False)
        for name, tensor in state.items():
            note(file, name, tensor)
    # Views whose sign is a flag.
    negated = {kind: torch._neg_view((base * 8).to(getattr(torch, kind)))
               for kind in ["float64", "float32", "float16", "bfloat16", "int64", "int8"]}
    negated["turned"] = negated["float32"].t()
    negated["imaginary"] = torch.tensor([1 + 2j, 3 - 4j]).conj().imag
    torch.save(negated, folder / "negated.pt")
    for name, tensor in negated.items():
        note("negated.pt", name, tensor.resolve_neg())
    wide = {kind: torch.arange(5).to(getattr(torch, kind)) for kind in ["uint16", "uint32", "uint64"]}
    torch.save(wide, folder / "unsigned.pt")
    for name, tensor in wide.items():
        note("unsigned.pt", name, tensor)
    layer = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    nested = {"model": layer.state_dict(), "epoch": 3, "loss": 0.5, "note": "ok", "last": None,
              "sizes": [1, 2], "shape": torch.Size([2, 3]), "kind": torch.float16}
    torch.save(nested, folder / "nested.pt")
    for name, tensor in layer.state_dict().items():
        note("nested.pt", "model." + name, tensor)
    # What must be refused.
    torch.save({"w": layer}, folder / "bad-module.pt")
    torch.save({"w": numpy.ones(3)}, folder / "bad-numpy.pt")
    torch.save({"w": torch.ones(3).to_sparse()}, folder / "bad-sparse.pt")
    torch.save({"w": torch.ones(1).expand(1000)}, folder / "bad-expanded.pt")


def make_numpy():
    base = rng.standard_normal((3, 4, 2)).astype("float32")
    arrays = {"row": base, "column": numpy.asfortranarray(base), "big": base.astype(">f4"),
              "scalar": numpy.float64(1.5), "empty": numpy.zeros((0, 2), "float32"),
              "dir/half": base.astype("float16"), "flags": base > 0,
              "short": numpy.arange(6, dtype=">i2").reshape(2, 3)}
    numpy.savez(folder / "small.npz", **arrays)
    numpy.savez_compressed(folder / "deflated.npz", **arrays)
    for file in ["small.npz", "deflated.npz"]:
        for name, array in arrays.items():
            array = numpy.asarray(array)
            note(file, name, array.astype(array.dtype.newbyteorder("<")))
    names = {"a\\b": base, "./c": base, "d//e": base, "\u00e9": base}
    numpy.savez(folder / "names.npz", **names)
    for name, array in names.items():
        note("names.npz", name, array)
    for version in [(1, 0), (2, 0), (3, 0)]:
        name = f"version{version[0]}"
        with open(folder / f"{name}.npy", "wb") as file:
            numpy.lib.format.write_array(file, numpy.asfortranarray(base), version=version)
        note(f"{name}.npy", name, base)
    numpy.save(folder / "bad-object.npy", numpy.array([{"a": 1}], dtype=object), allow_pickle=True)
    numpy.save(folder / "bad-record.npy", numpy.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))


def make_mindspore():
    def tensor(name, array):
        note("small.ckpt", name, array)
        note("crc.ckpt", name, array)
        return {"name": name, "data": mindspore.Tensor(array)}

    tensors = [tensor(kind, rng.integers(0, 2 if kind == "bool" else 100, (2, 3)).astype(kind))
               for kind in ["float64", "float32", "float16", "int64", "int32", "int16", "int8",
                            "uint64", "uint32", "uint16", "uint8", "bool"]]
    tensors.append(tensor("scalar", numpy.array(2.5, "float32")))
    half = rng.standard_normal((2, 3)).astype("float32")
    brain = torch.from_numpy(half).bfloat16()
    note("small.ckpt", "bfloat16", brain)
    note("crc.ckpt", "bfloat16", brain)
    tensors.append({"name": "bfloat16", "data": mindspore.Tensor(half).astype(mindspore.bfloat16)})
    facts = {"note": "h\u00e4llo \u5b57"}
    mindspore.save_checkpoint(tensors, str(folder / "small.ckpt"), append_dict=facts)
    mindspore.save_checkpoint(tensors, str(folder / "crc.ckpt"), append_dict=facts, crc_check=True)
    # With the checksum that mindspore computes: of a whole number without dimensions it takes that many
    # zero bytes, as bytes(array) does.
    pieces = {"b": numpy.arange(6, dtype="float32"), "A": numpy.arange(4, dtype="int64"),
              "\u00e9": numpy.ones((2, 2), "float16"), "scalar": numpy.array(2.5, "float32"),
              "step": numpy.array(7, "int32")}
    mindspore.save_checkpoint([{"name": n, "data": mindspore.Tensor(a)} for n, a in pieces.items()],
                              str(folder / "crc.safetensors"), format="safetensors", crc_check=True)
    for name, array in pieces.items():
        note("crc.safetensors", name, array)
    mindspore.save_checkpoint(tensors[:1], str(folder / "bad-encrypted.ckpt"),
                              enc_key=b"0123456789ABCDEF")


def make_gguf():
    writer = gguf.GGUFWriter(str(folder / "small.gguf"), "test")
    writer.add_uint8("k.uint8", 200)
    writer.add_int8("k.int8", -5)
    writer.add_uint16("k.uint16", 60000)
    writer.add_int16("k.int16", -30000)
    writer.add_uint32("k.uint32", 4_000_000_000)
    writer.add_int32("k.int32", -7)
    writer.add_float32("k.float32", 0.5)
    writer.add_bool("k.bool", True)
    writer.add_string("k.string", "h\u00e4llo")
    writer.add_uint64("k.uint64", (1 << 64) - 1)
    writer.add_int64("k.int64", -(1 << 60))
    writer.add_float64("k.float64", 0.1)
    writer.add_array("k.strings", ["a", "", "\u5b57"])
    writer.add_array("k.ints", [1, -2, 3])
    writer.add_array("k.floats", [0.5, -1.5])
    for kind in ["float32", "float16", "float64", "int8", "int16", "int32", "int64"]:
        array = rng.integers(-100, 100, (2, 3)).astype(kind)
        writer.add_tensor(kind, array)
        note("small.gguf", kind, array)
    types = gguf.GGMLQuantizationType
    brain = gguf.quantize(rng.standard_normal((2, 32)).astype("float32"), types.BF16)
    writer.add_tensor("bf16", brain, raw_dtype=types.BF16)
    note("small.gguf", "bf16", gguf.dequantize(brain, types.BF16), "bf16")
    for kind in ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]:
        values, size = gguf.GGML_QUANT_SIZES[types[kind]]
        # Any bytes are blocks; the scales must be finite.
        raw = rng.integers(0, 256, (3, 2 * size), dtype="uint8")
        for start in range(0, 2 * size, size):
            places = {"Q6_K": [208]}.get(kind, [0, 2] if kind[-1] in "1K" else [0])
            for place in places:
                half = rng.standard_normal((3, 1)).astype("<f2").view("uint8")
                raw[:, start + place:start + place + 2] = half
        writer.add_tensor(kind, raw, raw_dtype=types[kind])
        note("small.gguf", kind, gguf.dequantize(raw, types[kind]).reshape(3, 2 * values),
             kind.lower().replace("_k", "_k"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


make_torch()
make_numpy()
make_mindspore()
make_gguf()
(folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
