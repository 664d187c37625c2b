"""Random and hostile lines for checks of tokenizers, the same for the same seed.

    for line in hostile_lines(20_000, seed=1): ...

A line is a str without a line feed that encodes to UTF-8: no lone surrogates, everything else may
come, from every plane. `WORDS` and `extra` let a check mix in its own words. Lines have 0 to about
200 characters, one in a hundred some thousand.
"""

import random

HAN_COMMON = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感"
# Every kind of white space that some tool knows, and what only looks like it.
BLANKS = [
    " ", "  ", "\t", "\r", "\r\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0",
    "\u1680", "\u180e", "\u2000", "\u2003", "\u2009", "\u200a", "\u200b", "\u2028", "\u2029",
    "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff", "\u2581", "\u2582", "\u2583",
]
JOINERS = [
    "\u200d", "\u200c", "\ufe0f", "\ufe0e", "\u0301", "\u0308", "\u0327", "\u3099", "\u309a",
    "\u20e3", "\u0e31", "\u094d", "\u05bc", "\u064b", "\U0001f3fd",
    "\U000e0067", "\U000e007f", "\u202e", "\u2066", "\u2069", "\u00ad", "\u034f", "\u115f",
]
EMOJI = [
    "👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇨🇳", "🇨", "1️⃣", "❤️", "😀", "🧑🏿‍🚀", "🫠", "☺", "⌚",
]
# Text that resembles the inner workings of tokenizers: special tokens, byte pieces, surrogate bytes.
TRAPS = [
    "<s>", "</s>", "<unk>", "<pad>", "<eot>", "<|endoftext|>", "<|im_start|>", "[CLS]", "[SEP]",
    "[MASK]", "[UNK]", "<0x0A>", "<0xE4>", "<mask>", "##ing", "##的", "Ġ", "Ċ", "Ã©", "\ud7ff",
    "\ue000", "\ufffd", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff", "\x00", "\x01", "\x7f",
    "\x80", "\x9f", "\u4dff", "\u4e00", "\u9fa5", "\u9fa6", "\u9fd5", "\u9fd6", "\u9fff",
    "\u3400", "\u4dbf", "\U00020000", "\U0002a6df", "\uf900", "\ufa0e", "ﬁ", "ﷺ", "㈱", "①", "㍿",
    "½", "Å", "Å", "Å", "가", "각", "한국어", "ｶﾞ", "ガ", "Ａｂ１", "ß", "ẞ", "İ", "ı", "ſ", "ǅ",
]
ASCII_RULES = [
    "3.14", "12.5%", "1.", ".5", "1.2.3", "1%%", "100%", "a.b", "a.1", "v2.0", "C++", "c#", "AT&T",
    "T恤", "A股", "B超", "K歌", "--", "---", "-", "_", "__init__", "e-mail", "x_y", "#1", "&amp;",
    "+86", "1+1=2", "a@b.cn", "http://x.y/z?q=1%20", "'s", "'LL", "don't", "I'm", "O'Neil", "...",
    "10,000", "1e-5", "0x1F", "ABCabc123", "1234567890", "２０２４", "٣٤", "१२", "Ⅷ", "²", "1st",
]
SCRIPTS = [
    (0x0020, 0x007e), (0x00a0, 0x024f), (0x0370, 0x03ff), (0x0400, 0x052f), (0x0530, 0x058f),
    (0x0590, 0x05ff), (0x0600, 0x06ff), (0x0900, 0x097f), (0x0e00, 0x0e7f), (0x1100, 0x11ff),
    (0x2000, 0x206f), (0x2070, 0x209f), (0x2100, 0x214f), (0x2190, 0x21ff), (0x2600, 0x27bf),
    (0x3000, 0x30ff), (0x3100, 0x312f), (0x31c0, 0x31ef), (0x4e00, 0x9fff), (0xac00, 0xd7a3),
    (0xe000, 0xe0ff), (0xf900, 0xfaff), (0xfe30, 0xfe4f), (0xff00, 0xffef), (0x10300, 0x1032f),
    (0x1d400, 0x1d7ff), (0x1f300, 0x1f6ff), (0x20000, 0x2a6df),
]
WORDS = [
    "中国", "北京大学", "清华大学", "研究生命起源", "南京市长江大桥", "乒乓球拍卖完了", "云计算",
    "人工智能", "中华人民共和国", "结婚的和尚未结婚的", "欧阳修", "伊丽莎白", "龘靐齉", "丨丶丿",
    "工信处女干事", "今天天气不错", "hello", "World", "tokenizer", "recordsreader", "naïve", "Москва",
]


def scalar(source):
    """Any code point but a surrogate or a line feed; planes and blocks are met about equally often."""
    kind = source.random()
    if kind < 0.35:
        low, high = source.choice(SCRIPTS)
    elif kind < 0.6:
        low, high = 0x4e00, 0x9fd5
    elif kind < 0.8:
        low, high = 0, 0xffff
    else:
        plane = source.randrange(17)
        low, high = plane << 16, plane << 16 | 0xffff
    while True:
        value = source.randint(low, high)
        if value != 0x0a and not 0xd800 <= value <= 0xdfff:
            return chr(value)


def part(source, words):
    """A few characters of one kind."""
    kind = source.randrange(12)
    if kind < 3:
        return "".join(source.choice(HAN_COMMON) for _ in range(source.randint(1, 12)))
    if kind == 3:
        return "".join(chr(source.randint(0x4e00, 0x9fd5)) for _ in range(source.randint(1, 6)))
    if kind == 4:
        return "".join(source.choice(words) for _ in range(source.randint(1, 3)))
    if kind == 5:
        return source.choice(ASCII_RULES)
    if kind == 6:
        alphabet = "abcXYZ0189.%-+#&_,;:'\"()/\\ "
        return "".join(source.choice(alphabet) for _ in range(source.randint(1, 10)))
    if kind == 7:
        return source.choice(BLANKS) * source.choice([1, 1, 1, 2, 3])
    if kind == 8:
        return source.choice(JOINERS + EMOJI)
    if kind == 9:
        return source.choice(TRAPS)
    return "".join(scalar(source) for _ in range(source.randint(1, 8)))


def hostile_lines(count, seed, extra=()):
    """`count` lines from `seed`; `extra` are more words of the tool that is checked."""
    source = random.Random(seed)
    words = WORDS + list(extra)
    lines = []
    for _ in range(count):
        length = source.choice([0, 1, 1, 2, 3, 4, 6, 8, 12, 20])
        if source.random() < 0.01:
            length = 400
        line = "".join(part(source, words) for _ in range(length))
        lines.append(line.replace("\n", ""))
    return lines


def spliced(texts, count, seed):
    """`count` lines of pieces of real texts, cut anywhere and joined: real words in unreal places."""
    source = random.Random(seed)
    lines = []
    for _ in range(count):
        pieces = []
        for _ in range(source.randint(1, 4)):
            text = source.choice(texts)
            start = source.randrange(max(len(text), 1))
            pieces.append(text[start : start + source.randint(1, 40)])
        lines.append("".join(pieces).replace("\n", " "))
    return lines
