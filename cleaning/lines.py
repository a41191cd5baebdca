"""A draft as lines of text, and back: what lets a text rule see the whole document and touch one field at a time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from models.records import Block, BlockKind, Credit, Draft, Found, Image, Repair

__all__ = ["Line", "place_repairs", "read_lines", "read_texts", "write_lines"]


@dataclass(frozen=True, slots=True)
class Line:
    """One text field of a draft; ``text`` holds no line feed."""

    place: str  # "title", "paragraph 8" (headings counted), "caption 2", "author 1" ...
    text: str


_BREAKS = re.compile(r"[\r\n]+")

Visit = Callable[[str, str], str]  # (place, text) -> text


def read_lines(draft: Draft) -> tuple[Line, ...]:
    """Every text field of the draft, in a fixed order: title, byline, blocks, furniture."""
    lines: list[Line] = []

    def note(place: str, text: str) -> str:
        lines.append(Line(place, _unbreak(text)))
        return text

    _walk(draft, note)
    return tuple(lines)


def read_texts(draft: Draft) -> list[str]:
    """The texts of ``read_lines``, without their places, which nobody asks for where no rule repairs anything."""
    singles = (draft.kicker, draft.title, draft.subtitle, draft.medium, draft.platform)
    texts = [found.value for found in singles if found is not None]
    for names in (draft.authors, draft.editors):
        texts += names.value if names is not None else ()
    if draft.newspaper_page is not None:
        texts.append(draft.newspaper_page.value)
    for credit in draft.credits:
        texts += (credit.role, *credit.names, *credit.organisations)
    texts += draft.tags
    for block in draft.blocks:
        texts += [block.text] if block.text else []
        texts += [block.image.caption] if block.image is not None and block.image.caption else []
    texts += draft.furniture
    return list(map(_unbreak, texts))


def _unbreak(text: str) -> str:
    return _BREAKS.sub(" ", text.strip("\r\n")) if "\n" in text or "\r" in text else text


def write_lines(draft: Draft, texts: Iterable[str]) -> Draft:
    """The draft with its text fields replaced, in the order of ``read_lines``; blocks that became empty are dropped.

    Raises ValueError where the number of lines changed: a text rule must never add or remove a line break.
    """
    rest = iter(texts)

    def put(place: str, _: str) -> str:
        try:
            return next(rest)
        except StopIteration:
            raise ValueError(f"{draft.url}: no line left for {place}: a text rule removed a line break") from None

    changed = _walk(draft, put)
    if next(rest, None) is not None:
        raise ValueError(f"{draft.url}: lines left over: a text rule added a line break")
    blocks = tuple(b for b in changed.blocks if b.text.strip() or b.image is not None)
    return changed if len(blocks) == len(changed.blocks) else replace(changed, blocks=blocks)


def place_repairs(repairs: Iterable[Repair], lines: tuple[Line, ...], text: str) -> tuple[Repair, ...]:
    """The repairs with ``place`` filled from their offsets in ``text``, the lines joined as the rule saw them."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    return tuple(r if r.place else replace(r, place=_place_at(r, lines, starts)) for r in repairs)


def _place_at(repair: Repair, lines: tuple[Line, ...], starts: list[int]) -> str:
    if not lines or (repair.start == 0 and repair.end >= starts[-1] - 1 and len(lines) > 1):
        return "document"
    return lines[min(bisect_right(starts, repair.start), len(lines)) - 1].place


def _walk(draft: Draft, visit: Visit) -> Draft:
    return replace(
        draft,
        kicker=_found("kicker", draft.kicker, visit),
        title=_found("title", draft.title, visit),
        subtitle=_found("subtitle", draft.subtitle, visit),
        medium=_found("medium", draft.medium, visit),
        platform=_found("platform", draft.platform, visit),
        authors=_found_all("author", draft.authors, visit),
        editors=_found_all("editor", draft.editors, visit),
        newspaper_page=_found("newspaper page", draft.newspaper_page, visit),
        credits=tuple(_credit(n, c, visit) for n, c in enumerate(draft.credits, 1)),
        tags=_all("tag", draft.tags, visit),
        blocks=_blocks(draft.blocks, visit),
        furniture=_all("furniture", draft.furniture, visit),
    )


def _found(place: str, found: Found[str] | None, visit: Visit) -> Found[str] | None:
    return None if found is None else Found(visit(place, found.value), found.origin, found.raw)


def _found_all(place: str, found: Found[tuple[str, ...]] | None, visit: Visit) -> Found[tuple[str, ...]] | None:
    return None if found is None else Found(_all(place, found.value, visit), found.origin, found.raw)


def _all(place: str, values: tuple[str, ...], visit: Visit) -> tuple[str, ...]:
    return tuple(visit(f"{place} {n}", value) for n, value in enumerate(values, 1))


def _credit(number: int, credit: Credit, visit: Visit) -> Credit:
    place = f"credit {number}"
    return Credit(
        visit(place, credit.role),
        tuple(visit(place, name) for name in credit.names),
        tuple(visit(place, name) for name in credit.organisations),
    )


def _blocks(blocks: tuple[Block, ...], visit: Visit) -> tuple[Block, ...]:
    counts: Counter[str] = Counter()
    done: list[Block] = []
    for block in blocks:
        # Headings are paragraphs of the record, so they share one numbering.
        kind = (BlockKind.PARAGRAPH if block.kind is BlockKind.HEADING else block.kind).value
        counts[kind] += 1
        text = visit(f"{kind} {counts[kind]}", block.text) if block.text else ""
        image = _image(counts[kind], block.image, visit)
        same = text is block.text and image is block.image
        done.append(block if same else Block(block.kind, text, image, block.level))
    return tuple(done)


def _image(number: int, image: Image | None, visit: Visit) -> Image | None:
    if image is None or not image.caption:
        return image
    return replace(image, caption=visit(f"image {number}", image.caption))
