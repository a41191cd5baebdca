"""Grouping articles into stories: the same from any order, never through a middle one."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import Precision, Script
from models.stories import (
    Bond,
    Decision,
    Member,
    Verdict,
    arrange,
    choose_representative,
    compare_further,
    find_wholes,
    group_stories,
)
from models.wording import Kinship, Relation
from tests.models.corpus import BEIJING


def member(key: str, length: int = 100, wording: int | None = None, **more: object) -> Member:
    return Member(key, length, ord(key[-1]) if wording is None else wording, **more)  # type: ignore[arg-type]


def bond(first: str, second: str, containment: float, relation: Relation = Relation.SHORTENED) -> Bond:
    return Bond(ord(first), ord(second), Kinship(relation, 3, 4, containment))


def marks(**of_words: str) -> dict[int, frozenset[int]]:
    return {ord(word): frozenset(map(ord, letters)) for word, letters in of_words.items()}


def join(first: str, second: str) -> Decision:
    return Decision(first, second, Verdict.JOIN)


def split(first: str, second: str) -> Decision:
    return Decision(first, second, Verdict.SPLIT)


def test_a_reprint_joins_the_story_of_its_original() -> None:
    assert group_stories([member("a"), member("b", 60)], [bond("b", "a", 1.0)]) == {"a": "a", "b": "a"}


def test_articles_of_one_wording_are_one_story_and_without_text_none() -> None:
    members = [member("a", wording=1), member("b", wording=1), Member("c"), Member("d")]
    assert group_stories(members, []) == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_an_article_without_bonds_is_its_own_story() -> None:
    assert group_stories([member("a"), member("b")], []) == {"a": "a", "b": "b"}


def test_unlike_stories_do_not_meet_through_a_middle_one() -> None:
    # The middle one resembles both; it goes with the one it resembles more.
    leaders = group_stories(
        [member("a", 300), member("m", 200), member("b", 250)], [bond("m", "a", 0.6), bond("m", "b", 0.7)]
    )
    assert leaders == {"a": "a", "b": "b", "m": "b"}


def test_a_page_that_holds_two_stories_joins_neither() -> None:
    members, bonds = [member("p", 400), member("a", 200), member("b", 200)], [bond("a", "p", 1.0), bond("b", "p", 1.0)]
    assert find_wholes(members, bonds) == {ord("p"), ord("a"), ord("b")}
    leaders = group_stories(members, bonds, marks=marks(p="abcdefgh", a="abcd", b="efgh"))
    assert leaders == {"p": "p", "a": "a", "b": "b"}


def test_two_shortened_copies_that_overlap_stay_with_their_original() -> None:
    members, bonds = [member("o", 400), member("a", 250), member("b", 250)], [bond("a", "o", 1.0), bond("b", "o", 1.0)]
    leaders = group_stories(members, bonds, marks=marks(o="abcdefgh", a="abcde", b="defgh"))
    assert set(leaders.values()) == {"o"}


def test_stories_joined_by_hand_are_one() -> None:
    assert group_stories([member("a"), member("b")], [], [join("b", "a")])["b"] == "a"
    # Also where neither of the two leads its own story.
    members, bonds = (
        [member("a"), member("b", 90), member("c"), member("d", 90)],
        [bond("b", "a", 1), bond("d", "c", 1)],
    )
    assert set(group_stories(members, bonds, [join("b", "d")]).values()) == {"a"}


def test_an_article_split_off_by_hand_stays_away_from_all_copies_of_the_story() -> None:
    members = [member("a", 100), member("b", 90), member("c", 80)]
    bonds = [bond("b", "a", 1.0), bond("c", "a", 1.0), bond("c", "b", 1.0)]
    assert group_stories(members, bonds, [split("b", "c")]) == {"a": "a", "b": "b", "c": "a"}
    assert group_stories(members, bonds, [split("a", "b")]) == {"a": "a", "b": "b", "c": "b"}


def test_even_an_exact_copy_can_be_split_off() -> None:
    members = [member("a", wording=1), member("b", wording=1), member("c", wording=1)]
    assert group_stories(members, [], [split("b", "a")]) == {"a": "a", "b": "b", "c": "a"}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    members = [member(f"k{i}", chance.randint(50, 60), wording=i) for i in range(12)]
    bonds = [
        Bond(a, b, Kinship(Relation.EDITED, 1, 2, chance.choice([0.5, 0.8, 1.0])))
        for a, b in (chance.sample(range(12), 2) for _ in range(20))
    ]
    bonds = list({frozenset((b.first, b.second)): b for b in bonds}.values())
    expected = group_stories(members, bonds)
    chance.shuffle(members)
    chance.shuffle(bonds)
    turned = [Bond(b.second, b.first, b.kin) for b in bonds]
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


# Where each article stands


def test_each_copy_says_how_it_relates_to_the_representative() -> None:
    members = [member("a", 100, published_at=day(1)), member("b", 60, published_at=day(2))]
    first, second = arrange(members, [Bond(ord("a"), ord("b"), Kinship(Relation.EXTENDED, 23, 31, 0.9))])
    assert (first.story, first.relation, first.copy_of) == ("a", Relation.ORIGINAL, None)
    assert (second.story, second.relation, second.copy_of) == ("a", Relation.SHORTENED, "a")
    assert (second.shared, second.sentences, second.containment) == (23, 31, 0.9)


def test_a_copy_that_has_nothing_in_common_with_the_representative_is_compared_with_the_whole() -> None:
    members = [member("w", 100, published_at=day(3)), member("a", 50, published_at=day(1)), member("b", 60)]
    places = {p.key: p for p in arrange(members, [bond("a", "w", 1.0), bond("b", "w", 1.0)])}
    assert (places["b"].story, places["b"].copy_of, places["b"].relation) == ("a", "w", Relation.SHORTENED)


@pytest.mark.parametrize("copy", [{"script": Script.HANT}, {"damage": 4}])
def test_a_copy_that_is_the_same_once_repaired_is_called_converted(copy: dict[str, object]) -> None:
    members = [member("a", wording=1, published_at=day(1)), member("b", wording=1, **copy)]
    assert [place.relation for place in arrange(members, [])] == [Relation.ORIGINAL, Relation.CONVERTED]


def test_leaders_that_were_never_compared_are_named() -> None:
    # c is known to be a copy of b, b of a; whether c is one of a was never asked.
    members, bonds = [member("a", 300), member("b", 200), member("c", 100)], [bond("b", "a", 1.0), bond("c", "b", 1.0)]
    leaders = group_stories(members, bonds)
    assert compare_further(members, bonds, leaders) == {(ord("a"), ord("c"))}


def at(key: str, hour: int | None, precision: Precision | None = Precision.MINUTE, day: int = 20) -> Member:
    moment = None if hour is None else datetime(2026, 11, day, hour, tzinfo=BEIJING)
    return Member(key, published_at=moment, precision=precision)


@pytest.mark.parametrize(
    ("members", "chosen"),
    [
        pytest.param([at("b", 9), at("a", 10)], "b", id="the earliest"),
        pytest.param([at("b", 9), at("a", 9)], "a", id="of the same time, the smaller key"),
        pytest.param([at("a", None), at("b", 9)], "b", id="a date before none"),
        pytest.param([at("a", 0, Precision.DAY), at("b", 9)], "b", id="a time of day before midnight by default"),
        pytest.param([at("a", 0, Precision.DAY), at("b", 9, day=21)], "a", id="but not one of the next day"),
        pytest.param([at("b", None), at("a", None)], "a", id="no dates at all"),
    ],
)
def test_the_representative_of_a_story(members: list[Member], chosen: str) -> None:
    assert choose_representative(members) == chosen


@given(st.permutations([at("a", None), at("b", 9), at("c", 0, Precision.DAY), at("d", 9), at("e", 8, day=21)]))
def test_the_representative_does_not_depend_on_order(members: list[Member]) -> None:
    assert choose_representative(members) == "b"
