"""RSS 2.0 and Atom 1.0 of stories, for feed readers: valid XML whatever the articles say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from lxml import etree

from flows.export.plan import Plan
from models.listing import Listed
from models.search.days import CHINA
from models.tables import storable

__all__ = ["write_atom", "write_rss"]

ATOM = "http://www.w3.org/2005/Atom"
HOME = "https://dangjian.invalid/"  # a feed must name a site; ours is a file
LANGUAGE = "zh-cn"

# Characters that XML 1.0 can not hold in any form.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_atom(plan: Plan, file: Path) -> int:
    rows = 0
    with document(file) as xml, xml.element(f"{{{ATOM}}}feed", nsmap={None: ATOM}):
        put(xml, f"{{{ATOM}}}title", plan.title)
        put(xml, f"{{{ATOM}}}id", f"{HOME}feed")
        put(xml, f"{{{ATOM}}}updated", plan.now.isoformat())
        for article in plan.articles():
            with xml.element(f"{{{ATOM}}}entry"):
                for name, text, attributes in atom_entry(article):
                    put_atom(xml, name, text, attributes)
            rows += 1
    return rows


def atom_entry(article: Listed) -> Iterator[tuple[str, str, dict[str, str]]]:
    yield "title", heading(article), {}
    yield "id", identity(article), {}
    yield "updated", article.updated_at.isoformat(), {}
    yield "published", moment(article).isoformat(), {}
    yield "author", article.medium or article.platform or article.source, {}
    if is_web(article.url):
        yield "link", "", {"href": clean(article.url)}
    for topic in article.topics:
        yield "category", "", {"term": clean(topic)}
    yield "content", paragraphs(article), {"type": "html"}


def put_atom(xml: Any, name: str, text: str, attributes: dict[str, str]) -> None:
    if name != "author":
        put(xml, f"{{{ATOM}}}{name}", text, attributes)
        return
    with xml.element(f"{{{ATOM}}}author"):
        put(xml, f"{{{ATOM}}}name", text)


def write_rss(plan: Plan, file: Path) -> int:
    rows = 0
    with document(file) as xml, xml.element("rss", version="2.0"), xml.element("channel"):
        for name, text in (("title", plan.title), ("link", HOME), ("description", plan.title), ("language", LANGUAGE)):
            put(xml, name, text)
        put(xml, "lastBuildDate", format_datetime(plan.now.astimezone(CHINA)))
        for article in plan.articles():
            with xml.element("item"):
                for name, text, attributes in rss_item(article):
                    put(xml, name, text, attributes)
            rows += 1
    return rows


def rss_item(article: Listed) -> Iterator[tuple[str, str, dict[str, str]]]:
    yield "title", heading(article), {}
    if is_web(article.url):
        yield "link", article.url, {}
    yield "guid", identity(article), {"isPermaLink": "false"}
    yield "pubDate", format_datetime(moment(article).astimezone(CHINA)), {}
    for topic in article.topics:
        yield "category", topic, {}
    if article.medium and is_web(article.url):
        yield "source", article.medium, {"url": clean(article.url)}
    yield "description", paragraphs(article), {}


@contextmanager
def document(file: Path) -> Iterator[Any]:
    writer: AbstractContextManager[Any] = etree.xmlfile(str(file), encoding="utf-8")
    with writer as xml:
        xml.write_declaration()
        yield xml


def put(xml: Any, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    with xml.element(name, attributes or {}):
        xml.write(clean(text))


def clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", storable(text))


def heading(article: Listed) -> str:
    # Nowhere is a feed's title shown in lines.
    return " ".join((article.title or "（无标题）").split())


def identity(article: Listed) -> str:
    """Of the article, for good: the first half of its key."""
    return UUID(hex=article.key[:32]).urn


def moment(article: Listed) -> datetime:
    return article.published_at or article.first_seen_at


def paragraphs(article: Listed) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in article.text.split("\n") if line)


def is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))
