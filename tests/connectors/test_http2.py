"""HTTP/2 where the host offers it: a small server of our own with TLS and ALPN on loopback."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived

from connectors.failures import FailureKind, FetchError
from connectors.http import open_fetcher
from connectors.protocol import Request
from connectors.settings import FetchSettings
from tests.connectors.asking import source_of
from tests.connectors.hostile import GOOD

x509 = pytest.importorskip("cryptography.x509")

SETTINGS = FetchSettings(loopback_hosts=("127.0.0.1",), backoff_seconds=0.01, retries=0)


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, and its key, in one file."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=10))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@dataclass
class Served:
    port: int = 0
    connections: int = 0
    asked: list[str] = field(default_factory=list)


@asynccontextmanager
async def serve_http2(folder: Path) -> AsyncIterator[Served]:
    served = Served()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(folder))
    context.set_alpn_protocols(["h2"])

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived):
                    reply(connection, event)
            writer.write(connection.data_to_send())
        writer.close()

    def reply(connection: H2Connection, event: RequestReceived) -> None:
        path = dict(event.headers or [])[b":path"].decode()
        served.asked.append(path)
        if path == "/broken.html":  # takes down whatever else goes over the connection, and leaves the rest hanging
            connection.close_connection(ErrorCodes.INTERNAL_ERROR, last_stream_id=0)
            return
        status, body = ("404", b"<p>no") if path == "/robots.txt" else ("200", GOOD)
        head = [(":status", status), ("content-type", "text/html; charset=utf-8"), ("content-length", str(len(body)))]
        connection.send_headers(event.stream_id or 0, head)
        connection.send_data(event.stream_id or 0, body, end_stream=True)

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()


def source_at(port: int, verify: str) -> str:
    head = "name: 试\nverified: own-page\npace: {delay: 0}\n"
    return f"{head}tls: {{verify: {verify}}}\ndiscover: {{kind: page, urls: ['https://127.0.0.1:{port}/']}}\n"


async def test_a_host_that_offers_http2_is_asked_over_one_connection(tmp_path: Path) -> None:
    async with serve_http2(tmp_path) as served:
        source = source_of(source_at(served.port, "false"))
        async with open_fetcher(SETTINGS) as fetcher:
            pages = [Request(f"https://127.0.0.1:{served.port}/{number}.html") for number in range(6)]
            answers = await asyncio.gather(*[fetcher.get(page, source) for page in pages])
    assert {answer.body for answer in answers} == {GOOD}
    assert served.connections == 1
    assert sorted(served.asked) == [*(f"/{number}.html" for number in range(6)), "/robots.txt"]


async def test_a_page_that_breaks_its_connection_costs_no_other_page(tmp_path: Path) -> None:
    async with serve_http2(tmp_path) as served:
        source = source_of(source_at(served.port, "false"), limits={"deadline": 2})
        async with open_fetcher(SETTINGS) as fetcher:
            names = ["1", "broken", "2", "3", "broken", "4"]
            pages = [Request(f"https://127.0.0.1:{served.port}/{name}.html") for name in names]
            answers = await asyncio.gather(*[fetcher.get(page, source) for page in pages], return_exceptions=True)
            later = await fetcher.get(Request(f"https://127.0.0.1:{served.port}/5.html"), source)
    failed = [one.kind for one in answers if isinstance(one, FetchError)]
    assert failed == [FailureKind.PROTOCOL] * 2
    assert [one.body for one in answers if not isinstance(one, BaseException)] == [GOOD] * 4
    assert later.body == GOOD


async def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    async with serve_http2(tmp_path) as served:
        source = source_of(source_at(served.port, "true"))
        async with open_fetcher(replace(SETTINGS)) as fetcher:
            with pytest.raises(FetchError) as failed:
                await fetcher.get(Request(f"https://127.0.0.1:{served.port}/1.html"), source)
    assert failed.value.kind is FailureKind.TLS
    assert served.asked == []


async def test_a_handshake_that_is_cut_is_a_failure_of_tls() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server, open_fetcher(SETTINGS) as fetcher:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError) as failed:
            await fetcher.get(Request(f"https://127.0.0.1:{port}/1.html"), source_of(source_at(port, "true")))
    assert failed.value.kind is FailureKind.TLS
