"""Which stored articles are looked at again: by age, by validators, and by what their lists say of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.declaration import Limits
from flows.revisits import choose_revisits, find_relisted, worth_comparing
from models.accounts import Visited
from models.records import LACKS, PAGES_CAPPED, PAGES_MISSING, Candidate, Hints

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
WEEK = Limits()
TAGGED = {"etag": '"1"'}


def named(
    key: str, title: str | None = "清溪镇召开党建例会", published: str | None = "2026-11-20", **more: str
) -> Candidate:
    hints = Hints(title=title, published=published, listed_at=NOW, changed=more.get("changed"))
    return Candidate("county", f"http://a.example/{key}.html", key, hints)


def stored(one: Candidate, nights: float = 1, checked: float | None = None, **headers: str) -> Visited:
    seen = NOW - timedelta(days=nights)
    return Visited(one, headers, "0" * 64, seen, seen if checked is None else NOW - timedelta(days=checked))


@pytest.mark.parametrize(
    ("nights", "checked", "due"),
    [(0.5, None, False), (1, None, False), (3, None, False), (3.5, None, True), (5, None, True), (5, 1, False)],
)
def test_a_page_without_validators_is_due_once_in_the_second_half(
    nights: float, checked: float | None, due: bool
) -> None:
    assert choose_revisits([stored(named("a"), nights, checked)], [], NOW, WEEK) == ["a"] * due


def test_an_article_that_was_found_late_is_looked_at_before_its_days_are_over() -> None:
    """Dated five days before it was found, two days are left to it."""
    old = named("a", published="2026-11-16")
    assert choose_revisits([stored(old, 0.3)], [], NOW, WEEK) == []
    assert choose_revisits([stored(old, 1.1)], [], NOW, WEEK) == ["a"]


def test_pages_with_validators_are_due_every_night_and_others_too_if_the_file_says_so() -> None:
    recent = [stored(named("a"), **TAGGED), stored(named("b"), **{"last-modified": "x"}), stored(named("c"))]
    assert choose_revisits(recent, [], NOW, WEEK) == ["a", "b"]
    assert choose_revisits(recent, [], NOW, Limits(revisit_always=True)) == ["a", "b", "c"]
    assert choose_revisits(recent, [named("c")], NOW, Limits(revisit_days=0)) == []


def test_an_article_that_lacks_a_page_is_due_every_night_until_it_is_whole() -> None:
    recent = [
        stored(named("a"), **{LACKS: PAGES_MISSING}),
        stored(named("b"), **{LACKS: PAGES_CAPPED}),
        stored(named("c")),
    ]
    assert choose_revisits(recent, [], NOW, WEEK) == ["a"]


def test_an_article_in_pages_is_a_download_and_so_due_once_in_the_second_half() -> None:
    def in_pages(nights: float) -> Visited:
        return replace(stored(named("a"), nights, **TAGGED), further=("1" * 64,))

    assert choose_revisits([in_pages(1)], [], NOW, WEEK) == []
    assert choose_revisits([in_pages(4)], [], NOW, WEEK) == ["a"]


def test_articles_that_were_listed_anew_come_first_within_the_limit() -> None:
    recent = [stored(named("a"), **TAGGED), stored(named("b"), **TAGGED)]
    assert choose_revisits(recent, [named("c"), named("b")], NOW, Limits(revisits=2)) == ["c", "b"]


CHANGES = [
    (named("a"), named("a"), False),
    (named("a"), named("a", "清溪镇召开党建工作例会"), True),
    (named("a"), named("a", "清溪镇召开 党建例会"), False),
    (named("a"), named("a", "清溪镇召开..."), False),
    (named("a", "清溪镇召开…"), named("a"), False),
    (named("a", "清溪镇召开…"), named("a", "石桥乡召开党建例会"), True),
    (named("a"), named("a", "清溪镇召开党建例会（更正）"), True),
    (named("a"), named("a", None), False),
    (named("a"), named("a", published="2026-11-21"), True),
    (named("a"), named("a", published="2026-11-19"), False),
    (named("a", published="2026-11-20 09:00"), named("a", published="2026-11-20 15:30"), True),
    (named("a", published="2026-11-20"), named("a", published="2026-11-20 15:30"), False),
    (named("a", published="3小时前"), named("a", published="2026-11-22"), False),
    (named("a", published="11-20"), named("a", published="11-21"), True),
    (named("a", published=None), named("a"), False),
    (named("a", changed="2026-11-20T09:00:00Z"), named("a", changed="2026-11-20T10:00:00Z"), True),
    (named("a", changed="2026-11-20"), named("a", changed="2026-11-20"), False),
]  # fmt: skip


@pytest.mark.parametrize(("before", "now", "changed"), CHANGES)
def test_what_a_list_says_anew(before: Candidate, now: Candidate, changed: bool) -> None:
    assert find_relisted([now], [stored(before)]) == [now] * changed


def test_another_source_that_names_the_article_by_another_title_says_nothing() -> None:
    elsewhere = Candidate("city", "http://a.example/a.html", "a", Hints(title="别的标题"))
    assert find_relisted([elsewhere], [stored(named("a"))]) == []


def test_a_list_that_says_everything_changed_was_rebuilt_itself() -> None:
    before = [stored(named(str(n))) for n in range(10)]
    assert find_relisted([named(str(n), published="2026-11-22") for n in range(10)], before) == []
    two = [named(str(n), published="2026-11-22" if n < 2 else "2026-11-20") for n in range(10)]
    assert [one.key for one in find_relisted(two, before)] == ["0", "1"]


def test_entries_that_the_list_dates_long_ago_are_not_compared() -> None:
    old, undated, fresh = named("a", published="2026-10-01"), named("b", published=None), named("c")
    again = named("d", published="2026-10-01", changed="2026-11-21")
    assert worth_comparing([old, undated, fresh, again], NOW, WEEK) == [undated, fresh, again]
