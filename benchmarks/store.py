"""How fast articles are written: the store's batches against one ORM merge and commit per article.

    python benchmarks/store.py [--articles 2000] [--url postgresql://...]
    python benchmarks/store.py --smoke        a second, for the test run

Each article has 2,000 characters, two repairs and a page; rows per second are of wall time, CPU is of this process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cleaning.kinship import relate
from models.accounts import RunKind
from models.database import open_engine
from models.decide import Cleaned
from models.records import Block, BlockKind, Precision, Record, Region, Relevance, Repair, sha256
from models.records import Level as RegionLevel
from models.rows import prints_of, repair_rows, row_of
from models.store import Store
from models.tables import Article, RepairRow, Source, Story

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BATCH = 100
PARAGRAPHS, LETTERS = 10, 200


@dataclass(frozen=True)
class Figure:
    what: str
    rows: int
    wall: float
    cpu: float

    def __str__(self) -> str:
        per_row = 1_000 / self.rows
        return (
            f"{self.what:<44}{self.rows / self.wall:>9.0f} rows/s"
            f"{self.wall * per_row:>8.2f} ms wall{self.cpu * per_row:>8.2f} ms CPU"
        )


def record(number: int, edition: int = 1) -> Record:
    line = f"第{number}篇第{edition}稿" + "社区党支部组织党员开展志愿服务" * (LETTERS // 15)
    return Record(
        source="bench",
        url=f"https://news.example/{number}.html",
        key=sha256(str(number).encode()),
        blocks=tuple(Block(BlockKind.PARAGRAPH, f"{part}{line}。") for part in range(PARAGRAPHS)),
        rules_version="1",
        title=f"第{number}个支部的故事",
        published_at=NOW,
        published_precision=Precision.MINUTE,
        medium="示范日报",
        authors=("张三",),
        regions=(Region(RegionLevel.CITY, "成都市", "5101", primary=True),),
        relevance=Relevance(0.8, {"党支部": 10}),
        repairs=(Repair("pinyin", "zhī", "支", 1, 4), Repair("spaces", " ", "")),
    )


def measure(what: str, rows: int, work: Callable[[], None]) -> Figure:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    figure = Figure(what, rows, time.perf_counter() - wall, time.process_time() - cpu)
    print(figure, flush=True)
    return figure


def batches(store: Store, records: list[Record], size: int) -> None:
    run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
    for at in range(0, len(records), size):
        store.apply(run, [Cleaned(one) for one in records[at : at + size]], NOW)


def row_by_row(url: str, records: list[Record]) -> None:
    """What a plain program does: an ORM session, merge and commit for every article."""
    engine = open_engine(url)
    with Session(engine.execution_options(dangjian_writes=True)) as session:
        session.merge(Source(slug="bench"))
        session.commit()
        for one in records:
            merge_one(session, one)
            session.commit()
    engine.dispose()


def merge_one(session: Session, one: Record) -> None:
    prints = prints_of(one)
    session.merge(Story(id=prints.text, representative=one.key, articles=1))
    session.flush()
    hashes = {"record_hash": prints.record, "content_hash": prints.content, "text_hash": prints.text}
    moments = {"first_seen_at": NOW, "updated_at": NOW}
    session.merge(Article(**row_of(one), **hashes, **moments, story=prints.text, version=1))
    session.flush()
    for row in repair_rows(one):
        session.merge(RepairRow(**row))


def run(url: str, other_url: str, articles: int) -> list[Figure]:
    records = [record(number) for number in range(articles)]
    changed = [record(number, edition=2) for number in range(articles)]
    reruled = [replace(one, rules_version="2") for one in changed]
    few = records[: max(articles // 5, 1)]
    with Store.open(url, migrate=True, relate=relate) as store:
        figures = [
            measure(f"store, new, batches of {BATCH}", articles, lambda: batches(store, records, BATCH)),
            measure("store, known and unchanged", articles, lambda: batches(store, records, BATCH)),
            measure("store, changed text", articles, lambda: batches(store, changed, BATCH)),
            measure("store, new rules, same record", articles, lambda: batches(store, reruled, BATCH)),
        ]
    with Store.open(other_url, migrate=True, relate=relate) as store:
        figures.append(measure("store, new, batches of 1", len(few), lambda: batches(store, few, 1)))
    with Store.open(other_url + ".orm" if other_url.startswith("sqlite") else other_url, migrate=True):
        pass
    orm_url = other_url + ".orm" if other_url.startswith("sqlite") else other_url
    figures.append(measure("ORM merge and commit per article", len(few), lambda: row_by_row(orm_url, few)))
    print(f"batches are {figures[-1].wall / figures[-1].rows / (figures[0].wall / figures[0].rows):.1f} times faster")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--smoke", action="store_true", help="a few articles only: does it run?")
    parser.add_argument("--url", nargs=2, help="two empty databases; default: SQLite files in a temporary folder")
    wanted = parser.parse_args()
    articles = 40 if wanted.smoke else wanted.articles
    with tempfile.TemporaryDirectory() as folder:
        url, other = wanted.url or (f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/b.db")
        run(url, other, articles)


if __name__ == "__main__":
    main()
