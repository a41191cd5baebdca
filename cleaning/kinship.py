"""Whether two texts are copies of one story, and how one differs from the other. Pure; no database.

Candidates come from shared sentences (marks, looked up in the database). A candidate is verified on the texts:
copies share whole sentences, and the sentences that differ only a little differ in wording, not in names and numbers.
A form letter with other names filled in shares sentences as well; there the differences are the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaning.filled_in import count_filled_in, find_changes
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
# Two with this share have the same frame; whether something else was filled in is worth a look.
FRAME = 0.25
# One other number is a correction; several, in more sentences than are edited in wording, are a form letter.
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
    changed = find_changes(first, second)
    size = sum(max(len(c.before), len(c.after)) for c in changed)
    if size > SMALL_EDIT * max(len(first), len(second)) or count_filled_in(first, second):
        return None
    return Kinship(Relation.EDITED, 1, 1, 1.0 - size / max(len(first), len(second)))


def _relate_long(a: Sequence[Sentence], b: Sequence[Sentence]) -> Kinship | None:
    shared = {s.mark for s in a} & {s.mark for s in b}
    size_a, size_b, common = _length(a), _length(b), _length(s for s in a if s.mark in shared)
    rest_a, rest_b = (_grams_of([s for s in side if s.mark not in shared]) for side in (a, b))
    near_a, near_b = _resembling(rest_a, rest_b), _resembling(rest_b, rest_a)
    if not _may_be_copies(size_a, size_b, common + _length(near_a)):
        return None  # not even if all of them were
    near = _pair_off(near_a, near_b, NEAR)
    filled = {pair: count for pair in near if (count := count_filled_in(pair[0].text, pair[1].text))}
    edited = [pair for pair in near if pair not in filled]
    common += _length(one for one, _ in edited)
    if len(shared) + len(edited) < FEW_SENTENCES or not _may_be_copies(size_a, size_b, common):
        return None
    if _is_form_letter([*filled.values(), *_frames(rest_a, rest_b, near)], len(edited), min(len(a), len(b))):
        return None
    relation = _name_relation(size_a, size_b, common, bool(near))
    contained = min(1.0, common / min(size_a, size_b))
    return Kinship(relation, len(shared) + len(edited), min(len(a), len(b)), round(contained, 4))


def _may_be_copies(size_a: int, size_b: int, common: int) -> bool:
    """Whether so many common characters make two texts of these sizes copies."""
    return common >= CONTAINMENT * min(size_a, size_b)


def _is_form_letter(filled_in: Sequence[int], edited: int, sentences: int) -> bool:
    """``filled_in``: for each sentence that differs in names and numbers, in how many."""
    if sentences <= NOTICE:
        return bool(filled_in)
    return sum(filled_in) > CORRECTIONS and len(filled_in) >= edited


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


def _grams_of(sentences: Sequence[Sentence]) -> Looked:
    return {s: frozenset(zip(s.text, s.text[1:], strict=False)) for s in sentences[:MOST_COMPARED]}


def _resembling(these: Looked, others: Looked) -> Looked:
    """Those of these sentences that may be one of the others, edited: their character pairs occur there.

    Of unlike texts hardly any, so that few are compared one by one.
    """
    pairs = frozenset().union(*others.values())
    return {s: grams for s, grams in these.items() if len(grams & pairs) >= NEAR * len(grams)}


def _pair_off(a: Looked, b: Looked, least: float) -> list[Pair]:
    """The sentences that have at least that share in common, each with its likest."""
    free = dict(b)
    pairs = []
    for one, grams in a.items():
        other = max(free, key=lambda x: _overlap(grams, free[x]), default=None)
        if other is not None and _overlap(grams, free[other]) >= least:
            del free[other]
            pairs.append((one, other))
    return pairs


def _frames(a: Looked, b: Looked, near: Sequence[Pair]) -> list[int]:
    """How much was filled in into the sentences that have no more than their frame in common."""
    used = {sentence for pair in near for sentence in pair}
    rest_a, rest_b = ({s: grams for s, grams in side.items() if s not in used} for side in (a, b))
    counts = [count_filled_in(one.text, other.text) for one, other in _pair_off(rest_a, rest_b, FRAME)]
    return [count for count in counts if count]


def _overlap(a: Grams, b: Grams) -> float:
    """Common character pairs, as a share of the larger sentence's."""
    larger = max(len(a), len(b), 1)
    return len(a & b) / larger if min(len(a), len(b)) >= FRAME * larger else 0.0
