"""The tables, as SQLModel classes. docs/data-model.md says what each column means.

Writes go through SQLAlchemy Core (models.store); the classes are for reading and for whoever queries the corpus.
Texts are ``SafeText``, never indexed: an address may have 12,000 characters, an index entry of PostgreSQL 2,700.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

__all__ = [
    "Article",
    "ArticleVersion",
    "CandidateRow",
    "PageFetch",
    "Quarantine",
    "RawBody",
    "RepairRow",
    "Run",
    "RunSource",
    "SearchEntry",
    "SentenceMark",
    "Source",
    "SourceHealthRow",
    "SourceList",
    "Story",
    "StoryDecision",
    "Table",
    "UtcDateTime",
    "WordingBond",
    "storable",
]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """``text`` as both databases take it: without NUL, with U+FFFD for a lone surrogate.

    PostgreSQL refuses NUL, both drivers refuse lone surrogates, and SQLite's length() ends at NUL.
    """
    # To encode a text takes a tenth of looking through it, and this is asked of every text of every row.
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        if "\x00" not in text:
            return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


class SafeText(TypeDecorator[str]):
    """Text of any length and content."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out. A naive datetime is a mistake of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"datetime without offset: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_Number = BigInteger().with_variant(Integer, "sqlite")
Hash = String(64)  # sha256 in hex
Word = String(32)  # a value of one of our enums

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of all tables: constraints have names, so that migrations can find them again."""

    metadata = MetaData(naming_convention=_NAMES)


def _key(**more: Any) -> Any:
    return Field(primary_key=True, sa_type=Hash, **more)


def _hash(**more: Any) -> Any:
    return Field(sa_type=Hash, **more)


def _text(**more: Any) -> Any:
    return Field(sa_type=SafeText, **more)


def _word(**more: Any) -> Any:
    return Field(sa_type=Word, **more)


def _json(**more: Any) -> Any:
    return Field(sa_type=Json, **more)


def _time(**more: Any) -> Any:
    return Field(sa_type=UtcDateTime, **more)


def _source(**more: Any) -> Any:
    return Field(sa_type=String(128), foreign_key="source.slug", **more)


class Source(Table, table=True):
    """A site or folder that articles come from: the registry."""

    slug: str = Field(primary_key=True, sa_type=String(128))
    name: str = _text(default="")
    kind: str = _text(default="")
    homepage: str | None = _text(default=None)
    enabled: bool = Field(default=True, sa_type=Boolean)


class SourceList(Table, table=True):
    """Validators of a list or feed page, from the last time it was read well."""

    __tablename__ = "source_list"

    source: str = _source(primary_key=True)
    url_hash: str = _key()
    url: str = _text()
    etag: str | None = _text(default=None)
    last_modified: str | None = _text(default=None)
    body_hash: str | None = _hash(default=None)
    items: int = Field(default=0, sa_type=Integer)
    good_at: datetime = _time()
    onward: str | None = _text(default=None)


class SourceHealthRow(Table, table=True):
    """How a source stands, since when, and what people were told of it."""

    __tablename__ = "source_health"

    source: str = _source(primary_key=True)
    state: str = _word()
    reason: str = _text(default="")
    since: datetime = _time()
    judged_at: datetime = _time()
    told: str | None = _word(default=None)


class RawBody(Table, table=True):
    """The bytes of a page, once, by their hash."""

    __tablename__ = "raw_page"

    digest: str = _key()
    body: bytes = Field(sa_type=LargeBinary)
    size: int = Field(sa_type=BigInteger)


class PageFetch(Table, table=True):
    """That these bytes stood at this address, and how they were served the first time."""

    __tablename__ = "page_fetch"
    # By digest: to see whether bytes are still used, when pages are dropped.
    __table_args__ = (Index("ix_page_fetch_key", "key"), Index("ix_page_fetch_digest", "digest"))

    id: str = _key()
    key: str = _hash()
    source: str = _source()
    url: str = _text()
    final_url: str | None = _text(default=None)
    status: int = Field(sa_type=Integer)
    media_type: str = _word()
    digest: str = _hash(foreign_key="raw_page.digest")
    more: list[str] = _json()
    headers: dict[str, str] = _json()
    hints: dict[str, Any] = _json()
    fetched_at: datetime = _time()


class CandidateRow(Table, table=True):
    """A URL that a source named, and what is left to do for it."""

    __tablename__ = "candidate"
    __table_args__ = (
        Index("ix_candidate_state_next_try", "state", "next_try"),
        Index("ix_candidate_source_state", "source", "state"),
        Index("ix_candidate_page", "page"),
    )

    key: str = _key()
    source: str = _source()
    url: str = _text()
    found_on: str | None = _text(default=None)
    hints: dict[str, Any] = _json()
    state: str = _word()
    outcome: str | None = _word(default=None)
    attempts: int = Field(default=0, sa_type=Integer)
    strikes: float = Field(default=0.0, sa_type=Float)
    next_try: datetime | None = _time(default=None)
    stage: str | None = _word(default=None)
    kind: str | None = _text(default=None)
    message: str | None = _text(default=None)
    traceback: str | None = _text(default=None)
    failed_at: datetime | None = _time(default=None)
    page: str | None = _hash(default=None, foreign_key="page_fetch.id")
    run: str | None = _word(default=None)
    first_seen_at: datetime = _time()
    checked_at: datetime | None = _time(default=None)


class Story(Table, table=True):
    """One story and its reprints."""

    id: str = _key()
    representative: str | None = _hash(default=None)
    articles: int = Field(default=0, sa_type=Integer)
    published_at: datetime | None = _time(default=None)


class Article(Table, table=True):
    """A clean article as it reads now."""

    __table_args__ = (
        Index("ix_article_published_at", "published_at"),
        Index("ix_article_source", "source"),
        Index("ix_article_story", "story"),
        Index("ix_article_text_hash", "text_hash"),
        Index("ix_article_wording", "wording"),
        Index("ix_article_first_seen_at", "first_seen_at"),
        Index("ix_article_region_code", "region_code"),
        Index("ix_article_page", "page"),
    )

    id: str = _key()
    source: str = _source()
    url: str = _text()
    story: str = _hash(foreign_key="story.id")
    title: str | None = _text(default=None)
    kicker: str | None = _text(default=None)
    subtitle: str | None = _text(default=None)
    series: dict[str, Any] | None = _json(default=None, nullable=True)
    published_at: datetime | None = _time(default=None)
    published_offset: int | None = Field(default=None, sa_type=Integer)
    published_precision: str | None = _word(default=None)
    medium: str | None = _text(default=None)
    platform: str | None = _text(default=None)
    authors: list[str] = _json()
    photographers: list[str] = _json()
    editors: list[str] = _json()
    credits: list[dict[str, Any]] = _json()
    newspaper_page: str | None = _text(default=None)
    clicks: int | None = Field(default=None, sa_type=BigInteger)
    tags: list[str] = _json()
    text: str = _text()
    original_text: str | None = _text(default=None)
    blocks: list[dict[str, Any]] = _json()
    script: str = _word()
    language: str | None = _text(default=None)
    region: str | None = _text(default=None)
    region_code: str | None = Field(default=None, sa_type=String(32))
    regions: list[dict[str, Any]] = _json()
    topics: list[dict[str, Any]] = _json()
    methods: list[str] = _json()
    relevance: float = Field(sa_type=Float)
    relevance_hits: dict[str, int] = _json()
    flags: list[str] = _json()
    provenance: dict[str, Any] = _json()
    charset: str = _text()
    charset_origin: str = _text()
    extractor: str = _text()
    rules_version: str = _text()
    page: str | None = _hash(default=None, foreign_key="page_fetch.id")
    record_hash: str = _hash()
    content_hash: str = _hash()
    text_hash: str | None = _hash(default=None)
    wording: int | None = Field(default=None, sa_type=BigInteger)
    letters: int = Field(default=0, sa_type=Integer)
    damage: int = Field(default=0, sa_type=Integer)
    relation: str | None = _word(default=None)
    copy_of: str | None = _hash(default=None)
    shared: int | None = Field(default=None, sa_type=Integer)
    sentences: int | None = Field(default=None, sa_type=Integer)
    containment: float | None = Field(default=None, sa_type=Float)
    version: int = Field(sa_type=Integer)
    flaps: int = Field(default=0, sa_type=Integer)
    first_seen_at: datetime = _time()
    updated_at: datetime = _time()


class SentenceMark(Table, table=True):
    """Which wordings hold a sentence: the index that copies are found by. One row takes about 20 bytes."""

    __tablename__ = "sentence_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    mark: int = Field(primary_key=True, sa_type=BigInteger)
    wording: int = Field(primary_key=True, sa_type=BigInteger)


class WordingBond(Table, table=True):
    """Two wordings that were compared and found to be copies: ``first`` as a copy of ``second``."""

    __tablename__ = "wording_bond"
    __table_args__ = (Index("ix_wording_bond_second", "second"),)

    first: int = Field(primary_key=True, sa_type=BigInteger)
    second: int = Field(primary_key=True, sa_type=BigInteger)
    relation: str = _word()
    shared: int = Field(sa_type=Integer)
    sentences: int = Field(sa_type=Integer)
    containment: float = Field(sa_type=Float)


class StoryDecision(Table, table=True):
    """What a person decided about two articles; it stands above what their texts say."""

    __tablename__ = "story_decision"
    __table_args__ = (Index("ix_story_decision_second", "second"),)

    first: str = _key(foreign_key="article.id")
    second: str = _key(foreign_key="article.id")
    verdict: str = _word()
    note: str = _text(default="")
    at: datetime = _time()


class ArticleVersion(Table, table=True):
    """A text that an article had before; the one it has now stands in ``article``."""

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article", "content_hash"), Index("ix_article_version_page", "page"))

    article: str = _key(foreign_key="article.id")
    number: int = Field(primary_key=True, sa_type=Integer)
    content_hash: str = _hash()
    title: str | None = _text(default=None)
    kicker: str | None = _text(default=None)
    subtitle: str | None = _text(default=None)
    published_at: datetime | None = _time(default=None)
    medium: str | None = _text(default=None)
    authors: list[str] = _json()
    text: str = _text()
    blocks: list[dict[str, Any]] = _json()
    rules_version: str = _text()
    page: str | None = _hash(default=None, foreign_key="page_fetch.id")
    since: datetime = _time()
    until: datetime = _time()


class RepairRow(Table, table=True):
    """One change that cleaning made to a text, or only proposed."""

    __tablename__ = "repair"
    __table_args__ = (Index("ix_repair_rule", "rule"),)

    article: str = _key(foreign_key="article.id")
    number: int = Field(primary_key=True, sa_type=Integer)
    rule: str = Field(sa_type=String(64))
    place: str = _text()
    start_offset: int = Field(sa_type=Integer)
    end_offset: int = Field(sa_type=Integer)
    before: str = _text()
    after: str = _text()
    certainty: str = _word()
    applied: bool = Field(sa_type=Boolean)
    candidates: list[str] = _json()
    evidence: str = _text()
    count: int = Field(sa_type=Integer)


class Run(Table, table=True):
    """One run of a flow that writes."""

    __table_args__ = (UniqueConstraint("slot"), Index("ix_run_started_at", "started_at"))

    id: str = Field(primary_key=True, sa_type=Word)
    kind: str = _word()
    state: str = _word()
    # Only one row can hold a slot; it is emptied when the run ends.
    slot: str | None = _word(default=None)
    started_at: datetime = _time()
    heartbeat_at: datetime = _time()
    lease_until: datetime = _time()
    finished_at: datetime | None = _time(default=None)
    flow_run_id: str | None = _text(default=None)
    parameters: dict[str, Any] = _json()
    message: str = _text(default="")


class RunSource(Table, table=True):
    """One source in one run: what was discovered and how it ended."""

    __tablename__ = "run_source"
    __table_args__ = (Index("ix_run_source_source", "source"),)

    run: str = Field(primary_key=True, sa_type=Word, foreign_key="run.id")
    source: str = _source(primary_key=True)
    discovered: int = Field(default=0, sa_type=Integer)
    new: int = Field(default=0, sa_type=Integer)
    updated: int = Field(default=0, sa_type=Integer)
    unchanged: int = Field(default=0, sa_type=Integer)
    duplicate: int = Field(default=0, sa_type=Integer)
    off_topic: int = Field(default=0, sa_type=Integer)
    quarantined: int = Field(default=0, sa_type=Integer)
    failed: int = Field(default=0, sa_type=Integer)
    skipped: int = Field(default=0, sa_type=Integer)
    known: int = Field(default=0, sa_type=Integer)
    passed_over: int = Field(default=0, sa_type=Integer)
    seconds: float = Field(default=0.0, sa_type=Float)
    state: str | None = _word(default=None)
    message: str = _text(default="")
    coverage: dict[str, float] = _json()


class Quarantine(Table, table=True):
    """A URL whose record was bad: waits for new rules or for a person."""

    __table_args__ = (Index("ix_quarantine_source", "source"), Index("ix_quarantine_page", "page"))

    key: str = _key(foreign_key="candidate.key")
    source: str = _source()
    url: str = _text()
    stage: str = _word()
    reason: str = _text()
    detail: str = _text()
    page: str | None = _hash(default=None, foreign_key="page_fetch.id")
    run: str | None = _word(default=None)
    at: datetime = _time()


class SearchEntry(Table, table=True):
    """An article in the search index; ``search_words`` holds its words under the same number.

    docs/search-and-export.md describes both.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_article", "article", unique=True),
        Index("ix_search_entry_first_seen_at", "first_seen_at"),
    )

    # On SQLite an INTEGER key is the row itself, which a BIGINT is not.
    number: int = Field(primary_key=True, sa_type=_Number, sa_column_kwargs={"autoincrement": False})
    article: str = _hash(foreign_key="article.id")
    story: str = _hash()
    relevant: bool = Field(sa_type=Boolean)
    source: str = Field(sa_type=String(128))
    medium: str | None = _text(default=None)
    region_code: str | None = Field(default=None, sa_type=String(32))
    topics: list[str] = _json()
    first_seen_at: datetime = _time()
    version: int = Field(sa_type=Integer)


# The same tables for SQLAlchemy Core.
_CORE = Table.metadata.tables
SOURCE = _CORE["source"]
SOURCE_HEALTH = _CORE["source_health"]
SOURCE_LIST = _CORE["source_list"]
RAW_PAGE = _CORE["raw_page"]
PAGE_FETCH = _CORE["page_fetch"]
CANDIDATE = _CORE["candidate"]
STORY = _CORE["story"]
ARTICLE = _CORE["article"]
ARTICLE_VERSION = _CORE["article_version"]
REPAIR = _CORE["repair"]
RUN = _CORE["run"]
RUN_SOURCE = _CORE["run_source"]
QUARANTINE = _CORE["quarantine"]
SENTENCE_MARK = _CORE["sentence_mark"]
WORDING_BOND = _CORE["wording_bond"]
STORY_DECISION = _CORE["story_decision"]
SEARCH_ENTRY = _CORE["search_entry"]
