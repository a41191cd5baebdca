"""One connection as a stream of bytes with time limits; who opened it, and what it carries, is no matter here."""

from __future__ import annotations

import asyncio
import select
from typing import Any

__all__ = ["Cut", "Silent", "Wire"]

READ_AT_ONCE = 65_536  # bytes: a page as it is sent takes 10,000
MOST_WAITING = 262_144  # bytes that nobody has read yet; a server that sends more is made to wait


class Silent(Exception):  # noqa: N818 - on its way to become a FetchError
    """Nothing came, or nothing could be sent, in time."""


class Cut(Exception):  # noqa: N818 - likewise
    """The connection broke."""


class Wire(asyncio.BufferedProtocol):
    """The protocol of one connection, plain or under TLS. At most one reader and one writer wait at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = memoryview(bytearray(READ_AT_ONCE))
        self._arrived: list[bytes] = []
        self._waiting = 0  # bytes in these
        self._ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._is_full = False  # no more is to be written at present

    def read_through(self, transport: asyncio.Transport) -> None:
        """From now on the connection goes through TLS, which is this transport."""
        self._transport = transport

    async def read(self, seconds: float) -> bytes:
        """What has come, at least a byte; empty at the end. Raises Silent and Cut."""
        if not self._arrived and not self._ended:
            self._reader = self._loop.create_future()
            await self._wait(self._reader, seconds)
        if not self._arrived:
            if self._error is not None:
                raise Cut(str(self._error) or type(self._error).__name__) from self._error
            return b""
        data = self._arrived[0] if len(self._arrived) == 1 else b"".join(self._arrived)
        self._arrived.clear()
        if self._waiting >= MOST_WAITING and not self._ended and self._transport is not None:
            self._transport.resume_reading()
        self._waiting = 0
        return data

    async def write(self, data: bytes, seconds: float) -> None:
        """Returns when the bytes are on their way. Raises Silent and Cut."""
        if self._transport is None or self._transport.is_closing():
            raise Cut("the connection is closed")
        self._transport.write(data)
        if self._is_full:
            self._writer = self._loop.create_future()
            await self._wait(self._writer, seconds)

    async def _wait(self, event: asyncio.Future[None], seconds: float) -> None:
        # A timer of its own costs a third of asyncio.timeout(), and every answer waits for bytes once or twice.
        timer = self._loop.call_later(seconds, _run_out, event)
        try:
            await event
        finally:
            timer.cancel()

    def close(self) -> None:
        """At once, whatever is under way: nobody waits for what a server still has to say."""
        if self._transport is not None:
            self._error = self._error or ConnectionAbortedError("closed by us")
            self._transport.abort()

    @property
    def is_quiet(self) -> bool:
        """Whether the connection stands and nothing has come that nobody asked for."""
        if self._ended or self._arrived or self._transport is None or self._transport.is_closing():
            return False
        return not _is_readable(self._transport.get_extra_info("socket"))

    @property
    def has_ended(self) -> bool:
        return self._ended

    @property
    def protocol(self) -> str | None:
        """What was agreed on under TLS: "h2", "http/1.1" or nothing."""
        secured = self._transport.get_extra_info("ssl_object") if self._transport is not None else None
        return secured.selected_alpn_protocol() if secured is not None else None

    # -- called by the event loop --------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._arrived.append(bytes(self._buffer[:nbytes]))
        before = self._waiting
        self._waiting += nbytes
        if before < MOST_WAITING <= self._waiting and self._transport is not None:
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        self._ended = True
        _wake(self._reader)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = self._error or exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        _wake(self._writer)


def _wake(event: asyncio.Future[None] | None) -> None:
    if event is not None and not event.done():
        event.set_result(None)


def _run_out(event: asyncio.Future[None]) -> None:
    if not event.done():
        event.set_exception(Silent())


def _is_readable(connection: Any) -> bool:
    """Whether bytes, or the end, have come that the event loop has not seen yet."""
    if connection is None or connection.fileno() < 0:
        return True
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))
