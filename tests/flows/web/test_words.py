"""Every value that a page may show has a word, and moments and sizes read as people say them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from flows.web import words
from flows.web.show import age, lately, published, safe_link, span
from models.accounts import HealthState, RunKind, SourceState
from models.records import Level, Origin, Precision
from models.wording import Relation
from tests.models.corpus import NOW


@pytest.mark.parametrize(
    ("named", "values"),
    [
        (words.HEALTH, HealthState),
        (words.HEALTH_OF, SourceState),
        (words.KINDS, RunKind),
        (words.RELATIONS, [*Relation, None]),
        (words.ORIGINS, Origin),
        (words.LEVELS, Level),
    ],
)
def test_every_value_has_a_word(named: Mapping[object, str], values: Collection[object]) -> None:
    assert set(named) == set(values)
    assert all(named.values())


@pytest.mark.parametrize(
    ("flag", "said"),
    [("open:pinyin", "存疑未改：拼音注音"), ("bytes-lost", "有字节无法解读"), ("something-new", "something-new")],
)
def test_flags_are_said_in_words(flag: str, said: str) -> None:
    assert words.name_flag(flag) == said


def test_places_have_the_names_of_the_register() -> None:
    assert words.name_province("510117006") == "四川省"
    assert words.name_province(None) == "未标地区"
    assert words.name_region("0") == ""


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://news.example/1.html", True),
        (" http://news.example/?q=党建", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\x01script:alert(1)", False),
        ("data:text/html,x", False),
        ("//news.example/", False),
        ("/etc/passwd", False),
        ("http://", False),
        ("http://user:pass@news.example/", False),
        ("http://[::1", False),
        ("https://news.example/\u202etxt.exe", False),
        ("seed:001.txt", False),
        ("", False),
        (None, False),
    ],
)
def test_readers_are_sent_to_plain_web_addresses_only(address: str | None, safe: bool) -> None:
    assert (safe_link(address) is not None) is safe


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.04, "0.0 秒"), (12.4, "12 秒"), (59.6, "1 分 0 秒"), (73, "1 分 13 秒"), (3725, "1 小时 2 分")],
)
def test_spans_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_dates_are_told_as_far_as_the_page_gave_them() -> None:
    moment = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # half past one on the 21st in China
    assert published(moment, Precision.DAY) == "2026-11-21"
    assert published(moment, Precision.MINUTE) == "2026-11-21 01:30"
    assert published(None, None) == "日期不详"
    assert lately(moment, Precision.DAY, NOW) == "11-21"
    assert lately(moment - timedelta(days=400), Precision.DAY, NOW) == "2025-10-17"


def test_ages_are_told_in_the_largest_unit() -> None:
    assert [age(NOW - timedelta(minutes=m), NOW) for m in (0, 5, 90, 3000)] == [
        "刚刚",
        "5 分钟前",
        "1 小时前",
        "2 天前",
    ]
    assert age(None, NOW) == "从未"
