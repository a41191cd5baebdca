"""Bring one article page: the same for every kind of source that names pages of the web."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.declaration import Source
from connectors.protocol import Answer, Fetcher, Request, Validators
from models.records import Candidate, RawPage

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
    request = Request(candidate.url, referer=candidate.found_on, validators=validators)
    answer = await fetcher.get(request, source)
    return None if answer.not_modified else as_raw_page(candidate, answer)


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
