"""A small web site on this machine, in the manner of a county's organisation department, for tests and for a look.

    with serve(government_pages(articles=45)) as site:
        site.base                  # http://127.0.0.1:PORT
        site.hits                  # what was asked for, in order: method, path, headers, seconds
        site.pages["/x.html"] = Page(b"...")     # change the site while it runs
        site.source_file("county") # text of a source file for connectors/sources

By hand: ``python -m tests.connectors.site 8099``.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.settings import FetchSettings

__all__ = ["Hit", "Page", "Site", "article_page", "government_pages", "serve"]


@dataclass(frozen=True)
class Page:
    """One answer. ``raw`` writes to the socket itself, for answers that no well-behaved server would give."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    delay: float = 0.0  # seconds before the first byte
    etag: bool = False  # answer If-None-Match with 304
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass(frozen=True)
class Hit:
    method: str
    path: str  # with query
    headers: Mapping[str, str]  # lower-case names
    at: float  # seconds of the monotonic clock
    body: bytes = b""


Answering = Page | Callable[[Hit], Page]


@dataclass
class Site:
    """A running site."""

    base: str
    pages: dict[str, Answering]
    hits: list[Hit] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    @property
    def settings(self) -> FetchSettings:
        """Settings under which this site may be asked, without long waits."""
        return FetchSettings(loopback_hosts=("127.0.0.1",), backoff_seconds=0.01, contact="https://example.org/contact")

    def source_file(self, name: str = "县委组织部", *, delay: float = 0.0, column: str = "/dj/") -> str:
        """A source file for the column, as connectors/sources holds them."""
        return f"""\
name: {name}
verified: own-page
home: {self.base}/
platform: 清溪先锋网
discover:
  kind: list
  urls: [{self.base}{column}]
  item: ul.list li
  date: span
pace: {{delay: {delay}}}
article:
  - title: [h1.tit]
    body: [.TRS_Editor]
"""


@contextmanager
def serve(pages: Mapping[str, Answering], *, port: int = 0) -> Iterator[Site]:
    """Serve the pages on 127.0.0.1 until the block ends."""
    site = Site("", dict(pages))
    server = _Server(("127.0.0.1", port), _handler_of(site))
    server.daemon_threads = True
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    block_on_close = False  # a slow page must not hold up the end of a test

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what the tests are about."""


def _handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes: without this every answer waits 40 ms

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            hit = Hit(self.command, self.path, headers, time.monotonic(), self.rfile.read(length))
            site.hits.append(hit)
            found = site.pages.get(self.path) or site.pages.get(urlsplit(self.path).path)
            page = found(hit) if callable(found) else found
            self.answer(page or Page("<html><body>页面不存在</body></html>".encode(), status=404))

        do_POST = do_GET  # noqa: N815 - the name is the library's

        def answer(self, page: Page) -> None:
            if page.delay:
                time.sleep(page.delay)
            if page.raw is not None:
                page.raw(self)
                self.close_connection = True
                return
            etag = '"' + hashlib.sha256(page.body).hexdigest()[:16] + '"'
            unchanged = page.etag and self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.etag:
                self.send_header("ETag", etag)
            if not unchanged:
                self.send_header("Content-Type", page.content_type)
                self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(page.body)

        def log_message(self, *args: Any) -> None:
            """Tests read ``site.hits``."""

    return Handler


# -- the pages of a county -------------------------------------------------------------------------------------------

FIRST_DAY = date(2026, 11, 20)  # of the newest article; one a day before it
PLACES = ("清溪镇", "柳林街道", "石桥乡", "东关社区", "梅岭村", "望江社区", "双河镇", "桐坪村")
DEEDS = (
    "“党员先锋岗”把服务送到家门口",
    "召开支部主题党日活动",
    "以网格党小组推动老旧院落改造",
    "举办基层党务干部培训班",
    "党群服务中心延时服务暖民心",
    "开展“七一”走访慰问老党员",
)
SENTENCES = (
    "{place}党组织把群众反映最多的停车、路灯和排水问题列成清单，逐项明确责任人和完成时限。",
    "党员骨干按楼栋分片联系住户，每周三晚上在院坝里听意见，能当场解决的当场解决。",
    "半年来，{place}共收集意见建议一百二十余条，办结率超过九成。",
    "“以前找人办事要跑好几趟，现在网格员上门就办了。”居民周桂芳说。",
    "下一步，{place}将继续完善积分管理办法，让更多党员在家门口亮身份、作表率。",
    "活动现场，新党员面向党旗庄严宣誓，老党员代表讲述了当年修渠引水的故事。",
)


def article_number(number: int) -> tuple[str, str, date]:
    """Path, title and day of an article of the county; 1 is the newest."""
    day = FIRST_DAY - timedelta(days=number - 1)
    place, deed = PLACES[number % len(PLACES)], DEEDS[number % len(DEEDS)]
    return f"/dj/{day:%Y%m}/t{day:%Y%m%d}_{1000 + number}.html", f"{place}：{deed}（第{number}期）", day


def article_page(number: int, *, charset: str = "utf-8") -> bytes:
    """An article page of a usual shape: position line, title, byline, text, editor, related articles, footer."""
    _, title, day = article_number(number)
    place = PLACES[number % len(PLACES)]
    chosen = [SENTENCES[(number + step) % len(SENTENCES)].format(place=place) for step in range(5)]
    paragraphs = "\n".join(f"<p>　　{sentence}</p>" for sentence in chosen)
    html = f"""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{title}_清溪先锋网</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30">
<meta name="ContentSource" content="清溪县委组织部"></head><body>
<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/dj/">基层党建</a></div>
<div class="article"><h1 class="tit">{title}</h1>
<div class="info">来源：清溪县委组织部　作者：林晓禾　发布时间：{day} 09:30　点击：{number * 7}次</div>
<div class="TRS_Editor">
{paragraphs}
</div><div class="edit">责任编辑：贺云川</div></div>
<div class="side"><h3>相关阅读</h3><ul><li><a href="/dj/">更多党建要闻</a></li></ul></div>
<div class="foot">版权所有：清溪县委组织部　备案号：某ICP备00000000号</div></body></html>"""
    return html.encode(charset)


def list_page(numbers: range, *, total: int, current: int) -> bytes:
    """A list page of a TRS site: relative links, days without times, and the call that writes the page numbers."""
    items = []
    for number in numbers:
        path, title, day = article_number(number)
        items.append(
            f'<li><a href=".{path.removeprefix("/dj")}" title="{title}">{title[:14]}...</a><span>{day}</span></li>'
        )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>基层党建_清溪先锋网</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/dj/">基层党建</a><a href="/files/plan.pdf">年度计划</a></div>
<ul class="list">
{chr(10).join(items)}
</ul>
<div class="page"><script>createPageHTML({total}, {current}, "index", "html");</script></div></body></html>""".encode()


def government_pages(articles: int = 45, per_page: int = 20, *, faults: bool = True) -> dict[str, Answering]:
    """The whole site by path: list pages under /dj/, articles, robots.txt, a feed; and a few faults.

    Article 3 is in GBK, article 5 gzipped. With ``faults`` article 7 is missing (404), article 11 fails (500) and
    article 13 needs two seconds; all others are good.
    """
    pages: dict[str, Answering] = {
        "/robots.txt": Page(b"User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    }
    total = (articles + per_page - 1) // per_page
    for current in range(total):
        numbers = range(current * per_page + 1, min((current + 1) * per_page, articles) + 1)
        name = "/dj/" if current == 0 else f"/dj/index_{current}.html"
        pages[name] = Page(list_page(numbers, total=total, current=current), etag=True)
    for number in range(1, articles + 1):
        pages[article_number(number)[0]] = Page(article_page(number), etag=True)
    _vary(pages, articles, faults)
    pages["/feed.xml"] = Page(feed(min(articles, per_page)), content_type="application/rss+xml", etag=True)
    return pages


def _vary(pages: dict[str, Answering], articles: int, faults: bool) -> None:
    variants: dict[int, Page] = {
        3: Page(article_page(3, charset="gbk"), content_type="text/html"),
        5: Page(gzip.compress(article_page(5)), headers={"Content-Encoding": "gzip"}),
    }
    if faults:
        variants |= {7: Page(b"gone", 404), 11: Page(b"broken", 500), 13: Page(article_page(13), delay=2.0)}
    for number, page in variants.items():
        if number <= articles:
            pages[article_number(number)[0]] = page


def feed(articles: int) -> bytes:
    """RSS 2.0 of the newest articles."""
    items = []
    for number in range(1, articles + 1):
        path, title, day = article_number(number)
        items.append(
            f"<item><title>{title}</title><link>{path}</link><pubDate>{day:%a, %d %b %Y} 01:30:00 GMT</pubDate></item>"
        )
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>清溪先锋网</title>'
    return (head + "".join(items) + "</channel></rss>").encode()


def query_of(hit: Hit) -> dict[str, str]:
    """Fields of the query, and of a posted form."""
    fields = parse_qs(urlsplit(hit.path).query) | parse_qs(hit.body.decode("utf-8", "replace"))
    return {name: values[-1] for name, values in fields.items()}


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
    with serve(government_pages(), port=port) as site:
        print(f"{site.base}/dj/   (Ctrl-C ends it)\n\n{site.source_file()}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
