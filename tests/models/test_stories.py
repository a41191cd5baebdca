"""Grouping articles into stories: the same from any order, never through a middle one."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from models.stories import Bond, Member, choose_representative, group_stories


def member(key: str, length: int = 100, marks: str = "", **more: object) -> Member:
    return Member(key=key, length=length, marks=frozenset(map(ord, marks)), **more)  # type: ignore[arg-type]


def test_a_reprint_joins_the_story_of_its_original() -> None:
    assert group_stories([member("a"), member("b", 60)], [Bond("b", "a", 1.0)]) == {"a": "a", "b": "a"}


def test_an_article_without_bonds_is_its_own_story() -> None:
    assert group_stories([member("a"), member("b")], []) == {"a": "a", "b": "b"}


def test_unlike_stories_do_not_meet_through_a_middle_one() -> None:
    # The middle one resembles both; it goes with the one it resembles more.
    leaders = group_stories(
        [member("a", 300), member("m", 200), member("b", 250)], [Bond("m", "a", 0.6), Bond("m", "b", 0.7)]
    )
    assert leaders == {"a": "a", "b": "b", "m": "b"}


def test_a_page_that_holds_two_stories_joins_neither() -> None:
    page, one, two = member("p", 400, "abcdefgh"), member("a", 200, "abcd"), member("b", 200, "efgh")
    assert group_stories([page, one, two], [Bond("a", "p", 1.0), Bond("b", "p", 1.0)]) == {"p": "p", "a": "a", "b": "b"}


def test_two_shortened_copies_that_overlap_stay_with_their_original() -> None:
    whole, one, two = member("o", 400, "abcdefgh"), member("a", 250, "abcde"), member("b", 250, "defgh")
    assert set(group_stories([whole, one, two], [Bond("a", "o", 1.0), Bond("b", "o", 1.0)]).values()) == {"o"}


def test_stories_joined_by_hand_are_one_and_those_split_stay_apart() -> None:
    members = [member("a"), member("b"), member("c", 90)]
    assert group_stories(members, [], joined=[("a", "b")])["b"] == "a"
    assert group_stories(members, [Bond("a", "c", 1.0)], split=[("c", "a")])["c"] == "c"


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    members = [member(f"k{i}", chance.randint(50, 60), "abcdefgh"[i % 8]) for i in range(12)]
    bonds = [
        Bond(f"k{chance.randrange(12)}", f"k{chance.randrange(12)}", chance.choice([0.5, 0.8, 1.0])) for _ in range(20)
    ]
    expected = group_stories(members, bonds)
    chance.shuffle(members)
    chance.shuffle(bonds)
    turned = [Bond(b.second, b.first, b.containment) for b in bonds]
    assert group_stories(members, turned) == expected
    assert all(expected[leader] == leader for leader in expected.values()), "a leader leads itself"


def day(n: int) -> datetime:
    return datetime(2026, 3, n, tzinfo=UTC)


def test_the_medium_that_reprints_name_stands_for_the_story_though_it_came_later() -> None:
    reprint = member("r", medium="柳河日报", platform="柳河先锋", published_at=day(1))
    home = member("h", medium="柳河日报", platform="柳河日报", published_at=day(2))
    assert choose_representative([reprint, home]) == "h"


def test_else_the_earliest_then_the_cleanest_then_the_most_complete() -> None:
    assert choose_representative([member("a", published_at=day(3)), member("b", published_at=day(2))]) == "b"
    assert choose_representative([member("a"), member("b", published_at=day(9))]) == "b"
    assert choose_representative([member("a", damage=3), member("b")]) == "b"
    assert choose_representative([member("a", 80), member("b", 100)]) == "b"
