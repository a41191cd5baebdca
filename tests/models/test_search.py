"""Search finds what the texts say, whatever was typed, and its index follows the articles."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, text, update

from cleaning.kinship import relate
from models.database import writing
from models.decide import Cleaned, OffTopic
from models.records import Level, Record, Region, Topic
from models.search import Filters, Hits
from models.search.shown import cut_snippet, mark_hits
from models.search.words import (
    BLANKS,
    MOST_WORDS,
    fold_letters,
    lay_out_words,
    parse_query,
    pattern_of,
    words_of,
)
from models.store import Store
from models.tables import SEARCH_ENTRY
from models.writers.search import index_missing
from tests.models.corpus import BEIJING, NOW, begin, copies_of, full_record, key_of, record
from tests.models.indexed import index_due, index_of

SENTENCE = "其余的话与此无关，只为凑足字数。"


def put(store: Store, *records: Record, now: datetime = NOW) -> None:
    store.apply(begin(store), [Cleaned(one) for one in records], now)


def put_texts(store: Store, **texts: str) -> None:
    put(store, *(record(name, text=said + SENTENCE, title=f"{name}篇") for name, said in texts.items()))


def names(found: Hits) -> list[str]:
    """The names the articles were made with: their addresses are https://news.example/<name>.html."""
    return [hit.url.rsplit("/", 1)[-1].removesuffix(".html") for hit in found.hits]


def day_of_november(day: int) -> datetime:
    return datetime(2026, 11, day, 9, tzinfo=BEIJING)


# Words


WORDS = [
    # what is typed, what a text says, whether it is found
    ("社区", "走进社区听意见。", True),
    ("社区", "社会各区都来了。", False),
    ("党", "这个支部有十名党", True),
    ("党", "这个支部有十名团员。", False),
    ("基层党组织", "要抓好基层党组织建设。", True),
    ("基层党组织", "基层支部、党组织、层党组。", False),
    ("基层 党组织", "党组织在基层。", True),
    ("基层　党组织", "党组织在基层。", True),
    ("“基层 党组织”", "党组织在基层。", False),
    ('"党建 引领"', "我们说党建 引领。", True),
    ("党建，引领", "党建怎样引领治理？", True),
    ("社区 -物业", "社区的事大家议。", True),
    ("社区 -物业", "社区和物业一起议。", False),
    ("社区 -物业公司", "社区和物业一起议，公司来人。", True),
    ("社区 -物业公司", "社区请来物业公司。", False),
    ("社区 -“物业公司”", "社区请来物业公司。", False),
    ("-物业", "社区的事大家议。", True),
    ("-物业", "社区和物业一起议。", False),
    ("-园", "社区的事大家议。", True),
    ("-物", "物业的事大家议。", False),
    ("黨組織", "党组织在基层。", True),
    ("乾隆", "乾隆年间修的桥。", True),
    ("Ｇ６０", "沿着G60科创走廊。", True),
    ("g60科创走廊", "沿着G60科创走廊。", True),
    ("60", "沿着G60科创走廊。", False),
    ("2026", "到2026年底。", True),
    ("5个", "成立了5个支部。", True),
    ("《条例》", "学习《条例》全文。", True),
    ("𠮷野", "来自𠮷野的客人。", True),
    ("！？", "真的吗！？", False),
    ("会议", "会\n议", False),
]


@pytest.mark.parametrize(("typed", "said", "found"), WORDS)
def test_what_is_typed_finds_what_is_said(store: Store, typed: str, said: str, found: bool) -> None:
    put_texts(store, 这=said)
    assert names(store.search(typed)) == (["这"] if found else [])
    assert store.search(typed).total == int(found)
    assert list(store.find_keys(typed)) == ([key_of("这")] if found else [])


def test_titles_above_and_below_are_found_too(store: Store) -> None:
    put(store, full_record())
    for typed in ("基层治理", "院落里的议事会", "全社区议事", "网格党支部"):
        assert names(store.search(typed)) == ["全"], typed


def test_text_that_was_not_simplified_is_found_by_either_script(store: Store) -> None:
    put_texts(store, 这="老牌匾上写着黨員之家。")
    assert names(store.search("党员之家")) == names(store.search("黨員之家")) == ["这"]
    assert [piece.text for piece in store.search("党员之家").hits[0].snippet if piece.hit] == ["黨員之家"]


RUBBISH = st.text(
    st.one_of(st.sampled_from("\"“”「《-－*:^()+&|!<>'\\%_ 　党社区ANDORNOT题¬¦§\x00\ud800"), st.characters()),
    max_size=40,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=RUBBISH)
def test_whatever_is_typed_is_answered(store: Store, typed: str) -> None:
    if store.totals().articles == 0:
        put_texts(store, 甲="走进社区听意见。", 乙="AND OR NOT NEAR")
    found = store.search(typed, Filters(topics=(typed,), media=(typed,), regions=(typed,)))
    assert found.hits == ()
    found = store.search(typed)
    assert found.total == len(found.hits) == len(list(store.find_keys(typed)))
    store.facets(words=typed)


@settings(deadline=None)
@given(st.text())
def test_folding_keeps_every_letter_in_its_place_and_is_done_once(said: str) -> None:
    folded = fold_letters(said)
    assert len(folded) == len(said)
    assert fold_letters(folded) == folded


@settings(deadline=None)
@given(st.text(st.sampled_from("黨党建Ａa1１İ台臺後后ﬁ㈱"), min_size=1, max_size=6), st.text(), st.text())
def test_a_pattern_finds_every_form_of_a_word(word: str, before: str, after: str) -> None:
    assert pattern_of(fold_letters(word)).search(f"{before}{word}{after}")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_a_text_has_every_word_of_a_query_made_of_it(said: str) -> None:
    for term in parse_query(f'"{said.replace(chr(34), " ")[:60]}"').terms:
        assert set(term.words) <= words_of(said.replace('"', " ")[:60])


LETTERS = st.characters(codec="utf-8", exclude_characters="\x00")  # what a database keeps


@settings(deadline=None, max_examples=300)
@given(st.text(st.one_of(st.sampled_from("黨党社区，。 \n¬¦§_Ａa1１İ臺ﬁ㈱①ーｶﾞ가豈\ue000"), LETTERS)))
@example("")
@example("党")
@example("党。" * 3)
@example("党建引领，G60 ABC\n第十2次")
@example("𠮷野家的党员")
def test_words_laid_out_in_one_line_are_the_words_of_the_text_each_once(said: str) -> None:
    line = lay_out_words(said)
    if line is None:
        assert max(fold_letters(said)) > "\uffff"
        return
    *laid_out, rest = line.split(BLANKS)
    assert rest == ""
    assert sorted(laid_out) == sorted(words_of(said))


def test_letters_that_are_said_to_stay_as_they_are_do() -> None:
    for first in range(0, 0x110000, 0x1000):
        said = "".join(map(chr, range(first, first + 0x1000)))
        assert lay_out_words(said) in (None, lay_out_words(fold_letters(said)))


def test_a_huge_text_has_no_more_words_than_a_database_takes() -> None:
    letters = [chr(0x4E00 + number) for number in range(20_000)]
    assert len(words_of("".join(first + second for first in letters[:300] for second in letters[:300]))) == MOST_WORDS


# Filters


def test_days_are_days_in_china_and_both_ends_count(store: Store) -> None:
    late = datetime(2026, 11, 9, 16, 30, tzinfo=UTC)  # half past midnight of the tenth in Beijing
    put(store, record("九", published_at=day_of_november(9)), record("十", published_at=late))
    assert names(store.search("", Filters(since=date(2026, 11, 10)))) == ["十"]
    assert names(store.search("", Filters(until=date(2026, 11, 9)))) == ["九"]
    assert names(store.search("社区", Filters(since=date(2026, 11, 9), until=date(2026, 11, 9)))) == ["九"]


def test_an_article_without_a_date_counts_by_the_day_it_was_found(store: Store) -> None:
    put(store, record("甲", published_at=None, published_precision=None), now=NOW)
    found_on = NOW.astimezone(BEIJING).date()
    assert names(store.search("", Filters(since=found_on, until=found_on))) == ["甲"]
    assert names(store.search("", Filters(until=found_on - timedelta(days=1)))) == []


def test_what_was_found_lately_is_told_from_what_was_published_lately(store: Store) -> None:
    put(store, record("先"), now=NOW)
    put(store, record("后", published_at=day_of_november(1)), now=NOW + timedelta(hours=1))
    assert names(store.search("", Filters(new_since=NOW + timedelta(minutes=1)))) == ["后"]
    assert names(store.search("社区", Filters(new_since=NOW + timedelta(minutes=1)))) == ["后"]
    assert names(store.search("社区", Filters(new_since=NOW + timedelta(days=1)))) == []


def placed(name: str, code: str) -> Record:
    return record(name, regions=(Region(Level.STREET, "某街道", code, primary=True),))


def test_a_place_finds_what_lies_in_it(store: Store) -> None:
    put(store, placed("犀浦", "510117006"), placed("新都", "510114"), placed("东城", "110101"))
    for asked, found in (
        ("51", {"犀浦", "新都"}),
        ("510000", {"犀浦", "新都"}),
        ("5101", {"犀浦", "新都"}),
        ("510117", {"犀浦"}),
        ("510117000", {"犀浦"}),
        ("510117006", {"犀浦"}),
        ("510117007", set()),
        ("", set()),
    ):
        assert set(names(store.search("", Filters(regions=(asked,))))) == found, asked
    assert set(names(store.search("社区", Filters(regions=("510114", "11"))))) == {"新都", "东城"}


def test_filters_are_combined_with_and_their_values_with_or(store: Store) -> None:
    put(
        store,
        record("甲", topics=(Topic("基层治理", 1.0),), medium="甲报", methods=("五线工作法",)),
        record("乙", topics=(Topic("主题教育", 1.0), Topic("基层治理", 0.5)), medium="乙报"),
        record("丙", medium="甲报", source="other"),
    )
    for filters, found in (
        (Filters(topics=("基层治理",)), {"甲", "乙"}),
        (Filters(topics=("基层治理",), media=("甲报",)), {"甲"}),
        (Filters(media=("甲报", "乙报")), {"甲", "乙", "丙"}),
        (Filters(sources=("other",)), {"丙"}),
        (Filters(methods=("五线工作法",)), {"甲"}),
        (Filters(topics=("没有",)), set()),
    ):
        assert set(names(store.search("", filters))) == found, filters
        assert set(names(store.search("社区", filters))) == found, filters
        assert {key_of(name) for name in found} == set(store.find_keys("社区", filters)), filters


def test_what_turned_out_off_topic_is_left_out_until_it_is_on_topic_again(store: Store) -> None:
    put(store, record("甲"), record("乙"))
    off = OffTopic(key_of("甲"), "demo", record("甲").url)
    store.apply(begin(store), [off], NOW)
    for typed in ("", "社区"):
        assert names(store.search(typed)) == ["乙"]
        assert set(names(store.search(typed, Filters(relevant=False)))) == {"甲", "乙"}
    assert index_of(store) == index_due(store)
    put(store, record("甲"))
    assert set(names(store.search("社区"))) == {"甲", "乙"}
    assert index_of(store) == index_due(store)


# Order, stories, pages


def test_the_newest_comes_first_where_nothing_is_asked_for(store: Store) -> None:
    put(store, *(record(str(day), published_at=day_of_november(day)) for day in (3, 9, 1)))
    put(store, record("5", published_at=day_of_november(5)))
    assert names(store.search("")) == ["9", "5", "3", "1"]


def test_words_in_the_title_come_first_then_what_says_more_of_them_then_what_is_new(store: Store) -> None:
    rest = "来了三个人。" * 20
    texts = {
        "题": ("红色物业进小区", rest, day_of_november(1)),
        "多": ("小区新事", "红色物业" * 5 + rest, day_of_november(2)),
        "少": ("街道新事", "红色物业" + rest, day_of_november(3)),
        "旧": ("街道旧事", "红色物业来" + rest, day_of_november(3) - timedelta(days=900)),
    }
    put(store, *(record(name, title=a, text=b, published_at=c) for name, (a, b, c) in texts.items()))
    assert names(store.search("红色物业", per_story=False)) == ["题", "多", "少", "旧"]


def test_an_old_article_with_the_words_in_its_title_is_found_behind_hundreds_of_newer_ones(store: Store) -> None:
    put(store, record("老", title="红色物业进小区", published_at=datetime(2020, 1, 1, tzinfo=BEIJING)))
    many = [record(f"新{n}", title=f"第{n}期", text=f"第{n}期说到红色物业。{SENTENCE}") for n in range(320)]
    put(store, *many)
    found = store.search("红色物业", per_story=False)
    assert names(found)[0] == "老"
    assert found.total == 321
    pages = [store.search("红色物业", per_story=False, limit=50, offset=at) for at in range(0, 350, 50)]
    turned = [name for page in pages for name in names(page)]
    assert len(turned) == len(set(turned)) == 321
    assert names(store.search("红色物业", per_story=False, limit=50, offset=330)) == []


def put_reprints(store: Store) -> None:
    copies = copies_of("甲")
    put(store, record("首", text=copies["whole"], title="原文", published_at=day_of_november(5)))
    put(store, record("转", text=copies["whole"], title="转载", medium="转载报", published_at=day_of_november(8)))
    put(store, record("别", text=copies_of("乙")["whole"], title="别的", published_at=day_of_november(6)))


def test_a_story_is_found_once_with_the_number_of_its_reprints(store: Store) -> None:
    put_reprints(store)
    found = store.search("")
    assert (names(found), found.total) == (["首", "别"], 2)
    assert [hit.reprints for hit in found.hits] == [1, 0]
    each = store.search("", per_story=False)
    assert (names(each), each.total) == (["转", "别", "首"], 3)
    assert {hit.story for hit in each.hits} == {key_of("首"), key_of("别")}
    assert list(store.find_keys("")) == [key_of("别"), key_of("首")]


def test_a_reprint_stands_for_its_story_where_only_the_reprint_is_found(store: Store) -> None:
    put_reprints(store)
    for found in (store.search("", Filters(media=("转载报",))), store.search("转载")):
        assert names(found) == ["转"]
        assert found.hits[0].story == key_of("首")
    assert list(store.find_keys("转载")) == [key_of("转")]


def test_stories_joined_and_split_by_hand_are_counted_as_people_decided(store: Store) -> None:
    put_reprints(store)
    store.split_story(key_of("转"), key_of("首"), NOW)
    assert store.search("").total == 3
    store.join_stories(key_of("别"), key_of("首"), NOW)
    assert store.search("").total == 2
    assert index_of(store) == index_due(store)


# What is shown


def text_of(pieces: tuple[object, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces)  # type: ignore[attr-defined]


def test_hits_are_marked_in_title_and_snippet(store: Store) -> None:
    put(
        store,
        record("甲", title="红色物业进小区", text="开头一句。" * 30 + "后来红色物业来了，红色物业好。" + "结尾。" * 40),
    )
    [hit] = store.search("红色物业").hits
    assert text_of(hit.title_pieces) == "[红色物业]进小区"
    assert text_of(hit.snippet).startswith("…后来[红色物业]来了，[红色物业]好。")
    assert text_of(hit.snippet).endswith("…")


SNIPPETS = [
    ("短文。", ["没有"], "短文。"),
    ("第一行\n第二行社区", ["社区"], "第一行 第二行[社区]"),
    ("ＡＢＣ社區", ["abc社区"], "[ＡＢＣ社區]"),
    ("社区社区", ["社区"], "[社区][社区]"),
    ("五线工作法", ["五线", "线工作"], "[五线][工作]法"),
    ("", ["社区"], ""),
]


@pytest.mark.parametrize(("said", "terms", "shown"), SNIPPETS)
def test_a_snippet_marks_what_was_looked_for(said: str, terms: list[str], shown: str) -> None:
    assert text_of(cut_snippet(said, terms)) == shown


def test_a_snippet_shows_where_most_words_stand_together() -> None:
    said = "社区很多。" + "无关的话。" * 40 + "社区里有物业和居民。" + "无关的话。" * 40
    shown = text_of(cut_snippet(said, ["社区", "物业", "居民"]))
    assert "[社区]里有[物业]和[居民]" in shown
    assert len(shown) < 120


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_marked_pieces_are_the_text(said: str, terms: list[str]) -> None:
    assert "".join(piece.text for piece in mark_hits(said, [fold_letters(term) for term in terms])) == said


# Menus


def test_menus_count_stories_by_what_their_articles_are_about(store: Store) -> None:
    put_reprints(store)
    put(store, placed("成都", "510117006"), record("专", topics=(Topic("主题教育", 1.0), Topic("基层治理", 0.5))))
    menus = store.facets()
    assert {facet.value: facet.count for facet in menus.media} == {"示范日报": 4, "转载报": 1}
    assert {facet.value: facet.count for facet in menus.sources} == {"demo": 4}
    assert [(facet.value, facet.count) for facet in menus.regions] == [("51", 1)]
    assert {facet.value: facet.count for facet in menus.topics} == {"主题教育": 1, "基层治理": 1}
    assert [(facet.value, facet.count) for facet in menus.months] == [("2026-11", 4)]
    assert store.facets(per_story=False).sources[0].count == 5
    assert store.facets(words="转载").sources[0].count == 1
    assert store.facets(Filters(until=date(2026, 10, 31))).months == ()


# The index


def test_the_index_is_what_the_articles_say(store: Store) -> None:
    put(store, full_record(), record("甲"), record("乙", published_at=None, published_precision=None))
    assert len(index_of(store)) == 3
    assert index_of(store) == index_due(store)


CHANGES = [
    {"text": "另一篇全新的稿子，说的是别的事。"},
    {"title": "另一个题目"},
    {"published_at": day_of_november(2)},
    {"published_at": None, "published_precision": None},
    {"medium": "另一家日报"},
    {"topics": (Topic("主题教育", 1.0),)},
    {"methods": ("三三工作法",), "source": "other"},
    {"regions": (Region(Level.PROVINCE, "四川省", "51", primary=True),)},
    {"rules_version": "2"},
    {"clicks": 5},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_the_index_follows_every_change_of_an_article(store: Store, changes: dict[str, object]) -> None:
    put(store, record("甲"), record("乙"))
    put(store, record("甲", **changes), now=NOW + timedelta(days=1))
    assert index_of(store) == index_due(store)
    put(store, record("甲"), now=NOW + timedelta(days=2))
    assert index_of(store) == index_due(store)


def test_a_row_that_is_refused_leaves_no_words_behind(store: Store) -> None:
    put(store, record("甲"), record("毒", clicks=10**30), record("乙"))
    assert store.totals().articles == 2
    assert index_of(store) == index_due(store)


def test_a_dry_run_indexes_nothing(store: Store) -> None:
    store.apply("dry", [Cleaned(record("甲"))], NOW, dry_run=True)
    assert index_of(store) == {}


def test_articles_of_an_older_database_are_brought_into_the_index(new_database: Callable[[], str]) -> None:
    with Store.open(new_database(), migrate=True, relate=relate) as store:
        put_reprints(store)
        put(store, record("无", published_at=None, published_precision=None), now=NOW - timedelta(days=3))
        store.apply(begin(store), [OffTopic(key_of("别"), "demo", record("别").url)], NOW)
        with writing(store._engine) as connection:
            connection.execute(delete(SEARCH_ENTRY))
            empty = "INSERT INTO search_words(search_words) VALUES ('delete-all')"
            connection.execute(text(empty if store._engine.dialect.name == "sqlite" else "DELETE FROM search_words"))
        assert store.not_searchable() == 4
        assert store.search("").total == 0
        assert store.rebuild_search() == 4
        assert index_of(store) == index_due(store)
        assert store.rebuild_search() == 0
        assert store.not_searchable() == 0


def test_filling_the_index_goes_on_where_it_was_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, *(record(str(number)) for number in range(25)))
    monkeypatch.setattr("models.writers.search.FILLED", 10)
    before = index_of(store)
    batches = itertools.count(1)

    def stop_at_the_third(connection: Connection, after: str) -> list[str]:
        if next(batches) == 3:
            raise KeyboardInterrupt
        return index_missing(connection, after)

    with monkeypatch.context() as patch:
        patch.setattr("models.store.index_missing", stop_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            store.rebuild_search(everything=True)
    assert store.not_searchable() == 5
    assert store.rebuild_search() == 5
    assert index_of(store) == before == index_due(store)


def test_an_index_of_an_earlier_version_is_made_anew(store: Store) -> None:
    put(store, record("甲"), record("乙"))
    with writing(store._engine) as connection:
        connection.execute(update(SEARCH_ENTRY).values(version=0))
    assert store.rebuild_search() == 2
    assert index_of(store) == index_due(store)
