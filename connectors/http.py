"""The one door to the network: polite, bounded, and never talked into connecting where it must not.

    get → turn of the host → robots → hop (at most 5) → connect to a checked address → bounded body → checks → Answer

Every way out but an Answer is a FetchError. One fetcher serves one run in one event loop, with one pool of connections
per host: a shared one costs three to four times the CPU.
"""

from __future__ import annotations

import asyncio
import email.utils
import random
import socket
import ssl
import time
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

import h11
import httpcore
import httpx

from connectors.addresses import explain_forbidden
from connectors.declaration import Source, Tls
from connectors.error_pages import recognise_error_page
from connectors.failures import FailureKind, FetchError
from connectors.inflate import EncodingError, Inflater, TooLargeError
from connectors.pace import HostPace, Places, Turn
from connectors.protocol import Answer, Expect, Request
from connectors.robots import LARGEST_FILE, OPEN, Robots, read_robots
from connectors.settings import FetchSettings
from connectors.sniff import explain_wrong_type, guess_text
from connectors.urls import BadAddressError, check_address, resolve_link
from connectors.walls import recognise_wall
from models.records import sha256

__all__ = ["HttpFetcher", "OwnAnswer", "Resolver", "ask_own_server", "open_fetcher", "resolve_by_system"]

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses. Raises OSError if there is none."""

MOST_PIECES = 20_000  # of one answer; a page sent line by line has 5,000 ...
SMALLEST_PIECES = 32  # ... of more bytes than this on average: smaller ones are sent to keep us busy
SLOW_BEFORE_HASTE = 3  # requests that ran out of time, after which a host gets no more time than it has needed
SHORTEST_DEADLINE = 8.0  # seconds, then: three times what most servers need on a bad day
MOST_COMPLAINTS = 12  # answers 429 or 503 in a row, with nothing good between: four pages with all their retries
LARGEST_ERROR = 256 * 1024  # bytes read of an answer that is no page: what it says of itself stands at its start
SMALL_STEP = 256  # bytes inflated at a time where the rest may be dropped: a bomb makes 256 KB of them
_REDIRECTS = {301, 302, 303, 307, 308}
_RETRIED = {
    FailureKind.HTTP_5XX,
    FailureKind.RATE_LIMITED,
    FailureKind.TRUNCATED,
    FailureKind.REFUSED,
    FailureKind.PROTOCOL,
}
_UNREACHABLE = {
    FailureKind.DNS,
    FailureKind.REFUSED,
    FailureKind.TLS,
    FailureKind.FORBIDDEN_ADDRESS,
    FailureKind.URL,
}
# What one answer does to all others that share its connection, by HTTP/2.
_BY_NEIGHBOURS = {
    FailureKind.PROTOCOL,
    FailureKind.REFUSED,
    FailureKind.TIMEOUT,
    FailureKind.TLS,
    FailureKind.TOO_SLOW,
    FailureKind.TRUNCATED,
}
_SILENCE = {FailureKind.DNS, FailureKind.REFUSED, FailureKind.TLS, FailureKind.TIMEOUT, FailureKind.CIRCUIT_OPEN}
_ACCEPT = {
    Expect.PAGE: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    Expect.XML: "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5",
    Expect.DATA: "application/json,text/javascript;q=0.9,*/*;q=0.5",
}

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))  # what stands in a header as it is


@asynccontextmanager
async def open_fetcher(
    settings: FetchSettings | None = None, *, resolver: Resolver | None = None
) -> AsyncIterator[HttpFetcher]:
    """A fetcher for one run, in one event loop; closes its connections at the end."""
    fetcher = HttpFetcher(settings or FetchSettings(), resolver or resolve_by_system)
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Addresses of the host as the machine's resolver gives them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a name itself, checks every address, and connects to a checked one: no second look-up to be fooled."""

    def __init__(self, settings: FetchSettings, resolver: Resolver) -> None:
        self._settings = settings
        self._stubs = dict(settings.resolve)
        self._resolver = resolver
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        error: Exception = httpcore.ConnectError("no address")
        for address in addresses[:3]:  # a host with many addresses that all fail must not take minutes
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectTimeout as failed:
                error = failed
            except httpcore.ConnectError as failed:  # told apart from a handshake that fails
                error = _Failed(FailureKind.REFUSED, str(failed) or "no connection")
        raise error

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        addresses = [self._stubs[host]] if host in self._stubs else await self._look_up(host, port)
        for address in addresses:
            reason = explain_forbidden(
                address,
                loopback_allowed=host in self._settings.loopback_hosts,
                open_networks=self._settings.open_networks,
            )
            if reason:
                raise _Failed(FailureKind.FORBIDDEN_ADDRESS, f"{host}: {reason}")
        return addresses

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            async with asyncio.timeout(self._settings.connect_seconds):
                addresses = await self._resolver(host, port)
        except TimeoutError as error:
            raise _Failed(FailureKind.DNS, f"no answer about {host} from the name server") from error
        except (OSError, UnicodeError) as error:
            raise _Failed(FailureKind.DNS, f"{host} has no address: {error}") from error
        if not addresses:
            raise _Failed(FailureKind.DNS, f"{host} has no address")
        return addresses

    async def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        raise _Failed(FailureKind.FORBIDDEN_ADDRESS, "a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Failed(Exception):  # noqa: N818 - on its way to become a FetchError
    """A failure that does not know its URL and source yet."""

    def __init__(self, kind: FailureKind, message: str, **more: Any) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.more = more


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's transport on a pool that connects through the checked network.

    It is used without a client around it: redirects, retries and time limits are ours, there are no cookies, and what
    a client does for them costs a fifth of a request.
    """

    def __init__(self, network: _CheckedNetwork, context: ssl.SSLContext, connections: int, http2: bool) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,  # fewer than max means none at all in httpcore 1.0
            keepalive_expiry=30.0,
            http2=http2,
            network_backend=network,
        )

    def watch_surplus(self, response: httpx.Response) -> Callable[[], Awaitable[bool]]:
        """To be called before the body is read; what it returns says afterwards whether the server sent too much.

        Bytes beyond the announced length would be taken for the answer to the next request: the connection is closed.
        """
        stream = response.extensions.get("network_stream")
        watched = [one for one in self._pool.connections if _inner(one, "_network_stream") is stream]

        async def has_surplus() -> bool:
            for connection in watched:
                state = _inner(connection, "_h11_state")
                if state is not None and state.trailing_data[0]:
                    await connection.aclose()
                    return True
            return False

        return has_surplus


def _inner(connection: Any, name: str) -> Any:
    """A part of httpcore's connection that has no public name; None for HTTP/2, where lengths are framed."""
    return getattr(getattr(connection, "_connection", None), name, None)


@dataclass(slots=True)
class _Host:
    """Everything that is known of one host and port during a run."""

    pace: HostPace
    slots: Places
    secure: bool
    transports: dict[Tls, _Transport] = field(default_factory=dict)
    reading_robots: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: Robots | None = None
    silent: FetchError | None = None  # why the host was given up
    shares: bool = False  # requests go over one connection, by HTTP/2
    alone: bool = False  # ... and did until one of them broke it: now each has a connection of its own
    slow: int = 0  # requests that ran out of time
    slowest: float = 0.0  # seconds of the slowest good answer

    def deadline(self, asked: float) -> float:
        """Seconds for a request: a host that lets many run out of time must not cost the night as often."""
        return asked if self.slow < SLOW_BEFORE_HASTE else min(asked, max(SHORTEST_DEADLINE, 3 * self.slowest))


@dataclass(frozen=True, slots=True)
class _Reply:
    """One answer of a server, whole and decompressed; redirects not followed, nothing judged."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpFetcher:
    """See the module. ``requests`` counts what was sent, by host."""

    def __init__(self, settings: FetchSettings, resolver: Resolver) -> None:
        self.settings = settings
        self.requests: Counter[str] = Counter()
        self._network = _CheckedNetwork(settings, resolver)
        self._hosts: dict[str, _Host] = {}
        self._shared: dict[str, tuple[Turn, Places]] = {}
        self._contexts: dict[Tls | None, ssl.SSLContext] = {}
        timeouts = httpx.Timeout(settings.silence_seconds, connect=settings.connect_seconds, pool=None)
        self._timeouts = timeouts.as_dict()
        self._random = random.Random()  # noqa: S311 - jitter

    async def aclose(self) -> None:
        for _, places in self._shared.values():
            places.close()
        for host in list(self._hosts.values()):  # a run that fails may still have requests under way
            for transport in host.transports.values():
                await transport.aclose()

    # -- asking ------------------------------------------------------------------------------------------------------

    async def get(self, request: Request, source: Source) -> Answer:
        """Ask politely; see Fetcher.get. Retries what tends to heal within seconds, with growing, jittered waits."""
        waited = 0.0
        for attempt in range(self.settings.retries + 1):
            try:
                return await self._follow(request, source)
            except FetchError as error:
                wait = self._backoff(attempt, error)
                waited += wait
                tired = waited > self.settings.longest_wait_seconds or self._is_unwelcome(error, source, attempt)
                if attempt == self.settings.retries or tired or not self._is_worth_retrying(error):
                    raise
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    def _is_worth_retrying(self, error: FetchError) -> bool:
        longest = timedelta(seconds=self.settings.longest_wait_seconds)
        return error.kind in _RETRIED and (error.retry_after is None or error.retry_after <= longest)

    def _is_unwelcome(self, error: FetchError, source: Source, attempt: int) -> bool:
        """A page that was refused twice for being asked too often, or at a host that often complains, can wait."""
        if error.kind is not FailureKind.RATE_LIMITED:
            return False
        return attempt > 0 or self._host(error.url or "", source).pace.all_complaints > MOST_COMPLAINTS

    def _backoff(self, attempt: int, error: FetchError) -> float:
        wait = self.settings.backoff_seconds * (1 << attempt) * self._random.uniform(0.5, 1.5)
        asked = error.retry_after.total_seconds() if error.retry_after else 0.0
        return min(max(wait, asked), self.settings.longest_wait_seconds)

    async def _follow(self, request: Request, source: Source) -> Answer:
        """One attempt: the address itself and up to five redirects, each checked like the first."""
        hops: list[str] = []
        current = request
        while True:
            reply = await self._ask(current, source, request.url)
            if reply.status not in _REDIRECTS:
                return self._judge(request, current, reply, source, tuple(hops))
            target = self._redirect_target(current, reply, source, hops)
            hops.append(current.url)
            keeps_method = reply.status in (307, 308)
            current = replace(current, url=target) if keeps_method else _as_get(current, target)

    def _redirect_target(self, current: Request, reply: _Reply, source: Source, hops: list[str]) -> str:
        location = reply.headers.get("location", "")
        target = resolve_link(current.url, location)
        if target is None:
            raise _error(FailureKind.URL, current.url, f"redirected to {location!r:.200}", source, status=reply.status)
        if target == current.url and "set-cookie" in reply.headers:
            raise _error(FailureKind.CHALLENGE_PAGE, current.url, "sends a cookie and back to itself", source)
        if target == current.url or target in hops:
            raise _error(FailureKind.REDIRECT_LOOP, current.url, f"redirected back to {target!r}", source)
        if len(hops) >= self.settings.redirects:
            raise _error(
                FailureKind.REDIRECT_LOOP, current.url, f"more than {self.settings.redirects} redirects", source
            )
        return target

    async def _ask(self, request: Request, source: Source, first_url: str) -> _Reply:
        """One request of the host's turn, allowed by robots.txt. Failures that mean silence count against the host."""
        try:
            check_address(request.url)
        except BadAddressError as error:
            raise _error(FailureKind.URL, first_url, str(error), source) from error
        host = self._host(request.url, source)
        self._leave_if_silent(host, request.url, source)
        if self.settings.obey_robots:
            await self._obey_robots(host, request.url, source)
        try:
            reply = await self._send(host, request, source)
        except FetchError as error:
            if error.kind in _SILENCE:
                await self._note_silence(host, error, source)
            raise
        host.pace.note_answer()
        if host.pace.complaints >= MOST_COMPLAINTS and not await self._is_content(host, request.url, source):
            host.silent = _error(
                FailureKind.CIRCUIT_OPEN, request.url, f"{MOST_COMPLAINTS} complaints in a row", source
            )
            host.pace.give_up()
        return reply

    def _leave_if_silent(self, host: _Host, url: str, source: Source) -> None:
        if host.pace.given_up and host.silent is not None:
            raise _error(_kind_when_silent(host.silent), url, host.silent.detail, source)

    async def _note_silence(self, host: _Host, error: FetchError, source: Source) -> None:
        """Give the host up when it was silent too often, and once more when asked for its robots.txt."""
        times = host.pace.note_silence()
        if error.kind is not FailureKind.DNS:
            if times < self.settings.failures_to_open:
                return
            if await self._is_alive(host, error.url or "", source):
                host.pace.note_answer()
                return
        host.silent = error
        host.pace.give_up()

    async def _is_alive(self, host: _Host, url: str, source: Source) -> bool:
        """Bad pages alone are no reason to give up a host that still answers for others."""
        try:
            await self._send(host, Request(_robots_address(url)), source, cut_at=LARGEST_FILE)
        except FetchError:
            return False
        return True

    async def _is_content(self, host: _Host, url: str, source: Source) -> bool:
        """Likewise for a host that complained often: it is asked for its robots.txt, which ends the row if it comes."""
        return await self._is_alive(host, url, source) and host.pace.complaints < MOST_COMPLAINTS

    # -- robots ------------------------------------------------------------------------------------------------------

    async def _obey_robots(self, host: _Host, url: str, source: Source) -> None:
        if host.robots is None:
            async with host.reading_robots:
                self._leave_if_silent(host, url, source)
                if host.robots is None:
                    host.robots = await self._load_robots(host, url, source)
                    host.pace.at_most_every(host.robots.delay(self.settings.product))
        robots = host.robots
        if not robots.allows(url, self.settings.product):
            raise _error(FailureKind.ROBOTS, url, robots.reason or "robots.txt does not allow it", source)

    async def _load_robots(self, host: _Host, url: str, source: Source) -> Robots:
        """Rules of the host, through at most five redirects. Silence: closed; a host out of reach: its failure."""
        address = _robots_address(url)
        try:
            for _ in range(self.settings.redirects + 1):
                target_host = self._host(address, source)
                reply = await self._send(target_host, Request(address), source, cut_at=LARGEST_FILE)
                if reply.status not in _REDIRECTS:
                    host.pace.note_answer()
                    return read_robots(reply.status, reply.body)
                target = resolve_link(address, reply.headers.get("location", ""))
                if target is None:
                    return OPEN
                check_address(target)
                address = target
        except BadAddressError:
            return OPEN
        except FetchError as error:
            if error.kind in _UNREACHABLE or isinstance(error.__cause__, httpx.ConnectTimeout):
                await self._note_unreachable(host, error)
                raise _error(error.kind, url, error.detail, source) from error
            return Robots(reason=f"robots.txt could not be read, which means: stay out for now ({error.detail})")
        return OPEN

    async def _note_unreachable(self, host: _Host, error: FetchError) -> None:
        times = host.pace.note_silence()
        if error.kind in (FailureKind.DNS, FailureKind.FORBIDDEN_ADDRESS) or times >= self.settings.failures_to_open:
            host.silent = error
            host.pace.give_up()

    # -- one request -------------------------------------------------------------------------------------------------

    async def _send(self, host: _Host, request: Request, source: Source, cut_at: int | None = None) -> _Reply:
        """Wait for the host's turn, send, read within all bounds. ``cut_at``: keep so many bytes and drop the rest."""
        async with host.slots:
            shared = host.shares
            try:
                return await self._send_once(host, request, source, cut_at)
            except FetchError as error:
                if not shared or error.kind not in _BY_NEIGHBOURS:
                    raise
            # One bad answer breaks all that share its connection: from now on each has one of its own.
            host.shares, host.alone = False, True
            return await self._send_once(host, request, source, cut_at)

    async def _send_once(self, host: _Host, request: Request, source: Source, cut_at: int | None) -> _Reply:
        await host.pace.wait_turn()
        self.requests[urlsplit(request.url).netloc] += 1
        progress = [0]
        deadline, start = host.deadline(source.limits.deadline), time.monotonic()
        try:
            async with asyncio.timeout(deadline):
                reply = await self._exchange(host, request, source, progress, cut_at)
            if reply.status == 200:
                host.slowest = max(host.slowest, time.monotonic() - start)
            return reply
        except TimeoutError as error:
            host.slow += 1
            kind = FailureKind.TOO_SLOW if progress[0] else FailureKind.TIMEOUT
            message = f"not complete after {deadline:g} seconds, {progress[0]} bytes came"
            raise _error(kind, request.url, message, source) from error
        except _Failed as failed:
            raise _error(failed.kind, request.url, failed.message, source, **failed.more) from failed
        except Exception as error:
            kind, message = _explain(error, bool(progress[0]))
            host.slow += kind is FailureKind.TIMEOUT
            raise _error(kind, request.url, message, source) from error

    async def _exchange(
        self, host: _Host, request: Request, source: Source, progress: list[int], cut_at: int | None
    ) -> _Reply:
        if host.alone:
            async with aclosing(self._make_transport(host, source)) as transport:
                return await self._exchange_over(transport, host, request, source, progress, cut_at)
        return await self._exchange_over(self._transport(host, source), host, request, source, progress, cut_at)

    async def _exchange_over(
        self,
        transport: _Transport,
        host: _Host,
        request: Request,
        source: Source,
        progress: list[int],
        cut_at: int | None,
    ) -> _Reply:
        response = await transport.handle_async_request(self._as_sent(request))
        try:
            headers = dict(response.headers.items())  # httpx gives names in small letters
            has_surplus = transport.watch_surplus(response)
            host.shares |= not host.alone and response.extensions.get("http_version") == b"HTTP/2"
            if cut_at is None and response.status_code != 200:
                cut_at = LARGEST_ERROR
            body, whole = await self._read(response, headers, source, progress, cut_at)
        finally:
            await response.aclose()
        if whole and await has_surplus():
            raise _Failed(FailureKind.TRUNCATED, "the server sent more bytes than it announced")
        reply = _Reply(response.status_code, headers, body)
        self._note_complaint(host, reply)
        return reply

    def _as_sent(self, request: Request) -> httpx.Request:
        return httpx.Request(
            request.method,
            request.url,
            headers=self._headers(request),
            data=dict(request.form) if request.form is not None else None,
            content=request.json.encode() if request.json is not None else None,
            extensions={"timeout": self._timeouts},
        )

    def _headers(self, request: Request) -> httpx.Headers:
        headers = _usual_headers(self.settings.user_agent, _ACCEPT[request.expect], request.referer).copy()
        if request.json is not None:
            headers["Content-Type"] = "application/json"
        if request.validators and request.validators.etag and request.validators.etag.isascii():
            headers["If-None-Match"] = request.validators.etag
        if request.validators and request.validators.last_modified:
            headers["If-Modified-Since"] = request.validators.last_modified
        return headers

    async def _read(
        self,
        response: httpx.Response,
        headers: Mapping[str, str],
        source: Source,
        progress: list[int],
        cut_at: int | None,
    ) -> tuple[bytes, bool]:
        """The body, and whether it was read to its end; with ``cut_at``, what has come of it by then."""
        progress[0] += 1  # the head came
        wire_limit = int(self.settings.wire_mb * 1_000_000)
        announced = headers.get("content-length", "")
        if cut_at is None and announced.isdigit() and int(announced[:20]) > wire_limit:
            raise _Failed(FailureKind.TOO_LARGE, f"announces {announced:.20} bytes")
        inflater = Inflater(headers.get("content-encoding", ""), cut_at or int(source.limits.body_mb * 1_000_000))
        pieces: list[bytes] = []
        wire = 0
        assert isinstance(response.stream, httpx.AsyncByteStream)
        async for chunk in response.stream:  # as it came; httpx's own ways through it undo encodings without bounds
            wire += len(chunk)
            progress[0] += len(chunk)
            if wire > wire_limit:
                raise _Failed(FailureKind.TOO_LARGE, f"more than {wire_limit} bytes on the wire")
            if cut_at is None:
                pieces.append(inflater.feed(chunk))
            elif not _feed_until_full(inflater, chunk, pieces):
                return b"".join(pieces), False
            if len(pieces) > MOST_PIECES and wire < SMALLEST_PIECES * len(pieces):
                raise _Failed(FailureKind.TOO_SLOW, f"{wire} bytes came in {len(pieces)} pieces")
        if wire and not inflater.complete:
            raise _Failed(FailureKind.TRUNCATED, "the compressed stream was cut")
        return b"".join(pieces), True

    def _note_complaint(self, host: _Host, reply: _Reply) -> None:
        if reply.status in (429, 503):
            waited = _retry_after(reply.headers)
            host.pace.slow_down(waited.total_seconds() if waited else None)
        else:
            host.pace.note_good_answer()

    # -- judging -----------------------------------------------------------------------------------------------------

    def _judge(self, first: Request, last: Request, reply: _Reply, source: Source, hops: tuple[str, ...]) -> Answer:
        """An Answer from a reply that is what was asked for; a FetchError from any other."""
        wall = recognise_wall(reply.status, reply.headers, reply.body)
        if wall and (first.expect is Expect.PAGE or reply.status != 200):
            raise self._refuse(FailureKind.CHALLENGE_PAGE, wall, first, reply, source)
        if reply.status == 304 and first.validators is not None:
            return self._answer(first, last, reply, hops, not_modified=True)
        if reply.status != 200:
            raise self._refuse(*_judge_status(reply), first, reply, source)
        wrong = explain_wrong_type(first.expect, reply.headers.get("content-type", ""), reply.body)
        if wrong:
            raise self._refuse(FailureKind.WRONG_TYPE, wrong, first, reply, source)
        if first.expect is Expect.PAGE and (trouble := recognise_error_page(reply.body)):
            raise self._refuse(*trouble, first, reply, source)
        before = first.validators.digest if first.validators else None
        same = before is not None and before == sha256(reply.body)
        return self._answer(first, last, reply, hops, not_modified=same)

    def _answer(
        self, first: Request, last: Request, reply: _Reply, hops: tuple[str, ...], *, not_modified: bool
    ) -> Answer:
        return Answer(
            url=first.url,
            final_url=last.url,
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            fetched_at=datetime.now(UTC),
            not_modified=not_modified,
            redirects=hops,
        )

    def _refuse(self, kind: FailureKind, message: str, request: Request, reply: _Reply, source: Source) -> FetchError:
        return _error(
            kind,
            request.url,
            message,
            source,
            status=reply.status,
            head=guess_text(reply.body),
            retry_after=_retry_after(reply.headers),
            headers=reply.headers,
        )

    # -- hosts -------------------------------------------------------------------------------------------------------

    def _host(self, url: str, source: Source) -> _Host:
        parts = urlsplit(url)
        name = f"{parts.scheme}://{parts.netloc.lower()}"
        host = self._hosts.get(name)
        if host is None:
            turn, places = self._shared_of(parts, source)
            pace = HostPace(time.monotonic, turn=turn)
            host = self._hosts[name] = _Host(pace, places, secure=parts.scheme == "https")
        host.pace.at_most_every(source.pace.delay)
        host.slots.at_most(source.pace.connections)
        return host

    def _shared_of(self, parts: SplitResult, source: Source) -> tuple[Turn, Places]:
        """What http and https of a host have in common: it is one machine, to be asked at one pace."""
        name = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
        if name not in self._shared:
            self._shared[name] = Turn(), Places(source.pace.connections)
        return self._shared[name]

    def _transport(self, host: _Host, source: Source) -> _Transport:
        if source.tls not in host.transports:
            host.transports[source.tls] = self._make_transport(host, source)
        return host.transports[source.tls]

    def _make_transport(self, host: _Host, source: Source) -> _Transport:
        context = self._context(source.tls if host.secure else None)
        return _Transport(self._network, context, source.pace.connections, http2=self.settings.http2)

    def _context(self, tls: Tls | None) -> ssl.SSLContext:
        if tls not in self._contexts:
            self._contexts[tls] = _make_context(tls)
        return self._contexts[tls]


@lru_cache(maxsize=512)  # lists of a run that are read at the same time; their articles come from them
def _usual_headers(agent: str, accept: str, referer: str | None) -> httpx.Headers:
    headers = {
        "Connection": "keep-alive",
        "User-Agent": agent,
        "Accept": accept,
        "Accept-Language": "zh-CN,zh;q=0.9",
        "Accept-Encoding": "gzip, deflate",  # what can be undone within bounds
    }
    return httpx.Headers(headers | ({"Referer": quote(referer, _PRINTABLE)} if referer else {}))


def _make_context(tls: Tls | None) -> ssl.SSLContext:
    if tls is None:  # TLS is not spoken: who trusts nobody need not load the authorities, which takes 25 ms
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = httpx.create_ssl_context(trust_env=False)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.legacy:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # we know: the file asks for it
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def _error(kind: FailureKind, url: str, message: str, source: Source, **more: Any) -> FetchError:
    return FetchError(kind, url, message, source=source.slug, **more)


def _as_get(request: Request, url: str) -> Request:
    return replace(request, url=url, method="GET", form=None, json=None)


def _kind_when_silent(error: FetchError) -> FailureKind:
    """What later requests to a host that was given up are told: its own reason if that is beyond doubt."""
    certain = (FailureKind.DNS, FailureKind.FORBIDDEN_ADDRESS)
    return error.kind if error.kind in certain else FailureKind.CIRCUIT_OPEN


def _feed_until_full(inflater: Inflater, chunk: bytes, pieces: list[bytes]) -> bool:
    """Inflate little by little, so that what fits is had when the rest turns out to be too much."""
    try:
        pieces.extend(inflater.feed(chunk[at : at + SMALL_STEP]) for at in range(0, len(chunk), SMALL_STEP))
    except TooLargeError:
        return False
    return True


def _robots_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def _judge_status(reply: _Reply) -> tuple[FailureKind, str]:
    status = reply.status
    if status == 429 or (status == 503 and "retry-after" in reply.headers):
        return FailureKind.RATE_LIMITED, f"status {status}: asked too often"
    if 400 <= status < 500:
        return FailureKind.HTTP_4XX, f"status {status}"
    if 500 <= status < 600:
        return FailureKind.HTTP_5XX, f"status {status}"
    if status == 206:
        return FailureKind.TRUNCATED, "status 206: only a part, and none was asked for"
    if status in (204, 205):
        return FailureKind.WRONG_TYPE, f"status {status}: no content"
    return FailureKind.PROTOCOL, f"status {status}, which answers no request of ours"


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Seconds or a date; nonsense is no wish at all. At most a week, as for any next try."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 7 * 86_400))
    try:
        at = email.utils.parsedate_to_datetime(value)
        wait = at.astimezone(UTC) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta()), timedelta(days=7))


def _explain(error: Exception, begun: bool) -> tuple[FailureKind, str]:
    """Kind and words for what the libraries below raise. ``begun``: the head of the answer had come."""
    message = str(error) or type(error).__name__
    match error:
        case TooLargeError():
            return FailureKind.TOO_LARGE, message
        case EncodingError():
            return FailureKind.DECODE, message
        case httpx.ConnectTimeout():
            return FailureKind.TIMEOUT, "no connection in time"
        case httpx.TimeoutException():
            return FailureKind.TIMEOUT, "no bytes in time"
        case httpx.ConnectError():  # connected, so it is the handshake
            return FailureKind.TLS, message
        case httpx.TransportError() if not begun and _has_cause(error, ssl.SSLError):  # a certificate of ours is wanted
            return FailureKind.TLS, message
        case httpx.LocalProtocolError() if not _has_cause(error, h11.LocalProtocolError):  # HTTP/2 that broke off
            return FailureKind.PROTOCOL, message
        case httpx.RemoteProtocolError() | httpx.NetworkError() if begun:
            return FailureKind.TRUNCATED, message
        case httpx.NetworkError():
            return FailureKind.REFUSED, f"connection cut: {message}"
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError() | UnicodeError():
            return FailureKind.URL, message
        case ssl.SSLError():
            return FailureKind.TLS, message
    return FailureKind.PROTOCOL, f"{type(error).__name__}: {message}"


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


# -- a server of our own -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What a server of ours said."""

    status: int
    body: bytes


def ask_own_server(url: str, *, body: object = None, login: str = "", seconds: float = 5.0) -> OwnAnswer:
    """Ask the API of a server that we run ourselves: no proxy, no redirect, no page of a site ever comes this way.

    A ``body`` is posted as JSON. ``login`` is user:password. Raises OSError where nobody answers in time.
    """
    user, _, password = login.partition(":")
    try:
        with httpx.Client(trust_env=False, timeout=seconds, auth=(user, password) if login else None) as client:
            answer = client.get(url) if body is None else client.post(url, json=body)
            return OwnAnswer(answer.status_code, answer.content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
