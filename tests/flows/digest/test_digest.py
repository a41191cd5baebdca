"""The morning digest: what it says of a night, and that strangers' titles stay words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from flows.digest.gather import gather, span_of
from flows.digest.publish import Printed, message_of, print_digest
from flows.digest.render import summarise, to_html, to_markdown, to_text
from flows.settings import Settings
from models.accounts import HealthState, RunKind, RunState, SourceEntry, SourceHealth, SourceReport, SourceState
from models.decide import Cleaned
from models.news import News
from models.records import Level, Record, Region, Topic
from models.store import Store
from tests.models.corpus import NOW, key_of, page, passage, record

HOSTILE = '<script>alert(1)</script> "onmouseover=x [点我](javascript:alert(1)) {{7*7}} ‮]]> & | `x`'
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/corpus.db", web_url="http://room.example/")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    from cleaning.kinship import relate

    with Store.open(settings.database, migrate=True, relate=relate) as opened:
        opened.register([SourceEntry("demo", "示范网"), SourceEntry("other", "另一个网站")])
        yield opened


def night(
    store: Store, now: datetime, *records: Record, state: RunState = RunState.COMPLETED, kind: RunKind = RunKind.NIGHTLY
) -> None:
    run = store.begin_run(kind, now=now)
    pages = [page("", one.text, key=one.key, source=one.source) for one in records]
    saved = store.save_pages(pages)
    outcomes = store.apply(run, [Cleaned(one, kept.page) for one, kept in zip(records, saved, strict=True)], now)
    for source in sorted({one.source for one in records}):
        number = sum(one.source == source for one in records)
        store.record_source(run, SourceReport(source, discovered=number, state=SourceState.OK))
    assert len(outcomes) == len(records)
    store.finish_run(run, now=now + timedelta(minutes=5), state=state, message="试")


def story(name: str, **changes: Any) -> Record:
    return record(name, **changes)


SICHUAN = (Region(Level.CITY, "四川省成都市", "5101", primary=True),)
TOPICS = (Topic("基层治理", 2.0, ("议事会",)),)


def print_at(settings: Settings, now: datetime = NOW + timedelta(hours=4)) -> Printed:
    return print_digest(settings, now)


def test_new_stories_stand_under_their_province_with_facts_extract_and_reprints(
    store: Store, settings: Settings
) -> None:
    night(store, YESTERDAY, story("旧"))
    reprint = story("甲转", text=passage("甲"), source="other", medium="转载日报", published_at=NOW)
    night(store, NOW, story("甲", regions=SICHUAN, topics=TOPICS), reprint, story("乙"))
    printed = print_at(settings)
    [first, second] = printed.edition.groups
    assert (first.name, second.name) == ("四川省", "未标地区")
    [item] = first.items
    assert (item.title, item.medium, item.published, item.place) == (
        "甲社区议事",
        "示范日报",
        "11-20 09:30",
        "四川省成都市",
    )
    assert item.extract.startswith("甲社区党支部把党员议事会开到院落里")
    assert item.copies == ("转载日报（相同）",)
    assert item.link == f"http://room.example/story/{key_of('甲')}"
    assert printed.edition.stories == 2
    assert "旧社区议事" not in printed.markdown + printed.html
    assert printed.edition.topics == (("基层治理", 1),)


def test_what_was_brought_by_hand_during_the_day_is_in_the_next_digest(store: Store, settings: Settings) -> None:
    night(store, YESTERDAY, story("昨"))
    night(store, YESTERDAY + timedelta(hours=9), story("手"), kind=RunKind.INGEST)
    night(store, NOW, story("今"))
    titles = {item.title for group in print_at(settings).edition.groups for item in group.items}
    assert titles == {"手社区议事", "今社区议事"}


def test_the_first_digest_takes_what_is_there_and_one_without_nights_says_so(store: Store, settings: Settings) -> None:
    night(store, NOW, story("手"), kind=RunKind.SEEDS)
    edition = print_at(settings).edition
    assert edition.stories == 1
    assert "没有运行过夜间采集" in edition.alarms[0]
    night(store, NOW + timedelta(hours=1), story("夜"))
    edition = print_at(settings).edition
    assert (edition.stories, edition.alarms) == (2, ())


def test_trouble_comes_first_with_its_reason_and_since_when(store: Store, settings: Settings) -> None:
    store.note_health([SourceHealth("demo", HealthState.BROKEN, "列表连续 2 晚没有任何文章")], YESTERDAY)
    store.note_health([SourceHealth("other", HealthState.QUIET, "3 天没有新文章")], YESTERDAY)
    night(store, NOW, story("甲"), state=RunState.FAILED)
    printed = print_at(settings)
    for text in (printed.markdown, printed.html, message_of(printed, settings).text):
        assert text.index("列表连续 2 晚") < text.index("甲社区议事")
        assert "失效" in text
        assert "夜间采集失败" in text
    assert "（自 11-22）" in printed.html  # 18:30 UTC of the day before is the 22nd in China
    assert "安静" in printed.html
    assert printed.edition.well == 1


def test_reprints_and_corrections_of_old_stories_are_told_apart_from_news(store: Store, settings: Settings) -> None:
    night(store, YESTERDAY, story("甲"), story("乙"))
    reprint = story("甲转", text=passage("甲"), source="other", published_at=NOW)
    night(store, NOW, reprint, story("乙", text=passage("乙") + "\n后来又补了一段说明。"))
    edition = print_at(settings).edition
    assert edition.stories == 0
    assert [(line.title, line.said) for line in edition.reprinted] == [("甲社区议事", "新增转载 1 篇")]
    assert [(line.title, line.said) for line in edition.updated] == [("乙社区议事", "第 2 版，示范网")]
    assert "没有新报道" in to_html(edition)
    assert "没有新报道" in to_markdown(edition)


def test_the_numbers_of_the_month_count_every_day(store: Store, settings: Settings) -> None:
    for ago in (3, 2):
        night(store, NOW - timedelta(days=ago), *(story(f"{ago}天前第{n}篇") for n in range(ago)))
    night(store, NOW, story("今"))
    edition = print_at(settings).edition
    assert len(edition.nights) == 30
    assert [n.new for n in edition.nights[-4:]] == [3, 2, 0, 1]
    assert edition.usual == 2.5
    assert "今天新报道 1 篇" in to_html(edition)


class Structure(HTMLParser):
    """Elements and attributes of a page, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def test_titles_and_texts_of_strangers_stay_words(store: Store, settings: Settings) -> None:
    hostile = story(
        "敌",
        title=HOSTILE,
        text=f"{HOSTILE}。{HOSTILE}两次。",
        url="javascript:alert(1)",
        medium=HOSTILE,
        topics=TOPICS,
    )
    store.note_health([SourceHealth("demo", HealthState.SUSPECT, HOSTILE)], NOW)
    night(store, NOW, hostile, story("好"))
    printed = print_at(settings)
    structure = Structure(printed.html)
    assert "script" not in structure.tags
    assert not [a for a in structure.attributes if a[1].startswith("on") or a[2].lower().startswith("javascript:")]
    assert "{{7*7}}" in printed.html
    assert "49" not in re.sub(r"<[^>]*>|#\w+", "", printed.html.split("<body>")[1].split("最近 30 天")[0])
    assert not re.search(r"(?<!\\)<", printed.markdown)
    assert not re.search(r"(?<!\\)\]\(\s*javascript", printed.markdown)
    assert "alert(1)" in to_text(printed.edition)


def test_the_page_loads_nothing(store: Store, settings: Settings) -> None:
    night(store, NOW, story("甲"))
    structure = Structure(print_at(settings).html)
    assert not structure.tags & {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert not [a for a in structure.attributes if a[1] in ("src", "srcset", "action", "background")]
    assert "url(" not in print_at(settings).html


def test_files_are_written_whole_and_named_by_the_day_in_china(store: Store, settings: Settings) -> None:
    night(store, NOW, story("甲"))
    printed = print_at(settings, NOW)
    assert [path.name for path in printed.files] == ["2026-11-23.html", "2026-11-23.md"]
    assert printed.files[0].read_text("utf8") == printed.html
    assert not list(settings.digests_dir.glob("*.part"))


def test_a_first_night_with_hundreds_of_stories_is_counted_and_not_printed_whole(
    store: Store, settings: Settings
) -> None:
    night(store, NOW, *(story(f"第{n}篇") for n in range(40)))
    [group] = print_at(settings).edition.groups
    assert (len(group.items), group.left_out) == (12, 28)
    assert "另有 28 篇" in print_at(settings).html
    assert summarise(print_at(settings).edition) == "新报道 40 篇。"
    assert len(message_of(print_at(settings), settings).text.splitlines()) < 20


def test_a_span_never_reaches_back_more_than_a_week(store: Store, settings: Settings) -> None:
    night(store, NOW - timedelta(days=20), story("早"))
    night(store, NOW, story("今"))
    news = News.open(settings.database)
    assert span_of(news, NOW + timedelta(hours=1))[0] == NOW + timedelta(hours=1) - timedelta(days=7)
    assert gather(news, *span_of(news, NOW + timedelta(hours=1))).stories == 1
    news.close()
