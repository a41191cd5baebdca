"""HTTP/1.1 over one connection that is given: one request and its answer after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import h11

from connectors.wire import Cut, Wire

__all__ = ["Conversation", "Head", "Origin", "Sent", "read_headers"]

KEPT_SECONDS = 30.0  # that a connection may lie idle; servers close theirs after 5 to 75


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes."""

    secure: bool
    host: str  # ASCII
    port: int
    shown: bytes  # as the header Host says it


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it is sent."""

    origin: Origin
    method: bytes
    target: bytes  # path and query
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer begins with."""

    status: int
    headers: dict[str, str]  # lower-case names


class Conversation:
    """One connection that speaks HTTP/1.1. Ask, read pieces until None, and see whether it may be used again.

    Raises Silent, Cut, and h11's errors for what is no HTTP.
    """

    def __init__(self, wire: Wire, seconds: float, longest_head: int) -> None:
        self._wire = wire
        self._seconds = seconds
        self._state = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=longest_head)
        self._idle_since = time.monotonic()

    async def ask(self, sent: Sent) -> Head:
        """Send a request; returns when the head of its answer has come."""
        head = h11.Request(method=sent.method, target=sent.target, headers=[*sent.headers])
        data = self._state.send(head) or b""
        if sent.body:
            data += self._state.send(h11.Data(data=sent.body)) or b""
        data += self._state.send(h11.EndOfMessage()) or b""
        with suppress(Cut):  # a server that hangs up while it is asked may have answered before
            await self._wire.write(data, self._seconds)
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):  # 103 and its like may come before
                return Head(event.status_code, read_headers(list(event.headers)))

    async def read_piece(self) -> bytes | None:
        """The next bytes of the body, still compressed; None at its end."""
        event = await self._next()
        return bytes(event.data) if isinstance(event, h11.Data) else None

    async def _next(self) -> Any:
        while True:
            event = self._state.next_event()
            if event is not h11.NEED_DATA:
                return event
            data = await self._wire.read(self._seconds)
            if not data and self._state.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self._state.receive_data(data)

    @property
    def has_surplus(self) -> bool:
        """Whether more came than was announced: it would be taken for the answer to the next request."""
        return bool(self._state.trailing_data[0])

    def end(self) -> bool:
        """After the answer: whether the connection can be used again. If not, it is closed."""
        if self._state.our_state is h11.DONE and self._state.their_state is h11.DONE and not self.has_surplus:
            self._state.start_next_cycle()
            self._idle_since = time.monotonic()
            return True
        self.close()
        return False

    @property
    def is_fresh(self) -> bool:
        """Whether the server still waits for the next request."""
        return time.monotonic() - self._idle_since < KEPT_SECONDS and self._wire.is_quiet

    def close(self) -> None:
        self._wire.close()


def read_headers(pairs: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name in small letters, those of one name joined by commas: ASCII, else UTF-8, else Latin-1."""
    for charset in ("ascii", "utf-8"):
        try:
            return _join(pairs, charset)
        except UnicodeDecodeError:
            continue
    return _join(pairs, "iso-8859-1")


def _join(pairs: Sequence[tuple[bytes, bytes]], charset: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode(charset).lower(), raw_value.decode(charset)
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
