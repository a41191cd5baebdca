"""Writes what is left to do for each URL: candidates, the lists that named them, the quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, update

from models.accounts import ListState
from models.decide import Intent, OffTopic, Rejected, UrlState
from models.questions import chunks
from models.records import Candidate, sha256
from models.rows import Row, row_of_hints
from models.tables import CANDIDATE, QUARANTINE
from models.writers.statements import send, upsert

__all__ = ["candidate_row", "list_row", "renew_hints", "write_quarantine", "write_urls"]


def candidate_row(candidate: Candidate, run: str | None, now: datetime) -> Row:
    return {
        "key": candidate.key,
        "source": candidate.source,
        "url": candidate.url,
        "found_on": candidate.found_on,
        "hints": row_of_hints(candidate.hints),
        "state": UrlState.QUEUED.value,
        "attempts": 0,
        "strikes": 0.0,
        "run": run,
        "first_seen_at": now,
    }


def list_row(state: ListState, now: datetime) -> Row:
    return {
        "source": state.source,
        "url_hash": sha256(state.url.encode()),
        "url": state.url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "items": state.items,
        "good_at": now,
        "onward": state.onward,
    }


def renew_hints(connection: Connection, relisted: Sequence[Candidate]) -> None:
    """What a list now says of articles that are known."""
    rows = [{"of": candidate.key, "hints": row_of_hints(candidate.hints)} for candidate in relisted]
    if rows:
        connection.execute(update(CANDIDATE).where(CANDIDATE.c.key == bindparam("of")), rows)


def write_urls(connection: Connection, intents: Sequence[Intent], now: datetime) -> None:
    rows = [_url_row(intent, now) for intent in intents]
    first_come = {"key", "source", "url", "hints", "first_seen_at", "page"}
    changing = [name for name in rows[0] if name not in first_come]
    send(connection, upsert(CANDIDATE, ["key"], changing), rows)


def _url_row(intent: Intent, now: datetime) -> Row:
    result, url, failure = intent.result, intent.url, intent.failure
    return {
        "key": result.key,
        "source": result.source,
        "url": result.url,
        "hints": {},
        "state": url.state.value,
        "outcome": intent.outcome.value,
        "attempts": url.attempts,
        "strikes": url.strikes,
        "next_try": url.next_try,
        "stage": failure.stage.value if failure else None,
        "kind": failure.kind if failure else None,
        "message": failure.message if failure else result.reason if isinstance(result, OffTopic) else None,
        "traceback": failure.traceback if failure else None,
        "failed_at": now if failure else None,
        "page": url.page,
        "run": url.run,
        "first_seen_at": url.first_seen_at or now,
        "checked_at": url.checked_at,
    }


def write_quarantine(connection: Connection, run: str, intents: Sequence[Intent], now: datetime) -> None:
    rows = [_quarantine_row(run, intent, intent.quarantine, now) for intent in intents if intent.quarantine]
    released = [intent.result.key for intent in intents if intent.url.state is UrlState.DONE]
    for keys in chunks(released):
        connection.execute(_RELEASE, {"keys": keys})
    if rows:
        send(connection, upsert(QUARANTINE, ["key"], rows[0]), rows)


_RELEASE = delete(QUARANTINE).where(QUARANTINE.c.key.in_(bindparam("keys")))


def _quarantine_row(run: str, intent: Intent, rejected: Rejected, now: datetime) -> Row:
    return {
        "key": rejected.key,
        "source": rejected.source,
        "url": rejected.url,
        "stage": rejected.stage.value,
        "reason": rejected.reason,
        "detail": rejected.detail,
        "page": intent.url.page,
        "run": run,
        "at": now,
    }
