"""Which places a text names, with their official codes, and which of them it is about.

A place is named when its full name stands in the text; what is only implied by such a place (its province) is marked
as inferred. A name that several places share gets a code only where the text names one of their ancestors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaning.conversion import branches
from cleaning.tags.communities import find_communities
from cleaning.tags.gazetteer import (
    COUNTY,
    DIRECT,
    NEW_AREAS,
    PROVINCE,
    TAIL,
    WORDLIKE,
    Gazetteer,
    level_of,
    load,
    parent,
    shorten,
)
from models.records import Level, Region

__all__ = ["Mention", "find_regions"]

END = re.compile(r"自治区|特别行政区|街道|苏木|市(?!场|值)|区(?!域)|[省县旗州盟镇乡]")
# Words whose end and the beginning of the next make a name: 适应城市发展.
ACROSS = {"应城市": "适反供对响顺效相", "公安县": "市区"}
# After a county, a town that the register does not know (merged, renamed, new): "新都区石板滩镇".
NEW_TOWN = re.compile(r"([一-鿿]{2,4}?)(街道|镇|(?<!城)乡)(?![村镇])")
# Characters that no name of a town holds: they show that the run before 街道 is a phrase, not a name.
PHRASE = re.compile(r"[的各个和与等在是有全这那某几了每该及或为对从到把被以向让]|街道|城镇|乡镇|城乡|社区|干部|部分")
# A short name followed by one of these belongs to an institution, not to the place: 四川大学, 成都日报.
INSTITUTION = re.compile(
    r"大学|学院|日报|晚报|晨报|都市报|商报|卫视|银行|航空|证券"
    r"|[东南西北中]?[路街巷]|大道|社区|[话菜味籍]|人民出版社"
    # History and proverbs: 延安精神, 遵义会议, 上海合作组织, 北京时间.
    r"|精神(?!文明)|时期|起义|事变|战役|整风|合作组织|时间(?=[0-9上下晚今昨零])|(?<=遵义)会议|(?<=重庆)谈判"
)
# 新华社北京5月2日电: national agencies send from the capital what happens everywhere.
AGENCY = re.compile(r"[社网报台]$")
DATELINE = re.compile(r"(?:[0-9]{1,2}月)?[0-9]{1,2}日(?:电|讯)")
LEVELS = list(Level)
TITLE_WEIGHT = 3  # a place in the title counts as three in the text
DOMINANT = 0.6  # of its parent's mentions: then the story is about the child


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int
    name: str
    code: str | None = None


def find_regions(title: str | None, paragraphs: Sequence[str]) -> tuple[Region, ...]:
    """All places of a text, highest level first, each once, in order of appearance; the primary one marked."""
    gazetteer = load()
    text = "\n".join([title or "", *paragraphs])
    mentions = resolve(text, gazetteer)
    counties = frozenset(m.code[:COUNTY] for m in mentions if m.code and len(m.code) >= COUNTY)
    found = find_communities(text, {m.end for m in mentions}, counties, gazetteer)
    named = [*mentions, *(Mention(c.start, c.end, c.name) for c in found)]
    regions = [*unique(named), *infer(mentions, gazetteer)]
    primary = choose_primary(mentions, len(title or ""), gazetteer)
    marked = (replace(r, primary=True) if r.code and r.code == primary else r for r in regions)
    return tuple(sorted(marked, key=lambda r: LEVELS.index(r.level)))


def resolve(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Every mention in reading order, each with its code where there is only one it can be."""
    full = list(scan(text, gazetteer))
    brief = list(scan_short(text, full, gazetteer))
    context = {m.code for m in brief if m.code}
    context |= {codes[0] for m in full if len(codes := gazetteer.codes_of(m.name)) == 1}
    mentions: list[Mention] = []
    for mention in sorted([*full, *brief], key=lambda m: m.start):
        before = mentions[-1] if mentions and mentions[-1].end == mention.start else None
        if (known := assign(mention, before, context, gazetteer)) is not None:
            mentions.append(known)
            if known.code is not None:
                context.add(known.code)
    return sorted([*mentions, *new_towns(text, mentions)], key=lambda m: m.start)


def scan(text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Full names: at each place where one may end, the longest that the register knows."""
    last = 0
    for match in END.finditer(text):
        end = match.end()
        for length in _lengths(text, end, gazetteer):
            name = text[end - length : end]
            known = name in gazetteer.names or name in NEW_AREAS
            if known and end - length >= last and not _is_across(text, end, name):
                yield Mention(end - length, end, name)
                last = end
                break


def _is_across(text: str, end: int, name: str) -> bool:
    """Whether a name only seems to stand here; 解放区 is a district nowhere but behind 焦作市."""
    if name == "解放区":
        return not text.endswith("焦作市", 0, end - len(name))
    start = end - len(name)
    return start > 0 and text[start - 1] in ACROSS.get(name, "")


def _lengths(text: str, end: int, gazetteer: Gazetteer) -> Iterator[int]:
    """Characters of the names that end as the text does here, the longest first."""
    yield from gazetteer.tails.get(text[max(0, end - TAIL) : end], ())
    if end >= TAIL:
        yield from gazetteer.tails.get(text[end - TAIL + 1 : end], ())  # names of two characters


def scan_short(text: str, full: Sequence[Mention], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Short names of provinces and cities (成都) outside the full ones, but not inside an institution's name."""
    taken = [False] * (len(text) + 1)
    for mention in full:
        taken[mention.start : mention.end] = [True] * (mention.end - mention.start)
    # 玉林 beside 玉林街道 of another city is the street, not 玉林市.
    streets = {m.name for m in full if m.name.endswith(("街道", "镇", "乡"))}
    pattern = _short_names(gazetteer)
    for match in pattern.finditer(text):
        if any(name.startswith(match.group()) for name in streets):
            continue
        if not taken[match.start()] and not taken[match.end() - 1] and not INSTITUTION.match(text, match.end()):
            code = gazetteer.short[match.group()]
            if _is_word(match, text, code, gazetteer):
                continue
            yield Mention(match.start(), match.end(), gazetteer.codes[code], code)


def _is_word(match: re.Match[str], text: str, code: str, gazetteer: Gazetteer) -> bool:
    """Whether a short name is only a word here (日照, 开封), or where an agency sent its report from."""
    if DATELINE.match(text, match.end()) and AGENCY.search(text, max(0, match.start() - 8), match.start()):
        return code in DIRECT
    if match.group() not in WORDLIKE:
        return False
    province = gazetteer.codes[code[:PROVINCE]]
    before = text[max(0, match.start() - len(province)) : match.start()]
    return not before.endswith((province, shorten(province, code[:PROVINCE]) or province))


_SHORT: dict[int, re.Pattern[str]] = {}


def _short_names(gazetteer: Gazetteer) -> re.Pattern[str]:
    if id(gazetteer) not in _SHORT:
        _SHORT[id(gazetteer)] = re.compile(branches(gazetteer.short))
    return _SHORT[id(gazetteer)]


def assign(mention: Mention, before: Mention | None, context: set[str], gazetteer: Gazetteer) -> Mention | None:
    """The mention with its code; None where the name alone does not show that a place is meant."""
    if mention.code or mention.name in NEW_AREAS:
        return mention
    codes = gazetteer.codes_of(mention.name)
    if before is not None and before.code is not None and len(before.code) < len(codes[0]):
        inside = [c for c in codes if c.startswith(before.code)]
        return Mention(mention.start, mention.end, mention.name, inside[0] if len(inside) == 1 else None)
    inside = closest(codes, context)
    if len(inside) == 1:
        return Mention(mention.start, mention.end, mention.name, inside[0])
    # A name of two characters (东区, 成县) or one that many places share is a place only beside its parent.
    is_place = len(codes) == 1 and len(mention.name) > 2
    return Mention(mention.start, mention.end, mention.name, codes[0]) if is_place else None


def closest(codes: Sequence[str], context: set[str]) -> list[str]:
    """Those of the codes whose nearest named ancestor is nearest of all."""
    for up in (COUNTY, 4, PROVINCE):
        if inside := [c for c in codes if len(c) > up and c[:up] in context]:
            return inside
    return []


def new_towns(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Towns and streets right behind a county that the register does not list under any name."""
    starts = {m.start for m in mentions}
    for mention in mentions:
        county = len(mention.code or "") == COUNTY or mention.name in NEW_AREAS
        if not county or mention.end in starts:
            continue
        match = NEW_TOWN.match(text, mention.end)
        if match and not PHRASE.search(match.group(1)):
            yield Mention(match.start(), match.end(), match.group())


def unique(mentions: Sequence[Mention]) -> list[Region]:
    """One region a place; a mention with a code speaks for those of the same name without."""
    coded = {m.name: m.code for m in mentions if m.code}
    seen: dict[tuple[str, str | None], Region] = {}
    for mention in sorted(mentions, key=lambda m: m.start):
        code = mention.code or coded.get(mention.name)
        region = Region(level=level_of(mention.name, code), name=mention.name, code=code)
        if mention.name in NEW_AREAS:
            region = replace(region, level=Level.DISTRICT)
        seen.setdefault((mention.name, code), region)
    return list(seen.values())


def infer(mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Region]:
    """Ancestors of named places that are not named themselves."""
    named = {m.code for m in mentions if m.code}
    implied: dict[str, Region] = {}
    for code in sorted(named):
        above = parent(code)
        while above is not None:
            if above not in named and above in gazetteer.codes:
                name = gazetteer.codes[above]
                implied[above] = Region(level=level_of(name, above), name=name, code=above, inferred=True)
            above = parent(above)
    return list(implied.values())


def choose_primary(mentions: Sequence[Mention], title_length: int, gazetteer: Gazetteer) -> str | None:
    """From the province down, as long as one child holds most of what is said about its parent."""
    weights: Counter[str] = Counter()
    for mention in mentions:
        code: str | None = mention.code
        while code is not None:
            weights[code] += TITLE_WEIGHT if mention.start < title_length else 1
            code = parent(code)
    best: str | None = None
    while children := [c for c in weights if parent(c) == best and (best is not None or len(c) == PROVINCE)]:
        child = max(children, key=lambda c: (weights[c], c))
        rest = sum(weights[c] for c in children)
        if best is not None and weights[child] < DOMINANT * rest:
            break
        best = child
    # The placeholder city of a directly governed city has no name of its own.
    return best if best in gazetteer.codes else (best[:PROVINCE] if best and best[:PROVINCE] in DIRECT else best)
