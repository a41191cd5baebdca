"""Short ways to write the drafts of the layout tests, and to look at what came of them."""

from __future__ import annotations

from datetime import UTC, datetime

from cleaning.forms import read_page
from cleaning.layout import arrange
from models.records import Block, BlockKind, Draft, Found, MediaType, Origin, RawPage, Repair, sha256

TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.HEADING)


def draft(*texts: str | Block, title: str | None = None, extractor: str = "plain") -> Draft:
    blocks = tuple(t if isinstance(t, Block) else Block(BlockKind.PARAGRAPH, t) for t in texts)
    found = Found(title, Origin.HEADING, title) if title else None
    return Draft("tests", "seed:text.txt", "0" * 64, blocks, extractor=extractor, title=found)


def raw(text: str, media_type: MediaType = MediaType.PLAIN) -> RawPage:
    return RawPage("tests", "seed:text.txt", sha256(b"t"), text.encode(), datetime(2026, 1, 1, tzinfo=UTC), media_type)


def arranged(text: str, media_type: MediaType = MediaType.PLAIN) -> tuple[Draft, tuple[Repair, ...]]:
    """A page as text, read and arranged; a second pass must find nothing to do."""
    doc, repairs = arrange(read_page(raw(text, media_type)))
    again, more = arrange(doc)
    assert again == doc
    assert not [r for r in more if r.applied]
    return doc, repairs


def paragraphs(doc: Draft) -> list[str]:
    return [b.text for b in doc.blocks if b.kind in TEXT_KINDS]


def headings(doc: Draft) -> list[str]:
    return [b.text for b in doc.blocks if b.kind is BlockKind.HEADING]


def captions(doc: Draft) -> list[str]:
    return [b.text for b in doc.blocks if b.kind is BlockKind.CAPTION]


def applied(repairs: tuple[Repair, ...], rule: str) -> list[str]:
    return [r.before for r in repairs if r.rule == rule and r.applied]


def flagged(repairs: tuple[Repair, ...], rule: str) -> list[str]:
    return [r.before for r in repairs if r.rule == rule and not r.applied]
