"""An issue of an electronic newspaper: its address holds the day, its pages name each other and their articles."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector

from connectors.list_entries import link_title
from connectors.probe_tree import shape_by_numbers
from connectors.urls import resolve_link
from connectors.walk import Entry

__all__ = ["find_issue"]

FEWEST_ARTICLES = 3  # of one page of an issue
_DAY = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<a>[-/]?)(?P<m>0[1-9]|1[0-2])(?P<b>[-/]?)(?P<d>0[1-9]|[12]\d|3[01])(?=/)")
_FILE = re.compile(r"(?P<stem>(?:[A-Za-z][A-Za-z_.]*?[_.]?)?)[A-Z]?\d+[\w-]*\.\w{2,5}")
_NO_PAGE = re.compile(r"\.(?:pdf|jpe?g|png|gif|zip|rar|mp[34])(?:$|\?)", re.IGNORECASE)
LONG_ENOUGH = 3  # characters that files of a sort share, to select them by


def find_issue(page: Selector, base: str, url: str) -> tuple[dict[str, Any], tuple[Entry, ...]] | None:
    """Settings of a newspaper and the articles of this page, if it is a page of an issue."""
    day = _DAY.search(urlsplit(url).path)
    own = _file_of(url)
    if day is None or not own:
        return None
    links = [(resolve_link(base, link.attrib.get("href", "")), link) for link in page.css("a[href]")]
    of_day = [(found, link) for found, link in links if found and day.group() in found and not _NO_PAGE.search(found)]
    pages = {found for found, _ in of_day if _file_of(found) == own}
    sorts: dict[str, list[tuple[str, Selector]]] = defaultdict(list)
    for found, link in of_day:
        if (sort := _file_of(found)) is not None and sort != own:
            sorts[sort].append((found, link))
    entries = {sort: _entries(some, day) for sort, some in sorts.items()}
    # Articles have titles; what else stands in the folder of the day has names.
    best = max(entries, key=lambda sort: sum(len(entry.title or "") for entry in entries[sort]), default=None)
    if best is None or len(pages) < 2 or len(entries[best]) < FEWEST_ARTICLES:
        return None
    layout = {"issue": _with_day(url, day), "pages": _links_to(own), "articles": _links_to(best)}
    accept = {"accept": [shape_by_numbers(entries[best][0].url)]} if len(best) < LONG_ENOUGH else {}
    return {"kind": "epaper", "layouts": [layout], **accept}, entries[best]


def _links_to(sort: str) -> str:
    """A selector of links to such files. Short names occur in others: where they begin a name they do not."""
    if len(sort) >= LONG_ENOUGH:
        return f'a[href*="{sort}"]'
    return f'a[href*="/{sort}"], a[href^="{sort}"]' if sort else "a[href]"


def _file_of(url: str | None) -> str | None:
    """What the names of all files of a sort share: node_ of node_02.html, va of va01.shtml, nothing of 251241.shtml."""
    found = _FILE.fullmatch(urlsplit(url or "").path.rpartition("/")[2])
    return found["stem"] if found else None


def _with_day(url: str, day: re.Match[str]) -> str:
    marked = f"%Y{day['a']}%m{day['b']}%d"
    return url.replace("%", "%%").replace(day.group(), marked)


def _entries(links: list[tuple[str, Selector]], day: re.Match[str]) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for url, link in links:
        title = link_title(link)
        if title and url not in found:
            found[url] = Entry(url, title, f"{day['y']}-{day['m']}-{day['d']}")
    return tuple(found.values())
