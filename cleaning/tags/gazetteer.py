"""The administrative divisions of China down to the street, and which communities may exist where.

Data: ``cleaning/data/divisions.json.z`` and ``communities.bloom``, built by ``scripts/build_divisions.py``.
Codes are those of the National Bureau of Statistics: 2 digits a province, 4 a city, 6 a county, 9 a street or town.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from cleaning.tags.bloom import Bloom
from models.records import Level

__all__ = ["DIRECT", "NEW_AREAS", "Gazetteer", "level_of", "load", "measure_tails", "parent", "shorten"]

PROVINCE, CITY, COUNTY, STREET = 2, 4, 6, 9  # digits of a code at each level
TAIL = 3  # characters; with three, a place where a name may end is checked for two lengths, not for twenty
# Directly governed cities: their own code is the province's, the city level below is a placeholder.
DIRECT = frozenset({"11", "12", "31", "50"})
# New areas of national standing and zones of that kind: places in every text, but not administrative divisions, so
# without a code; with the division that they are run from or lie in.
NEW_AREAS = {
    "两江新区": "50", "舟山群岛新区": "3309", "兰州新区": "6201", "南沙新区": "4401",
    "西咸新区": "61", "贵安新区": "52", "金普新区": "2102", "天府新区": "5101",
    "湘江新区": "4301", "江北新区": "3201", "福州新区": "3501", "滇中新区": "5301",
    "哈尔滨新区": "2301", "长春新区": "2201", "赣江新区": "36", "雄安新区": "13",
    "西海岸新区": "3702", "深汕特别合作区": "4403", "横琴粤澳深度合作区": "4404",
    "横琴新区": "4404", "前海深港现代服务业合作区": "4403", "平潭综合实验区": "3501", "杨凌示范区": "6104",
    "洋浦经济开发区": "4604",
}  # fmt: skip
PROVINCE_ENDS = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市")
CITY_ENDS = ("市", "地区", "盟")
# Short names of cities that are words or other names as well: only the full name counts, or one behind its province.
WORDLIKE = frozenset(
    "长治 安康 黄山 大同 朝阳 宜春 海南 长春 安顺 来宾 保山 宁德 平凉 百色 白山 白银 钦州 "
    "阿里 中山 日照 开封 新乡 孝感 四平 德州 大庆 中卫 北海 山南 海东 通化 三明 "
    "红河 文山 怒江 海西 海北 黄南 大理 德宏 玉树".split()
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """``names``: full name to its codes, blanks between; ``codes``: code to full name; ``short``: 成都 to 5101."""

    names: Mapping[str, str]
    codes: Mapping[str, str]
    short: Mapping[str, str]
    communities: Bloom
    tails: Mapping[str, tuple[int, ...]]  # last three characters of names to their lengths, the longest first
    counties: Mapping[str, str]  # short name of a county (福田) to its codes, blanks between

    def codes_of(self, name: str) -> tuple[str, ...]:
        """The codes of all places of that full name, in order; none where no place has it."""
        return tuple(self.names.get(name, "").split())

    def knows_community(self, base: str, counties: frozenset[str] = frozenset()) -> bool:
        """Whether a community of that name (without 社区 or 村) may exist, in one of the counties if any are given."""
        if counties:
            return any(f"{county}:{base}" in self.communities for county in counties)
        return base in self.communities


def parent(code: str) -> str | None:
    """The code one level up, or None for a province."""
    length = _ABOVE.get(len(code))
    return code[:length] if length else None


_ABOVE = {STREET: COUNTY, COUNTY: CITY, CITY: PROVINCE}


def level_of(name: str, code: str | None = None) -> Level:
    """The level of a division, in the words of the record, from its name and code."""
    if code is not None and len(code) == PROVINCE:
        return Level.PROVINCE
    if code is not None and len(code) == CITY:
        return Level.CITY
    for end, level in (
        ("街道", Level.STREET),
        ("镇", Level.TOWN),
        ("乡", Level.TOWNSHIP),
        ("苏木", Level.TOWNSHIP),
        ("区", Level.DISTRICT),
        ("市", Level.COUNTY_CITY),
        ("社区", Level.COMMUNITY),
        ("村", Level.COMMUNITY),
    ):
        if name.endswith(end) and not (end == "区" and name.endswith("社区")):
            return level
    return Level.COUNTY


def shorten(name: str, code: str) -> str | None:
    """四川省 to 四川, 成都市 to 成都; None where there is no short form."""
    if len(code) > CITY:
        return None
    ends = PROVINCE_ENDS if len(code) == PROVINCE else CITY_ENDS
    for end in ends:
        if name.endswith(end) and len(name) - len(end) >= 2:
            return name[: -len(end)]
    return None


@functools.cache
def load() -> Gazetteer:
    """Read once per process: about 30 ms and 12 MB. The file is made for that: whole columns, nothing to work out."""
    folder = resources.files("cleaning") / "data"
    tables = json.loads(zlib.decompress((folder / "divisions.json.z").read_bytes()))
    codes = dict(zip(tables["codes"].split(), tables["names"].split(), strict=True))
    # A name that several places share, and what people call a place beside its name, is in "shared" with all codes.
    names = dict(zip(codes.values(), codes, strict=True)) | tables["shared"]
    tails: dict[str, tuple[int, ...]] = {}
    for lengths, those in tables["tails"].items():
        tails |= dict.fromkeys(those.split(), tuple(map(int, lengths.split())))
    for tail, lengths in measure_tails(NEW_AREAS).items():
        tails[tail] = tuple(sorted({*lengths, *tails.get(tail, ())}, reverse=True))
    communities = Bloom.from_bytes((folder / "communities.bloom").read_bytes())
    return Gazetteer(names, codes, tables["short"], communities, tails, tables["counties"])


def measure_tails(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The last three characters of names to the lengths of those names, the longest first."""
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[-TAIL:], set()).add(len(name))
    return {tail: tuple(sorted(those, reverse=True)) for tail, those in lengths.items()}
