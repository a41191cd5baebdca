"""A small corpus for the pages: a story with reprints, versions and repairs; hostile rows; nights of sources."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from cleaning.kinship import relate
from models.accounts import HealthState, RunKind, RunState, SourceEntry, SourceHealth, SourceReport, SourceState
from models.decide import Cleaned, Failed, Failure, Rejected, Result, Stage
from models.records import Block, BlockKind, Certainty, Image, Record, Relevance, Repair, Script, Topic
from models.store import Store
from tests.models.corpus import NOW, candidate, full_record, key_of, page, record, report

__all__ = ["HOSTILE", "MADE", "NOW", "SCRIPT", "fill", "hostile_records", "open_filled", "pages_to_visit", "story_key"]

MADE = NOW - timedelta(hours=5)  # when the last night began
SCRIPT = "<script>alert(1)</script>"

# What a page of the world may send as a title or a text; none of it may do anything but be read.
HOSTILE = {
    "script": SCRIPT,
    "attribute": '" onmouseover="alert(1)" x="',
    "single": "' onfocus='alert(1)' autofocus='",
    "template": "{{7*7}} {% raw %} ${7*7} <%= 7*7 %>",
    "cdata": "<![CDATA[ x ]]> ]]> <!-- --> &lt;b&gt; &#60;script&#62;",
    "turned": "党建\u202egnp.exe\u202c\u2066引领\u2069",
    "long": "长" * 3000 + "W" * 10_000,
    "image": "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "breaks": "标题\x0b\x0c\x1b[31m\x7f有\ufffe控制字符",
}


def story_key() -> str:
    return key_of("首发")


def _story() -> list[Record]:
    lines = report("议事会", 14)
    blocks = (
        Block(BlockKind.HEADING, "一、把议事会开到院落里", level=2),
        Block(BlockKind.PARAGRAPH, "".join(lines[:5])),
        Block(BlockKind.IMAGE, image=Image("https://img.example/1.jpg", caption="议事现场")),
        Block(BlockKind.CAPTION, "院落里的议事会。示范街道供图"),
        Block(BlockKind.PARAGRAPH, "".join(lines[5:9]) + "网格党支部有二十六名党员。"),
        Block(BlockKind.PARAGRAPH, "".join(lines[9:]) + "疑似乱字之处。"),
    )
    first = dataclasses.replace(
        full_record(),
        url="https://news.example/first.html",
        key=story_key(),
        title="院落里的议事会",
        blocks=blocks,
        medium="示范日报",
        platform="示范网",
        original_text="".join(lines[:5]).replace("书", "書") + "\n網格黨支部有二十六名黨員。",
        repairs=(
            Repair(
                "pinyin", "党zhī部", "党支部", 3, 8, "paragraph 3", Certainty.HIGH, evidence="zhī 是 支 的读音", count=2
            ),
            Repair("byte-damage", "疑似乱字", "", 0, 4, "paragraph 4", Certainty.LOW, False, ("宜似乱字", "疑似乱宇")),
            *(Repair("punctuation", ",", "，", n, n + 1, "paragraph 2") for n in range(90)),
        ),
        flags=("open:byte-damage", "characters-rebuilt"),
        topics=(Topic("基层治理", 0.75, ("网格",)), Topic("党建品牌", 0.2)),
        relevance=Relevance(0.9, {"党支部": 2}),
    )
    copies = {
        "same": blocks,
        "shortened": blocks[:4],
        "extended": (*blocks, Block(BlockKind.PARAGRAPH, report("按", 1)[0])),
    }
    return [
        first,
        *(
            dataclasses.replace(
                first,
                source="county",
                url=f"https://county.example/{name}.html",
                key=key_of(name),
                blocks=of_copy,
                platform="县级融媒",
                published_at=datetime.fromisoformat("2026-11-21T09:30:00+08:00"),
                repairs=(),
                flags=(),
                original_text=None,
                script=Script.HANS,
            )
            for name, of_copy in copies.items()
        ),
    ]


def hostile_records() -> list[Record]:
    """One article per kind of malice, with the malice in every field that takes text."""
    found = []
    for name, text in HOSTILE.items():
        plain = record(f"恶意{name}", text=f"{text}\n{name}社区的普通句子，用来检索恶意样本。{text}", title=text)
        found.append(
            dataclasses.replace(
                plain,
                kicker=text,
                subtitle=text,
                medium=text[:80],
                platform=text[:80],
                authors=(text[:60],),
                editors=(text[:60],),
                url="javascript:alert(1)//" if name == "script" else plain.url,
                original_text=f"{text}\n原文",
                repairs=(
                    Repair("pinyin", text, text + "改", 0, 2, "paragraph 1", Certainty.LOW, False, (text,), text),
                    Repair(text[:60], text, "", 0, 2, text, Certainty.HIGH, True, (), text),
                ),
                flags=(text[:60],),
                topics=(Topic(text[:60], 0.5),),
                methods=(text[:60],),
            )
        )
    return found


def pages_to_visit() -> list[str]:
    """Every kind of page, with every hostile text on it."""
    story = f"/story/{story_key()[:16]}"
    hostile = [f"/story/{one.key[:16]}" for one in hostile_records()]
    return [
        "/",
        "/?by=topic",
        "/search",
        "/search?q=恶意",
        "/search?q=社区&region=51&city=5101&topic=基层治理&each=article",
        story,
        f"{story}?text=original",
        f"{story}?text=changes",
        f"/compare/{story_key()[:16]}/{key_of('extended')[:16]}",
        "/sources",
        "/source/demo",
        "/source/silent",
        "/runs",
        *hostile,
        *(f"{one}?text=changes" for one in hostile),
        f"/compare/{hostile_records()[0].key[:16]}/{hostile_records()[1].key[:16]}",
    ]


def fill(store: Store) -> None:
    """Nights of five days, the last one five hours ago, with everything that the pages show."""
    store.register(
        [
            SourceEntry("demo", "示范网", "list", "https://demo.example/"),
            SourceEntry("county", "县级融媒", "list", "javascript:alert(1)"),
            SourceEntry("silent", SCRIPT, "feed"),
        ]
    )
    for ago in range(4, -1, -1):
        _night(store, ago)
    store.note_health(
        [
            SourceHealth("silent", HealthState.BROKEN, "列表连续 3 晚没有任何文章"),
            SourceHealth("demo", HealthState.OK),
            SourceHealth("county", HealthState.QUIET, "两晚没有新文章，在它的习惯之内"),
        ],
        NOW - timedelta(days=2),
    )


def _night(store: Store, ago: int) -> None:
    began = MADE - timedelta(days=ago)
    run = store.begin_run(
        RunKind.NIGHTLY, now=began, flow_run_id="01990000-aaaa-bbbb-cccc-000000000000", parameters={"only": None}
    )
    work = _last_night(store, run, began) if ago == 0 else [Cleaned(record(f"旧{ago}-{n}")) for n in range(6 - ago)]
    for start in range(0, len(work), 20):
        store.apply(run, work[start : start + 20], began)
    totals = {line.source: sum(line.counts.values()) for line in store.run_sources(run)}
    for source in ("demo", "county", "silent"):
        bad = source == "silent"
        store.record_source(
            run,
            SourceReport(
                source,
                totals.get(source, 0),
                seconds=12.5,
                state=SourceState.FAILED if bad else SourceState.OK,
                message=f"列表没有任何文章 {SCRIPT}" if bad else "",
                coverage={"records": 5, "title": 1.0, "published_at": 0.8, "medium": 0.6, "length": 900, "listed": 20},
            ),
        )
    store.finish_run(run, now=began + timedelta(minutes=7), state=RunState.PARTIAL, message="1 个来源有问题")


def _last_night(store: Store, run: str, began: datetime) -> list[Result]:
    first, *copies = _story()
    raw = page("首发", "<html><p>第一稿</p></html>", final_url="https://news.example/first-moved.html")
    raw = dataclasses.replace(raw, key=first.key, url=first.url)
    saved = store.save_raw(raw)
    store.apply(run, [Cleaned(first, page=saved.page)], began)
    again = store.save_raw(dataclasses.replace(raw, body="<html><p>第二稿</p></html>".encode()))
    blocks = tuple(dataclasses.replace(b, text=b.text.replace("二十六名", "二十八名")) for b in first.blocks)
    store.apply(
        run, [Cleaned(dataclasses.replace(first, title="院落里的议事厅", blocks=blocks), page=again.page)], began
    )
    store.enqueue(run, [candidate("坏页"), candidate("没有正文")], began)
    failure = Failure(Stage.FETCH, "http-5xx", f"服务器回答 503 {SCRIPT}")
    return [
        *(Cleaned(copy) for copy in copies),
        *(Cleaned(one) for one in hostile_records()),
        Failed(key_of("坏页"), "demo", "https://news.example/坏页.html", failure),
        Rejected(key_of("没有正文"), "demo", "javascript:alert(2)", Stage.CLEAN, "没有正文", SCRIPT),
    ]


def open_filled(url: str) -> Store:
    store = Store.open(url, migrate=True, relate=relate)
    fill(store)
    return store
