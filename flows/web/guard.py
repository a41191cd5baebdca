"""What every request has to pass and every answer has to carry: one ASGI layer around the pages.

Only GET and HEAD; only hosts that we are known by (else a page elsewhere could make a browser read a loopback
address under a name of its own); a login if one is set; and headers that let a page load nothing but itself.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "Access", "Guard"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# What a load balancer asks, with no name and no password; it answers no more than that we are alive.
OPEN_PATHS = frozenset({"/health"})

# (status, headline, what to do) -> an answer that people can read
Refuse = Callable[[Scope, int, str, str], Response]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may read. ``hosts`` in lower case and without port; None lets every name pass."""

    hosts: frozenset[str] | None = None
    user: str = ""
    password: str = ""

    @property
    def protected(self) -> bool:
        return bool(self.user and self.password)

    def knows_host(self, header: str) -> bool:
        return self.hosts is None or _host_of(header) in self.hosts

    def lets_in(self, header: str) -> bool:
        """Whether an ``Authorization`` header holds the login; takes as long for a wrong one as for the right one."""
        if not self.protected:
            return True
        kind, _, encoded = header.partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return False
        return secrets.compare_digest(given, f"{self.user}:{self.password}".encode()) and kind.lower() == "basic"


# A name or an address, an IPv6 address in brackets, perhaps a port; anything else is nobody's host.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s\[\]:@/]+)(?::\d{1,5})?")


def _host_of(header: str) -> str:
    found = _HOST.fullmatch(header.strip().lower())
    return found[1].rstrip(".") if found else ""


class Guard:
    """The layer; ``app`` sees only requests that may pass, and of HEAD only a GET."""

    def __init__(self, app: ASGIApp, access: Access, refuse: Refuse) -> None:
        self._app = app
        self._access = access
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        answer = _Answer(send, head=head, private=self._access.protected)
        refused = self._check(scope)
        await (refused or self._app)({**scope, "method": "GET"}, receive, answer)

    def _check(self, scope: Scope) -> Response | None:
        if scope["method"] not in ("GET", "HEAD"):
            refused = self._refuse(scope, 405, "这里只能阅读", "阅览室不接受修改，请用 GET 请求打开页面。")
            refused.headers["Allow"] = "GET, HEAD"
            return refused
        if scope["path"].removeprefix(scope.get("root_path", "")) in OPEN_PATHS:
            return None
        headers = Headers(scope=scope)
        if not self._access.knows_host(headers.get("host", "")):
            advice = "请用启动时显示的地址打开；经代理访问时，把对外地址写进 DANGJIAN_WEB_URL。"
            return self._refuse(scope, 421, "不认识这个主机名", advice)
        if not self._access.lets_in(headers.get("authorization", "")):
            refused = self._refuse(
                scope, 401, "请先登录", "用户名和口令由 DANGJIAN_WEB_USER 和 DANGJIAN_WEB_PASSWORD 设定。"
            )
            refused.headers["WWW-Authenticate"] = 'Basic realm="dangjian", charset="UTF-8"'
            return refused
        return None


class _Answer:
    """Adds the headers to an answer, and leaves out the body of a HEAD."""

    def __init__(self, send: Send, *, head: bool, private: bool) -> None:
        self._send = send
        self._head = head
        self._cache = "private, no-cache" if private else "no-cache"

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", self._cache)
        elif message["type"] == "http.response.body" and self._head:
            message = {**message, "body": b""}
        await self._send(message)
