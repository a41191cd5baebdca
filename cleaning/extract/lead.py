"""Find the summary or first paragraphs of an article that stand above the block which holds the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaning.byline import parse_byline
from cleaning.byline_story import is_told
from cleaning.extract.body import Body
from cleaning.extract.furniture import is_furniture, is_promotion
from cleaning.extract.lines import Line
from cleaning.extract.mass import is_prose
from cleaning.titles import fold_title

__all__ = ["with_lead"]

LEAST = 40  # characters of a paragraph; captions and slogans between title and text are shorter
MOST = 4  # paragraphs; with more, the block itself would have been chosen otherwise
ABOVE = 40  # lines above the block among which the title must stand, for nothing above a title is the article
OPENING = 24  # characters by which a summary that repeats the first paragraph is told
_ENDS = ("。", "！", "？", "”", "…", "」", "）")


def with_lead(body: Body, lines: Sequence[Line], first: int, title: str | None) -> Body:
    """The body with the paragraphs between its title and line ``first`` of the page put before it."""
    folded = fold_title(title or "")
    above = lines[max(0, first - ABOVE) : first]
    titles = [n for n, line in enumerate(above) if folded and len(line.text) < 150 and fold_title(line.text) == folded]
    if not titles:
        return body
    lead = [line for line in above[titles[-1] + 1 :] if _is_paragraph(line)]
    text = fold_title(body.text) if lead else ""
    new = [line for line in lead if fold_title(line.text)[:OPENING] not in text]
    weight = sum(len(line.text) for line in new)
    if not new or len(new) > MOST or weight > len(body.text):
        return body
    taken = {line.text for line in new}
    return replace(body, lines=(*new, *body.lines), head=tuple(line for line in body.head if line not in taken))


def _is_paragraph(line: Line) -> bool:
    if len(line.text) < LEAST or line.link or line.noise or line.hidden or line.caption:
        return False
    if not line.text.endswith(_ENDS) or not is_prose(line) or is_furniture(line.text) or is_promotion(line.text):
        return False
    return parse_byline(line.text).is_empty or is_told(line.text)
