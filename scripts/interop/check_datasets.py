"""Real modelscope 1.9.5 (with Hugging Face datasets 2.13) and dsx on the same local data: CSV and JSON
files, folders that tell their splits, image folders, and ModelScope's own descriptors from its cache. Splits,
columns, labels, rows and their order must be equal. And converted sets in real MindSpore.

Cells are those that both read alike. Known differences, so not asked for here: pandas takes `007` for 7,
`True` for a truth value, `NA` and an empty cell of text for a missing value; dsx keeps them as text.
"""

import csv
import json
import os
import pathlib
import random
import subprocess
import tempfile
import zipfile

from checks import ROOT, Skip, check, dsx, expect, need

HERE = pathlib.Path(__file__).parent
WORDS = ["天气", "a,b", 'say "hi"', "two\nlines", "naïve", " blank ", "x" * 300, "tab\there", "🙂"]


def environment():
    """The python of modelscope's own environment."""
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    settings = dict(
        os.environ,
        DSX_INTEROP_REQUIREMENTS=str(HERE / "requirements-modelscope.txt"),
        DSX_INTEROP_VENV=os.environ.get("DSX_MODELSCOPE_VENV")
        or str(pathlib.Path(cache) / "dsx" / "modelscope-venv"),
    )
    made = subprocess.run(
        [HERE / "venv.sh"], env=settings, stdout=subprocess.PIPE, text=True, check=True
    )
    python = made.stdout.strip()
    probe = subprocess.run([python, "-c", "import modelscope.msdatasets"], capture_output=True)
    if probe.returncode != 0:
        raise Skip("modelscope 1.9.5 cannot be imported")
    return python


class Peer:
    """The real modelscope, in a process of its own, with caches in a folder of this run."""

    def __init__(self, python, folder):
        variables = dict(
            os.environ, HF_HOME=f"{folder}/hf", MS_CACHE_HOME=f"{folder}/ms", HOME=str(folder),
            HF_DATASETS_CACHE=f"{folder}/hf/datasets",
        )
        self.process = subprocess.Popen(
            [python, "-B", "-W", "ignore", HERE / "modelscope_rows.py"], env=variables, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )

    def load(self, name, cache=None, **arguments):
        call = {"name": str(name), "kwargs": arguments, "cache": cache and str(cache)}
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        expect(line, "modelscope ended")
        answer = json.loads(line)
        expect("error" not in answer, f"modelscope: {answer.get('error')}")
        return answer


def ours(path, split, *options):
    lines = dsx(
        "datasets", "head", path, "--split", split, "-n", 1_000_000, "--format", "json", *options
    )
    return [json.loads(line) for line in lines.split("\n")[:-1]]


def shown(path, *options):
    return json.loads(dsx("datasets", "show", path, "--format", "json", *options))["splits"]


def compare(path, theirs, *options):
    parts = {part["split"]: part for part in shown(path, *options)}
    if list(theirs) != [""]:
        expect(list(parts) == list(theirs), f"splits {list(parts)} and {list(theirs)}")
    count = 0
    for name, answer in theirs.items():
        split = name or next(iter(parts))
        columns = parts[split]["columns"]
        expect(
            [column["name"] for column in columns] == list(answer["features"]),
            f"columns of {split}: {columns} and {answer['features']}",
        )
        for column in columns:
            feature = answer["features"][column["name"]]
            if isinstance(feature, list):
                expect(column.get("classes") == feature, f"classes {column} and {feature}")
        rows = ours(path, split, *options)
        expect(len(rows) == len(answer["rows"]), f"{len(rows)} rows and {len(answer['rows'])}")
        for number, (row, other) in enumerate(zip(rows, answer["rows"])):
            expect(row == other, f"{split} row {number}: {row} and {other}")
        count += len(rows)
    return count


def table(random, path, rows):
    header = ["id", "text", "score", "desc"]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator=random.choice(["\n", "\r\n"]))
        writer.writerow(header)
        for number in range(rows):
            writer.writerow(
                [number, random.choice(WORDS), random.randrange(1, 4000) / 8, random.choice(WORDS)]
            )


def converted(folder):
    """A converted set through the real MindSpore: its own types, missing values as zero with a mark."""
    need("mindspore.mindrecord")
    from mindspore.mindrecord import FileReader

    source = folder / "kinds.jsonl"
    rows = [
        {"标签": n % 3, "flag": n % 2 == 0, "x": None if n % 5 == 0 else n / 4, "text": f"天{n}", "deep": [n]}
        for n in range(300)
    ]
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    target = folder / "kinds.mindrecord"
    dsx("datasets", "convert", source, "--output", target)
    reader = FileReader(str(target))
    found = list(reader.get_next())
    reader.close()
    expect(len(found) == len(rows), f"{len(found)} rows")
    for row, other in zip(rows, found):
        there = {name: value.item() if hasattr(value, "item") else value for name, value in other.items()}
        expected = {
            "column": row["标签"], "flag": int(row["flag"]), "x": row["x"] or 0.0,
            "x_valid": int(row["x"] is not None), "text": row["text"], "deep": json.dumps(row["deep"]),
        }
        expect(there == expected, f"{there} and {expected}")
    pictures = folder / "pictures.mindrecord"
    dsx("datasets", "convert", "digits", "--split", "validation", "--output", pictures)
    reader = FileReader(str(pictures))
    found = list(reader.get_next())
    reader.close()
    with zipfile.ZipFile(ROOT / "datasets/digits/digits_imagefolder.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("dev/"))
        for name, row in zip(names, found):
            expect(bytes(row["image"]) == archive.read(name), f"bytes of {name}")
            expect(int(row["label"]) == int(name.split("/")[1]), f"label of {name}")
    expect(len(found) == len(names), f"{len(found)} images and {len(names)}")
    return f"{len(rows)} rows and {len(names)} images"


def main():
    with check("datasets-converted") as note, tempfile.TemporaryDirectory() as name:
        note(converted(pathlib.Path(name)))
    python = None
    with check("datasets-environment") as note:
        python = environment()
        note("modelscope 1.9.5, datasets 2.13.0")
    if python is None:
        return
    dice = random.Random(17)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        peer = Peer(python, folder / "peer")
        with check("datasets-csv") as note:
            count = 0
            for number in range(20):
                path = folder / f"file{number}.csv"
                table(dice, path, dice.randrange(1, 60))
                count += compare(path, peer.load(path))
            note(f"{count} rows of 20 files")
        with check("datasets-json") as note:
            path = folder / "rows.jsonl"
            with open(path, "w", encoding="utf-8") as file:
                for number in range(500):
                    row = {"a": number, "b": dice.choice(WORDS), "c": number / 4, "d": number % 2 == 0}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            note(f"{compare(path, peer.load(path))} rows")
        with check("datasets-text") as note:
            path = folder / "lines.txt"
            path.write_text("one\n\n  two \n三\n", encoding="utf-8")
            note(f"{compare(path, peer.load(path))} rows")
        with check("datasets-splits") as note:
            count = 0
            layouts = [
                ["train.csv", "dev.csv", "test.csv"], ["my_train_1.csv", "my_train_2.csv", "eval.csv"],
                ["train/a.csv", "train/b.csv", "valid/a.csv"], ["a.csv", "b.csv"],
                ["training-0.csv", "testing-0.csv"],
            ]
            for number, names in enumerate(layouts):
                root = folder / f"layout{number}"
                for file in names:
                    (root / file).parent.mkdir(parents=True, exist_ok=True)
                    table(dice, root / file, dice.randrange(1, 20))
                count += compare(root, peer.load(str(root)))
            note(f"{count} rows of {len(layouts)} layouts")
        with check("datasets-imagefolder") as note:
            count = 0
            picture = (
                ROOT / "Tests/Fixtures/golden/datasets/descriptor/imgs/train/cat/0.png"
            ).read_bytes()
            classes = ["Zebra", "ant", "Äpfel", "9", "a-b", "a", "猫"]
            for number in range(6):
                root = folder / f"images{number}"
                splits = dice.choice([["train", "test"], ["train", "validation", "test"], [""]])
                for split in splits:
                    chosen = dice.sample(classes, dice.randrange(2, len(classes)))
                    for label in chosen:
                        for image in dice.sample(range(30), 4):
                            path = root / split / label / f"{image}.png"
                            path.parent.mkdir(parents=True, exist_ok=True)
                            path.write_bytes(picture)
                count += compare(root, peer.load("imagefolder", data_dir=str(root)))
            note(f"{count} images of 6 folders")
        with check("datasets-descriptor") as note:
            count = 0
            for number in range(5):
                name = f"set{number}"
                meta = folder / "peer/ms/datasets/modelscope" / name / "master/meta"
                meta.mkdir(parents=True)
                layout = {}
                for subset in ["afqmc", "tnews"]:
                    layout[subset] = {}
                    for split in ["train", "validation", "test"][: dice.randrange(1, 4)]:
                        file = f"{subset}_{split}.csv"
                        table(dice, meta / file, dice.randrange(1, 30))
                        layout[subset][split] = {"meta": file, "file": ""}
                (meta / f"{name}.json").write_text(json.dumps(layout))
                (meta / "1.formation_mark").write_text("")
                os.environ["MS_CACHE_HOME"] = str(folder / "peer/ms")
                for subset in layout:
                    theirs = peer.load(name, cache=meta, subset_name=subset)
                    count += compare(name, theirs, "--subset", subset)
            note(f"{count} rows of 10 subsets")


if __name__ == "__main__":
    main()
