"""What every request has to pass, and what every answer carries."""

from __future__ import annotations

import base64
import re

import pytest

from flows.settings import Settings
from flows.web.app import create_app
from flows.web.guard import HEADERS, Access
from flows.web.serve import access_of, serve_room
from models.errors import ConfigurationWrong
from tests.flows.web.conftest import Client, open_room
from tests.flows.web.corpus import story_key

PATHS = "/ /search?q=议事 /style.css /feed.atom /health /nothing /search?page=x".split()
PATHS.append(f"/story/{story_key()[:16]}")


def basic(login: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}


def guarded(url: str, **access: object) -> Client:
    return Client(create_app(open_room(url, access=Access(**access))))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_lets_the_page_load_nothing_but_itself(sqlite_url: str, path: str) -> None:
    headers = guarded(sqlite_url).get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "cookie" not in " ".join(headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_nothing_but_reading_is_understood(sqlite_url: str, method: str) -> None:
    answer = guarded(sqlite_url).ask(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_like_get_without_the_body(sqlite_url: str, path: str) -> None:
    client = guarded(sqlite_url)
    head, get = client.ask("HEAD", path), client.get(path)
    assert head.status_code == get.status_code
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.content == b""


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:4280", 200),
        ("localhost", 200),
        ("LOCALHOST:9999", 200),
        ("[::1]:4280", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost:4280@evil.example", 421),
        ("", 421),
    ],
)
def test_a_name_that_is_not_ours_is_turned_away(sqlite_url: str, host: str, status: int) -> None:
    client = guarded(sqlite_url, hosts=access_of(Settings(), "127.0.0.1").hosts)
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == status
    assert ("按地区" in answer.text) is (status == 200)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (basic("office:secret words"), 200),
        (basic("office:wrong"), 401),
        (basic("other:secret words"), 401),
        (basic("office"), 401),
        ({"Authorization": "Basic !!!"}, 401),
        ({"Authorization": "Bearer " + base64.b64encode(b"office:secret words").decode()}, 401),
    ],
)
def test_a_login_is_asked_for_where_one_is_set(sqlite_url: str, headers: dict[str, str], status: int) -> None:
    client = guarded(sqlite_url, user="office", password="secret words")
    for path in ("/", "/style.css", "/feed.atom", "/nothing"):
        answer = client.get(path, headers=headers)
        assert answer.status_code == (404 if path == "/nothing" and status == 200 else status)
        if status == 401:
            assert answer.headers["www-authenticate"].startswith("Basic ")
            assert "按地区" not in answer.text


def test_a_login_may_be_of_any_letters(sqlite_url: str) -> None:
    client = guarded(sqlite_url, user="阅览", password="口：令:7")
    assert client.get("/", headers=basic("阅览:口：令:7")).status_code == 200


def test_a_load_balancer_may_ask_for_health_without_name_and_login(sqlite_url: str) -> None:
    client = guarded(sqlite_url, hosts=frozenset({"localhost"}), user="a", password="b")
    assert client.get("/health", headers={"Host": "10.0.0.7:4280"}).status_code == 200
    assert client.get("/health/..%2f", headers={"Host": "10.0.0.7:4280"}).status_code == 421


def test_pages_behind_a_login_are_kept_by_no_proxy(sqlite_url: str) -> None:
    client = guarded(sqlite_url, user="a", password="b")
    assert client.get("/", headers=basic("a:b")).headers["cache-control"] == "private, no-cache"


# Settings


def test_on_loopback_no_login_is_needed() -> None:
    access = access_of(Settings(), "127.0.0.1")
    assert not access.protected
    assert access.hosts == {"127.0.0.1", "localhost", "[::1]"}


def test_behind_a_proxy_its_name_is_known_as_well() -> None:
    access = access_of(Settings(web_url="https://News.example.cn/room/"), "127.0.0.1")
    assert access.knows_host("news.example.cn")
    assert access.knows_host("localhost:4280")
    assert not access.knows_host("example.cn")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "news.example.cn"])
def test_others_can_reach_the_room_only_with_a_login(host: str) -> None:
    with pytest.raises(ConfigurationWrong, match="DANGJIAN_WEB_PASSWORD"):
        access_of(Settings(), host)
    assert access_of(Settings(web_user="a", web_password="b"), host).protected


@pytest.mark.parametrize(("user", "password"), [("a", ""), ("", "b"), ("a:b", "c")])
def test_half_a_login_is_a_mistake_that_is_told(user: str, password: str) -> None:
    with pytest.raises(ConfigurationWrong):
        access_of(Settings(web_user=user, web_password=password), "127.0.0.1")


def test_the_command_refuses_to_start_open_to_the_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANGJIAN_WEB_PASSWORD", raising=False)
    assert serve_room(host="0.0.0.0") == 1
    assert "DANGJIAN_WEB_USER" in capsys.readouterr().out


def test_the_password_is_in_no_printout_of_the_settings() -> None:
    assert "hush" not in repr(Settings(web_user="a", web_password="hush"))


def test_behind_a_proxy_in_a_folder_every_link_leads_back_through_it(sqlite_url: str) -> None:
    room = open_room(sqlite_url, address="https://news.example.cn/room/", access=Access(frozenset({"news.example.cn"})))
    client = Client(create_app(room), base="https://news.example.cn", root="/room")
    page = client.get("/room/")
    assert page.status_code == 200
    links = re.findall(r'(?:href|action)="(/[^"]*)"', page.text)
    assert links
    assert all(link.startswith("/room/") for link in links)
    assert client.get(links[1]).status_code == 200
    assert 'href="https://news.example.cn/room/story/' in client.get("/room/feed.atom").text
    assert client.get("/room/health", headers={"Host": "10.0.0.7"}).status_code == 200
