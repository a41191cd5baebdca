"""Every form in which pages print their date: what it is, how exact, or that nothing certain is said."""

from __future__ import annotations

import pytest

from cleaning.pipeline import process
from tests.cleaning.extract.pages import plain_page, raw

# Markup under the title -> moment in China, precision. Without a printed year nothing is said: a page is no list.
PRINTED: list[tuple[str, str | None, str | None]] = [
    ("2024-05-20", "2024-05-20T00:00:00", "day"),
    ("[2024-05-20]", "2024-05-20T00:00:00", "day"),
    ("(2024-05-20 10:30:00)", "2024-05-20T10:30:00", "second"),
    ("发布于 2024-05-20", "2024-05-20T00:00:00", "day"),
    ("发布于2024-05-20 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024/05/20 周一 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024年5月20日 星期一 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024年5月20日（星期一）10:30", "2024-05-20T10:30:00", "minute"),
    ("10:30 2024-05-20", "2024-05-20T10:30:00", "minute"),
    ("發佈時間：10:30 2024-05-20 HKT", "2024-05-20T10:30:00", "minute"),
    ("<span>10:30</span><span>2024/05/20</span>", "2024-05-20T10:30:00", "minute"),
    ("2024-5-20 9:05", "2024-05-20T09:05:00", "minute"),
    ("2024 年 05 月 20 日 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20 10:30:11.0", "2024-05-20T10:30:11", "second"),
    ("2024年05月20日10时30分", "2024-05-20T10:30:00", "minute"),
    ("2024年5月20日上午10:30", "2024-05-20T10:30:00", "minute"),
    ("2024.05.20", "2024-05-20T00:00:00", "day"),
    ("2024.5.20 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024．05．20", "2024-05-20T00:00:00", "day"),
    ("20/05/2024 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20 10:30 AM", "2024-05-20T10:30:00", "minute"),
    ("May 20, 2024", "2024-05-20T00:00:00", "day"),
    ("Mon May 20 10:30:00 CST 2024", None, None),
    ("20240520", None, None),
    ("2024-05-20T10:30:00+08:00", "2024-05-20T10:30:00", "second"),
    ("2024-05-20T02:30:00Z", "2024-05-20T10:30:00", "second"),
    ("二〇二四年五月二十日", "2024-05-20T00:00:00", "day"),
    ("2024年5月20日 10:30:11来源：南山网", "2024-05-20T10:30:11", "second"),
    ("来源：南山网2024-05-20 10:30", "2024-05-20T10:30:00", "minute"),
    ("时间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("时&nbsp;间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("时 间 ： 2024-05-20 10:30", "2024-05-20T10:30:00", "minute"),
    ("日期：2024年05月20日", "2024-05-20T00:00:00", "day"),
    ("发布时间:2024-05-20 10:30:11", "2024-05-20T10:30:11", "second"),
    ("发布日期: 2024-05-20", "2024-05-20T00:00:00", "day"),
    ("发稿时间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("发表时间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("更新时间：2024-05-20 10:30", "2024-05-20T10:30:00", "minute"),
    ("更新时间：2024-05-21 10:30 发布时间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("发布时间：2024-05-20 更新时间：2024-05-21", "2024-05-20T00:00:00", "day"),
    ("成文日期：2024-05-18 发布日期：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("<span>2024</span>-<span>05</span>-<span>20</span>", "2024-05-20T00:00:00", "day"),
    ("<span>20</span><span>2024-05</span>", None, None),
    ("<div>发布时间：</div><div>2024-05-20</div>", "2024-05-20T00:00:00", "day"),
    ("<em>2024年</em><em>05月20日</em>", "2024-05-20T00:00:00", "day"),
    ("<div class=d>20</div><div>2024/05</div>", None, None),
    ("2024-05-20&nbsp;10:30", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20 10:30:11\u3000字号：大 中 小", "2024-05-20T10:30:11", "second"),
    ("发布：2024-05-20 10:30", "2024-05-20T10:30:00", "minute"),
    ("录入时间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("添加时间：2024-05-20 10:30:00 点击：5", "2024-05-20T10:30:00", "second"),
    ("2024-05-20 | 南山网", "2024-05-20T00:00:00", "day"),
    ("2024-05-20/南山网", "2024-05-20T00:00:00", "day"),
    ("上传时间：2024/5/20 10:30:00", "2024-05-20T10:30:00", "second"),
    ("刊发日期：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("2024年5月20日 第04版", "2024-05-20T00:00:00", "day"),
    ("本报2024年5月20日讯", "2024-05-20T00:00:00", "day"),
    ("2024-05-20 10點30分", "2024-05-20T10:30:00", "minute"),
    ("民國113年5月20日", "2024-05-20T00:00:00", "day"),
    ("中華民國113年5月20日 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20 下午 10:30", "2024-05-20T22:30:00", "minute"),
    ("2024-05-20  (10:30)", "2024-05-20T00:00:00", "day"),
    ("2024-05-20,10:30", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20 10:30(北京时间)", "2024-05-20T10:30:00", "minute"),
    ("由 编辑部 于 周一, 2024/05/20 - 10:30 提交", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20 HKT 10:30", "2024-05-20T10:30:00", "minute"),
    ("2024-05-20·10:30", "2024-05-20T10:30:00", "minute"),
    ("发布时间：24-05-20 10:30", "2024-05-20T10:30:00", "minute"),
    ("24-05-20 10:30", None, None),
    ("5 月 20, 2024", "2024-05-20T00:00:00", "day"),
    ("5月20日 10:30", None, None),
    ("05-20 10:30", None, None),
    ("昨天 10:30", None, None),
    ("3天前", None, None),
    ("发布时间：2024年5月20日 10:30 来源：南山网 阅读：2023", "2024-05-20T10:30:00", "minute"),
    ("浏览：20240519 发布时间：2024-05-20", "2024-05-20T00:00:00", "day"),
    ("<time datetime='2024-05-20T10:30:00+08:00'>5月20日</time>", "2024-05-20T10:30:00", "second"),
    ("<span title='2024-05-20 10:30'>1小时前</span>", None, None),
    ("<script>document.write('2024-05-20')</script>", None, None),
    ("发布时间：2024-05-20 截止时间：2024-06-01", "2024-05-20T00:00:00", "day"),
]


@pytest.mark.parametrize(("line", "moment", "precision"), PRINTED)
def test_the_date_under_the_title(line: str, moment: str | None, precision: str | None) -> None:
    record = process(raw(plain_page(line)))
    found = record.published_at.isoformat()[:19] if record.published_at else None
    assert (found, record.published_precision) == (moment, precision)


def test_the_day_of_publication_goes_before_that_of_a_change_in_a_line_above() -> None:
    byline = "<div>更新时间：2024-05-21</div><div>发布时间：2024-05-20</div>"
    record = process(raw(plain_page(byline)))
    assert record.published_at is not None
    assert record.published_at.day == 20


def test_time_elements_of_lists_are_not_the_date() -> None:
    side = "<ul><li><time datetime='2023-01-01'>1月1日</time></li></ul>"
    assert process(raw(plain_page("", tail=side))).published_at is None


def test_a_day_is_completed_by_the_time_that_a_meta_tag_gives_of_it() -> None:
    head = '<meta property="article:published_time" content="2024-05-20T10:30:11{}">'
    for zone, hour in (("+08:00", 10), ("", 10), ("Z", 0)):  # local times are often stated as UTC
        record = process(raw(plain_page("2024年5月20日", head=head.format(zone))))
        assert record.published_at is not None
        assert record.published_at.hour == hour
    other = process(raw(plain_page("2024年5月19日", head=head.format(""))))
    assert other.published_at is not None
    assert (other.published_at.day, other.published_precision) == (19, "day")
