"""Writes raw pages: bytes once by their hash, and that they stood at an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backports import zstd
from sqlalchemy import Connection, bindparam, select, update

from models.accounts import Saved
from models.decide import UrlState
from models.questions import chunks, known_urls
from models.records import Candidate, RawPage, sha256
from models.rows import Row, row_of_hints
from models.tables import CANDIDATE, PAGE_FETCH, RAW_PAGE
from models.writers.statements import add_missing, send
from models.writers.urls import candidate_row

__all__ = ["page_id", "save_part"]

# Not stored with a page: it identifies us to the site, and is of no use to anybody later.
_PRIVATE_HEADERS = frozenset({"set-cookie", "set-cookie2"})


def page_id(page: RawPage) -> str:
    """Identity of these bytes at this address, read in this way: 64 hex digits."""
    read_as = (page.media_type.value, page.headers.get("content-type", ""))
    parts = (page.key, *read_as, page.digest, *(sha256(body) for body in page.more))
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass"))


def save_part(connection: Connection, pages: Sequence[RawPage]) -> list[Saved]:
    """Write pages of different keys; answer what became of each."""
    queued = [candidate_row(Candidate(p.source, p.url, p.key, p.hints), None, p.fetched_at) for p in pages]
    send(connection, add_missing(CANDIDATE), queued)
    identities = [page_id(page) for page in pages]
    stored = _stored_pages(connection, identities)
    _write_pages(connection, {i: page for i, page in zip(identities, pages, strict=True) if i not in stored})
    return _mark_fetched(connection, pages, identities)


def _stored_pages(connection: Connection, identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for ids in chunks(identities):
        found |= set(connection.execute(select(PAGE_FETCH.c.id).where(PAGE_FETCH.c.id.in_(ids))).scalars())
    return found


def _write_pages(connection: Connection, pages: Mapping[str, RawPage]) -> None:
    bodies = {sha256(body): body for page in pages.values() for body in (page.body, *page.more)}
    raw = [{"digest": digest, "body": zstd.compress(body), "size": len(body)} for digest, body in bodies.items()]
    send(connection, add_missing(RAW_PAGE), raw)
    fetches = [_fetch_row(identity, page) for identity, page in pages.items()]
    send(connection, add_missing(PAGE_FETCH), fetches)


def _fetch_row(identity: str, page: RawPage) -> Row:
    return {
        "id": identity,
        "key": page.key,
        "source": page.source,
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "media_type": page.media_type.value,
        "digest": page.digest,
        "more": [sha256(body) for body in page.more],
        "headers": {name: value for name, value in page.headers.items() if name not in _PRIVATE_HEADERS},
        "hints": row_of_hints(page.hints),
        "fetched_at": page.fetched_at,
    }


def _mark_fetched(connection: Connection, pages: Sequence[RawPage], identities: Sequence[str]) -> list[Saved]:
    """Point the URLs to their pages; answer which of these are other pages than before."""
    urls = known_urls(connection, [page.key for page in pages])
    saved, changes = [], []
    for page, identity in zip(pages, identities, strict=True):
        url = urls[page.key]
        fresh = url.page != identity
        begins = fresh or url.state not in (UrlState.DONE, UrlState.QUARANTINED)
        state = UrlState.FETCHED if begins else url.state
        changes.append({"of": page.key, "to": identity, "at": page.fetched_at, "as": state.value})
        saved.append(Saved(identity, fresh))
    values: Row = {"page": bindparam("to"), "checked_at": bindparam("at"), "state": bindparam("as")}
    connection.execute(update(CANDIDATE).where(CANDIDATE.c.key == bindparam("of")).values(values), changes)
    return saved
