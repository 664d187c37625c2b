#!/usr/bin/env python3
"""Writes Sources/Text/Unicode/UnicodeTables+Data.swift by asking Hugging Face tokenizers.

The library takes its Unicode data from five places (Oniguruma, Rust's standard library, the crates
unicode-normalization-alignments, unicode_categories and regex), each with a version of its own. So
every code point is put through the library's own normalizers and pre-tokenizers, and what comes out
is written down. Run with the Python of an environment that has tokenizers 0.23.3:

    python3 scripts/unicode/make_tables.py > Sources/Text/Unicode/UnicodeTables+Data.swift
"""
import sys
import unicodedata

import tokenizers
from tokenizers import Regex, Tokenizer, models, normalizers as n, pre_tokenizers as p

assert tokenizers.__version__ == "0.23.3", tokenizers.__version__
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SCRIPTS = ["Han", "Hiragana", "Katakana", "Hangul", "Latin", "Greek", "Cyrillic", "Arabic",
           "Hebrew", "Thai", "Devanagari", "Bopomofo", "Armenian", "Georgian", "Bengali", "Tamil"]
CATEGORIES = ["Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd",
              "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf",
              "Cs", "Co"]


def varint(value):
    """Five bits a digit, the lowest first; the sixth bit says that more follow."""
    text = ""
    while True:
        low, value = value & 31, value >> 5
        text += DIGITS[low | (32 if value else 0)]
        if not value:
            return text


def zigzag(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def runs(classes):
    """Lengths and classes of the runs over 0..<0x110000."""
    out, start = "", 0
    for c in range(1, 0x110001):
        if c == 0x110000 or classes[c] != classes[start]:
            out += varint(c - start) + varint(classes[start])
            start = c
    return out


def oniguruma(pattern):
    """The set of code points that match a pattern of one character."""
    split = p.Split(Regex(pattern), "removed")
    found = set()
    for base in range(0, 0x110000, 64):
        block = [c for c in range(base, base + 64) if not 0xD800 <= c < 0xE000]
        text = "".join(map(chr, block))
        if not text:
            continue
        kept = {ord(ch) for piece, _ in split.pre_tokenize_str(text) for ch in piece}
        found.update(c for c in block if c not in kept)
    return found


def main():
    category = [0] * 0x110000
    for number, name in enumerate(CATEGORIES):
        if name in ("Cn", "Cs"):
            continue
        for c in oniguruma(r"\p{%s}" % name):
            assert category[c] == 0, hex(c)
            category[c] = number
    for c in range(0xD800, 0xE000):
        category[c] = CATEGORIES.index("Cs")
    script = [0] * 0x110000
    for number, name in enumerate(SCRIPTS, 1):
        for c in oniguruma(r"\p{%s}" % name):
            script[c] = number
    # The properties that other parts ask for, one bit each: see UnicodeTables.Property.
    sets = {
        "onigSpace": oniguruma(r"\s"),
        "onigWord": oniguruma(r"\w"),
        "onigDigit": oniguruma(r"\d"),
    }
    whole = p.WhitespaceSplit()
    digits = p.Digits(individual_digits=True)
    punctuation = p.Punctuation()
    words = p.Whitespace()
    clean = n.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False,
                             lowercase=False)
    accents = n.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True,
                               lowercase=False)
    strip = n.StripAccents()
    for name in ("space", "numeric", "punctuation", "control", "nonspacing", "combining", "word"):
        sets[name] = set()
    for c in SCALARS:
        text = "a" + chr(c) + "a"
        if [t for t, _ in whole.pre_tokenize_str(text)] == ["a", "a"]:
            sets["space"].add(c)
        if len(digits.pre_tokenize_str(text)) == 3:
            sets["numeric"].add(c)
        if len(punctuation.pre_tokenize_str(text)) == 3:
            sets["punctuation"].add(c)
        if clean.normalize_str(text) == "aa":
            sets["control"].add(c)
        if accents.normalize_str(text) == "aa":
            sets["nonspacing"].add(c)
        if strip.normalize_str(text) == "aa":
            sets["combining"].add(c)
        if len(words.pre_tokenize_str(text)) == 1:
            sets["word"].add(c)
    order = ["space", "numeric", "punctuation", "control", "nonspacing", "combining", "word",
             "onigWord"]
    assert sets["onigSpace"] == sets["space"]
    assert sets["onigDigit"] == {c for c in SCALARS if CATEGORIES[category[c]] == "Nd"}
    combos, flags = {}, [0] * 0x110000
    for c in SCALARS:
        bits = sum(1 << i for i, name in enumerate(order) if c in sets[name])
        flags[c] = combos.setdefault(bits, len(combos)) if bits else combos.setdefault(0, len(combos))
    combo_list = [bits for bits, _ in sorted(combos.items(), key=lambda item: item[1])]

    nfd, nfkd, nfc, nfkc, low = n.NFD(), n.NFKD(), n.NFC(), n.NFKC(), n.Lowercase()
    canonical, compatible, lower = {}, {}, {}
    for c in SCALARS:
        ch = chr(c)
        if not 0xAC00 <= c < 0xD7A4:
            d = nfd.normalize_str(ch)
            if d != ch:
                canonical[c] = d
            k = nfkd.normalize_str(ch)
            if k != d:
                compatible[c] = k
        l = low.normalize_str(ch)
        if l != ch:
            lower[c] = l
    # Combining classes: by the order in which the library puts two marks.
    ladder = {}

    def swaps(first, second):
        return nfd.normalize_str("a" + first + second) == "a" + second + first and first != second

    for c in SCALARS:
        k = unicodedata.combining(chr(c))
        # A character that the library does not know yet would break the ladder.
        if k and c not in canonical and (k == 240 or swaps(chr(0x345), chr(c))):
            ladder.setdefault(k, chr(c))
    steps = sorted(ladder)
    for a, b in zip(steps, steps[1:]):
        assert swaps(ladder[b], ladder[a]) and not swaps(ladder[a], ladder[b]), (a, b)
    ccc = [0] * 0x110000
    for c in SCALARS:
        ch = chr(c)
        if c in canonical or 0xAC00 <= c < 0xD7A4:
            continue
        if not (swaps(ladder[240], ch) or swaps(ch, ladder[1])):
            continue
        # The class is the only rung that swaps with it in neither order.
        same = [k for k in steps if ladder[k] == ch
                or not swaps(ladder[k], ch) and not swaps(ch, ladder[k])]
        assert len(same) == 1, (hex(c), same)
        ccc[c] = same[0]
    pairs = []
    for c, d in sorted(canonical.items()):
        if len(d) < 2 or nfc.normalize_str(chr(c)) != chr(c):
            continue
        head = nfc.normalize_str(d[:-1])
        if len(head) == 1 and nfc.normalize_str(head + d[-1]) == chr(c):
            pairs.append((ord(head), ord(d[-1]), c))
    # Every composition is known: composing the decomposition gives the library's own NFC.
    table = {(a, b): c for a, b, c in pairs}
    for c, d in canonical.items():
        out = [ord(d[0])]
        for ch in d[1:]:
            if (out[-1], ord(ch)) in table and len(out) == 1:
                out[-1] = table[out[-1], ord(ch)]
            else:
                out.append(ord(ch))
        assert "".join(map(chr, out)) == nfc.normalize_str(chr(c)), hex(c)

    def mapping(table):
        out, last = "", 0
        for c, text in sorted(table.items()):
            out += varint(c - last) + varint(len(text))
            at = c
            for ch in text:
                out += zigzag(ord(ch) - at)
                at = ord(ch)
            last = c
        return out

    def triples(pairs):
        out, last = "", 0
        for a, b, c in sorted(pairs, key=lambda t: t[2]):
            out += varint(c - last) + zigzag(a - c) + varint(b)
            last = c
        return out

    def emit(name, comment, text):
        lines = [text[i:i + 4000] for i in range(0, len(text), 4000)] or [""]
        print(f"  /// {comment}")
        print(f"  static let {name}: [StaticString] = [")
        for line in lines:
            print(f'    "{line}",')
        print("  ]")

    print("// Generated by scripts/unicode/make_tables.py from tokenizers 0.23.3. Do not edit by hand.")
    print("// swift-format-ignore-file")
    print()
    print("extension UnicodeTables {")
    emit("categoryRuns", "General categories of Oniguruma: lengths and numbers.", runs(category))
    emit("scriptRuns", "Scripts of Oniguruma: lengths and numbers.", runs(script))
    emit("flagRuns", "Properties: lengths and places in `flagSets`.", runs(flags))
    print("  /// The sets of properties that occur, as `Property` bits.")
    print(f"  static let flagSets: [UInt8] = {combo_list}")
    emit("classRuns", "Canonical combining classes: lengths and classes.", runs(ccc))
    emit("canonicalMap", "Full canonical decompositions, without Hangul.", mapping(canonical))
    emit("compatibleMap", "Full compatibility decompositions where they differ.", mapping(compatible))
    emit("lowerMap", "Lower case of single code points.", mapping(lower))
    emit("compositions", "Canonical compositions: composed, first, second.", triples(pairs))
    print("}")
    print(len(canonical), len(compatible), len(lower), len(pairs), combo_list, len(steps),
          file=sys.stderr)
    for name in sets:
        print(name, len(sets[name]), file=sys.stderr)


if __name__ == "__main__":
    main()
