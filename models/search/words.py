"""What search finds a text by, and how what a person typed is understood. Pure.

Chinese is written without spaces, so every pair of neighbouring letters is a word of the index: 基层党组织 is
基层 层党 党组 组织. Latin letters and digits stand together as one word (g60). The index keeps which words an article
has, not where: a third of the size, and the same on SQLite and PostgreSQL. A longer word is looked for by its pairs
and then in the text itself.

Texts and queries are folded alike: one width, one case, simplified; every letter stays one letter, so that places
in the folded text are places in the text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from operator import add

__all__ = [
    "BLANKS",
    "INDEX_VERSION",
    "OFF_TOPIC",
    "Query",
    "Term",
    "fold_letters",
    "lay_out_words",
    "mark_of",
    "parse_query",
    "pattern_of",
    "region_mark",
    "region_marks",
    "title_word",
    "words_of",
]

# Of the folding and the words: after a change of either, an index of an earlier version is made anew.
INDEX_VERSION = 1

# What may be typed: a person needs less, and a page that is pasted in by mistake must cost nothing.
LONGEST_QUERY = 300
MOST_TERMS = 12

# A Latin word is cut here: it is an address or a number, and nobody looks for the rest of it.
LONGEST_LATIN = 40

# Words of one text; PostgreSQL takes a megabyte of them, and a text of so many different words is a table of names.
MOST_WORDS = 50_000

# Marks that no folded letter can be: the end of a run of letters, a word of the title, a filter.
_END = "¬"
_IN_TITLE = "¦"
_FILTER = "§"

# Scripts written without spaces: CJK with its extensions, kana, hangul, and 々〇. The commonest first: they are tried
# in turn. The first part takes 16 bits a letter.
_SHORT_HAN = "㐀-鿿々〇぀-ヿ가-힣豈-\ufaff"
_HAN = f"{_SHORT_HAN}\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")

# 《》 quote the title of a document, which is looked for as it stands, like anything in quotation marks.
_QUOTED = "|".join(f"{first}([^{last}]*){last}" for first, last in ('""', "“”", "「」", "『』", "《》", "＂＂"))
_TYPED = re.compile(f'([-－]?)(?:{_QUOTED}|([^\\s"“”「」『』《》＂]+))')


class _Folding(dict[int, int]):
    """One letter to one letter, learned as letters come."""

    def __missing__(self, letter: int) -> int:
        character = _only(unicodedata.normalize("NFKC", chr(letter)), chr(letter))
        character = _traditional().get(character, character)
        self[letter] = folded = ord(_only(character.lower(), character))
        return folded


def _only(form: str, otherwise: str) -> str:
    """``form`` if it is one letter."""
    return form if len(form) == 1 else otherwise


_FOLDING = _Folding()


@cache
def _traditional() -> dict[str, str]:
    """Traditional characters to simplified ones, as OpenCC has them; of several the first. Once: 5 ms."""
    table = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8")
    entries = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {traditional: simplified.split()[0] for traditional, simplified in entries}


def fold_letters(text: str) -> str:
    """``text`` in one width and case, simplified, and exactly as long."""
    return text.translate(_FOLDING)


@cache
def _variants() -> dict[str, str]:
    """Folded letter -> all letters that are folded to it, where there are others than itself. Once: 30 ms."""
    found: dict[str, str] = {}
    planes = (range(0x3000), range(0xF900, 0xFFF0), range(0x1D400, 0x1D800))
    for character in {*map(chr, chain.from_iterable(planes)), *_traditional()}:
        folded = fold_letters(character)
        if folded != character:
            found[folded] = found.get(folded, folded) + character
    return found


@lru_cache(maxsize=256)
def pattern_of(text: str) -> re.Pattern[str]:
    """Finds the folded ``text`` in texts that are not folded; folding all of them would cost more."""
    variants = _variants()
    return re.compile("".join(f"[{re.escape(variants[c])}]" if c in variants else re.escape(c) for c in text))


def words_of(text: str) -> set[str]:
    """The words that ``text`` is found by."""
    found: set[str] = set()
    for run in _RUN.findall(fold_letters(text)):
        if _is_han(run):
            found.update(map(add, run, run[1:] + _END))
        else:
            found.add(run[:LONGEST_LATIN])
    # Cut the same way each time: what was put into an index is taken out of it by its words.
    return found if len(found) <= MOST_WORDS else set(sorted(found)[:MOST_WORDS])


def _is_han(run: str) -> bool:
    # Every letter of a run is of the same kind. The common block first: this is asked for each run of a text.
    return "㐀" <= run <= "鿿" or _IS_HAN.match(run) is not None


# Between words that are laid out: two, so that a pair and its blanks are two numbers of 32 bits.
BLANKS = "  "
_BLANKS_IN_NUMBERS = array("I", BLANKS.encode("utf-16-le"))
_HAN_RUN = re.compile(f"([{_SHORT_HAN}]+)")
_OTHER_RUN = re.compile(r"[^\W_]+")
_AFTER_END = re.compile(f"{_END}.{BLANKS}")


def lay_out_words(text: str) -> str | None:
    """``words_of`` in one line, each once and two blanks after it; None for a text that needs the longer way.

    For what is indexed, a third of the cost: pairs of letters are told from each other as numbers of 32 bits.
    """
    folded = _changing_letters().sub(_fold_found, text)
    if len(folded.encode("utf-16-le", "surrogatepass")) != 2 * len(folded):
        return None  # a letter of this text is two numbers of 16 bits itself
    parts = _HAN_RUN.split(folded)
    others = {run[:LONGEST_LATIN] for run in _OTHER_RUN.findall(" ".join(set(parts[::2])))}
    # The end of each run is followed by the next run, which makes pairs that are no words.
    pairs = _AFTER_END.sub("", _lay_out_pairs(_END.join([*parts[1::2], ""])))
    if len(pairs) // 4 + len(others) > MOST_WORDS:
        return None
    return pairs + "".join([word + BLANKS for word in others])


def _lay_out_pairs(letters: str) -> str:
    """Every two neighbours, each once and two blanks after them."""
    packed = letters.encode("utf-16-le", "surrogatepass")
    half = len(packed) // 2
    from_first, from_second = packed[: half // 2 * 4], packed[2:][: (half - 1) // 2 * 4]
    pairs = dict.fromkeys(memoryview(from_first + from_second).cast("I"))
    laid_out = _BLANKS_IN_NUMBERS * (2 * len(pairs))
    laid_out[::2] = array("I", list(pairs))
    return laid_out.tobytes().decode("utf-16-le", "surrogatepass")


@cache
def _changing_letters() -> re.Pattern[str]:
    """Finds letters that may be folded to others. Chinese ones that are not stay, and marks become no letters.

    Few of a text are found: looking takes a tenth of folding them all. Once: 10 ms.
    """
    changing = sorted(ord(letter) for letter in _traditional() if "㐀" <= letter <= "鿿")
    bounds = [ord("㐀") - 1, *changing, ord("鿿") + 1]
    gaps = [(chr(before + 1), chr(after - 1)) for before, after in pairwise(bounds) if after - before > 1]
    staying = "".join(f"{first}-{last}" for first, last in gaps)
    return re.compile(f"[^{staying}a-z0-9\n 　，。、；：？！“”‘’（）《》…—·.,:%+/()-]")


def _fold_found(found: re.Match[str]) -> str:
    return chr(_FOLDING[ord(found[0])])


def title_word(word: str) -> str:
    """The word of the index that says that ``word`` stands in the title."""
    return f"{word}{_IN_TITLE}"


@lru_cache(maxsize=4096)  # of sources, media, places and topics, which come again with every article
def mark_of(kind: str, value: str) -> str:
    """The word of the index by which articles with ``value`` (of a source, topic ...) are found. 13 characters."""
    digest = hashlib.sha256(f"{kind}\n{value}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_FILTER}{digest[:12]}"


# Which articles are off topic; few are, so that leaving them out costs little.
OFF_TOPIC = mark_of("outcome", "off-topic")

# Digits of the code of a province, city, county, street: a place is found by each place that it lies in.
_LEVELS = (2, 4, 6, 9)


def region_marks(code: str | None) -> set[str]:
    """The words by which an article about the place of ``code`` is found."""
    return {mark_of("region", code[:digits]) for digits in _LEVELS if code and len(code) >= digits}


def region_mark(code: str) -> str:
    """The word to look for where ``code`` is wanted; 510000 and 51 are the same province."""
    return mark_of("region", _without_zeros(code))


def _without_zeros(code: str) -> str:
    """Codes are also written with six or twelve digits, filled with zeros."""
    while len(code) > _LEVELS[0] and set(code[_LEVELS[_level(code)] :]) == {"0"}:
        code = code[: _LEVELS[_level(code)]]
    return code


def _level(code: str) -> int:
    """The last level above that of ``code``."""
    return max(number for number, digits in enumerate(_LEVELS) if digits < len(code))


@dataclass(frozen=True, slots=True)
class Term:
    """One word or quoted phrase that an article must have, or must not have."""

    text: str  # folded: what must stand in the folded text
    words: tuple[str, ...]  # of the index; every one is needed
    begins: str | None = None  # a single Chinese character: words that begin with it
    excluded: bool = False

    @property
    def sure(self) -> bool:
        """Whether the index alone decides, without a look at the text."""
        return self.begins is not None or (len(self.words) == 1 and self.text == self.words[0])


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for. ``empty``: no words at all, which finds everything."""

    terms: tuple[Term, ...] = ()
    empty: bool = True

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.excluded)

    @property
    def impossible(self) -> bool:
        """Something was typed, but nothing in it can be found: only marks."""
        return not self.empty and not self.terms


def parse_query(typed: str) -> Query:
    """Understand ``typed``: words (all of them), "phrases", and -words that must not be there. Never fails."""
    typed = typed[:LONGEST_QUERY]
    terms: dict[tuple[str, bool], Term] = {}
    for found in _TYPED.finditer(typed):
        sign, *quoted, plain = found.groups()
        phrase = next((part for part in quoted if part is not None), None)
        for term in _terms_of(phrase, plain, excluded=bool(sign)):
            terms.setdefault((term.text, term.excluded), term)
    return Query(tuple(terms.values())[:MOST_TERMS], empty=not typed.strip())


def _terms_of(phrase: str | None, plain: str | None, *, excluded: bool) -> Iterable[Term]:
    # Marks between words divide them (党建，引领), in quotation marks they belong to what is looked for.
    texts = _joined_runs(fold_letters(plain or "")) if phrase is None else [fold_letters(phrase).strip()]
    return [term for text in texts if (term := _term_of(text, excluded=excluded))]


def _joined_runs(text: str) -> list[str]:
    """Letters that touch are one word, of whatever script: g60科创走廊."""
    return re.findall(r"[^\W_]+", text)


def _term_of(text: str, *, excluded: bool) -> Term | None:
    runs = _RUN.findall(text)
    words: list[str] = []
    for run in runs:
        if not _is_han(run):
            words.append(run[:LONGEST_LATIN])
        elif len(run) > 1:
            words += map(add, run, run[1:])
    if words:
        return Term(text, tuple(dict.fromkeys(words)), excluded=excluded)
    single = next((run for run in runs if _is_han(run)), None)
    return Term(text, (), begins=single, excluded=excluded) if single else None
