"""The quality stage decides as datatrove does, but where docs/quality.md says otherwise.

Documents are made from the handbook's sentences (Chinese and English) with lines, paragraphs and
phrases repeated at random, so that many lie near the limits. datatrove counts punctuation marks as
words and takes shares of all characters; dsx counts units and takes shares of letters: decisions near
a limit may differ, and the check asks for agreement on at least 95 % of the documents.
"""

import json
import pathlib
import random
import re
import tempfile

from checks import ROOT, check, dsx, expect, need


def sentences():
    """(is Chinese, sentence) of the shipped texts."""
    found = []
    for path in sorted((ROOT / "datasets" / "handbook_texts").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        chinese = "_zh" in path.name
        pattern = r"[^。！？\n]+[。！？]" if chinese else r"[^.!?\n]+[.!?]"
        found += [(chinese, s.strip()) for s in re.findall(pattern, text) if len(s) > 10]
    return found


def made_documents(count, seed):
    """(is Chinese, text); a random share of what a document says is said again."""
    rng = random.Random(seed)
    pools = {kind: [s for k, s in sentences() if k == kind] for kind in (False, True)}
    documents = []
    for number in range(count):
        chinese = number % 2 == 1
        share = rng.choice([0, 0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5])
        said, lines = [], []
        for _ in range(rng.randrange(12, 40)):
            if said and rng.random() < share:
                said.append(rng.choice(said))
            else:
                said.append(rng.choice(pools[chinese]))
        while said:
            some = rng.randrange(1, 4)
            lines.append(("" if chinese else " ").join(said[:some]))
            said = said[some:]
        borders = [rng.choice(["\n", "\n", "\n\n"]) for _ in lines]
        documents.append((chinese, "".join(a + b for a, b in zip(lines, borders)).strip()))
    return documents


def dropped(documents, *options):
    """The numbers of the documents that dsx drops, with their reasons."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "documents.jsonl"
        starts, position = {}, 0
        with open(source, "wb") as file:
            for number, (_, text) in enumerate(documents):
                line = json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n"
                starts[position] = number
                file.write(line)
                position += len(line)
        output = pathlib.Path(folder) / "out.mindrecord"
        dsx(
            "prepare", "--input", source, "--input-format", "jsonl", "--seq-length", 33,
            "--output", output, *options,
        )
        reasons = {}
        with open(f"{output}.dropped.jsonl", encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                reasons[starts[entry["byte"]]] = entry["reason"]
        return reasons


def check_repetition():
    with check("quality.repetition") as note:
        need("datatrove", "spacy")
        from datatrove.data import Document
        from datatrove.pipeline.filters import GopherRepetitionFilter
        from datatrove.utils.typeshelper import Languages

        documents = made_documents(600, 1)
        ours = dropped(documents, "--quality", "repetition")
        rules = {
            False: GopherRepetitionFilter(language=Languages.english),
            True: GopherRepetitionFilter(language=Languages.mandarin_chinese),
        }
        for chinese, name in ((False, "English"), (True, "Chinese")):
            same = both = total = 0
            for number, (kind, text) in enumerate(documents):
                if kind != chinese:
                    continue
                theirs = rules[kind].filter(Document(text=text, id="0")) is not True
                total += 1
                same += theirs == (number in ours)
                both += theirs and number in ours
            note(f"{name}: {same} of {total} decisions equal, {both} dropped by both")
            expect(same >= 0.95 * total, f"{name}: only {same} of {total} decisions agree")
            expect(both > 0.1 * total, "the documents test nothing")


def check_lengths():
    with check("quality.length") as note:
        need("datatrove", "spacy")
        from datatrove.data import Document
        from datatrove.pipeline.filters import GopherQualityFilter

        rng = random.Random(2)
        # Words without punctuation, whose number and lengths both sides see alike.
        words = ["a", "it", "the", "word", "words", "length", "measured", "extraordinarily"]
        documents = []
        for _ in range(400):
            some = rng.sample(words, rng.randrange(1, 5))
            count = rng.choice([3, 48, 49, 50, 51, 60, 90])
            documents.append((False, " ".join(rng.choice(some) for _ in range(count))))
        ours = dropped(documents, "--quality", "length")
        rule = GopherQualityFilter(min_stop_words=None)
        names = {
            "gopher_short_doc": "length/min-units",
            "gopher_below_avg_threshold": "length/min-word",
            "gopher_above_avg_threshold": "length/max-word",
        }
        for number, (_, text) in enumerate(documents):
            verdict = rule.filter(Document(text=text, id="0"))
            theirs = None if verdict is True else names[verdict[1]]
            expect(
                ours.get(number) == theirs,
                f"document {number}: {ours.get(number)} here, {theirs} there",
            )
        note(f"{len(documents)} decisions equal, {len(ours)} dropped")


def theirs_kept(documents):
    """The documents that datatrove's signatures and its rule (first of a connected set) keep."""
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.utils.typeshelper import Languages

    with tempfile.TemporaryDirectory() as folder:
        steps = {
            False: MinhashDedupSignature(folder, config=MinhashConfig()),
            True: MinhashDedupSignature(
                folder, config=MinhashConfig(), language=Languages.mandarin_chinese
            ),
        }
        parent = list(range(len(documents)))

        def first(index):
            while parent[index] != index:
                index = parent[index]
            return index

        seen = {}
        for number, (chinese, text) in enumerate(documents):
            shingles = steps[chinese].get_shingles(text)
            for bucket, values in enumerate(steps[chinese].get_signature(shingles)):
                other = seen.setdefault((bucket, tuple(values)), number)
                one, two = sorted((first(other), first(number)))
                parent[two] = one
        return {number for number in range(len(documents)) if first(number) == number}


def check_minhash():
    with check("quality.minhash") as note:
        need("datatrove", "spacy")
        rng = random.Random(3)
        base = [d for d in made_documents(500, 4) if len(d[1]) > 400][:400]
        documents = []
        for chinese, text in base:
            documents.append((chinese, text))
            kind = rng.randrange(4)
            if kind == 0:
                documents.append((chinese, text.replace(",", "").upper()))
            elif kind == 1:
                cut = int(len(text) * 0.97)
                documents.append((chinese, text[:cut]))
        ours = set(range(len(documents))) - set(dropped(documents, "--dedup", "minhash"))
        theirs = theirs_kept(documents)
        same = len(documents) - len(ours ^ theirs)
        note(
            f"{same} of {len(documents)} decisions equal; kept here {len(ours)}, there {len(theirs)}"
        )
        expect(same >= 0.97 * len(documents), f"only {same} of {len(documents)} decisions agree")
        expect(len(ours) < len(documents) - 100, "the documents test nothing")


def shingles(units):
    return {tuple(units[i : i + 5]) for i in range(len(units) - 4)}


def planted_pair(rng, chinese, changes):
    """Two texts of 300 units, of which some were changed, and the true similarity."""
    if chinese:
        draw, joint = (lambda: chr(rng.randrange(0x4E00, 0x5E00))), ""
    else:
        draw, joint = (lambda: f"w{rng.randrange(20000)}x"), " "
    one = [draw() for _ in range(300)]
    two = list(one)
    for place in rng.sample(range(300), changes):
        two[place] = draw()
    a, b = shingles(one), shingles(two)
    return joint.join(one), joint.join(two), len(a & b) / len(a | b)


def check_planted():
    """Recall of MinHash at several similarities against 1 - (1 - s^8)^14, and its false alarms."""
    rng = random.Random(5)
    for chinese, name in ((False, "English"), (True, "Chinese")):
        with check(f"quality.planted-{name}") as note:
            documents, pairs = [], []
            for changes in (2, 4, 6, 8, 10, 14, 20, 30):
                for _ in range(200):
                    one, two, similarity = planted_pair(rng, chinese, changes)
                    pairs.append((changes, len(documents) + 1, similarity))
                    documents += [(chinese, one), (chinese, two)]
            unrelated = {number for number in range(0, len(documents), 2)}
            found = dropped(documents, "--dedup", "minhash")
            expect(not unrelated & set(found), "a document was dropped that resembles no other")
            for changes in sorted({c for c, _, _ in pairs}):
                own = [(n, s) for c, n, s in pairs if c == changes]
                recall = sum(n in found for n, _ in own) / len(own)
                mean = sum(s for _, s in own) / len(own)
                wanted = sum(1 - (1 - s**8) ** 14 for _, s in own) / len(own)
                note(f"s {mean:.2f}: {recall:.3f} (theory {wanted:.3f})")
                error = max(0.02, 4 * (wanted * (1 - wanted) / len(own)) ** 0.5)
                expect(abs(recall - wanted) < error, f"recall {recall} at {mean:.2f}")


def check_contamination():
    """Every planted evaluation item is found, nothing else is."""
    with check("quality.contamination") as note:
        rng = random.Random(6)
        pool = sentences()
        rng.shuffle(pool)
        long = [(c, s) for c, s in pool if len(s) > (60 if c else 120)]
        items, rest = long[:60], long[60:]
        held = " ".join(s for _, s in items)
        documents, planted = [], set()
        for number in range(300):
            chinese, text = rest[number % len(rest)]
            if any(text[:20] in s for _, s in items) or text in held:
                continue
            if number % 5 == 0:
                planted.add(len(documents))
                text = text + " " + items[number // 5][1].upper() + " " + text
            documents.append((chinese, f"{number} " + text))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "eval.jsonl"
            with open(path, "w", encoding="utf-8") as file:
                for _, text in items:
                    file.write(json.dumps({"question": text}, ensure_ascii=False) + "\n")
            found = set(dropped(documents, "--decontaminate", path))
        note(f"{len(found & planted)} of {len(planted)} found, {len(found - planted)} others")
        expect(found == planted, f"missed {planted - found}, too many {found - planted}")


check_repetition()
check_lengths()
check_minhash()
check_planted()
check_contamination()
