"""Markdown: articles to read and to quote, each with its medium, date, place and link."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from flows.export.plan import Plan
from models.listing import Listed
from models.records import Precision
from models.search.days import CHINA
from models.tables import storable

__all__ = ["escape", "link", "write"]

# What Markdown or the HTML within it could take for more than text.
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$=:@^])")
# At the beginning of a line four spaces or a tab make a block of code.
_LEADING = re.compile(r"^[ \t]+")


def write(plan: Plan, file: Path) -> int:
    rows = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# {escape(plan.title)}\n\n{plan.now.astimezone(CHINA):%Y-%m-%d %H:%M}\n")
        for article in plan.articles():
            out.write(f"\n{section(article)}")
            rows += 1
    return rows


def section(article: Listed) -> str:
    lines = [f"## {escape(article.title or '（无标题）')}", "", byline(article)]
    lines += [part for line in article.text.split("\n") for part in ("", escape(line))]
    return "\n".join(lines) + "\n"


def byline(article: Listed) -> str:
    parts = [article.medium, day(article), article.region, "、".join(article.authors)]
    told = [escape(part) for part in parts if part]
    told += [f"转载 {article.reprints}"] if article.reprints else []
    return " · ".join([*told, link("原文", article.url)])


def day(article: Listed) -> str:
    moment: datetime | None = article.published_at
    if moment is None:
        return ""
    return f"{moment:%Y-%m-%d}" if article.published_precision == Precision.DAY else f"{moment:%Y-%m-%d %H:%M}"


def link(text: str, url: str) -> str:
    """A link to the web; any other address is only shown."""
    if not url.startswith(("http://", "https://")):
        return escape(url)
    # What ends a link, or begins another thing, goes into the address as its code.
    return f"[{escape(text)}](<{quote(storable(url), safe=_IN_ADDRESS)}>)"


_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"


def escape(text: str) -> str:
    """``text`` on one line, as nothing but text."""
    flat = _LEADING.sub("", " ".join(storable(text).splitlines()))
    return _MARKS.sub(r"\\\1", flat)
