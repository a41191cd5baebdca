"""The further pages of an article that a site cut into several: ``_1.html``, ``-2.html``, ``?page=2``.

Only addresses that are the article's own with a number added count, so that a neighbour (下一篇) is never taken for a
next page (下一页).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

__all__ = ["MOST_PAGES", "find_further_pages", "may_have_further_pages"]

# The longest speeches and reports seen are cut into a dozen pages; more is a trap.
MOST_PAGES = 20

# No "<" inside: text without a closing ">" is then left after a few characters, whatever its length.
ANCHOR = re.compile(r"<a\b([^<>]{0,1000})>", re.I)
HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s]{1,800})""", re.I)
ANCHOR_END = re.compile(r"</a>", re.I)
LONGEST_LABEL = 200  # characters of markup between <a> and </a>
# A pager's own words: a number in any brackets, or a word for the next page.
LABEL = re.compile(r"^[\[【(（<《]*(?:第?\s*\d{1,2}\s*页?|下一页|下页|后一页|尾页|末页|next|>+|»)[\]】)）>》]*$", re.I)
TAG = re.compile(r"<[^>]*>|&nbsp;|&#160;|\s")
# TRS: createPageHTML(3, 0, "t20240424_1", "html"); total, current, name, ending.
TRS_PAGER = re.compile(
    r"""createPageHTML\w{0,20}\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*["']([^"']{1,200})["']\s*,\s*["'](\w{1,6})["']"""
)
# For bytes in small letters whose charset is not known yet.
NUMBER_ADDED = re.compile(rb"[_-]\d{1,2}\b")
PAGE_IN_QUERY = re.compile(rb"page\w{0,5}=\d")
QUERY_BEFORE = re.compile(rb"[?&;]\w{0,8}\Z")
MOST_MENTIONS = 1000  # of its own name in a page
PAGE_KEYS = frozenset({"page", "p", "pageno", "pagenum", "currentpage", "pageindex"})
FILE = re.compile(r"(?P<stem>.*?)(?P<ending>\.[a-z]{2,6})?", re.I)


def may_have_further_pages(body: bytes, url: str) -> bool:
    """Whether the bytes name anything like a further page at all; spares nearly all articles the decoding."""
    low = body.lower()
    stem = _split_file(url)[0].lower().encode()
    said = b"page" in low and (b"createpagehtml" in low or _has_page_in_query(low))
    return said or _has_number_added(low, stem)


def _has_number_added(low: bytes, stem: bytes) -> bool:
    # find() and not a pattern: each address would need one of its own, and compiling it costs more than the search.
    if not stem:
        return NUMBER_ADDED.search(low) is not None
    at = -1
    for _ in range(MOST_MENTIONS):
        at = low.find(stem, at + 1)
        if at < 0:
            return False
        if NUMBER_ADDED.match(low, at + len(stem)):
            return True
    return True  # worth a closer look


def _has_page_in_query(low: bytes) -> bool:
    found = PAGE_IN_QUERY.finditer(low)
    return any(QUERY_BEFORE.search(low, max(0, match.start() - 9), match.start()) for match in found)


def find_further_pages(html: str, url: str, most: int = MOST_PAGES - 1) -> tuple[str, ...]:
    """Addresses of pages 2, 3 … that this page names, in order, at most ``most``."""
    found: dict[int, str] = {}
    for number, address in (*_from_script(html, url), *_from_links(html, url)):
        found.setdefault(number, address)
    return tuple(found[n] for n in sorted(found))[:most]


def _from_script(html: str, url: str) -> Iterator[tuple[int, str]]:
    """A script that would write the pager names the file, and says how many pages there are."""
    stem, _ = _split_file(url)
    for total, current, name, ending in TRS_PAGER.findall(html):
        if name == stem and current == "0":
            for number in range(1, min(int(total), MOST_PAGES + 1)):
                yield number + 1, urljoin(url, f"{name}_{number}.{ending}")


def _from_links(html: str, url: str) -> Iterator[tuple[int, str]]:
    for match in ANCHOR.finditer(html):
        href = HREF.search(match.group(1))
        end = ANCHOR_END.search(html, match.end(), match.end() + LONGEST_LABEL)
        if href is None or end is None or not LABEL.match(TAG.sub("", html[match.end() : end.start()])):
            continue
        address = urldefrag(urljoin(url, href.group(1).replace("&amp;", "&"))).url
        if (number := _number_of(address, url)) is not None:
            yield number, address


def _number_of(address: str, url: str) -> int | None:
    """Which page of the article at ``url`` the address is; None for any other address."""
    there, here = urlsplit(address), urlsplit(url)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        return None
    if there.path == here.path:
        return _number_in_query(there.query, here.query)
    folder, file = there.path.rsplit("/", 1)
    own_folder, own_file = here.path.rsplit("/", 1) if "/" in here.path else ("", "")
    stem, ending = _split_file(url)
    match = re.fullmatch(rf"{re.escape(stem)}[_-](\d{{1,2}}){re.escape(ending)}", file)
    if folder != own_folder or not own_file or match is None or there.query != here.query:
        return None
    # TRS counts from 0: _1 is the second page; the dash and most others count from 1. Both orders are right.
    return int(match.group(1)) + (1 if "_" in file[len(stem) : len(stem) + 1] else 0)


def _number_in_query(there: str, here: str) -> int | None:
    """Page number of ``?id=5&page=2`` beside ``?id=5``."""
    more, own = dict(parse_qsl(there)), dict(parse_qsl(here))
    keys = [k for k in more if k.lower() in PAGE_KEYS and more[k].isdigit()]
    if len(keys) != 1 or {k: v for k, v in more.items() if k != keys[0]} != {
        k: v for k, v in own.items() if k != keys[0]
    }:
        return None
    number = int(more[keys[0]])
    return number if 2 <= number <= MOST_PAGES + 1 else None


def _split_file(url: str) -> tuple[str, str]:
    """Stem and ending of the file that a URL names: ("t20240424_1", ".html")."""
    file = urlsplit(url).path.rsplit("/", 1)[-1]
    match = FILE.fullmatch(file)
    return (match["stem"], match["ending"] or "") if match else (file, "")
