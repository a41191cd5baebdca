"""Columns of the news site: the same stories named by every kind of list that a source file can declare."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qs, urlsplit

import yaml

from benchmarks.press import Story

__all__ = ["KINDS", "Column", "Listing", "Maker"]

PER_PAGE = 20
# Issues that hold stories; at night, when lists are read, the issue of the day that begins is not out yet.
NEWSPAPER_DAYS = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """One answer that names articles: its body and type. Without ``tag`` the server gives no ETag."""

    body: bytes
    content_type: str = "text/html"
    tag: bool = True


Maker = Callable[[str, str], Listing | None]
"""Path with query, and posted form as a query string, to an answer."""


@dataclass(slots=True)
class Column:
    """One source: its stories, where each stands, and how its lists are asked for."""

    slug: str
    kind: str
    base: str  # http://127.0.0.2:8000
    stories: Sequence[Story]
    discover: str = ""  # the YAML flow mapping under ``discover:``
    lists: int = 1  # lists that are asked for every night
    listings: dict[str, Listing] = field(default_factory=dict)  # by path with query
    makers: dict[str, Maker] = field(default_factory=dict)  # by path; for what a form or a query decides
    home: str = ""

    def path(self, story: Story) -> str:
        if self.kind == "epaper":
            return f"/{self.slug}/{story.day:%Y%m/%d}/content_{story.number}.html"
        return f"/{self.slug}/{story.day:%Y%m}/t{story.day:%Y%m%d}_{story.number}.html"

    def url(self, story: Story) -> str:
        return self.base + self.path(story)

    @property
    def starts(self) -> list[str]:
        """Addresses of its lists, as far as they are plain ones."""
        return [str(url) for url in yaml.safe_load(self.discover).get("urls", ())]

    @property
    def pages(self) -> list[Sequence[Story]]:
        return [self.stories[at : at + PER_PAGE] for at in range(0, len(self.stories), PER_PAGE)] or [[]]

    def source_file(self, pace: str = "{delay: 0}") -> str:
        """The column as a source file of the register."""
        home = f"home: {self.home}\n" if self.home else ""
        return (
            f"name: 示范网 {self.slug}\nverified: own-page\nplatform: 示范先锋网\n{home}pace: {pace}\n"
            f"limits: {{pages: 500, articles: 50000}}\ndiscover: {self.discover}\n"
        )


def _items(column: Column, some: Sequence[Story]) -> str:
    return "".join(
        f'<li><a href="{column.path(one)}" title="{one.title}" target="_blank">{one.title[:16]}...</a>'
        f"<span>{one.day}</span></li>\n"
        for one in some
    )


def _page(column: Column, some: Sequence[Story], after: str = "") -> bytes:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{column.slug}</title></head><body>'
        f'<div class="nav"><a href="/">首页</a></div><ul class="list">\n{_items(column, some)}</ul>'
        f'<div class="pages">{after}</div></body></html>'
    ).encode()


# ---- HTML lists ------------------------------------------------------------------------------------------------


def _add_trs(column: Column) -> None:
    """createPageHTML(total, current, "index", "html"), as TRS writes it."""
    column.discover = f"{{kind: list, item: ul.list li, date: span, urls: ['{column.base}/{column.slug}/']}}"
    for at, some in enumerate(column.pages):
        name = f"/{column.slug}/" if at == 0 else f"/{column.slug}/index_{at}.html"
        call = f'<script>createPageHTML({len(column.pages)}, {at}, "index", "html");</script>'
        column.listings[name] = Listing(_page(column, some, call))


def _add_linked(column: Column) -> None:
    """A link 下一页."""
    column.discover = f"{{kind: list, item: ul.list li, urls: ['{column.base}/{column.slug}/list.jsp']}}"
    for at, some in enumerate(column.pages, 1):
        path = f"/{column.slug}/list.jsp"
        more = f'<a href="{path}?page={at + 1}">下一页</a>' if at < len(column.pages) else ""
        column.listings[path if at == 1 else f"{path}?page={at}"] = Listing(_page(column, some, more))


def _add_numbered(column: Column) -> None:
    """index.html, index2.html ...: nothing on the page says so."""
    column.discover = (
        f"{{kind: list, item: ul.list li, pages: {{style: numbered, pattern: 'index{{n}}.html'}}, "
        f"urls: ['{column.base}/{column.slug}/index.html']}}"
    )
    for at, some in enumerate(column.pages, 1):
        # Without an ETag: what is unchanged must be seen by its bytes.
        column.listings[f"/{column.slug}/index{at if at > 1 else ''}.html"] = Listing(_page(column, some), tag=False)


def _add_more(column: Column) -> None:
    """A button 加载更多 whose address stands in an attribute."""
    column.discover = (
        f"{{kind: list, accept: ['/{column.slug}/20'], pages: {{style: next, next: 'a.more'}}, "
        f"urls: ['{column.base}/{column.slug}/more.html']}}"
    )
    for at, some in enumerate(column.pages, 1):
        following = f"/{column.slug}/more_{at + 1}.html"
        more = (
            f'<a class="more" href="javascript:;" data-url="{following}">加载更多</a>' if at < len(column.pages) else ""
        )
        column.listings[f"/{column.slug}/more{f'_{at}' if at > 1 else ''}.html"] = Listing(_page(column, some, more))


# ---- feeds and sitemaps ----------------------------------------------------------------------------------------


def _rss(column: Column, charset: str = "utf-8") -> bytes:
    items = "".join(
        f"<item><title>{one.title}</title><link>{column.url(one)}</link>"
        f"<pubDate>{one.published:%a, %d %b %Y %H:%M}:00 +0800</pubDate></item>"
        for one in column.stories
    )
    head = f'<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel><title>示范网</title>'
    return f"{head}{items}</channel></rss>".encode(charset)


def _add_rss(column: Column) -> None:
    path = f"/{column.slug}/rss.xml"
    column.discover = f"{{kind: feed, urls: ['{column.base}{path}']}}"
    column.listings[path] = Listing(_rss(column), "application/rss+xml")


def _add_gbk_rss(column: Column) -> None:
    """In GBK and served as HTML, as old servers do."""
    path = f"/{column.slug}/rss_gbk.xml"
    column.discover = f"{{kind: feed, urls: ['{column.base}{path}']}}"
    column.listings[path] = Listing(_rss(column, "gbk"), "text/html", tag=False)


def _add_atom(column: Column) -> None:
    path = f"/{column.slug}/atom.xml"
    column.discover = f"{{kind: feed, urls: ['{column.base}{path}']}}"
    entries = "".join(
        f'<entry><title>{one.title}</title><link href="{column.path(one)}"/><id>{column.url(one)}</id>'
        f"<published>{one.published.isoformat()}+08:00</published></entry>"
        for one in column.stories
    )
    feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>示范网</title>{entries}</feed>'
    column.listings[path] = Listing(feed.encode(), "application/atom+xml")


def _add_rsshub(column: Column) -> None:
    """A route of an RSSHub instance that runs on the same host as the site it reads."""
    route = f"/shifan/{column.slug}"
    column.discover = f"{{kind: rsshub, instances: ['{column.base}'], routes: ['{route}']}}"
    column.home = f"{column.base}/"
    column.listings[route] = Listing(_rss(column), "application/xml")


def _add_sitemap(column: Column) -> None:
    """An index of two maps, gzipped."""
    path = f"/{column.slug}/sitemap.xml"
    column.discover = f"{{kind: sitemap, urls: ['{column.base}{path}']}}"
    half = len(column.stories) // 2
    maps = {f"/{column.slug}/map_{n}.xml.gz": s for n, s in enumerate((column.stories[:half], column.stories[half:]))}
    column.lists = 1 + len(maps)
    named = "".join(f"<sitemap><loc>{column.base}{one}</loc></sitemap>" for one in maps)
    column.listings[path] = Listing(f"<sitemapindex>{named}</sitemapindex>".encode(), "application/xml")
    for one, some in maps.items():
        urls = "".join(f"<url><loc>{column.url(s)}</loc><lastmod>{s.day}</lastmod></url>" for s in some)
        column.listings[one] = Listing(gzip.compress(f"<urlset>{urls}</urlset>".encode(), mtime=0), "application/gzip")


# ---- interfaces ------------------------------------------------------------------------------------------------


def _rows(column: Column, number: int) -> list[dict[str, str]]:
    some = column.pages[number - 1] if 1 <= number <= len(column.pages) else []
    return [{"url": column.path(one), "title": one.title, "date": str(one.day)} for one in some]


def _add_json(column: Column) -> None:
    path = f"/{column.slug}/api/list"
    column.discover = f"{{kind: json, items: data.rows, date: date, urls: ['{column.base}{path}?p={{n}}']}}"
    for number in range(1, len(column.pages) + 2):
        body = json.dumps({"code": 0, "data": {"rows": _rows(column, number)}}).encode()
        column.listings[f"{path}?p={number}"] = Listing(body, "application/json")


def _add_jsonp(column: Column) -> None:
    path = f"/{column.slug}/list.js"
    column.discover = f"{{kind: json, items: list, date: date, urls: ['{column.base}{path}?callback=show&page={{n}}']}}"
    for number in range(1, len(column.pages) + 2):
        body = f"show({json.dumps({'list': _rows(column, number)}, ensure_ascii=False)});".encode()
        column.listings[f"{path}?callback=show&page={number}"] = Listing(body, "text/javascript", tag=False)


def _add_posted(column: Column) -> None:
    """JSON behind a posted form."""
    path = f"/{column.slug}/query"
    column.discover = (
        f"{{kind: json, method: POST, form: {{pageNo: '{{n}}', size: '{PER_PAGE}'}}, items: rows, date: date, "
        f"urls: ['{column.base}{path}']}}"
    )

    def answer(_: str, form: str) -> Listing:
        number = int(parse_qs(form).get("pageNo", ["1"])[0])
        return Listing(json.dumps({"rows": _rows(column, number)}).encode(), "application/json", tag=False)

    column.makers[path] = answer


def _add_jpage(column: Column) -> None:
    """大汉 dataproxy.jsp: a span of records in the query, fields in the posted form."""
    path = f"/{column.slug}/dataproxy.jsp"
    column.discover = (
        f"{{kind: jpage, item: li, per_page: {PER_PAGE}, form: {{columnid: '7'}}, urls: ['{column.base}{path}']}}"
    )

    def answer(asked: str, form: str) -> Listing:
        query = parse_qs(urlsplit(asked).query)
        start, end = int(query["startrecord"][0]) - 1, int(query["endrecord"][0])
        records = "".join(
            f"<record><![CDATA[{_items(column, [one]).strip()}]]></record>" for one in column.stories[start:end]
        )
        body = (
            f"<datastore><totalrecord>{len(column.stories)}</totalrecord><recordset>{records}</recordset></datastore>"
        )
        return Listing(body.encode(), "text/xml", tag=False)

    column.makers[path] = answer


# ---- newspapers and single pages -------------------------------------------------------------------------------


def _add_epaper(column: Column) -> None:
    """Issues of the newest days, four pages each; the entry page of an issue is its first page."""
    column.discover = (
        f"{{kind: epaper, days: {NEWSPAPER_DAYS + 1}, layouts: "
        f"[{{issue: '{column.base}/{column.slug}/%Y%m/%d/node_01.html', pages: '.pages a', articles: 'ul.list a'}}]}}"
    )
    column.home = f"{column.base}/"
    column.lists = NEWSPAPER_DAYS + 1
    by_day: dict[date, list[Story]] = {}
    for story in column.stories:
        by_day.setdefault(story.day, []).append(story)
    for day, stories in by_day.items():
        size = max(-(-len(stories) // 4), 1)
        pages = [stories[at : at + size] for at in range(0, len(stories), size)]
        plan = "".join(f'<a href="node_{n:02}.html">第{n:02}版</a>' for n in range(1, len(pages) + 1))
        for number, some in enumerate(pages, 1):
            name = f"/{column.slug}/{day:%Y%m/%d}/node_{number:02}.html"
            column.listings[name] = Listing(_page(column, some, plan))


def _add_page(column: Column) -> None:
    urls = ", ".join(f"'{column.url(one)}'" for one in column.stories)
    column.discover = f"{{kind: page, urls: [{urls}]}}"
    column.lists = 0


KINDS: dict[str, Callable[[Column], None]] = {
    "trs": _add_trs,
    "linked": _add_linked,
    "numbered": _add_numbered,
    "more": _add_more,
    "rss": _add_rss,
    "gbk-rss": _add_gbk_rss,
    "atom": _add_atom,
    "rsshub": _add_rsshub,
    "sitemap": _add_sitemap,
    "json": _add_json,
    "jsonp": _add_jsonp,
    "posted": _add_posted,
    "jpage": _add_jpage,
    "epaper": _add_epaper,
    "page": _add_page,
}
