"""Relevance and topics: which words of the field a text holds, and what they say together.

Data: ``cleaning/data/relevance.yaml`` and ``topics.yaml``; both are meant to be read and argued with.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from operator import itemgetter
from typing import Any

import ahocorasick
import yaml

from models.records import Relevance, Topic

__all__ = ["ABOUT", "count_words", "find_topics", "judge_relevance"]

TITLE_WEIGHT = 3  # a word of the title counts as three of the text
# With 8 points in 1,000 characters (党支部 twice and a 党员) a text is half way to certainly relevant.
HALF_POINTS = 8.0
# Words of weight 1 stand in all news of politics: however many, alone they bring a text just to the usual threshold.
WEAK, WEAK_ALONE = 1, 2.2
SHORTEST = 500  # characters: a shorter text is judged as if it had this length, or one word would decide
EVIDENCE = 5  # words shown for a topic
# Points below which a topic is only brushed: one word of it carries a short brief, a longer text holds two.
BRIEF, BRIEF_FLOOR = 300, 2.0
FULL, FULL_FLOOR = 600, 3.0
WORD, HINT = 2.0, 1.0  # points of a word and of one that goes with other topics too
ALONE = 2.0  # points of a hint, in title and text together, that show a topic without another
TOPIC_SHARE = 0.15  # of the strongest topic's points
MOST_TOPICS = 5
BRANDS = "党建品牌"
ABOUT = 0.2  # relevance from which a text is about the field at all
LONG = 5000  # characters; nine in ten articles are shorter


@dataclass(frozen=True, slots=True)
class Lexicon:
    automaton: Any
    weights: dict[str, int]
    topics: dict[str, tuple[tuple[str, float], ...]]  # word to its topics and what it is worth there
    of_party: frozenset[str]  # topics told only of texts that are about the field


@functools.cache
def load() -> Lexicon:
    folder = resources.files("cleaning") / "data"
    relevance = _read_yaml((folder / "relevance.yaml").read_text("utf8"))
    vocabulary = _read_yaml((folder / "topics.yaml").read_text("utf8"))
    weights = {word: weight for weight, words in relevance.items() for word in words}
    topics: dict[str, tuple[tuple[str, float], ...]] = {}
    for name, entry in vocabulary.items():
        worth = dict.fromkeys(entry.get("hints", ()), HINT) | dict.fromkeys(entry["words"], WORD)
        for word, points in worth.items():
            topics[word] = (*topics.get(word, ()), (name, points))
    automaton = ahocorasick.Automaton()
    for word in {*weights, *topics}:
        automaton.add_word(_spell(word), word)
    automaton.make_automaton()
    for entry in vocabulary.values():
        if entry.get("weighs"):
            weights |= {word: WEAK for word in entry["words"] if word not in weights}
    of_party = frozenset(name for name, entry in vocabulary.items() if entry.get("party"))
    return Lexicon(automaton, weights, topics, of_party)


def _read_yaml(text: str) -> Any:
    # By libyaml where there is one: seven times faster, and a night that brings nothing new is all start.
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _spell(text: str) -> str:
    """The bytes of a text in UTF-8 as characters: the automaton tries all branches of a node in turn, and words begin
    with 500 characters, but with a handful of bytes."""
    return text.encode("utf8", "surrogatepass").decode("latin-1")


def count_words(title: str | None, paragraphs: Sequence[str]) -> Counter[str]:
    """How often each word of the lexicon stands in a text; those in the title weigh three times."""
    automaton = load().automaton
    # No word of the lexicon holds a line feed.
    counts: Counter[str] = Counter(map(itemgetter(1), automaton.iter(_spell("\n".join(paragraphs)))))
    for _, word in automaton.iter(_spell(title or "")):
        counts[word] += TITLE_WEIGHT
    return counts


def judge_relevance(counts: Counter[str], length: int) -> Relevance:
    """A score of 0 to 1 that grows with the density of the field's words; ``length`` in characters."""
    weights = load().weights
    hits = {word: n for word, n in counts.most_common() if word in weights}
    # The tenth 党员 says less than the first: each word counts by the logarithm of how often it stands.
    points = [(weights[word], weights[word] * math.log2(1 + n)) for word, n in hits.items()]
    strong = sum(worth for weight, worth in points if weight > WEAK)
    weak = sum(worth for weight, worth in points if weight == WEAK)
    against = sum(worth for weight, worth in points if weight < 0)
    density = max(0.0, strong + min(weak, strong + WEAK_ALONE) + against) * 1000 / _weigh_length(length)
    return Relevance(score=round(1 - 2 ** (-density / HALF_POINTS), 4), hits=hits)


def _weigh_length(length: int) -> float:
    """What repeats counts by its logarithm, so a report of many pages must not be held to every one of them."""
    return max(length, SHORTEST) if length <= LONG else LONG * (1 + math.log2(length / LONG))


def find_topics(counts: Counter[str], length: int, relevance: float, methods: Sequence[str] = ()) -> tuple[Topic, ...]:
    """The topics of a text of so many characters, strongest first, each with the words that speak for it.

    ``methods``: named ones in the text; each is evidence of 党建品牌.
    """
    about = relevance >= ABOUT
    apart = frozenset[str]() if about else load().of_party
    found = {name: evidence for name, evidence in _gather(counts, about).items() if name not in apart}
    if methods:
        found.setdefault(BRANDS, []).extend((WORD, name) for name in methods)
    points = {name: sum(p for p, _ in evidence) for name, evidence in found.items()}
    floor = max(_least_points(length), max(points.values(), default=0.0) * TOPIC_SHARE)
    chosen = sorted((n for n, p in points.items() if p >= floor), key=lambda n: (-points[n], n))
    total = sum(points[n] for n in chosen) or 1.0
    return tuple(
        Topic(name=n, score=round(points[n] / total, 4), evidence=_show(found[n])) for n in chosen[:MOST_TOPICS]
    )


def _gather(counts: Counter[str], about: bool) -> dict[str, list[tuple[float, str]]]:
    """Topic to its words in the text with their points; a single hint shows a topic only where it stands often.

    In texts that are not about the field hints show nothing: children and families are in all news.
    """
    topics = load().topics
    found: dict[str, list[tuple[float, str]]] = {}
    shown: set[str] = set()
    for word, count in counts.items():  # not a set: sums of points must not hang on its order
        if word not in topics:
            continue
        times = math.log2(1 + count)
        for name, worth in topics[word]:
            if worth == WORD or (about and (name in found or times > ALONE)):
                shown.add(name)
            found.setdefault(name, []).append((times * worth, word))
    return {name: found[name] for name in shown}


def _least_points(length: int) -> float:
    share = min(1.0, max(0.0, (length - BRIEF) / (FULL - BRIEF)))
    return BRIEF_FLOOR + share * (FULL_FLOOR - BRIEF_FLOOR)


def _show(evidence: list[tuple[float, str]]) -> tuple[str, ...]:
    if len(evidence) > 1:
        evidence = sorted(evidence, key=lambda e: (-e[0], e[1]))[:EVIDENCE]
    return tuple(word for _, word in evidence)
