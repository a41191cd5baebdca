"""What has become of each input of a run so far, and what that says of its source. Knows nothing of Prefect."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flows.health import ARRIVED, HISTORY_NIGHTS, Night, assess, nights_of
from flows.ingest import Batch, Discovered, FailedItem
from flows.inputs import Input
from flows.patience import insist
from flows.report import CHINA, SourceLine
from flows.session import Session
from models.accounts import SourceReport, SourceState
from models.records import Candidate, Outcome

__all__ = ["Tally", "Work", "close", "judge", "weigh"]

TELLING = 3  # URLs that all failed before that says something about the source


@dataclass(slots=True)
class Work:
    """What the tasks of a run share: the session, its inputs, and what has failed just now."""

    session: Session
    inputs: dict[str, Input]
    batches: dict[str, Sequence[Candidate]] = field(default_factory=dict)
    failed: dict[str, FailedItem] = field(default_factory=dict)
    again: dict[str, Batch] = field(default_factory=dict)  # URLs tried again by a retry of the run
    links: dict[str, str] = field(default_factory=dict)  # source or URL -> id of the task run that tells of it
    done: int = 0
    known: int = 0  # units of work that are known of so far: one per source, one per URL

    @property
    def run(self) -> str:
        return self.session.order.run

    def count(self, done: int) -> None:
        self.done += done

    @property
    def percent(self) -> float:
        return 100.0 * self.done / self.known if self.known else 0.0


@dataclass(slots=True)
class Tally:
    """What has become of one input so far in this run."""

    discovered: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    passed_over: int = 0
    known: int = 0
    failed: list[FailedItem] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    records: int = 0
    repairs: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    flapping: list[str] = field(default_factory=list)
    listed: int | None = None
    troubles: list[str] = field(default_factory=list)
    executed: bool = False  # something was done in this very run, not taken from an earlier attempt

    def add(self, done: Batch) -> None:
        self.counts.update(done.counts)
        self.quarantined += done.quarantined
        self.filled.update(done.filled)
        self.records += done.records
        self.repairs.update(done.repairs)
        self.doubts.update(done.doubts)
        self.flapping += done.flapping
        self.executed = True


def judge(found: Discovered, tally: Tally) -> tuple[SourceState, str]:
    """How a source did, and why."""
    tried = sum(tally.counts.values())
    if tally.troubles:
        state = SourceState.FAILED if not tried else SourceState.SUSPECT
        return state, "；".join(tally.troubles)
    if found.empty:
        return SourceState.SUSPECT, "列表中没有找到任何文章，网站结构可能已改变"
    if tried and tally.counts[Outcome.FAILED] == tried and (tried >= TELLING or not tally.known):
        # Its lists work, so a source with known articles is not dead; one or two bad pages are no sign at all.
        state = SourceState.SUSPECT if tally.known else SourceState.FAILED
        return state, f"{tried} 个网址全部失败，例如 {tally.failed[0].message if tally.failed else ''}"
    if tally.counts[Outcome.QUARANTINED] * 2 > tried:
        return SourceState.SUSPECT, "过半页面没有正文，网站结构可能已改变"
    return SourceState.OK, ""


async def weigh(work: Work, one: Input, tally: Tally, state: SourceState, message: str) -> tuple[SourceState, str]:
    """What the run alone says of a source, and what its habits say; the worse of the two."""
    if not one.watched or not tally.executed or state is SourceState.FAILED:
        return state, message
    store = work.session.tools.store
    lines = await asyncio.to_thread(store.source_history, one.slug, HISTORY_NIGHTS)
    verdict = assess(tonight_of(work, tally), nights_of(lines), one.floor)
    said = [reason for reason in verdict.reasons if reason not in message]
    worse = SourceState.FAILED if SourceState.FAILED in (state, verdict.state) else SourceState.SUSPECT
    return (worse, "；".join(filter(None, [message, *said]))) if verdict.reasons else (state, message)


def tonight_of(work: Work, tally: Tally) -> Night:
    seen = measure(tally)
    return Night(
        day=work.session.started.astimezone(CHINA).date(),
        new=sum(tally.counts[outcome] for outcome in ARRIVED),
        listed=tally.listed,
        empty=tally.listed == 0,
        records=tally.records,
        filled=seen,
        length=seen.get("length", 0.0),
    )


def measure(tally: Tally) -> dict[str, float]:
    """What is kept of a source per run, beside its outcomes; see SourceTotals.coverage."""
    seen = {name: n / tally.records for name, n in tally.filled.items()} if tally.records else {}
    listed = {} if tally.listed is None else {"listed": float(tally.listed)}
    return seen | {"records": float(tally.records)} | listed


async def close(
    work: Work,
    one: Input,
    tally: Tally,
    state: SourceState,
    message: str,
    notes: Sequence[str],
    start: float,
) -> SourceLine:
    """The line of the report, written to the database as well, which has counted for itself."""
    counts = Counter(tally.counts)
    counts[Outcome.UNCHANGED] += tally.known
    counts[Outcome.SKIPPED] += tally.passed_over
    line = SourceLine(
        slug=one.slug,
        name=one.name,
        state=state,
        discovered=tally.discovered,
        counts=dict(counts),
        seconds=time.monotonic() - start,
        message=message,
        notes=tuple(notes),
        failed=tuple(tally.failed),
        quarantined=tuple(tally.quarantined),
        repairs=dict(tally.repairs),
        doubts=dict(tally.doubts),
        flapping=tuple(tally.flapping),
        earlier=state is SourceState.OK and not tally.executed,
        task=work.links.get(one.slug, ""),
    )
    if line.balanced and not work.session.order.dry_run:
        return await write_line(work, line, tally)
    return line


async def write_line(work: Work, line: SourceLine, tally: Tally) -> SourceLine:
    """Keep the line; where the database has counted otherwise, its counts are shown and ours are a note."""
    totals = await insist(
        work.session.tools.store.record_source,
        work.run,
        SourceReport(
            source=line.slug,
            discovered=line.discovered,
            known=tally.known,
            passed_over=tally.passed_over,
            seconds=line.seconds,
            state=line.state,
            message=line.message,
            coverage=measure(tally),
        ),
    )
    ours = {outcome: n for outcome, n in line.counts.items() if n}
    theirs = {outcome: n for outcome, n in totals.counts.items() if n}
    if ours == theirs:
        return line
    return replace(line, counts=totals.counts, discovered=line.discovered, notes=(*line.notes, f"运行记得 {ours}"))
