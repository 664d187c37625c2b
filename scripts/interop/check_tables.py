"""CSV as other readers read it: 100,000 random documents (DSX_CSV_DOCUMENTS).

Each document goes to dsx and to Python's strict reader. They must agree on the rows, or differ in one of
the ways that docs/tables.md names: dsx refuses a quote within an unquoted field ("stray quote") and rows
of different widths ("width"). The documents that both take are also put together into files of one width
and one line end, which polars and duckdb read: the cells must be equal.
Needs the benchmark program: DSX_BENCH, default Benchmarks/.build/release/dsx-bench.
"""

import collections
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import tempfile

from checks import ROOT, Skip, check, expect, need

COUNT = int(os.environ.get("DSX_CSV_DOCUMENTS", "100000"))
PLAIN = ["", "a", "12", "-0.5", "007", " x ", "数据", "🙂", "é", "a b", "\t", "NA", "null", "'", "#", "\\"]
QUOTED = [",", "\n", "\r\n", '""', "a", "数", " ", "", "\r", "1,2", '""""']


def cell(rng):
    if rng.random() < 0.4:
        return '"' + "".join(rng.choices(QUOTED, k=rng.randrange(4))) + '"'
    return rng.choice(PLAIN)


def document(rng):
    """A text that mostly is right: some are damaged at one place."""
    width = rng.randrange(1, 5)
    ending = rng.choice(["\n", "\r\n", "\r"]) if rng.random() < 0.9 else None
    text = ""
    for _ in range(rng.randrange(1, 6)):
        if rng.random() < 0.05:
            text += ending or rng.choice(["\n", "\r\n"])
        count = width if rng.random() < 0.97 else rng.randrange(1, 5)
        text += ",".join(cell(rng) for _ in range(count)) + (ending or rng.choice("\n\r"))
    if rng.random() < 0.3:
        text = text.rstrip("\r\n")
    if rng.random() < 0.15 and text:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(['"', ",", "\n", "x", "\r"]) + text[at + rng.randrange(2):]
    return text.removeprefix("\ufeff")


def by_python(text):
    """Rows without blank lines, or None."""
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        return None


def named_difference(text, ours, theirs):
    """The name of a difference that is documented, or None."""
    message = ours.get("error", "")
    if "quote stands where" in message and theirs is not None:
        # RFC 4180: a quote may only stand in a quoted field.
        return "stray quote"
    if theirs is not None and message.startswith("the row has"):
        return "width" if len({len(row) for row in theirs}) > 1 else None
    return None


def by_dsx(texts, folder):
    program = os.environ.get("DSX_BENCH") or ROOT / "Benchmarks/.build/release/dsx-bench"
    if not pathlib.Path(program).exists():
        raise Skip(f"no benchmark program at {program}")
    path = folder / "documents.jsonl"
    path.write_text("".join(json.dumps(text) + "\n" for text in texts))
    done = subprocess.run(
        [program, "csv-documents", "--input", path], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def merged(texts, rows):
    """Files of documents with one width and one line end: (text, rows)."""
    groups = collections.defaultdict(list)
    for text, found in zip(texts, rows):
        ends = {end for end in ("\r\n", "\n", "\r") if end in text.replace("\r\n", "").replace("\r\n", "")}
        ends |= {"\r\n"} if "\r\n" in text else set()
        # A row of one empty cell is a blank line for some readers, and mixed ends are not theirs.
        if found and len(ends) <= 1 and len(found[0]) > 1 and "\r" not in ends:
            groups[len(found[0]), (ends or {"\n"}).pop()].append((text, found))
    for (width, end), members in sorted(groups.items()):
        for start in range(0, len(members), 500):
            part = members[start : start + 500]
            text = "".join(t if t.endswith(end) else t + end for t, _ in part)
            yield text, [row for _, found in part for row in found]


def by_polars(path, width):
    import polars

    frame = polars.read_csv(
        path, has_header=False, infer_schema=False, missing_utf8_is_empty_string=True
    )
    expect(frame.width == width, f"polars: {frame.width} columns")
    return [list(row) for row in frame.iter_rows()]


def by_duckdb(connection, path, width):
    columns = "{" + ", ".join(f"'c{n}': 'VARCHAR'" for n in range(width)) + "}"
    found = connection.execute(
        f"SELECT * FROM read_csv(?, auto_detect=false, header=false, delim=',', quote='\"', "
        f"escape='\"', columns={columns}, nullstr='\x01', parallel=false)",
        [str(path)],
    ).fetchall()
    return [["" if value is None else value for value in row] for row in found]


def main():
    rng = random.Random(71)
    texts = [document(rng) for _ in range(COUNT)]
    accepted = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with check("tables-csv-python") as note:
            results = by_dsx(texts, folder)
            expect(len(results) == len(texts), f"{len(results)} results")
            names = collections.Counter()
            for text, ours in zip(texts, results):
                theirs = by_python(text)
                if "rows" in ours and ours["rows"] == theirs:
                    names["equal"] += 1
                    accepted.append((text, theirs))
                elif theirs is None and "error" in ours:
                    names["both refuse"] += 1
                else:
                    difference = named_difference(text, ours, theirs)
                    expect(difference, f"{text!r}: dsx {ours}, Python {theirs}")
                    names[difference] += 1
            note(", ".join(f"{name} {count}" for name, count in names.most_common()))
        for peer in ("polars", "duckdb"):
            with check(f"tables-csv-{peer}") as note:
                need(peer)
                expect(accepted, "no documents")
                connection = __import__("duckdb").connect() if peer == "duckdb" else None
                documents = rows = 0
                for text, expected in merged(*zip(*accepted)):
                    path = folder / "merged.csv"
                    path.write_bytes(text.encode())
                    width = len(expected[0])
                    if peer == "polars":
                        found = by_polars(path, width)
                    else:
                        found = by_duckdb(connection, path, width)
                    pairs = zip(found, expected)
                    wrong = next(((a, b) for a, b in pairs if a != b), None)
                    expect(not wrong, f"{peer} and dsx: {wrong}")
                    expect(len(found) == len(expected), f"{len(found)} rows, {len(expected)}")
                    documents += 1
                    rows += len(found)
                note(f"{rows} rows in {documents} files")


if __name__ == "__main__":
    main()
