"""Named communities (社区) and villages (村) in running text.

Chinese has no blanks, so the start of a name must be found: behind a town or a county, behind a mark, or behind a
particle (在林峰社区), and then the register of communities must know it, or the place in front must vouch for it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import resources

from cleaning import ngrams
from cleaning.tags.gazetteer import Gazetteer

__all__ = ["COMMON", "Community", "find_communities", "generic"]

# 社区 in the name of a paper (华西社区报) and 村 in a longer word (村民) end no name.
END = re.compile(r"社区(?!传媒|报(?!告|到|送|名|名|考)|网格?化?)|村(?!街道|[民庄落级镇里规史务容头子干居口上中内])")
# 犀和、浦兴、万福”三个社区
LISTED = re.compile(
    r"(?:^|[“‘（：，。；的以有在\s])((?:[一-鿿]{2,5}[、，]){1,9}[一-鿿]{2,5})[”’]?(?:等)?(?:[0-9一二两三四五六七八九十]+)个(社区|村)",
    re.MULTILINE,
)
# The particle or verb in front of a name; the name starts behind the last one.
PARTICLE = re.compile(r"[的在以从到由向对为和与及是了让把将于同跟使被至往随个位名所]")
# Particles that names hold as well: 众和社区, 和美社区.
FIRM_PARTICLE = re.compile(r"(?!向阳|向荣|为民)[的在以从到由向对为与及是了让把将于跟使被至往随个位所各等内每]")
# The end of a phrase in front of 社区 or 村: 法律进社区, 快递进村, 专家驻村, 能人治村.
ARRIVES = re.compile(r"[进入驻联包帮扶访走串到去赴返回治强立全各邻本我该蹲润]$|[一-鿿]{3}下$")
# What a pair of characters costs that is a common word: 文化 7.8, 快递 9.8; one in a hundred names of towns holds one.
COMMON = 10.3
COUNTED = re.compile(r"[一二三四五六七八九十百两几多数]+个?")
LONGEST = 6  # characters of a community's name without 社区: 玉林北路, 天府西路; longer runs are phrases
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Community:
    start: int
    end: int
    name: str


def find_communities(
    text: str, place_ends: Collection[int], counties: frozenset[str], gazetteer: Gazetteer
) -> list[Community]:
    """Communities in reading order. ``place_ends``: where a named division ends."""
    found = list(listed(text, counties, gazetteer))
    starts = frozenset(place_ends)
    for match in END.finditer(text):
        low = max(0, match.start() - LONGEST - 2)
        run, vouched = before(text, low, match.start(), starts)
        if base := name_in(run, vouched, match.group(), counties, gazetteer):
            start = match.start() - len(base)
            found.append(Community(start, match.end(), base + match.group()))
    return sorted(found, key=lambda c: c.start)


def before(text: str, low: int, high: int, starts: frozenset[int]) -> tuple[str, bool]:
    """The run of Han characters that ends at ``high``, and whether a named division ends where it begins."""
    start = high
    while start > low and "一" <= text[start - 1] <= "鿿" and start not in starts:
        start -= 1
    return text[start:high], start in starts


def name_in(run: str, vouched: bool, kind: str, counties: frozenset[str], gazetteer: Gazetteer) -> str | None:
    """The name at the end of a run, without 社区 or 村; None where the run only describes."""
    if run == "农业农" or arrives(run):  # 农业农村厅
        return None
    # A register that has the very name in this county knows better than any particle: 向阳社区.
    if vouched and run and counties and gazetteer.knows_community(run, counties) and named(run):
        return run
    if vouched and plausible(run) and (gazetteer.knows_community(run) or not (describes(run) or ARRIVES.search(run))):
        return run
    if kind == "村" and run.endswith(("乡", "农")):  # 乡村, 农村; only a town in front can vouch for 新农村
        return None
    for base in endings(run):
        if counties and named(base) and gazetteer.knows_community(base, counties):
            return base
    base = PARTICLE.split(run)[-1]
    bounded = SHORTEST <= len(base) <= 4 and (len(base) < len(run) or len(run) <= 4)
    if kind == "社区" and bounded and named(base) and gazetteer.knows_community(base):
        return base
    return None


def arrives(run: str) -> bool:
    """Whether a run ends with somebody who does something there: 律师进, 党员干部入."""
    return len(run) > SHORTEST and run[-1] in "进入驻到走访" and ngrams.load().total(run[-3:-1]) < COMMON


def endings(run: str) -> Iterator[str]:
    for length in range(min(LONGEST, len(run)), SHORTEST - 1, -1):
        base = run[-length:]
        if not FIRM_PARTICLE.search(base):
            yield base


def plausible(run: str) -> bool:
    """Short enough for a name, and no particle in it that no name holds."""
    return SHORTEST <= len(run) <= LONGEST and not FIRM_PARTICLE.search(run) and named(run)


def describes(run: str) -> bool:
    """Whether a run holds a word of description or a verb: 坚持做好, 特色主题."""
    return any(run[i : i + 2] in generic() for i in range(len(run) - 1))


@functools.cache
def generic() -> frozenset[str]:
    """What stands before 社区 or 村 as a description, not a name: kinds of community, verbs, other nouns."""
    table = resources.files("cleaning") / "data" / "not_community_names.txt"
    lines = table.read_text("utf8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def named(base: str) -> bool:
    """False for descriptions: 基层, 三个, 国际化公园."""
    if base in generic() or COUNTED.fullmatch(base) or base[-2:] in generic():
        return False
    return not base.startswith(("各", "全", "本", "该", "每", "某", "这", "那", "多", "其"))


def listed(text: str, counties: frozenset[str], gazetteer: Gazetteer) -> Iterator[Community]:
    """“A、B、C”三个社区: each of them is one, if the register knows at least one of the names."""
    if "个社区" not in text and "个村" not in text:
        return
    for match in LISTED.finditer(text):
        bases = re.split("[、，]", match.group(1))
        if all(map(named, bases)) and any(gazetteer.knows_community(b, counties) for b in bases):
            for base in bases:
                yield Community(match.start(1), match.end(1), base + match.group(2))
