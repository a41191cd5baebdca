"""Which syllables a Chinese character can be read as, and whether a Latin string can be the reading of a text.

Readings come from pypinyin's own dictionary file (MIT), which is read directly: importing the package costs
0.26 s and 58 MB, its character table alone 0.03 s and 8 MB, and only texts with a bracketed note pay it.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

__all__ = [
    "Letters",
    "count_read",
    "familiar",
    "is_common",
    "is_han",
    "may_be_neutral",
    "read_letters",
    "readings",
    "unfamiliar",
]

# Readings that pypinyin's phrase table uses and its character table lacks, and the sandhi form of 儿.
_MORE_READINGS = {"乐": "lao", "着": "zhu", "干": "qian", "儿": "r", "兒": "r", "啊": "ya wa na nga", "一": "yao"}
# Everyday second syllables of neutral-tone words (先生 xiānsheng, 朋友 péngyou) beyond pypinyin's marked ones.
_NEUTRAL = set(
    "的地得了着著过過子们們么麼吗嗎呢吧啊呀哇哪啦嘛上下里裏边邊面头頭个個些家"
    "友生夫婆爷爺奶妈媽爸姐妹弟哥叔伯婶嬸舅姑娘士思识識系係处處务務当當候情分量西东東气氣"
    "服和活计計实實利亮明白意快楚便宜道知觉覺得起来來去见見住开開出息事"
)
_TONE_MARKS = dict.fromkeys(map(ord, "\u0300\u0301\u0302\u0304\u0306\u030c"))  # also the breve and hat often mistyped
_LOOKALIKES = str.maketrans({"ɑ": "a", "α": "a", "ɡ": "g", "ê": "e"})
_SEPARATORS = dict.fromkeys(map(ord, " \u00a0\u3000'’‘·-‐"))
_FORM = re.compile(r"[a-zü]+", re.ASCII)
_DIGIT_FORM = re.compile(r"(?:[a-zü]+[0-5])+[a-zü]*")  # the last syllable may be neutral: lie4shi4de
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LONGEST_WORD = 16  # characters; no annotator treats a longer run as one word


@dataclass(frozen=True, slots=True)
class Letters:
    """A note reduced to what can be compared: ``plain`` is a-z with v for ü, ``toned`` whether tones were written."""

    plain: str
    toned: bool
    marked: str = ""  # the note in NFC without blanks, tone marks kept; "" for digit tones


def is_han(char: str) -> bool:
    return bool(_HAN.match(char))


def read_letters(note: str) -> Letters | None:
    """Reduce ``dǎng yuán``, ``jun1``, ``lu:4`` or ``nǚ'ér`` to letters; None if it is not lower-case pinyin."""
    marked = unicodedata.normalize("NFC", note.translate(_LOOKALIKES).translate(_SEPARATORS)).replace("u:", "ü")
    stripped = unicodedata.normalize("NFC", unicodedata.normalize("NFD", marked).translate(_TONE_MARKS))
    if _FORM.fullmatch(stripped):
        return Letters(stripped.replace("ü", "v"), stripped != marked, marked)
    if _DIGIT_FORM.fullmatch(stripped) and stripped == marked:
        return Letters(re.sub("[0-5]", "", stripped).replace("ü", "v"), True)
    return None


def count_read(plain: str, text: str) -> int:
    """How many characters at the end of ``text`` the letters read, every one of them; 0 if they do not fit."""
    return _count(plain, text[-_LONGEST_WORD:])


def _count(plain: str, tail: str) -> int:
    if not plain or not tail:
        return 0
    for reading in readings(tail[-1]):
        if plain == reading:
            return 1
        if plain.endswith(reading) and (before := _count(plain[: -len(reading)], tail[:-1])):
            return before + 1
    return 0


@functools.lru_cache(maxsize=8192)  # more than the characters of any one article
def readings(char: str) -> tuple[str, ...]:
    """Toneless readings of a character in every spelling met with ü; empty for anything but Han."""
    if not is_han(char):
        return ()
    plain = {_plain(reading) for reading in _table().get(str(ord(char)), "").split(",") if reading}
    plain.update(_MORE_READINGS.get(char, "").split())
    for reading in tuple(plain):
        if "v" in reading:
            plain.update((reading.replace("v", "u"), reading.replace("v", "yu")))
        elif reading[:2] in {"ju", "qu", "xu", "yu"}:
            plain.add(reading.replace("u", "v", 1))
    return tuple(sorted(plain, key=len, reverse=True))


@functools.lru_cache(maxsize=8192)
def first_reading(char: str) -> str:
    """The usual reading with its tone mark, "" where there is none."""
    return _table().get(str(ord(char)), "").split(",")[0]


@functools.lru_cache(maxsize=8192)
def may_be_neutral(char: str) -> bool:
    """Whether the character is ever read without a tone (的 de, 子 zi, 生 in 先生)."""
    known = _table().get(str(ord(char)), "").split(",")
    return char in _NEUTRAL or any(reading == _plain(reading) for reading in known)


def is_common(char: str) -> bool:
    """Whether a newspaper reader needs no help with it: level 1 of GB 2312 (rows 16-55), for a form that GB 2312
    lacks level 1 of Big5 (0xA440-0xC67E). Both are read off the codecs."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        pass
    try:
        return b"\xa4\x40" <= char.encode("big5") <= b"\xc6\x7e"
    except UnicodeEncodeError:
        return False


@functools.cache
def familiar() -> frozenset[str]:
    """Every common character, and what else stands in plain text: ASCII and the usual full-width marks."""
    marks = "，。、；：？！（）《》【】“”‘’—…％　０１２３４５６７８９" + "".join(map(chr, range(0x80)))
    gb = bytes(b for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for b in (lead, trail))
    big5 = bytes(
        b for lead in range(0xA4, 0xC7) for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)) for b in (lead, trail)
    )
    return frozenset(marks + gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore"))


@functools.cache
def unfamiliar() -> re.Pattern[str]:
    """One character that is not ``familiar``: found in a text five times faster than by asking for each."""
    return re.compile(f"[^{re.escape(''.join(sorted(familiar())))}]")


def _plain(reading: str) -> str:
    bare = unicodedata.normalize("NFD", reading.translate(_LOOKALIKES)).translate(_TONE_MARKS)
    return unicodedata.normalize("NFC", bare).replace("ü", "v")


@functools.cache
def _table() -> dict[str, str]:
    """Code point (decimal) to readings with tone marks, the usual one first: 41,923 characters."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin, whose character table the pinyin rule reads, is not installed")
    table: dict[str, str] = json.loads((Path(spec.origin).parent / "pinyin_dict.json").read_text("utf-8"))
    return table
