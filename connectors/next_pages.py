"""Where a list goes on: the call of a script, a link that says so, a row of numbers, a button that loads more."""

from __future__ import annotations

import itertools
import re
from typing import Any
from urllib.parse import urljoin

from parsel import Selector

from connectors.declaration import Pagination
from connectors.list_entries import link_address
from connectors.urls import resolve_link

__all__ = [
    "find_more_button",
    "find_refresh",
    "first_address",
    "next_by_link",
    "next_by_number",
    "next_by_script",
    "numbered_address",
    "refresh_target",
]

_NEXT_TEXT = re.compile(
    r"^[\s\[【(（<《|]*"
    r"(?:下一页|下页|后一页|后页|下一頁|(?:较早|更早|较旧|以前)的(?:文章|内容|新闻)|next(?: page)?|older(?: posts)?"
    r"|>|»|›|&gt;)"
    r"[\s>»›→\])】）》|]*$",
    re.IGNORECASE,
)
MOST_NUMBERED = 200  # the row of numbers shows; larger ones are years and counts
_CURRENT = re.compile(r"cur|active|\bon\b|this", re.IGNORECASE)
_MORE = re.compile(r"更多|more", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\"\s>]+)", re.IGNORECASE)
# TRS: (total, current from 0, "index", "html"); newer: ("box", total, current from 1, "name", "ext", rows)
_TRS_CALL = re.compile(
    r"""createPageHTML\w{0,20}\(\s*(?:(?P<box>['"][^'"]*['"])\s*,\s*)?(?P<total>\d{1,6})\s*,\s*(?P<current>\d{1,6})\s*,"""
    r"""\s*['"](?P<name>[^'"]{1,80})['"]\s*,\s*['"](?P<ext>\w{1,8})['"]"""
)
_PAGE_NUMBER = re.compile(r"第?\s*\d{1,3}\s*页?(?:\s*/\s*\d{1,3}\s*页?)?")
MOST_BOXES = 10  # of one page; friends' links stand in boxes too
_BRACKETS = "[]【】 \xa0\r\n\t"
MOST_PIECES = 5  # of text in a link that is a number


def numbered_address(style: Pagination, first: str, number: int) -> str:
    """Address of the page after page ``number`` (1 = first)."""
    at = style.second + (number - 1) * style.step
    return urljoin(first, (style.pattern or "").replace("{n}", str(at)))


def next_by_script(text: str, base: str) -> str | None:
    """The page after this one as the page's own call of createPageHTML would link it."""
    call = _TRS_CALL.search(text)
    if call is None:
        return None
    total, current = int(call["total"]), int(call["current"])
    following = current + 1
    # With a box first, pages count from 1 and page n is name_n; without, from 0 and page n is name_(n-1).
    last = total if call["box"] else total - 1
    return urljoin(base, f"{call['name']}_{following}.{call['ext']}") if following <= last else None


def next_by_link(page: Selector, base: str) -> str | None:
    """The link that says 下一页 or is marked rel=next."""
    marked = first_address(page.css("link[rel~=next], a[rel~=next]"), base)
    if marked:
        return marked
    said = [
        link
        for link in page.css("a[href], a[onclick], a[data-url]")
        if _NEXT_TEXT.match("".join(link.xpath(".//text()").getall()))
    ]
    titled = page.xpath("//a[@href][contains(@title, '下一页') or contains(@class, 'next')]")
    titled += page.xpath("//*[self::li or self::span][@class='next' or contains(@class, 'next ')]/a[@href]")
    return first_address([*said, *titled], base) or next_by_number(page, base) or next_by_choice(page, base)


def next_by_choice(page: Selector, base: str) -> str | None:
    """The page behind the one chosen in a box of pages, each with its address: <option value="list.asp?page=2">."""
    for box in page.css("select")[:MOST_BOXES]:
        options = box.css("option[value]")[:MOST_NUMBERED]
        numbers = [_PAGE_NUMBER.fullmatch("".join(option.root.itertext()).strip()) for option in options]
        addresses = [resolve_link(base, option.attrib["value"]) for option in options]
        if len(options) < 2 or not all(numbers) or any(option.attrib["value"].isdecimal() for option in options):
            continue
        chosen = [at for at, option in enumerate(options) if "selected" in option.attrib]
        chosen += [at for at, address in enumerate(addresses) if address == base]
        return next(iter(addresses[(chosen or [0])[0] + 1 :]), None)
    return None


def next_by_number(page: Selector, base: str) -> str | None:
    """The number after that of this page, where a row of numbers is all there is: 1 [2] [3], the first no link."""
    for link in page.css("a[href]"):
        number = _number(link.root)
        if number.isdecimal() and 2 <= int(number) <= MOST_NUMBERED and _follows_its_number(link.root, int(number) - 1):
            url = first_address([link], base)
            if url:
                return url
    return None


def _follows_its_number(link: Any, current: int) -> bool:
    """Whether right before the link stands the number before it, not as a link, or marked as the page shown."""
    parent = link.getparent()
    if link.getprevious() is None and parent is not None and (written := (parent.text or "").strip(_BRACKETS)):
        return written == str(current)
    if link.getprevious() is not None and (written := (link.getprevious().tail or "").strip(_BRACKETS)):
        return written == str(current)
    node = parent if link.getprevious() is None and parent is not None and len(parent) == 1 else link
    before = node.getprevious()
    # Days of a calendar stand in cells.
    if before is None or not isinstance(before.tag, str) or before.tag == "td" or _number(before) != str(current):
        return False
    is_link = before.get("href") or before.find(".//a[@href]") is not None
    return not is_link or bool(_CURRENT.search(before.get("class") or ""))


def _number(node: Any) -> str:
    return "".join(itertools.islice(node.itertext(), MOST_PIECES)).strip(_BRACKETS)


def find_more_button(page: Selector) -> str | None:
    """A selector of the button that loads more and keeps the address of the next page in an attribute."""
    for button in page.css("[data-url], [data-href]"):
        names = (button.attrib.get("class") or "").split()
        if _MORE.search("".join(button.root.itertext())) and names and _NAME.fullmatch(names[0]):
            return f"{button.root.tag}.{names[0]}"
    return None


def find_refresh(page: Selector) -> str | None:
    """What a page that refreshes says of it: "0; url=html/2026-11/20/node_1.htm"."""
    return page.xpath("//meta[translate(@http-equiv,'REFSH','refsh')='refresh']/@content").get()


def refresh_target(refresh: str) -> str | None:
    """The address in what a page says of its refresh, as written; None if it only loads itself again."""
    found = _REFRESH.search(refresh)
    return found[1] if found else None


def first_address(links: list[Selector], base: str) -> str | None:
    for link in links:
        url = link_address(link, base)
        if url is not None and url != base:
            return url
    return None
