"""The only module that writes the database: every write is one transaction, and safe to do again.

    begin_run -> (register, known, enqueue) -> save_raw -> apply -> record_source -> finish_run

Identities come from the data, never from counters or clocks: an article is the key of its canonical URL, a page
is the hash of its bytes. So a run that is killed anywhere and started again, or two runs at once, leave the rows
of one undisturbed run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from models.accounts import (
    ArticleEntry,
    FailedUrl,
    ListState,
    QuarantineEntry,
    RunInfo,
    RunKind,
    RunState,
    Saved,
    Selection,
    SourceEntry,
    SourceReport,
    SourceTotals,
    StoredPage,
    Totals,
)
from models.decide import KnownUrl, Result, Stage
from models.records import Candidate, Outcome, RawPage, Record

__all__ = ["DEFAULT_LEASE", "Store"]

# Three missed heartbeats of five minutes each.
DEFAULT_LEASE = timedelta(minutes=15)

_EVERYTHING = Selection()


class Store:
    """One database, SQLite or PostgreSQL. Safe to share between threads; open one per process."""

    @classmethod
    def open(cls, url: str, *, migrate: bool = False) -> Self:
        """Open the database at ``url`` ("sqlite:///data/dangjian.db", "postgresql://user@host/db").

        For SQLite the folder is made if it is missing. Raises DatabaseUrlWrong.
        """
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def migrate(self) -> str:
        """Bring the tables to the newest revision and answer its name; two processes at once are safe.

        Raises DatabaseTooNew if a later version of the program has been here.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Give all connections back. The store can not be used afterwards."""
        raise NotImplementedError

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
        raise NotImplementedError

    def heartbeat(self, run: str, now: datetime, *, lease: timedelta = DEFAULT_LEASE) -> None:
        """Say that the run is alive, and extend its lease. Call at least every third of the lease."""
        raise NotImplementedError

    def finish_run(self, run: str, *, now: datetime, state: RunState, message: str = "") -> None:
        """Close a run. Raises OutcomesDoNotBalance (and closes it as failed) if a source's outcomes do not add up."""
        raise NotImplementedError

    def sweep_crashed(self, now: datetime) -> list[str]:
        """Mark runs whose lease has run out as crashed; answer their ids."""
        raise NotImplementedError

    def record_source(self, run: str, report: SourceReport) -> SourceTotals:
        """Write the line of one source of a run. Doing it again replaces it."""
        raise NotImplementedError

    # Sources and lists

    def register(self, sources: Iterable[SourceEntry]) -> None:
        """Bring the registry up to date with the source files; a source without a file is kept, disabled or not."""
        raise NotImplementedError

    def sources(self) -> list[SourceEntry]:
        raise NotImplementedError

    def list_state(self, source: str, url: str) -> ListState | None:
        """Validators for a conditional request; None if the list was never read well."""
        raise NotImplementedError

    # URLs

    def known(self, keys: Iterable[str]) -> dict[str, KnownUrl]:
        """State of each key that is known at all; looked up 500 at a time."""
        raise NotImplementedError

    def enqueue(
        self, run: str | None, candidates: Sequence[Candidate], now: datetime, *, lists: Sequence[ListState] = ()
    ) -> int:
        """Remember candidates and the validators of the lists that named them, in one transaction.

        Known keys are left as they are (the first source to name a URL keeps it). Pass only lists that were
        read well: after a 304 their candidates come from ``unfinished``. Answers how many keys were new.
        """
        raise NotImplementedError

    def unfinished(self, now: datetime, *, source: str | None = None, limit: int | None = None) -> list[Candidate]:
        """Candidates of earlier runs that still have to be worked on: queued, fetched, or due for another try."""
        raise NotImplementedError

    def due_retries(
        self,
        now: datetime,
        *,
        source: str | None = None,
        kind: str | None = None,
        given_up: bool = False,
        due_only: bool = True,
    ) -> list[Candidate]:
        """Failed candidates to try again; with ``given_up`` also those that are only tried by hand."""
        raise NotImplementedError

    # Raw pages

    def save_raw(self, page: RawPage) -> Saved:
        """Store the bytes of a page by their hash, before anything is parsed, and mark its URL as fetched.

        The same bytes again write nothing but the URL's clock; a URL that was done stays done.
        """
        raise NotImplementedError

    def load_raw(self, key: str) -> StoredPage | None:
        """The last page fetched for a URL key."""
        raise NotImplementedError

    def iter_raw(self, selection: Selection = _EVERYTHING) -> Iterator[StoredPage]:
        """The last pages of the selected URLs, in the order of their keys, read a hundred at a time."""
        raise NotImplementedError

    # Results

    def apply(self, run: str, results: Sequence[Result], now: datetime, *, dry_run: bool = False) -> list[Outcome]:
        """Decide and write a batch (50 to 500 results) in one transaction; answer one outcome per result, in order.

        A row that the database refuses costs itself only: it goes to the quarantine. Applying a batch of the
        same run again changes nothing and answers the same outcomes. With ``dry_run`` nothing is written.
        Raises DatabaseBusy; then nothing of the batch was written.
        """
        raise NotImplementedError

    # Questions

    def runs(self, limit: int = 10) -> list[RunInfo]:
        """The last runs, newest first."""
        raise NotImplementedError

    def run_sources(self, run: str) -> list[SourceTotals]:
        """The lines of a run's report, by source."""
        raise NotImplementedError

    def source_history(self, source: str, limit: int = 30) -> list[SourceTotals]:
        """A source in its last runs, newest first."""
        raise NotImplementedError

    def failed_urls(
        self,
        *,
        source: str | None = None,
        run: str | None = None,
        kind: str | None = None,
        stage: Stage | None = None,
        limit: int = 500,
    ) -> list[FailedUrl]:
        """URLs that wait for another try or were given up, latest failure first."""
        raise NotImplementedError

    def quarantined(self, *, source: str | None = None, limit: int = 500) -> list[QuarantineEntry]:
        raise NotImplementedError

    def totals(self) -> Totals:
        raise NotImplementedError

    def recent_articles(
        self, limit: int = 20, *, since: datetime | None = None, source: str | None = None
    ) -> list[ArticleEntry]:
        """Articles that were seen first since then, newest first."""
        raise NotImplementedError

    def record(self, key: str) -> Record | None:
        """An article as it was stored, with its repairs."""
        raise NotImplementedError
