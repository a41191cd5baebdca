"""Arrange the blocks of a draft: what stands twice, what is no text, what was torn, who is credited.

    title quotes -> repeated title -> exact copies -> duplicate body -> furniture -> captions -> credits -> footer
    -> joining -> headings -> likely captions

A body that stands twice goes before everything that looks at the end of the text. Captions go before credits: what
ends in 新华社记者 李四 摄 is a picture's, not the article's. Nothing is moved to another place, nothing is split.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cleaning.layout.captions import flag_likely_captions, mark_captions
from cleaning.layout.credits import lift_credits, read_footer
from cleaning.layout.duplicate_body import collapse_duplicate_body
from cleaning.layout.exact_copies import drop_exact_copies
from cleaning.layout.furniture import drop_furniture
from cleaning.layout.headings import mark_headings
from cleaning.layout.joining import join_sentences
from cleaning.layout.repeated_title import drop_repeated_title
from cleaning.layout.steps import TEXT_KINDS, Step
from cleaning.layout.title_quotes import restore_title_quotes
from models.records import Block, Draft, Repair

__all__ = ["STEPS", "arrange"]

STEPS: tuple[Step, ...] = (
    restore_title_quotes,
    drop_repeated_title,
    drop_exact_copies,
    collapse_duplicate_body,
    drop_furniture,
    mark_captions,
    lift_credits,
    read_footer,
    join_sentences,
    mark_headings,
    flag_likely_captions,
)


def arrange(doc: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft after all layout rules, and what each of them did or proposes. A second pass changes nothing."""
    repairs: list[Repair] = []
    for step in STEPS:
        doc, done = step(doc)
        repairs.extend(done)
    if any(block.image is not None for block in doc.blocks):
        doc = replace(doc, blocks=tuple(_place_images(doc.blocks)))
    return doc, tuple(repairs)


def _place_images(blocks: Sequence[Block]) -> Iterator[Block]:
    """Count anew what stands before each picture, after paragraphs were cut and joined."""
    before = 0
    for block in blocks:
        if block.image is not None and block.image.after_paragraph is not None:
            block = replace(block, image=replace(block.image, after_paragraph=before))
        before += block.kind in TEXT_KINDS
        yield block
