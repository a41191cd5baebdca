"""Drops pages that nobody needs and runs of long ago, in transactions of a few hundred rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from models.questions import CHUNK, chunks
from models.retention import Leavings, Retention, old_runs, orphan_bodies
from models.tables import ARTICLE, ARTICLE_VERSION, CANDIDATE, PAGE_FETCH, RAW_PAGE, RUN, RUN_SOURCE

__all__ = ["DIGITS", "drop_bodies", "drop_runs", "drop_some_pages"]

# Bodies are looked through in sixteen parts, by the first digit of their digest: each a transaction of a second or so.
DIGITS = "0123456789abcdef"


def drop_some_pages(connection: Connection, query: Select[Any], after: str) -> list[str]:
    """Drop the next few hundred of these pages, and let go of them whoever points to them; answer their ids."""
    # From where the last ones ended, not from the beginning: pages that stay are looked at once.
    ids = list(connection.execute(query.where(PAGE_FETCH.c.id > after).limit(CHUNK)).scalars())
    if ids:
        for column in (CANDIDATE.c.page, ARTICLE.c.page, ARTICLE_VERSION.c.page):
            connection.execute(update(column.table).where(column.in_(ids)).values(page=None))
        connection.execute(delete(PAGE_FETCH).where(PAGE_FETCH.c.id.in_(ids)))
    return ids


def drop_bodies(connection: Connection, digits: str) -> Leavings:
    """Drop bytes that no page consists of any more, of those whose digest begins so."""
    digests = orphan_bodies(connection, digits)
    size = 0
    for some in chunks(digests):
        among = RAW_PAGE.c.digest.in_(some)
        size += connection.execute(select(func.sum(func.length(RAW_PAGE.c.body))).where(among)).scalar_one() or 0
        connection.execute(delete(RAW_PAGE).where(among))
    return Leavings(bodies=len(digests), size=size)


def drop_runs(connection: Connection, retention: Retention) -> int:
    runs: Sequence[str] = connection.execute(select(RUN.c.id).where(old_runs(retention))).scalars().all()
    for some in chunks(runs):
        connection.execute(delete(RUN_SOURCE).where(RUN_SOURCE.c.run.in_(some)))
        connection.execute(delete(RUN).where(RUN.c.id.in_(some)))
    return len(runs)
