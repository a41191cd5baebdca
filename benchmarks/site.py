"""A news site on this machine for benchmarks and tests: many hosts, every kind of list, articles of real size.

    python -m benchmarks.site [--articles 2000] [--hosts 10] [--sources 30] [--kinds trs,rss]

Everything is rendered before the first request and the server only copies bytes, so that it is never the limit. Each
host is a loopback address of its own (127.0.0.2 ...). The log of all requests is at /__log; reading it clears it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.columns import KINDS, NEWSPAPER_DAYS, Column, Listing
from benchmarks.pages import LAYOUTS, Frame, render_article
from benchmarks.press import NEWEST, Story, write_stories

__all__ = ["Hit", "Plan", "Site", "build", "serve"]

ROOT = Path(__file__).resolve().parents[1]
NEIGHBOURS = 30  # links in a sidebar: three boxes of ten, as on many sites


@dataclass(frozen=True, slots=True)
class Plan:
    """What the site holds. The same plan gives the same bytes."""

    articles: int = 2_000
    hosts: int = 10
    sources: int = 30
    kinds: tuple[str, ...] = tuple(KINDS)
    gbk: float = 0.2  # share of the hosts, at least one: a site has one charset
    traditional: float = 0.05  # share of the articles
    reprints: float = 0.08
    closed: int = 0  # per source that is an HTML list: further links below a path that robots.txt forbids
    crawl_delay: Mapping[int, float] = field(default_factory=dict)  # by number of the host, in its robots.txt
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as the server saw it."""

    at: float  # seconds, monotonic, when the request was complete
    host: str
    method: str
    path: str
    status: int
    agent: str
    conditional: bool


@dataclass(slots=True)
class Site:
    """A running site. ``columns`` are its sources."""

    bases: list[str]
    columns: list[Column]
    process: subprocess.Popen[str]

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(urlsplit(base).hostname or "" for base in self.bases)

    @property
    def articles(self) -> set[str]:
        """Addresses of all articles."""
        return {column.url(story) for column in self.columns for story in column.stories}

    def read_log(self) -> list[Hit]:
        """All requests since the last reading."""
        with urllib.request.urlopen(f"{self.bases[0]}/__log", timeout=30) as answer:
            return [Hit(*row) for row in json.load(answer)]


# ---- building --------------------------------------------------------------------------------------------------


def build(plan: Plan, bases: Sequence[str]) -> list[Column]:
    """The columns with their stories and lists; articles are rendered by ``render``."""
    columns = []
    stories = write_stories(plan.articles, seed=plan.seed, reprints=plan.reprints)
    for at in range(plan.sources):
        kind = plan.kinds[at % len(plan.kinds)]
        slug = f"{kind}-{at}"
        own = stories[at :: plan.sources]
        if kind == "epaper":
            own = [_printed(story, n) for n, story in enumerate(own)]
        columns.append(Column(slug, kind, bases[at % len(bases)], own))
        KINDS[kind](columns[-1])
    return columns


def _printed(story: Story, number: int) -> Story:
    """A newspaper prints its stories in the issues that are looked at."""
    day = NEWEST - timedelta(days=number % NEWSPAPER_DAYS)
    return replace(story, published=story.published.replace(year=day.year, month=day.month, day=day.day))


def render(plan: Plan, columns: Sequence[Column], bases: Sequence[str]) -> Iterator[tuple[str, str, bytes, str]]:
    """Host, path, body and content type of every article."""
    from opencc import OpenCC

    chance = random.Random(plan.seed)
    to_traditional = OpenCC("s2tw")
    gbk = set(bases[:: max(round(1 / plan.gbk), 1)]) if plan.gbk else set()
    layouts = list(LAYOUTS)
    for at, column in enumerate(columns):
        number = bases.index(column.base)
        frame = Frame.of(f"示范先锋网{number}", layouts[(at + number) % len(layouts)], number)
        charset = "gbk" if column.base in gbk else "utf-8"
        for story in column.stories:
            near = [
                (column.path(one), one) for one in chance.sample(column.stories, min(NEIGHBOURS, len(column.stories)))
            ]
            if charset == "utf-8" and story.reprint_of is None and chance.random() < plan.traditional:
                story = _convert(story, to_traditional)
            body = render_article(story, frame, near, charset=charset)
            # Half of all servers name the charset in the header, the others leave it to the page.
            yield column.base, column.path(story), body, f"text/html; charset={charset}" if at % 2 else "text/html"


def _convert(story: Story, converter: Any) -> Story:
    return replace(
        story,
        title=converter.convert(story.title),
        paragraphs=tuple(converter.convert(text) for text in story.paragraphs),
    )


# ---- serving ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stored:
    """An answer, ready to be sent."""

    whole: bytes
    zipped: bytes
    unchanged: bytes  # 304
    tag: bytes

    @classmethod
    def of(cls, body: bytes, content_type: str, *, tag: bool = True) -> _Stored:
        etag = b'"' + hashlib.sha256(body).hexdigest()[:16].encode() + b'"' if tag else b""
        tagged = b"ETag: " + etag + b"\r\n" if tag else b""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type.encode() + b"\r\n" + tagged
        zipped = gzip.compress(body, 6, mtime=0)
        return cls(
            head + b"Content-Length: %d\r\n\r\n" % len(body) + body,
            head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(zipped) + zipped,
            b"HTTP/1.1 304 Not Modified\r\n" + tagged + b"\r\n",
            etag,
        )


_MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nnot found"


class _Server:
    """All hosts of a site, answered from memory."""

    def __init__(self, plan: Plan, bases: Sequence[str]) -> None:
        self.log: list[tuple[float, str, str, str, int, str, bool]] = []
        self.stored: dict[tuple[str, str], _Stored] = {}
        self.columns = build(plan, bases)
        for at, base in enumerate(bases):
            delay = plan.crawl_delay.get(at)
            rules = f"User-agent: *\nDisallow: /closed/\n{f'Crawl-delay: {delay}' if delay else ''}\n"
            self._keep(base, "/robots.txt", rules.encode(), "text/plain")
        for column in self.columns:
            for path, listing in column.listings.items():
                body = _with_closed(column, listing.body, plan.closed)
                self._keep(column.base, path, body, listing.content_type, tag=listing.tag)
        for base, path, body, content_type in render(plan, self.columns, bases):
            self._keep(base, path, body, content_type)
        self.makers = {(_netloc(c.base), path): maker for c in self.columns for path, maker in c.makers.items()}

    def _keep(self, base: str, path: str, body: bytes, content_type: str, *, tag: bool = True) -> None:
        self.stored[_netloc(base), path] = _Stored.of(body, content_type, tag=tag)

    def answer(self, method: str, path: str, headers: Mapping[bytes, bytes], body: bytes) -> bytes:
        host = headers.get(b"host", b"").decode("latin-1")
        if path == "/__log":
            return self._give_log()
        found = self.stored.get((host, path)) or self._make(host, path, body)
        status, reply = 404, _MISSING
        if found is not None:
            unchanged = bool(found.tag) and headers.get(b"if-none-match") == found.tag
            status = 304 if unchanged else 200
            zipped = b"gzip" in headers.get(b"accept-encoding", b"")
            reply = found.unchanged if unchanged else found.zipped if zipped else found.whole
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        self.log.append((time.monotonic(), host, method, path, status, agent, b"if-none-match" in headers))
        return reply

    def _make(self, host: str, path: str, body: bytes) -> _Stored | None:
        maker = self.makers.get((host, path.partition("?")[0]))
        made: Listing | None = maker(path, body.decode("latin-1")) if maker else None
        return _Stored.of(made.body, made.content_type, tag=made.tag) if made else None

    def _give_log(self) -> bytes:
        body = json.dumps(self.log).encode()
        self.log.clear()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _netloc(base: str) -> str:
    return base.removeprefix("http://")


def _with_closed(column: Column, body: bytes, closed: int) -> bytes:
    """Links below a path that robots.txt forbids, among the others of a list."""
    if not closed or b'<ul class="list">\n' not in body or column.kind not in ("trs", "linked", "numbered"):
        return body
    links = "".join(f'<li><a href="/closed/{column.slug}/{n}.html">内部文章{n}</a></li>' for n in range(closed))
    return body.replace(b'<ul class="list">\n', b'<ul class="list">\n' + links.encode())


class _Connection(asyncio.Protocol):
    def __init__(self, server: _Server) -> None:
        self._server = server
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._waiting[:end].split(b"\r\n")
            pairs = (line.partition(b":") for line in lines)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            whole = end + 4 + int(headers.get(b"content-length", b"0"))
            if len(self._waiting) < whole:
                return
            body, self._waiting = self._waiting[end + 4 : whole], self._waiting[whole:]
            method, path, _ = first.decode("latin-1").split(" ", 2)
            self._transport.write(self._server.answer(method, path, headers, body))


def bind(hosts: int) -> list[socket.socket]:
    """A socket per host, all on one free port. Needs the whole of 127.0.0.0/8 on the loopback device, as on Linux."""
    first = socket.create_server(("127.0.0.2", 0), backlog=256)
    port = first.getsockname()[1]
    return [first, *(socket.create_server((f"127.0.0.{2 + n}", port), backlog=256) for n in range(1, hosts))]


async def _run(plan: Plan) -> None:
    sockets = bind(plan.hosts)
    bases = [f"http://{one.getsockname()[0]}:{one.getsockname()[1]}" for one in sockets]
    server = _Server(plan, bases)
    loop = asyncio.get_running_loop()
    for one in sockets:
        await loop.create_server(lambda: _Connection(server), sock=one)
    print(json.dumps({"bases": bases}), flush=True)
    # Ends with who started it: their end of the pipe closes, however they end.
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def serve(plan: Plan) -> Iterator[Site]:
    """The site in a process of its own, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.site", "--plan", json.dumps(asdict(plan))]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        bases = json.loads(process.stdout.readline())["bases"]
        yield Site(bases, build(plan, bases), process)
    finally:
        process.communicate()


def read_plan(text: str) -> Plan:
    content = json.loads(text)
    delays = {int(at): delay for at, delay in content.pop("crawl_delay").items()}
    return Plan(**content | {"kinds": tuple(content["kinds"]), "crawl_delay": delays})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", help=argparse.SUPPRESS)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=10)
    parser.add_argument("--sources", type=int, default=30)
    parser.add_argument("--kinds", default=",".join(KINDS))
    asked = parser.parse_args()
    if asked.plan:
        asyncio.run(_run(read_plan(asked.plan)))
        return
    plan = Plan(asked.articles, asked.hosts, asked.sources, tuple(asked.kinds.split(",")))
    with serve(plan) as site:
        print(Counter(column.kind for column in site.columns), "\n")
        print(site.columns[0].source_file(), "\nEnter ends it.")
        input()


if __name__ == "__main__":
    main()
