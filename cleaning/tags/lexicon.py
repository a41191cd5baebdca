"""Relevance and topics: which words of the field a text holds, and what they say together.

Data: ``cleaning/data/relevance.yaml`` and ``topics.yaml``; both are meant to be read and argued with.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from operator import itemgetter
from typing import Any

import ahocorasick
import yaml

from models.records import Relevance, Topic

__all__ = ["count_words", "find_topics", "judge_relevance"]

TITLE_WEIGHT = 3  # a word of the title counts as three of the text
# With 8 points in 1,000 characters (党支部 twice and a 党员) a text is half way to certainly relevant.
HALF_POINTS = 8.0
SHORTEST = 500  # characters: a shorter text is judged as if it had this length, or one word would decide
EVIDENCE = 5  # words shown for a topic
TOPIC_FLOOR = 3.0  # points below which a topic is only brushed
TOPIC_SHARE = 0.15  # of the strongest topic's points
MOST_TOPICS = 5
LONG = 5000  # characters; nine in ten articles are shorter


@dataclass(frozen=True, slots=True)
class Lexicon:
    automaton: Any
    weights: dict[str, int]
    topics: dict[str, frozenset[str]]


@functools.cache
def load() -> Lexicon:
    folder = resources.files("cleaning") / "data"
    relevance = _read_yaml((folder / "relevance.yaml").read_text("utf8"))
    vocabulary = _read_yaml((folder / "topics.yaml").read_text("utf8"))
    weights = {word: weight for weight, words in relevance.items() for word in words}
    topics = {name: frozenset(entry["words"]) for name, entry in vocabulary.items()}
    automaton = ahocorasick.Automaton()
    for word in {*weights, *(w for words in topics.values() for w in words)}:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return Lexicon(automaton, weights, topics)


def _read_yaml(text: str) -> Any:
    # By libyaml where there is one: seven times faster, and a night that brings nothing new is all start.
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def count_words(title: str | None, paragraphs: Sequence[str]) -> Counter[str]:
    """How often each word of the lexicon stands in a text; those in the title weigh three times."""
    automaton = load().automaton
    # No word of the lexicon holds a line feed.
    counts: Counter[str] = Counter(map(itemgetter(1), automaton.iter("\n".join(paragraphs))))
    for _, word in automaton.iter(title or ""):
        counts[word] += TITLE_WEIGHT
    return counts


def judge_relevance(counts: Counter[str], length: int) -> Relevance:
    """A score of 0 to 1 that grows with the density of the field's words; ``length`` in characters."""
    weights = load().weights
    hits = {word: n for word, n in counts.most_common() if word in weights}
    # The tenth 党员 says less than the first: each word counts by the logarithm of how often it stands.
    points = sum(weights[word] * math.log2(1 + n) for word, n in hits.items())
    density = points * 1000 / _weigh_length(length)
    return Relevance(score=round(1 - 2 ** (-density / HALF_POINTS), 4), hits=hits)


def _weigh_length(length: int) -> float:
    """What repeats counts by its logarithm, so a report of many pages must not be held to every one of them."""
    return max(length, SHORTEST) if length <= LONG else LONG * (1 + math.log2(length / LONG))


def find_topics(counts: Counter[str]) -> tuple[Topic, ...]:
    """The topics of a text, strongest first, each with the words that speak for it."""
    points = {name: _points(counts, words) for name, words in load().topics.items()}
    top = max(points.values(), default=0.0)
    floor = max(TOPIC_FLOOR, top * TOPIC_SHARE)
    chosen = sorted((n for n, p in points.items() if p >= floor), key=lambda n: (-points[n], n))
    total = sum(points[n] for n in chosen) or 1.0
    return tuple(
        Topic(name=n, score=round(points[n] / total, 4), evidence=_evidence(counts, load().topics[n]))
        for n in chosen[:MOST_TOPICS]
    )


def _points(counts: Counter[str], words: Iterable[str]) -> float:
    # Not counts[word], which asks Python code for each of the many words that are missing.
    return sum(math.log2(1 + counts[word]) * 2 for word in words if word in counts)


def _evidence(counts: Counter[str], words: frozenset[str]) -> tuple[str, ...]:
    present = sorted((w for w in words if w in counts), key=lambda w: (-counts[w], w))
    return tuple(present[:EVIDENCE])
