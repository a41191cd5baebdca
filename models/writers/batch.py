"""Writes the results of a batch: decided on what is known, a row that is refused costing itself alone."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from models.database import is_outage
from models.decide import (
    TRACEBACK_LENGTH,
    Cleaned,
    How,
    Intent,
    Known,
    KnownArticle,
    KnownUrl,
    Rejected,
    Result,
    Stage,
    decide,
    name_duplicates,
)
from models.questions import chunks, known_urls
from models.records import Outcome
from models.rows import Prints, prints_of
from models.tables import ARTICLE, ARTICLE_VERSION
from models.wording import Relate, wording_of
from models.writers.articles import write_articles
from models.writers.runs import count_outcomes, ensure_sources
from models.writers.search import index_articles, indexed, mark_relevance
from models.writers.stories import Shift
from models.writers.urls import write_quarantine, write_urls

__all__ = ["apply_batch"]


def apply_batch(connection: Connection, run: str, batch: list[Result], now: datetime, relate: Relate) -> list[Outcome]:
    try:
        with connection.begin_nested():
            return _write(connection, run, batch, now, relate)
    except Exception as error:
        if _is_outage(error):
            raise
        return _apply_one_by_one(connection, run, batch, now, relate, error)


def _apply_one_by_one(
    connection: Connection, run: str, batch: list[Result], now: datetime, relate: Relate, first: Exception
) -> list[Outcome]:
    """Find the rows that the database refuses; each costs itself only."""
    outcomes, refused = [], 0
    for result in batch:
        try:
            with connection.begin_nested():
                outcomes += _write(connection, run, [result], now, relate)
        except Exception as error:
            if _is_outage(error):
                raise
            refused += 1
            # When every row of a real batch is refused, the rows are not what is wrong.
            if refused == len(batch) and refused > 1:
                raise first from None
            outcomes += _write(connection, run, [_refusal(result, error)], now, relate)
    return outcomes


def _refusal(result: Result, error: Exception) -> Rejected:
    cause = getattr(error, "orig", None) or error
    detail = "".join(traceback.format_exception(cause))[-TRACEBACK_LENGTH:]
    reason = f"无法入库 (refused by the database): {cause!r}"
    return Rejected(result.key, result.source, result.url, Stage.STORE, reason[:500], detail)


def _is_outage(error: BaseException) -> bool:
    # A full disk ends the transaction by itself; then rolling back to the savepoint fails as well.
    return is_outage(error) or (error.__context__ is not None and is_outage(error.__context__))


def _write(connection: Connection, run: str, batch: list[Result], now: datetime, relate: Relate) -> list[Outcome]:
    knowledge = _Knowledge.load(connection, run, batch)
    before = dict(knowledge.urls)
    intents = []
    for result in batch:
        intent = decide(result, knowledge.about(result), now)
        knowledge.note(intent)
        intents.append(intent)
    ensure_sources(connection, [result.source for result in batch])
    changes = [intent.article for intent in intents if intent.article and intent.article.how is not How.STAMP]
    wordings = {c.record.key: wording_of(c.record.title, c.record.text) for c in changes}
    shift = Shift.begin(connection, wordings.values(), [knowledge.articles.get(key) for key in wordings])
    searched = indexed(connection, [change.record.key for change in changes if change.how is How.REPLACE])
    write_articles(connection, intents, wordings, now)
    stories = shift.finish(connection, wordings, relate)
    index_articles(connection, changes, searched, stories, now)
    intents = name_duplicates(intents, stories)
    mark_relevance(connection, _ending(intents, Outcome.OFF_TOPIC), _ending(intents, Outcome.UNCHANGED))
    write_urls(connection, intents, now)
    write_quarantine(connection, run, intents, now)
    count_outcomes(connection, run, intents, before)
    return [intent.outcome for intent in intents]


def _ending(intents: Sequence[Intent], outcome: Outcome) -> list[str]:
    return [intent.result.key for intent in intents if intent.outcome is outcome]


@dataclass(slots=True)
class _Knowledge:
    """What is known of the keys and texts of one batch, including what the batch itself has decided so far."""

    run: str
    urls: dict[str, KnownUrl] = field(default_factory=dict)
    articles: dict[str, KnownArticle] = field(default_factory=dict)
    prints: dict[str, Prints] = field(default_factory=dict)

    @classmethod
    def load(cls, connection: Connection, run: str, batch: Sequence[Result]) -> _Knowledge:
        prints = {result.key: prints_of(result.record) for result in batch if isinstance(result, Cleaned)}
        known = cls(run, known_urls(connection, [result.key for result in batch]), prints=prints)
        known._load_articles(connection)
        return known

    def _load_articles(self, connection: Connection) -> None:
        for keys in chunks(self.prints):
            known = connection.execute(_KNOWN, {"keys": keys}).all()
            past: dict[str, set[str]] = {row.id: set() for row in known}
            # Of a first night nothing is known.
            for row in connection.execute(_PAST, {"keys": list(past)}) if past else ():
                past[row.article].add(row.content_hash)
            for row in known:
                self.articles[row.id] = KnownArticle(
                    prints=Prints(row.record_hash, row.content_hash, row.text_hash),
                    rules_version=row.rules_version,
                    version=row.version,
                    flaps=row.flaps,
                    page=row.page,
                    past=frozenset(past[row.id]),
                    wording=row.wording,
                )

    def about(self, result: Result) -> Known:
        prints = self.prints.get(result.key)
        return Known(
            run=self.run,
            url=self.urls.get(result.key),
            article=self.articles.get(result.key),
            prints=prints,
        )

    def note(self, intent: Intent) -> None:
        """Learn from a decision what the next results of the batch must know."""
        self.urls[intent.result.key] = intent.url


_PAST = select(ARTICLE_VERSION.c.article, ARTICLE_VERSION.c.content_hash).where(
    ARTICLE_VERSION.c.article.in_(bindparam("keys"))
)
_KNOWN = select(
    *(
        ARTICLE.c[name]
        for name in "id wording record_hash content_hash text_hash rules_version version flaps page".split()
    )
).where(ARTICLE.c.id.in_(bindparam("keys")))
