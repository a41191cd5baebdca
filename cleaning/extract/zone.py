"""The lines around an article that say who made it: under the title, and behind the last paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from cleaning.byline import Byline, parse_byline
from cleaning.dates import Moment
from cleaning.extract.lines import Line
from cleaning.titles import fold_title
from models.records import Credit

__all__ = ["Zone", "read_tail", "read_zone", "zone_lines"]

BEFORE = 40  # lines above the article that are looked at: title, kicker, byline, sharing buttons, font sizes
BEHIND = 25  # lines below it: 责编, sharing, disclaimers
_LABEL_ONLY = re.compile(
    r"(?:来\s*源|來\s*源|作\s*者|责任编辑|責任編輯|责编|编辑|编\s*辑|發佈時間|发布时间|发布日期|日期|时间|记者|稿源|文章来源|信息来源)\s*[:：|｜]?\s*$"
)


class Zone:
    """What the lines of one zone say, the first line that says something wins."""

    def __init__(self) -> None:
        self.medium: tuple[str, str] | None = None  # value, line
        self.authors: tuple[tuple[str, ...], str] | None = None
        self.editors: tuple[tuple[str, ...], str] | None = None
        self.published: tuple[Moment, str] | None = None
        self.clicks: int | None = None
        self.newspaper_page: tuple[str, str] | None = None
        self.credits: list[Credit] = []
        self.read: list[str] = []

    def take(self, byline: Byline, line: str, not_after: datetime | None) -> None:
        self.read.append(line)
        self.medium = self.medium or ((byline.medium, line) if byline.medium else None)
        self.authors = self.authors or ((byline.authors, line) if byline.authors else None)
        self.editors = self.editors or ((byline.editors, line) if byline.editors else None)
        if self.published is None and byline.published and not byline.published.is_after(not_after):
            self.published = (byline.published, line)
        if byline.clicks is not None and self.clicks is None:
            self.clicks = byline.clicks
        if byline.newspaper_page and self.newspaper_page is None:
            self.newspaper_page = (byline.newspaper_page, line)
        self.credits.extend(c for c in byline.credits if c not in self.credits)


def zone_lines(lines: Sequence[Line], first: int, head: Sequence[str], title: str | None) -> list[str]:
    """The lines between the title and the article. Without a title on the page, a few lines above the article."""
    above = [line.text for line in lines[max(0, first - BEFORE) : first] if line.text and not line.hidden]
    folded = fold_title(title or "")
    everything = [*above, *head]
    for number in range(len(everything) - 1, -1, -1):
        if folded and fold_title(everything[number]).startswith(folded):
            return everything[number:]
    return everything[-12:]


def read_zone(lines: Sequence[str], not_after: datetime | None) -> Zone:
    """Parse the lines under a title. Labels that stand in a line of their own take the next line."""
    zone = Zone()
    for line in _joined(lines):
        byline = parse_byline(line)
        if not byline.is_empty:
            zone.take(byline, line, not_after)
    return zone


def _joined(lines: Sequence[str]) -> list[str]:
    done: list[str] = []
    for line in lines:
        if done and len(done[-1]) <= 60 and _LABEL_ONLY.search(done[-1]):
            done[-1] = f"{done[-1]} {line}"
        else:
            done.append(line)
    return done


def read_tail(lines: Sequence[str]) -> Zone:
    """Parse the lines behind an article. Dates there belong to other stories: they are not read."""
    zone = Zone()
    for line in _joined([line for line in lines[:BEHIND] if line]):
        byline = parse_byline(line)
        if byline.labels and (byline.editors or byline.medium or byline.authors):
            zone.take(byline, line, None)
    zone.published = None
    return zone
