"""Which places a text names, with their official codes, and which of them it is about.

What is only implied by a place that is named (its province) is marked as inferred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from cleaning.tags.communities import find_communities
from cleaning.tags.gazetteer import COUNTY, NEW_AREAS, Gazetteer, level_of, load, parent
from cleaning.tags.mentions import Mention, resolve, scan_letters
from cleaning.tags.primary import choose_primary
from models.records import Level, Region

__all__ = ["find_regions"]

LEVELS = list(Level)
# 我县 and 全市, but not 全市场 and not 我区域.
OURS = re.compile(r"[我全]([省市县区州旗])(?![场域])")
LONGEST = 8  # characters of a place's name at the head of a medium's
# The column that a medium runs: 广安观潮丨…, 深度关注 | …
COLUMN = re.compile(r"^([^丨|｜：]{2,10}?)\s*[丨|｜]")


def find_regions(
    title: str | None, paragraphs: Sequence[str], speakers: Sequence[str | None] = ()
) -> tuple[Region, ...]:
    """All places of a text, highest level first, each once, in order of appearance; the primary one marked.

    ``speakers``: names of the medium and the site. Where a text names no place but speaks of 我县 or 我市, a speaker
    called by a place of that kind (阳新县融媒体中心, 襄阳日报) tells which; it is marked as inferred.
    """
    gazetteer = load()
    head = blank_column(title or "", gazetteer)
    text = "\n".join([head, *paragraphs])
    mentions = resolve(text, gazetteer)
    home = None if any(m.code for m in mentions) else find_home(text, speakers, gazetteer)
    if home:
        mentions = resolve(text, gazetteer, home)
    lettered = [*scan_letters(text, gazetteer)]
    counties = frozenset(m.code[:COUNTY] for m in mentions if m.code and len(m.code) >= COUNTY)
    found = find_communities(text, {m.end for m in mentions}, counties, gazetteer)
    named = [*mentions, *lettered, *(Mention(c.start, c.end, c.name) for c in found)]
    regions = [*unique(named), *infer([*mentions, *lettered], gazetteer, home)]
    primary = choose_primary(text, mentions, head, gazetteer) or home
    marked = (replace(r, primary=True) if r.code and r.code == primary else r for r in regions)
    return tuple(sorted(marked, key=lambda r: LEVELS.index(r.level)))


def blank_column(title: str, gazetteer: Gazetteer) -> str:
    """The title with the name of a column blanked out, unless the column is called by a place alone."""
    match = COLUMN.match(title)
    if match is None or match[1] in gazetteer.short or match[1] in gazetteer.names:
        return title
    return " " * match.end() + title[match.end() :]


def unique(mentions: Sequence[Mention]) -> list[Region]:
    """One region a place; a mention with a code speaks for those of the same name without."""
    coded = {m.name: m.code for m in mentions if m.code}
    seen: dict[tuple[str, str | None], Region] = {}
    for mention in sorted(mentions, key=attrgetter("start")):
        named = mention.name, mention.code or coded.get(mention.name)
        if named not in seen:
            level = Level.DISTRICT if mention.name in NEW_AREAS else level_of(*named)
            seen[named] = Region(level, *named)
    return list(seen.values())


def find_home(text: str, speakers: Sequence[str | None], gazetteer: Gazetteer) -> str | None:
    """The code of what a text calls 我县, by the name of who speaks; None where the text does not or nobody tells."""
    if not (kinds := {match[1] for match in OURS.finditer(text)}):
        return None
    for speaker in filter(None, speakers):
        for length in range(min(LONGEST, len(speaker)), 1, -1):
            brief = speaker[:length]
            holders = (gazetteer.names, gazetteer.short, gazetteer.counties)
            codes = " ".join(names.get(brief, "") for names in holders)
            fitting = {code for code in codes.split() if gazetteer.codes[code][-1] in kinds}
            if len(fitting) == 1:
                return fitting.pop()
    return None


def infer(mentions: Sequence[Mention], gazetteer: Gazetteer, home: str | None = None) -> list[Region]:
    """Ancestors of named places that are not named themselves, and the place that a text takes for granted."""
    named = {m.code for m in mentions if m.code}
    implied: dict[str, Region] = {}
    granted = {NEW_AREAS[m.name] for m in mentions if m.name in NEW_AREAS} | ({home} if home else set())
    for start in [*sorted(granted), *map(parent, sorted(named))]:
        above = start
        while above is not None:
            if above not in named and above in gazetteer.codes:
                name = gazetteer.codes[above]
                implied[above] = Region(level=level_of(name, above), name=name, code=above, inferred=True)
            above = parent(above)
    return list(implied.values())
