"""Take out the title where it stands again in the text: as lines of its own, or glued to the first sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cleaning.layout.folding import fold, han_only
from cleaning.layout.steps import TEXT_KINDS, cut, note, place_of
from models.records import Block, BlockKind, Certainty, Draft, Repair

__all__ = ["drop_repeated_title"]

RULE = "repeated-title"
HEAD = 6  # blocks: further down, a line equal to the title is a heading of the story
SHORTEST_GLUED = 8  # characters: a shorter title may well begin a sentence
# Marks and words that carry a sentence on: what follows them was not glued, it belongs to the words before.
_CARRIES_ON = re.compile(r"[，,。；;：:、！!？?”’）)》\-—…·的了是在和与及等将为]")
# Words that open a report and never carry on a headline.
_OPENS = re.compile(
    r"[“‘（(【]|\d|近日|日前|近年|近期|连日来|本报|本网|本刊|新华社|新华网|中新|人民网|今年|去年|据|为了|为深入|为进一步|走进|记者"
)
_BREAKS_INSIDE = re.compile(r"\S[ \u3000]+\S|[①-⑳⑴-⒇]|[!！?？]")


def drop_repeated_title(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft without lines that only repeat title, kicker or subtitle, and with a glued title cut off the lead.

    A glued title is cut only with a second sign: the same lead stands again without it, the title has the blank
    or the mark of a headline inside, or it was repeated as a line and a lead opens behind it. Otherwise it is flagged.
    """
    if draft.title is None or not draft.blocks:
        return draft, ()
    said = {han_only(fold(f.value)) for f in (draft.title, draft.kicker, draft.subtitle) if f is not None}
    if draft.subtitle:
        said.add(han_only(fold(draft.title.value + draft.subtitle.value)))
    said.discard("")
    repeated = _repeated_lines(draft.blocks, said)
    repairs = [cut(RULE, draft.blocks[n], place_of(draft.blocks, n), "the line says the title again") for n in repeated]
    kept = tuple(b for n, b in enumerate(draft.blocks) if n not in repeated)
    blocks, glued = _unglue(kept, draft.title.value, bool(repeated))
    if not repeated and not glued:
        return draft, ()
    return replace(draft, blocks=blocks), (*repairs, *glued)


def _repeated_lines(blocks: Sequence[Block], said: set[str]) -> list[int]:
    # The text must go on below: a page that is nothing but its title keeps it.
    limit = min(HEAD, len(blocks) - 1)
    longest = 2 * max(map(len, said), default=0)  # marks and blanks never make half of a headline
    short = [n for n in range(limit) if blocks[n].kind in TEXT_KINDS and len(blocks[n].text) <= longest]
    return [n for n in short if han_only(fold(blocks[n].text)) in said]


def _unglue(blocks: tuple[Block, ...], title: str, was_repeated: bool) -> tuple[tuple[Block, ...], tuple[Repair, ...]]:
    first = next((n for n, b in enumerate(blocks[:HEAD]) if b.kind is BlockKind.PARAGRAPH), None)
    if first is None or len(title) < SHORTEST_GLUED:
        return blocks, ()
    text = blocks[first].text
    rest = _behind_title(text, title)
    if not rest or _CARRIES_ON.match(fold(rest)):
        return blocks, ()
    evidence = _evidence(blocks, first, rest, title, was_repeated)
    if evidence is None:
        return blocks, (
            note(RULE, text, rest, place_of(blocks, first), "begins like the title", certainty=Certainty.LOW),
        )
    changed = replace(blocks[first], text=rest)
    repair = note(RULE, text[: len(text) - len(rest)], "", place_of(blocks, first), evidence)
    return (*blocks[:first], changed, *blocks[first + 1 :]), (repair,)


def _behind_title(text: str, title: str) -> str:
    """What stands behind the title at the start of ``text``; blanks may differ, the marks of both must agree."""
    at = 0
    folded_text, folded_title = fold(text[: 2 * len(title)]), fold(title)
    for char in folded_title:
        if char.isspace():
            continue
        while at < len(folded_text) and folded_text[at].isspace():
            at += 1
        if at >= len(folded_text) or folded_text[at] != char:
            return ""
        at += 1
    return text[at:].strip(" \u3000")


def _evidence(blocks: Sequence[Block], first: int, rest: str, title: str, was_repeated: bool) -> str | None:
    opening = han_only(rest)[:12]
    if len(opening) >= 6 and any(han_only(b.text).startswith(opening) for b in blocks[first + 1 :] if b.text):
        return "the same lead stands again without the title"
    if was_repeated and _OPENS.match(fold(rest)):
        return "the title also stands as a line of its own"
    return "the title is a headline, with a break inside" if _BREAKS_INSIDE.search(title) else None
