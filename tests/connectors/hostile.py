"""Answers that no good site gives, each with the failure it must end in. Used by the test of the fetch layer.

Everything stands on loopback; forbidden addresses are names that a stub resolver answers with, never asked for.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from connectors.failures import FailureKind
from tests.connectors.site import Page

__all__ = ["CASES", "GOOD", "Case", "hostile_pages"]

K = FailureKind
GOOD = "<html><body><h1>好文章</h1><p>社区党支部召开会议，研究老旧院落改造。</p></body></html>".encode()
ZEROS = b"<p>" + b"\0" * 60_000_000


@dataclass(frozen=True)
class Case:
    """A path of the hostile site, what it answers, and the failure that must come of it; None: it is a good page."""

    path: str
    page: Page
    kind: FailureKind | None
    retried: bool = False


def raw(text: bytes, *, then: Callable[[BaseHTTPRequestHandler], None] | None = None) -> Page:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(text)
        if then is not None:
            then(handler)

    return Page(raw=write)


def flood(piece: bytes, pause: float = 0.0, times: int = 2000) -> Callable[[BaseHTTPRequestHandler], None]:
    """Send a piece again and again until the client hangs up."""
    import time

    def write(handler: BaseHTTPRequestHandler) -> None:
        try:
            for _ in range(times):
                handler.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            return

    return write


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> Page:
    """An answer written by hand; ``length`` may lie."""
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/html",
        f"Content-Length: {len(body) if length is None else length}",
    ]
    return raw("\r\n".join([*lines, *headers, "", ""]).encode("utf-8", "surrogateescape") + body)


def redirect(target: str, status: int = 302, **headers: str) -> Page:
    return Page(b"", status, {"Location": target, **headers})


def encoded(body: bytes, encoding: str) -> Page:
    return Page(body, headers={"Content-Encoding": encoding})


def page(text: str, content_type: str = "text/html", status: int = 200, **headers: str) -> Page:
    return Page(text.encode(), status, {name.replace("_", "-"): value for name, value in headers.items()}, content_type)


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
HINT = b"HTTP/1.1 103 Early Hints\r\n\r\n"
POISON = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON"
BOMB = gzip.compress(ZEROS)

CASES = (
    # size and decompression
    Case("/gzip_bomb", encoded(BOMB, "gzip"), K.TOO_LARGE),
    Case("/gzip_twice", encoded(gzip.compress(BOMB), "gzip, gzip"), K.DECODE),
    Case("/deflate_bomb", encoded(zlib.compress(ZEROS), "deflate"), K.TOO_LARGE),
    Case("/raw_deflate_bomb", encoded(raw_deflate(ZEROS), "deflate"), K.TOO_LARGE),
    Case("/brotli", encoded(b"\x8b\x02\x80", "br"), K.DECODE),
    Case("/zstd", encoded(b"\x28\xb5\x2f\xfd", "zstd"), K.DECODE),
    Case("/gzip_broken", encoded(gzip.compress(GOOD)[:10] + b"\x07" * 40, "gzip"), K.DECODE),
    Case("/gzip_cut", encoded(gzip.compress(GOOD)[:-12], "gzip"), K.TRUNCATED, retried=True),
    Case("/huge_announced", answer(b"x", length=10**12), K.TOO_LARGE),
    Case("/absurd_length", answer(b"x", length=10**300), K.PROTOCOL, retried=True),
    Case("/endless_body", raw(HEAD + b"\r\n", then=flood(b"x" * 65536)), K.TOO_LARGE),
    Case("/endless_chunks", raw(CHUNKED, then=flood(b"10000\r\n" + b"x" * 65536 + b"\r\n")), K.TOO_LARGE),
    Case("/good_gzip", encoded(gzip.compress(GOOD), "gzip"), None),
    Case("/good_x_gzip", encoded(gzip.compress(GOOD), "x-gzip"), None),
    Case("/good_two_members", encoded(gzip.compress(GOOD[:60]) + gzip.compress(GOOD[60:]), "gzip"), None),
    Case("/good_padded_gzip", encoded(gzip.compress(GOOD) + b"\0" * 50, "gzip"), None),
    Case("/good_zlib", encoded(zlib.compress(GOOD), "deflate"), None),
    Case("/good_raw_deflate", encoded(raw_deflate(GOOD), "deflate"), None),
    Case("/good_plain_called_gzip", encoded(GOOD, "gzip"), None),
    Case("/good_identity", encoded(GOOD, "identity"), None),
    # transport
    Case("/nothing", raw(b""), K.PROTOCOL, retried=True),
    Case("/no_http", raw(b"SSH-2.0-OpenSSH\r\n" * 3), K.PROTOCOL, retried=True),
    Case("/cut_body", answer(GOOD, length=5000), K.TRUNCATED, retried=True),
    Case("/cut_chunks", raw(CHUNKED + b"20\r\nabc"), K.TRUNCATED, retried=True),
    Case(
        "/surplus",
        answer(GOOD + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON", length=len(GOOD)),
        K.TRUNCATED,
        True,
    ),
    Case("/bad_chunk", raw(CHUNKED + b"zz\r\n" + GOOD), K.TRUNCATED, retried=True),
    Case("/header_flood", raw(b"HTTP/1.1 200 OK\r\n", then=flood(b"X-A: " + b"y" * 1000 + b"\r\n")), K.PROTOCOL, True),
    Case("/long_header", raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"y" * 300_000 + b"\r\n\r\n"), K.PROTOCOL, retried=True),
    Case("/two_lengths", answer(GOOD, "Content-Length: 5"), K.PROTOCOL, retried=True),
    Case("/header_nul", answer(GOOD, "X-A: a\0b"), K.PROTOCOL, retried=True),
    Case("/good_odd_headers", answer(GOOD, "X-A: 党建", "Set-Cookie: a=b"), None),
    Case("/good_chunks", raw(CHUNKED + b"%x\r\n" % len(GOOD) + GOOD + b"\r\n0\r\n\r\n"), None),
    Case("/good_until_close", raw(HEAD + b"Connection: close\r\n\r\n" + GOOD), None),
    Case("/good_early_hints", raw(HINT + HEAD + b"Connection: close\r\n\r\n" + GOOD), None),
    # time (the source allows 1.5 seconds)
    Case("/never", Page(GOOD, delay=4), K.TIMEOUT),
    Case("/slow_body", raw(HEAD + b"Content-Length: 9000\r\n\r\n", then=flood(b"x", 0.1, 60)), K.TOO_SLOW),
    Case("/slow_head", raw(b"HTTP/1.1 200 OK\r\n", then=flood(b"X: y\r\n", 0.1, 60)), K.TIMEOUT),
    Case("/hints_flood", raw(b"", then=flood(b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05, 100)), K.TIMEOUT),
    # redirects
    Case("/redirect_self", redirect("/redirect_self"), K.REDIRECT_LOOP),
    Case("/redirect_a", redirect("/redirect_b"), K.REDIRECT_LOOP),
    Case("/redirect_b", redirect("/redirect_a"), K.REDIRECT_LOOP),
    Case("/hop/1", redirect("/hop/2"), K.REDIRECT_LOOP),
    Case("/redirect_cookie", redirect("/redirect_cookie", **{"Set-Cookie": "t=1"}), K.CHALLENGE_PAGE),
    Case("/redirect_nowhere", Page(b"", 302), K.URL),
    Case("/redirect_script", redirect("javascript:alert(1)"), K.URL),
    Case("/redirect_file", redirect("file:///etc/passwd"), K.URL),
    Case("/redirect_ftp", redirect("ftp://127.0.0.1/x"), K.URL),
    Case("/redirect_user", redirect("http://user:word@127.0.0.1/"), K.URL),
    Case("/redirect_port", redirect("http://127.0.0.1:99999/"), K.URL),
    Case("/redirect_long", redirect("/" + "x" * 9000), K.URL),
    Case("/redirect_private", redirect("http://intranet.test/"), K.FORBIDDEN_ADDRESS),
    Case("/redirect_metadata", redirect("http://169.254.169.254/latest/"), K.FORBIDDEN_ADDRESS),
    Case("/redirect_mapped", redirect("http://[::ffff:10.0.0.1]/"), K.FORBIDDEN_ADDRESS),
    Case("/redirect_any", redirect("http://0.0.0.0/"), K.FORBIDDEN_ADDRESS),
    Case("/redirect_localhost", redirect("http://localhost/"), K.FORBIDDEN_ADDRESS),
    Case("/redirect_unknown", redirect("http://nowhere.test/"), K.DNS),
    Case("/good_redirect", redirect("/good_until_close", 301), None),
    # status
    Case("/s400", page("<p>no", status=400), K.HTTP_4XX),
    Case("/s401", page("<p>no", status=401, WWW_Authenticate="Basic"), K.HTTP_4XX),
    Case("/s403", page("<p>no", status=403), K.HTTP_4XX),
    Case("/s404", page("<p>no", status=404), K.HTTP_4XX),
    Case("/s410", page("<p>no", status=410), K.HTTP_4XX),
    Case("/s412", page("<p>no", status=412), K.CHALLENGE_PAGE),
    Case("/s429", page("<p>no", status=429), K.RATE_LIMITED, retried=True),
    Case("/s429_nonsense", page("<p>no", status=429, Retry_After="soon"), K.RATE_LIMITED, retried=True),
    Case("/s500", page("<p>no", status=500), K.HTTP_5XX, retried=True),
    Case("/s502", page("<p>no", status=502), K.HTTP_5XX, retried=True),
    Case("/s503_day", page("<p>no", status=503, Retry_After="86400"), K.RATE_LIMITED),
    Case("/s521", page("<p>no", status=521), K.CHALLENGE_PAGE),
    Case("/s204", Page(status=204), K.WRONG_TYPE),
    # what an answer says of itself counts, however much it has to say beyond that
    Case("/s404_large", answer(b"x" * 12_000_000, status="404 Not Found"), K.HTTP_4XX),
    Case("/s404_endless", raw(b"HTTP/1.1 404 Not Found\r\n\r\n", then=flood(b"x" * 9000)), K.HTTP_4XX),
    Case("/s410_bomb", answer(BOMB, "Content-Encoding: gzip", status="410 Gone"), K.HTTP_4XX),
    Case("/moved_large", answer(b"x" * 12_000_000, "Location: /good_gzip", status="301 Moved"), None),
    Case("/s206", page(GOOD.decode(), status=206), K.TRUNCATED, retried=True),
    Case("/s304", Page(status=304), K.PROTOCOL, retried=True),
    Case("/s999", page("<p>no", status=999), K.PROTOCOL, retried=True),
    # walls
    Case(
        "/jsl",
        page("<script>document.cookie='__jsl_clearance=1';location.reload()</script>"),
        K.CHALLENGE_PAGE,
    ),
    Case("/rivers", page("<html><script>$_ts=window['$_ts'];</script><body></body></html>"), K.CHALLENGE_PAGE),
    Case("/acw", page("<html><script>var arg1='A';setCookie('acw_sc__v2',x)</script></html>"), K.CHALLENGE_PAGE),
    Case("/js_wall", page("<html><script>window.location='/x?token=1'</script></html>"), K.CHALLENGE_PAGE),
    Case("/cf", page("<html><script src='/cdn-cgi/challenge-platform/h/b'></script>", status=403), K.CHALLENGE_PAGE),
    Case("/captcha", page("<title>安全验证</title><p>请完成验证后继续访问</p>"), K.CHALLENGE_PAGE),
    Case("/good_about_walls", page("<h1>安全验证</h1>" + "<p>社区启用门禁安全验证系统，居民刷脸进门。</p>" * 20), None),
    Case("/good_with_script", page("<script>eval('1')</script>" + GOOD.decode()), None),
    # types
    Case("/pdf", page("%PDF-1.4", "application/pdf"), K.WRONG_TYPE),
    Case("/pdf_called_html", page("%PDF-1.4"), K.WRONG_TYPE),
    Case("/zip_called_html", Page(b"PK\x03\x04xxxx"), K.WRONG_TYPE),
    Case("/png", Page(b"\x89PNG\r\n", content_type="image/png"), K.WRONG_TYPE),
    Case("/json", page('{"a": 1}', "application/json"), K.WRONG_TYPE),
    Case("/json_called_html", page('{"error": "no such page"}'), K.WRONG_TYPE),
    Case("/video", Page(b"\0\0\0\x18ftyp", content_type="video/mp4"), K.WRONG_TYPE),
    Case("/empty", page(""), K.WRONG_TYPE),
    Case("/blank", page(" \n "), K.WRONG_TYPE),
    Case("/good_octets", page(GOOD.decode(), "application/octet-stream"), None),
    Case("/good_no_type", raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD), None),
    Case("/good_text", page(GOOD.decode(), "text/plain"), None),
    Case("/good_utf16", Page(GOOD.decode().encode("utf-16"), content_type="text/html"), None),
    Case("/good_gb_bytes", Page(GOOD.decode().encode("gbk"), content_type="text/html; charset=iso-8859-1"), None),
    Case("/good_bare_utf16", Page(GOOD.decode().encode("utf-16-le"), content_type="text/html"), None),
    Case("/good_after_blanks", page("\r\n\t " * 3000 + GOOD.decode()), None),
    Case("/zip_empty", Page(b"PK\x05\x06" + b"\0" * 18), K.WRONG_TYPE),
    Case("/noise", Page(bytes(range(1, 256)) * 20), K.WRONG_TYPE),
    Case("/database", Page(b"SQLite format 3\0" + b"\0" * 900), K.WRONG_TYPE),
    Case("/rtf", page("{\\rtf1\\ansi " + "\\'b5\\'b3" * 500), K.WRONG_TYPE),
    Case("/saved_page", page("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<p>x"), K.WRONG_TYPE),
    Case("/video_list", page("#EXTM3U\nseg.ts\n"), K.WRONG_TYPE),
    Case("/json_with_markup", page('{"content": "<p>党建</p>"}'), K.WRONG_TYPE),
    Case("/jsonp_with_markup", page('show({"content": "<p>党建</p>"})'), K.WRONG_TYPE),
    Case("/feed", page("<rss><channel><item><title>党建</title></item></channel></rss>"), K.WRONG_TYPE),
    Case("/xml", page('<?xml version="1.0"?><root><title>党建</title></root>', "text/xml"), K.WRONG_TYPE),
    # lies about the encoding
    Case("/good_encoding_utf8", encoded(GOOD, "utf-8"), None),
    Case("/good_encoding_none", encoded(GOOD, "none"), None),
    Case("/good_gzip_identity", encoded(gzip.compress(GOOD), "gzip, identity"), None),
    Case("/gzip_in_gzip", encoded(gzip.compress(gzip.compress(GOOD)), "gzip"), K.WRONG_TYPE),
    Case("/gzip_no_label", Page(gzip.compress(GOOD)), K.WRONG_TYPE),
    Case("/gzip_bad_sum", encoded(gzip.compress(GOOD)[:-8] + b"\0" * 8, "gzip"), K.DECODE),
    Case("/empty_streams", encoded(gzip.compress(b"") * 100_000, "gzip"), K.DECODE),
    Case("/tiny_pieces", raw(CHUNKED, then=flood(b"1\r\nx\r\n" * 1000)), K.TOO_SLOW),
    # more addresses
    Case("/redirect_growing", redirect("/redirect_growing?" + "a=1&" * 20), K.REDIRECT_LOOP),
    Case("/redirect_decimal", redirect("http://2130706434/"), K.FORBIDDEN_ADDRESS),
    Case("/redirect_octal", redirect("http://0177.0.0.02/"), K.URL),
    # walls that talk, errors that call themselves a success
    Case("/waf_dog", page("<title>网站防火墙</title><p>您的请求带有不合法参数，已被拦截！"), K.CHALLENGE_PAGE),
    Case("/waf_418", page("<p>您的请求疑似攻击行为！", status=418), K.CHALLENGE_PAGE),
    Case("/waf_frequent", page("<p>您的访问过于频繁，请输入验证码后继续访问"), K.CHALLENGE_PAGE),
    Case("/waf_gbk", Page("<p>您的访问疑似攻击，已被拦截".encode("gbk"), content_type="text/html"), K.CHALLENGE_PAGE),
    Case("/waf_slider", page("<title>滑动验证页面</title><p>请拖动滑块"), K.CHALLENGE_PAGE),
    Case("/login", page('<p>请先登录</p><form><input type="password" name=p></form>'), K.CHALLENGE_PAGE),
    Case(
        "/rivers_large", page("<script>$_ts=window['a'];$_ts.nsd=1;'" + "Qw" * 60_000 + "'</script>"), K.CHALLENGE_PAGE
    ),
    Case("/s404_script", page("<script>location.href='/'</script>", status=404), K.HTTP_4XX),
    Case("/soft_404", page("<h1>抱歉，您访问的页面不存在</h1><p>5 秒后返回首页"), K.HTTP_4XX),
    Case("/soft_review", page("<p>该文章正在审核中"), K.HTTP_4XX),
    Case("/soft_500", page("<h1>HTTP Status 500 - Internal Server Error</h1>"), K.HTTP_5XX, retried=True),
    Case("/soft_repair", page("<p>系统正在升级维护中，请稍后访问"), K.HTTP_5XX, retried=True),
    Case("/good_about_errors", page("<h1>页面不存在？</h1>" + "<p>社区党员教老人辨认出错的网页。</p>" * 20), None),
    # robots
    Case("/private/page", page(GOOD.decode()), K.ROBOTS),
)


def hostile_pages() -> dict[str, Page]:
    """Every case by its path, and what they lead to."""
    hops = {f"/hop/{n}": redirect(f"/hop/{n + 1}") for n in range(2, 9)}
    robots = Page(b"\xef\xbb\xbfUser-agent: *\nDisallow: /private/\n", content_type="text/plain")
    return {"/robots.txt": robots, **hops, **{case.path: case.page for case in CASES}}
