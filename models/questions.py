"""What can be asked of the store: read-only queries, each answering typed values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from backports import zstd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from models.accounts import (
    WORST_FIRST,
    ArticleEntry,
    FailedUrl,
    HealthState,
    ListState,
    QuarantineEntry,
    RunInfo,
    RunKind,
    RunState,
    Selection,
    SourceEntry,
    SourceHealth,
    SourceState,
    SourceTotals,
    StoredPage,
    StoryArticle,
    StoryEntry,
    Totals,
    Visited,
)
from models.database import reading
from models.decide import FLAP_LIMIT, KnownUrl, Stage, UrlState
from models.listing import Listed, read_listed
from models.records import Candidate, MediaType, Outcome, RawPage, Record
from models.rows import hints_of, record_of
from models.search import Facets, Filters, Hits, facets, find_keys, search
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
    SEARCH_ENTRY,
    SOURCE,
    SOURCE_HEALTH,
    SOURCE_LIST,
    STORY,
)
from models.versions import describe_change
from models.wording import Relation

__all__ = ["CHUNK", "EVERYTHING", "Questions", "chunks", "count_column", "known_urls", "run_info"]

# Keys in one IN (...): SQLite takes 32,766 parameters, and beyond 500 nothing is gained.
CHUNK = 500

# Raw pages held in memory at a time by iter_raw: some 10 MB.
PAGES = 100

EVERYTHING = Selection()

T = TypeVar("T")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


def count_column(outcome: Outcome) -> str:
    """The column of ``run_source`` that counts an outcome."""
    return outcome.value.replace("-", "_")


def known_urls(connection: Connection, keys: Iterable[str]) -> dict[str, KnownUrl]:
    found: dict[str, KnownUrl] = {}
    for chunk in chunks(dict.fromkeys(keys)):
        found.update(_known_url(*row) for row in connection.execute(_KNOWN_URLS, {"keys": chunk}))
    return found


# Made once: to make a statement and to name it for SQLAlchemy's cache costs more than ten rows.
# In the order of KnownUrl.
_KNOWN_URLS = select(
    *(
        CANDIDATE.c[name]
        for name in "key state source outcome attempts strikes next_try page checked_at first_seen_at run".split()
    )
).where(CANDIDATE.c.key.in_(bindparam("keys")))


def _known_url(key: str, state: str, source: str, outcome: str | None, *rest: Any) -> tuple[str, KnownUrl]:
    return key, KnownUrl(_STATES[state], source, _OUTCOMES[outcome] if outcome else None, *rest)


# Asked three times for every article; to call an enum costs as much as four of these.
_STATES = {state.value: state for state in UrlState}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


class Questions:
    """The reading half of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        with reading(self._engine) as connection:
            return connection.execute(query).mappings().all()

    # Sources and lists

    def sources(self) -> list[SourceEntry]:
        """The registry, by slug."""
        return [SourceEntry(**row) for row in self._rows(select(SOURCE).order_by(SOURCE.c.slug))]

    def list_states(self, source: str) -> dict[str, ListState]:
        """Everything that is remembered of the lists of a source that were ever read well, by address."""
        rows = self._rows(select(SOURCE_LIST).where(SOURCE_LIST.c.source == source))
        return {row["url"]: _list_state(row) for row in rows}

    # URLs

    def known(self, keys: Iterable[str]) -> dict[str, KnownUrl]:
        """State of each key that is known at all; looked up 500 at a time."""
        with reading(self._engine) as connection:
            return known_urls(connection, keys)

    def unfinished(self, now: datetime, *, source: str | None = None, limit: int | None = None) -> list[Candidate]:
        """Candidates of earlier runs that still have to be worked on, oldest first: queued, fetched, or due again."""
        states = CANDIDATE.c.state.in_([UrlState.QUEUED.value, UrlState.FETCHED.value])
        return self._candidates(or_(states, _is_due(now)), source, limit)

    def due_retries(
        self,
        now: datetime,
        *,
        source: str | None = None,
        kind: str | None = None,
        given_up: bool = False,
        due_only: bool = True,
    ) -> list[Candidate]:
        """Failed candidates to try again, oldest first.

        ``due_only=False``: also before their time. ``given_up``: also those that are only tried by hand.
        """
        where: ColumnElement[bool] = _is_due(now) if due_only else CANDIDATE.c.state == UrlState.RETRY.value
        if given_up:
            where = or_(where, CANDIDATE.c.state == UrlState.GIVEN_UP.value)
        if kind:
            where = and_(where, CANDIDATE.c.kind == kind)
        return self._candidates(where, source, None)

    def _candidates(self, where: ColumnElement[bool], source: str | None, limit: int | None) -> list[Candidate]:
        query = select(CANDIDATE).where(where).order_by(CANDIDATE.c.first_seen_at, CANDIDATE.c.key).limit(limit)
        if source:
            query = query.where(CANDIDATE.c.source == source)
        return [_candidate(row) for row in self._rows(query)]

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
        query = select(CANDIDATE).where(CANDIDATE.c.state.in_([UrlState.RETRY.value, UrlState.GIVEN_UP.value]))
        wanted = {"source": source, "run": run, "kind": kind, "stage": stage.value if stage else None}
        for name, value in wanted.items():
            if value is not None:
                query = query.where(CANDIDATE.c[name] == value)
        query = query.order_by(CANDIDATE.c.failed_at.desc(), CANDIDATE.c.key).limit(limit)
        return [_failed_url(row) for row in self._rows(query)]

    def quarantined(self, *, source: str | None = None, limit: int = 500) -> list[QuarantineEntry]:
        """What waits in the quarantine, latest first."""
        query = select(QUARANTINE).order_by(QUARANTINE.c.at.desc(), QUARANTINE.c.key).limit(limit)
        if source:
            query = query.where(QUARANTINE.c.source == source)
        return [_quarantine_entry(row) for row in self._rows(query)]

    def visited(
        self, keys: Iterable[str] = (), *, source: str | None = None, since: datetime | None = None
    ) -> list[Visited]:
        """Articles whose page is stored and done with: those of these keys; or of a source, not older than ``since``,
        longest unseen first. The age of an article is its date, or when it was found if it has none."""
        query = select(CANDIDATE, PAGE_FETCH.c.headers, PAGE_FETCH.c.digest, PAGE_FETCH.c.more).join(
            PAGE_FETCH, CANDIDATE.c.page == PAGE_FETCH.c.id
        )
        query = query.where(CANDIDATE.c.state == UrlState.DONE.value)
        query = query.order_by(CANDIDATE.c.checked_at, CANDIDATE.c.key)
        if since is None:
            rows = [row for chunk in chunks(keys) for row in self._rows(query.where(CANDIDATE.c.key.in_(chunk)))]
        else:
            recent = and_(ARTICLE.c.first_seen_at >= since, func.coalesce(ARTICLE.c.published_at, since) >= since)
            query = query.join(ARTICLE, ARTICLE.c.id == CANDIDATE.c.key)
            rows = list(self._rows(query.where(recent, CANDIDATE.c.source == source)))
        return [_visited(row) for row in rows]

    # Raw pages

    def load_raw(self, key: str) -> StoredPage | None:
        """The last page fetched for a URL key."""
        return next(self.iter_raw(Selection(keys=(key,))), None)

    def iter_raw(self, selection: Selection = EVERYTHING) -> Iterator[StoredPage]:
        """The last pages of the selected URLs, in the order of their keys, read a hundred at a time."""
        groups = list(chunks(sorted(selection.keys))) or [[]]
        given = 0
        for group in groups:
            for page in self._pages(replace(selection, keys=tuple(group))):
                if selection.limit is not None and given >= selection.limit:
                    return
                yield page
                given += 1

    def _pages(self, selection: Selection) -> Iterator[StoredPage]:
        while True:
            # No transaction stays open between two hundreds, however long the caller takes.
            with reading(self._engine) as connection:
                rows = connection.execute(_select_pages(selection)).mappings().all()
                more = _further_bodies(connection, rows)
            for row in rows:
                yield _stored_page(row, more)
            if len(rows) < PAGES:
                return
            selection = replace(selection, after=rows[-1]["key"])

    def some_raw(self, selection: Selection) -> list[StoredPage]:
        """The hundred pages of a selection after ``selection.after``, in the order of their keys; none at the end."""
        return list(islice(self.iter_raw(selection), min(PAGES, selection.limit or PAGES)))

    def count_raw(self, selection: Selection = EVERYTHING) -> dict[str, int]:
        """How many pages a selection has, by source."""
        query = _join_pages(select(CANDIDATE.c.source, func.count().label("pages"))).where(*_conditions(selection))
        rows = self._rows(query.group_by(CANDIDATE.c.source).order_by(CANDIDATE.c.source))
        return {row["source"]: row["pages"] for row in rows}

    # Runs

    def runs(self, limit: int = 10) -> list[RunInfo]:
        """The last runs, newest first."""
        query = select(RUN).order_by(RUN.c.started_at.desc(), RUN.c.id.desc()).limit(limit)
        return [run_info(row) for row in self._rows(query)]

    def run_sources(self, run: str) -> list[SourceTotals]:
        """The lines of a run's report, by source."""
        query = select(RUN_SOURCE).where(RUN_SOURCE.c.run == run).order_by(RUN_SOURCE.c.source)
        return [source_totals(row) for row in self._rows(query)]

    def source_history(self, source: str, limit: int = 30) -> list[SourceTotals]:
        """A source in its last runs, newest first."""
        query = (
            select(RUN_SOURCE, RUN.c.kind, RUN.c.started_at)
            .join(RUN, RUN.c.id == RUN_SOURCE.c.run)
            .where(RUN_SOURCE.c.source == source)
            .order_by(RUN.c.started_at.desc(), RUN.c.id.desc())
            .limit(limit)
        )
        return [
            replace(source_totals(row), kind=RunKind(row["kind"]), started_at=row["started_at"])
            for row in self._rows(query)
        ]

    def health(self) -> list[SourceHealth]:
        """How every source stands that was ever judged, worst first."""
        rows = self._rows(select(SOURCE_HEALTH).order_by(SOURCE_HEALTH.c.source))
        found = [_source_health(row) for row in rows]
        return sorted(found, key=lambda one: (WORST_FIRST.index(one.state), one.source))

    # Articles

    def recent_articles(
        self, limit: int = 20, *, since: datetime | None = None, source: str | None = None
    ) -> list[ArticleEntry]:
        """Articles that were seen first since then, newest first."""
        query = select(*_ENTRY_COLUMNS).order_by(ARTICLE.c.first_seen_at.desc(), ARTICLE.c.id).limit(limit)
        if since:
            query = query.where(ARTICLE.c.first_seen_at >= since)
        if source:
            query = query.where(ARTICLE.c.source == source)
        return [ArticleEntry(**_entry(row)) for row in self._rows(query)]

    def record(self, key: str) -> Record | None:
        """An article as it was stored, with its repairs."""
        for row in self._rows(select(ARTICLE).where(ARTICLE.c.id == key)):
            repairs = self._rows(select(REPAIR).where(REPAIR.c.article == key).order_by(REPAIR.c.number))
            return record_of(dict(row), [dict(repair) for repair in repairs])
        return None

    def records(self, keys: Iterable[str]) -> dict[str, Record]:
        """Several articles as they were stored, with their repairs, by key; those that there are."""
        found: dict[str, Record] = {}
        for some in chunks(dict.fromkeys(keys)):
            repairs: dict[str, list[dict[str, Any]]] = {}
            of_articles = select(REPAIR).where(REPAIR.c.article.in_(some)).order_by(REPAIR.c.article, REPAIR.c.number)
            for row in self._rows(of_articles):
                repairs.setdefault(row["article"], []).append(dict(row))
            for row in self._rows(select(ARTICLE).where(ARTICLE.c.id.in_(some))):
                found[row["id"]] = record_of(dict(row), repairs.get(row["id"], []))
        return found

    def article_key(self, start: str) -> str | None:
        """The one article whose key begins like this (eight digits or more); None if there is none or several."""
        if len(start) < _SHORTEST_KEY:
            return None
        # "g" comes after every hexadecimal digit: a range of the index, no search through all keys.
        query = select(ARTICLE.c.id).where(ARTICLE.c.id >= start, ARTICLE.c.id < f"{start}g").limit(2)
        found = [row["id"] for row in self._rows(query)]
        return found[0] if len(found) == 1 else None

    def story(self, key: str) -> StoryEntry | None:
        """The story of an article, by the article's key or the beginning of it."""
        article = self.article_key(key)
        own = select(ARTICLE.c.story).where(ARTICLE.c.id == article).scalar_subquery()
        rows = self._rows(select(*_STORY_COLUMNS, ARTICLE.c.story).where(ARTICLE.c.story == own))
        articles = [_story_article(row) for row in rows]
        if not articles:
            return None
        first = rows[0]["story"]
        articles.sort(key=lambda a: (a.key != first, a.published_at is None, str(a.published_at), a.key))
        return StoryEntry(first, tuple(articles))

    def changes(self, key: str) -> list[str]:
        """What changed in an article from version to version, for people; see ``models.versions``."""
        versions = select(ARTICLE_VERSION).where(ARTICLE_VERSION.c.article == key).order_by(ARTICLE_VERSION.c.number)
        texts = [(row["number"], row["until"], _whole(row)) for row in self._rows(versions)]
        present = [_whole(row) for row in self._rows(select(ARTICLE).where(ARTICLE.c.id == key))]
        lines: list[str] = []
        for (number, until, old), new in zip(texts, [*(text for _, _, text in texts[1:]), *present], strict=False):
            lines += [f"v{number} → {until:%Y-%m-%d %H:%M} UTC", *describe_change(old, new)]
        return lines

    # Search

    def search(
        self,
        words: str,
        filters: Filters | None = None,
        *,
        per_story: bool = True,
        limit: int = 20,
        offset: int = 0,
    ) -> Hits:
        """Articles or stories with these words, best first; see ``models.search``."""
        with reading(self._engine) as connection:
            return search(connection, words, filters, per_story=per_story, limit=limit, offset=offset)

    def facets(
        self, filters: Filters | None = None, words: str = "", *, per_story: bool = True, newest: int | None = None
    ) -> Facets:
        """The topics, regions, media, sources and months there are, for menus; see ``models.search``."""
        with reading(self._engine) as connection:
            return facets(connection, filters, words, per_story=per_story, newest=newest)

    def find_keys(self, words: str, filters: Filters | None = None, *, per_story: bool = True) -> Iterator[str]:
        """The keys of everything that ``search`` would find, newest first, without holding a transaction."""
        return find_keys(lambda: reading(self._engine), words, filters, per_story=per_story)

    def list_articles(self, keys: Iterable[str]) -> Iterator[Listed]:
        """These articles in full, in this order, without holding a transaction."""
        for some in chunks(keys, PAGES):
            with reading(self._engine) as connection:
                listed = list(read_listed(connection, some))
            yield from listed

    def not_searchable(self) -> int:
        """How many articles are not in the search index: ``rebuild_search`` brings them in."""
        with reading(self._engine) as connection:
            return _count(connection, ARTICLE) - _count(connection, SEARCH_ENTRY)

    def flapping(self, keys: Iterable[str]) -> list[str]:
        """Addresses of those of the articles that went to and fro so often that they keep the text they have."""
        query = select(ARTICLE.c.url).where(ARTICLE.c.flaps >= FLAP_LIMIT).order_by(ARTICLE.c.id)
        return [row["url"] for some in chunks(keys) for row in self._rows(query.where(ARTICLE.c.id.in_(some)))]

    def totals(self) -> Totals:
        """The whole corpus in numbers."""
        with reading(self._engine) as connection:
            states = connection.execute(select(CANDIDATE.c.state, func.count()).group_by(CANDIDATE.c.state)).all()
            return Totals(
                articles=_count(connection, ARTICLE),
                stories=_count(connection, STORY),
                versions=_count(connection, ARTICLE_VERSION),
                pages=_count(connection, RAW_PAGE),
                urls={UrlState(state): number for state, number in states},
                quarantined=_count(connection, QUARANTINE),
                sources=_count(connection, SOURCE),
            )


# A beginning of a key that a person may type; of 100,000 articles two share eight digits once in a corpus.
_SHORTEST_KEY = 8

_STORY_COLUMNS = tuple(
    ARTICLE.c[name]
    for name in (
        "id source url title medium platform published_at relation copy_of shared sentences version flaps".split()
    )
)


def _story_article(row: RowMapping) -> StoryArticle:
    values = _entry(row)
    values.pop("story")
    return StoryArticle(**{**values, "relation": Relation(row["relation"]) if row["relation"] else None})


def _whole(row: RowMapping) -> str:
    return "\n".join([row["title"] or "", row["text"]])


def _source_health(row: RowMapping) -> SourceHealth:
    told = HealthState(row["told"]) if row["told"] else None
    return SourceHealth(row["source"], HealthState(row["state"]), row["reason"], row["since"], row["judged_at"], told)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        CANDIDATE.c.state == UrlState.RETRY.value, or_(CANDIDATE.c.next_try.is_(None), CANDIDATE.c.next_try <= now)
    )


def _visited(row: RowMapping) -> Visited:
    further = tuple(row["more"])
    return Visited(_candidate(row), row["headers"], row["digest"], row["first_seen_at"], row["checked_at"], further)


def _list_state(row: RowMapping) -> ListState:
    return ListState(**{name: value for name, value in row.items() if name != "url_hash"})


def _candidate(row: RowMapping) -> Candidate:
    return Candidate(
        source=row["source"],
        url=row["url"],
        key=row["key"],
        hints=hints_of(row["hints"]),
        found_on=row["found_on"],
    )


def _failed_url(row: RowMapping) -> FailedUrl:
    return FailedUrl(
        candidate=_candidate(row),
        state=UrlState(row["state"]),
        stage=Stage(row["stage"]) if row["stage"] else None,
        kind=row["kind"] or "",
        message=row["message"] or "",
        traceback=row["traceback"] or "",
        attempts=row["attempts"],
        next_try=row["next_try"],
        failed_at=row["failed_at"],
    )


def _quarantine_entry(row: RowMapping) -> QuarantineEntry:
    values = {name: row[name] for name in ("key", "source", "url", "reason", "detail", "page", "at")}
    return QuarantineEntry(stage=Stage(row["stage"]), **values)


_ENTRY_COLUMNS = tuple(
    ARTICLE.c[name]
    for name in (
        "id source url story title medium published_at region relevance version first_seen_at updated_at".split()
    )
)


def _entry(row: RowMapping) -> dict[str, Any]:
    return {"key" if name == "id" else name: value for name, value in row.items()}


def run_info(row: RowMapping) -> RunInfo:
    names = ("id", "started_at", "finished_at", "heartbeat_at", "flow_run_id", "parameters", "message")
    return RunInfo(kind=RunKind(row["kind"]), state=RunState(row["state"]), **{name: row[name] for name in names})


def source_totals(row: RowMapping) -> SourceTotals:
    """A row of ``run_source`` with what never went through ``apply`` counted where it belongs."""
    counts = {outcome: row[count_column(outcome)] for outcome in Outcome}
    counts[Outcome.UNCHANGED] += row["known"]
    counts[Outcome.SKIPPED] += row["passed_over"]
    names = ("run", "source", "discovered", "seconds", "message", "coverage")
    return SourceTotals(
        counts=counts,
        state=SourceState(row["state"]) if row["state"] else None,
        **{name: row[name] for name in names},
    )


def _select_pages(selection: Selection) -> Select[Any]:
    query = (
        _join_pages(
            select(
                PAGE_FETCH,
                RAW_PAGE.c.body,
                CANDIDATE.c.outcome.label("outcome"),
                ARTICLE.c.rules_version.label("rules_version"),
            )
        )
        .join(RAW_PAGE, RAW_PAGE.c.digest == PAGE_FETCH.c.digest)
        .order_by(CANDIDATE.c.key)
        .limit(PAGES)
    )
    return query.where(*_conditions(selection))


def _join_pages(query: Select[Any]) -> Select[Any]:
    """The last pages of URLs, with the articles that were made from them."""
    joined = query.select_from(CANDIDATE).join(PAGE_FETCH, CANDIDATE.c.page == PAGE_FETCH.c.id)
    return joined.outerjoin(ARTICLE, ARTICLE.c.id == CANDIDATE.c.key)


def _conditions(selection: Selection) -> Iterator[ColumnElement[bool]]:
    key, version = CANDIDATE.c.key, ARTICLE.c.rules_version
    if selection.after:
        yield key > selection.after
    if selection.prefix:
        # "g" comes after every hexadecimal digit: a range of the index, no search through all keys.
        yield and_(key >= selection.prefix, key < f"{selection.prefix}g")
    if selection.keys:
        yield key.in_(selection.keys)
    if selection.sources:
        yield CANDIDATE.c.source.in_(selection.sources)
    if selection.outcomes:
        yield CANDIDATE.c.outcome.in_([outcome.value for outcome in selection.outcomes])
    if selection.states:
        yield CANDIDATE.c.state.in_([state.value for state in selection.states])
    if selection.not_rules_version is not None:
        yield or_(version.is_(None), version != selection.not_rules_version)
    if selection.rules_version is not None:
        yield version == selection.rules_version
    day = func.coalesce(ARTICLE.c.published_at, CANDIDATE.c.first_seen_at)
    if selection.since is not None:
        yield day >= selection.since
    if selection.until is not None:
        yield day < selection.until


def _further_bodies(connection: Connection, rows: Sequence[RowMapping]) -> dict[str, bytes]:
    """Bodies of the second and later pages of the articles in ``rows``, compressed, by digest."""
    digests = sorted({digest for row in rows for digest in row["more"]})
    found: dict[str, bytes] = {}
    for chunk in chunks(digests):
        query = select(RAW_PAGE.c.digest, RAW_PAGE.c.body).where(RAW_PAGE.c.digest.in_(chunk))
        found |= {row.digest: row.body for row in connection.execute(query)}
    return found


def _stored_page(row: RowMapping, more: dict[str, bytes]) -> StoredPage:
    raw = RawPage(
        source=row["source"],
        url=row["url"],
        key=row["key"],
        body=zstd.decompress(row["body"]),
        fetched_at=row["fetched_at"],
        media_type=MediaType(row["media_type"]),
        status=row["status"],
        final_url=row["final_url"],
        headers=row["headers"],
        hints=hints_of(row["hints"]),
        more=tuple(zstd.decompress(more[digest]) for digest in row["more"]),
    )
    return StoredPage(
        page=row["id"],
        raw=raw,
        rules_version=row["rules_version"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
    )
