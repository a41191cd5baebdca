"""Read scraped plain text: one paragraph a line, the title first if there is one. Nothing is cut here."""

from __future__ import annotations

from cleaning.forms.head import Head, read_head
from cleaning.forms.lines import TextLine, mark_lost_pictures, split_lines, unwrap
from models.records import Block, BlockKind, Draft, Found, Origin, RawPage

__all__ = ["draft_of", "read_plain"]


def read_plain(page: RawPage, text: str, *, title_known: bool = False) -> Draft:
    """A draft of a text without markup. Repeated titles, comment boxes and footers stay: layout judges them.

    With ``title_known`` (from front matter or a JSON field) no line is taken for the title.
    """
    lines = unwrap(split_lines(text))
    head = Head() if title_known else read_head([line.text for line in lines[:8]])
    blocks = mark_lost_pictures(lines, [Block(BlockKind.PARAGRAPH, line.text) for line in lines])
    kept = tuple(block for n, block in enumerate(blocks) if n not in head.used)
    return draft_of(page, kept, head, Origin.FIRST_LINE, "plain", _first_raw(lines, head))


def _first_raw(lines: list[TextLine], head: Head) -> str:
    return "\n".join(lines[n].text for n in sorted(head.used))


def draft_of(
    page: RawPage, blocks: tuple[Block, ...], head: Head, origin: Origin, extractor: str, raw: str = ""
) -> Draft:
    """A draft of a page with what its head says; a head without title leaves the title empty."""
    return Draft(
        source=page.source,
        url=page.final_url or page.url,
        key=page.key,
        blocks=blocks,
        extractor=extractor,
        title=Found(head.title, origin, raw or head.title) if head.title else None,
        subtitle=Found(head.subtitle, origin, head.subtitle) if head.subtitle else None,
    )
