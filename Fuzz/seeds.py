#!/usr/bin/env python3
"""Makes seeds in Fuzz/.corpus from the fixtures and from what is written here; `Fuzz/run.sh --merge` then keeps
in Fuzz/corpus what adds to it. Needed only when a target is new or reads another form of input."""
import bz2
import glob
import gzip
import hashlib
import io
import json
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
FIXTURES = "Tests/Fixtures/"
LONGEST = 20_000


def add(target, data):
    if isinstance(data, str):
        data = data.encode()
    if not data or len(data) > LONGEST:
        return
    folder = f"Fuzz/.corpus/{target}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/seed-{hashlib.sha1(data).hexdigest()[:12]}", "wb") as file:
        file.write(data)


def files(*patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(pattern, recursive=True)):
            if os.path.isfile(path) and os.path.getsize(path) < 200_000:
                with open(path, "rb") as file:
                    yield path, file.read()


def sparse(data):
    """SparseBytes.swift: runs of zeros written short."""
    out = bytearray()
    index = 0
    while index < len(data):
        if data[index]:
            out.append(data[index])
            index += 1
            continue
        count = 0
        while index + count < len(data) and data[index + count] == 0:
            count += 1
        index += count
        while count >= 512:
            blocks = min(count // 512, 128)
            out += bytes([0, 127 + blocks])
            count -= blocks * 512
        while count:
            few = min(count, 128)
            out += bytes([0, few - 1])
            count -= few
    return bytes(out)


def tables():
    for _, data in files(FIXTURES + "golden/datasets/csv/*.csv"):
        data = data[:900]
        for first in (0, 1, 0x28, 0xf0, 3):
            add("csv", bytes([first]) + data)
        for first in (0, 1, 2, 4, 0x11, 0xe9):
            add("csv-types", bytes([first]) + data)
        add("documents", bytes([7, 0x21]) + data)
    for text in (
        "a,b\n1,x\n2.5,\nNA,true\n", "id,n\n007,1\n8,-9223372036854775808\n", "t\ntrue\nFalse\n",
        'a\n"x\ny"\n"q""q"\n', "a,b\r1,2\r\r\n3,4", "x\n1e400\n0x1\ninf\nnan\n-0\n",
    ):
        for first in (0, 1, 6, 0x35, 0xfe):
            add("csv-types", bytes([first]) + text.encode())
            add("csv", bytes([first]) + text.encode())
    lines = (
        '{"a":1,"b":"x","c":null}\n{"a":2.5,"b":"\\u4f60","c":[1,{"d":true}]}\n',
        '{"a":1}\r\n\n {"b":false}\n', '[{"a":1},{"a":-2}]', ' [ ]', '[1]', '{"a":1e400}\n', '{"a":9007199254740993}\n{"a":1.5}',
        "one\rtwo\r\nthree\n\n", '{"a":1}\n{"a":"x"}\n{"a":2}\n', '{"a":"\\ud83d\\ude00","a":1}',
    )
    for text in lines:
        for first in (0, 1, 2, 3, 4, 6, 0x28, 0xf9):
            add("json-lines", bytes([first]) + text.encode())
        for line in text.splitlines():
            add("json", line)
        for first in (4, 6, 0xf4):
            add("documents", bytes([first, 0x35]) + text.encode())
    for text in (
        '{"text":"a\\r\\nb"}\n{"text":1}\n', "a\n\n\nb c\n \t\n\nd\n", "\ufeffa\r\n\r\nb\r", '[{"text":"x"} , {"text":"y"}]',
        'text,n\n"a\n\nb",1\nc,2\n',
    ):
        for first in (0, 1, 2, 3, 9, 0x24, 0x86, 0x37):
            add("documents", bytes([first, 0x12]) + text.encode())
    for value in ({"a": [1, -2.5e-3, "é\n", None, True, {"b": []}]}, [[[[]]]], "x", 1e308, -0.0, 9223372036854775807):
        add("json", json.dumps(value))
    add("json", "[" * 200 + "]" * 200)
    row = '{"ids":[1,2],"wide":[3,4],"raw":{"base64":"AQI="},"n":1,"score":0.5,"text":"x"}'
    add("record-line", row)
    add("record-line", row.replace("[1,2]", '{"dtype":"int32","shape":[2],"data":[1,2]}').replace("0.5", '"NaN"'))
    add("record-line", row.replace('"x"', '"\\u0000\\ud83d\\ude00"').replace("0.5", "1e-320"))
    for text in (
        "n >= 3 AND (text = 'a''b' OR NOT score < 1e3)", "n IN (1, 2,-3) OR text LIKE '%a_'",
        'NOT "a""b" BETWEEN -1.5 AND 2e9', "a IS NOT NULL", "((((n<>1))))",
    ):
        add("record-where", text)


def records():
    for path, data in files(FIXTURES + "golden/mindrecord/**/*"):
        if path.endswith(".db"):
            add("record-index", sparse(data))
        elif ".mindrecord" in path:
            add("record-file", sparse(data))
            if len(data) >= 8:
                length = struct.unpack("<Q", data[:8])[0]
                if length < LONGEST:
                    add("record-header", data[8:8 + length])
    # record-pages has its sound pages in corpus/record-pages/sound: those of SoundSet.swift.


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def fields(data):
    index = 0
    while index < len(data):
        start = index
        key = shift = 0
        while True:
            byte = data[index]
            key |= (byte & 127) << shift
            shift += 7
            index += 1
            if byte < 128:
                break
        if key & 7 == 2:
            size = shift = 0
            while True:
                byte = data[index]
                size |= (byte & 127) << shift
                shift += 7
                index += 1
                if byte < 128:
                    break
            index += size
        elif key & 7 == 0:
            while data[index] > 127:
                index += 1
            index += 1
        else:
            index += 4 if key & 7 == 5 else 8
        yield key >> 3, data[start:index]


def vocabularies():
    for path, data in files(FIXTURES + "golden/sentencepiece/models/*.model"):
        pieces = 0
        kept = b""
        for number, field in fields(data):
            if number == 1:
                pieces += 1
                if pieces > 60:
                    continue
            if len(field) < 4000:
                kept += field
        add("sentencepiece", kept)
    for path, data in files(FIXTURES + "golden/tokenizers/models/*.json", FIXTURES + "models/*/tokenizer.json"):
        root = json.loads(data)
        add("tokenizer-json", json.dumps(trimmed(root), ensure_ascii=False, separators=(",", ":")))
    patterns = set()

    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get("Regex"), str):
                patterns.add(value["Regex"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for path, data in files(FIXTURES + "golden/tokenizers/models/*.json"):
        walk(json.loads(data))
    patterns |= {
        "a|ab", "a*?b", "a++b", "(?>a|ab)c", r"\s+(?!\S)|\s+", "^a|b$", r"(?<=a)b|\bc", "(?i:'s|K)", r"[\p{L}&&[^a-z]]+",
        r"\p{Han}{2}", "(ab){2,3}", r"\x{4e00}|\u4e8c", "x*", r"[^(\s|[.,])]+", "(a|a|aa)+$", "(a*)*b", "((a?){9}){9}",
    }
    for pattern in patterns:
        add("regex", pattern + "\nab aab 'S 你好 123\n\n  x")
    chat = json.load(open(FIXTURES + "chat/templates.json"))
    for template in chat["templates"].values():
        add("chat-template", template[:1000])
    for template in (
        "{% for m in messages %}{{ m.role|upper }}{{ m['content'][::-1] }}{% if not loop.last %},{% endif %}{% endfor %}",
        "{% set ns = namespace(x=0) %}{% for i in range(3) %}{% set ns.x = ns.x + i ** 2 %}{% endfor %}{{ ns.x // 2 % 3 }}",
        "{% macro f(a, b=2) %}{{ a ~ b }}{% endmacro %}{{ f(1) }}{{ messages|tojson(indent=2) }}",
        "{{ 'a b'.split()|join('-')|trim|length }}{{ 'x' * 3 }}{{ messages|selectattr('role','equalto','user')|list|length }}",
        "{{ range(5, -5, -2)|list }}{{ -7 // 2 }}{{ 'ab'.replace('a','b').strip().title() }}",
        "{% generation %}{{ messages[-1].content }}{% endgeneration %}{% for x in [] %}{% else %}e{% endfor %}",
        "{{ raise_exception('no') }}",
    ):
        add("chat-template", template)


def trimmed(root):
    """A small vocabulary of the same kind."""
    model = root["model"]
    vocab = model.get("vocab")
    if isinstance(vocab, dict):
        added = {token["content"] for token in root.get("added_tokens") or []}
        names = sorted(vocab, key=vocab.get)
        kept = {}
        for name in names:
            if name in added or (len(kept) < 90):
                kept[name] = len(kept)
        if model.get("unk_token") in vocab:
            kept.setdefault(model["unk_token"], len(kept))
        model["vocab"] = kept
        for token in root.get("added_tokens") or []:
            if token["content"] in kept:
                token["id"] = kept[token["content"]]
            else:
                token["id"] = len(kept) + [t["content"] for t in root["added_tokens"] if t["content"] not in kept].index(token["content"])
        if "merges" in model:
            merges = []
            for merge in model["merges"]:
                left, right = merge if isinstance(merge, list) else merge.split(" ", 1)
                if left in kept and right in kept and left + right in kept:
                    merges.append(merge)
            model["merges"] = merges[:30]
    elif isinstance(vocab, list):
        model["vocab"] = vocab[:70]
    normalizer = root.get("normalizer")
    if isinstance(normalizer, dict) and len(json.dumps(normalizer)) > 2000:
        root["normalizer"] = None
    return root


def weights():
    targets = {
        ".safetensors": "safetensors", ".ckpt": "checkpoint", ".npy": "npy", ".npz": "npz", ".pt": "torch", ".pth": "torch",
        ".gguf": "gguf",
    }
    for path, data in files(FIXTURES + "weights/*", FIXTURES + "golden/models/formats/digits_cnn/*"):
        target = targets.get(os.path.splitext(path)[1])
        if not target:
            continue
        if len(data) <= 8192:
            add(target, data)
        if target == "torch" and data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    if name.endswith("data.pkl"):
                        add("pickle", archive.read(name))
    for name, data in files(FIXTURES + "weights/parallel/**/strategy*", FIXTURES + "weights/parallel/**/strategy/*"):
        add("strategy", data)

    def safetensors(header, size):
        text = json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + bytes(range(size))

    add("safetensors", safetensors({"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}, 24))
    add("safetensors", safetensors({
        "__metadata__": {"format": "pt"}, "b": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
        "c": {"dtype": "I64", "shape": [], "data_offsets": [4, 12]}, "d": {"dtype": "BOOL", "shape": [0], "data_offsets": [12, 12]}}, 12))

    def npy(text, data, version=1):
        size = struct.pack("<H" if version == 1 else "<I", len(text))
        return b"\x93NUMPY" + bytes([version, 0]) + size + text.encode() + data

    arrays = [
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", bytes(24)),
        npy("{'descr': '>i8', 'fortran_order': True, 'shape': (2, 1), }\n", bytes(16), 2),
        npy("{'descr': '|b1', 'fortran_order': False, 'shape': (), }\n", b"\1"),
    ]
    for array in arrays:
        add("npy", array)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for number, array in enumerate(arrays):
                archive.writestr(zipfile.ZipInfo(f"a{number}.npy"), array, method)
        add("npz", out.getvalue())


def archives():
    for _, data in files(FIXTURES + "golden/datasets/archive/*.zip"):
        if len(data) <= 4096:
            add("zip", data)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("a/b.csv", "x,y\n1,2\n" * 20, method)
            archive.writestr("数据.txt", "z" * 300, method)
            archive.writestr("folder/", "")
        add("zip", out.getvalue())
    for style in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=style) as archive:
            for name, data in (("a.csv", b"x,y\n1,2\n"), ("d/" + "n" * 90 + ".txt", b"z" * 600)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            link = tarfile.TarInfo("l")
            link.type = tarfile.SYMTYPE
            link.linkname = "a.csv"
            if style == tarfile.GNU_FORMAT:
                archive.addfile(link)
        data = out.getvalue()
        add("tar", data[:6144])
        for pack in (gzip.compress, bz2.compress, lzma.compress):
            add("tar", pack(data))
    for _, data in files(FIXTURES + "golden/datasets/image/*.jpg"):
        if len(data) <= 4096:
            add("jpeg", data)

    def png(width, height, depth, color, rows, interlace=0, extra=b""):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

    palette = struct.pack(">I", 6) + b"PLTE" + b"\0\1\2\3\4\5" + struct.pack(">I", zlib.crc32(b"PLTE\0\1\2\3\4\5"))
    add("png", png(4, 3, 8, 2, b"".join(bytes([f % 5]) + bytes(range(f, f + 12)) for f in range(3))))
    add("png", png(4, 4, 8, 6, b"".join(bytes([f % 5]) + bytes(range(16)) for f in range(4))))
    add("png", png(9, 2, 1, 0, b"\0\xaa\x80" * 2))
    add("png", png(5, 2, 16, 4, (b"\2" + bytes(range(20))) * 2))
    add("png", png(3, 2, 4, 3, b"\0\x01\x10" * 2, extra=palette))
    add("png", png(3, 3, 8, 0, b"\0a" + b"\0b" + b"\0cd" * 2 + b"\0efg" * 3, interlace=1))


def settings():
    for _, data in files("recipes/*.yaml"):
        add("recipe", data[:2048])
    add("recipe", "name: a\nmodels: [m]\ndatasets: [d]\n")
    add("recipe", "name: a\nmodels:\n- {model: m, as: n, dtype: bf16, datasets: [d]}\ndatasets:\n- {dataset: d@1, split: test, metrics: [accuracy, {metric: bleu, tokenize: zh}], limit: 3, seed: 1}\ngates:\n- {dataset: d, metric: accuracy, test: paired, min_effect: 0.1, hard_floor: 0.5}\nalpha: 0.01\nschedule: 0 2 * * 1-5\nkeep: {runs: 2, days: 3}\ntimeout: 2h\nbaseline: none\n")
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi"))
    add("recipe", "name: a\nmodels: [m]\ndatasets: [d]\n" + bomb)
    add("recipe", "name: a\nmodels: [m]\ndatasets: [d]\nmetrics: " + "[" * 500 + "]" * 500)
    for _, data in files("datasets/_tasks/*.yaml", "datasets/*/task*.yaml"):
        add("task", data[:2048])
    for _, data in files(FIXTURES + "**/*pipeline*.yaml", "docs/pipelines.md"):
        add("pipeline", data[:2000])
    add("pipeline", "source: {file: rows.csv, batch_rows: 7}\npipeline:\n- select: [a, b]\n- filter: {where: \"a != 'x'\"}\n- shuffle: {seed: 1, window: 10}\n- batch: 32\n")
    add("pipeline", "source: {dataset: tnews, split: train}\npipeline:\n- zip: {with: [{source: {records: r}, pipeline: [{batch: 2}]}]}\n")
    add("pipeline", "source: {file: f}\n" + bomb + "pipeline:\n- select: *d\n")
    for _, data in files("datasets/*/README.md", FIXTURES + "golden/datasets/descriptor/**/README.md"):
        add("readme", data[:2048])
    add("readme", "---\nconfigs:\n- config_name: a\n  default: true\n  data_dir: data\n  data_files:\n  - {split: train, path: \"train/*.csv\"}\n  - {split: test, path: [a.csv]}\n  sep: \";\"\n  names: [x, y]\n  header: null\n  encoding: gbk\ndataset_info:\n- config_name: a\n  features:\n  - {name: id, dtype: int64}\n  - {name: l, dtype: {class_label: {names: {'0': n, '1': p}}}}\n---\n# x\n")
    add("readme", "---\nconfigs:\n- data_files: \"**/[!t]*.csv\"\n- {config_name: b, data_files: {train: t*.csv, test: 'test-?.csv'}}\n---\n")
    for path, data in files("datasets/*/*.json", FIXTURES + "golden/datasets/descriptor/*/*.json"):
        if len(data) <= 2048:
            add("descriptor", data)
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    digest = hashlib.sha256(b"").hexdigest()
    for plan in (
        {"kind": "prepare", "tool": "dsx 1", "options": {"a": 1}, "inputs": [{"name": "a.txt", "bytes": 100, "sha256": digest}],
         "shards": {"bytes": 64, "count": 2}},
        {"kind": "eval", "tool": "dsx 1", "options": None, "inputs": [
            {"name": n, "bytes": 9223372036854775807, "sha256": digest} for n in "ab"],
         "shards": {"bytes": 1, "count": 9223372036854775807}},
    ):
        own = hashlib.sha256(json.dumps(plan, **compact).encode()).hexdigest()
        add("manifest", json.dumps({"format": "dsx-manifest", "version": 1, "id": own, "plan": plan, "outputs": plan["inputs"], "counts": {}}, **compact))
        add("manifest", json.dumps({"format": "dsx-plan", "version": 1, "id": own, "plan": plan, "steps": [{"name": "a", "shards": 2}], "setup": None}, **compact))
        add("manifest", json.dumps({"format": "dsx-part", "version": 1, "id": own, "step": "a", "shard": 0, "shards": 2, "files": [
            {"name": "x", "bytes": 0, "sha256": digest, "crc32c": "00000000"}], "counts": {"rows": 1}}, **compact))


for make in (tables, records, vocabularies, weights, archives, settings):
    make()
for folder in sorted(os.listdir("Fuzz/.corpus")):
    print(folder, len(os.listdir(f"Fuzz/.corpus/{folder}")), file=sys.stderr)
