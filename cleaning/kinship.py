"""Whether two texts are copies of one story, and how one differs from the other. Pure; no database.

Candidates come from shared sentences (marks, looked up in the database). A candidate is verified on the texts:
copies share whole sentences, and the sentences that differ only a little differ in wording, not in names and numbers.
A form letter with other names filled in shares sentences as well; there the small differences are the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cleaning.tags.gazetteer import load
from models.wording import Kinship, Relation, Sentence, Wording, have_same_letters

__all__ = ["relate"]

# A text needs this many sentences and characters for the rule of shared sentences; below, only equality counts.
FEW_SENTENCES = 3
SHORT_TEXT = 120
# Common part of the shorter text, in characters, from which two texts are copies; less is two texts about one event
# that quote the same speech.
CONTAINMENT = 0.65
# Two sentences with this share of common character pairs are one sentence, edited.
NEAR = 0.6
# One sentence with another number is a correction; several, and more than are edited in wording, are a form letter.
CORRECTIONS = 1
# In a text of few sentences even one is too many: of a notice, the name is the news.
NOTICE = 6
# Unmatched sentences compared pairwise; a longer rest is judged by its length alone, which keeps the cost bounded.
MOST_COMPARED = 60
# A single sentence of that many folded characters with a number in it is not written twice by chance.
SHORTEST_COPY = 40
SAME_LENGTH = 0.92  # of the longer: the same text up to small edits
SMALL_EDIT = 0.02


def relate(first: Wording, second: Wording) -> Kinship | None:
    """How ``first`` is a copy of ``second``; None where they are two stories."""
    a, b = first.sentences, second.sentences
    if have_same_letters(first, second):
        return Kinship(Relation.SAME, len(a), len(a), 1.0)
    if _short(a) or _short(b):
        return _relate_short(first.text.replace("\n", ""), second.text.replace("\n", ""))
    return _relate_long(a, b)


def _short(sentences: Sequence[Sentence]) -> bool:
    return len(sentences) < FEW_SENTENCES or _length(sentences) < SHORT_TEXT


def _length(sentences: Iterable[Sentence]) -> int:
    return sum(len(s.text) for s in sentences)


def _relate_short(first: str, second: str) -> Kinship | None:
    """Notices and captions: one holds the other whole, or they differ in a few characters that are no name."""
    brief, long = sorted((first, second), key=len)
    if len(brief) >= SHORTEST_COPY and brief in long and any(map(str.isdigit, brief)):
        relation = Relation.SHORTENED if brief == first else Relation.EXTENDED
        return Kinship(relation, 1, 1, 1.0)
    if not first or not second or min(len(first), len(second)) < SAME_LENGTH * max(len(first), len(second)):
        return None
    changed = _changes(first, second)
    size = sum(max(len(c.before), len(c.after)) for c in changed)
    if size > SMALL_EDIT * max(len(first), len(second)) or any(map(_specific, changed)):
        return None
    return Kinship(Relation.EDITED, 1, 1, 1.0 - size / max(len(first), len(second)))


def _relate_long(a: Sequence[Sentence], b: Sequence[Sentence]) -> Kinship | None:
    shared = {s.mark for s in a} & {s.mark for s in b}
    size_a, size_b, common = _length(a), _length(b), _length(s for s in a if s.mark in shared)
    near_a, near_b = _resembling([s for s in a if s.mark not in shared], [s for s in b if s.mark not in shared])
    if not _may_be_copies(size_a, size_b, common + _length(near_a)):
        return None  # not even if all of them were
    edited, conflicts = _pair_off(near_a, near_b)
    common += sum(len(x.text) for x, _ in edited)
    if len(shared) + len(edited) < FEW_SENTENCES or not _may_be_copies(size_a, size_b, common):
        return None
    if _form_letter(conflicts, len(edited), min(len(a), len(b))):
        return None
    relation = _name_relation(size_a, size_b, common, bool(edited or conflicts))
    contained = min(1.0, common / min(size_a, size_b))
    return Kinship(relation, len(shared) + len(edited), min(len(a), len(b)), round(contained, 4))


def _may_be_copies(size_a: int, size_b: int, common: int) -> bool:
    """Whether so many common characters make two texts of these sizes copies."""
    return common >= CONTAINMENT * min(size_a, size_b)


def _form_letter(conflicts: int, edited: int, sentences: int) -> bool:
    """Whether the sentences that differ a little differ in names and numbers."""
    if sentences <= NOTICE:
        return conflicts > 0
    return conflicts > CORRECTIONS and conflicts >= edited


def _name_relation(size_a: int, size_b: int, common: int, edited: bool) -> Relation:
    if common < SAME_LENGTH * size_b and common >= SAME_LENGTH * size_a:
        return Relation.SHORTENED
    if common < SAME_LENGTH * size_a and common >= SAME_LENGTH * size_b:
        return Relation.EXTENDED
    if edited or common < SAME_LENGTH * max(size_a, size_b):
        return Relation.EDITED
    return Relation.SAME


Pair = tuple[Sentence, Sentence]
Grams = frozenset[tuple[str, str]]
Looked = dict[Sentence, Grams]


def _resembling(a: Sequence[Sentence], b: Sequence[Sentence]) -> tuple[Looked, Looked]:
    """The sentences of either side that may be one of the other side's, edited: their character pairs occur there.

    Of unlike texts hardly any, so that few are compared one by one.
    """
    grams_a, grams_b = _pairs_of(a[:MOST_COMPARED]), _pairs_of(b[:MOST_COMPARED])
    all_a, all_b = frozenset().union(*grams_a.values()), frozenset().union(*grams_b.values())
    near_a = {s: grams for s, grams in grams_a.items() if len(grams & all_b) >= NEAR * len(grams)}
    near_b = {s: grams for s, grams in grams_b.items() if len(grams & all_a) >= NEAR * len(grams)}
    return near_a, near_b


def _pairs_of(sentences: Iterable[Sentence]) -> Looked:
    return {s: frozenset(zip(s.text, s.text[1:], strict=False)) for s in sentences}


def _pair_off(a: Looked, b: Looked) -> tuple[list[Pair], int]:
    """Pairs of sentences that are one, edited in wording; and how many differ in a name or a number."""
    free = dict(b)
    edited, conflicts = [], 0
    for x, grams in a.items():
        near = max(free, key=lambda other: _overlap(grams, free[other]), default=None)
        if near is None or _overlap(grams, free[near]) < NEAR:
            continue
        del free[near]
        if any(map(_specific, _changes(x.text, near.text))):
            conflicts += 1
        else:
            edited.append((x, near))
    return edited, conflicts


def _overlap(a: Grams, b: Grams) -> float:
    """Common character pairs, as a share of the larger sentence's."""
    larger = max(len(a), len(b), 1)
    return len(a & b) / larger if min(len(a), len(b)) >= NEAR * larger else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in one text, what stands there in the other, and what stands before and behind it in the first."""

    before: str
    after: str
    left: str
    right: str


AROUND = 4  # characters of context: 余杭区, 书记张


def _changes(a: str, b: str) -> list[Change]:
    """The differences; one side is empty where something was left out."""
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return [
        Change(a[i:j], b[k:m], a[max(0, i - AROUND) : i], a[j : j + AROUND])
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
    ]


PLACE = re.compile(r"[一-鿿]{0,3}?(?:[省市县区旗镇乡村州]|街道|社区|小区|支部|公司|学校|中心)")
SPEECH = re.compile(r"说|表示|介绍|告诉|坦言|感慨|同志|书记|主任|先生|女士|老人|等")
# The hundred commonest family names; with them most of the people in the news are recognised.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
LONGEST_NAME = 3  # characters of a person's name


def _specific(change: Change) -> bool:
    """Whether a change is one of names or numbers rather than of wording."""
    if any(c.isdigit() or c in "一二三四五六七八九十百千万" for c in change.before + change.after):
        return True
    if not change.before or not change.after:
        return False
    return _is_place(change) or _is_person(change)


def _is_place(change: Change) -> bool:
    short = load().short
    both = (change.left[-1:] + change.before, change.left[-1:] + change.after, change.before, change.after)
    return any(x in short for x in both) or PLACE.match(change.right) is not None


def _is_person(change: Change) -> bool:
    """Two different names of two or three characters, or another given name behind the same family name."""
    if max(len(change.before), len(change.after)) > LONGEST_NAME:
        return False
    if change.before[0] in SURNAMES and change.after[0] in SURNAMES:
        return True
    return change.left[-1:] in SURNAMES and SPEECH.match(change.right) is not None
