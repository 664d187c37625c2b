"""MindSpore reads what `dsx prepare` wrote: every row, by FileReader and by MindDataset.

The rows are computed here a second time, by jieba and sentencepiece as the original script does it,
and must equal what MindSpore reads and what `dsx records export` prints.
"""

import pathlib
import sys
import tempfile

from checks import ROOT, check, dsx, expect, exported, need, row_count, same_rows

LENGTH = 129
TEXTS = ROOT / "datasets" / "handbook_texts"
VOCABULARY = ROOT / "Sources" / "Text" / "Resources" / "dsx_zh_en_16k.model"
SCHEMA = {"input_ids": {"type": "int32", "shape": [-1]}}


def python_rows():
    """(full rows, ids left over) of the texts, computed without dsx."""
    sys.path.insert(0, str(ROOT / "Benchmarks" / "peers"))
    import pangu

    paths = sorted(TEXTS.glob("handbook_*.txt"))
    expect(paths, f"no texts in {TEXTS}")
    generator, rows = pangu.rows(pangu.Tokenizer(VOCABULARY), paths, LENGTH), []
    while True:
        try:
            rows.append(next(generator))
        except StopIteration as end:
            return rows, end.value[1]


def prepare(folder, *options):
    """The file, or the first of the shards, that dsx made with these options."""
    path = folder / "prepared.mindrecord"
    inputs = ("--input", TEXTS / "handbook_*.txt", "--seq-length", LENGTH)
    dsx("prepare", *inputs, "--output", path, *options)
    files = [file for file in sorted(folder.glob("prepared.mindrecord*")) if file.suffix != ".db"]
    files = [file for file in files if file.with_name(file.name + ".db").exists()]
    expect(files, f"dsx prepare wrote {sorted(file.name for file in folder.iterdir())}")
    return files


def read_by_file_reader(path):
    from mindspore.mindrecord import FileReader

    reader = FileReader(str(path))
    rows = [row["input_ids"] for row in reader.get_next()]
    reader.close()
    return rows


def read_by_dataset(path):
    from mindspore.dataset import MindDataset

    data = MindDataset(str(path), columns_list=["input_ids"], shuffle=False)
    return [row[0] for row in data.create_tuple_iterator(num_epochs=1, output_numpy=True)]


def equal(rows, wanted, reader):
    expect(len(rows) == len(wanted), f"{reader} reads {len(rows)} rows, {len(wanted)} expected")
    for index, (row, other) in enumerate(zip(rows, wanted)):
        expect(str(row.dtype) == "int32", f"{reader}, row {index}: {row.dtype}")
        expect(row.tolist() == other, f"{reader}, row {index} differs: {row[:8]} {other[:8]}")


def compare(wanted, shards, *options):
    with tempfile.TemporaryDirectory() as temporary:
        files = prepare(pathlib.Path(temporary), *options)
        expect(len(files) == shards, f"{len(files)} files instead of {shards}")
        equal(read_by_file_reader(files[0]), wanted, "FileReader")
        equal(read_by_dataset(files[0]), wanted, "MindDataset")

        import numpy

        arrays = [{"input_ids": numpy.array(row, "int32")} for row in wanted]
        same_rows(exported(files[0]), arrays, SCHEMA)
        expect(row_count(files[0]) == len(wanted), "records info states another row count")
    return f"{len(wanted)} rows of {LENGTH}, {shards} file(s)"


# Each run is a check of its own; the expected rows are computed once, and their failure is theirs.
EXPECTED = []


def expected():
    need("mindspore.mindrecord", "jieba", "sentencepiece", "numpy")
    if not EXPECTED:
        EXPECTED.append(python_rows())
    return EXPECTED[0]


with check("mindspore-reads-one-file") as note:
    rows, over = expected()
    note(compare(rows, 1))

with check("mindspore-reads-four-shards") as note:
    rows, over = expected()
    note(compare(rows, 4, "--file-partition", 4))

with check("mindspore-reads-kept-tail") as note:
    rows, over = expected()
    expect(over, "the texts leave no tail, so nothing is tested")
    note(compare([*rows, over], 1, "--tail", "keep"))
