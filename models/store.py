"""The only way to write the database: every write is one transaction, and safe to do again.

    begin_run -> (register, known, enqueue) -> save_pages -> apply -> record_source -> finish_run
    join_stories, split_story, rebuild_stories: by hand

Identities come from the data, never from counters or clocks: an article is the key of its canonical URL, a page
is the hash of its bytes. So a run that is killed anywhere and started again, or two runs at once, leave the rows
of one undisturbed run. What is written within a transaction stands in ``models.writers``, by table.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, Select, delete, select, update

from models.accounts import (
    HealthState,
    ListState,
    RunKind,
    RunState,
    Saved,
    SourceEntry,
    SourceHealth,
    SourceReport,
    SourceTotals,
)
from models.archive import Archive, write_archive
from models.database import be_patient, compact, open_engine, reading, writing
from models.decide import Result
from models.errors import ConfigurationWrong, OutcomesDoNotBalance
from models.migrate import migrate
from models.questions import Questions, known_urls
from models.records import Candidate, Outcome, RawPage
from models.retention import Leavings, Retention, count_leavings, finished_pages, unneeded_pages
from models.stories import Verdict
from models.tables import (
    ARTICLE,
    CANDIDATE,
    RUN,
    RUN_SOURCE,
    SENTENCE_MARK,
    SOURCE,
    SOURCE_HEALTH,
    SOURCE_LIST,
    STORY_DECISION,
    WORDING_BOND,
)
from models.wording import Relate, relate_equal
from models.writers.batch import apply_batch
from models.writers.pages import save_part
from models.writers.restore import restore
from models.writers.retention import DIGITS, drop_bodies, drop_runs, drop_some_pages
from models.writers.runs import (
    SLOT,
    describe_line,
    ensure_sources,
    lines_of,
    pretend_run,
    refuse_if_taken,
    require_run,
    sweep,
)
from models.writers.search import index_missing, reset_index
from models.writers.statements import add, add_missing, send, upsert, without_repeats
from models.writers.stories import compare_some, require_articles, settle_stories
from models.writers.urls import candidate_row, list_row, renew_hints

__all__ = ["DEFAULT_LEASE", "Store"]

# Three missed heartbeats of five minutes each.
DEFAULT_LEASE = timedelta(minutes=15)


class Store(Questions):
    """One database, SQLite or PostgreSQL. Safe to share between threads; open one per process."""

    def __init__(self, engine: Engine, relate: Relate = relate_equal) -> None:
        super().__init__(engine)
        self._relate = relate

    @classmethod
    def open(cls, url: str, *, migrate: bool = False, relate: Relate = relate_equal, patience: float = 0.0) -> Self:
        """Open the database at ``url`` ("sqlite:///data/dangjian.db", "postgresql://user@host/db").

        ``relate`` says which texts are copies; all who write a database must be given the same.
        ``patience``: seconds to wait for a database that is locked or gone, see models.database.be_patient.
        For SQLite the folder is made if it is missing. Raises DatabaseUrlWrong.
        """
        store = cls(open_engine(url), relate)
        be_patient(store._engine, patience)
        if migrate:
            store.migrate()
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def migrate(self) -> str:
        """Bring the tables to the newest revision and answer its name; two processes at once are safe.

        Raises DatabaseTooNew if a later version of the program has been here.
        """
        return migrate(self._engine)

    def back_up(self, file: Path, now: datetime) -> Archive:
        """Write all tables of this moment into ``file``, see models.archive.write_archive; runs may go on meanwhile."""
        return write_archive(self._engine, file, now)

    def restore(self, archive: Archive, *, replace: bool = False) -> None:
        """Fill this database from a backup, see models.writers.restore; then make its search index."""
        restore(self._engine, archive, replace=replace)
        self.rebuild_search()

    def close(self) -> None:
        """Give all connections back. The store can not be used afterwards."""
        self._engine.dispose()

    # Runs

    def begin_run(
        self,
        kind: RunKind,
        *,
        now: datetime,
        flow_run_id: str | None = None,
        parameters: Mapping[str, object] | None = None,
        lease: timedelta = DEFAULT_LEASE,
        exclusive: bool = True,
    ) -> str:
        """Open a run and answer its id.

        Runs whose lease has run out are swept first. Raises RunInProgress if this run is to be exclusive and
        another exclusive one is alive. A subflow works under the run of its parent, it does not begin its own.
        """
        run = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        with writing(self._engine) as connection:
            sweep(connection, now)
            if exclusive:
                refuse_if_taken(connection)
            values = {
                "id": run,
                "kind": kind.value,
                "state": RunState.RUNNING.value,
                "slot": SLOT if exclusive else None,
                "started_at": now,
                "heartbeat_at": now,
                "lease_until": now + lease,
                "flow_run_id": flow_run_id,
                "parameters": dict(parameters or {}),
                "message": "",
            }
            connection.execute(add(RUN), values)
        return run

    def heartbeat(self, run: str, now: datetime, *, lease: timedelta = DEFAULT_LEASE) -> None:
        """Say that the run is alive, and extend its lease. Call at least every third of the lease."""
        alive = update(RUN).where(RUN.c.id == run, RUN.c.state == RunState.RUNNING.value)
        with writing(self._engine) as connection:
            connection.execute(alive.values(heartbeat_at=now, lease_until=now + lease))

    def finish_run(self, run: str, *, now: datetime, state: RunState, message: str = "") -> None:
        """Close a run. Raises OutcomesDoNotBalance (and closes it as failed) if a source's outcomes do not add up.

        A run that is closed as failed or crashed need not balance.
        """
        crooked: list[SourceTotals] = []
        with writing(self._engine) as connection:
            require_run(connection, run)
            if state in (RunState.COMPLETED, RunState.PARTIAL):
                crooked = [line for line in lines_of(connection, run) if not line.balanced]
            if crooked:
                state, message = RunState.FAILED, "; ".join(describe_line(line) for line in crooked)
            closed = update(RUN).where(RUN.c.id == run)
            connection.execute(closed.values(state=state.value, finished_at=now, slot=None, message=message))
        if crooked:
            raise OutcomesDoNotBalance(
                message, source=", ".join(line.source for line in crooked), expected="discovered == sum of outcomes"
            )

    def note_run(self, run: str, values: Mapping[str, object]) -> None:
        """Keep further parameters of a run: how far it has come, for the next one to go on there."""
        with writing(self._engine) as connection:
            known = connection.execute(select(RUN.c.parameters).where(RUN.c.id == run)).scalar_one()
            connection.execute(update(RUN).where(RUN.c.id == run).values(parameters={**known, **values}))

    def sweep_crashed(self, now: datetime) -> list[str]:
        """Mark runs whose lease has run out as crashed; answer their ids."""
        with writing(self._engine) as connection:
            return sweep(connection, now)

    def record_source(self, run: str, report: SourceReport) -> SourceTotals:
        """Write the line of one source of a run. Doing it again replaces it."""
        values = {
            "discovered": report.discovered,
            "known": report.known,
            "passed_over": report.passed_over,
            "seconds": report.seconds,
            "state": report.state.value,
            "message": report.message,
            "coverage": dict(report.coverage),
        }
        with writing(self._engine) as connection:
            require_run(connection, run)
            ensure_sources(connection, [report.source])
            row = {"run": run, "source": report.source, **values}
            connection.execute(upsert(RUN_SOURCE, ["run", "source"], row), row)
            return next(line for line in lines_of(connection, run) if line.source == report.source)

    # Sources and lists

    def register(self, sources: Iterable[SourceEntry]) -> None:
        """Bring the registry up to date with the source files. A source whose file is gone stays as it was."""
        rows = [asdict(source) for source in {source.slug: source for source in sources}.values()]
        if rows:
            with writing(self._engine) as connection:
                send(connection, upsert(SOURCE, ["slug"], rows[0]), rows)

    def note_health(self, standings: Iterable[SourceHealth], now: datetime) -> None:
        """Keep how sources stand. ``since`` moves only where the state is another than before."""
        by_source = {one.source: one for one in standings}
        rows = [
            {"source": slug, "state": one.state.value, "reason": one.reason, "since": now, "judged_at": now}
            for slug, one in by_source.items()
        ]
        if not rows:
            return
        with writing(self._engine) as connection:
            ensure_sources(connection, by_source)
            since = "CASE WHEN source_health.state = excluded.state THEN source_health.since ELSE excluded.since END"
            send(connection, upsert(SOURCE_HEALTH, ["source"], rows[0], {"since": since}), rows)

    def mark_told(self, told: Mapping[str, HealthState]) -> None:
        """Remember which state of each source people were told of."""
        with writing(self._engine) as connection:
            for source, state in told.items():
                of_source = update(SOURCE_HEALTH).where(SOURCE_HEALTH.c.source == source)
                connection.execute(of_source.values(told=state.value))

    # URLs

    def enqueue(
        self,
        run: str | None,
        candidates: Sequence[Candidate],
        now: datetime,
        *,
        lists: Sequence[ListState] = (),
        relisted: Sequence[Candidate] = (),
    ) -> int:
        """Remember candidates and the validators of the lists that named them, in one transaction.

        Known keys are left as they are (the first source to name a URL keeps it), but for the hints of ``relisted``:
        articles whose entry in the list changed. Pass only lists that were read well: after a 304 their candidates
        come from ``unfinished``. Answers how many keys were new.
        """
        rows = {candidate.key: candidate_row(candidate, run, now) for candidate in candidates}
        with writing(self._engine) as connection:
            ensure_sources(connection, [*(c.source for c in candidates), *(state.source for state in lists)])
            known = known_urls(connection, rows)
            new = [row for key, row in rows.items() if key not in known]
            send(connection, add_missing(CANDIDATE), new)
            renew_hints(connection, relisted)
            if lists:
                listed = list({(state.source, state.url): list_row(state, now) for state in lists}.values())
                send(connection, upsert(SOURCE_LIST, ["source", "url_hash"], listed[0]), listed)
        return len(new)

    # Raw pages

    def save_raw(self, page: RawPage) -> Saved:
        """``save_pages`` of a single page."""
        return self.save_pages([page])[0]

    def save_pages(self, pages: Sequence[RawPage]) -> list[Saved]:
        """Store the bytes of pages by their hash, before anything is parsed, and mark their URLs as fetched.

        One transaction for all: a sync to disk costs more than a page. The same bytes again write nothing but the
        URL's clock; a URL that was done with them stays done. Answers one ``Saved`` per page, in order.
        """
        saved: list[Saved] = []
        with writing(self._engine) as connection:
            ensure_sources(connection, [page.source for page in pages])
            for part in without_repeats(pages):
                saved += save_part(connection, part)
        return saved

    # Results

    def apply(self, run: str, results: Sequence[Result], now: datetime, *, dry_run: bool = False) -> list[Outcome]:
        """Decide and write a batch (50 to 500 results) in one transaction; answer one outcome per result, in order.

        A row that the database refuses costs itself only: it goes to the quarantine. Applying a batch of the
        same run again changes nothing and answers the same outcomes. With ``dry_run`` nothing is written, and the
        run need not exist.
        Raises DatabaseBusy; then nothing of the batch was written.
        """
        outcomes: list[Outcome] = []
        with writing(self._engine) as connection:
            if dry_run:
                run = pretend_run(connection, now)
            else:
                require_run(connection, run)
            for batch in without_repeats(results):
                outcomes += apply_batch(connection, run, batch, now, self._relate)
            if dry_run:
                connection.rollback()
        return outcomes

    # Stories by hand

    def join_stories(self, first: str, second: str, now: datetime, note: str = "") -> None:
        """Make the stories of two articles one, for good. Raises ConfigurationWrong if there is no such article."""
        self._decide_by_hand(first, second, Verdict.JOIN, now, note)

    def split_story(self, out: str, stays: str, now: datetime, note: str = "") -> None:
        """Take the article ``out`` out of the story of ``stays``, for good. Raises ConfigurationWrong."""
        self._decide_by_hand(out, stays, Verdict.SPLIT, now, note)

    def _decide_by_hand(self, first: str, second: str, verdict: Verdict, now: datetime, note: str) -> None:
        if first == second:
            raise ConfigurationWrong(f"article {first} twice", expected="two articles")
        with writing(self._engine) as connection:
            require_articles(connection, (first, second))
            pair = STORY_DECISION.c.first.in_((first, second)) & STORY_DECISION.c.second.in_((first, second))
            connection.execute(delete(STORY_DECISION).where(pair))
            row = {"first": first, "second": second, "verdict": verdict.value, "note": note, "at": now}
            connection.execute(add(STORY_DECISION), row)
            settle_stories(connection, (first, second), (), self._relate)

    def rebuild_stories(self, *, everything: bool = False) -> int:
        """Find the stories of articles that were never compared; of ``everything`` after the comparison changed.

        In small transactions: killed and called again (without ``everything``), it goes on. Decisions by hand stay.
        Answers how many articles it looked at.
        """
        if everything:
            with writing(self._engine) as connection:
                connection.execute(delete(WORDING_BOND))
                connection.execute(delete(SENTENCE_MARK))
                connection.execute(update(ARTICLE).values(wording=None))
        done, after = 0, ""
        while True:
            with writing(self._engine) as connection:
                keys = compare_some(connection, after, self._relate)
            if not keys:
                return done
            done, after = done + len(keys), keys[-1]

    # Housekeeping

    def count_leavings(self, retention: Retention) -> Leavings:
        """What ``drop_leavings`` would drop."""
        with reading(self._engine) as connection:
            return count_leavings(connection, retention)

    def drop_leavings(self, retention: Retention) -> Leavings:
        """Drop what is not kept any longer, in small transactions: killed and called again, it goes on.

        No article, version, repair, quarantined page, run that is at work or decision by hand is ever dropped.
        """
        pages = self._drop_pages(unneeded_pages(retention)) if retention.unneeded_before else 0
        finished = self._drop_pages(finished_pages(retention)) if retention.pages_before else 0
        bodies = size = runs = 0
        for digit in DIGITS:
            with writing(self._engine) as connection:
                part = drop_bodies(connection, digit)
            bodies, size = bodies + part.bodies, size + part.size
        if retention.runs_before:
            with writing(self._engine) as connection:
                runs = drop_runs(connection, retention)
        return Leavings(pages, finished, bodies, size, runs)

    def _drop_pages(self, query: Select[Any]) -> int:
        dropped, after = 0, ""
        while True:
            with writing(self._engine) as connection:
                ids = drop_some_pages(connection, query, after)
            if not ids:
                return dropped
            dropped, after = dropped + len(ids), ids[-1]

    def compact(self) -> None:
        """Give the room of what was dropped back to the disk. Needs as much free space as the database is large."""
        compact(self._engine)

    # Search

    def rebuild_search(self, *, everything: bool = False) -> int:
        """Put into the search index what is not in it: articles of an older database; ``everything`` from nothing.

        In small transactions: killed and called again (without ``everything``), it goes on. Answers how many.
        """
        with writing(self._engine) as connection:
            reset_index(connection, everything=everything)
        done, after = 0, ""
        while True:
            with writing(self._engine) as connection:
                keys = index_missing(connection, after)
            if not keys:
                return done
            done, after = done + len(keys), keys[-1]
