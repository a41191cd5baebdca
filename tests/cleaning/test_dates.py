"""Dates as Chinese pages print them, with what may be claimed of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.dates import date_in_url, find_date, read_epoch, read_hint, read_meta_date
from models.records import Precision

PRINTED = [
    ("发布时间:2022/3/31 11:27:21 点击率:0", "2022-03-31T11:27:21+08:00", Precision.SECOND),
    ("2024年01月08日06:58 来源：某报", "2024-01-08T06:58:00+08:00", Precision.MINUTE),
    ("2012-01-1208:22", "2012-01-12T08:22:00+08:00", Precision.MINUTE),
    ("2024-05-20 14:33·某社", "2024-05-20T14:33:00+08:00", Precision.MINUTE),
    ("發佈時間：2012/01/12 上午 08:21", "2012-01-12T08:21:00+08:00", Precision.MINUTE),
    ("2011年12月9日 下午3:05", "2011-12-09T15:05:00+08:00", Precision.MINUTE),
    ("2024年1月8日 星期一 14时05分", "2024-01-08T14:05:00+08:00", Precision.MINUTE),
    ("中華民國101年1月12日", "2012-01-12T00:00:00+08:00", Precision.DAY),
    ("2012.01.12", "2012-01-12T00:00:00+08:00", Precision.DAY),
    ("2024-05-17 00:00:00", "2024-05-17T00:00:00+08:00", Precision.DAY),
    ("2023-12-01T14:43:00Z", "2023-12-01T22:43:00+08:00", Precision.SECOND),
    ("2023-12-01T14:43:00+08:00", "2023-12-01T14:43:00+08:00", Precision.SECOND),
    ("2012-01-12 11:21 21世纪网", "2012-01-12T11:21:00+08:00", Precision.MINUTE),
    ("20/05/2024 10:30", "2024-05-20T10:30:00+08:00", Precision.MINUTE),
    ("05/20/2024", "2024-05-20T00:00:00+08:00", Precision.DAY),
    ("31.12.2023", "2023-12-31T00:00:00+08:00", Precision.DAY),
    ("May 20, 2024 10:30", "2024-05-20T10:30:00+08:00", Precision.MINUTE),
    ("20 Sept 2024", "2024-09-20T00:00:00+08:00", Precision.DAY),
    ("二〇二四年五月二十日", "2024-05-20T00:00:00+08:00", Precision.DAY),
    ("二○一九年十二月三十一日", "2019-12-31T00:00:00+08:00", Precision.DAY),
    ("發布日期：113-05-20", "2024-05-20T00:00:00+08:00", Precision.DAY),
    ("发布日期：112年5月7日", "2023-05-07T00:00:00+08:00", Precision.DAY),
]


@pytest.mark.parametrize(("text", "value", "precision"), PRINTED)
def test_a_printed_date_is_read_with_its_precision(text: str, value: str, precision: Precision) -> None:
    moment = find_date(text)
    assert moment is not None
    assert (moment.value.isoformat(), moment.precision) == (value, precision)
    assert moment.raw in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3月15日上午",
        "版本 1.2024.3.4",
        "2024-13-01",
        "2023年2月30日",
        "1949年10月1日",
        "电话 2012-3456",
        "01-14 17:58",
        "05/06/2024",  # the fifth of June or the sixth of May
        "版本 1.2.2024",
        "192.168.2024",
        "113-05-20",  # without a label it may be anything
        "二〇二四年",
    ],
)
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert find_date(text) is None


def test_a_date_of_the_future_is_passed_over() -> None:
    now = datetime(2024, 1, 10, tzinfo=UTC)
    moment = find_date("有效期至2030-01-01 发布于2024-01-08", not_after=now)
    assert moment is not None
    assert moment.value.day == 8
    assert find_date("2030-01-01", not_after=now) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.example/n1/2024/0108/c1001-40154267.html", "2024-01-08"),
        ("https://a.example/202402/t20240206_327443.html", "2024-02-06"),
        ("http://a.example/art/2025/1/9/art_80179_1.html", "2025-01-09"),
        ("http://a.example/html/2017-10/09/content_5.htm", "2017-10-09"),
        ("http://a.example/view?date=20240206", None),
        ("http://a.example/2024/0108/t20240206_1.html", None),
        ("http://20240108.example/list/12.html", None),
        ("http://a.example/content/12345678901.html", None),
    ],
)
def test_the_day_in_an_address(url: str, day: str | None) -> None:
    moment = date_in_url(url)
    assert (moment.value.date().isoformat() if moment else None) == day


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        ("昨天 10:30", "2024-01-04T10:30:00+08:00"),
        ("今日 08:05", "2024-01-05T08:05:00+08:00"),
        ("5分钟前", "2024-01-05T15:55:00+08:00"),
        ("3小時前", "2024-01-05T00:00:00+08:00"),
        ("2天前", "2024-01-03T00:00:00+08:00"),
        ("12-30", "2023-12-30T00:00:00+08:00"),
        ("01-05 09:00", "2024-01-05T09:00:00+08:00"),
        ("Tue, 25 Jan 2022 01:26:43 GMT", "2022-01-25T09:26:43+08:00"),
        ("2023-12-31", "2023-12-31T00:00:00+08:00"),
        ("最新", None),
    ],
)
def test_a_relative_date_counts_from_the_list(hint: str, value: str | None) -> None:
    moment = read_hint(hint, datetime(2024, 1, 5, 8, 0, tzinfo=UTC))
    assert (moment.value.isoformat() if moment else None) == value


def test_a_relative_date_without_its_list_says_nothing() -> None:
    assert read_hint("昨天 10:30", None) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("20240108065800", "2024-01-08T06:58:00+08:00"), ("2007-08-20-23:59:59", "2007-08-20T23:59:59+08:00")],
)
def test_machines_write_dates_without_marks(text: str, value: str) -> None:
    moment = read_meta_date(text)
    assert moment is not None
    assert moment.value.isoformat() == value


def test_seconds_since_1970() -> None:
    moment = read_epoch("1646954732")
    assert moment is not None
    assert moment.value.isoformat() == "2022-03-11T07:25:32+08:00"
    assert read_epoch("12345") is None


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    find_date(text)
    read_meta_date(text)
    read_hint(text, datetime(2024, 1, 5, tzinfo=UTC))
    date_in_url(text)
