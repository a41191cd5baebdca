"""Articles, pages and rows for the tests of the store; all made up."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select

from models.accounts import RunKind
from models.database import reading
from models.records import (
    Block,
    BlockKind,
    Candidate,
    Certainty,
    Credit,
    Hints,
    Image,
    Level,
    Origin,
    Precision,
    Provenance,
    RawPage,
    Record,
    Region,
    Relevance,
    Repair,
    Script,
    Series,
    Topic,
    sha256,
)
from models.store import Store
from models.tables import Table

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
CLOCKS = {"first_seen_at", "updated_at", "checked_at", "fetched_at", "failed_at", "next_try", "since", "until", "at"}
# Bookkeeping of runs is not content: which run it was, and what it counted.
CONTENT = (
    "source",
    "raw_page",
    "page_fetch",
    "candidate",
    "story",
    "article",
    "article_version",
    "repair",
    "quarantine",
    "sentence_mark",
    "wording_bond",
    "story_decision",
)


def key_of(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass"))


def passage(name: str) -> str:
    """A text long enough to be told from every other by itself."""
    return f"{name}社区党支部把党员议事会开到院落里，" * 6 + f"居民对{name}的改造提出了意见。"


# Letters of made-up reports: enough that two random sentences have nothing in common.
_LETTERS = "山水田林湖草沙路桥渠坝井屋院巷灯树花果茶稻麦棉麻竹藤陶瓷铁铜布纸笔墨书画琴棋歌舞戏曲"


def report(name: str, sentences: int = 12) -> list[str]:
    """Sentences of a long text; of two names they have nothing in common."""
    chance = random.Random(name)
    return ["".join(chance.choices(_LETTERS, k=24)) + "。" for _ in range(sentences)]


def copies_of(name: str) -> dict[str, str]:
    """A report and its near copies, by what was done to them."""
    lines = report(name)
    return {
        "whole": "\n".join(lines),
        "head": "\n".join(lines[:7]),
        "middle": "\n".join(lines[3:10]),
        "edited": "\n".join([*lines[:5], lines[5].replace("。", "等等。"), *lines[6:]]),
        "extended": "\n".join([*report(f"{name}的编者按", 2), *lines]),
    }


def record(name: str = "甲", *, text: str | None = None, title: str | None = None, **changes: Any) -> Record:
    lines = (text if text is not None else passage(name)).split("\n")
    plain = Record(
        source="demo",
        url=f"https://news.example/{name}.html",
        key=key_of(name),
        blocks=tuple(Block(BlockKind.PARAGRAPH, line) for line in lines),
        rules_version="1",
        title=title if title is not None else f"{name}社区议事",
        published_at=datetime(2026, 11, 20, 9, 30, tzinfo=BEIJING),
        published_precision=Precision.MINUTE,
        medium="示范日报",
    )
    return dataclasses.replace(plain, **changes)


def full_record() -> Record:
    """A record with something in every field."""
    return record(
        "全",
        blocks=(
            Block(BlockKind.HEADING, "一、把支部建在网格上", level=2),
            Block(BlockKind.PARAGRAPH, "网格党支部每周三晚上议事。"),
            Block(
                BlockKind.IMAGE,
                image=Image("https://img.example/1.jpg", "https://proxy.example/?u=1", 600, 400, "议事现场", 2),
            ),
            Block(BlockKind.CAPTION, "议事现场"),
            Block(BlockKind.PARAGRAPH, ""),
            Block(BlockKind.PARAGRAPH, "居民说好。"),
        ),
        kicker="基层治理",
        subtitle="——院落里的议事会",
        series=Series("网格故事", 9, "⑨"),
        published_at=datetime(2026, 11, 20, 9, 30, 15, tzinfo=BEIJING),
        published_precision=Precision.SECOND,
        platform="示范网",
        authors=("张三", "李四"),
        photographers=("王五",),
        editors=("赵六",),
        credits=(Credit("通讯员", ("钱七",), ("示范街道",)),),
        newspaper_page="04版",
        clicks=3_000_000_000,
        tags=("党建",),
        script=Script.HANT,
        language="zh",
        charset="gb18030",
        charset_origin="meta",
        extractor="family:trs",
        original_text="網格黨支部每周三晚上議事。",
        regions=(
            Region(Level.CITY, "成都市", "5101"),
            Region(Level.STREET, "犀浦街道", "510117003", primary=True, inferred=True),
        ),
        topics=(Topic("基层治理", 0.75, ("网格", "议事")),),
        methods=("五线工作法",),
        relevance=Relevance(0.9, {"党支部": 2}),
        repairs=(
            Repair("pinyin", "zhī部", "支部", 3, 7, "paragraph 1", Certainty.HIGH, True, ("支部", "之部"), "拼音"),
            Repair("byte-damage", "?", "", 0, 1, "title", Certainty.LOW, False, count=2),
        ),
        flags=("short",),
        provenance={"title": Provenance(Origin.RULE, "h1"), "medium": Provenance(Origin.BYLINE, "来源：示范日报")},
    )


def candidate(name: str, source: str = "demo") -> Candidate:
    return Candidate(source, f"https://news.example/{name}.html", key_of(name), Hints(title=f"{name}社区议事"))


def page(name: str, body: str = "", *, more: tuple[bytes, ...] = (), **changes: Any) -> RawPage:
    raw = RawPage(
        source="demo",
        url=f"https://news.example/{name}.html",
        key=key_of(name),
        body=(body or f"<html><p>{passage(name)}</p></html>").encode(),
        fetched_at=NOW,
        headers={"content-type": "text/html; charset=utf-8", "set-cookie": "id=1"},
        hints=Hints(title=name, listed_at=NOW),
        more=more,
    )
    return dataclasses.replace(raw, **changes)


def begin(store: Store, now: datetime = NOW, *, exclusive: bool = False) -> str:
    return store.begin_run(RunKind.INGEST, now=now, exclusive=exclusive)


def contents(store: Store, *tables: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of the content tables without clocks and run ids, in the order of their keys."""
    found = {}
    with reading(store._engine) as connection:
        for name in tables or CONTENT:
            table = Table.metadata.tables[name]
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            found[name] = [{k: v for k, v in row.items() if k not in CLOCKS | {"run"}} for row in rows]
    return found


def rows_with_clocks(store: Store, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows with everything: what must be equal if nothing at all was written."""
    with reading(store._engine) as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    select(Table.metadata.tables[name]).order_by(*Table.metadata.tables[name].primary_key.columns)
                )
            ]
            for name in tables
        }
