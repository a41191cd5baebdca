"""Articles in full, many at a time: what an export writes a row of. Read-only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from models.rows import Row, local_moment
from models.tables import ARTICLE, STORY

__all__ = ["Listed", "read_listed"]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article with its place in its story; the names are those of docs/data-model.md."""

    key: str
    story: str
    relation: str | None
    copy_of: str | None
    reprints: int  # other articles of the story
    title: str | None
    kicker: str | None
    subtitle: str | None
    published_at: datetime | None  # in the zone that the page gave
    published_precision: str | None
    medium: str | None
    platform: str | None
    authors: tuple[str, ...]
    photographers: tuple[str, ...]
    editors: tuple[str, ...]
    newspaper_page: str | None
    source: str
    url: str
    region: str | None
    region_code: str | None
    regions: tuple[str, ...]  # names of all places
    topics: tuple[str, ...]
    methods: tuple[str, ...]
    tags: tuple[str, ...]
    relevance: float
    language: str | None
    script: str
    text: str
    letters: int
    damage: int
    version: int
    rules_version: str
    first_seen_at: datetime  # UTC, as is the next
    updated_at: datetime


_SAME = (
    "story relation copy_of title kicker subtitle published_precision medium platform newspaper_page source url region "
    "region_code relevance language script text letters damage version rules_version first_seen_at updated_at"
).split()
_LISTS = "authors photographers editors methods tags".split()
_OTHERS = "id published_at published_offset regions topics".split()
_COLUMNS = (*(ARTICLE.c[name] for name in (*_SAME, *_LISTS, *_OTHERS)), STORY.c.articles)


def read_listed(connection: Connection, keys: Collection[str]) -> Iterator[Listed]:
    """These articles, in the order of the keys; one that is gone meanwhile is left out."""
    query = select(*_COLUMNS).join(STORY, STORY.c.id == ARTICLE.c.story).where(ARTICLE.c.id.in_(keys))
    found = {row["id"]: row for row in connection.execute(query).mappings()}
    return (_listed(found[key]) for key in keys if key in found)


def _listed(row: RowMapping) -> Listed:
    values: Row = {name: row[name] for name in _SAME} | {name: tuple(row[name]) for name in _LISTS}
    values |= {name: tuple(part["name"] for part in row[name]) for name in ("regions", "topics")}
    values |= {"key": row["id"], "reprints": row["articles"] - 1}
    return Listed(**values, published_at=local_moment(row["published_at"], row["published_offset"]))
