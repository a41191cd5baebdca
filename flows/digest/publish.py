"""Print a digest: a Markdown and an HTML file, and a message to those who want it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.digest.edition import Edition
from flows.digest.gather import gather, span_of
from flows.digest.render import title_of, to_html, to_markdown, to_text
from flows.notify import Message
from flows.report import CHINA
from flows.settings import Settings
from models.news import News

__all__ = ["Printed", "message_of", "print_digest"]


@dataclass(frozen=True, slots=True)
class Printed:
    edition: Edition
    markdown: str
    html: str
    files: tuple[Path, ...]


def print_digest(
    settings: Settings,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    names: Mapping[str, str] | None = None,
) -> Printed:
    """Gather, render, and write ``data/digests/2026-11-22.html`` and ``.md``. The same day's is replaced."""
    news = News.open(settings.database)
    try:
        start, end = span_of(news, now)
        edition = gather(news, since or start, until or end, web_url=settings.web_url, names=names)
    finally:
        news.close()
    markdown, html = to_markdown(edition), to_html(edition, settings.web_url)
    folder = settings.digests_dir
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{edition.until.astimezone(CHINA):%Y-%m-%d}"
    files = (write(stem.with_suffix(".html"), html), write(stem.with_suffix(".md"), markdown))
    return Printed(edition, markdown, html, files)


def write(path: Path, text: str) -> Path:
    """All of it or nothing: a reader may open the file at any moment."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(text, "utf-8", errors="replace")
    part.replace(path)
    return path


def message_of(printed: Printed, settings: Settings) -> Message:
    return Message(title_of(printed.edition), to_text(printed.edition, settings.web_url), printed.html)
