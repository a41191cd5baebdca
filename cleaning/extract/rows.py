"""Set the cells of a table's row on one line, so that a table reads row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from cleaning.extract.lines import Line, Outline
from cleaning.extract.mass import is_prose

__all__ = ["join_rows"]

CELL = 40  # characters; a longer cell is a text of its own, and its table made for layout
ROWS = 2  # of one row nobody can tell whether it is a table
ABOVE = 4  # blocks between a line and its row: <tr><td><div><p>


def join_rows(outline: Outline, lines: Sequence[Line]) -> list[Line]:
    """The lines with the cells of each row of a table of data joined by a blank; layout tables stay as they are."""
    groups = [(row, list(group)) for row, group in groupby(lines, lambda line: _row_of(outline, line))]
    tables = [row is not None and _is_row(group) for row, group in groups]
    if sum(tables) < ROWS:
        return list(lines)
    joined: list[Line] = []
    for (_, group), is_row in zip(groups, tables, strict=True):
        joined += [_join(group)] if is_row else group
    return joined


def _row_of(outline: Outline, line: Line) -> int | None:
    """The number of the row that holds a line of text."""
    number = line.node
    for _ in range(ABOVE):
        if number < 0 or line.image is not None:
            return None
        if outline.nodes[number].tag == "tr":
            return number
        number = outline.nodes[number].parent
    return None


def _is_row(group: Sequence[Line]) -> bool:
    cells = {line.node for line in group}
    return len(cells) > 1 and all(len(line.text) <= CELL and not is_prose(line) for line in group)


def _join(group: Sequence[Line]) -> Line:
    texts = [line.text for line in group if line.text]
    # Cells of a head are bold; a row is no heading all the same.
    return replace(group[0], text=" ".join(texts), link=sum(line.link for line in group), strong=0, level=0)
