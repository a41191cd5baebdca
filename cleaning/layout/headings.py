"""Tell headings from paragraphs, and put together a headline that the page set in pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cleaning.layout.folding import ends_sentence, fold
from cleaning.layout.steps import name_places, note
from models.records import Block, BlockKind, Certainty, Draft, Repair

__all__ = ["mark_headings"]

RULE = "headline-pieces"
LONGEST = 40  # characters; longer lines without a final mark are broken sentences or lists
RUN = 3  # more short lines in a row are a list, a table or verses
PIECE = 16  # characters of one line of a headline in a narrow column
WHOLE = 40

_NOT_LAST = "，,、；;：:—"
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]|第[一二三四五六七八九十百\d]{1,4}[章节条部分篇])"
)
_NO_HEADING = re.compile(r"^[\W\d_]+$|https?:|www\.|@|^\d+[.、)]|^[(\[【]|^[-•●·*]|[\t|]|[)\]】]$|^[\x00-\x7f]+$")
_HAN = re.compile(r"[\u3400-\u9fff]")

# 龙城街道：全力推动…提升。 – a heading that is a sentence: a label, a colon, a slogan.
_LABELLED = re.compile(r"^(?P<label>[\u4e00-\u9fffA-Za-z0-9·“”]{2,14})[：:](?P<slogan>[^。：:]{4,36})。?$")
LABEL_NEARBY = 60  # the section below names its label within so many characters
LONGER_BELOW = 3  # times: a section is much longer than its heading
PARALLEL = 2  # one such line alone may be somebody speaking


def mark_headings(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with its headings marked. Text changes only where pieces of one headline become one line.

    Pieces are joined in e-paper text alone: there a headline is set line by line, and the exporter makes
    a paragraph of each line.
    """
    blocks, repairs = _join_pieces(draft.blocks) if draft.extractor == "markdown" else (draft.blocks, ())
    marked = _mark_labelled(_mark_short(blocks))
    return (replace(draft, blocks=marked) if marked != draft.blocks else draft), repairs


def _mark_short(blocks: Sequence[Block]) -> tuple[Block, ...]:
    marked = list(blocks)
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and _may_be_heading(blocks[end]):
            end += 1
        if start < end <= start + RUN and _opens_section(blocks, end):
            marked[start:end] = [replace(b, kind=BlockKind.HEADING) for b in blocks[start:end]]
        start = max(end, start + 1)
    return tuple(marked)


def _may_be_heading(block: Block) -> bool:
    if block.kind is not BlockKind.PARAGRAPH or not 2 <= len(block.text) <= LONGEST:
        return False
    text = fold(block.text)
    if _NUMBERED.match(text):
        return not ends_sentence(text) and text[-1] not in ",;"
    return (
        text[-1] not in _NOT_LAST
        and not _is_sentence(text)
        and not _NO_HEADING.search(text)
        and bool(_HAN.search(text))
    )


def _is_sentence(text: str) -> bool:
    # A quoted word at the end (效果却“差意思”) ends nothing; a question may well be a heading.
    is_question = text[-1] == "?" and len(text) <= LONGEST // 2 and ":" not in text
    return text.rstrip("”’」』)》")[-1:] in tuple("。!…?") and not is_question


def _opens_section(blocks: Sequence[Block], index: int) -> bool:
    """Whether running text stands at ``index``, pictures and captions aside."""
    for block in blocks[index : index + 4]:
        if block.kind is BlockKind.PARAGRAPH:
            return len(block.text) > LONGEST // 2 and (ends_sentence(block.text) or block.text[-1] in "：:；;")
        if block.kind is BlockKind.HEADING:
            return True
    return False


def _mark_labelled(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    found = [n for n in range(len(blocks) - 1) if _is_labelled(blocks[n], blocks[n + 1])]
    if len(found) < PARALLEL:
        return blocks
    chosen = set(found)
    return tuple(replace(b, kind=BlockKind.HEADING) if n in chosen else b for n, b in enumerate(blocks))


def _is_labelled(block: Block, below: Block) -> bool:
    match = _LABELLED.match(block.text) if block.kind is BlockKind.PARAGRAPH and len(block.text) <= 52 else None
    if match is None or below.kind is not BlockKind.PARAGRAPH or len(below.text) < LONGER_BELOW * len(block.text):
        return False
    return match["label"] in below.text[:LABEL_NEARBY]


def _join_pieces(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Repair, ...]]:
    done: list[Block] = []
    repairs: list[Repair] = []
    places = name_places(blocks)
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and _is_piece(blocks[end]):
            end += 1
        pieces = blocks[start:end]
        if 2 <= len(pieces) <= RUN and sum(len(b.text) for b in pieces) <= WHOLE and _opens_section(blocks, end):
            whole = " ".join(b.text for b in pieces)
            done.append(Block(BlockKind.HEADING, whole, level=max(b.level for b in pieces)))
            before = "⏎".join(b.text for b in pieces)
            repairs.append(note(RULE, before, whole, places[start], "lines of one headline", certainty=Certainty.HIGH))
            start = end
            continue
        done.extend(blocks[start : max(end, start + 1)])
        start = max(end, start + 1)
    return tuple(done), tuple(repairs)


def _is_piece(block: Block) -> bool:
    # A line with a # or in bold was meant as a heading of its own.
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(block.text) <= PIECE
        and _may_be_heading(block)
        and not _NUMBERED.match(block.text)
    )
