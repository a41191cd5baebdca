"""What the layout rules share: the shape of a rule, and the place of a block as people count."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.records import Block, BlockKind, Certainty, Draft, Repair

__all__ = ["TEXT_KINDS", "Step", "cut", "note", "place_of"]

Step = Callable[[Draft], tuple[Draft, tuple[Repair, ...]]]

TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.HEADING)


def place_of(blocks: Sequence[Block], index: int) -> str:
    """ "paragraph 8" of the blocks that the rule saw; headings are paragraphs, as in the record."""
    kind = blocks[index].kind
    kinds = TEXT_KINDS if kind in TEXT_KINDS else (kind,)
    number = sum(block.kind in kinds for block in blocks[: index + 1])
    return f"{(BlockKind.PARAGRAPH if kind in TEXT_KINDS else kind).value} {number}"


def note(
    rule: str, before: str, after: str, place: str, evidence: str, *, certainty: Certainty = Certainty.CERTAIN
) -> Repair:
    """A repair of one whole line; LOW certainty makes it a proposal."""
    return Repair(
        rule=rule,
        before=before,
        after=after,
        end=len(before),
        place=place,
        certainty=certainty,
        applied=certainty is not Certainty.LOW,
        candidates=(after,) if certainty is Certainty.LOW else (),
        evidence=evidence,
    )


def cut(rule: str, blocks: Sequence[Block], index: int, evidence: str) -> Repair:
    """The record of a block taken out of the text."""
    return note(rule, blocks[index].text, "", place_of(blocks, index), evidence)
