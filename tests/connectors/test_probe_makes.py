"""The probe on sites of many makes: exactly their articles, and a file that reads all pages of the list."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from connectors.declaration import Pace
from connectors.http import open_fetcher
from connectors.kinds import connector_for
from connectors.list_dates import date_in_address, read_day
from connectors.probe import find_list, probe, write_source_file
from connectors.protocol import Window
from connectors.register import single_page
from tests.connectors.asking import knows, source_of
from tests.connectors.column_pages import COLUMNS, EMPTY, Column
from tests.connectors.site import Page, serve

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)  # of the day of the newest article

Named = dict[str, tuple[str | None, date | None]]


def expected(column: Column, number: int | None = None) -> Named:
    """What the column names, with only what it says of each."""
    return {
        item.path: (item.title if column.titled else None, item.day if column.dated else None)
        for item in column.items[:number]
    }


def told(column: Column, base: str, entries: list[tuple[str, str | None, str | None]]) -> Named:
    return {
        url.removeprefix(base): (
            title if column.titled else None,
            (read_day(printed, NOON) or date_in_address(url)) if column.dated else None,
        )
        for url, title, printed in entries
    }


@pytest.mark.parametrize("name", COLUMNS)
async def test_a_column_is_found_and_its_file_reads_all_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = Pace(delay=0)
    monkeypatch.setattr(
        "connectors.probe.single_page", lambda url: single_page(url).model_copy(update={"pace": hurried})
    )
    column = COLUMNS[name]
    with serve({"/robots.txt": Page(b"", 404)}) as site:
        site.pages |= {
            path: Page(body.replace(b"BASE", site.base.encode()), content_type=kind)
            for path, (body, kind) in column.pages.items()
        }
        async with open_fetcher(site.settings) as fetcher:
            found = await probe(site.base + column.start, fetcher)
            source = source_of(write_source_file(found), pace={"delay": 0})
            read = await connector_for(source).discover(source, fetcher, knows(), Window(NOON), {})
        proposed = [(entry.url, entry.title, entry.published) for entry in found.entries]
        listed = [(c.url, c.hints.title, c.hints.published) for c in read.candidates]
    assert told(column, site.base, proposed) == expected(column, column.first)
    assert told(column, site.base, listed) == expected(column)


@pytest.mark.parametrize("name", EMPTY)
def test_menus_and_rankings_are_no_list(name: str) -> None:
    assert find_list(EMPTY[name].decode(), "http://www.qxdj.gov.cn/dj/").entries == ()
