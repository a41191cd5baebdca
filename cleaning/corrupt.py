"""Damage clean text the way the web does: forward models for tests and evaluation, never used on real pages.

Byte damage has its own exact model in cleaning.byte_model.
"""

from __future__ import annotations

import enum
import html
import random
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

__all__ = ["IRREVERSIBLE", "Manner", "Misread", "annotate", "misread"]

_HAN_RUN = re.compile("[\u3400-\u9fff]+")
_LONGEST = 4  # characters a word annotator takes together: words and idioms
_PICTURES = "✒📼🐌🍩🔼😘🔱🎺🎹🍀🚗🎈"


class Manner(enum.StrEnum):
    """How an annotator writes its notes."""

    CHARACTER = "per character"  # every occurrence of some characters: 區(qū)發(fā)展
    WORD = "per word"  # a sample of words: 治理(zhìlǐ)
    DOUBLED = "doubled"  # 党员(dǎngyuán)(dǎngyuán)
    TONELESS = "toneless, doubled"  # 政(zheng)(zheng)府
    DIGITS = "digit tones"  # 收入(shou1ru4)
    COMBINING = "combining marks"
    SPACED = "syllables apart"  # 治理(zhì lǐ )
    BLANKS = "blanks around"  # 治理 (zhìlǐ) 得
    FULL_WIDTH = "full-width brackets"
    PICTURES = "pictures"  # 扶贫(pín)(🐌)


class Misread(enum.StrEnum):
    """Which encoding was taken for which, or how the text was escaped."""

    UTF8_AS_GBK = "UTF-8 as GBK"
    UTF8_AS_GB18030 = "UTF-8 as GB 18030"
    UTF8_AS_BIG5 = "UTF-8 as Big5"
    UTF8_AS_CP1252 = "UTF-8 as Windows-1252"
    UTF8_AS_LATIN1 = "UTF-8 as Latin-1"
    UTF8_AS_LATIN1_TWICE = "UTF-8 as Latin-1, twice"
    GBK_AS_LATIN1 = "GBK as Latin-1"
    GBK_AS_CP1252 = "GBK as Windows-1252"
    GBK_AS_MIXED = "GBK as UTF-8, else Latin-1"
    GBK_AS_BIG5 = "GBK as Big5"
    BIG5_AS_GBK = "Big5 as GBK"
    BIG5_AS_LATIN1 = "Big5 as Latin-1"
    ENTITIES = "entities, twice"
    CODE_POINTS = "\\u escapes"
    PERCENT = "percent escapes"
    GBK_AS_UTF8 = "GBK as UTF-8"
    LOCKED = "U+FFFD as GBK"


# Of these nothing but the fact of the loss can be known.
IRREVERSIBLE = frozenset({Misread.GBK_AS_UTF8, Misread.LOCKED, Misread.UTF8_AS_BIG5})


def annotate(text: str, manner: Manner, *, share: float, seed: int) -> str:
    """Write reading notes behind a ``share`` (0 to 1) of the words, or of the kinds of characters."""
    import pypinyin  # 0.3 s and 58 MB: only where damage is made

    rng = random.Random(seed)  # noqa: S311  # repeatable damage, no secret
    style = pypinyin.Style.TONE3 if manner is Manner.DIGITS else pypinyin.Style.TONE
    style = pypinyin.Style.NORMAL if manner is Manner.TONELESS else style
    chosen = {char for char in sorted(set(text)) if rng.random() < share}

    def write(run: re.Match[str]) -> str:
        syllables = pypinyin.lazy_pinyin(run[0], style=style)
        parts = []
        for start, end in _cut(len(run[0]), manner, rng):
            word = run[0][start:end]
            picked = word in chosen if manner is Manner.CHARACTER else rng.random() < share
            parts.append(word + (_note(syllables[start:end], manner, rng) if picked else ""))
        return "".join(parts)

    return _HAN_RUN.sub(write, text)


def _cut(length: int, manner: Manner, rng: random.Random) -> Iterator[tuple[int, int]]:
    single = manner in (Manner.CHARACTER, Manner.TONELESS, Manner.PICTURES)
    start = 0
    while start < length:
        end = min(length, start + (1 if single else rng.randint(1, _LONGEST)))
        yield start, end
        start = end


def _note(syllables: list[str], manner: Manner, rng: random.Random) -> str:
    note = "({})".format(("" if manner is not Manner.SPACED else " ").join(syllables))
    shapes: dict[Manner, Callable[[], str]] = {
        Manner.DOUBLED: lambda: note + note,
        Manner.TONELESS: lambda: note + note,
        Manner.COMBINING: lambda: _decompose(note),
        Manner.SPACED: lambda: note.replace(")", " )"),
        Manner.BLANKS: lambda: f" {note} ",
        Manner.FULL_WIDTH: lambda: note.translate(str.maketrans("()", "（）")),
        Manner.PICTURES: lambda: note * rng.randint(0, 1) + f"({rng.choice(_PICTURES)})",
    }
    return shapes.get(manner, lambda: note)()


def _decompose(note: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFD", note)


def misread(text: str, kind: Misread) -> str:
    """The text after the mistake. Bytes that the wrong decoder refuses become U+FFFD."""
    return _MISTAKES[kind](text)


def _wrongly(right: str, wrong: str) -> Callable[[str], str]:
    return lambda text: text.encode(right, "replace").decode(wrong, "replace")


def _read_mixed(text: str) -> str:
    """A decoder that reads UTF-8 where it can and falls back to Latin-1 byte by byte."""
    data = text.encode("gbk", "replace")
    parts, at = [], 0
    while at < len(data):
        for size in (2, 3):
            try:
                parts.append(data[at : at + size].decode("utf-8") if data[at] > 0x7F else chr(data[at]))
                at += size if data[at] > 0x7F else 1
                break
            except UnicodeDecodeError:
                continue
        else:
            parts.append(chr(data[at]))
            at += 1
    return "".join(parts)


def _read_cp1252(data: bytes) -> str:
    """Windows-1252 as browsers read it: its five empty cells are control characters."""
    return "".join(_cp1252(byte) for byte in data)


def _cp1252(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _escape_twice(text: str) -> str:
    named = {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "…": "&hellip;", "·": "&middot;", " ": "&nbsp;"}
    return html.escape("".join(named.get(c, c if c.isascii() else f"&#{ord(c)};") for c in text), quote=False)


def _escape_units(text: str) -> str:
    units = text.encode("utf-16-be")
    codes = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return "".join(chr(code) if code < 0x80 else f"\\u{code:04x}" for code in codes)


_MISTAKES: dict[Misread, Callable[[str], str]] = {
    Misread.UTF8_AS_GBK: _wrongly("utf-8", "gbk"),
    Misread.UTF8_AS_GB18030: _wrongly("utf-8", "gb18030"),
    Misread.UTF8_AS_BIG5: _wrongly("utf-8", "cp950"),
    Misread.UTF8_AS_CP1252: lambda text: _read_cp1252(text.encode("utf-8")),
    Misread.UTF8_AS_LATIN1: _wrongly("utf-8", "latin-1"),
    Misread.UTF8_AS_LATIN1_TWICE: lambda text: misread(misread(text, Misread.UTF8_AS_LATIN1), Misread.UTF8_AS_LATIN1),
    Misread.GBK_AS_LATIN1: _wrongly("gbk", "latin-1"),
    Misread.GBK_AS_CP1252: lambda text: _read_cp1252(text.encode("gbk", "replace")),
    Misread.GBK_AS_MIXED: _read_mixed,
    Misread.GBK_AS_BIG5: _wrongly("gbk", "big5hkscs"),
    Misread.BIG5_AS_GBK: _wrongly("big5hkscs", "gb18030"),
    Misread.BIG5_AS_LATIN1: _wrongly("big5hkscs", "latin-1"),
    Misread.ENTITIES: _escape_twice,
    Misread.CODE_POINTS: _escape_units,
    Misread.PERCENT: lambda text: quote(text, safe=" "),
    Misread.GBK_AS_UTF8: _wrongly("gbk", "utf-8"),
    Misread.LOCKED: lambda text: misread(text, Misread.GBK_AS_UTF8).encode("utf-8").decode("gbk", "replace"),
}
