"""Read medium and date from the data that a page hands to its scripts: {"title": …, "source": "南山日报", …}."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from cleaning.byline_media import clean_medium
from cleaning.dates import Moment, read_epoch, read_meta_date
from cleaning.extract.page import Page
from cleaning.titles import fold_title

__all__ = ["Handed", "find_title_in", "read_handed", "unescape"]

NEAR = 3000  # characters around the title: the fields of one article stand together, lists of others behind them
_KEY = r"""["']?(?P<key>{})["']?\s{{0,4}}[:=]\s{{0,4}}"""
_TITLE = re.compile(_KEY.format("title|headline|newsTitle|articleTitle") + r"""["'](?P<value>[^"'<>]{4,400})["']""")
_MEDIUM = re.compile(
    _KEY.format(
        "source|media|mediaName|media_name|sourceName|source_name|newsSource|docSource|articleSource|copyfrom|copyFrom|"
        "origin|originName|laiyuan|fromName|contentSource"
    )
    + r"""["'](?P<value>[^"'<>{}]{2,120})["']"""
)
_DATE = re.compile(
    _KEY.format(
        "publishTime|publish_time|pubTime|pubtime|pub_time|publishDate|publish_date|pubDate|newsTime|releaseTime|"
        "release_time|publishedAt|published_at|issueTime|docRelTime"
    )
    + r"""["']?(?P<value>\d[\dTZ:.+/ \-]{7,40})"""
)


@dataclass(frozen=True, slots=True)
class Handed:
    """What scripts are told of the article; None where nothing."""

    medium: str | None = None
    published: Moment | None = None


def read_handed(page: Page, title: str | None) -> Handed:
    """The fields beside the article's own title in the first script that holds it; nothing without a title."""
    folded = fold_title(title or "")
    if len(folded) < 4:
        return Handed()
    for kind, text in page.scripts:
        if "ld+json" in kind:
            continue
        at = _find_title(text, folded)
        if at is None:
            continue
        first, last = _object_around(text, at)
        found = Handed(_nearest_medium(text[first:last], at - first), _nearest_date(text[first:last], at - first))
        if found.medium or found.published:
            return found
    return Handed()


NEAR_NOTHING = 40  # characters; a script of less holds no article


def find_title_in(text: str, title: str | None) -> int | None:
    """Where a script names the title of the article; None without a title of four characters."""
    folded = fold_title(title or "")
    return _find_title(text, folded) if len(folded) >= 4 else None


def _find_title(text: str, folded: str) -> int | None:
    if len(text) < NEAR_NOTHING:
        return None
    for match in _TITLE.finditer(text):
        if fold_title(unescape(match["value"])) == folded:
            return match.start()
    return None


def _object_around(text: str, at: int) -> tuple[int, int]:
    """From the brace that opens the object of the title to the one that closes it, as far as they are near."""
    first, last = max(0, at - NEAR), min(len(text), at + NEAR)
    depth = 0
    for brace in reversed([*_BRACE.finditer(text, first, at)]):
        depth += 1 if brace[0] == "}" else -1
        if depth < 0:
            first = brace.start()
            break
    depth = 0
    for brace in _BRACE.finditer(text, at, last):
        depth += 1 if brace[0] == "{" else -1
        if depth < 0:
            return first, brace.end()
    return first, last


_BRACE = re.compile(r"[{}]")


def unescape(value: str) -> str:
    """What stands between the quotes of a script, without its escapes; as it is where they are broken."""
    if "\\" not in value:
        return value
    try:
        return str(json.loads(f'"{value}"'))
    except ValueError:
        return value


def _nearest_medium(text: str, at: int) -> str | None:
    found = ((abs(m.start() - at), clean_medium(unescape(m["value"]))) for m in _MEDIUM.finditer(text))
    names = sorted((distance, name) for distance, name in found if name and re.search(r"[\u4e00-\u9fff]", name))
    return names[0][1] if names and len(names[0][1]) <= LONGEST else None


LONGEST = 24  # characters of the name of a medium


def _nearest_date(text: str, at: int) -> Moment | None:
    found = ((abs(m.start() - at), _read_date(m["value"])) for m in _DATE.finditer(text))
    dates = sorted(((distance, moment) for distance, moment in found if moment), key=lambda pair: pair[0])
    return dates[0][1] if dates else None


def _read_date(value: str) -> Moment | None:
    value = value.strip()
    return read_epoch(value) or read_meta_date(value)
