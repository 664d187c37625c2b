"""Weight files both ways: what safetensors, numpy, torch, mindspore and gguf wrote is read by dsx with
equal bits, and what dsx made of it is read by safetensors, numpy and mindspore with equal bits.

210 random files: every element type that a format has, scalars, turned and shared tensors, one to nine
tensors. The elements of each tensor are compared by their SHA-256 (`dsx weights info --digests`) and,
after `dsx weights convert`, byte by byte. At the end what must be refused, and a pickle that would run a
command: it must not.
"""

import hashlib
import json
import os
import pathlib
import pickle
import random
import subprocess
import tempfile

from checks import ROOT, check, dsx, expect, need

ROUNDS = 30
ALL = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint64",
       "uint32", "uint16", "uint8", "bool"]
SHORT = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "bool": "bool"}
NO_BRAIN = [kind for kind in ALL if kind != "bfloat16"]
GGUF_KINDS = ["float64", "float32", "float16", "int64", "int32", "int16", "int8"]


def short(kind):
    return SHORT.get(kind, kind.replace("uint", "u").replace("int", "i"))


def random_tensors(rng, kinds, torch, with_views=False):
    """Tensors by name; numbers of all sizes, infinities and NaN among them."""
    tensors = {}
    for number in range(rng.randint(1, 9)):
        kind = rng.choice(kinds)
        shape = [rng.choice([1, 2, 3, 5, 17]) for _ in range(rng.randint(0, 4))]
        count = 1
        for size in shape:
            count *= size
        size = torch.empty(0, dtype=getattr(torch, kind)).element_size()
        if kind == "bool":
            raw = bytes(rng.randrange(2) for _ in range(count))
        else:
            raw = rng.randbytes(count * size)
        tensor = torch.frombuffer(bytearray(raw), dtype=getattr(torch, kind)).reshape(shape)
        name = rng.choice(["layer", "h.0.", "层/", "A b", "x-"]) + str(number)
        if with_views and len(shape) > 1 and rng.random() < 0.5:
            tensor = tensor.transpose(0, len(shape) - 1)
        tensors[name] = tensor
        if with_views and rng.random() < 0.3:
            tensors[name + ".twin"] = tensor
    return tensors


def raw(tensor):
    """The elements as bytes, row-major."""
    import torch

    flat = tensor.contiguous().reshape(-1)
    return b"" if flat.numel() == 0 else flat.view(torch.uint8).numpy().tobytes()


def compare_info(path, tensors):
    info = json.loads(dsx("weights", "info", "--format", "json", "--digests", path))
    found = {tensor["name"]: tensor for tensor in info["tensors"]}
    expect(found.keys() == tensors.keys(), f"names {sorted(found)} instead of {sorted(tensors)}")
    for name, tensor in tensors.items():
        kind = str(tensor.dtype).removeprefix("torch.")
        ours = found[name]
        wanted = (short(kind), list(tensor.shape), hashlib.sha256(raw(tensor)).hexdigest())
        expect((ours["dtype"], ours["shape"], ours["sha256"]) == wanted,
               f"{path.name}, {name}: {ours} instead of {wanted}")


def load(path):
    """A file that dsx wrote, read by the format's own library, as torch tensors."""
    import mindspore
    import numpy
    import torch
    from safetensors.torch import load_file

    if path.suffix == ".safetensors":
        return load_file(path)
    if path.suffix == ".npz":
        with numpy.load(path, allow_pickle=False) as archive:
            return {name: torch.from_numpy(numpy.ascontiguousarray(archive[name])).reshape(
                archive[name].shape) for name in archive.files}
    tensors = {}
    for name, parameter in mindspore.load_checkpoint(str(path)).items():
        if parameter.dtype == mindspore.bfloat16:
            # asnumpy() has no bfloat16: its bits are the upper half of the float32.
            wide = parameter.astype(mindspore.float32).asnumpy()
            tensors[name] = torch.from_numpy(wide.copy()).reshape(wide.shape).bfloat16()
        else:
            array = parameter.asnumpy()
            # mindspore's uint64 is C's unsigned long long, which torch does not take.
            array = array.copy().view(array.dtype.str)
            tensors[name] = torch.from_numpy(array).reshape(array.shape)
    return tensors


def compare_converted(source, tensors, folder):
    """All three formats of ours, read by their libraries."""
    import torch

    for ending in ["safetensors", "ckpt", "npz"]:
        target = folder / ("out." + ending)
        has_brain = any(tensor.dtype == torch.bfloat16 for tensor in tensors.values())
        options = ["--overwrite"]
        wanted = tensors
        if ending == "npz" and has_brain:
            # numpy has no bfloat16; a double that no float32 holds is refused, so there are none here.
            options += ["--dtype", "f32"]
            wanted = {name: tensor.float() if tensor.dtype.is_floating_point else tensor
                      for name, tensor in tensors.items()}
            if any(tensor.dtype == torch.float64 for tensor in tensors.values()):
                continue
        dsx("weights", "convert", source, target, *options)
        loaded = load(target)
        expect(loaded.keys() == wanted.keys(), f"{target.name}: names {sorted(loaded)}")
        for name, tensor in wanted.items():
            mine = loaded[name]
            expect(mine.dtype == tensor.dtype and mine.shape == tensor.shape,
                   f"{target.name}, {name}: {mine.dtype} {mine.shape}")
            if ending == "ckpt" and tensor.dtype == torch.bfloat16:
                # The way through float32 may quiet a NaN.
                same = torch.equal(torch.nan_to_num(mine.float()), torch.nan_to_num(tensor.float()))
            elif options[-1] == "f32" and tensor.dtype.is_floating_point:
                same = torch.equal(torch.nan_to_num(mine), torch.nan_to_num(tensor))
            else:
                same = raw(mine) == raw(tensor)
            expect(same, f"{target.name}, {name}: other numbers")


def write(kind, tensors, path):
    """A file by the format's own library."""
    import gguf
    import mindspore
    import numpy
    import torch
    from safetensors.torch import save_file

    if kind == "safetensors":
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path,
                  metadata={"format": "pt"})
    elif kind.startswith("npz"):
        arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
        (numpy.savez if kind == "npz" else numpy.savez_compressed)(path, **arrays)
    elif kind.startswith("torch"):
        torch.save(tensors, path, _use_new_zipfile_serialization=kind == "torch")
    elif kind == "ckpt":
        parameters = []
        for name, tensor in tensors.items():
            if tensor.dtype == torch.bfloat16:
                data = mindspore.Tensor(tensor.float().numpy()).astype(mindspore.bfloat16)
            else:
                data = mindspore.Tensor(tensor.numpy())
            parameters.append({"name": name, "data": data})
        mindspore.save_checkpoint(parameters, str(path), crc_check=len(parameters) % 2 == 0)
    else:
        writer = gguf.GGUFWriter(str(path), "test")
        for name, tensor in tensors.items():
            writer.add_tensor(name, tensor.numpy())
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


# Kind of file: its ending and the types that its library writes.
KINDS = {
    "safetensors": (".safetensors", ALL),
    "npz": (".npz", NO_BRAIN),
    "npz-deflated": (".npz", NO_BRAIN),
    "torch": (".pt", ALL),
    "torch-legacy": (".pth", [k for k in ALL if k not in ("uint64", "uint32", "uint16")]),
    "ckpt": (".ckpt", ALL),
    "gguf": (".gguf", GGUF_KINDS),
}


def check_random(kind, folder):
    import torch

    ending, kinds = KINDS[kind]
    rng = random.Random(kind)
    count = 0
    for number in range(ROUNDS):
        path = folder / f"{kind}-{number}{ending}"
        tensors = random_tensors(rng, kinds, torch, with_views=kind.startswith("torch"))
        if kind == "ckpt":
            # mindspore quiets NaN on the way to bfloat16.
            tensors = {name: tensor.float().nan_to_num().bfloat16()
                       if tensor.dtype == torch.bfloat16 else tensor
                       for name, tensor in tensors.items()}
        if kind == "gguf":
            # A GGUF tensor has at least one dimension.
            tensors = {name: tensor.reshape(1) if tensor.dim() == 0 else tensor
                       for name, tensor in tensors.items()}
        write(kind, tensors, path)
        compare_info(path, tensors)
        compare_converted(path, tensors, folder)
        count += len(tensors)
    return f"{ROUNDS} files, {count} tensors"


def check_quantised(folder):
    import gguf
    import numpy
    from safetensors.numpy import load_file

    rng = numpy.random.default_rng(3)
    types = gguf.GGMLQuantizationType
    writer = gguf.GGUFWriter(str(folder / "q.gguf"), "test")
    wanted = {}
    for kind in ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"]:
        for scale in [1e-3, 1, 300]:
            values = (rng.standard_normal((16, 256)) * scale).astype("float32")
            blocks = gguf.quantize(values, types[kind])
            name = f"{kind}-{scale}"
            writer.add_tensor(name, blocks, raw_dtype=types[kind])
            wanted[name] = gguf.dequantize(blocks, types[kind])
    for kind in ["Q4_K", "Q5_K", "Q6_K"]:
        size = gguf.GGML_QUANT_SIZES[types[kind]][1]
        blocks = rng.integers(0, 256, (16, 4 * size), dtype="uint8")
        for start in range(0, 4 * size, size):
            for place in [208] if kind == "Q6_K" else [0, 2]:
                half = rng.standard_normal((16, 1)).astype("<f2").view("uint8")
                blocks[:, start + place:start + place + 2] = half
        writer.add_tensor(kind, blocks, raw_dtype=types[kind])
        wanted[kind] = gguf.dequantize(blocks, types[kind])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    dsx("weights", "convert", folder / "q.gguf", folder / "q.safetensors", "--dtype", "f32")
    loaded = load_file(folder / "q.safetensors")
    for name, values in wanted.items():
        expect(loaded[name].tobytes() == values.tobytes(), f"{name}: other numbers")
    return f"{len(wanted)} tensors, equal bits"


class Command:
    """A pickle of this runs a command when Python loads it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def check_refusals(folder):
    import torch

    proof = folder / "was-run"
    torch.save({"w": torch.ones(2), "x": Command(proof)}, folder / "evil.pt")
    torch.save({"x": Command(proof)}, folder / "evil.pth", _use_new_zipfile_serialization=False)
    (folder / "evil.pkl").write_bytes(pickle.dumps(Command(proof)))
    for name in ["evil.pt", "evil.pth", "evil.pkl"]:
        done = subprocess.run([os.environ["DSX"], "weights", "info", folder / name], cwd=ROOT,
                              capture_output=True, text=True)
        expect(done.returncode == 3, f"{name}: exit code {done.returncode}")
        named = "posix.system" in done.stderr or name == "evil.pkl"
        expect(named, f"{name}: the symbol is not named: {done.stderr}")
    expect(not proof.exists(), "a command was run")
    return "3 files"


def main():
    need("torch", "mindspore", "numpy", "safetensors", "gguf")
    for kind in KINDS:
        with check(f"weights-{kind}") as note, tempfile.TemporaryDirectory() as folder:
            note(check_random(kind, pathlib.Path(folder)))
    with check("weights-quantised") as note, tempfile.TemporaryDirectory() as folder:
        note(check_quantised(pathlib.Path(folder)))
    with check("weights-refused") as note, tempfile.TemporaryDirectory() as folder:
        note(check_refusals(pathlib.Path(folder)))


if __name__ == "__main__":
    main()
