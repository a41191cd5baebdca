"""The only module that writes the database: every write is one transaction, and safe to do again.

    begin_run -> (register, known, enqueue) -> save_pages -> apply -> record_source -> finish_run
    join_stories, split_story, rebuild_stories: by hand

Identities come from the data, never from counters or clocks: an article is the key of its canonical URL, a page
is the hash of its bytes. So a run that is killed anywhere and started again, or two runs at once, leave the rows
of one undisturbed run.
"""

from __future__ import annotations

import dataclasses
import secrets
import traceback
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from backports import zstd
from sqlalchemy import Connection, Engine, Table, bindparam, case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

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
from models.database import is_outage, open_engine, writing
from models.decide import (
    TRACEBACK_LENGTH,
    ArticleChange,
    Cleaned,
    How,
    Intent,
    Known,
    KnownArticle,
    KnownUrl,
    Rejected,
    Result,
    Stage,
    UrlState,
    decide,
    name_duplicates,
)
from models.errors import ConfigurationWrong, OutcomesDoNotBalance, RunInProgress
from models.kindred import MOST_PAIRS, Kindred, Pair, bonded, find_pairs, gather, held, texts_of
from models.migrate import migrate
from models.questions import Questions, chunks, count_column, known_urls, source_totals
from models.records import Candidate, Outcome, RawPage, sha256
from models.rows import Prints, Row, prints_of, repair_rows, row_of, row_of_hints
from models.stories import Bond, Place, Verdict, arrange, compare_further, find_wholes, group_stories
from models.tables import (
    ARTICLE,
    ARTICLE_VERSION,
    CANDIDATE,
    PAGE_FETCH,
    QUARANTINE,
    RAW_PAGE,
    REPAIR,
    RUN,
    RUN_SOURCE,
    SENTENCE_MARK,
    SOURCE,
    SOURCE_HEALTH,
    SOURCE_LIST,
    STORY,
    STORY_DECISION,
    WORDING_BOND,
)
from models.wording import Relate, Wording, relate_equal, wording_of

__all__ = ["DEFAULT_LEASE", "Store"]

# Three missed heartbeats of five minutes each.
DEFAULT_LEASE = timedelta(minutes=15)

# The one slot that exclusive runs compete for; run.slot is unique.
_SLOT = "exclusive"

# Not stored with a page: it identifies us to the site, and is of no use to anybody later.
_PRIVATE_HEADERS = frozenset({"set-cookie", "set-cookie2"})


class Store(Questions):
    """One database, SQLite or PostgreSQL. Safe to share between threads; open one per process."""

    def __init__(self, engine: Engine, relate: Relate = relate_equal) -> None:
        super().__init__(engine)
        self._relate = relate

    @classmethod
    def open(cls, url: str, *, migrate: bool = False, relate: Relate = relate_equal) -> Self:
        """Open the database at ``url`` ("sqlite:///data/dangjian.db", "postgresql://user@host/db").

        ``relate`` says which texts are copies; all who write a database must be given the same.
        For SQLite the folder is made if it is missing. Raises DatabaseUrlWrong.
        """
        store = cls(open_engine(url), relate)
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
            _sweep(connection, now)
            if exclusive:
                _refuse_if_taken(connection)
            values = {
                "id": run,
                "kind": kind.value,
                "state": RunState.RUNNING.value,
                "slot": _SLOT if exclusive else None,
                "started_at": now,
                "heartbeat_at": now,
                "lease_until": now + lease,
                "flow_run_id": flow_run_id,
                "parameters": dict(parameters or {}),
                "message": "",
            }
            connection.execute(_insert(connection, RUN), values)
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
            _require_run(connection, run)
            if state in (RunState.COMPLETED, RunState.PARTIAL):
                crooked = [line for line in _lines(connection, run) if not line.balanced]
            if crooked:
                state, message = RunState.FAILED, "; ".join(_describe(line) for line in crooked)
            closed = update(RUN).where(RUN.c.id == run)
            connection.execute(closed.values(state=state.value, finished_at=now, slot=None, message=message))
        if crooked:
            raise OutcomesDoNotBalance(
                message, source=", ".join(line.source for line in crooked), expected="discovered == sum of outcomes"
            )

    def sweep_crashed(self, now: datetime) -> list[str]:
        """Mark runs whose lease has run out as crashed; answer their ids."""
        with writing(self._engine) as connection:
            return _sweep(connection, now)

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
            _require_run(connection, run)
            _ensure_sources(connection, [report.source])
            insert = _insert(connection, RUN_SOURCE)
            upsert = insert.on_conflict_do_update(index_elements=["run", "source"], set_=values)
            connection.execute(upsert, {"run": run, "source": report.source, **values})
            return next(line for line in _lines(connection, run) if line.source == report.source)

    # Sources and lists

    def register(self, sources: Iterable[SourceEntry]) -> None:
        """Bring the registry up to date with the source files. A source whose file is gone stays as it was."""
        rows = [asdict(source) for source in {source.slug: source for source in sources}.values()]
        if rows:
            with writing(self._engine) as connection:
                _send(connection, _upsert(connection, SOURCE, ["slug"], rows[0]), rows)

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
            _ensure_sources(connection, by_source)
            insert = _insert(connection, SOURCE_HEALTH)
            same = SOURCE_HEALTH.c.state == insert.excluded.state
            changes = {name: insert.excluded[name] for name in ("state", "reason", "judged_at")}
            changes["since"] = case((same, SOURCE_HEALTH.c.since), else_=insert.excluded.since)
            _send(connection, insert.on_conflict_do_update(index_elements=["source"], set_=changes), rows)

    def mark_told(self, told: Mapping[str, HealthState]) -> None:
        """Remember which state of each source people were told of."""
        with writing(self._engine) as connection:
            for source, state in told.items():
                of_source = update(SOURCE_HEALTH).where(SOURCE_HEALTH.c.source == source)
                connection.execute(of_source.values(told=state.value))

    # URLs

    def enqueue(
        self, run: str | None, candidates: Sequence[Candidate], now: datetime, *, lists: Sequence[ListState] = ()
    ) -> int:
        """Remember candidates and the validators of the lists that named them, in one transaction.

        Known keys are left as they are (the first source to name a URL keeps it). Pass only lists that were
        read well: after a 304 their candidates come from ``unfinished``. Answers how many keys were new.
        """
        rows = {candidate.key: _candidate_row(candidate, run, now) for candidate in candidates}
        with writing(self._engine) as connection:
            _ensure_sources(connection, [*(c.source for c in candidates), *(state.source for state in lists)])
            known = known_urls(connection, rows)
            new = [row for key, row in rows.items() if key not in known]
            _send(connection, _insert(connection, CANDIDATE).on_conflict_do_nothing(), new)
            if lists:
                listed = list({(state.source, state.url): _list_row(state, now) for state in lists}.values())
                _send(connection, _upsert(connection, SOURCE_LIST, ["source", "url_hash"], listed[0]), listed)
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
            _ensure_sources(connection, [page.source for page in pages])
            for part in _without_repeats(pages):
                saved += _save_part(connection, part)
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
                run = _pretend_run(connection, now)
            else:
                _require_run(connection, run)
            for batch in _without_repeats(results):
                outcomes += _apply_batch(connection, run, batch, now, self._relate)
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
            _require_articles(connection, (first, second))
            pair = STORY_DECISION.c.first.in_((first, second)) & STORY_DECISION.c.second.in_((first, second))
            connection.execute(delete(STORY_DECISION).where(pair))
            row = {"first": first, "second": second, "verdict": verdict.value, "note": note, "at": now}
            connection.execute(_insert(connection, STORY_DECISION), row)
            _settle_stories(connection, (first, second), (), self._relate)

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
                keys = _compare_some(connection, after, self._relate)
            if not keys:
                return done
            done, after = done + len(keys), keys[-1]


def page_id(page: RawPage) -> str:
    """Identity of these bytes at this address, read in this way: 64 hex digits."""
    read_as = (page.media_type.value, page.headers.get("content-type", ""))
    parts = (page.key, *read_as, page.digest, *(sha256(body) for body in page.more))
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass"))


# Statements


def _insert(connection: Connection, table: Table) -> Any:
    """INSERT that knows ON CONFLICT: both databases spell it alike, SQLAlchemy has a class for each."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _send(connection: Connection, insert: Any, rows: Sequence[Row]) -> None:
    """Send all rows. To PostgreSQL in one statement: pg8000 would otherwise go there and back three times per row.

    Asking for an answer per row is what makes SQLAlchemy do that; SQLite needs no round trips and is faster without.
    """
    if rows:
        if connection.dialect.name == "postgresql":
            insert = insert.returning(literal(1))
        connection.execute(insert, rows)


def _upsert(connection: Connection, table: Table, key: list[str], columns: Iterable[str]) -> Any:
    insert = _insert(connection, table)
    changes = {name: insert.excluded[name] for name in columns if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=changes)


def _ensure_sources(connection: Connection, slugs: Iterable[str]) -> None:
    """A source that no file declares (a seed folder, a removed site) still gets its row."""
    rows = [{"slug": slug, "name": "", "kind": "", "enabled": True} for slug in sorted(set(slugs))]
    _send(connection, _insert(connection, SOURCE).on_conflict_do_nothing(), rows)


# Runs


def _sweep(connection: Connection, now: datetime) -> list[str]:
    expired = (RUN.c.state == RunState.RUNNING.value) & (RUN.c.lease_until < now)
    runs = list(connection.execute(select(RUN.c.id).where(expired).order_by(RUN.c.id)).scalars())
    if runs:
        crashed = update(RUN).where(RUN.c.id.in_(runs))
        message = "心跳停止 (its heartbeat stopped)"
        connection.execute(crashed.values(state=RunState.CRASHED.value, slot=None, finished_at=now, message=message))
    return runs


def _refuse_if_taken(connection: Connection) -> None:
    taken = connection.execute(select(RUN.c.id, RUN.c.kind, RUN.c.lease_until).where(RUN.c.slot == _SLOT)).first()
    if taken:
        raise RunInProgress(
            f"{taken.kind} {taken.id}", advice=f"wait for it, or until {taken.lease_until:%H:%M:%S} UTC"
        )


def _pretend_run(connection: Connection, now: datetime) -> str:
    """A run for a transaction that will be rolled back."""
    values = {"id": "dry-run", "kind": RunKind.INGEST.value, "state": RunState.RUNNING.value, "message": ""}
    moments = {"started_at": now, "heartbeat_at": now, "lease_until": now}
    connection.execute(_insert(connection, RUN), {**values, **moments, "parameters": {}})
    return "dry-run"


def _require_run(connection: Connection, run: str) -> None:
    if connection.execute(select(RUN.c.id).where(RUN.c.id == run)).first() is None:
        raise ConfigurationWrong(f"run {run!r} was never begun", advice="call begin_run first")


def _lines(connection: Connection, run: str) -> list[SourceTotals]:
    query = select(RUN_SOURCE).where(RUN_SOURCE.c.run == run).order_by(RUN_SOURCE.c.source)
    return [source_totals(row) for row in connection.execute(query).mappings()]


def _describe(line: SourceTotals) -> str:
    counts = ", ".join(f"{outcome.value} {number}" for outcome, number in line.counts.items() if number)
    return f"{line.source}: discovered {line.discovered}, but {counts or 'no outcomes'}"


# Candidates, lists and pages


def _candidate_row(candidate: Candidate, run: str | None, now: datetime) -> Row:
    return {
        "key": candidate.key,
        "source": candidate.source,
        "url": candidate.url,
        "found_on": candidate.found_on,
        "hints": row_of_hints(candidate.hints),
        "state": UrlState.QUEUED.value,
        "attempts": 0,
        "strikes": 0.0,
        "run": run,
        "first_seen_at": now,
    }


def _list_row(state: ListState, now: datetime) -> Row:
    return {
        "source": state.source,
        "url_hash": sha256(state.url.encode()),
        "url": state.url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "items": state.items,
        "good_at": now,
    }


def _save_part(connection: Connection, pages: Sequence[RawPage]) -> list[Saved]:
    """Write pages of different keys; answer what became of each."""
    queued = [_candidate_row(Candidate(p.source, p.url, p.key, p.hints), None, p.fetched_at) for p in pages]
    _send(connection, _insert(connection, CANDIDATE).on_conflict_do_nothing(), queued)
    identities = [page_id(page) for page in pages]
    stored = _stored_pages(connection, identities)
    _write_pages(connection, {i: page for i, page in zip(identities, pages, strict=True) if i not in stored})
    return _mark_fetched(connection, pages, identities)


def _stored_pages(connection: Connection, identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for ids in chunks(identities):
        found |= set(connection.execute(select(PAGE_FETCH.c.id).where(PAGE_FETCH.c.id.in_(ids))).scalars())
    return found


def _write_pages(connection: Connection, pages: Mapping[str, RawPage]) -> None:
    bodies = {sha256(body): body for page in pages.values() for body in (page.body, *page.more)}
    raw = [{"digest": digest, "body": zstd.compress(body), "size": len(body)} for digest, body in bodies.items()]
    _send(connection, _insert(connection, RAW_PAGE).on_conflict_do_nothing(), raw)
    fetches = [_fetch_row(identity, page) for identity, page in pages.items()]
    _send(connection, _insert(connection, PAGE_FETCH).on_conflict_do_nothing(), fetches)


def _fetch_row(identity: str, page: RawPage) -> Row:
    return {
        "id": identity,
        "key": page.key,
        "source": page.source,
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "media_type": page.media_type.value,
        "digest": page.digest,
        "more": [sha256(body) for body in page.more],
        "headers": {name: value for name, value in page.headers.items() if name not in _PRIVATE_HEADERS},
        "hints": row_of_hints(page.hints),
        "fetched_at": page.fetched_at,
    }


def _mark_fetched(connection: Connection, pages: Sequence[RawPage], identities: Sequence[str]) -> list[Saved]:
    """Point the URLs to their pages; answer which of these are other pages than before."""
    urls = known_urls(connection, [page.key for page in pages])
    saved, changes = [], []
    for page, identity in zip(pages, identities, strict=True):
        url = urls[page.key]
        fresh = url.page != identity
        begins = fresh or url.state not in (UrlState.DONE, UrlState.QUARANTINED)
        state = UrlState.FETCHED if begins else url.state
        changes.append({"of": page.key, "to": identity, "at": page.fetched_at, "as": state.value})
        saved.append(Saved(identity, fresh))
    values: Row = {"page": bindparam("to"), "checked_at": bindparam("at"), "state": bindparam("as")}
    connection.execute(update(CANDIDATE).where(CANDIDATE.c.key == bindparam("of")).values(values), changes)
    return saved


# Results


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


def _without_repeats(items: Sequence[K]) -> Iterator[list[K]]:
    """Cut a batch where a key comes again: within a part every key is decided once."""
    part: list[K] = []
    keys: set[str] = set()
    for item in items:
        if item.key in keys:
            yield part
            part, keys = [], set()
        part.append(item)
        keys.add(item.key)
    if part:
        yield part


def _apply_batch(connection: Connection, run: str, batch: list[Result], now: datetime, relate: Relate) -> list[Outcome]:
    try:
        with connection.begin_nested():
            return _write(connection, run, batch, now, relate)
    except Exception as error:
        if _is_outage(error):
            raise
        return _apply_one_by_one(connection, run, batch, now, relate, error)


def _apply_one_by_one(
    connection: Connection, run: str, batch: list[Result], now: datetime, relate: Relate, first: Exception
) -> list[Outcome]:
    """Find the rows that the database refuses; each costs itself only."""
    outcomes, refused = [], 0
    for result in batch:
        try:
            with connection.begin_nested():
                outcomes += _write(connection, run, [result], now, relate)
        except Exception as error:
            if _is_outage(error):
                raise
            refused += 1
            # When every row of a real batch is refused, the rows are not what is wrong.
            if refused == len(batch) and refused > 1:
                raise first from None
            outcomes += _write(connection, run, [_refusal(result, error)], now, relate)
    return outcomes


def _refusal(result: Result, error: Exception) -> Rejected:
    cause = getattr(error, "orig", None) or error
    detail = "".join(traceback.format_exception(cause))[-TRACEBACK_LENGTH:]
    reason = f"无法入库 (refused by the database): {cause!r}"
    return Rejected(result.key, result.source, result.url, Stage.STORE, reason[:500], detail)


def _is_outage(error: BaseException) -> bool:
    # A full disk ends the transaction by itself; then rolling back to the savepoint fails as well.
    return is_outage(error) or (error.__context__ is not None and is_outage(error.__context__))


def _write(connection: Connection, run: str, batch: list[Result], now: datetime, relate: Relate) -> list[Outcome]:
    knowledge = _Knowledge.load(connection, run, batch)
    before = dict(knowledge.urls)
    intents = []
    for result in batch:
        intent = decide(result, knowledge.about(result), now)
        knowledge.note(intent)
        intents.append(intent)
    _ensure_sources(connection, [result.source for result in batch])
    changes = [intent.article for intent in intents if intent.article and intent.article.how is not How.STAMP]
    wordings = {c.record.key: wording_of(c.record.title, c.record.text) for c in changes}
    shift = _Shift.begin(connection, wordings.values(), [knowledge.articles.get(key) for key in wordings])
    _write_articles(connection, intents, wordings, now)
    stories = shift.finish(connection, wordings, relate)
    intents = name_duplicates(intents, stories)
    _write_urls(connection, intents, now)
    _write_quarantine(connection, run, intents, now)
    _count_outcomes(connection, run, intents, before)
    return [intent.outcome for intent in intents]


@dataclass(slots=True)
class _Knowledge:
    """What is known of the keys and texts of one batch, including what the batch itself has decided so far."""

    run: str
    urls: dict[str, KnownUrl] = field(default_factory=dict)
    articles: dict[str, KnownArticle] = field(default_factory=dict)
    prints: dict[str, Prints] = field(default_factory=dict)

    @classmethod
    def load(cls, connection: Connection, run: str, batch: Sequence[Result]) -> _Knowledge:
        prints = {result.key: prints_of(result.record) for result in batch if isinstance(result, Cleaned)}
        known = cls(run, known_urls(connection, [result.key for result in batch]), prints=prints)
        known._load_articles(connection)
        return known

    def _load_articles(self, connection: Connection) -> None:
        for keys in chunks(self.prints):
            past: dict[str, set[str]] = {key: set() for key in keys}
            versions = select(ARTICLE_VERSION.c.article, ARTICLE_VERSION.c.content_hash)
            for row in connection.execute(versions.where(ARTICLE_VERSION.c.article.in_(keys))):
                past[row.article].add(row.content_hash)
            for row in connection.execute(select(*_KNOWN_COLUMNS).where(ARTICLE.c.id.in_(keys))):
                self.articles[row.id] = KnownArticle(
                    prints=Prints(row.record_hash, row.content_hash, row.text_hash),
                    rules_version=row.rules_version,
                    version=row.version,
                    flaps=row.flaps,
                    page=row.page,
                    past=frozenset(past[row.id]),
                    wording=row.wording,
                )

    def about(self, result: Result) -> Known:
        prints = self.prints.get(result.key)
        return Known(
            run=self.run,
            url=self.urls.get(result.key),
            article=self.articles.get(result.key),
            prints=prints,
        )

    def note(self, intent: Intent) -> None:
        """Learn from a decision what the next results of the batch must know."""
        self.urls[intent.result.key] = intent.url


_KNOWN_COLUMNS = tuple(
    ARTICLE.c[name] for name in "id wording record_hash content_hash text_hash rules_version version flaps page".split()
)


def _write_urls(connection: Connection, intents: Sequence[Intent], now: datetime) -> None:
    rows = [_url_row(intent, now) for intent in intents]
    first_come = {"key", "source", "url", "hints", "first_seen_at", "page"}
    changing = [name for name in rows[0] if name not in first_come]
    _send(connection, _upsert(connection, CANDIDATE, ["key"], changing), rows)


def _url_row(intent: Intent, now: datetime) -> Row:
    result, url, failure = intent.result, intent.url, intent.failure
    return {
        "key": result.key,
        "source": result.source,
        "url": result.url,
        "hints": {},
        "state": url.state.value,
        "outcome": intent.outcome.value,
        "attempts": url.attempts,
        "strikes": url.strikes,
        "next_try": url.next_try,
        "stage": failure.stage.value if failure else None,
        "kind": failure.kind if failure else None,
        "message": failure.message if failure else None,
        "traceback": failure.traceback if failure else None,
        "failed_at": now if failure else None,
        "page": url.page,
        "run": url.run,
        "first_seen_at": url.first_seen_at or now,
        "checked_at": url.checked_at,
    }


def _write_articles(
    connection: Connection, intents: Sequence[Intent], wordings: Mapping[str, Wording | None], now: datetime
) -> None:
    changes = [intent.article for intent in intents if intent.article]
    new = [change for change in changes if change.how is How.INSERT]
    replaced = [change for change in changes if change.how is How.REPLACE]
    stamped = [change for change in changes if change.how is How.STAMP]
    if new:
        # Each begins as a story of its own; which one it belongs to is seen when all of the batch are there.
        stories = [{"id": change.record.key, "articles": 0} for change in new]
        _send(connection, _insert(connection, STORY).on_conflict_do_nothing(), stories)
        rows = [
            {**_article_row(change, wordings, now), "story": change.record.key, "first_seen_at": now} for change in new
        ]
        _send(connection, _insert(connection, ARTICLE), rows)
    for change in replaced:
        if change.keep_old:
            _keep_version(connection, change.record.key, now)
    if replaced:
        _replace_articles(connection, [_article_row(change, wordings, now) for change in replaced])
    if stamped:
        rules = update(ARTICLE).where(ARTICLE.c.id == bindparam("of")).values(rules_version=bindparam("rules"))
        connection.execute(rules, [{"of": c.record.key, "rules": c.record.rules_version} for c in stamped])
    _write_repairs(connection, new, replaced)


def _article_row(change: ArticleChange, wordings: Mapping[str, Wording | None], now: datetime) -> Row:
    wording = wordings[change.record.key]
    return row_of(change.record) | {
        "wording": wording.id if wording else None,
        "letters": wording.letters if wording else 0,
        "page": change.page,
        "record_hash": change.prints.record,
        "content_hash": change.prints.content,
        "text_hash": change.prints.text,
        "version": change.version,
        "flaps": change.flaps,
        "updated_at": now,
    }


def _replace_articles(connection: Connection, rows: Sequence[Row]) -> None:
    # The first source and address that brought an article keep it.
    changing = [name for name in rows[0] if name not in ("id", "source", "url")]
    values: Row = {name: bindparam(f"new_{name}") for name in changing}
    statement = update(ARTICLE).where(ARTICLE.c.id == bindparam("of")).values(values)
    connection.execute(
        statement, [{"of": row["id"], **{f"new_{name}": row[name] for name in changing}} for row in rows]
    )


_VERSION_COLUMNS = (
    "content_hash",
    "title",
    "kicker",
    "subtitle",
    "published_at",
    "medium",
    "authors",
    "text",
    "blocks",
    "rules_version",
    "page",
)


def _keep_version(connection: Connection, key: str, now: datetime) -> None:
    """Copy the text an article has now into its history; a text that is there already is not kept twice."""
    names = ("article", "number", "since", "until", *_VERSION_COLUMNS)
    old = select(
        ARTICLE.c.id,
        ARTICLE.c.version,
        ARTICLE.c.updated_at,
        bindparam("until", now, ARTICLE.c.updated_at.type),
        *(ARTICLE.c[name] for name in _VERSION_COLUMNS),
    ).where(ARTICLE.c.id == key)
    insert = _insert(connection, ARTICLE_VERSION).from_select(names, old)
    connection.execute(insert.on_conflict_do_nothing())


def _write_repairs(connection: Connection, new: Sequence[ArticleChange], replaced: Sequence[ArticleChange]) -> None:
    for keys in chunks([change.record.key for change in replaced]):
        connection.execute(delete(REPAIR).where(REPAIR.c.article.in_(keys)))
    rows = [row for change in (*new, *replaced) for row in repair_rows(change.record)]
    _send(connection, _insert(connection, REPAIR), rows)


# Stories


def _require_articles(connection: Connection, keys: Collection[str]) -> None:
    found = set(connection.execute(select(ARTICLE.c.id).where(ARTICLE.c.id.in_(keys))).scalars())
    for key in keys:
        if key not in found:
            raise ConfigurationWrong(f"no article {key!r}", advice="dangjian story show")


def _compare_some(connection: Connection, after: str, relate: Relate) -> list[str]:
    """A batch of articles that were never compared, by key; answers which."""
    query = select(ARTICLE.c.id, ARTICLE.c.title, ARTICLE.c.text)
    query = query.where(ARTICLE.c.id > after, ARTICLE.c.wording.is_(None)).order_by(ARTICLE.c.id).limit(_REBUILT)
    wordings = {row.id: wording_of(row.title, row.text) for row in connection.execute(query)}
    shift = _Shift.begin(connection, wordings.values(), ())
    worded = [{"of": key, "is": one.id, "letters_": one.letters} for key, one in wordings.items() if one]
    if worded:
        wording = update(ARTICLE).where(ARTICLE.c.id == bindparam("of"))
        wording = wording.values(wording=bindparam("is"), letters=bindparam("letters_"))
        connection.execute(wording, worded)
    if wordings:
        shift.finish(connection, wordings, relate)
    return list(wordings)


# Articles compared in one transaction while stories are rebuilt: under a second.
_REBUILT = 200


@dataclass(slots=True)
class _Shift:
    """What a batch does to wordings: taken before its articles are written, settled after."""

    left: dict[int, Wording]  # that articles of the batch have had
    known: set[int]  # of those they get: stored and compared already

    @classmethod
    def begin(
        cls, connection: Connection, wordings: Iterable[Wording | None], articles: Iterable[KnownArticle | None]
    ) -> _Shift:
        after = {wording.id for wording in wordings if wording}
        before = {article.wording for article in articles if article and article.wording is not None}
        return cls(texts_of(connection, before - after), held(connection, after))

    def finish(self, connection: Connection, wordings: Mapping[str, Wording | None], relate: Relate) -> dict[str, str]:
        """Bring marks, bonds and stories up to date; answer the story of every article that this touched."""
        gone = self.left.keys() - held(connection, self.left.keys())
        orphans = {side for bond in bonded(connection, gone) for side in (bond.first, bond.second)} - gone
        _forget_wordings(connection, [self.left[wording] for wording in sorted(gone)])
        fresh = {wording.id: wording for wording in wordings.values() if wording and wording.id not in self.known}
        _learn_wordings(connection, fresh, relate)
        return _settle_stories(connection, wordings.keys(), orphans, relate)


def _learn_wordings(connection: Connection, wordings: Mapping[int, Wording], relate: Relate) -> None:
    rows = [{"mark": mark, "wording": one.id} for one in wordings.values() for mark in sorted(one.marks)]
    _send(connection, _insert(connection, SENTENCE_MARK).on_conflict_do_nothing(), rows)
    _compare(connection, find_pairs(connection, wordings.values()), wordings, relate)


def _forget_wordings(connection: Connection, wordings: Sequence[Wording]) -> None:
    for one in wordings:
        for marks in chunks(sorted(one.marks)):
            mine = (SENTENCE_MARK.c.wording == one.id) & SENTENCE_MARK.c.mark.in_(marks)
            connection.execute(delete(SENTENCE_MARK).where(mine))
        bond = (WORDING_BOND.c.first == one.id) | (WORDING_BOND.c.second == one.id)
        connection.execute(delete(WORDING_BOND).where(bond))


def _compare(connection: Connection, pairs: Iterable[Pair], known: Mapping[int, Wording], relate: Relate) -> list[Bond]:
    """Look at the texts of each pair; keep and answer the bonds of those that are copies."""
    wanted = sorted(pairs)
    missing = {wording for pair in wanted for wording in pair} - known.keys()
    texts = {**known, **texts_of(connection, missing)}
    bonds = []
    for first, second in wanted:
        kin = relate(texts[first].text, texts[second].text) if first in texts and second in texts else None
        if kin:
            bonds.append(Bond(first, second, kin))
    rows = [
        {"first": bond.first, "second": bond.second, **asdict(bond.kin), "relation": bond.kin.relation.value}
        for bond in bonds
    ]
    _send(connection, _insert(connection, WORDING_BOND).on_conflict_do_nothing(), rows)
    return bonds


def _settle_stories(
    connection: Connection, keys: Iterable[str], wordings: Collection[int], relate: Relate
) -> dict[str, str]:
    """Arrange the stories of these articles, and all that hangs together with them; answer who is in which."""
    kindred = gather(connection, list(keys), wordings)
    members = list(kindred.members.values())
    # Where a text was compared with some of its likes only, the leaders of the stories may be missing among them.
    if len(members) > MOST_PAIRS:
        _compare_with_leaders(connection, kindred, relate)
    bonds = list(kindred.bonds.values())
    marks = {i: one.marks for i, one in texts_of(connection, find_wholes(members, bonds)).items()}
    places = arrange(members, bonds, list(kindred.decisions.values()), marks)
    _write_places(connection, kindred, places)
    return {place.key: place.story for place in places}


def _compare_with_leaders(connection: Connection, kindred: Kindred, relate: Relate) -> None:
    members, decisions = list(kindred.members.values()), list(kindred.decisions.values())
    tried: set[Pair] = set()
    while True:
        bonds = list(kindred.bonds.values())
        further = compare_further(members, bonds, group_stories(members, bonds, decisions)) - tried
        if not further:
            return
        tried |= further
        kindred.bonds |= {(bond.first, bond.second): bond for bond in _compare(connection, further, {}, relate)}


def _write_places(connection: Connection, kindred: Kindred, places: Sequence[Place]) -> None:
    stories: dict[str, int] = Counter(place.story for place in places)
    rows = [
        {
            "id": story,
            "representative": story,
            "articles": number,
            "published_at": kindred.members[story].published_at,
        }
        for story, number in sorted(stories.items())
    ]
    if rows:
        _send(connection, _upsert(connection, STORY, ["id"], rows[0]), rows)
    moved = [place for place in places if place != kindred.places[place.key]]
    if moved:
        columns = [column.name for column in dataclasses.fields(Place) if column.name != "key"]
        statement = update(ARTICLE).where(ARTICLE.c.id == bindparam("of"))
        statement = statement.values({name: bindparam(f"new_{name}") for name in columns})
        rows = [{f"new_{name}": getattr(place, name) for name in columns} | {"of": place.key} for place in moved]
        connection.execute(statement, rows)
    left = {place.story for place in kindred.places.values()} - stories.keys()
    for some in chunks(sorted(left)):
        connection.execute(delete(STORY).where(STORY.c.id.in_(some)))


def _write_quarantine(connection: Connection, run: str, intents: Sequence[Intent], now: datetime) -> None:
    rows = [_quarantine_row(run, intent, intent.quarantine, now) for intent in intents if intent.quarantine]
    released = [intent.result.key for intent in intents if intent.url.state is UrlState.DONE]
    for keys in chunks(released):
        connection.execute(delete(QUARANTINE).where(QUARANTINE.c.key.in_(keys)))
    if rows:
        _send(connection, _upsert(connection, QUARANTINE, ["key"], rows[0]), rows)


def _quarantine_row(run: str, intent: Intent, rejected: Rejected, now: datetime) -> Row:
    return {
        "key": rejected.key,
        "source": rejected.source,
        "url": rejected.url,
        "stage": rejected.stage.value,
        "reason": rejected.reason,
        "detail": rejected.detail,
        "page": intent.url.page,
        "run": run,
        "at": now,
    }


def _count_outcomes(
    connection: Connection, run: str, intents: Sequence[Intent], before: Mapping[str, KnownUrl]
) -> None:
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
    insert = _insert(connection, RUN_SOURCE)
    added = {name: RUN_SOURCE.c[name] + insert.excluded[name] for name in columns}
    connection.execute(insert.on_conflict_do_update(index_elements=["run", "source"], set_=added), rows)
