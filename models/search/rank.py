"""How well a text answers a query: whether it has the words at all, and which of two texts comes first. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.search.days import day_of_number
from models.search.question import Place
from models.search.words import Query, Term, pattern_of

__all__ = ["Text", "look", "rank"]

# News of half a year ago counts half as much as today's (days).
HALF_LIFE = 180.0

# How soon more occurrences of a word stop to count, and the length of text (letters) from which they count less than
# they would: as in BM25. How rare a word is does not matter where all texts have all words.
SATURATION, USUAL_LENGTH = 1.2, 1200.0


@dataclass(frozen=True, slots=True)
class Text:
    """How often each wanted word stands in the heading (title, kicker, subtitle) and in the text of an article."""

    place: Place
    in_heading: tuple[int, ...]
    in_text: tuple[int, ...]
    length: int  # letters


def look(place: Place, query: Query, heading: str, text: str) -> Text | None:
    """Count the words of ``query``; None if one is missing after all, or an unwanted one is there."""
    unwanted = [term for term in query.unwanted if not term.sure]
    if any(_count(term, heading) or _count(term, text) for term in unwanted):
        return None
    counts = [(_count(term, heading), _count(term, text)) for term in query.wanted]
    if any(not any(hits) and not term.sure for term, hits in zip(query.wanted, counts, strict=True)):
        return None
    return Text(place, tuple(h for h, _ in counts), tuple(t for _, t in counts), len(text))


def _count(term: Term, text: str) -> int:
    # As it stands first: it nearly always does, and the pattern takes ten times as long.
    return text.count(term.text) or sum(1 for _ in pattern_of(term.text).finditer(text))


def rank(texts: Sequence[Text]) -> list[Place]:
    """The best first: those with all words in the heading; then how much a text says of them, and how new it is."""
    newest = max((text.place.number for text in texts), default=0)
    ordered = sorted(texts, key=lambda text: (*score(text, newest), text.place.number), reverse=True)
    return [text.place for text in ordered]


def score(text: Text, newest: int) -> tuple[bool, float]:
    words = len(text.in_text)
    titled = sum(1 for hits in text.in_heading if hits)
    longer = SATURATION * (0.25 + 0.75 * text.length / USUAL_LENGTH)
    density = sum(hits / (hits + longer) for hits in text.in_text)
    age = (day_of_number(newest) - day_of_number(text.place.number)).days
    return titled == words, (titled + density) / words + math.exp2(-age / HALF_LIFE)
