"""Which articles that are stored are looked at again tonight. Pure: what lists and database say in, choices out.

An article is edited in its first days, so those of the last ``revisit_days`` days are looked at again:

    what its list says of it changed            at once, also a page without validators
    pages with ETag or Last-Modified            every night: unchanged ones cost an answer without a body
    pages without either, articles in pages     once, in the second half of the days left, at a download
    articles whose later page was missing       every night, until they are whole
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from connectors.declaration import Limits
from connectors.list_dates import CHINA, date_in_address, read_day
from models.accounts import Visited
from models.records import LACKS, PAGES_MISSING, Candidate, Hints

__all__ = ["choose_revisits", "find_relisted", "worth_comparing"]

_VALIDATING = {"etag", "last-modified"}
_CUT_SHORT = re.compile(r"(?:\.{2,}|…+)$")
# A list on which more entries changed than this, and more than half of them, was rebuilt: it says nothing of articles.
FEW = 3
# Known entries compared with what the list said before, per source and night; a list page has 10 to 50.
MOST_COMPARED = 500


def choose_revisits(
    recent: Sequence[Visited], relisted: Iterable[Candidate], now: datetime, limits: Limits
) -> list[str]:
    """Keys of the articles to look at again, at most ``limits.revisits``: first those whose list entry changed.

    ``recent``: articles of the last ``revisit_days`` days, longest unseen first.
    """
    if not limits.revisit_days:
        return []
    due = [one.candidate.key for one in recent if _is_due(one, now, limits)]
    return list(dict.fromkeys([*(one.key for one in relisted), *due]))[: limits.revisits]


def _is_due(one: Visited, now: datetime, limits: Limits) -> bool:
    on_condition = _VALIDATING & one.headers.keys() and not one.further
    if limits.revisit_always or on_condition or one.headers.get(LACKS) == PAGES_MISSING:
        return True
    # Without validators every look is a download, and so it is where several pages make one article: one look, when
    # most corrections have been made.
    late = _half_way(one, limits)
    return now >= late and (one.checked_at is None or one.checked_at < late)


def _half_way(one: Visited, limits: Limits) -> datetime:
    """The middle of the time in which an article is looked at: from when it was found until its days are over."""
    found = one.first_seen_at
    day = _listed_day(one.candidate.hints, found) or date_in_address(one.candidate.url)
    dated = min(found, datetime.combine(day, time.min, CHINA)) if day else found
    return found + max(dated + timedelta(days=limits.revisit_days) - found, timedelta()) / 2


def worth_comparing(named: Iterable[Candidate], now: datetime, limits: Limits) -> list[Candidate]:
    """Known articles that a list names, without those that it dates before the days in which edits are looked for."""
    first = now.astimezone(CHINA).date() - timedelta(days=limits.revisit_days)
    recent = (one for one in named if (_listed_day(one.hints, now) or date_in_address(one.url) or first) >= first)
    return [one for one, _ in zip(recent, range(MOST_COMPARED), strict=False)] if limits.revisit_days else []


def find_relisted(named: Iterable[Candidate], stored: Iterable[Visited]) -> list[Candidate]:
    """Those known articles of which the list now says something else than when it first named them."""
    before = {one.candidate.key: one.candidate for one in stored}
    pairs = [(before[one.key], one) for one in named if one.key in before and before[one.key].source == one.source]
    relisted = [new for old, new in pairs if _has_changed(old.hints, new.hints)]
    return [] if len(relisted) > FEW and len(relisted) * 2 > len(pairs) else relisted


def _has_changed(old: Hints, new: Hints) -> bool:
    return _is_later(old, new) or _other_title(old.title, new.title)


def _other_title(old: str | None, new: str | None) -> bool:
    """Another title; one that is cut short is the same as long as it goes."""
    if not old or not new:
        return False
    before, after = ("".join(title.split()) for title in (old, new))
    shorter = min((_CUT_SHORT.sub("", title) for title in (before, after)), key=len)
    return not (before.startswith(shorter) and after.startswith(shorter)) or (
        before != after and not (_CUT_SHORT.search(before) or _CUT_SHORT.search(after))
    )


def _is_later(old: Hints, new: Hints) -> bool:
    """A later day, or a later time printed in the same manner. 3小时前 moves by itself and says nothing."""
    for before, after in ((old.changed, new.changed), (old.published, new.published)):
        if not before or not after or before == after or not (_is_absolute(before) and _is_absolute(after)):
            continue
        was, now = _day_of(before, old), _day_of(after, new)
        if was and now and (now > was or (now == was and len(before) == len(after) and after > before)):
            return True
    return False


def _is_absolute(printed: str) -> bool:
    return re.search(r"前|刚刚|今天|昨天", printed) is None


def _day_of(printed: str, hints: Hints) -> date | None:
    return read_day(printed, hints.listed_at) if hints.listed_at else None


def _listed_day(hints: Hints, now: datetime) -> date | None:
    return max(filter(None, (read_day(hints.published, now), read_day(hints.changed, now))), default=None)
