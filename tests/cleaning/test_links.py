from __future__ import annotations

import pytest

from cleaning.links import unwrap

TRUE = "http://static.news.example.cn/p/a.jpg"


@pytest.mark.parametrize(
    ("proxied", "true"),
    [
        (f"https://cors.proxy.example.dev/?{TRUE}", TRUE),
        ("https://cors.proxy.example.dev/?http%3A%2F%2Fstatic.news.example.cn%2Fp%2Fa.jpg", TRUE),
        ("https://images.weserv.nl/?url=static.news.example.cn/p/a.jpg&w=300", TRUE),
        ("https://wsrv.nl/?w=9&url=https%3A%2F%2Fa.example.cn%2Fb%2Bc.jpg", "https://a.example.cn/b+c.jpg"),
        ("https://i0.wp.com/a.example.cn/b.jpg?resize=300", "https://a.example.cn/b.jpg"),
        ("https://cdn.statically.io/img/a.example.cn/w=600/b.jpg", "https://a.example.cn/w=600/b.jpg"),
        (
            "https://external-content.duckduckgo.com/iu/?u=https%3A%2F%2Fa.example.cn%2Fb.png&f=1",
            "https://a.example.cn/b.png",
        ),
        ("https://link.zhihu.com/?target=https%3A//a.example.cn/x%3Fid%3D1", "https://a.example.cn/x?id=1"),
        (
            "https://image.baidu.com/search/down?tn=download&url=https://a.example.cn/x.jpg",
            "https://a.example.cn/x.jpg",
        ),
        ("https://a.example.com/redirect?url=https://b.example.cn/x?id=1&p=2", "https://b.example.cn/x?id=1&p=2"),
        ("https://proxy.example.com/https://a.example.cn/b.jpg", "https://a.example.cn/b.jpg"),
        ("https://wsrv.nl/?url=https%3A%2F%2Fwsrv.nl%2F%3Furl%3Da.example.cn%252Fb.jpg", "http://a.example.cn/b.jpg"),
        ("https://link.zhihu.com/?target=https%253A%252F%252Fa.example.cn%252Fb", "https://a.example.cn/b"),
    ],
)
def test_a_proxied_address_gives_the_true_one(proxied: str, true: str) -> None:
    assert unwrap(proxied) == true
    assert unwrap(true) is None


@pytest.mark.parametrize(
    "url",
    [
        TRUE,
        "",
        "x",
        "/img/a.jpg",
        "http://[broken",
        "javascript:alert(1)",
        "https://wsrv.nl/?url=javascript%3Aalert(1)",
        "https://cors.proxy.example.dev/?javascript:alert(1)",
        "https://cors.proxy.example.dev/?http://",
        "https://cors.proxy.example.dev/?file:///etc/passwd",
        "https://a.example.com/share?url=http://b.example.cn/page.html",
        "https://a.example.com/search?q=http://b.example.cn/",
        "https://news.example.cn/article?id=3&u=7",
        "https://cors.proxy.example.dev/?http://a.example.cn/b c",
        "https://web.example.org/?" + "a" * 9000,
    ],
)
def test_anything_else_is_left_alone(url: str) -> None:
    assert unwrap(url) is None


def test_unwrapping_ends_although_every_layer_holds_another() -> None:
    url = TRUE
    for _ in range(50):
        url = f"https://cors.proxy.example.dev/?{url}"
    assert unwrap(url) is not None
