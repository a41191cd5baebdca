"""Decide every field of a draft: the most trustworthy place that says anything wins, and is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cleaning.byline import Byline, parse_byline
from cleaning.byline_media import clean_medium
from cleaning.byline_names import split_names
from cleaning.dates import Moment, date_in_url, find_date, read_hint
from cleaning.extract.families import Family
from cleaning.extract.meta import Stated
from cleaning.extract.named import Named
from cleaning.extract.page import Page
from cleaning.extract.script_data import read_handed
from cleaning.extract.select import select_text
from cleaning.extract.zone import Zone
from models.records import Credit, Found, Hints, Origin, Precision
from models.rules import ArticleRules

__all__ = ["Sources", "find_authors", "find_editors", "find_medium", "find_platform", "find_published"]

# 新华网 sets year, day and time in elements of their own: 202401/0610:02:03
_SPLIT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s{0,3}(\d\d)/(\d\d)(?=\s|\d\d:\d\d|$)")


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that may say something about one article."""

    page: Page
    rules: Sequence[ArticleRules]
    families: Sequence[Family]
    stated: Stated
    zone: Zone
    tail: Zone
    named: Named
    note: Byline | None  # cut off the last paragraph
    sheet: Moment | None  # the date as a calendar sheet beside the title
    hints: Hints
    not_after: datetime | None
    url: str
    title: str | None
    printed: str  # the lines around the text and its first and last ones: where makers are named


def find_published(s: Sources) -> tuple[Found[Moment], Moment] | None:
    """Source rule, byline, government meta, URL, feed or list, page meta; never of the future, never from the story."""
    for origin, moment, raw in _dates(s):
        if moment is not None and not moment.is_after(s.not_after):
            if moment.precision is Precision.DAY and (finer := _to_the_minute(s, moment)):
                return Found(finer, Origin.META, finer.raw), finer
            return Found(moment, origin, raw or moment.raw), moment
    return None


def _to_the_minute(s: Sources, day: Moment) -> Moment | None:
    """The same day with its time, as a meta tag or <time> gives it; one in UTC is often a local time mislabelled."""
    for stated in (s.stated.government_date, s.stated.page_date):
        if stated and stated.precision is not Precision.DAY and stated.value.date() == day.value.date():
            return None if _IN_UTC.search(stated.raw) or stated.is_after(s.not_after) else stated
    return None


_IN_UTC = re.compile(r"(?:Z|GMT|UTC|[+-]00:?00)$")


def _dates(s: Sources) -> Iterator[tuple[Origin, Moment | None, str]]:
    for origin, text in _selected(s, "published"):
        yield origin, find_date(_SPLIT_DATE.sub(r"\1/\2/\3", text), not_after=s.not_after), text[:120]
    if s.zone.published:
        yield Origin.BYLINE, s.zone.published[0], s.zone.published[1]
    if s.tail.published:
        yield Origin.TAIL, s.tail.published[0], s.tail.published[1]
    yield Origin.META, s.stated.government_date, ""
    yield Origin.URL, date_in_url(s.url), ""
    yield Origin.BYLINE, s.sheet, ""
    if s.hints.published:
        yield s.hints.published_origin, read_hint(s.hints.published, s.hints.listed_at), s.hints.published
    yield Origin.META, s.stated.page_date, ""
    yield Origin.SCRIPT_DATA, read_handed(s.page, s.title).published, ""


def find_medium(s: Sources) -> Found[str] | None:
    """来源: source rule, byline, government meta, page meta, the end of the text, feed; the rule's default last."""
    for origin, text in _selected(s, "medium"):
        medium = parse_byline(text).medium or _bare_medium(text)
        if medium:
            return Found(medium, origin, text[:120])
    if s.zone.medium and (s.zone.is_labelled or not s.tail.medium):
        found = None if s.zone.is_labelled else _labelled_at_end(s.printed)
        return found or Found(s.zone.medium[0], Origin.BYLINE, s.zone.medium[1])
    if s.tail.medium and s.zone.medium:  # 来源 behind the text before a bare name above it
        return Found(s.tail.medium[0], Origin.TAIL, s.tail.medium[1])
    itself = next((line for line in s.zone.read if _ITSELF.search(line)), None)
    platform = find_platform(s) if itself else None
    if itself and platform:
        return Found(platform.value, Origin.BYLINE, itself)
    for origin, value in (
        (Origin.BYLINE, s.named.medium),
        (Origin.META, s.stated.government_medium),
        (Origin.SCRIPT_DATA, s.stated.property_medium),
        (Origin.META, s.stated.medium),
        (Origin.TAIL, s.tail.medium[0] if s.tail.medium else None),
        (s.hints.published_origin, clean_medium(s.hints.medium or "")),
        (Origin.BYLINE, _supplier((*s.zone.credits, *s.tail.credits))),
        (Origin.RULE, next((r.medium_default for r in s.rules if r.medium_default), None)),
    ):
        if value:
            return Found(value, origin, value)
    handed = read_handed(s.page, s.title).medium
    if handed:
        return Found(handed, Origin.SCRIPT_DATA, handed)
    site = _site_beside_date(s)
    return Found(site, Origin.BYLINE, s.zone.published[1]) if site and s.zone.published else None


def _site_beside_date(s: Sources) -> str | None:
    """The name that <title> ends with, where the line of the date repeats it: an account that no ending shows."""
    if s.zone.published is None or not s.title:
        return None
    last = _LAST_PIECE.search(s.page.title_tag)
    for name in (last["name"] if last else "", s.stated.site or ""):
        if len(name) >= 3 and name not in s.title and not _IS_COLUMN.search(name) and name in s.zone.published[1]:
            return clean_medium(name)
    return None


_LAST_PIECE = re.compile(r"[_|｜丨\-—]\s?(?P<name>[\u4e00-\u9fff]{3,12})\s*$")
_IS_COLUMN = re.compile(r"^$|(?:频道|栏目|要闻|新闻|动态|时政|正文|详情|公告|专题)$")


def _labelled_at_end(printed: str) -> Found[str] | None:
    """来源 in one of the last lines of the text, which its author's name keeps in it."""
    for line in printed.splitlines()[-LAST:]:
        if _SAYS_SOURCE.match(line):
            byline = parse_byline(line)
            if byline.medium and byline.is_complete:
                return Found(byline.medium, Origin.TAIL, line)
    return None


LAST = 4  # lines at the end of what is printed: those of the text's edge
_SAYS_SOURCE = re.compile(r"[\[【（(]?(?:来源|來源|稿源|文章来源)\s?[:：]")


def _supplier(credits: Sequence[Credit]) -> str | None:
    """Who sent the text in, or whose reporter wrote it: 供稿单位：区委组织部, 南山日报记者."""
    for credit in credits:
        supplies = credit.role in _SUPPLIES or credit.role.endswith("记者")
        if supplies and len(credit.organisations) == 1 and (medium := clean_medium(credit.organisations[0])):
            return medium
    return None


_SUPPLIES = frozenset({"供稿单位", "信息提供", "报送单位", "发布机构", "发布单位", "上传单位"})
# 来源：本站 names the site itself: the medium is the platform where that is known, else nothing is said.
_ITSELF = re.compile(
    r"(?:来\s?源|來\s?源|稿源|出处)\s?[:：]\s?本(?:网站?|網站?|站|报|報|刊|台|社)(?:原创|原創)?(?![\u4e00-\u9fff])"
)


def _bare_medium(text: str) -> str | None:
    return clean_medium(text) if len(text) <= 30 and not find_date(text) else None


def find_authors(s: Sources) -> Found[tuple[str, ...]] | None:
    """A person or unit named as author; never the editor, a staff number or the site."""
    for origin, text in _selected(s, "author"):
        names = parse_byline(text).authors or split_names(text, pen_names=True)[0]
        if names:
            return Found(names, origin, text[:120])
    if s.note and s.note.authors:
        return Found(s.note.authors, Origin.TAIL, " ".join(s.note.authors))
    # Beside the medium a name needs no word; the class of its element may still say that it is the editor's.
    if s.zone.authors and not set(s.zone.authors[0]) & set(s.named.editors):
        return Found(s.zone.authors[0], Origin.BYLINE, s.zone.authors[1])
    if s.tail.authors:
        return Found(s.tail.authors[0], Origin.TAIL, s.tail.authors[1])
    if s.named.authors:
        return Found(s.named.authors, Origin.BYLINE, " ".join(s.named.authors))
    if s.stated.author:
        editors = find_editors(s)
        names = split_names(s.stated.author)[0]
        # 方正 fills its property block with whoever typed the text in: only a name that is printed counts.
        printed = all(name in s.printed for name in names)
        if names and printed and not (editors and set(names) & set(editors.value)):
            return Found(names, Origin.SCRIPT_DATA, s.stated.author)
    return None


def find_editors(s: Sources) -> Found[tuple[str, ...]] | None:
    """责任编辑: source rule, the note behind the text, the lines behind it, the byline."""
    if s.note and s.note.editors:
        return Found(s.note.editors, Origin.TAIL, " ".join(s.note.editors))
    for origin, text in _selected(s, "editor"):
        names = parse_byline(text).editors or _names(text)
        if names:
            return Found(names, origin, text[:120])
    for origin, zone in ((Origin.TAIL, s.tail), (Origin.BYLINE, s.zone)):
        if zone.editors:
            return Found(zone.editors[0], origin, zone.editors[1])
    if s.named.editors:
        return Found(s.named.editors, Origin.BYLINE, " ".join(s.named.editors))
    printed = s.page.metas.get("editor", "")
    names = _names(printed)  # often a staff number, which is no name
    return Found(names, Origin.META, printed) if names else None


def _names(text: str) -> tuple[str, ...]:
    if len(text) > 40 or re.search(r"\d{4}", text):
        return ()
    names, _, rest = split_names(text)
    return names if not rest else ()


def find_platform(s: Sources) -> Found[str] | None:
    """The site that carries the article; not the medium it came from."""
    for rule in s.rules:
        if rule.platform:
            return Found(rule.platform, Origin.RULE, rule.platform)
    for family in s.families:
        if family.rules.platform and family.url and re.search(family.url, s.url):
            return Found(family.rules.platform, Origin.FAMILY, family.rules.platform)
    return Found(s.stated.site, Origin.META, s.stated.site) if s.stated.site else None


def _selected(s: Sources, part: str) -> Iterator[tuple[Origin, str]]:
    """What the selectors of source file and families find for a field."""
    for rule in s.rules:
        text = select_text(s.page, getattr(rule, part))
        if text:
            yield Origin.RULE, text
    for family in s.families:
        selectors = getattr(family.rules, part)
        text = select_text(s.page, selectors) if selectors else None
        if text:
            yield Origin.FAMILY, text
