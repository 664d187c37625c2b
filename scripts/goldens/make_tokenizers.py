#!/usr/bin/env python3
"""Makes Tests/Fixtures/golden/tokenizers: small tokenizer.json files of many kinds, and what Hugging Face
tokenizers 0.23.3 does with them.

    python scripts/goldens/make_tokenizers.py     (tokenizers==0.23.3, sentencepiece==0.2.3, protobuf)

Texts: the poems and input lines of Tests/Fixtures/golden/prepare. Models are written once and kept, so that
only results change when this script learns more; delete a model to have it made again.
"""

import base64
import json
import pathlib
import random

import tokenizers
from sentencepiece import sentencepiece_model_pb2 as model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parents[2]
PREPARE = ROOT / "Tests" / "Fixtures" / "golden" / "prepare"
OUTPUT = ROOT / "Tests" / "Fixtures" / "golden" / "tokenizers"
assert tokenizers.__version__ == "0.23.3", tokenizers.__version__

HOSTILE = [
    "", " ", "  two  blanks   three ", "a\u3000b\u00a0c\u2009d\u200be\tf\ng\rh\r\n\r\ni",
    "\u2581a\u2581\u2581b \u2581 c", "ＡＢＣ１２３！？，（）ｶﾞ", "İSTANBUL ǅ ß ẞ Straße ΑΣ ΣΑΣ ﬁ ﬀ",
    "e\u0301 é \u1112\u1161\u11ab 한 Å \u212b a\u0323\u0307 a\u0307\u0323", "\ufdfa ½ № ™ ㍿ ㌔ ①②",
    "\ud7ff\ue000\ufffd\uffff", "𠮷野家 😀👨\u200d👩\u200d👧 🇨🇳 \U0010ffff", "a\u0000b\u0001\u0008\u001f\u007f\u0085\ufeff",
    "<s>abc</s><unk><pad><mask>中国人abcd<0x41>ab<|im_end|>", "3.14159 2026-11-21 100,000 1234567 १२३४",
    "The configuration of the internationalization library, isn't it? I'LL say WE'VE don't.",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 哈哈哈哈哈哈哈哈哈哈", "ꙮꙮ龘靐齉 ꙮ龘", "a\u0300\u0301\u0302\u0303\u20dd",
    "שלום \u202eabc\u202c مرحبا", "Hello <mask> world<mask>, [MASK] [MASK]! <ent> entity <ent>s <ENT>",
    "x<extra_id_0>y <extra_id_1> z", "don ' t do not say n't . , ! ?", "``quoted'' and ``more''",
    "line one\nline two\n\n\n  indented\ttab", "CamelCaseWord ALLCAPS lowerCase HTTPServer x/y/z //comment\n",
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。", "'ſ 'S 's 'll 'Ll 'rE", "-a--b---c- the-final--countdown",
    "e\u0301e\u0301\u0301 ﬃ ǆ ﷽", "\u1100\u1161 \u1100\u1161\u11a8 \uac00\u11a8",
    "unknown ✂ ✈ ✉ signs ❄❄", "日本語のテキスト、カタカナとひらがな。", "Привет, мир! Как дела?",
]

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
TIKTOKEN = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
DEEPSEEK = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
KIMI = "|".join([
    r"[\p{Han}]+",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"


def texts():
    lines = []
    for line in (PREPARE / "lines.jsonl").read_text().splitlines():
        lines.append(json.loads(line)["text"])
    corpus = list(lines) * 2
    for path in sorted((PREPARE / "texts").glob("*.txt")):
        corpus += path.read_text().split("\n")
    for path in sorted((ROOT / "docs").glob("*.md")):
        corpus += path.read_text().split("\n")[:80]
    return lines, corpus


def special(*names):
    return [AddedToken(name, special=True, normalized=False) for name in names]


def trained(model, trainer, corpus, **parts):
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer


def byte_level(corpus, pre, size=900, tokens=("<|endoftext|>",), **parts):
    return trained(
        models.BPE(), trainers.BpeTrainer(
            vocab_size=size, special_tokens=list(tokens), show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()),
        corpus, pre_tokenizer=pre, decoder=decoders.ByteLevel(), **parts)


def split_bytes(*patterns, **options):
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
        + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False, **options)])


def charsmap(path):
    proto = model_pb2.ModelProto()
    proto.ParseFromString(path.read_bytes())
    return proto, proto.normalizer_spec.precompiled_charsmap


def unigram(path, count, byte_fallback=False):
    proto, _ = charsmap(path)
    pieces = [(p.piece, p.score) for p in proto.pieces]
    keep = pieces[:count]
    return models.Unigram(keep, unk_id=proto.trainer_spec.unk_id, byte_fallback=byte_fallback)


def precompiled(path):
    return normalizers.Precompiled(charsmap(path)[1])


def kinds(corpus):
    """Name and builder of every model."""
    big = PREPARE / "models" / "uni_4k_bf_nmtnfkc.model"
    rules = ROOT / "Tests/Fixtures/golden/sentencepiece/models/uni_rules.model"
    small = ROOT / "Tests/Fixtures/golden/sentencepiece/models/uni_suffix.model"

    def t5():
        t = Tokenizer(unigram(big, 2000))
        t.normalizer = precompiled(big)
        t.pre_tokenizer = pre_tokenizers.Metaspace()
        t.decoder = decoders.Metaspace()
        t.add_special_tokens(special("</s>", "<extra_id_0>", "<extra_id_1>"))
        t.post_processor = processors.TemplateProcessing(
            single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", t.token_to_id("</s>"))])
        return t

    def t5_bytes():
        t = Tokenizer(unigram(big, 2000, byte_fallback=True))
        t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Strip()])
        t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
        t.decoder = decoders.Sequence(
            [decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="first")])
        return t

    def albert():
        t = Tokenizer(unigram(small, 1500))
        t.normalizer = normalizers.Sequence([
            normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
            normalizers.StripAccents(), normalizers.Lowercase(), precompiled(rules),
            normalizers.Replace(Regex(" {2,}"), " ")])
        t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
        t.decoder = decoders.Metaspace(prepend_scheme="first")
        t.add_special_tokens(special("[CLS]", "[SEP]") + [AddedToken("[MASK]", lstrip=True, normalized=False, special=True)])
        ids = [(x, t.token_to_id(x)) for x in ("[CLS]", "[SEP]")]
        t.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids)
        return t

    def roberta():
        t = byte_level(corpus, pre_tokenizers.ByteLevel(add_prefix_space=True),
                       tokens=("<s>", "<pad>", "</s>", "<unk>"))
        t.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
        t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=True)
        return t

    def gpt2_trim():
        t = byte_level(corpus, pre_tokenizers.ByteLevel(add_prefix_space=False))
        t.post_processor = processors.ByteLevel(trim_offsets=True)
        return t

    def qwen2():
        t = byte_level(corpus, split_bytes(QWEN), normalizer=normalizers.NFC(), tokens=())
        t.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
        t.post_processor = processors.ByteLevel(trim_offsets=False)
        return t

    def llama3():
        t = byte_level(corpus, split_bytes(CL100K), tokens=())
        t.add_special_tokens(special("<|begin_of_text|>", "<|end_of_text|>"))
        t.post_processor = processors.Sequence([
            processors.ByteLevel(trim_offsets=True),
            processors.TemplateProcessing(
                single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
                special_tokens=[("<|begin_of_text|>", t.token_to_id("<|begin_of_text|>"))])])
        return t

    def starcoder():
        return byte_level(corpus, pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]))

    def deepseek():
        return byte_level(corpus, split_bytes(r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+", DEEPSEEK))

    def no_alphabet():
        # Bytes without a piece are lost, or unknown.
        t = trained(models.BPE(unk_token="<unk>"), trainers.BpeTrainer(
            vocab_size=700, special_tokens=["<unk>"], show_progress=False), corpus[:60],
            pre_tokenizer=pre_tokenizers.ByteLevel(), decoder=decoders.ByteLevel())
        return t

    def byte_normalizer():
        t = byte_level(corpus, pre_tokenizers.Split("Ġ", "merged_with_next"),
                       normalizer=normalizers.ByteLevel())
        return t

    def clip():
        t = trained(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=False),
            trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False),
            corpus[:400], pre_tokenizer=pre_tokenizers.Sequence([
                pre_tokenizers.Split(Regex(r"'s|'t|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"), "removed", invert=True)]),
            normalizer=normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
            decoder=decoders.BPEDecoder())
        return t

    def prefixed():
        t = trained(models.BPE(unk_token="<unk>", continuing_subword_prefix="##", fuse_unk=True),
            trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>"], continuing_subword_prefix="##", show_progress=False),
            corpus[:400], pre_tokenizer=pre_tokenizers.WhitespaceSplit(), decoder=decoders.WordPiece(cleanup=False))
        return t

    def fallback(fuse, scheme):
        tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
        t = trained(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=fuse),
            trainers.BpeTrainer(vocab_size=1200, special_tokens=tokens, show_progress=False, limit_alphabet=500),
            corpus, pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme=scheme, split=True))
        t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=False)
        data = json.loads(t.to_str())
        data["added_tokens"] = data["added_tokens"][:3]
        t = Tokenizer.from_str(json.dumps(data))
        t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(),
                                       decoders.Fuse(), decoders.Strip(" ", 1, 0)])
        t.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> <s>:1 $B:1 </s>:1",
            special_tokens=[("<s>", 1), ("</s>", 2)])
        return t

    def gemma():
        tokens = ["<pad>", "<eos>", "<bos>", "<unk>"] + [f"<0x{b:02X}>" for b in range(256)]
        t = trained(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True),
            trainers.BpeTrainer(vocab_size=1200, special_tokens=tokens, show_progress=False, limit_alphabet=400),
            corpus, normalizer=normalizers.Replace(" ", "▁"),
            pre_tokenizer=pre_tokenizers.Split("▁", "merged_with_next"))
        t.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
        t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
        return t

    def partial_bytes():
        # Some bytes have pieces, others not: unknown text between bytes.
        vocab = {"<unk>": 0, "a": 1, "b": 2, "ab": 3, "<0xE2>": 4, "<0x9C>": 5, "<0x82>": 6, "<0x88>": 7}
        return Tokenizer(models.BPE(vocab, [("a", "b")], unk_token="<unk>", byte_fallback=True, fuse_unk=True))

    def bert(lower, accents, clean=True, chinese=True):
        t = trained(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20),
            trainers.WordPieceTrainer(vocab_size=1500, show_progress=False,
                special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]), corpus,
            normalizer=normalizers.BertNormalizer(clean, chinese, accents, lower),
            pre_tokenizer=pre_tokenizers.BertPreTokenizer(), decoder=decoders.WordPiece())
        t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        return t

    def added_flags():
        t = trained(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(
                vocab_size=900, show_progress=False, special_tokens=["[UNK]"]), corpus,
            normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
            pre_tokenizer=pre_tokenizers.Whitespace(), decoder=decoders.WordPiece())
        t.add_tokens([
            AddedToken("<ent>", single_word=True, normalized=False), AddedToken("entity", single_word=True),
            AddedToken("[MASK]", lstrip=True, rstrip=True, normalized=False, special=True),
            AddedToken("<ENT>", normalized=True), AddedToken("WORLD", normalized=True, rstrip=True),
            AddedToken("hello", lstrip=True), AddedToken("中国", single_word=True), AddedToken("中国人"),
            AddedToken("ＡＢ", normalized=True), AddedToken("do not", special=True, normalized=True)])
        return t

    def word_level():
        return trained(models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(
            vocab_size=800, special_tokens=["<unk>"], show_progress=False), corpus,
            pre_tokenizer=pre_tokenizers.Whitespace())

    def chars(pre, normalizer=None, decoder=None):
        # The pieces show as tokens: a word-level model over single pieces would hide them.
        def build():
            t = trained(models.BPE(unk_token="<unk>"), trainers.BpeTrainer(
                vocab_size=500, special_tokens=["<unk>"], show_progress=False, limit_alphabet=200),
                corpus, pre_tokenizer=pre)
            if normalizer:
                t.normalizer = normalizer
            if decoder:
                t.decoder = decoder
            return t
        return build

    P = pre_tokenizers
    behaviors = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
    result = {
        "t5_unigram": t5, "unigram_bytes_first": t5_bytes, "albert_unigram": albert, "roberta": roberta,
        "gpt2_trim": gpt2_trim, "qwen2": qwen2, "llama3": llama3, "starcoder": starcoder,
        "o200k": lambda: byte_level(corpus, split_bytes(O200K)),
        "tiktoken_cl100k": lambda: byte_level(corpus, split_bytes(TIKTOKEN)),
        "deepseek": deepseek, "kimi": lambda: byte_level(corpus, split_bytes(KIMI)),
        "bloom": lambda: byte_level(corpus, split_bytes(BLOOM, trim_offsets=True)),
        "bytes_missing": no_alphabet, "byte_normalizer": byte_normalizer, "clip_suffix": clip,
        "bpe_prefix": prefixed, "fallback_first": lambda: fallback(True, "first"),
        "fallback_always": lambda: fallback(False, "always"), "gemma": gemma,
        "partial_bytes": partial_bytes, "bert_uncased": lambda: bert(True, None),
        "bert_cased": lambda: bert(False, False), "bert_accents": lambda: bert(False, True, False, False),
        "added_flags": added_flags, "word_level": word_level,
        "delimiter": chars(P.CharDelimiterSplit("-")), "fixed_length": chars(P.FixedLength(3)),
        "digits_runs": chars(P.Sequence([P.WhitespaceSplit(), P.Digits(), P.Punctuation("contiguous")])),
        "punctuation_previous": chars(P.Sequence([P.Punctuation("merged_with_previous"), P.Punctuation("removed")])),
        "strip_nfd": chars(P.WhitespaceSplit(), normalizers.Sequence(
            [normalizers.Strip(), normalizers.NFD(), normalizers.Strip(True, False)])),
        "nfkd_prepend": chars(P.Metaspace(replacement="_", prepend_scheme="never"), normalizers.Sequence(
            [normalizers.NFKD(), normalizers.Prepend("_x"), normalizers.Replace(Regex("[aeiou]+"), "é"),
             normalizers.Lowercase()]), decoders.CTC("a", "_", True)),
        "nfc_nfkc": chars(P.Split(Regex(r"\w+|[^\w\s]+"), "isolated"), normalizers.Sequence(
            [normalizers.NFKC(), normalizers.NFC(), normalizers.StripAccents()]), decoders.Fuse()),
    }
    for behavior in behaviors:
        for invert in (False, True):
            name = f"split_{behavior}" + ("_inverted" if invert else "")
            pattern = "-" if invert else Regex(r"[-\s]|\p{P}(?=\p{L})|a*?b")
            result[name] = chars(P.Split(pattern, behavior, invert))
    return result


def variants(name, tokenizer):
    """Truncation and padding on top of a model: name and tokenizer."""
    yield name, tokenizer
    if name == "bert_uncased":
        for suffix, truncation, padding in [
            ("cut_right", dict(max_length=8, stride=2), None),
            ("cut_left", dict(max_length=9, stride=1, direction="left"), None),
            ("cut_first", dict(max_length=24, strategy="only_first"), None),
            ("cut_second", dict(max_length=64, strategy="only_second"), None),
            ("pad_right", None, dict(length=20, pad_id=0, pad_token="[PAD]")),
            ("pad_left_8", dict(max_length=30, stride=3), dict(direction="left", pad_to_multiple_of=8, pad_type_id=3, pad_id=0, pad_token="[PAD]")),
        ]:
            other = Tokenizer.from_str(tokenizer.to_str())
            if truncation:
                other.enable_truncation(**truncation)
            if padding:
                other.enable_padding(**padding)
            yield f"{name}_{suffix}", other
    if name == "roberta":
        other = Tokenizer.from_str(tokenizer.to_str())
        other.enable_truncation(max_length=10, stride=3)
        other.enable_padding(pad_id=1, pad_token="<pad>")
        yield f"{name}_cut", other


def encoding(e):
    row = {"ids": e.ids, "tokens": e.tokens, "offsets": e.offsets, "type_ids": e.type_ids,
           "attention_mask": e.attention_mask, "special_tokens_mask": e.special_tokens_mask,
           "word_ids": e.word_ids}
    if e.overflowing:
        row["overflowing"] = [encoding(o) for o in e.overflowing]
    return row


def cases(tokenizer, lines, chance):
    picked = HOSTILE + chance.sample([x for x in lines if len(x) < 200], 24)
    for number, text in enumerate(picked):
        pair = chance.choice(picked) if number % 3 == 2 else None
        special_on = number % 5 != 4
        try:
            e = tokenizer.encode(text, pair, add_special_tokens=special_on)
        except BaseException as error:  # truncation that cannot be done; some are panics
            yield {"text": text, "pair": pair, "special": special_on, "error": str(error)}
            continue
        row = {"text": text, "pair": pair, "special": special_on, **encoding(e)}
        if e.ids or not isinstance(tokenizer.decoder, decoders.BPEDecoder):
            row["decode"] = tokenizer.decode(e.ids, skip_special_tokens=False)
            row["decode_skip"] = tokenizer.decode(e.ids, skip_special_tokens=True)
        yield row


def main():
    lines, corpus = texts()
    (OUTPUT / "models").mkdir(parents=True, exist_ok=True)
    for name, build in kinds(corpus).items():
        base = OUTPUT / "models" / f"{name}.json"
        if base.exists():
            tokenizer = Tokenizer.from_file(str(base))
        else:
            tokenizer = build()
        for full, variant in variants(name, tokenizer):
            path = OUTPUT / "models" / f"{full}.json"
            if not path.exists():
                path.write_text(json.dumps(json.loads(variant.to_str()), ensure_ascii=False, separators=(",", ":")))
            variant = Tokenizer.from_file(str(path))
            chance = random.Random(full)
            with open(OUTPUT / f"{full}.jsonl", "w") as file:
                for row in cases(variant, lines, chance):
                    file.write(json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n")
            print(full, variant.get_vocab_size(), flush=True)
    (OUTPUT / "README.md").write_text(
        "Made by scripts/goldens/make_tokenizers.py with tokenizers 0.23.3: models/NAME.json and NAME.jsonl,\n"
        "one case a line: text, pair, special (add_special_tokens), every list of the Encoding, decode with and\n"
        "without skip_special_tokens. A case with `error` is refused there, and must be refused here.\n")


if __name__ == "__main__":
    main()
