"""From the bytes of a page in any form we understand to a draft: HTML, front matter, JSON, Markdown, plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cleaning.decode import decode
from models.records import Draft, MediaType, RawPage
from models.rules import ArticleRules

__all__ = ["read", "read_page"]


def read_page(page: RawPage, rules: Sequence[ArticleRules] = (), *, now: datetime | None = None) -> Draft:
    """A draft of any page: HTML goes through the cascade of ``cleaning.extract``, other forms are told by their text.

    ``now`` (aware) only refuses dates of the future. Never raises for what a page holds: a page without text
    gives a draft without blocks.
    """
    # Each kind of form takes a tenth of a second to import, and most processes meet one of them only.
    if page.media_type is MediaType.HTML:
        from cleaning.extract import extract

        return extract(page, rules, now=now)
    from cleaning.forms.texts import read_text

    decoded = decode(page.body, page.headers)
    draft = read_text(page, decoded.text, rules, now)
    return replace(draft, charset=decoded.charset, charset_origin=decoded.origin, replaced=decoded.replaced)


def read(page: RawPage) -> Draft:
    """A draft of a seed file."""
    return read_page(page)
