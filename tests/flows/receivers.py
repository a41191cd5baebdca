"""Receivers of notifications on loopback: a webhook and a mail server that keep what they are given."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Inbox:
    port: int
    given: list[Any] = field(default_factory=list)
    status: int = 200  # what a webhook answers


@contextmanager
def webhook() -> Iterator[Inbox]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.given.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(inbox.status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        inbox = Inbox(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield inbox
        server.shutdown()


@contextmanager
def mail_server() -> Iterator[Inbox]:
    """As much SMTP as one client needs to hand over a mail."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 test")
            for line in self.rfile:
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    self.say("354 go on")
                    inbox.given.append(message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
                self.say("221 bye" if word == b"QUIT" else "250 ok")
                if word == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        inbox = Inbox(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield inbox
        server.shutdown()


def body_of(mail: Message, kind: str) -> str:
    """The text of the first part of this type, e.g. ``text/html``."""
    part = next(part for part in mail.walk() if part.get_content_type() == kind)
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8")
