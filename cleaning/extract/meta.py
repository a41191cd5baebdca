"""What a page says of itself in meta tags, JSON-LD and property blocks, with the traps of each known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cleaning.byline_media import clean_medium
from cleaning.byline_names import split_names
from cleaning.dates import Moment, read_epoch, read_meta_date
from cleaning.extract.page import Page
from cleaning.titles import clean_title

__all__ = ["Stated", "read_meta"]

# 国办发〔2017〕47号: meta tags of government sites. One of these makes the others believable.
_GOVERNMENT = frozenset({"sitename", "siteidcode", "columnname", "articletitle", "sitedomain", "columntype"})
_TITLES = ("articletitle", "og:title", "twitter:title")
_PAGE_DATES = (
    "article:published_time", "og:release_date", "publishdate", "og:published_time", "datepublished", "pubdate",
    "apub:time", "weibo:article:create_at", "bytedance:published_time", "article:create_time", "date", "dc.date",
    "firstpublishedtime", "publish_date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_JSON_DEPTH = 6  # nesting of JSON-LD that is followed; real ones have up to four


@dataclass(frozen=True, slots=True)
class Stated:
    """Fields as machines wrote them; every one may be wrong, so each is used only where nothing printed says better."""

    titles: tuple[str, ...] = ()
    government_date: Moment | None = None
    page_date: Moment | None = None
    government_medium: str | None = None
    medium: str | None = None
    site: str | None = None
    author: str | None = None
    keywords: tuple[str, ...] = ()
    property_medium: str | None = None  # of a 方正 property block: the newspaper itself
    property_page: str | None = None
    kicker: str | None = None
    subtitle: str | None = None


def read_meta(page: Page) -> Stated:
    """All that the page states of itself, from the parsed tree alone."""
    metas = page.metas
    government = bool(_GOVERNMENT & metas.keys())
    linked = next(_json_articles(page), {})
    block = _property_block(page.markup)
    author = block.get("author") or _name_in(linked.get("author"))
    return Stated(
        titles=_titles(metas, linked, block),
        government_date=read_meta_date(metas.get("pubdate", "")) if government else None,
        page_date=_page_date(metas, linked, page, block),
        government_medium=clean_medium(metas.get("contentsource", "")) if government else None,
        medium=_medium(metas) or clean_medium(block.get("sourcename", "")),
        site=_site(metas),
        author=author if author and split_names(author)[0] else None,
        keywords=_keywords(metas, government),
        property_medium=clean_medium(block.get("papername", "")),
        property_page=_page_of(block),
        kicker=block.get("introtitle"),
        subtitle=block.get("subtitle"),
    )


_PAGE = re.compile(r"(?:第\s?)?[A-Z]{0,2}\d{1,3}\s?版(?=$|[\s:：、·\-—（(])")
_PAGE_NUMBER = re.compile(r"[A-Z]{0,2}\d{1,3}")


def _page_of(block: Mapping[str, str]) -> str | None:
    """The page of the paper; on a site, the name of the node is that of a column: 党建要闻."""
    number = block.get("pagenum", "")
    if _PAGE_NUMBER.fullmatch(number):
        return f"{number}版"
    return next((value for value in (number, block.get("nodename", "")) if _PAGE.match(value)), None)


def _titles(metas: Mapping[str, str], linked: Mapping[str, object], block: Mapping[str, str]) -> tuple[str, ...]:
    headline = linked.get("headline")
    found = [
        block.get("title", ""),
        *(metas.get(name, "") for name in _TITLES),
        headline if isinstance(headline, str) else "",
    ]
    return tuple(dict.fromkeys(clean_title(t) for t in found if t and len(t) < 2000))


def _page_date(
    metas: Mapping[str, str], linked: Mapping[str, object], page: Page, block: Mapping[str, str]
) -> Moment | None:
    printed = [block.get("date", ""), *(metas.get(name, "") for name in _PAGE_DATES), linked.get("datePublished")]
    for value in printed:
        moment = read_meta_date(value) if isinstance(value, str) and value else None
        if moment is not None:
            return moment
    return _time_element(page) or _script_date(page)


def _time_element(page: Page) -> Moment | None:
    """The first <time datetime> outside of lists: its text may say no more than 5月20日 or 一小时前."""
    for element in page.root.iter("time"):
        if not any(a.tag in ("li", "aside", "nav", "footer") for a in element.iterancestors()):
            return read_meta_date(element.get("datetime") or "")
    return None


_VAR_CT = re.compile(r"var\s+ct\s*[=:]")
_CT = re.compile(r"""\b(?:var\s+ct|oriCreateTime|createTime)\s*[=:]\s*["'](\d{10}|\d{4}-\d\d-\d\d \d\d:\d\d)["']""")


def _script_date(page: Page) -> Moment | None:
    """WeChat prints its date by script only: var ct = "1646954732"."""
    for _, text in page.scripts:
        match = _CT.search(text) if "reateTime" in text or _VAR_CT.search(text) else None
        if match:
            return read_epoch(match[1]) or read_meta_date(match[1])
    return None


def _medium(metas: Mapping[str, str]) -> str | None:
    for name in ("source", "mediaid", "contentsource", "article:source", "og:article:source"):
        medium = clean_medium(metas.get(name, ""))
        if medium:
            return medium
    return None


def _site(metas: Mapping[str, str]) -> str | None:
    for name in ("sitename", "og:site_name", "application-name"):
        site = metas.get(name)
        if site and len(site) <= 30:
            return site
    return None


def _keywords(metas: Mapping[str, str], government: bool) -> tuple[str, ...]:
    # News sites fill keywords with the words of the site, the same on every page.
    words = re.split(r"[;；,，、 ]+", metas.get("keywords", "")) if government else []
    return tuple(dict.fromkeys(w for w in words if 2 <= len(w) <= 12))[:20]


def _name_in(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") if value.get("@type") in ("Person", None) else None
    return value.strip() if isinstance(value, str) else None


def _json_articles(page: Page) -> Iterator[Mapping[str, object]]:
    for kind, text in page.scripts:
        if "ld+json" in kind:
            try:
                yield from _articles_in(json.loads(text.strip().rstrip(";"), strict=False), 0)
            except (ValueError, RecursionError):
                continue


def _articles_in(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > _JSON_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _articles_in(item, depth + 1)
    elif isinstance(value, dict):
        if "datePublished" in value or "headline" in value:
            yield value
        for item in value.values():
            if isinstance(item, (dict, list)):
                yield from _articles_in(item, depth + 1)


_PROPERTY_START = re.compile(r"<!--\s{0,9}enpproperty")
_PROPERTY_END = re.compile(r"/?enpproperty\s{0,9}-->")
LONGEST_BLOCK = 4000  # characters of a property block; a start without an end is looked at no further
_PROPERTY = re.compile(r"<(\w{2,20})>([^<>]{0,400})</\1>")
_FOUNDER = re.compile(r"<founder-(date|pagenum|papername|title|author|introtitle|subtitle)\s*>([^<>]{1,300})<")


def _property_block(markup: str) -> dict[str, str]:
    """方正 prints title, date, author and page of an article ready-made, in a comment or in tags of its own."""
    found = {name.lower(): value.strip() for name, value in _FOUNDER.findall(markup)} if "<founder-" in markup else {}
    if "enpproperty" in markup and (start := _PROPERTY_START.search(markup)):
        block = _PROPERTY_END.split(markup[start.end() : start.end() + LONGEST_BLOCK], maxsplit=1)
        inside = block[0] if len(block) == 2 else ""
        found |= {name.lower(): value.strip() for name, value in _PROPERTY.findall(inside)}
    return {name: value for name, value in found.items() if value}
