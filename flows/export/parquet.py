"""Parquet, for notebooks and analysis: typed columns, lists as lists, moments in UTC. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from flows.export.columns import Column, Kind, Value
from flows.export.plan import Plan
from models.errors import ConfigurationWrong
from models.listing import Listed
from models.search.days import CHINA

__all__ = ["write"]

# Rows held in memory at a time: some megabytes of text, and groups that readers can skip.
GROUP = 1_000


def write(plan: Plan, file: Path) -> int:
    arrow, parquet = load_arrow()
    schema = arrow.schema([(column.name, type_of(arrow, column)) for column in plan.columns])
    rows = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in groups(plan.articles()):
            columns = [[in_arrow(column.read(article)) for article in group] for column in plan.columns]
            arrays = [arrow.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            rows += len(group)
    return rows


def load_arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigurationWrong(
            "Parquet 需要 pyarrow / Parquet needs pyarrow", advice='pip install "dangjian-etl[parquet]"'
        ) from error
    return pyarrow, pyarrow.parquet


def type_of(arrow: Any, column: Column) -> Any:
    types = {
        Kind.TEXT: arrow.string(),
        Kind.LIST: arrow.list_(arrow.string()),
        Kind.INTEGER: arrow.int64(),
        Kind.REAL: arrow.float64(),
        Kind.MOMENT: arrow.timestamp("us", tz="UTC"),
    }
    return types[column.kind]


def in_arrow(value: Value) -> Any:
    """A day is its midnight in China, as in the database; ``published_precision`` says that it is a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), CHINA)
    return list(value) if isinstance(value, tuple) else value


def groups(articles: Iterator[Listed]) -> Iterator[list[Listed]]:
    while group := list(islice(articles, GROUP)):
        yield group
