"""The one place that a text is about: what is said of each place that it names, weighed from the province down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from cleaning.tags.gazetteer import COUNTY, NEW_AREAS, PROVINCE, STREET, Gazetteer, parent
from cleaning.tags.mentions import Mention

__all__ = ["choose_primary"]

EXAMPLES = re.compile(
    r"(?:[、和及与][^，。；、和及与\n]{1,12}){0,6}等(?:多?地|[0-9一二三四五六七八九十]{0,3}个?[省市区县州])"
)
TITLE_WEIGHT = 3  # a place in the title counts as three in the text
LEAD_WEIGHT = 2  # the first place of the text counts as two: news says first where it is
# Of its parent's mentions: then the story is about the child. Towns stand in lists of examples more often.
DOMINANT, DOMINANT_TOWN = 0.5, 0.7
# ... and with so many children told of, each once or more, the story is more likely about what they have in common.
MANY = 3
EXAMPLE_WEIGHT = 0.5  # 扬州、泰州等地: named for company
OWN_SHARE = 0.2  # of what is said about a place and below it: a child with less is only named
NATIONAL = 0.5  # of all mentions: with no more than this a province is one of several that a national text names


def choose_primary(text: str, mentions: Sequence[Mention], title: str, gazetteer: Gazetteer) -> str | None:
    """From the province down, as long as one child holds most of what is said about its parent.

    None for a text of three provinces or more of which none holds more than half.
    """
    own, weights = weigh(text, [*mentions, *name_again(title, mentions)], len(title))
    # Of two that are named as often the one that is named more closely, then the one that is named first.
    order = list(weights)
    depth = {c: max(len(d) for d in own if d.startswith(c)) for c in order}
    best: str | None = None
    while children := [c for c in order if parent(c) == best and (best is not None or len(c) == PROVINCE)]:
        child = max(children, key=lambda c: (weights[c], depth[c]))
        rest = sum(weights[c] for c in children)
        if best is None and len(children) > 2 and weights[child] <= NATIONAL * rest:
            return None
        several = best is not None and own[best] >= 1 and sum(weights[c] >= 1 for c in children) >= MANY
        share = DOMINANT_TOWN if several or len(child) == STREET else DOMINANT
        if best is not None and weights[child] <= max(share * rest, OWN_SHARE * (own[best] + rest)):
            break
        best = child
    # The placeholder city of a directly governed city, or of counties that a province governs, has no name of its own.
    return best if best is None or best in gazetteer.codes else best[:PROVINCE]


def weigh(text: str, mentions: Sequence[Mention], title_length: int) -> tuple[dict[str, float], dict[str, float]]:
    """What is said of each place itself, and of it together with what lies in it; 杭州市西湖区 is said of 西湖区."""
    own: defaultdict[str, float] = defaultdict(float)
    weights: defaultdict[str, float] = defaultdict(float)
    told = [m for m in mentions if m.code or m.name in NEW_AREAS]
    told = [m for m in told if not m.filed] or told
    starts = {m.start for m in told}
    lead = True
    for mention in sorted(told, key=lambda m: m.start):
        if mention.end in starts:
            continue
        code = mention.code or NEW_AREAS[mention.name]
        weight = TITLE_WEIGHT if mention.start < title_length else LEAD_WEIGHT if lead else 1.0
        lead = lead and mention.start < title_length
        if EXAMPLES.match(text, mention.end):
            weight = EXAMPLE_WEIGHT
        own[code] += weight
        above: str | None = code
        while above is not None:
            weights[above] += weight
            above = parent(above)
    return own, weights


def name_again(title: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Counties that the text names in full and the title in short: 诸暨：新时代“枫桥经验”再出发."""
    there = {(m.code, m.name) for m in mentions if m.code and len(m.code) == COUNTY and len(m.name) > 2}
    named = {m.code for m in mentions if m.start < len(title)}
    for code, name in there:
        at = title.find(name[:-1])
        if at >= 0 and code not in named:
            yield Mention(at, at + len(name) - 1, name, code)
