"""What the morning digest asks beyond the reading room: openings of texts, reprints, corrections. Read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from models.browse import Browse
from models.questions import chunks
from models.tables import ARTICLE
from models.wording import Relation

__all__ = ["Copy", "News", "Reprinted", "Updated"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A reprint of a story, and how it relates to what it was compared with (None: joined by hand)."""

    story: str
    medium: str | None
    source: str
    url: str
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class Updated:
    """An article whose text changed."""

    key: str
    title: str | None
    source: str
    url: str
    version: int


@dataclass(frozen=True, slots=True)
class Reprinted:
    """A story that was known before and has been reprinted again."""

    story: str
    title: str | None
    url: str
    copies: int  # new ones


class News(Browse):
    """The questions of the digest about a span of time, ``until`` not included."""

    def openings(self, keys: Iterable[str], letters: int) -> dict[str, str]:
        """The first ``letters`` characters of articles' texts, by key."""
        found: dict[str, str] = {}
        for some in chunks(keys):
            opening = func.substr(ARTICLE.c.text, 1, letters).label("opening")
            rows = self._rows(select(ARTICLE.c.id, opening).where(ARTICLE.c.id.in_(some)))
            found |= {row["id"]: row["opening"] for row in rows}
        return found

    def copies(self, stories: Iterable[str]) -> dict[str, list[Copy]]:
        """The reprints of stories, earliest first."""
        found: dict[str, list[Copy]] = {}
        names = ("story", "medium", "source", "url")
        for some in chunks(stories):
            query = select(*(ARTICLE.c[name] for name in names), ARTICLE.c.relation)
            query = query.where(ARTICLE.c.story.in_(some), ARTICLE.c.id != ARTICLE.c.story)
            query = query.order_by(ARTICLE.c.published_at.is_(None), ARTICLE.c.published_at, ARTICLE.c.id)
            for row in self._rows(query):
                relation = Relation(row["relation"]) if row["relation"] else None
                copy = Copy(**{name: row[name] for name in names}, relation=relation)
                found.setdefault(copy.story, []).append(copy)
        return found

    def updated(self, since: datetime, until: datetime, limit: int) -> list[Updated]:
        """Articles known before that got another text in this time, last changed first."""
        names = ("title", "source", "url", "version")
        query = select(ARTICLE.c.id.label("key"), *(ARTICLE.c[name] for name in names))
        # Few articles change: those of the time are found by when they were written, and there are not many more.
        query = query.where(ARTICLE.c.version > 1, ARTICLE.c.updated_at >= since, ARTICLE.c.updated_at < until)
        query = query.where(ARTICLE.c.first_seen_at < since)
        return [Updated(**row) for row in self._rows(query.order_by(ARTICLE.c.updated_at.desc()).limit(limit))]

    def reprinted(self, since: datetime, until: datetime, limit: int) -> list[Reprinted]:
        """Stories with an article from before this time that were reprinted in it, most reprinted first."""
        leader = ARTICLE.alias("leader")
        count = func.count().label("copies")
        query = select(ARTICLE.c.story, leader.c.title, leader.c.url, count)
        query = query.join(leader, leader.c.id == ARTICLE.c.story)
        query = query.where(ARTICLE.c.first_seen_at >= since, ARTICLE.c.first_seen_at < until, _known_before(since))
        query = query.group_by(ARTICLE.c.story, leader.c.title, leader.c.url)
        query = query.order_by(count.desc(), ARTICLE.c.story).limit(limit)
        return [Reprinted(**row) for row in self._rows(query)]


def _known_before(since: datetime) -> ColumnElement[bool]:
    other = ARTICLE.alias("other")
    return select(other.c.id).where(other.c.story == ARTICLE.c.story, other.c.first_seen_at < since).exists()
