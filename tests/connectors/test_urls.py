"""One key for all spellings of an address, never one for two articles."""

import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.urls import BadAddressError, article_key, canonical_url, check_address, host_of, resolve_link

SAME = [
    ("http://www.example.cn/a/t20240101_1.html", "https://www.example.cn/a/t20240101_1.html"),
    ("http://www.example.cn:80/a.html", "http://www.example.cn/a.html"),
    ("https://www.example.cn:443/a.html", "http://www.example.cn/a.html"),
    ("http://WWW.Example.CN/a.html", "http://www.example.cn/a.html"),
    ("http://www.example.cn./a.html", "http://www.example.cn/a.html"),
    ("http://www.example.cn/dj/index.html", "http://www.example.cn/dj/"),
    ("http://www.example.cn/dj/index.shtml#top", "http://www.example.cn/dj/"),
    ("http://www.example.cn", "http://www.example.cn/"),
    ("http://www.example.cn/a.html?utm_source=wx&spm=1.2", "http://www.example.cn/a.html"),
    ("http://www.example.cn/a.html?from=timeline&isappinstalled=0", "http://www.example.cn/a.html"),
    ("http://www.example.cn/a.html;jsessionid=0A1B", "http://www.example.cn/a.html"),
    ("http://www.example.cn/x?b=2&a=1", "http://www.example.cn/x?a=1&b=2"),
    ("http://www.example.cn/x/../y/./a.html", "http://www.example.cn/y/a.html"),
    ("http://www.example.cn/中文.html", "http://www.example.cn/%e4%b8%ad%e6%96%87.html"),
    ("http://epaper.example.cn/content_1.htm?div=-1", "http://epaper.example.cn/content_1.htm"),
    (
        "https://mp.weixin.qq.com/s?__biz=Mz==&mid=22&idx=1&sn=ab&chksm=9&scene=27#rd",
        "https://mp.weixin.qq.com/s?sn=ab&idx=1&mid=22&__biz=Mz==",
    ),
]

DIFFERENT = [
    ("https://mp.weixin.qq.com/s?__biz=M&mid=22&idx=1&sn=ab", "https://mp.weixin.qq.com/s?__biz=M&mid=22&idx=2&sn=ab"),
    ("https://mp.weixin.qq.com/s/AbC", "https://mp.weixin.qq.com/s/aBc"),
    ("http://www.example.cn/view.aspx?id=1", "http://www.example.cn/view.aspx?id=2"),
    ("http://www.example.cn/index.php?id=1", "http://www.example.cn/"),
    ("http://www.example.cn/?关键词=甲", "http://www.example.cn/?关键词=乙"),
    ("http://www.example.cn/s?q=%C8%CB", "http://www.example.cn/s?q=%C8%CC"),
    ("http://www.example.cn/a.html", "http://m.example.cn/a.html"),
    ("http://www.example.cn/a.html", "http://www.example.cn:8080/a.html"),
    ("http://www.example.cn/#/detail/1", "http://www.example.cn/#/detail/2"),
    ("http://www.example.cn/a.html", "http://www.example.cn/a_1.html"),
    ("http://www.example.cn/s?from=renmin", "http://www.example.cn/s"),
    ("http://www.example.cn/A.html", "http://www.example.cn/a.html"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_are_one_article(one: str, other: str) -> None:
    assert article_key(one) == article_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_articles_keep_two_keys(one: str, other: str) -> None:
    assert article_key(one) != article_key(other)


def test_a_declared_alias_makes_the_mobile_page_the_same_article() -> None:
    aliases = {"m.example.cn": "www.example.cn"}
    assert article_key("http://m.example.cn/a.html", aliases) == article_key("https://www.example.cn/a.html", aliases)


@given(st.text(max_size=200))
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    once = canonical_url("http://www.example.cn/" + text)
    assert canonical_url(once) == once


@given(st.text(max_size=100))
def test_no_address_breaks_the_key(text: str) -> None:
    assert len(article_key(text.encode("utf-8", "replace").decode())) == 64


LINKS = [
    ("./t1.html", "http://a.cn/dj/t1.html"),
    ("../t1.html", "http://a.cn/t1.html"),
    (" /t1.html\n", "http://a.cn/t1.html"),
    ("//b.cn/t1.html", "http://b.cn/t1.html"),
    ("..\\x\\t1.html", "http://a.cn/x/t1.html"),
    ("t1.html#top", "http://a.cn/dj/t1.html"),
    ("a b.html", "http://a.cn/dj/a%20b.html"),
    ("javascript:void(0)", None),
    ("mailto:a@b.cn", None),
    ("#", None),
    ("", None),
    ("ftp://a.cn/x", None),
    ("http://[::1", None),
]


@pytest.mark.parametrize(("href", "expected"), LINKS)
def test_a_link_resolves_as_a_browser_would(href: str, expected: str | None) -> None:
    assert resolve_link("http://a.cn/dj/index.html", href) == expected


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://a.cn/",
        "http://user:word@a.cn/",
        "http://a.cn/\r\nX: y",
        "http:///x",
        "http://a.cn:99999/",
        "http://a.cn/" + "a/" * 30,
        "http://a.cn/b/a/b/a/b/a/b/",
        "http://a.cn/" + "x" * 5000,
    ],
)
def test_addresses_that_must_not_be_asked_for_are_refused(url: str) -> None:
    with pytest.raises(BadAddressError):
        check_address(url)


HOSTS = ["a.cn", "A.cn", "a.cn.", "a..cn", "a.cn:80", "a.cn:8080", "a.cn:080", "m.a.cn", "127.0.0.1", "u@a.cn", "[::1]"]
SEGMENTS = [
    "/a",
    "/a",
    "/index.html",
    "/.",
    "/..",
    "/...",
    "//",
    "/",
    "/x.html",
    "/%41",
    "/中",
    "?a=1",
    "#b",
    "#/c",
    "/ ",
]
addresses = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from(SEGMENTS), max_size=8).map("".join),
)
references = addresses | st.lists(st.sampled_from(SEGMENTS), max_size=8).map("".join)


def answers(base: str, href: str) -> list[object]:
    def attempt(ask: Callable[[], object]) -> object:
        try:
            return ask()
        except BadAddressError as error:
            return str(error)

    return [
        attempt(lambda: canonical_url(href, {"m.a.cn": "www.a.cn"})),
        attempt(lambda: check_address(href)),
        host_of(href),
        resolve_link(base, href),
    ]


@given(addresses, references)
def test_a_plain_address_is_read_as_any_other(base: str, href: str) -> None:
    never = re.compile(r"(?!)")
    with patch("connectors.urls._PLAIN", never), patch("connectors.urls._PLAIN_REFERENCE", never):
        slowly = answers(base, href)
    assert answers(base, href) == slowly
