"""The typed stages of one article on its way through.

    discover -> Candidate -> fetch -> RawPage -> extract -> Draft -> clean -> Record
    -> decide -> intents -> store

Every stage is a frozen value; nothing here opens a file, a socket or a database.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

__all__ = [
    "LACKS",
    "PAGES_CAPPED",
    "PAGES_MISSING",
    "Block",
    "BlockKind",
    "Candidate",
    "Certainty",
    "Change",
    "Credit",
    "Draft",
    "Edit",
    "Found",
    "Hints",
    "Image",
    "Level",
    "MediaType",
    "Origin",
    "Outcome",
    "Precision",
    "Provenance",
    "RawPage",
    "Record",
    "Region",
    "Relevance",
    "Repair",
    "Script",
    "Series",
    "Topic",
    "kind_of",
    "sha256",
]


class Outcome(enum.StrEnum):
    """Where a candidate of a run ended; exactly one each, and they add up to what was discovered."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off-topic"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    SKIPPED = "skipped"


class Origin(enum.StrEnum):
    """Where a value of a record was read."""

    RULE = "rule"  # a selector in the source's own file
    FAMILY = "family"  # a selector of a known CMS family
    META = "meta"  # <meta> tags, government or open graph
    BYLINE = "byline"  # the line of source, author and date under the title
    TAIL = "tail"  # the end of the text
    FOOTER = "footer"  # the footer of the page
    HEADING = "heading"  # a heading of the page (h1, ## ...)
    TITLE_TAG = "title-tag"  # <title>, without the site's suffix
    URL = "url"
    FEED = "feed"
    LIST = "list"
    FRONT_MATTER = "front-matter"
    SCRIPT_DATA = "script-data"  # a value in a script or in the CMS's own property block
    TEXT_MASS = "text-mass"  # the container with the most running text
    TRAFILATURA = "trafilatura"
    FIRST_LINE = "first-line"
    FILE = "file"  # a plain text file: the whole of it


class Precision(enum.StrEnum):
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Script(enum.StrEnum):
    """The script a text came in (ISO 15924), before it was made simplified."""

    HANS = "Hans"
    HANT = "Hant"
    MIXED = "mixed"
    OTHER = "other"


class Certainty(enum.StrEnum):
    CERTAIN = "certain"
    HIGH = "high"
    LOW = "low"  # never applied, only flagged


class Change(enum.StrEnum):
    """What a rule does to a text."""

    REPAIR = "repair"  # damage undone: other characters than before
    ARRANGEMENT = "arrangement"  # lines taken out, joined or moved to their fields: no word of the story differs
    WRITING = "writing"  # script, width of marks and blanks: the same words as this corpus writes them


# By the name of the rule; every other rule repairs.
_CHANGES = {
    **dict.fromkeys(
        ("repeated-title", "duplicate-body", "furniture", "captions", "credits", "joining", "headline-pieces"),
        Change.ARRANGEMENT,
    ),
    **dict.fromkeys(
        ("script", "script-correction", "script-stray", "punctuation", "white-space", "nfc"), Change.WRITING
    ),
}


def kind_of(rule: str) -> Change:
    """What the changes of a rule are, by its name in repairs."""
    return _CHANGES.get(rule, Change.REPAIR)


class MediaType(enum.StrEnum):
    """The forms of raw page that extraction understands."""

    HTML = "text/html"
    PLAIN = "text/plain"
    MARKDOWN = "text/markdown"
    JSON = "application/json"  # one article as a JSON object
    UNKNOWN = "application/octet-stream"


def sha256(body: bytes) -> str:
    """The content address of a raw page: 64 hex digits."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class Hints:
    """What was known of an article before its page was fetched. Kept with the raw page for reprocessing."""

    title: str | None = None
    published: str | None = None  # as printed in the list or feed, e.g. "昨天 10:30" or RFC 822
    published_origin: Origin = Origin.LIST
    medium: str | None = None
    author: str | None = None
    summary: str | None = None
    listed_at: datetime | None = None  # when the list was fetched; relative dates count from here
    changed: str | None = None  # when the list says the article was last changed, as printed there


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that a source names: not fetched yet."""

    source: str  # slug of the source file
    url: str  # as it will be fetched
    key: str  # sha256 of the canonical URL, 64 hex digits: the identity of the article
    hints: Hints = field(default_factory=Hints)
    found_on: str | None = None  # the list, feed or file that named it


# Among the headers of a raw page, so that it is kept with the page: no header of a site is kept under this name.
LACKS = "dangjian-lacks"
PAGES_MISSING = "pages-missing"  # a later page could not be had: looked for again on later nights
PAGES_CAPPED = "pages-capped"  # more pages than are brought of one article


@dataclass(frozen=True, slots=True)
class RawPage:
    """The bytes of one page as they came, with all that is needed to read them again without the network."""

    source: str
    url: str  # as asked for; for a seed file "seed:<file name>"
    key: str
    body: bytes
    fetched_at: datetime  # aware, UTC
    media_type: MediaType = MediaType.HTML
    status: int = 200
    final_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    hints: Hints = field(default_factory=Hints)
    more: tuple[bytes, ...] = ()  # bodies of the further pages of the same article, in order

    @property
    def digest(self) -> str:
        """Content address of ``body``, 64 hex digits."""
        return sha256(self.body)

    @property
    def lacks(self) -> str | None:
        """The flag that tells which of its pages a stored article lacks; None where it has all that it names."""
        return self.headers.get(LACKS)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it was read; ``raw`` is the text it was read from."""

    value: T
    origin: Origin
    raw: str = ""


class BlockKind(enum.StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article: its true address, and the proxied one if it stood there."""

    url: str
    proxied_url: str | None = None
    width: int | None = None  # pixels
    height: int | None = None  # pixels
    caption: str | None = None
    after_paragraph: int | None = None  # number of paragraphs and headings before it; None if unknown


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the body in reading order. Text never holds a line break."""

    kind: BlockKind
    text: str = ""
    image: Image | None = None
    level: int = 0  # of a heading, 1 to 6; 0 if not known


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit line: who did what, for whom ("华西社区报记者 刘福燕")."""

    role: str  # 记者, 通讯员, 摄影, 供图, 策划, 执行, 责任编辑 ...
    names: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    ordinal: int | None = None
    ordinal_raw: str | None = None  # as printed: ⑨, (上), 之三


@dataclass(frozen=True, slots=True)
class Draft:
    """What extraction read from one raw page: still damaged, still in the page's own script.

    A field the page does not give is None or empty.
    """

    source: str
    url: str
    key: str
    blocks: tuple[Block, ...]
    charset: str = "utf-8"
    charset_origin: str = "default"  # bom, utf-8, header, meta, score ...
    replaced: int = 0  # bytes that could not be decoded
    extractor: str = ""  # the step of the cascade that found the body, e.g. "family:trs"
    kicker: Found[str] | None = None
    title: Found[str] | None = None
    subtitle: Found[str] | None = None
    published: Found[datetime] | None = None  # aware, +08:00 unless the page says otherwise
    published_precision: Precision | None = None
    medium: Found[str] | None = None  # 来源
    platform: Found[str] | None = None  # the site that carries it
    authors: Found[tuple[str, ...]] | None = None
    editors: Found[tuple[str, ...]] | None = None
    credits: tuple[Credit, ...] = ()
    newspaper_page: Found[str] | None = None  # 04 版
    clicks: int | None = None
    tags: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()  # lines cut from the text that may still hold metadata (footers, tail lines)
    links: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """One change to the text, applied or only proposed.

    ``start`` and ``end`` are character offsets in the text that the rule saw;
    ``place`` says where that was in the record ("title", "paragraph 8").
    """

    rule: str
    before: str
    after: str
    start: int = 0
    end: int = 0
    place: str = ""
    certainty: Certainty = Certainty.CERTAIN
    applied: bool = True
    candidates: tuple[str, ...] = ()  # best first, where the choice was not certain
    evidence: str = ""
    count: int = 1  # the same change that many times in this place (punctuation width)

    @property
    def kind(self) -> Change:
        """Whether damage was undone, or only lines arranged or words written otherwise."""
        return kind_of(self.rule)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a text rule returns: the text after it, and what it did."""

    text: str
    repairs: tuple[Repair, ...] = ()


class Level(enum.StrEnum):
    """Administrative levels, in the words of the golden records."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    COUNTY_CITY = "county-level city"
    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    COMMUNITY = "community"  # 社区 or 村


@dataclass(frozen=True, slots=True)
class Region:
    """A place that the story is about or names."""

    level: Level
    name: str
    code: str | None = None  # official division code; None for communities
    primary: bool = False
    inferred: bool = False  # not named in the text, only implied by a place that is


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relevance:
    """How much a text is about party building: 0 to 1, and the words that say so."""

    score: float
    hits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a field of the record came from."""

    origin: Origin
    raw: str = ""


_READ = (BlockKind.PARAGRAPH, BlockKind.HEADING)  # of the kinds of block: what the text consists of


@dataclass(frozen=True, slots=True)
class Record:
    """A clean article. ``text`` is what people read: paragraphs and headings, joined by a line feed."""

    source: str
    url: str
    key: str
    blocks: tuple[Block, ...]
    rules_version: str
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    series: Series | None = None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    medium: str | None = None
    platform: str | None = None
    authors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    newspaper_page: str | None = None
    clicks: int | None = None
    tags: tuple[str, ...] = ()
    script: Script = Script.OTHER
    language: str | None = None  # "zh", or None where the text is too short to say
    charset: str = "utf-8"
    charset_origin: str = "default"
    extractor: str = ""
    original_text: str | None = None  # the text in the script and state it came in; None if equal to ``text``
    regions: tuple[Region, ...] = ()
    topics: tuple[Topic, ...] = ()
    methods: tuple[str, ...] = ()  # named working methods and brands: “五线工作法”
    relevance: Relevance = field(default_factory=lambda: Relevance(0.0))
    repairs: tuple[Repair, ...] = ()
    flags: tuple[str, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Paragraphs and headings in reading order; captions not."""
        return tuple([b.text for b in self.blocks if b.kind in _READ])

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if b.kind is BlockKind.HEADING)

    @property
    def captions(self) -> tuple[str, ...]:
        return tuple(b.text for b in self.blocks if b.kind is BlockKind.CAPTION)

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(b.image for b in self.blocks if b.image is not None)

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)
