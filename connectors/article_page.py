"""Bring one article page: the same for every kind of source that names pages of the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.declaration import Source
from connectors.decoding import decode_text
from connectors.failures import FailureKind, FetchError
from connectors.further_pages import MOST_PAGES, find_further_pages, may_have_further_pages
from connectors.protocol import Answer, Fetcher, Request, Validators
from models.records import LACKS, PAGES_CAPPED, PAGES_MISSING, Candidate, RawPage

__all__ = ["ArticlePageConnector", "fetch_article"]

# What reading a page again needs, and what makes the next request conditional; cookies and the rest are dropped.
_KEPT_HEADERS = ("content-type", "content-language", "etag", "last-modified", "date", "link")
LONGEST_HEADER = 1000  # characters


class ArticlePageConnector:
    """Base of connectors whose articles are web pages."""

    async def fetch(
        self, candidate: Candidate, source: Source, fetcher: Fetcher, validators: Validators | None = None
    ) -> RawPage | None:
        """One article, or None if it has not changed since ``validators``. Raises FetchError."""
        return await fetch_article(candidate, source, fetcher, validators)


async def fetch_article(
    candidate: Candidate, source: Source, fetcher: Fetcher, validators: Validators | None = None
) -> RawPage | None:
    """The article's page, and the further pages it is cut into, joined in ``RawPage.more``."""
    request = Request(candidate.url, referer=candidate.found_on, validators=validators)
    answer = await fetcher.get(request, source)
    if answer.not_modified:
        return None
    page = as_raw_page(candidate, answer)
    more, lacks = await _fetch_further(page, answer, source, fetcher)
    return replace(page, more=more, headers={**page.headers, LACKS: lacks} if lacks else page.headers)


async def _fetch_further(
    page: RawPage, first: Answer, source: Source, fetcher: Fetcher
) -> tuple[tuple[bytes, ...], str | None]:
    """Bodies of pages 2, 3 …, and the flag of an article that is not whole.

    A pager that names a page which is not there ends the article, with a flag. Any other failure is the article's:
    half of it is not stored as if it were the whole.
    """
    bodies: list[bytes] = []
    lacks: str | None = None
    size = 0
    seen = {page.url, first.final_url}
    waiting = list(_further_of(first, first.final_url))
    while waiting and len(bodies) < MOST_PAGES - 1:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        try:
            answer = await fetcher.get(Request(url, referer=page.url), source)
        except FetchError as failure:
            if failure.kind is FailureKind.HTTP_4XX:
                lacks = PAGES_MISSING
                break
            raise
        bodies.append(answer.body)
        size += len(answer.body)
        if size > source.limits.body_mb * 1_000_000:
            message = f"more than {source.limits.body_mb:g} MB on {len(bodies)} further pages"
            raise FetchError(FailureKind.TOO_LARGE, page.url, message, source=source.slug)
        waiting += [more for more in _further_of(answer, first.final_url) if more not in waiting]
    if len(bodies) == MOST_PAGES - 1 and not seen.issuperset(waiting):
        lacks = PAGES_CAPPED
    return tuple(bodies), lacks


def _further_of(answer: Answer, url: str) -> tuple[str, ...]:
    if not may_have_further_pages(answer.body, url):
        return ()
    text = decode_text(answer.body, answer.headers.get("content-type", ""))
    return find_further_pages(text, url, MOST_PAGES)  # one more than is brought, to see that there are more


def as_raw_page(candidate: Candidate, answer: Answer) -> RawPage:
    return RawPage(
        source=candidate.source,
        url=candidate.url,
        key=candidate.key,
        body=answer.body,
        fetched_at=answer.fetched_at,
        status=answer.status,
        final_url=answer.final_url,
        headers=_keep(answer.headers),
        hints=candidate.hints,
    )


def _keep(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name][:LONGEST_HEADER] for name in _KEPT_HEADERS if name in headers}
