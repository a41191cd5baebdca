"""An issue of an electronic newspaper: its address holds the day, its pages name each other and their articles."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector

from connectors.list_entries import link_title
from connectors.urls import resolve_link
from connectors.walk import Entry

__all__ = ["find_issue"]

FEWEST_ARTICLES = 3  # of one page of an issue
_DAY = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<a>[-/]?)(?P<m>0[1-9]|1[0-2])(?P<b>[-/]?)(?P<d>0[1-9]|[12]\d|3[01])(?=/)")
_FILE = re.compile(r"(?P<stem>[A-Za-z][A-Za-z_.]*?[_.]?)[A-Z]?\d+[\w-]*\.\w{2,5}")


def find_issue(page: Selector, base: str, url: str) -> tuple[dict[str, Any], tuple[Entry, ...]] | None:
    """Settings of a newspaper and the articles of this page, if it is a page of an issue."""
    day = _DAY.search(urlsplit(url).path)
    own = _file_of(url)
    if day is None or own is None:
        return None
    links = [(resolve_link(base, link.attrib.get("href", "")), link) for link in page.css("a[href]")]
    of_day = [(found, link) for found, link in links if found and day.group() in found]
    pages = {found for found, _ in of_day if _file_of(found) == own}
    stems = Counter(_file_of(found) for found in {found for found, _ in of_day} if _file_of(found) != own)
    stems.pop(None, None)
    if not stems or len(pages) < 2 or max(stems.values()) < FEWEST_ARTICLES:
        return None
    stem = str(stems.most_common(1)[0][0])
    layout = {
        "issue": _with_day(url, day),
        "pages": f'a[href*="{own}"]',
        "articles": f'a[href*="{stem}"]',
    }
    return {"kind": "epaper", "layouts": [layout]}, _entries(
        [(f, one) for f, one in of_day if _file_of(f) == stem], day
    )


def _file_of(url: str | None) -> str | None:
    """The part of a file's name that all files of its sort share: node_ of node_02.html."""
    found = _FILE.fullmatch(urlsplit(url or "").path.rpartition("/")[2])
    return found["stem"] if found and len(found["stem"]) >= 3 else None


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
