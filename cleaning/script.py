"""Which script a text is in, and Traditional Chinese made simplified, also where the dictionaries go wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from cleaning.conversion import Dictionary, branches, load_dictionary, read_entries
from cleaning.later import later
from models.records import Certainty, Edit, Repair, Script

__all__ = ["detect", "repair", "to_simplified"]

# Measured on 2,169 simplified paragraphs (share of Traditional characters 0.0) and on machine-made Traditional
# ones (1.0; 0.63 and more where the bytes were damaged): half is far from both.
TRADITIONAL_SHARE = 0.5
# Below this many telling characters a line says too little of itself and follows the document.
TELLING = 8
# A document needs three to be called anything at all: two may be a quoted name (《紅樓夢》 has two).
TELLING_IN_ALL = 3

# Characters that correct simplified text may hold: they stay wherever they are protected or stand alone.
_FOCUS = frozenset("著乾徵瞭藉於覆沈畫祇衹么孃薹")
# Traditional to the dictionaries, but letters of simplified names and terms (the table of standard characters
# of 2013 brought many back), so that a single one is no stray; those of GB 2312 are left out by encoding.
_NAMES = frozenset("昇龢祕脩迺氾澂邨甦塚濬鉅讎剋囉嘢喆犇堃淼陞鍾諠矦孃濛")

# The common surnames that are no common noun besides (田, 白, 石 before 乾 are a dry field, a dry white, a dry stone).
_SURNAMES = (
    "王李張张劉刘陳陈楊杨趙赵吳吴徐孫孙朱郭羅罗鄭郑謝谢韓韩唐馮冯董蕭肖程曹袁鄧邓許许傅呂吕"
    "盧卢蔣蒋蔡賈贾魏薛閻阎潘杜汪姜姚譚谭鄒邹陸陆郝崔邱侯邵"
)
# Titles and joints that follow a name, never the adjective "dry".
_AFTER_NAME = "(?=[，。、；：）)》”]|等|同志|先生|主任|[書书][記记]|[說说]|表示|指出|[強强][調调]|$)"
# Single characters that stay because of their neighbours. Each begins with its own literal, which keeps the search
# fast, and ends with an empty group, which tells it from a row of the table.
_CONTEXT = (
    # 李乾光, 王丙乾: a surname, a given name, and what follows a name. Verbs and food before 乾 mean "dry".
    f"乾(?<=[{_SURNAMES}]乾)(?=[^净淨燥旱枯涸杯脆糧粮貨货果酪洗著着坐等]{_AFTER_NAME})()",
    f"乾(?<=[{_SURNAMES}][^子曬晒烘吹擦晾風风喝抽榨流燒烧熬焙烤弄變变未不半口]乾){_AFTER_NAME}()",
    # 乾安縣, 乾元鎮: the second character of a place, where it makes no word with "dry".
    "乾(?=[^旱枯涸燥淨净了的][縣县鎮镇鄉乡])()",
    # 《…》 魯迅 著; 魯迅著，人民文學出版社: who wrote it.
    "著(?<=[ \u3000》]著)(?=[ \u3000，。、；)）]|$)()",
    "著(?=[，,][^，。\n]{2,8}(?:出版社|書局|书局))()",
    "著(?<=》[^，。\n]著)()|著(?<=》[^，。\n]{2}著)()|著(?<=》[^，。\n]{3}著)()",
)

_LAST_PLANE_0 = "\uffff"
_HAN = re.compile("[\u3400-\u9fff]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


@dataclass(frozen=True, slots=True)
class _Telling:
    """Characters by which the script of a text is told: all that a simplified text needs of the dictionaries."""

    traditional: frozenset[str]  # characters that only Traditional text holds
    any_traditional: re.Pattern[str]
    any_simplified: re.Pattern[str]  # characters that only simplified text holds


@cache
def _telling() -> _Telling:
    to_simplified, to_traditional = read_entries("TSCharacters"), read_entries("STCharacters")
    traditional = frozenset(k for k, values in to_simplified.items() if k not in values)
    simplified = frozenset(k for k, values in to_traditional.items() if k not in values)
    return _Telling(
        traditional=traditional - simplified,
        any_traditional=re.compile(_class_of(traditional - simplified)),
        any_simplified=re.compile(_class_of(simplified - traditional)),
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """What converting takes, built from the dictionaries once."""

    dictionary: Dictionary
    strays: re.Pattern[str]
    corrections: dict[str, str]
    correct: dict[str, re.Pattern[str]]  # by the character that a place to be corrected begins with
    any_correction: re.Pattern[str]


@cache
def _tables() -> _Tables:
    dictionary = load_dictionary("TSPhrases", "TSCharacters")
    strays = [c for c in _telling().traditional if not _is_gb2312(c) and c not in _NAMES]
    corrections = _read_corrections(dictionary)
    correct = _by_first(corrections)
    return _Tables(
        dictionary=dictionary,
        strays=later(_class_of(strays)),
        corrections=corrections,
        correct=correct,
        any_correction=re.compile(_class_of(correct)),
    )


def _by_first(corrections: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """One pattern for each first character: Python tries all alternatives of one pattern in turn."""
    words: dict[str, list[str]] = {context[0]: [] for context in _CONTEXT}
    for word in corrections:
        words.setdefault(word[0], []).append(word)
    return {
        first: later("|".join([*(c for c in _CONTEXT if c[0] == first), *filter(None, [branches(some)])]))
        for first, some in words.items()
    }


def detect(text: str) -> Script:
    """The script of a text: Hant or Hans by its telling characters, mixed between, OTHER where nothing is Chinese."""
    if not _has_traditional(text):
        return Script.HANS if _HAN.search(text) else Script.OTHER
    traditional, simplified = _count(text)
    share = traditional / (traditional + simplified)
    # A tenth of strays is still simplified text; 0.6 lies under every damaged Traditional passage seen (0.63).
    return Script.HANS if share <= 0.1 else Script.MIXED if share < 0.6 else Script.HANT


def to_simplified(text: str) -> str:
    """Traditional text made simplified, of equal length; do not call it on text that may be simplified already."""
    return _convert(text)[0]


def repair(text: str) -> Edit:
    """Traditional lines made simplified, single Traditional characters of simplified lines likewise.

    A line decides for itself if it has enough telling characters, otherwise the document decides for it.
    """
    if not _has_traditional(text):
        return Edit(text)
    lines = text.split("\n")
    own = [_count(line) for line in lines]
    traditional, simplified = sum(t for t, _ in own), sum(s for _, s in own)
    whole = traditional >= TELLING_IN_ALL and _is_traditional(traditional, simplified)
    chosen = [_is_traditional(t, s) if t + s >= TELLING else whole for t, s in own]
    converted, repairs = _convert(text) if all(chosen) else _convert_lines(lines, chosen)
    if any(chosen):
        evidence = f"{traditional} characters only Traditional, {simplified} only simplified"
        repairs.insert(0, _note_conversion(text, converted, evidence))
    return Edit(converted, tuple(repairs))


def _convert_lines(lines: list[str], chosen: list[bool]) -> tuple[str, list[Repair]]:
    done: list[str] = []
    repairs: list[Repair] = []
    start = 0
    for line, is_traditional in zip(lines, chosen, strict=True):
        after, made = _convert(line) if is_traditional else _replace_strays(line)
        done.append(after)
        repairs += (replace(r, start=r.start + start, end=r.end + start) for r in made)
        start += len(line) + 1
    return "\n".join(done), repairs


def _convert(text: str) -> tuple[str, list[Repair]]:
    """The package's conversion with the corrections patched in, and one repair per kind of correction."""
    tables = _tables()
    plain = tables.dictionary.convert(text)
    pieces: list[str] = []
    made: dict[tuple[str, str, str], list[int]] = {}
    at = 0
    for match in _find_corrections(text, tables):
        right = match[0] if match.lastindex else tables.corrections[match[0]]
        start, end = match.span()
        if plain[start:end] != right:
            pieces += plain[at:start], right
            made.setdefault((match[0], right, plain[start:end]), []).append(start)
            at = end
    pieces.append(plain[at:])
    return "".join(pieces), [_note_correction(*key, starts) for key, starts in made.items()]


def _find_corrections(text: str, tables: _Tables) -> Iterator[re.Match[str]]:
    at = 0
    while begin := tables.any_correction.search(text, at):
        match = tables.correct[begin[0]].match(text, begin.start())
        if match is not None:
            yield match
        at = match.end() if match is not None else begin.end()


def _replace_strays(line: str) -> tuple[str, list[Repair]]:
    tables = _tables()
    found: Counter[str] = Counter(tables.strays.findall(line))
    # Three kana make it a Japanese name or quotation, whose characters are not Traditional Chinese.
    if not found or len(_KANA.findall(line)) >= 3:
        return line, []
    after = {c: tables.dictionary.convert(c) for c in found}
    notes = [
        Repair(
            "script-stray", c, right, line.index(c), line.index(c) + 1,
            evidence="a Traditional character in a simplified passage", count=found[c],
        )
        for c, right in after.items()
    ]  # fmt: skip
    return line.translate({ord(c): right for c, right in after.items()}), notes


def _note_conversion(before: str, after: str, evidence: str) -> Repair:
    """One repair for all of the conversion: the first line that changed stands for the rest."""
    changed = _count_changed(before, after)
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    old, new = next(((a, b) for a, b in pairs if a != b), ("", ""))
    # Thirty characters show what happened and fit one line of a report.
    return Repair("script", old[:30], new[:30], 0, len(before), place="document", evidence=evidence, count=changed)


def _count_changed(before: str, after: str) -> int:
    """Places where two texts of one length differ; as numbers, many times faster than character by character."""
    old, new = (int.from_bytes(text.encode("utf-32-le", "surrogatepass"), "little") for text in (before, after))
    size = len(before)
    differs = (old ^ new).to_bytes(4 * size, "little")
    quarters = [int.from_bytes(differs[n::4], "little") for n in range(4)]
    return size - (quarters[0] | quarters[1] | quarters[2] | quarters[3]).to_bytes(size, "little").count(0)


def _note_correction(before: str, after: str, plain: str, starts: list[int]) -> Repair:
    return Repair(
        "script-correction", before, after, starts[0], starts[0] + len(after), certainty=Certainty.HIGH,
        evidence=f"opencc t2s alone gives {plain}", count=len(starts),
    )  # fmt: skip


def _has_traditional(text: str) -> bool:
    return _telling().any_traditional.search(text) is not None


def _count(text: str) -> tuple[int, int]:
    """How many characters only Traditional text holds, and how many only simplified text."""
    telling = _telling()
    return len(telling.any_traditional.findall(text)), len(telling.any_simplified.findall(text))


def _is_traditional(traditional: int, simplified: int) -> bool:
    return traditional >= TRADITIONAL_SHARE * (traditional + simplified)


def _read_corrections(dictionary: Dictionary) -> dict[str, str]:
    """The rows of the table, each also with simplified neighbours; right sides as they stand in the result."""
    text = (files("cleaning") / "data" / "script_corrections.tsv").read_text("utf-8")
    corrections: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        before, _, after = line.partition("\t")
        right = _keep_focus(after or before, dictionary)
        if len(right) != len(before):
            raise ValueError(f"script_corrections.tsv: {before} and {right} differ in length")
        corrections[before] = right
        corrections.setdefault(_keep_focus(before, dictionary), right)
    return corrections


def _keep_focus(word: str, dictionary: Dictionary) -> str:
    return "".join(c if c in _FOCUS else dictionary.convert(c) for c in word)


def _class_of(characters: Iterable[str]) -> str:
    # Without the rare characters beyond U+FFFF, with which `re` would try the set one by one.
    return f"[{''.join(sorted(c for c in characters if c <= _LAST_PLANE_0))}]"


def _is_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))
