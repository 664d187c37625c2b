"""Writes Sources/Metrics/Tokenizers/Unicode/UnicodeTables.swift.

Properties P, N and S are asked of the package regex (pinned in scripts/interop/requirements.txt), as
sacrebleu's tokenizer "intl" does; lower case of this Python's str.lower, which must be 3.11 (Unicode
14.0.0). Run from the repository root:

    python scripts/unicode/metrics_tables.py > Sources/Metrics/Tokenizers/Unicode/UnicodeTables.swift
"""

import sys
import textwrap
import unicodedata

import regex

POINTS = [point for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]


def base36(number):
    sign, number, text = "-" if number < 0 else "", abs(number), ""
    while True:
        number, digit = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
        if number == 0:
            return sign + text


def lines(numbers):
    return textwrap.fill(" ".join(map(base36, numbers)), 96, initial_indent="    ",
                         subsequent_indent="    ")


def runs(members):
    """Lengths of the runs outside and inside the set, by turns."""
    numbers, place, members = [], 0, sorted(members)
    index = 0
    while index < len(members):
        last = index
        while last + 1 < len(members) and members[last + 1] == members[last] + 1:
            last += 1
        numbers += [members[index] - place, members[last] + 1 - members[index]]
        place = members[last] + 1
        index = last + 1
    return numbers


def lower_runs():
    """Per run: gap to its first, length to its last, step, difference."""
    found = []
    for point in POINTS:
        lower = chr(point).lower()
        if lower == chr(point) or len(lower) > 1:
            continue
        delta = ord(lower) - point
        if found:
            last = found[-1]
            step = point - last[1]
            if last[3] == delta and step in (1, 2) and last[2] in (0, step):
                last[1], last[2] = point, step
                continue
        found.append([point, point, 0, delta])
    numbers, place = [], 0
    for first, last, step, delta in found:
        numbers += [first - place, last - first, step or 1, delta]
        place = last
    return numbers


def main():
    assert unicodedata.unidata_version == "14.0.0", unicodedata.unidata_version
    # A capital sigma behind a text tells what Python holds for cased and for ignorable.
    cased = {p for p in POINTS if (chr(p) + "\u03a3").lower()[-1] == "\u03c2"}
    passed = {p for p in POINTS if ("a" + chr(p) + "\u03a3").lower()[-1] == "\u03c2"}
    tables = [
        ("punctuation", f"\\\\p{{P}} of regex {regex.__version__}.", None, "P"),
        ("numbers", f"\\\\p{{N}} of regex {regex.__version__}.", None, "N"),
        ("symbols", f"\\\\p{{S}} of regex {regex.__version__}.", None, "S"),
        ("cased", "Cased letters that are not case-ignorable, Unicode 14.0.0.", cased, None),
        ("caseIgnorable", "Case-ignorable code points, Unicode 14.0.0.", passed - cased, None),
    ]
    out = sys.stdout.write
    out("// Made by scripts/unicode/metrics_tables.py; do not edit.\n\n")
    out("/// Unicode properties that the frozen tokenizers need, as `ScalarSet` and `PythonLower` read them.\n")
    out("enum UnicodeTables {\n")
    for name, text, members, letter in tables:
        if letter:
            pattern = regex.compile(rf"\p{{{letter}}}")
            members = {p for p in POINTS if pattern.match(chr(p))}
        out(f"  /// {text.replace(chr(92) * 2, chr(92))}\n")
        out(f'  static let {name}: StaticString = """\n{lines(runs(members))}\n    """\n\n')
    out("  /// Runs of lower-case mappings: gap, length, step, difference.\n")
    out(f'  static let lower: StaticString = """\n{lines(lower_runs())}\n    """\n}}\n')


if __name__ == "__main__":
    main()
