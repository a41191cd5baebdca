"""Writes runs, their lines by source, and the registry of sources that these refer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from models.accounts import RunKind, RunState, SourceTotals
from models.decide import Intent, KnownUrl
from models.errors import ConfigurationWrong, RunInProgress
from models.questions import count_column, source_totals
from models.records import Outcome
from models.tables import RUN, RUN_SOURCE, SOURCE
from models.writers.statements import add, add_missing, send, upsert

__all__ = [
    "SLOT",
    "count_outcomes",
    "describe_line",
    "ensure_sources",
    "lines_of",
    "pretend_run",
    "refuse_if_taken",
    "require_run",
    "sweep",
]

# The one slot that exclusive runs compete for; run.slot is unique.
SLOT = "exclusive"


def ensure_sources(connection: Connection, slugs: Iterable[str]) -> None:
    """A source that no file declares (a seed folder, a removed site) still gets its row."""
    rows = [{"slug": slug, "name": "", "kind": "", "enabled": True} for slug in sorted(set(slugs))]
    send(connection, add_missing(SOURCE), rows)


# A heartbeat from the future was made before the clock was set back. A run that lives sends another within a minute;
# an hour is more than clocks of two machines ever differ.
CLOCK_SET_BACK = timedelta(hours=1)


def sweep(connection: Connection, now: datetime) -> list[str]:
    silent = (RUN.c.lease_until < now) | (RUN.c.heartbeat_at > now + CLOCK_SET_BACK)
    expired = (RUN.c.state == RunState.RUNNING.value) & silent
    runs = list(connection.execute(select(RUN.c.id).where(expired).order_by(RUN.c.id)).scalars())
    if runs:
        crashed = update(RUN).where(RUN.c.id.in_(runs))
        message = "心跳停止 (its heartbeat stopped)"
        connection.execute(crashed.values(state=RunState.CRASHED.value, slot=None, finished_at=now, message=message))
    return runs


def refuse_if_taken(connection: Connection) -> None:
    taken = connection.execute(select(RUN.c.id, RUN.c.kind, RUN.c.lease_until).where(RUN.c.slot == SLOT)).first()
    if taken:
        raise RunInProgress(
            f"{taken.kind} {taken.id}", advice=f"wait for it, or until {taken.lease_until:%H:%M:%S} UTC"
        )


def pretend_run(connection: Connection, now: datetime) -> str:
    """A run for a transaction that will be rolled back."""
    values = {"id": "dry-run", "kind": RunKind.INGEST.value, "state": RunState.RUNNING.value, "message": ""}
    moments = {"started_at": now, "heartbeat_at": now, "lease_until": now}
    connection.execute(add(RUN), {**values, **moments, "parameters": {}})
    return "dry-run"


def require_run(connection: Connection, run: str) -> None:
    if connection.execute(select(RUN.c.id).where(RUN.c.id == run)).first() is None:
        raise ConfigurationWrong(f"run {run!r} was never begun", advice="call begin_run first")


def lines_of(connection: Connection, run: str) -> list[SourceTotals]:
    query = select(RUN_SOURCE).where(RUN_SOURCE.c.run == run).order_by(RUN_SOURCE.c.source)
    return [source_totals(row) for row in connection.execute(query).mappings()]


def describe_line(line: SourceTotals) -> str:
    counts = ", ".join(f"{outcome.value} {number}" for outcome, number in line.counts.items() if number)
    return f"{line.source}: discovered {line.discovered}, but {counts or 'no outcomes'}"


def count_outcomes(connection: Connection, run: str, intents: Sequence[Intent], before: Mapping[str, KnownUrl]) -> None:
    """Add the outcomes to the run's lines; a key that this run had counted already moves instead."""
    deltas: dict[str, Counter[str]] = {}
    for intent in intents:
        line = deltas.setdefault(intent.result.source, Counter())
        line[count_column(intent.outcome)] += 1
        earlier = before.get(intent.result.key)
        if earlier and earlier.is_of(run, intent.result.source) and earlier.outcome:
            line[count_column(earlier.outcome)] -= 1
    columns = [count_column(outcome) for outcome in Outcome]
    rows = [
        {"run": run, "source": source, "coverage": {}, "message": "", "discovered": 0, "known": 0, "passed_over": 0}
        | {"seconds": 0.0}
        | {name: line[name] for name in columns}
        for source, line in sorted(deltas.items())
    ]
    added = {name: f'run_source."{name}" + excluded."{name}"' for name in columns}
    connection.execute(upsert(RUN_SOURCE, ["run", "source"], (), added), rows)
