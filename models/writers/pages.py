"""Writes raw pages: bytes once by their hash, and that they stood at an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backports import zstd
from sqlalchemy import Connection, bindparam, select, update

from models.accounts import Saved
from models.decide import KnownUrl, UrlState
from models.questions import chunks, known_urls
from models.records import Candidate, RawPage, sha256
from models.rows import Row, row_of_hints
from models.tables import CANDIDATE, PAGE_FETCH, RAW_PAGE
from models.writers.statements import add_missing, send
from models.writers.urls import candidate_row

__all__ = ["save_part"]

# Not stored with a page: it identifies us to the site, and is of no use to anybody later.
_PRIVATE_HEADERS = frozenset({"set-cookie", "set-cookie2"})


@dataclass(frozen=True, slots=True)
class _Hashed:
    """A page and the hashes of its bytes, taken once."""

    page: RawPage
    id: str  # of these bytes at this address, read in this way: 64 hex digits
    digests: tuple[str, ...]  # of its body and its further bodies

    @classmethod
    def of(cls, page: RawPage) -> _Hashed:
        digests = tuple(sha256(body) for body in (page.body, *page.more))
        parts = (page.key, page.media_type.value, page.headers.get("content-type", ""), *digests)
        return cls(page, sha256("\n".join(parts).encode("utf-8", "surrogatepass")), digests)


def save_part(connection: Connection, pages: Sequence[RawPage]) -> list[Saved]:
    """Write pages of different keys; answer what became of each."""
    hashed = [_Hashed.of(page) for page in pages]
    urls = known_urls(connection, [page.key for page in pages])
    unnamed = [page for page in pages if page.key not in urls]
    queued = [candidate_row(Candidate(p.source, p.url, p.key, p.hints), None, p.fetched_at) for p in unnamed]
    send(connection, add_missing(CANDIDATE), queued)
    stored = _stored_pages(connection, [one.id for one in hashed])
    _write_pages(connection, [one for one in hashed if one.id not in stored])
    return _mark_fetched(connection, hashed, urls)


def _stored_pages(connection: Connection, identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for ids in chunks(identities):
        found.update(connection.execute(_STORED, {"ids": ids}).scalars())
    return found


_STORED = select(PAGE_FETCH.c.id).where(PAGE_FETCH.c.id.in_(bindparam("ids")))


def _write_pages(connection: Connection, pages: Sequence[_Hashed]) -> None:
    bodies: dict[str, bytes] = {}
    for one in pages:
        bodies |= zip(one.digests, (one.page.body, *one.page.more), strict=True)
    # One for all: to make a compressor costs half as much as to compress a page.
    compressor = zstd.ZstdCompressor()
    raw = [
        {"digest": digest, "body": compressor.compress(body, zstd.ZstdCompressor.FLUSH_FRAME), "size": len(body)}
        for digest, body in bodies.items()
    ]
    send(connection, add_missing(RAW_PAGE), raw)
    send(connection, add_missing(PAGE_FETCH), [_fetch_row(one) for one in pages])


def _fetch_row(one: _Hashed) -> Row:
    page = one.page
    return {
        "id": one.id,
        "key": page.key,
        "source": page.source,
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "media_type": page.media_type.value,
        "digest": one.digests[0],
        "more": list(one.digests[1:]),
        "headers": {name: value for name, value in page.headers.items() if name not in _PRIVATE_HEADERS},
        "hints": row_of_hints(page.hints),
        "fetched_at": page.fetched_at,
    }


def _mark_fetched(connection: Connection, pages: Sequence[_Hashed], urls: Mapping[str, KnownUrl]) -> list[Saved]:
    """Point the URLs to their pages; answer which of these are other pages than before."""
    saved, changes = [], []
    for one in pages:
        url = urls.get(one.page.key) or KnownUrl(UrlState.QUEUED)
        fresh = url.page != one.id
        begins = fresh or url.state not in (UrlState.DONE, UrlState.QUARANTINED)
        state = UrlState.FETCHED if begins else url.state
        changes.append({"of": one.page.key, "to": one.id, "at": one.page.fetched_at, "as": state.value})
        saved.append(Saved(one.id, fresh))
    send(connection, _FETCHED, changes)
    return saved


_FETCHED = (
    update(CANDIDATE)
    .where(CANDIDATE.c.key == bindparam("of"))
    .values(page=bindparam("to"), checked_at=bindparam("at"), state=bindparam("as"))
)
