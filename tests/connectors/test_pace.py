"""What all who ask one host share: its turn and its places."""

from __future__ import annotations

import asyncio

from connectors.http import open_fetcher
from connectors.pace import HostPace, Places, Turn
from connectors.settings import FetchSettings
from tests.connectors.asking import source_of

FILE = "name: 试\nverified: own-page\ndiscover: {kind: page, urls: ['http://one.test/']}\n"


async def most_at_once(places: Places, asking: int = 12) -> int:
    inside = most = 0

    async def ask() -> None:
        nonlocal inside, most
        async with places:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*[ask() for _ in range(asking)])
    return most


async def test_as_many_are_asked_for_at_once_as_there_are_places() -> None:
    assert await most_at_once(Places(3)) == 3


async def test_whoever_wants_the_fewest_places_decides_for_all() -> None:
    places = Places(4)
    for wanted in (4, 1, 3):
        places.at_most(wanted)
    assert await most_at_once(places) == 1


async def test_places_in_use_are_taken_out_as_they_become_free() -> None:
    places = Places(2)
    async with places:
        async with places:
            places.at_most(1)
        assert await most_at_once_beside(places) == 0
    assert await most_at_once(places) == 1


async def most_at_once_beside(places: Places) -> int:
    """How many get in while one place is held: none, if it is the only one left."""
    asking = asyncio.ensure_future(most_at_once(places, 1))
    done, _ = await asyncio.wait([asking], timeout=0.05)
    asking.cancel()
    return len(done)


async def test_two_paces_of_one_host_take_turns() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    turn = Turn()
    plain, encrypted = (HostPace(lambda: 0.0, sleep, turn) for _ in range(2))
    plain.at_most_every(2.0)
    for pace in (plain, encrypted, plain):
        await pace.wait_turn()
    assert slept == [2.0, 4.0]


async def test_http_and_https_of_a_host_are_asked_at_one_pace_and_given_up_apart() -> None:
    slow = source_of(FILE, pace={"delay": 5, "connections": 1})
    quick = source_of(FILE, pace={"delay": 1, "connections": 4})
    async with open_fetcher(FetchSettings()) as fetcher:
        plain = fetcher._host("http://one.test/a", quick)
        encrypted = fetcher._host("https://one.test:443/b", slow)
        other = fetcher._host("http://one.test:8080/", quick)
        assert (plain.pace.delay, encrypted.pace.delay, other.pace.delay) == (5.0, 5.0, 1.0)
        assert plain.slots is encrypted.slots
        assert plain.slots is not other.slots
        encrypted.pace.give_up()
        assert not plain.pace.given_up
