"""One filled corpus for all tests of the reading room: on SQLite, and again on a real PostgreSQL where asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from flows.web.app import create_app
from flows.web.room import Room
from models.browse import Browse
from tests.flows.web.corpus import NOW, open_filled
from tests.models.conftest import postgres_server  # noqa: F401 (a fixture)

LOOPBACK = "http://127.0.0.1:4280"


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('room') / 'corpus.db'}"
    open_filled(url).close()
    return url


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("postgres_server")
    open_filled(url).close()
    return url


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    made = open_room(request.getfixturevalue(f"{request.param}_url"))
    yield made
    made.browse.close()


_opened: list[Room] = []


def open_room(url: str, **more: object) -> Room:
    """A room whose clock stands still, five hours after the last night; closed behind the test."""
    room = Room(Browse.open(url), now=lambda: NOW, prefect_ui=lambda: "http://127.0.0.1:4200", **more)  # type: ignore[arg-type]
    _opened.append(room)
    return room


@pytest.fixture(autouse=True)
def _rooms_are_closed() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().browse.close()  # one that is asked again connects again


@dataclass(frozen=True)
class Client:
    """A reader without a browser: asks the application itself, no socket between."""

    app: ASGIApp
    base: str = LOOPBACK
    root: str = ""  # the folder that a proxy serves the room from

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, **more))

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, root_path=self.root)
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            return await client.request(method, path, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)


@pytest.fixture(scope="session")
def client(room: Room) -> Client:
    return Client(create_app(room))
