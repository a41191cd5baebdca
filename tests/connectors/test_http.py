"""The fetch layer: polite, bounded, never fooled, and every failure is called by its name."""

import asyncio
import pickle
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.addresses import explain_forbidden
from connectors.failures import FailureKind, FailureWeight, FetchError
from connectors.http import open_fetcher
from connectors.pace import HostPace
from connectors.protocol import Expect, Request, Validators
from connectors.robots import read_robots
from connectors.settings import FetchSettings
from tests.connectors.asking import source_of
from tests.connectors.hostile import CASES, GOOD, Case, hostile_pages
from tests.connectors.site import Page, government_pages, serve

BASIC = "name: 试\nverified: own-page\npace: {delay: 0}\ndiscover: {kind: page, urls: ['http://127.0.0.1/']}\n"
SOURCE = source_of(BASIC)
HASTY = source_of(BASIC, limits={"deadline": 2.5, "body_mb": 5})
QUICK = FetchSettings(loopback_hosts=("127.0.0.1",), backoff_seconds=0.01, retries=1)


async def resolve_names(host: str, port: int) -> Sequence[str]:
    """A resolver for names of tests, which asks nobody."""
    names = {"intranet.test": "10.1.2.3", "localhost": "127.0.0.1"}
    if host in names:
        return [names[host]]
    if host[:1].isdigit() or ":" in host:
        return [host]
    raise OSError("Name or service not known")


# -- the hostile site ------------------------------------------------------------------------------------------------


def test_there_are_enough_cases_of_every_sort() -> None:
    assert len(CASES) >= 60
    assert len({case.path for case in CASES}) == len(CASES)


async def ask(case: Case, base: str, fetcher: object) -> FailureKind | None:
    try:
        answer = await fetcher.get(Request(base + case.path), HASTY)  # type: ignore[attr-defined]
    except FetchError as error:
        return error.kind if error.source == "county" and error.detail else None
    assert b"POISON" not in answer.body
    return None


async def test_every_hostile_answer_ends_in_its_failure_and_no_good_page_is_lost() -> None:
    with serve(hostile_pages()) as site:
        async with open_fetcher(QUICK, resolver=resolve_names) as fetcher:
            eight = asyncio.Semaphore(8)

            async def limited(case: Case) -> FailureKind | None:
                async with eight:
                    return await ask(case, site.base, fetcher)

            found = await asyncio.gather(*[limited(case) for case in CASES])
        asked = {case.path: site.paths.count(case.path) for case in CASES}
    wrong = {case.path: kind for case, kind in zip(CASES, found, strict=True) if kind != case.kind}
    assert wrong == {}
    assert {path for path in asked if path.startswith("/private")} == {"/private/page"}
    assert asked["/private/page"] == 0
    retried = {case.path for case in CASES if asked[case.path] > 1 and "redirect" not in case.path}
    # How much of these two the server gets to see again depends on who closes the connection first; the third is
    # where another page leads.
    either = {"/good_until_close", "/header_flood", "/good_gzip"}
    assert retried - either == {case.path for case in CASES if case.retried} - either


@pytest.mark.parametrize("case", [case for case in CASES if "bomb" in case.path or "gzip_twice" in case.path])
async def test_a_bomb_is_not_unpacked(case: Case) -> None:
    import tracemalloc

    with serve({"/bomb": case.page}) as site:
        async with open_fetcher(QUICK) as fetcher:
            tracemalloc.start()
            with pytest.raises(FetchError):
                await fetcher.get(Request(site.base + "/bomb"), HASTY)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert peak < 30_000_000


async def test_a_good_page_comes_whole_with_its_headers() -> None:
    with serve({"/a.html": Page(GOOD, etag=True)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            answer = await fetcher.get(Request(site.base + "/a.html"), SOURCE)
    assert answer.body == GOOD
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.validators.etag
    assert answer.fetched_at.tzinfo is UTC


# -- conditional requests --------------------------------------------------------------------------------------------


async def test_an_unchanged_page_is_not_sent_again() -> None:
    with serve({"/a.html": Page(GOOD, etag=True)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            first = await fetcher.get(Request(site.base + "/a.html"), SOURCE)
            again = await fetcher.get(Request(site.base + "/a.html", validators=first.validators), SOURCE)
    assert (again.status, again.not_modified, again.body) == (304, True, b"")


async def test_the_same_bytes_under_status_200_are_unchanged_too() -> None:
    with serve({"/a.html": Page(GOOD)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            first = await fetcher.get(Request(site.base + "/a.html"), SOURCE)
            again = await fetcher.get(Request(site.base + "/a.html", validators=first.validators), SOURCE)
    assert (again.status, again.not_modified) == (200, True)


async def test_other_bytes_are_a_change() -> None:
    with serve({"/a.html": Page(GOOD, etag=True)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            old = Validators(etag='"old"', digest="0" * 64)
            answer = await fetcher.get(Request(site.base + "/a.html", validators=old), SOURCE)
    assert not answer.not_modified


# -- politeness ------------------------------------------------------------------------------------------------------


async def test_sources_on_one_host_share_its_pace_and_the_slowest_wins() -> None:
    quick, slow = source_of(BASIC, slug="quick"), source_of(BASIC, slug="slow", pace={"delay": 0.15})
    with serve({f"/{n}": Page(GOOD) for n in range(6)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            await fetcher.get(Request(site.base + "/0"), slow)
            requests = [fetcher.get(Request(f"{site.base}/{n}"), quick if n % 2 else slow) for n in range(1, 6)]
            await asyncio.gather(*requests)
    at = [hit.at for hit in site.hits]
    assert min(later - earlier for earlier, later in pairwise(at[1:])) > 0.1


async def test_never_more_connections_than_the_source_allows() -> None:
    running = most = 0

    def slow(hit: object) -> Page:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.05)
        running -= 1
        return Page(GOOD)

    with serve({f"/{n}": slow for n in range(12)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            await asyncio.gather(*[fetcher.get(Request(f"{site.base}/{n}"), SOURCE) for n in range(12)])
    assert most == 2


async def test_the_user_agent_is_true_and_says_whom_to_write_to() -> None:
    with serve({"/a.html": Page(GOOD)}) as site:
        async with open_fetcher(replace(QUICK, contact="mailto:a@example.org")) as fetcher:
            await fetcher.get(Request(site.base + "/a.html"), SOURCE)
    assert all(hit.headers["user-agent"] == "dangjian-etl/0.1 (+mailto:a@example.org)" for hit in site.hits)
    assert all(hit.headers["accept-encoding"] == "gzip, deflate" for hit in site.hits)


async def test_no_cookie_is_ever_sent_back() -> None:
    with serve({"/a.html": Page(GOOD, headers={"Set-Cookie": "session=1; Path=/"})}) as site:
        async with open_fetcher(QUICK) as fetcher:
            for _ in range(3):
                await fetcher.get(Request(site.base + "/a.html"), SOURCE)
    assert not any("cookie" in hit.headers for hit in site.hits)


async def test_robots_is_read_once_for_all() -> None:
    with serve(government_pages(3)) as site:
        async with open_fetcher(QUICK) as fetcher:
            await asyncio.gather(*[fetcher.get(Request(site.base + "/dj/"), SOURCE) for _ in range(5)])
    assert site.paths.count("/robots.txt") == 1


ROBOTS = [
    (200, b"User-agent: *\nDisallow: /x/", False),
    (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /x/", False),
    (200, "# 禁止\nUser-agent: *\nDisallow: /x/".encode("gbk"), False),
    (200, b"User-agent: *\nDisallow: /\nAllow: /x/", True),
    (200, b"User-agent: dangjian-etl\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
    (200, b"User-agent: *\nDisallow: /*.html$", False),
    (200, b"<html>\xe9\xa6\x96\xe9\xa1\xb5</html>", True),
    (200, b"", True),
    (200, b"User-agent: *\nDisallow: /x/\n" + b"#" * 600_000 + b"\nAllow: /x/a.html", False),
    (403, b"User-agent: *\nDisallow: /", True),
    (404, b"", True),
    (429, b"", False),
    (500, b"", False),
    (503, b"", False),
]


@pytest.mark.parametrize(("status", "body", "allowed"), ROBOTS)
def test_robots_is_read_as_the_standard_says(status: int, body: bytes, allowed: bool) -> None:
    assert read_robots(status, body).allows("http://a.cn/x/a.html", "dangjian-etl/0.1") is allowed


def test_a_crawl_delay_of_an_hour_is_capped() -> None:
    assert read_robots(200, b"User-agent: *\nCrawl-delay: 3600").delay("dangjian-etl/0.1") == 30.0


async def test_a_crawl_delay_slows_the_host_down() -> None:
    robots = Page(b"User-agent: *\nCrawl-delay: 0.2\n", content_type="text/plain")
    with serve({"/robots.txt": robots, **{f"/{n}": Page(GOOD) for n in range(4)}}) as site:
        async with open_fetcher(QUICK) as fetcher:
            await asyncio.gather(*[fetcher.get(Request(f"{site.base}/{n}"), SOURCE) for n in range(4)])
    at = [hit.at for hit in site.hits]
    assert min(later - earlier for earlier, later in pairwise(at[1:])) > 0.15


@pytest.mark.parametrize("page", [Page(status=503), Page(GOOD, delay=4)], ids=["503", "silent"])
async def test_a_robots_file_that_cannot_be_read_closes_the_host(page: Page) -> None:
    with serve({"/robots.txt": page, "/a.html": Page(GOOD)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(Request(site.base + "/a.html"), HASTY)
    assert caught.value.kind is FailureKind.ROBOTS
    assert "/a.html" not in site.paths


async def test_a_host_that_complains_is_asked_less_often_and_heals() -> None:
    answers = iter([Page(status=503, headers={"Retry-After": "1"}), Page(GOOD)])
    with serve({"/a.html": lambda hit: next(answers)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            started = time.monotonic()
            answer = await fetcher.get(Request(site.base + "/a.html"), SOURCE)
    assert answer.body == GOOD
    assert time.monotonic() - started >= 0.95


def test_pace_doubles_on_complaints_and_comes_back() -> None:
    pace = HostPace(lambda: 0.0)
    pace.at_most_every(1.0)
    pace.slow_down(None)
    pace.slow_down(None)
    assert pace.delay == 3.0
    for _ in range(40):
        pace.note_good_answer()
    assert pace.delay == 1.0


def test_a_host_that_complains_however_slowly_it_is_asked_complains_about_pages() -> None:
    pace = HostPace(lambda: 0.0)
    for _ in range(5):
        pace.slow_down(None)
    assert pace.delay == 3.0
    for _ in range(3):
        pace.slow_down(None)
    assert pace.delay == 0.25


async def test_a_retry_after_of_a_day_is_left_to_the_next_run() -> None:
    with serve({"/a.html": Page(b"<p>", 503, {"Retry-After": "86400"})}) as site:
        async with open_fetcher(QUICK) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(Request(site.base + "/a.html"), SOURCE)
    assert caught.value.retry_after == timedelta(days=1)
    assert site.paths.count("/a.html") == 1


# -- hosts that are out of reach -------------------------------------------------------------------------------------


async def test_a_name_without_an_address_is_asked_for_only_once() -> None:
    asked = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        raise OSError("Name or service not known")

    async with open_fetcher(QUICK, resolver=resolver) as fetcher:
        for path in ("/a", "/b", "/c"):
            with pytest.raises(FetchError) as caught:
                await fetcher.get(Request(f"http://www.nowhere.test{path}"), SOURCE)
            assert caught.value.kind is FailureKind.DNS
    assert asked == ["www.nowhere.test"]
    assert "\n" not in str(caught.value)


async def test_a_closed_port_is_refused_and_then_left_alone() -> None:
    with serve({}) as site:
        pass
    async with open_fetcher(replace(QUICK, retries=0)) as fetcher:
        kinds = []
        for n in range(8):
            with pytest.raises(FetchError) as caught:
                await fetcher.get(Request(f"{site.base}/{n}"), SOURCE)
            kinds.append(caught.value.kind)
    assert kinds == [FailureKind.REFUSED] * 5 + [FailureKind.CIRCUIT_OPEN] * 3


def cut(handler: BaseHTTPRequestHandler) -> None:
    """End the connection with a reset, as overloaded servers do."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


BAD_PAGES = {
    "cut": Page(raw=cut),
    "asked too often": Page(b"no", 429),
    "asked too often until a date long past": Page(b"no", 429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
}


@pytest.mark.parametrize("bad", BAD_PAGES)
async def test_bad_pages_in_a_row_do_not_make_a_living_host_given_up(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.pace.SLOWEST_EXTRA", 0.01)
    pages = {f"/bad{n}": BAD_PAGES[bad] for n in range(14)} | {"/a.html": Page(GOOD)}
    with serve(pages) as site:
        async with open_fetcher(QUICK) as fetcher:
            for n in range(14):
                with pytest.raises(FetchError) as failed:
                    await fetcher.get(Request(f"{site.base}/bad{n}"), source_of(BASIC))
                assert failed.value.kind in (FailureKind.REFUSED, FailureKind.PROTOCOL, FailureKind.RATE_LIMITED)
            assert (await fetcher.get(Request(site.base + "/a.html"), source_of(BASIC))).body == GOOD


async def test_a_host_that_lets_many_requests_run_out_of_time_gets_less_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.http.SHORTEST_DEADLINE", 0.1)
    pages = {f"/slow{n}": Page(GOOD, delay=3) for n in range(4)}
    source = source_of(BASIC, limits={"deadline": 0.6})
    with serve(pages) as site:
        async with open_fetcher(QUICK) as fetcher:
            with pytest.raises(FetchError):  # its robots.txt first, which is quick
                await fetcher.get(Request(f"{site.base}/none"), source)
            for n, seconds in enumerate(("0.6", "0.6", "0.6", "0.")):
                with pytest.raises(FetchError, match=f"not complete after {seconds}"):
                    await fetcher.get(Request(f"{site.base}/slow{n}"), source)


async def test_slow_pages_do_not_make_a_living_host_given_up() -> None:
    pages = {f"/slow{n}": Page(GOOD, delay=3) for n in range(6)} | {"/a.html": Page(GOOD)}
    source = source_of(BASIC, limits={"deadline": 0.6})
    with serve(pages) as site:
        async with open_fetcher(QUICK) as fetcher:
            for n in range(6):
                with pytest.raises(FetchError):
                    await fetcher.get(Request(f"{site.base}/slow{n}"), source)
            assert (await fetcher.get(Request(site.base + "/a.html"), source)).body == GOOD


# -- addresses -------------------------------------------------------------------------------------------------------

FORBIDDEN = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "198.18.0.5", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1", "no address",
    "192.0.0.8", "192.88.99.1", "fec0::1", "::127.0.0.1", "3fff::1", "100::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert explain_forbidden(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "202.108.22.5", "2400:3200::1"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert explain_forbidden(address) is None


def test_a_network_can_be_opened_for_those_behind_a_proxy_of_their_own() -> None:
    assert explain_forbidden("198.18.0.5", open_networks=["198.18.0.0/15"]) is None


SPELLINGS = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0", "evil.test"]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_this_machine_is_not_reached_under_any_spelling(host: str) -> None:
    async def resolver(name: str, port: int) -> Sequence[str]:
        return ["::1"] if ":" in name else ["127.0.0.1"]

    with serve({"/a.html": Page(GOOD)}) as site:
        port = site.base.rpartition(":")[2]
        async with open_fetcher(FetchSettings(retries=0), resolver=resolver) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(Request(f"http://{host}:{port}/a.html"), SOURCE)
    assert caught.value.kind is FailureKind.FORBIDDEN_ADDRESS
    assert site.hits == []


async def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    answers = []

    async def resolver(host: str, port: int) -> Sequence[str]:
        answers.append(host)
        return ["127.0.0.1"] if len(answers) == 1 else ["10.0.0.1"]

    settings = FetchSettings(loopback_hosts=("rebind.test",), retries=0)
    with serve({"/a.html": Page(GOOD)}) as site:
        port = site.base.rpartition(":")[2]
        async with open_fetcher(settings, resolver=resolver) as fetcher:
            answer = await fetcher.get(Request(f"http://rebind.test:{port}/a.html"), SOURCE)
    # One look-up for one connection: what was checked is what was connected to.
    assert answer.body == GOOD
    assert len(answers) == 1


async def test_one_forbidden_address_among_good_ones_is_enough() -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "10.0.0.1"]

    settings = FetchSettings(loopback_hosts=("mixed.test",), retries=0)
    async with open_fetcher(settings, resolver=resolver) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request("http://mixed.test/"), SOURCE)
    assert caught.value.kind is FailureKind.FORBIDDEN_ADDRESS


# -- TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody has signed."""
    file = tmp_path_factory.mktemp("tls") / "own.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-keyout", str(file), "-out", str(file) + ".crt"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    file.write_bytes(file.read_bytes() + Path(str(file) + ".crt").read_bytes())
    return file


async def serve_tls(certificate: Path) -> tuple[asyncio.Server, str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD)
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    return server, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_a_certificate_that_nobody_signed_is_refused_unless_the_source_says_so(certificate: Path) -> None:
    server, url = await serve_tls(certificate)
    trusting = source_of(BASIC, slug="trusting", tls={"verify": False})
    async with server, open_fetcher(replace(QUICK, obey_robots=False)) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request(url), SOURCE)
        assert caught.value.kind is FailureKind.TLS
        assert (await fetcher.get(Request(url), trusting)).body == GOOD


async def test_plain_http_on_a_tls_port_is_a_tls_failure() -> None:
    with serve({}) as site:
        async with open_fetcher(replace(QUICK, obey_robots=False)) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.get(Request(site.base.replace("http:", "https:") + "/"), SOURCE)
    assert caught.value.kind is FailureKind.TLS


# -- what is sent ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://127.0.0.1/a\r\nX: y", "x"]
)
async def test_addresses_that_cannot_be_asked_for_send_nothing(url: str) -> None:
    async with open_fetcher(QUICK) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(Request(url), SOURCE)
        assert caught.value.kind is FailureKind.URL
        assert not fetcher.requests


async def test_a_form_and_json_are_posted_and_a_redirected_post_becomes_a_get() -> None:
    pages = {
        "/form": Page(b"{}", content_type="application/json"),
        "/moved": Page(status=302, headers={"Location": "/form"}),
    }
    with serve(pages) as site:
        async with open_fetcher(QUICK) as fetcher:
            await fetcher.get(Request(site.base + "/form", Expect.DATA, "POST", form={"q": "党建"}), SOURCE)
            await fetcher.get(Request(site.base + "/form", Expect.DATA, "POST", json='{"q": 1}'), SOURCE)
            await fetcher.get(Request(site.base + "/moved", Expect.DATA, "POST", form={"q": "1"}), SOURCE)
    sent = [(hit.method, hit.path, hit.body) for hit in site.hits if hit.path != "/robots.txt"]
    assert sent == [
        ("POST", "/form", b"q=%E5%85%9A%E5%BB%BA"),
        ("POST", "/form", b'{"q": 1}'),
        ("POST", "/moved", b"q=1"),
        ("GET", "/form", b""),
    ]


async def test_addresses_and_marks_beyond_ascii_do_not_keep_a_page_from_being_asked_for() -> None:
    with serve({"/a.html": Page(GOOD)}) as site:
        async with open_fetcher(QUICK) as fetcher:
            request = Request(
                site.base + "/a.html", referer=site.base + "/党建/?p=1", validators=Validators(etag='"版本"')
            )
            assert (await fetcher.get(request, SOURCE)).body == GOOD
    sent = next(hit.headers for hit in site.hits if hit.path == "/a.html")
    assert sent["referer"] == site.base + "/%E5%85%9A%E5%BB%BA/?p=1"
    assert "if-none-match" not in sent


# -- failures as values ----------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_every_kind_of_failure_has_a_weight_and_a_chinese_name() -> None:
    for kind in FailureKind:
        assert kind.weight in FailureWeight
        assert kind.chinese


def test_a_failure_survives_the_way_between_processes() -> None:
    error = FetchError(FailureKind.HTTP_5XX, "http://a.cn/", "status 500", source="a", status=500, head="x")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.kind, again.status, again.head) == (str(error), error.kind, 500, "x")
