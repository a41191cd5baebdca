"""What the layout rules share: the shape of a rule, and the place of a block as people count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from models.records import Block, BlockKind, Certainty, Draft, Repair

__all__ = ["TEXT_KINDS", "Step", "cut", "name_places", "note", "place_of"]

Step = Callable[[Draft], tuple[Draft, tuple[Repair, ...]]]

TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.HEADING)


def place_of(blocks: Sequence[Block], index: int) -> str:
    """ "paragraph 8" of the blocks that the rule saw; headings are paragraphs, as in the record."""
    return name_places(blocks[: index + 1])[index]


def name_places(blocks: Sequence[Block]) -> list[str]:
    """``place_of`` every block: a rule that may note thousands of lines counts them once."""
    counts: Counter[str] = Counter()
    places: list[str] = []
    for block in blocks:
        kind = (BlockKind.PARAGRAPH if block.kind is BlockKind.HEADING else block.kind).value
        counts[kind] += 1
        places.append(f"{kind} {counts[kind]}")
    return places


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


def cut(rule: str, block: Block, place: str, evidence: str) -> Repair:
    """The record of a block taken out of the text."""
    return note(rule, block.text, "", place, evidence)
