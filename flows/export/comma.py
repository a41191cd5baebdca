"""CSV that opens right in Excel and WPS: UTF-8 with a byte order mark, and no cell that is run as a formula.

A text that begins with = + - @, tab, carriage return, line feed or an apostrophe (also in full width) gets one
apostrophe in front. So the original is had again by taking one apostrophe away from every cell that begins with one.
"""

from __future__ import annotations

import csv
from pathlib import Path

from flows.export.columns import Value, plain
from flows.export.plan import Plan

__all__ = ["guard", "unguard", "write"]

# What Excel, WPS or LibreOffice begin a formula with, and the apostrophe itself so that it can be taken away again.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠", "＇")


def write(plan: Plan, file: Path) -> int:
    rows = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(column.name for column in plan.columns)
        for article in plan.articles():
            writer.writerow(cell(column.read(article)) for column in plan.columns)
            rows += 1
    return rows


def cell(value: Value) -> str | int | float | None:
    written = plain(value)
    return guard(written) if isinstance(written, str) else written


def guard(text: str) -> str:
    return f"'{text}" if text.startswith(DANGEROUS) else text


def unguard(text: str) -> str:
    """What ``guard`` was given."""
    return text.removeprefix("'")
