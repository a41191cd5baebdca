"""What may be dropped, and how much of it there is; read-only. Articles, versions, repairs and decisions never are.

A page is *needed* while a URL, an article, one of its versions or the quarantine points to it. A page that no longer
is was replaced by what the same address gave later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, cast, exists, false, func, or_, select

from models.accounts import RunState
from models.decide import UrlState
from models.tables import ARTICLE, ARTICLE_VERSION, CANDIDATE, PAGE_FETCH, QUARANTINE, RAW_PAGE, RUN

__all__ = [
    "Leavings",
    "Retention",
    "count_leavings",
    "finished_pages",
    "further_digests",
    "old_runs",
    "orphan_bodies",
    "unneeded_pages",
]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long to keep what. None keeps it for ever."""

    unneeded_before: datetime | None = None  # pages that nothing points to, fetched before then
    pages_before: datetime | None = None  # also pages of finished URLs: they can not be cleaned again afterwards
    runs_before: datetime | None = None  # runs begun before then, with their lines by source
    spared: tuple[str, ...] = ()  # sources whose pages stay: seeds are read from files that may be gone


@dataclass(frozen=True, slots=True)
class Leavings:
    """What goes, or would go."""

    pages: int = 0  # that were fetched and are not needed
    finished: int = 0  # of URLs that are done with
    bodies: int = 0  # distinct bytes
    size: int = 0  # of these bytes as they are stored
    runs: int = 0


_REFERRING = (CANDIDATE.c.page, ARTICLE.c.page, ARTICLE_VERSION.c.page, QUARANTINE.c.page)


def unneeded_pages(retention: Retention) -> Select[Any]:
    """Ids of pages that nothing points to."""
    needed = (exists().where(column == PAGE_FETCH.c.id) for column in _REFERRING)
    query = select(PAGE_FETCH.c.id).where(*(~one for one in needed), PAGE_FETCH.c.source.not_in(retention.spared))
    return query.where(PAGE_FETCH.c.fetched_at < retention.unneeded_before).order_by(PAGE_FETCH.c.id)


def finished_pages(retention: Retention) -> Select[Any]:
    """Ids of pages that are pointed to by URLs with nothing left to do only."""
    unfinished = CANDIDATE.c.state != UrlState.DONE.value
    waiting = or_(
        exists().where(CANDIDATE.c.page == PAGE_FETCH.c.id, unfinished),
        exists().where(QUARANTINE.c.page == PAGE_FETCH.c.id),
    )
    referred = or_(*(exists().where(column == PAGE_FETCH.c.id) for column in _REFERRING[:3]))
    query = select(PAGE_FETCH.c.id).where(referred, ~waiting, PAGE_FETCH.c.source.not_in(retention.spared))
    return query.where(PAGE_FETCH.c.fetched_at < retention.pages_before).order_by(PAGE_FETCH.c.id)


def further_digests(connection: Connection, digits: str) -> set[str]:
    """Digests of second and later pages of articles that begin with these digits; few articles have any."""
    lists = connection.execute(select(PAGE_FETCH.c.more).where(cast(PAGE_FETCH.c.more, Text) != "[]")).scalars()
    return {digest for more in lists for digest in more if digest.startswith(digits)}


def orphan_bodies(connection: Connection, digits: str) -> list[str]:
    """Digests of bytes that no page consists of, of those that begin with these digits."""
    used = exists().where(PAGE_FETCH.c.digest == RAW_PAGE.c.digest)
    # "g" comes after every hexadecimal digit.
    part = and_(RAW_PAGE.c.digest >= digits, RAW_PAGE.c.digest < f"{digits}g")
    found = connection.execute(select(RAW_PAGE.c.digest).where(part, ~used)).scalars().all()
    return sorted(set(found) - further_digests(connection, digits)) if found else []


def old_runs(retention: Retention) -> ColumnElement[bool]:
    return and_(RUN.c.started_at < retention.runs_before, RUN.c.state != RunState.RUNNING.value)


def count_leavings(connection: Connection, retention: Retention) -> Leavings:
    """What would go. Bytes are counted with each page that consists of them: those shared with others count as well."""
    parts = []
    pages = finished = runs = 0
    if retention.unneeded_before:
        parts.append(unneeded_pages(retention).order_by(None))
        pages = _count(connection, parts[-1])
    if retention.pages_before:
        parts.append(finished_pages(retention).order_by(None))
        finished = _count(connection, parts[-1])
    if retention.runs_before:
        runs = connection.execute(select(func.count()).select_from(RUN).where(old_runs(retention))).scalar_one()
    among = or_(false(), *(PAGE_FETCH.c.id.in_(part) for part in parts))
    digests: Select[Any] = select(PAGE_FETCH.c.digest).where(among)
    bodies = select(func.count(), func.sum(func.length(RAW_PAGE.c.body))).where(RAW_PAGE.c.digest.in_(digests))
    number, size = connection.execute(bodies).one() if parts else (0, 0)
    return Leavings(pages, finished, number, int(size or 0), runs)


def _count(connection: Connection, query: Select[Any]) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
