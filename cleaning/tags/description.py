"""What a text is about: relevance, topics, places and named working methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaning.tags.lexicon import ABOUT, count_words, find_topics, judge_relevance
from cleaning.tags.methods import find_methods
from cleaning.tags.regions import find_regions
from models.records import Region, Relevance, Topic

__all__ = ["Tags", "describe"]


@dataclass(frozen=True, slots=True)
class Tags:
    regions: tuple[Region, ...]
    topics: tuple[Topic, ...]
    methods: tuple[str, ...]
    relevance: Relevance


def describe(
    title: str | None,
    paragraphs: Sequence[str],
    credits: Sequence[str] = (),
    speakers: Sequence[str | None] = (),
) -> Tags:
    """Tags of a clean simplified text. ``credits``: lines such as 策划：阳新县兴国镇党委, read for places only.

    ``speakers``: names of the medium and the site; they tell what a text means by 我县.
    """
    counts = count_words(title, paragraphs)
    length = sum(map(len, paragraphs)) + len(title or "")
    relevance = judge_relevance(counts, length)
    # 技术+意志模式 of a football team is a method, but not of this field.
    methods = find_methods(title, paragraphs) if relevance.score >= ABOUT else ()
    return Tags(
        regions=find_regions(title, [*paragraphs, *credits], speakers),
        topics=find_topics(counts, length, relevance.score, methods),
        methods=methods,
        relevance=relevance,
    )
