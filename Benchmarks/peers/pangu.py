"""Corpus preparation as MindFormers' PanGu-alpha script does it in Python: its per-paragraph steps.

A paragraph is cut by jieba (accurate mode, HMM on); in each word a blank becomes U+2582 and a line
feed U+2583; the words are joined by one blank and encoded by SentencePiece; the id of `<eot>`
follows. The steps are the original's, one after the other, so that the time is the original's too.
"""

import os

import jieba
import sentencepiece

BLANKS = str.maketrans(" \n", "\u2582\u2583")


class Tokenizer:
    def __init__(self, vocabulary):
        self.model = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
        self.eot = self.model.piece_to_id("<eot>")
        if self.eot == self.model.unk_id():
            raise ValueError(f"{vocabulary} has no piece <eot>")
        # The dictionary is loaded here and not inside the first paragraph.
        jieba.setLogLevel(60)
        jieba.initialize()

    def tokenize(self, text):
        words = [word.translate(BLANKS) for word in jieba.cut(text, cut_all=False)]
        return self.model.encode(" ".join(words))


def file_ids(tokenizer, path, trim=False):
    """The ids of one file: pieces between two line feeds, empty ones dropped, each with its eot.

    With `trim` no piece begins or ends with a line feed, as dsx has it; the original keeps the last one
    of a file, and the third of three in a row.
    """
    if os.path.getsize(path) == 0:
        return []
    content = []
    with open(path, encoding="utf-8") as file:
        for paragraph in file.read().split("\n\n"):
            if trim:
                paragraph = paragraph.strip("\n")
            if paragraph:
                content += tokenizer.tokenize(paragraph) + [tokenizer.eot]
    return content


def chunks(ids, length):
    """Full rows, and what is left over."""
    full = len(ids) // length * length
    return [ids[i : i + length] for i in range(0, full, length)], ids[full:]


def rows(tokenizer, paths, length, carry=True):
    """Yields the rows of the sorted files; returns (number of ids, the ids that fill no row).

    With `carry` the ids left over at the end of a file begin the next one's first row, and pieces are
    trimmed, as dsx does it; without it they are dropped file by file, as the original does it.
    """
    tokens, over, dropped = 0, [], []
    for path in sorted(paths):
        ids = file_ids(tokenizer, path, trim=carry)
        tokens += len(ids)
        full, over = chunks(over + ids if carry else ids, length)
        yield from full
        if not carry:
            dropped += over
    return tokens, over if carry else dropped
