"""Writes articles as they read now, what they said before, and what cleaning changed in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from models.decide import ArticleChange, How, Intent
from models.questions import chunks
from models.rows import Row, repair_rows, row_of
from models.tables import ARTICLE, ARTICLE_VERSION, REPAIR, STORY
from models.wording import Relation, Wording
from models.writers.statements import add, add_missing, send

__all__ = ["write_articles"]


def write_articles(
    connection: Connection, intents: Sequence[Intent], wordings: Mapping[str, Wording | None], now: datetime
) -> None:
    changes = [intent.article for intent in intents if intent.article]
    new = [change for change in changes if change.how is How.INSERT]
    replaced = [change for change in changes if change.how is How.REPLACE]
    stamped = [change for change in changes if change.how is How.STAMP]
    if new:
        stories = [{"id": change.record.key, "articles": 0} for change in new]
        send(connection, add_missing(STORY), stories)
        rows = [
            {**_article_row(change, wordings, now), **_alone(change.record.key), "first_seen_at": now} for change in new
        ]
        send(connection, add(ARTICLE), rows)
    _keep_versions(connection, [change.record.key for change in replaced if change.keep_old], now)
    if replaced:
        _replace_articles(connection, [_article_row(change, wordings, now) for change in replaced])
    if stamped:
        rules = update(ARTICLE).where(ARTICLE.c.id == bindparam("of")).values(rules_version=bindparam("rules"))
        connection.execute(rules, [{"of": c.record.key, "rules": c.record.rules_version} for c in stamped])
    _write_repairs(connection, new, replaced)


def _alone(key: str) -> Row:
    """Each begins as a story of its own; which one it belongs to is seen when all of the batch are there."""
    return {"story": key, "relation": Relation.ORIGINAL.value}


def _article_row(change: ArticleChange, wordings: Mapping[str, Wording | None], now: datetime) -> Row:
    wording = wordings[change.record.key]
    return row_of(change.record) | {
        "wording": wording.id if wording else None,
        "letters": wording.letters if wording else 0,
        "page": change.page,
        "record_hash": change.prints.record,
        "content_hash": change.prints.content,
        "text_hash": change.prints.text,
        "version": change.version,
        "flaps": change.flaps,
        "updated_at": now,
    }


def _replace_articles(connection: Connection, rows: Sequence[Row]) -> None:
    # The first source and address that brought an article keep it.
    changing = [name for name in rows[0] if name not in ("id", "source", "url")]
    values: Row = {name: bindparam(f"new_{name}") for name in changing}
    statement = update(ARTICLE).where(ARTICLE.c.id == bindparam("of")).values(values)
    connection.execute(
        statement, [{"of": row["id"], **{f"new_{name}": row[name] for name in changing}} for row in rows]
    )


_VERSION_COLUMNS = (
    "content_hash",
    "title",
    "kicker",
    "subtitle",
    "published_at",
    "medium",
    "authors",
    "text",
    "blocks",
    "rules_version",
    "page",
)


def _keep_versions(connection: Connection, keys: Sequence[str], now: datetime) -> None:
    """Copy the text that articles have now into their history; a text that is there already is not kept twice."""
    names = ("article", "number", "since", "until", *_VERSION_COLUMNS)
    old = select(
        ARTICLE.c.id,
        ARTICLE.c.version,
        ARTICLE.c.updated_at,
        bindparam("until", now, ARTICLE.c.updated_at.type),
        *(ARTICLE.c[name] for name in _VERSION_COLUMNS),
    )
    for some in chunks(keys):
        connection.execute(add_missing(ARTICLE_VERSION).from_select(names, old.where(ARTICLE.c.id.in_(some))))


def _write_repairs(connection: Connection, new: Sequence[ArticleChange], replaced: Sequence[ArticleChange]) -> None:
    for keys in chunks([change.record.key for change in replaced]):
        connection.execute(delete(REPAIR).where(REPAIR.c.article.in_(keys)))
    rows = [row for change in (*new, *replaced) for row in repair_rows(change.record)]
    send(connection, add(REPAIR), rows)
