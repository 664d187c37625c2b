"""Text out of the formats that documentation comes in: one generator of paragraphs a format.

Every function takes the bytes of one file and yields raw paragraphs; `tidy` then decides which of
them are prose. Only the standard library is used.
"""

import gzip
import re
import struct
from html.parser import HTMLParser

# Elements that end a paragraph, HTML and Mallard (GNOME's page format) together.
BLOCKS = set(
    "address article blockquote body br caption center cite dd desc div dl dt fieldset figcaption"
    " figure form h1 h2 h3 h4 h5 h6 hr item li list note ol p page section steps table tbody td"
    " terms tfoot th thead title tr ul".split()
)
# Elements whose text is no prose: scripts, page furniture, code listings, lists of authors.
DROPPED = set(
    "aside button code credit footer head header mal:credit nav noscript pre screen script style"
    " svg".split()
)
# Inside a sentence `code` is a word, so only Mallard's block form is dropped; HTML's is kept.
INLINE_IN_HTML = {"code"}


class PageReader(HTMLParser):
    """Collects paragraphs of a page; white space is collapsed as a browser does it."""

    def __init__(self, dropped):
        super().__init__(convert_charrefs=True)
        self.dropped = dropped
        self.inside_dropped = []
        self.text = []
        self.paragraphs = []

    def flush(self):
        self.paragraphs.append(" ".join("".join(self.text).split()))
        self.text = []

    def handle_starttag(self, tag, attrs):
        if tag in self.dropped:
            self.inside_dropped.append(tag)
        elif tag in BLOCKS:
            self.flush()

    def handle_startendtag(self, tag, attrs):
        if tag in BLOCKS:
            self.flush()

    def handle_endtag(self, tag):
        if tag in self.inside_dropped:
            while self.inside_dropped.pop() != tag:
                pass
        elif tag in BLOCKS:
            self.flush()

    def handle_data(self, data):
        if not self.inside_dropped:
            self.text.append(data)


def html(data):
    """HTML and Mallard pages."""
    text = data.decode("utf-8")
    mallard = "projectmallard.org" in text[:500]
    reader = PageReader(DROPPED if mallard else DROPPED - INLINE_IN_HTML)
    reader.feed(text)
    reader.close()
    reader.flush()
    yield from reader.paragraphs


# roff escapes that stand for characters; anything unknown is removed.
ROFF_CHARACTERS = {
    "\\-": "-", "\\e": "\\", "\\ ": " ", "\\~": " ", "\\&": "", "\\/": "", "\\,": "", "\\:": "",
    "\\%": "", "\\|": "", "\\^": "", "\\(bu": "*", "\\[bu]": "*", "\\(aq": "'", "\\[aq]": "'",
    "\\(dq": '"', "\\[dq]": '"', "\\(em": "—", "\\[em]": "—", "\\(en": "–", "\\[en]": "–",
    "\\(lq": "“", "\\[lq]": "“", "\\(rq": "”", "\\[rq]": "”", "\\(ga": "`", "\\[ga]": "`",
    "\\(ti": "~", "\\[ti]": "~", "\\(ha": "^", "\\[ha]": "^", "\\(co": "©", "\\[co]": "©",
}  # fmt: skip
ROFF_ESCAPE = re.compile(
    r"\\f(?:\[[^\]]*\]|\(..|.)|\\s[+-]?\d|\\m\[[^\]]*\]|\\[*n](?:\[[^\]]*\]|\(..|.)"
    r"|\\\[[^\]]*\]|\\\(..|\\\".*|\\."
)
ROFF_BREAKS = set("PP P LP TP IP HP sp br TQ RS RE nf fi EX EE".split())
ROFF_FONTS = set("B I R BR BI IB IR RB RI SM SB".split())


def unroff(line):
    return ROFF_ESCAPE.sub(lambda m: ROFF_CHARACTERS.get(m.group(), ""), line)


def roff_words(rest, joint):
    """The arguments of a macro call, quotes removed."""
    words = re.findall(r'"((?:[^"]|"")*)"?|(\S+)', rest)
    return joint.join(quoted or bare for quoted, bare in words)


def man(data):
    """Manual pages in the man macros; mdoc pages (`.Dd`) and pointers (`.so`) give nothing."""
    lines = gzip.decompress(data).decode("utf-8").split("\n")
    if any(line.startswith((".Dd", ".so ")) for line in lines):
        return
    paragraph, literal = [], False
    for line in lines:
        if line.startswith((".", "'")):
            name, _, rest = line[1:].strip().partition(" ")
            if name in ("SH", "SS"):
                yield "\n".join(paragraph)
                yield unroff(roff_words(rest, " "))
                paragraph = []
            elif name in ROFF_BREAKS:
                literal = name in ("nf", "EX") or (literal and name not in ("fi", "EE"))
                yield "\n".join(paragraph)
                paragraph = []
            elif name in ROFF_FONTS and not literal:
                paragraph.append(unroff(roff_words(rest, "" if len(name) == 2 else " ")))
        elif not line.strip():
            yield "\n".join(paragraph)
            paragraph = []
        elif not literal:
            paragraph.append(unroff(line))
    yield "\n".join(paragraph)


def plain(data):
    """reStructuredText and AsciiDoc sources: blocks between blank lines, markup lines removed."""
    text = data.decode("utf-8").replace("\r\n", "\n").replace("\t", "    ")
    for block in re.split(r"\n[ ]*(?=\n)", text):
        lines = [line for line in block.split("\n") if line.strip()]
        # Directives, comments, field lists, underlines, tables and listing fences.
        lines = [
            line
            for line in lines
            if not re.match(r"\s*(\.\. |:[\w-]+:|//|\[\[|[-=~^*+#\"'`.|_]{3,})", line)
        ]
        # A block that is indented as a whole is a listing more often than not.
        if lines and min(len(line) - len(line.lstrip()) for line in lines) < 4:
            yield "\n".join(line.strip() for line in lines)


def mo(data):
    """Translations of a gettext catalogue (little-endian .mo), without its header entry."""
    count, originals, translations = struct.unpack_from("<3I", data, 8)
    for i in range(count):
        length, offset = struct.unpack_from("<2I", data, translations + 8 * i)
        original_length = struct.unpack_from("<I", data, originals + 8 * i)[0]
        if original_length:
            message = data[offset : offset + length].decode("utf-8")
            yield from re.split(r"\n\s*\n|\0", message)


def fortune(data):
    """Entries between lines of `%`; the terminal colours are removed."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", data.decode("utf-8"))
    yield from re.split(r"(?m)^%$", text)


HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
CHINESE = re.compile(f"[{HAN}]")
GAP_IN_CHINESE = re.compile(f"(?<=[{HAN}，。；：、！？）》”]) +(?=[{HAN}，。；：、！？（《“])")
WORD_CHARACTER = re.compile(r"[\w，。；：、！？,.;:!?'\"()（）《》“”/-]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]")


def tidy(paragraph):
    """The paragraph with one LF between its lines, or None when it is not prose."""
    lines = (" ".join(line.split()) for line in CONTROL.sub("", paragraph).split("\n"))
    text = GAP_IN_CHINESE.sub("", "\n".join(line for line in lines if line))
    dense = len(re.sub(r"\s", "", text))
    letters = sum(map(str.isalpha, text))
    han = len(CHINESE.findall(text))
    if han < 6 and letters < 24:
        return None
    if len(WORD_CHARACTER.findall(text)) < 0.85 * dense or letters < 0.6 * dense:
        return None
    return text


def language(text):
    """`zh` when at least 15 of 100 characters are Chinese, else `en`."""
    dense = len(re.sub(r"\s", "", text))
    return "zh" if len(CHINESE.findall(text)) >= 0.15 * dense else "en"
