"""Electronic newspapers: an issue a day, its pages, their articles; rules carry dates for redesigns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from connectors.article_page import ArticlePageConnector
from connectors.declaration import EpaperLayout, EpaperRules, Source
from connectors.decoding import decode_text
from connectors.failures import FailureKind
from connectors.html_list import base_address, parse_page
from connectors.list_dates import CHINA, date_in_address
from connectors.list_entries import link_title
from connectors.next_pages import find_refresh, refresh_target
from connectors.protocol import (
    Answer,
    Discovery,
    Fetcher,
    Known,
    ListRead,
    ListState,
    Request,
    Validators,
    Window,
)
from connectors.urls import resolve_link
from connectors.walk import Course, Entry, Leaf, ListError, merge, walk

__all__ = ["EpaperConnector", "layout_of"]

MOST_PAGES = 64  # of one issue; the thickest daily has 32


class EpaperConnector(ArticlePageConnector):
    async def discover(
        self, source: Source, fetcher: Fetcher, known: Known, window: Window, memory: Mapping[str, Validators]
    ) -> Discovery:
        """See Connector.discover. A day without an issue (404) is no failure: papers rest on holidays."""
        rules = source.discover
        assert isinstance(rules, EpaperRules)
        parts = []
        for day in days_of(window, rules):
            layout = layout_of(rules, day)
            if layout is None:
                continue
            issue = _Issue(layout, day)
            course = Course(Request(issue.address), whole=MOST_PAGES, beyond=issue.onward)
            part = await walk(source, fetcher, known, window, memory, course, issue.read)
            parts.append(_without_rest_day(part))
            if window.limit and sum(len(one.candidates) for one in parts) >= window.limit:
                break
        return merge(parts)


def days_of(window: Window, rules: EpaperRules) -> list[date]:
    """Days of publication, newest first."""
    today = window.now.astimezone(CHINA).date()
    last = min(window.until or today, today)
    first = window.since or last - timedelta(days=rules.days - 1)
    return [last - timedelta(days=back) for back in range((last - first).days + 1)]


def layout_of(rules: EpaperRules, day: date) -> EpaperLayout | None:
    """How the issue of that day is built."""
    for layout in rules.layouts:
        after = layout.valid_from is None or layout.valid_from <= day
        before = layout.valid_until is None or day <= layout.valid_until
        if after and before:
            return layout
    return None


def _without_rest_day(part: Discovery) -> Discovery:
    errors = [read.error for read in part.reads]
    if len(errors) == 1 and errors[0] is not None and errors[0].kind is FailureKind.HTTP_4XX:
        return Discovery(reads=(ListRead(part.reads[0].url, ListState.EMPTY),))
    return part


class _Issue:
    """The pages of one issue, one after the other; what the first page names as further pages is the plan."""

    def __init__(self, layout: EpaperLayout, day: date) -> None:
        self._layout = layout
        self._day = day
        self.address = day.strftime(layout.issue)
        self._plan: list[str] | None = None
        self._moved = False

    def read(self, answer: Answer, number: int) -> Leaf:
        page = parse_page(decode_text(answer.body, answer.headers.get("content-type", "")))
        base = base_address(page, answer.final_url)
        onward = find_refresh(page)
        if onward and not self._moved:
            return self._move(onward, base)
        if self._plan is None:
            links = page.css(self._layout.pages) if self._layout.pages else []
            found = dict.fromkeys(resolve_link(base, link.attrib.get("href", "")) for link in links)
            read = (answer.final_url, self.address)
            self._plan = [url for url in found if url and url not in read and self._is_of_day(url)][:MOST_PAGES]
        entries = []
        for link in page.css(self._layout.articles):
            url = resolve_link(base, link.attrib.get("href", ""))
            if url and self._is_of_day(url):
                entries.append(Entry(url, link_title(link), self._day.isoformat()))
        return Leaf(tuple(entries), self.onward())

    def onward(self) -> Request | None:
        """The next page of the plan."""
        return Request(self._plan.pop(0), referer=self.address) if self._plan else None

    def _is_of_day(self, url: str) -> bool:
        """Issues link the one before and the one behind by the same names of files, in folders of other days."""
        day = date_in_address(url)
        return day is None or day == self._day or date_in_address(self.address) is None

    def _move(self, content: str, base: str) -> Leaf:
        """The entry page of many papers only sends the reader on to the first page."""
        self._moved = True
        target = refresh_target(content)
        url = resolve_link(base, target) if target else None
        if url is None:
            raise ListError(f"expected the first page of the issue, found a refresh to {content!r:.100}")
        return Leaf((), Request(url))
