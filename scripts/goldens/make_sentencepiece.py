#!/usr/bin/env python3
"""Makes Tests/Fixtures/golden/sentencepiece: small SentencePiece models of many kinds, and what
sentencepiece 0.2.3 does with them.

    python scripts/goldens/make_sentencepiece.py     (sentencepiece==0.2.3, protobuf)

Texts: the poems and input lines of Tests/Fixtures/golden/prepare. Existing models are kept, so that only
results change when this script learns more; delete a model to have it trained again.
"""

import io
import json
import pathlib
import random

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as model_pb2

ROOT = pathlib.Path(__file__).resolve().parents[2]
PREPARE = ROOT / "Tests" / "Fixtures" / "golden" / "prepare"
OUTPUT = ROOT / "Tests" / "Fixtures" / "golden" / "sentencepiece"
VERSION = "0.2.3"

HOSTILE = {
    "blanks_inside": "  two  blanks   three ",
    "blank_kinds": "a\u3000b\u00a0c\u2009d\u200be\tf\ng\rh",
    "literal_escape": "\u2581a\u2581\u2581b \u2581 c",
    "fullwidth": "ＡＢＣ１２３！？，（）ｶﾞ",
    "case": "İSTANBUL ǅ ß ẞ Straße ΑΣ ΣΑΣ ﬁ ﬀ",
    "composed": "e\u0301 é \u1112\u1161\u11ab 한 Å \u212b",
    "ligature": "\ufdfa ½ № ™ ㍿ ㌔",
    "surrogate_range": "\ud7ff\ue000\ufffd\uffff",
    "astral": "𠮷野家 😀👨\u200d👩\u200d👧 🇨🇳 \U0010ffff",
    "zero": "a\u0000b",
    "controls": "\u0001\u0008\u001f\u007f\u0085\ufeff",
    "symbols": "<s>abc</s><unk><pad><mask>中国人abcd<0x41>ab<|im_end|>",
    "digits": "3.14159 2026-11-21 100,000 ①②",
    "english": "The configuration of the internationalization library, isn't it?",
    "repeat": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 哈哈哈哈哈哈哈哈哈哈",
    "unknown_run": "ꙮꙮ龘靐齉 ꙮ龘",
    "single_blank": " ",
    "empty": "",
    "marks": "a\u0300\u0301\u0302\u0303\u20dd",
    "bidi": "שלום \u202eabc\u202c مرحبا",
}

RULES = "41\t61\n42 43\t62 63 20 63\n2460\t28 31 29\n9\t20\n200B\t\n8BD7\t8BD7 20\n61 0308\t e4\n"
DENORMAL = "61\t41\n3002\t2E\n"
SYMBOLS = ["ab", "abc", "中国", "中国人", "<|im_end|>", "▁the", "。"]


def kinds(folder):
    """Name and trainer options of every model."""
    rules, denormal = folder / "rules.tsv", folder / "denormal.tsv"
    rules.write_text(RULES)
    denormal.write_text(DENORMAL)
    small = dict(normalization_rule_name="identity", vocab_size=420, hard_vocab_limit=False)
    big = dict(small, vocab_size=1900, character_coverage=0.98)
    return {
        "word_identity": dict(small, model_type="word", user_defined_symbols=SYMBOLS),
        "char_uds": dict(small, model_type="char", user_defined_symbols=SYMBOLS, vocab_size=2000),
        "char_bf": dict(small, model_type="char", byte_fallback=True, 
            vocab_size=1900, character_coverage=0.98),
        "uni_suffix": dict(big, model_type="unigram", treat_whitespace_as_suffix=True),
        "bpe_suffix_bf": dict(
            big, model_type="bpe", treat_whitespace_as_suffix=True, byte_fallback=True),
        "uni_nmt_nfkc_cf": dict(
            big, model_type="unigram", normalization_rule_name="nmt_nfkc_cf"),
        "bpe_keepspaces_digits": dict(
            big, model_type="bpe", remove_extra_whitespaces=False, add_dummy_prefix=False,
            allow_whitespace_only_pieces=True, split_digits=True, byte_fallback=True),
        "uni_keepspaces": dict(
            big, model_type="unigram", remove_extra_whitespaces=False,
            allow_whitespace_only_pieces=True),
        "uni_rules": dict(
            big, model_type="unigram", normalization_rule_name="", normalization_rule_tsv=str(rules),
            denormalization_rule_tsv=str(denormal)),
        "bpe_uds_control": dict(
            big, model_type="bpe", user_defined_symbols=SYMBOLS,
            control_symbols=["<sep>", "<cls>"], pad_id=3, unk_surface="<?>", unk_piece="[UNK]",
            bos_piece="[BOS]", eos_piece="[EOS]"),
        "uni_uds_bf": dict(
            big, model_type="unigram", user_defined_symbols=SYMBOLS, byte_fallback=True),
        "bpe_nobos": dict(big, model_type="bpe", bos_id=-1, eos_id=-1, split_by_whitespace=False),
    }


def edited(models):
    """Models that the trainer does not make: unused pieces, blanks as they are, no unknown piece."""

    def unused(proto):
        for number, piece in enumerate(proto.pieces):
            if piece.type == piece.NORMAL and number % 3 == 0:
                piece.type = piece.UNUSED

    def raw_blanks(proto):
        proto.normalizer_spec.escape_whitespaces = False
        for piece in proto.pieces:
            if piece.type == piece.NORMAL:
                piece.piece = piece.piece.replace("\u2581", " ")

    def no_unknown(proto):
        kept = [piece for piece in proto.pieces if piece.type != piece.UNKNOWN]
        del proto.pieces[:]
        proto.pieces.extend(kept)

    def equal_scores(proto):
        for piece in proto.pieces:
            if piece.type == piece.NORMAL:
                piece.score = -1.0 * len(piece.piece)

    edits = [
        ("bpe_unused", "bpe_suffix_bf", unused),
        ("uni_unused", "uni_uds_bf", unused),
        ("word_unused", "word_identity", unused),
        ("char_unused", "char_uds", unused),
        ("bpe_rawblanks", "bpe_keepspaces_digits", raw_blanks),
        ("uni_rawblanks", "uni_keepspaces", raw_blanks),
        ("bpe_nounk", "bpe_keepspaces_digits", no_unknown),
        ("uni_ties", "uni_suffix", equal_scores),
        ("bpe_ties", "bpe_nobos", equal_scores),
    ]
    for name, base, edit in edits:
        path = models / f"{name}.model"
        if not path.exists():
            proto = model_pb2.ModelProto()
            proto.ParseFromString((models / f"{base}.model").read_bytes())
            edit(proto)
            path.write_bytes(proto.SerializeToString())


def train(sentences, models):
    folder = models.parent / "rules"
    folder.mkdir(exist_ok=True)
    for name, options in kinds(folder).items():
        path = models / f"{name}.model"
        if path.exists():
            continue
        made = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences), model_writer=made, minloglevel=2, num_threads=1,
            **options)
        proto = model_pb2.ModelProto()
        proto.ParseFromString(made.getvalue())
        # Paths of the machine that trained it are nobody's business.
        proto.normalizer_spec.normalization_rule_tsv = ""
        proto.denormalizer_spec.normalization_rule_tsv = ""
        path.write_bytes(proto.SerializeToString())


def results(processor, lines, chance):
    """One JSON-ready row a line, then some lists of ids."""
    is_unigram = processor.serialized_model_proto and processor_kind(processor) == 1
    has_ends = processor.bos_id() >= 0 and processor.eos_id() >= 0
    for name, text in lines:
        ids = processor.encode(text)
        pieces = processor.encode(text, out_type=str)
        row = {
            "id": name, "ids": ids, "pieces": pieces, "norm": processor.normalize(text),
            "decode": processor.decode(ids), "decode_pieces": processor.decode(pieces),
        }
        proto = processor.encode(text, out_type="proto")
        row["offsets"] = [[piece.begin, piece.end] for piece in proto.pieces]
        if has_ends:
            row["framed"] = processor.encode(text, add_bos=True, add_eos=True, reverse=True)
        if is_unigram and len(text) < 60:
            row["nbest"] = processor.nbest_encode_as_ids(text, nbest_size=4)
        yield row
    for number in range(12):
        ids = [chance.randrange(processor.get_piece_size()) for _ in range(chance.randrange(1, 9))]
        yield {"id": f"ids_{number}", "decode_ids": ids, "decode": processor.decode(ids)}


def processor_kind(processor):
    proto = model_pb2.ModelProto()
    proto.ParseFromString(processor.serialized_model_proto())
    return proto.trainer_spec.model_type


def main():
    assert sentencepiece.__version__ == VERSION, sentencepiece.__version__
    models = OUTPUT / "models"
    models.mkdir(parents=True, exist_ok=True)
    given = [json.loads(line) for line in (PREPARE / "lines.jsonl").open(encoding="utf-8")]
    sentences = [line for path in sorted((PREPARE / "texts").glob("*.txt"))
                 for line in path.read_text(encoding="utf-8").splitlines() if line]
    sentences += [row["text"] for row in given if "\n" not in row["text"] and row["text"].strip()]
    sentences += [HOSTILE["english"], "the library and the records of the house"] * 3
    train(sentences, models)
    edited(models)
    lines = [(row["id"], row["text"]) for row in given if row["id"].startswith("edge_")]
    lines += [(row["id"], row["text"]) for row in given if row["id"].startswith("jieba_test")][:24]
    lines += HOSTILE.items()
    lines = [(name, text) for name, text in lines if len(text) < 400]
    with (OUTPUT / "lines.jsonl").open("w", encoding="utf-8") as file:
        for name, text in lines:
            file.write(json.dumps({"id": name, "text": text}) + "\n")
    for path in sorted(models.glob("*.model")):
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        with (OUTPUT / f"sp_{path.stem}.jsonl").open("w", encoding="utf-8") as file:
            for row in results(processor, lines, random.Random(path.stem)):
                file.write(json.dumps(row, separators=(",", ":")) + "\n")
        print(path.stem, processor.get_piece_size(), path.stat().st_size)


if __name__ == "__main__":
    main()
