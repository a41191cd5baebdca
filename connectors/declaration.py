"""What a source file may say: one site or column, how to find its articles, how to behave there."""

from __future__ import annotations

import enum
import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.rules import ArticleRules

__all__ = [
    "Discover",
    "EpaperLayout",
    "EpaperRules",
    "FeedRules",
    "Hosts",
    "JpageRules",
    "JsonRules",
    "Limits",
    "ListRules",
    "Pace",
    "PageRules",
    "PageStyle",
    "Pagination",
    "RsshubRules",
    "ScriptItems",
    "SeedRules",
    "SitemapRules",
    "Source",
    "Tls",
    "Verified",
    "check_selector",
]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _check_address(value: str) -> str:
    if not re.match(r"https?://[^\s/?#]+", value):
        raise ValueError("expected an address that starts with http:// or https://")
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"expected a regular expression; {error}") from error
    return value


def check_selector(value: str) -> str:
    from parsel.csstranslator import HTMLTranslator  # 0.1 s that other users of this module need not pay

    try:
        HTMLTranslator().css_to_xpath(value)
    except Exception as error:
        raise ValueError(f"expected a CSS selector; {error}") from error
    return value


Address = Annotated[str, AfterValidator(_check_address)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
Selector = Annotated[str, AfterValidator(check_selector)]


class Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verified(enum.StrEnum):
    """How far a source file has been tried; an untested one must not pass for a tested one."""

    LIVE = "live"  # ``dangjian sources check`` found articles on the real site
    FROM_PUBLISHED_STRUCTURE = "from-published-structure"  # written from published descriptions of the site
    OWN_PAGE = "own-page"  # tried on pages of our own making only


class Pace(Declared):
    """Politeness towards the hosts of this source. All sources of a run share one pace per host: the slowest wins."""

    delay: float = Field(default=1.0, ge=0, le=120, description="Seconds between two requests to one host")
    connections: int = Field(default=2, ge=1, le=4, description="Connections per host at the same time")


class Limits(Declared):
    """Upper bounds of one run of this source."""

    pages: int = Field(default=5, ge=1, le=500, description="List pages read in one night, per list")
    backfill_pages: int = Field(default=200, ge=1, le=5000, description="List pages read in a backfill, per list")
    articles: int = Field(default=500, ge=1, le=50_000, description="Articles taken in one night")
    overlap: int = Field(default=1, ge=0, le=10, description="Pages read on after the first with only known articles")
    revisit_days: int = Field(default=7, ge=0, le=60, description="Days in which articles are seen again")
    revisits: int = Field(default=100, ge=1, le=5000, description="Articles looked at again in one night")
    revisit_always: bool = Field(
        default=False, description="Also pages served without ETag and Last-Modified, at the cost of a download each"
    )
    body_mb: float = Field(default=8, gt=0, le=50, description="Largest page in megabytes, decompressed")
    deadline: float = Field(default=30, gt=0, le=300, description="Seconds for one request in total")


class Tls(Declared):
    """Exceptions from good encryption. Each is reported with every run."""

    verify: bool = Field(default=True, description="false accepts any certificate")
    legacy: bool = Field(default=False, description="true allows TLS 1.0, small keys and old renegotiation")

    @property
    def exceptions(self) -> tuple[str, ...]:
        """What is done without, for reports."""
        unverified = "不核对证书 / any certificate is accepted (tls.verify: false)"
        old = "允许旧的加密方式 / old TLS is allowed (tls.legacy: true)"
        return (unverified,) * (not self.verify) + (old,) * self.legacy


class Hosts(Declared):
    """Which hosts belong to the source, and which of them are one site under two names."""

    allow: tuple[str, ...] = Field(
        default=(), description="Further hosts of articles; '*.example.cn' is every host below. Default: those of urls"
    )
    alias: dict[str, str] = Field(
        default_factory=dict, description="Second name of a host to its first: same path, same article"
    )


class PageStyle(enum.StrEnum):
    """How a list says where it goes on."""

    AUTO = "auto"  # createPageHTML(...) if the page calls it, else a link 下一页, else the end
    NONE = "none"
    NUMBERED = "numbered"  # by ``pattern``
    NEXT = "next"  # by the selector ``next``


class Pagination(Declared):
    style: PageStyle = PageStyle.AUTO
    pattern: str | None = Field(
        default=None, description="Address of a further page, relative to the first: index_{n}.html, ?page={n}"
    )
    second: int = Field(default=2, ge=0, description="The number {n} of the second page: 1 on TRS sites, else 2")
    step: int = Field(default=1, ge=1, description="What {n} grows by: 1, or the page size for offsets")
    next: Selector | None = None

    @model_validator(mode="after")
    def _belongs_together(self) -> Pagination:
        if self.style is PageStyle.NUMBERED and "{n}" not in (self.pattern or ""):
            raise ValueError("style numbered: expected a pattern with {n}")
        if self.style is PageStyle.NEXT and not self.next:
            raise ValueError("style next: expected a selector under next")
        return self


class ScriptItems(Declared):
    """Items that stand in a JavaScript array instead of the page."""

    array: Pattern = Field(description="Regular expression that ends right before the opening bracket of the array")
    url: str = Field(default="url", description="Dotted path within an item; the same for title and date")
    title: str = "title"
    date: str | None = None


class Selection(Declared):
    """Which of the addresses found are articles."""

    accept: tuple[Pattern, ...] = Field(default=(), description="An article's address matches one of these")
    reject: tuple[Pattern, ...] = Field(default=(), description="... and none of these")


class ListItems(Selection):
    """Where one item of an HTML list keeps its link, title and date."""

    item: Selector | None = Field(default=None, description="One entry of the list; default: every link that fits")
    link: Selector = Field(default="a", description="Within the item")
    title: Selector | None = Field(default=None, description="Within the item; default: title attribute or link text")
    date: Selector | None = Field(default=None, description="Within the item; default: the first date in its text")


class ListRules(ListItems):
    """HTML list pages."""

    kind: Literal["list"]
    urls: tuple[Address, ...] = Field(min_length=1)
    comments: bool = Field(default=False, description="Items stand inside HTML comments")
    html: str | None = Field(default=None, description="Dotted path to the HTML, where the page comes within JSON")
    script: ScriptItems | None = None
    pages: Pagination = Pagination()
    charset: str | None = None


class FeedRules(Selection):
    """RSS, Atom or RDF."""

    kind: Literal["feed"]
    urls: tuple[Address, ...] = Field(min_length=1)


class RsshubRules(Selection):
    """A route of RSSHub, tried on one instance after the other."""

    kind: Literal["rsshub"]
    instances: tuple[Address, ...] = Field(min_length=1)
    routes: tuple[str, ...] = Field(min_length=1)


class SitemapRules(Selection):
    """Sitemaps, news sitemaps and their indexes, also gzipped."""

    kind: Literal["sitemap"]
    urls: tuple[Address, ...] = Field(min_length=1)
    maps: tuple[Pattern, ...] = Field(default=(), description="Of an index, only maps whose address matches one")


class JsonRules(Selection):
    """JSON or JSONP interfaces, also arrays assigned to a JavaScript variable."""

    kind: Literal["json"]
    urls: tuple[Address, ...] = Field(min_length=1, description="{n} is the page number, {minutes} the time in minutes")
    method: Literal["GET", "POST"] = "GET"
    form: dict[str, str] | None = Field(default=None, description="Form fields of a POST; values may hold {n}")
    json_body: str | None = Field(default=None, description="JSON text of a POST; may hold {n}")
    variable: str | None = Field(default=None, description="JavaScript variable that the array is assigned to")
    items: str = Field(default="", description="Dotted path to the array; * is every member")
    url: str = Field(default="url", description="Dotted paths within an item, the first that has a value, split by |")
    title: str = "title"
    date: str | None = None
    medium: str | None = None
    author: str | None = None
    text: str | None = Field(default=None, description="Path to the full HTML of the article, if the list carries it")
    article_url: str | None = Field(default=None, description="Address made from fields: https://x.cn/{id}.html")
    base: Address | None = Field(default=None, description="What relative addresses are relative to")
    first: int = Field(default=1, ge=0, description="{n} of the first page")
    step: int = Field(default=1, ge=1)


class JpageRules(ListItems):
    """The XML lists of the 大汉 jpage module (dataproxy.jsp)."""

    kind: Literal["jpage"]
    urls: tuple[Address, ...] = Field(min_length=1, description="Address of dataproxy.jsp, or of the column page")
    form: dict[str, str] = Field(default_factory=dict, description="columnid, unitid, webid ... as the site sends them")
    per_page: int = Field(default=25, ge=1, le=100)
    method: Literal["GET", "POST"] = "POST"


class EpaperLayout(Declared):
    """How the issues of a span of time are built."""

    issue: Address = Field(description="Address of an issue's first page with %Y %m %d")
    pages: Selector | None = Field(default=None, description="Links to the further pages of the issue")
    articles: Selector = Field(description="Links to the articles of one page")
    valid_from: date | None = None
    valid_until: date | None = None


class EpaperRules(Selection):
    """Electronic newspapers: date, pages, articles."""

    kind: Literal["epaper"]
    layouts: tuple[EpaperLayout, ...] = Field(min_length=1)
    days: int = Field(default=3, ge=1, le=60, description="Issues looked at every night: today and the days before")


class PageRules(Declared):
    """Single pages, named one by one."""

    kind: Literal["page"]
    urls: tuple[Address, ...] = Field(min_length=1)


class SeedRules(Declared):
    """A folder of files."""

    kind: Literal["seeds"]
    folder: str = "seeds"


Discover = Annotated[
    ListRules | FeedRules | RsshubRules | SitemapRules | JsonRules | JpageRules | EpaperRules | PageRules | SeedRules,
    Field(discriminator="kind"),
]


class Floor(Declared):
    """The least a source must bring; below it the source is reported, whatever its history says."""

    listed: int = Field(default=1, ge=0, description="Articles named by its lists in one night")
    silent_days: int | None = Field(default=None, ge=1, description="Days without a new article")


class Source(Declared):
    """One source file: a site, or one column of it."""

    slug: str = Field(description="File name without .yaml: ASCII, stable, the key in the database")
    name: str = Field(min_length=1, description="As shown to people, in Chinese")
    home: Address | None = None
    platform: str | None = Field(default=None, description="Name of the site, e.g. 共产党员网")
    enabled: bool = True
    verified: Verified
    discover: Discover
    article: tuple[ArticleRules, ...] = ()
    pace: Pace = Pace()
    limits: Limits = Limits()
    relevance: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="Least share of party building a page must have to be an article; 0 takes all",
    )
    hosts: Hosts = Hosts()
    tls: Tls = Tls()
    floor: Floor | None = None
    note: str | None = Field(default=None, description="Anything a person should know, shown by dangjian sources")

    @property
    def in_the_clear(self) -> bool:
        """Whether lists are asked for without encryption, because the file says http."""
        return any(url.startswith("http://") for url in getattr(self.discover, "urls", ()))

    @property
    def rules(self) -> tuple[ArticleRules, ...]:
        """Rules for the article pages, each with the name of the site."""
        if self.platform is None:
            return self.article
        return tuple(
            rules if rules.platform else replace(rules, platform=self.platform)
            for rules in self.article or (ArticleRules(),)
        )

    @model_validator(mode="after")
    def _slug_is_plain(self) -> Source:
        if not SLUG.fullmatch(self.slug):
            raise ValueError("slug: expected small ASCII letters, digits and single hyphens")
        return self
