"""Near copies in the database: one story each, the same from any order, decisions by hand above what the texts say."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from cleaning.kinship import relate
from models.database import reading, writing
from models.decide import Cleaned
from models.errors import ConfigurationWrong
from models.kindred import COMMON, find_pairs
from models.records import Outcome, Script
from models.store import Store
from models.tables import ARTICLE
from models.wording import Kinship, Wording, wording_of
from tests.models.corpus import NOW, begin, contents, copies_of, key_of, page, record, report

TOMORROW = NOW + timedelta(days=1)
TABLES = ("article", "story", "sentence_mark", "wording_bond", "story_decision")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url, migrate=True, relate=relate) as opened:
        yield opened


def copies(name: str) -> list[Cleaned]:
    return [
        Cleaned(record(f"{name}-{how}", text=words, published_at=NOW + timedelta(hours=at)))
        for at, (how, words) in enumerate(copies_of(name).items())
    ]


def apply(store: Store, *results: Cleaned) -> list[Outcome]:
    return store.apply(begin(store), results, NOW)


def rows(store: Store) -> dict[str, dict[str, object]]:
    return {str(row["url"])[21:-5]: row for row in contents(store, "article")["article"]}


def stories(store: Store) -> set[frozenset[str]]:
    """The stories, as sets of the names of their articles."""
    groups: dict[object, set[str]] = {}
    for name, row in rows(store).items():
        groups.setdefault(row["story"], set()).add(name)
    return set(map(frozenset, groups.values()))


def test_near_copies_are_one_story_and_each_says_how_it_relates(store: Store) -> None:
    outcomes = apply(store, *copies("甲"), Cleaned(record("乙")))
    assert outcomes == [Outcome.NEW, *[Outcome.DUPLICATE] * 4, Outcome.NEW]
    found = rows(store)
    assert {row["story"] for name, row in found.items() if name != "乙"} == {key_of("甲-whole")}
    relations = {name[2:]: (row["relation"], row["shared"], row["sentences"]) for name, row in found.items()}
    assert relations == {
        "whole": ("original", None, None),
        "head": ("shortened", 7, 7),
        "middle": ("shortened", 7, 7),
        "edited": ("edited", 12, 12),
        "extended": ("extended", 12, 12),
        "": ("original", None, None),
    }
    assert contents(store, "story")["story"][0]["articles"] in (1, 5)


def test_a_near_copy_of_a_later_night_is_a_duplicate(store: Store) -> None:
    whole, head, *_ = copies("甲")
    assert apply(store, whole) == [Outcome.NEW]
    assert apply(store, head) == [Outcome.DUPLICATE]
    assert apply(store, head) == [Outcome.UNCHANGED]


def test_stories_do_not_depend_on_order_or_batches(store: Store, new_database: Callable[[], str]) -> None:
    everything = [*copies("甲"), *copies("乙"), Cleaned(record("两篇", text="\n".join(report("甲") + report("丙"))))]
    everything += [Cleaned(record("丙", text="\n".join(report("丙")))), Cleaned(record("丁"))]
    apply(store, *everything)
    expected = contents(store, *TABLES)
    assert len(expected["story"]) == 5
    for seed in range(3):
        chance = random.Random(seed)
        with Store.open(new_database(), migrate=True, relate=relate) as other:
            shuffled = chance.sample(everything, len(everything))
            size = chance.randint(1, 5)
            for at in range(0, len(shuffled), size):
                apply(other, *shuffled[at : at + size])
            assert contents(other, *TABLES) == expected, f"seed {seed}"


def test_a_text_that_changed_leaves_its_story_and_takes_its_marks_along(store: Store) -> None:
    whole, head, *_ = copies("甲")
    saved = store.save_raw(page("甲-head"))
    apply(store, whole, Cleaned(head.record, saved.page))
    later = store.save_raw(page("甲-head", "<p>又改了</p>"))
    changed = record("甲-head", text="\n".join(report("乙")))
    assert store.apply(begin(store), [Cleaned(changed, later.page)], TOMORROW) == [Outcome.UPDATED]
    assert stories(store) == {frozenset({"甲-whole"}), frozenset({"甲-head"})}
    left = contents(store, "sentence_mark", "wording_bond")
    held = {row["wording"] for row in rows(store).values()}
    assert {row["wording"] for row in left["sentence_mark"]} == held
    assert left["wording_bond"] == []


def test_the_copy_on_the_site_of_its_medium_represents_the_story_though_it_came_last(store: Store) -> None:
    reprint = record("转载", text="\n".join(report("甲")), medium="柳河日报", platform="柳河先锋网")
    home = record("首发", text="\n".join(report("甲")), medium="柳河日报", platform="柳河日报", published_at=TOMORROW)
    apply(store, Cleaned(reprint))
    apply(store, Cleaned(home))
    assert rows(store)["转载"]["story"] == key_of("首发")
    assert [row["id"] for row in contents(store, "story")["story"]] == [key_of("首发")], "no empty story stays behind"


def test_a_copy_in_traditional_characters_is_called_converted(store: Store) -> None:
    words = "\n".join(report("甲"))
    later = record("繁", text=words, script=Script.HANT, published_at=TOMORROW)
    apply(store, Cleaned(record("简", text=words)), Cleaned(later))
    assert rows(store)["繁"]["relation"] == "converted"


def test_articles_joined_by_hand_stay_one_through_a_reprocess(store: Store) -> None:
    apply(store, *copies("甲")[:2], Cleaned(record("乙")))
    store.join_stories(key_of("乙"), key_of("甲-head"), NOW, "同一件事")
    together = {frozenset({"甲-whole", "甲-head", "乙"})}
    assert stories(store) == together
    texts = {"乙": None, **{f"甲-{how}": words for how, words in list(copies_of("甲").items())[:2]}}
    apply(store, *(Cleaned(record(name, text=words, rules_version="2")) for name, words in texts.items()))
    assert stories(store) == together
    store.rebuild_stories(everything=True)
    assert stories(store) == together
    assert contents(store, "story_decision")["story_decision"][0]["note"] == "同一件事"


def test_an_article_split_off_by_hand_stays_away(store: Store) -> None:
    apply(store, *copies("甲"))
    everyone = frozenset(rows(store))
    store.split_story(key_of("甲-head"), key_of("甲-whole"), NOW)
    apart = {everyone - {"甲-head"}, frozenset({"甲-head"})}
    assert stories(store) == apart
    assert store.rebuild_stories(everything=True) == 5
    assert stories(store) == apart
    store.join_stories(key_of("甲-whole"), key_of("甲-head"), NOW)
    assert stories(store) == {everyone}


def test_a_decision_names_articles_that_exist(store: Store) -> None:
    apply(store, Cleaned(record("甲")))
    with pytest.raises(ConfigurationWrong, match="no article"):
        store.join_stories(key_of("甲"), "0" * 64, NOW)
    with pytest.raises(ConfigurationWrong, match="twice"):
        store.split_story(key_of("甲"), key_of("甲"), NOW)


def test_articles_of_before_the_comparison_find_their_stories_when_they_are_rebuilt(
    store: Store, new_database: Callable[[], str]
) -> None:
    everything = [*copies("甲"), *copies("乙"), Cleaned(record("丙"))]
    apply(store, *everything)
    with Store.open(new_database(), migrate=True, relate=no_kin) as old:
        apply(old, *everything)
        assert old.totals().stories == 11
        with writing(old._engine) as connection:
            connection.execute(text("DELETE FROM sentence_mark"))
            connection.execute(update(ARTICLE).values(wording=None))
        with Store(old._engine, relate) as new:
            assert new.rebuild_stories() == 11
            assert contents(new, *TABLES) == contents(store, *TABLES)
            assert new.rebuild_stories() == 0


def no_kin(first: Wording, second: Wording) -> Kinship | None:
    return None


# Lookup


def test_a_sentence_that_stands_everywhere_brings_nobody_together(store: Store) -> None:
    formula = "版权归本网站所有未经书面授权不得转载或建立镜像。"
    others = [Cleaned(record(f"n{i}", text="\n".join([*report(f"n{i}", 4), formula]))) for i in range(COMMON + 5)]
    apply(store, *others)
    mine = wording_of(None, "\n".join([*report("我", 8), formula]))
    assert mine is not None
    with reading(store._engine) as connection:
        assert find_pairs(connection, [mine]) == set()


def test_copies_of_one_batch_find_each_other_before_either_is_stored(store: Store) -> None:
    lines = report("通稿", 12)
    texts = ["\n".join(some) for some in (lines, lines[:8], report("别的", 12))]
    whole, cut, other = [wording for wording in (wording_of(None, text) for text in texts) if wording]
    with reading(store._engine) as connection:
        assert find_pairs(connection, [whole, cut, other]) == {(min(whole.id, cut.id), max(whole.id, cut.id))}


def test_a_story_that_is_reprinted_very_often_keeps_finding_its_copies(store: Store) -> None:
    # Each cut and edited in its own way: more wordings than a lookup reads or a text is compared with.
    lines = report("通稿", 20)
    edited = [
        Cleaned(record(f"c{i}", text="\n".join([*lines[: i % 15], *lines[i % 15 + 1 :], *report(f"尾{i}", 1)])))
        for i in range(2 * COMMON)
    ]
    for at in range(0, len(edited), 10):
        apply(store, *edited[at : at + 10])
    assert store.totals().stories == 1
    apply(store, Cleaned(record("last", text="\n".join([*lines, *report("更长", 6)]))))
    assert store.totals().stories == 1, "also when a longer one comes last and leads them all"


def test_a_dry_run_answers_near_copies_and_writes_nothing(store: Store) -> None:
    assert store.apply("", copies("甲"), NOW, dry_run=True) == [Outcome.NEW, *[Outcome.DUPLICATE] * 4]
    assert all(not found for found in contents(store, *TABLES).values())


# Looking at a story


def test_a_story_is_shown_with_its_reprints_and_what_changed(store: Store) -> None:
    whole, head, *_ = copies("甲")
    saved = store.save_raw(page("甲-whole"))
    apply(store, Cleaned(whole.record, saved.page), head)
    later = store.save_raw(page("甲-whole", "<p>改</p>"))
    corrected = record("甲-whole", text=whole.record.text + "\n更正在此。", published_at=NOW)
    store.apply(begin(store), [Cleaned(corrected, later.page)], TOMORROW)
    story = store.story(key_of("甲-head")[:10])
    assert story is not None
    assert [article.key for article in story.articles] == [key_of("甲-whole"), key_of("甲-head")]
    assert story.articles[1].relation == "shortened"
    assert store.changes(key_of("甲-whole"))[1:] == ["+ 更正在此。"]
    assert store.changes(key_of("甲-head")) == []
    assert store.story("0" * 64) is None
