"""Connections are used again where that is safe, and addresses are sent as a full client would send them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.failures import FailureKind, FetchError
from connectors.http import HttpFetcher, open_fetcher, resolve_by_system
from connectors.protocol import Request, Validators
from connectors.settings import FetchSettings
from connectors.wire import MOST_WAITING, Cut, Silent, Wire
from tests.connectors.asking import source_of
from tests.connectors.hostile import GOOD

SOURCE = source_of(
    "name: 试\nverified: own-page\npace: {delay: 0}\ndiscover: {kind: page, urls: ['http://127.0.0.1/']}\n"
)
SETTINGS = FetchSettings(loopback_hosts=("127.0.0.1",), backoff_seconds=0.01, retries=0, obey_robots=False)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD


@dataclass
class Served:
    base: str = ""
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)


Reply = Callable[[asyncio.StreamWriter, int], None]
"""Writes the answer to the request of this number on its connection (0 = first)."""


@asynccontextmanager
async def serve_bytes(reply: Reply) -> AsyncIterator[Served]:
    served = Served()

    under_way: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        under_way.add(asyncio.current_task())
        number = 0
        try:
            while not writer.is_closing():
                served.heads.append(await reader.readuntil(b"\r\n\r\n"))
                reply(writer, number)
                number += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    served.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()
        await asyncio.wait([task for task in under_way if task], timeout=5)


def write_good(writer: asyncio.StreamWriter, number: int) -> None:
    writer.write(ANSWER)


def write_and_hang_up(writer: asyncio.StreamWriter, number: int) -> None:
    writer.write(ANSWER)
    writer.close()


def write_and_add(writer: asyncio.StreamWriter, number: int) -> None:
    writer.write(ANSWER)
    asyncio.get_running_loop().call_later(0.02, writer.write, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


async def ask_in_turn(base: str, times: int, pause: float = 0.0) -> list[bytes]:
    bodies = []
    async with open_fetcher(SETTINGS) as fetcher:
        for number in range(times):
            bodies.append((await fetcher.get(Request(f"{base}/{number}.html"), SOURCE)).body)
            await asyncio.sleep(pause)
    return bodies


async def test_one_connection_carries_one_request_after_the_other() -> None:
    async with serve_bytes(write_good) as served:
        assert await ask_in_turn(served.base, 5) == [GOOD] * 5
        assert served.connections == 1


async def test_a_connection_that_the_server_closed_is_not_used_again() -> None:
    async with serve_bytes(write_and_hang_up) as served:
        assert await ask_in_turn(served.base, 3) == [GOOD] * 3
        assert served.connections == 3


async def test_a_connection_on_which_an_answer_came_unasked_is_not_used_again() -> None:
    async with serve_bytes(write_and_add) as served:
        assert await ask_in_turn(served.base, 3, pause=0.1) == [GOOD] * 3
        assert served.connections == 3


async def test_a_connection_that_lay_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.exchange.KEPT_SECONDS", 0.01)
    async with serve_bytes(write_good) as served:
        assert await ask_in_turn(served.base, 2, pause=0.05) == [GOOD] * 2
        assert served.connections == 2


async def test_a_server_that_says_nothing_runs_out_of_time() -> None:
    async with (
        serve_bytes(lambda writer, number: None) as served,
        open_fetcher(replace(SETTINGS, silence_seconds=0.05)) as fetcher,
    ):
        with pytest.raises(FetchError) as failed:
            await fetcher.get(Request(served.base + "/a.html"), SOURCE)
    assert (failed.value.kind, failed.value.detail) == (FailureKind.TIMEOUT, "no bytes in time")


async def test_headers_beyond_ascii_do_not_keep_a_page_from_being_asked_for() -> None:
    async with serve_bytes(write_good) as served, open_fetcher(SETTINGS) as fetcher:
        marks = Validators(etag='"版本"', last_modified="Sun, 22 Nov 2026 08:00:00 GMT")
        request = Request(served.base + "/a.html", referer="http://127.0.0.1/党建/?p=1", validators=marks)
        await fetcher.get(request, SOURCE)
    assert b"\r\nReferer: http://127.0.0.1/%E5%85%9A%E5%BB%BA/?p=1\r\n" in served.heads[0]
    assert b"If-Modified-Since" in served.heads[0]
    assert b"If-None-Match" not in served.heads[0]


# -- the stream ------------------------------------------------------------------------------------------------------


async def open_wire(reply: Reply, served: Served) -> Wire:
    host, _, port = served.base.removeprefix("http://").partition(":")
    _, wire = await asyncio.get_running_loop().create_connection(Wire, host, int(port))
    await wire.write(b"GET / HTTP/1.1\r\n\r\n", 1.0)
    return wire


async def test_a_server_that_sends_faster_than_anybody_reads_has_to_wait() -> None:
    sent = 64 * MOST_WAITING

    def flood(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(b"x" * sent)
        writer.close()

    async with serve_bytes(flood) as served:
        wire = await open_wire(flood, served)
        await asyncio.sleep(0.2)
        pieces = []
        while piece := await wire.read(5.0):
            pieces.append(len(piece))
    assert pieces[0] < 2 * MOST_WAITING
    assert sum(pieces) == sent


async def test_a_wire_that_was_closed_tells_who_still_reads_or_writes() -> None:
    async with serve_bytes(lambda writer, number: None) as served:
        wire = await open_wire(write_good, served)
        with pytest.raises(Silent):
            await wire.read(0.01)
        wire.close()
        with pytest.raises(Cut):
            await wire.write(b"x", 1.0)
        with pytest.raises(Cut):
            await wire.read(1.0)


# -- addresses -------------------------------------------------------------------------------------------------------

HOSTS = [
    "a.cn",
    "127.0.0.1",
    "1.2.3.400",
    "12345678",
    "0x7f.1",
    "a.cn:80",
    "a.cn:443",
    "a.cn:8080",
    "a.cn:99999",
    "甲.cn",
]
PIECES = [*map(chr, range(0x21, 0x7F)), "中", "%41", "%zz", "%e4%B8", "/./", "/../", "/..", "/", "?"]


def describe_sent(make: Callable[[], object]) -> object:
    try:
        return make()
    except Exception as error:
        return type(error).__name__


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
def test_a_plain_address_is_sent_as_httpx_would_send_it(scheme: str, host: str, path: str) -> None:
    fetcher = HttpFetcher(SETTINGS, resolve_by_system)
    request = Request(f"{scheme}://{host}/{path}")
    short = describe_sent(lambda: replace(fetcher._as_sent(request), headers=()))
    assert short == describe_sent(lambda: replace(fetcher._as_sent_by_httpx(request), headers=()))


def test_the_headers_of_a_plain_address_are_those_httpx_would_send() -> None:
    fetcher = HttpFetcher(SETTINGS, resolve_by_system)
    request = Request("http://a.cn:8080/a.html", referer="http://a.cn/")
    made = httpx.Request("GET", request.url, headers=fetcher._headers(request))
    assert list(fetcher._as_sent(request).headers) == made.headers.raw
