"""What search costs: answering at 100,000 articles, and keeping the index while articles are stored.

    python benchmarks/search.py                       SQLite, 100,000 articles (some minutes to load)
    python benchmarks/search.py --url postgresql://…  an empty PostgreSQL database
    python benchmarks/search.py --smoke               a few seconds, for the test run

Made-up articles of 1,200 letters on average: words of two letters, frequent and rare ones as in any language, among
them some that a part of all articles have. Times are of the wall, the median and the worst of several rounds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.database import reading, writing
from models.records import sha256
from models.search import Filters
from models.store import Store
from models.tables import ARTICLE, SOURCE, STORY
from models.writers.statements import add, send

SOURCES = [f"source-{number}" for number in range(40)]
MEDIA = [f"第{number}日报" for number in range(300)]
TOPICS = ["基层治理", "主题教育", "乡村振兴", "党员教育", "干部队伍", "廉政建设"]
PROVINCES = ["11", "32", "33", "37", "42", "44", "51", "53"]
LETTERS = [chr(0x4E00 + number * 7) for number in range(2500)]
WORDS = 30_000
LENGTH = 1200
FIRST_DAY = date(2017, 1, 1)
DAYS = 3_600
LOADED_AT_ONCE = 1_000
# Each in this share of the articles.
COMMON = {"社区": 0.7, "党建引领": 0.4, "基层党组织": 0.15, "主题党日": 0.05, "红色物业": 0.01, "五线工作法": 0.0005}
ROUNDS = 9

# Columns that search does not look at.
NOTHING: dict[str, Any] = {
    **{name: [] for name in "authors photographers editors credits tags regions methods flags blocks".split()},
    **{name: {} for name in ("relevance_hits", "provenance")},
    **dict.fromkeys(("charset", "charset_origin", "extractor"), ""),
}

QUESTIONS: list[tuple[str, str, Filters]] = [
    ("no words", "", Filters()),
    ("a word of 70 %", "社区", Filters()),
    ("a phrase of 40 %", "党建引领", Filters()),
    ("a phrase of 15 %", "基层党组织", Filters()),
    ("a rare phrase", "五线工作法", Filters()),
    ("two words", "社区 红色物业", Filters()),
    ("a word without another", "社区 -党建引领", Filters()),
    ("one letter", "党", Filters()),
    ("a word, one topic", "社区", Filters(topics=("主题教育",))),
    (
        "a word, one province, a year",
        "社区",
        Filters(regions=("51",), since=date(2022, 1, 1), until=date(2022, 12, 31)),
    ),
    ("a rare phrase, one source", "红色物业", Filters(sources=("source-7",))),
    ("no words, one medium", "", Filters(media=("第7日报",))),
    ("a word, found since yesterday", "社区", Filters(new_since=datetime(2026, 11, 7, tzinfo=UTC))),
    ("nothing to be found", "没有这回事情", Filters()),
]


def words() -> tuple[list[str], list[float]]:
    chance = random.Random(1)
    vocabulary = ["".join(chance.choices(LETTERS, weights=_falling(len(LETTERS)), k=2)) for _ in range(WORDS)]
    return vocabulary, list(accumulate(_falling(WORDS)))


def _falling(number: int) -> list[float]:
    """Zipf's law: the hundredth word is a hundred times as rare as the first."""
    return [1 / (place + 3) for place in range(number)]


VOCABULARY, WEIGHTS = words()


def passage(chance: random.Random) -> str:
    length = max(200, min(6_000, int(chance.lognormvariate(0, 0.6) * LENGTH * 0.85)))
    drawn = [VOCABULARY[bisect(WEIGHTS, chance.random() * WEIGHTS[-1])] for _ in range(length // 2)]
    for word, share in COMMON.items():
        if chance.random() < share:
            drawn[chance.randrange(len(drawn))] = word
    for place in range(11, len(drawn), 12):
        drawn[place] += "。\n" if place % 5 == 0 else "，"
    return "".join(drawn)


def rows(first: int, last: int) -> Iterator[dict[str, Any]]:
    for number in range(first, last):
        chance = random.Random(number)
        key = sha256(str(number).encode())
        said = passage(chance)
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        published = datetime(day.year, day.month, day.day, chance.randrange(24), tzinfo=UTC)
        yield {
            **NOTHING,
            "record_hash": key,
            "content_hash": key,
            "id": key,
            "story": key,
            "source": chance.choice(SOURCES),
            "url": f"https://news.example/{number}.html",
            "title": said[:18].replace("\n", ""),
            "text": said,
            "published_at": published,
            "first_seen_at": published + timedelta(hours=9),
            "updated_at": published + timedelta(hours=9),
            "medium": chance.choice(MEDIA),
            "region": "某地",
            "region_code": f"{chance.choice(PROVINCES)}0{chance.randrange(1, 9)}{chance.randrange(10, 30)}",
            "topics": [{"name": topic, "score": 1.0, "evidence": []} for topic in chance.sample(TOPICS, 2)],
            "relevance": 0.8,
            "script": "Hans",
            "rules_version": "1",
            "version": 1,
            "letters": len(said),
            "damage": 0,
            "flaps": 0,
        }


def load(store: Store, articles: int) -> None:
    with writing(store._engine) as connection:
        send(connection, add(SOURCE), [{"slug": s, "name": "", "kind": "", "enabled": True} for s in SOURCES])
    for first in range(0, articles, LOADED_AT_ONCE):
        made = list(rows(first, min(first + LOADED_AT_ONCE, articles)))
        with writing(store._engine) as connection:
            stories = [{"id": row["id"], "representative": row["id"], "articles": 1} for row in made]
            send(connection, add(STORY), stories)
            send(connection, add(ARTICLE), made)


def fill(store: Store, articles: int) -> None:
    """Index everything, and say what an article costs."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = store.rebuild_search()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert done == articles
    print(f"indexing: {wall / done * 1e3:.2f} ms wall, {cpu / done * 1e3:.2f} ms CPU an article", flush=True)


def ask(store: Store) -> dict[str, float]:
    """Milliseconds of each question, median, and of this process's CPU; printed with the worst and the first."""
    medians = {}
    print(f"{'':32}{'median':>9}{'CPU':>9}{'worst':>9}{'first':>9}  found", flush=True)
    for what, typed, filters in QUESTIONS:
        times, cpu = [], []
        for _ in range(ROUNDS):
            start, worked = time.perf_counter(), time.process_time()
            found = store.search(typed, filters)
            times.append((time.perf_counter() - start) * 1e3)
            cpu.append((time.process_time() - worked) * 1e3)
        medians[what] = statistics.median(times)
        figures = (medians[what], statistics.median(cpu), max(times[1:]), times[0])
        about = "" if found.exact else "+" if found.capped else " about"
        print(f"{what:32}" + "".join(f"{figure:>7.1f}ms" for figure in figures) + f"  {found.total}{about}", flush=True)
    for what, filters in (("menus, everything", Filters()), ("menus, a year", Filters(since=date(2025, 11, 1)))):
        start, worked = time.perf_counter(), time.process_time()
        store.facets(filters)
        figures = ((time.perf_counter() - start) * 1e3, (time.process_time() - worked) * 1e3)
        print(f"{what:32}" + "".join(f"{figure:>7.1f}ms" for figure in figures), flush=True)
    return medians


def describe_size(store: Store, articles: int) -> None:
    with reading(store._engine) as connection:
        if connection.dialect.name == "postgresql":
            size = text("SELECT pg_total_relation_size(:name)")
        else:
            # A table of SQLite with its indexes (ix_…, sqlite_autoindex_…) and the shadows of a virtual one.
            size = text("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE '%' || :name || '%'")
        sizes = {
            name: connection.execute(size, {"name": name}).scalar_one()
            for name in ("article", "search_words", "search_entry")
        }
    print("bytes an article: " + ", ".join(f"{name} {size / articles:.0f}" for name, size in sizes.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--smoke", action="store_true", help="a few articles only: does it run?")
    parser.add_argument("--url", help="a database; an empty one is filled first; default: a SQLite file")
    wanted = parser.parse_args()
    articles = 300 if wanted.smoke else wanted.articles
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(wanted.url or f"sqlite:///{folder}/search.db", migrate=True) as store,
    ):
        if not store.totals().articles:
            load(store, articles)
            fill(store, articles)
        describe_size(store, articles)
        medians = ask(store)
    print(f"slowest question: {max(medians.values()):.1f} ms")


if __name__ == "__main__":
    main()
