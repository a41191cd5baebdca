"""JSON Lines: one object per article, lists as lists, nothing lost. For programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from flows.export.columns import Value, plain
from flows.export.plan import Plan

__all__ = ["write"]


def write(plan: Plan, file: Path) -> int:
    rows = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for article in plan.articles():
            values = {column.name: in_json(column.read(article)) for column in plan.columns}
            out.write(json.dumps(values, ensure_ascii=False) + "\n")
            rows += 1
    return rows


def in_json(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return plain(value) if isinstance(value, date) else value
