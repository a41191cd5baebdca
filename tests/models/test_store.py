"""The store, on SQLite and on PostgreSQL: what goes in comes out, once, whatever happens."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaning.kinship import relate
from models.accounts import ListState, RunKind, RunState, Selection, SourceEntry, SourceReport, SourceState
from models.decide import (
    Cleaned,
    Failed,
    Failure,
    NotModified,
    OffTopic,
    PassedOver,
    Rejected,
    Result,
    Stage,
    UrlState,
)
from models.errors import ConfigurationWrong, OutcomesDoNotBalance, RunInProgress
from models.records import Outcome, Precision, Record, Repair
from models.store import Store
from tests.models.corpus import (
    BEIJING,
    NOW,
    begin,
    candidate,
    contents,
    copies_of,
    full_record,
    key_of,
    page,
    passage,
    record,
    rows_with_clocks,
)

TOMORROW = NOW + timedelta(days=1)
CONTENT_OF_ARTICLES = ("article", "article_version", "story", "repair", "raw_page", "page_fetch")


def failed(name: str, *, kind: str = "timeout", weight: float = 0.25) -> Failed:
    failure = Failure(Stage.FETCH, kind, "对方没有回应", weight, "Traceback ...")
    return Failed(key_of(name), "demo", f"https://news.example/{name}.html", failure)


# Records


def test_a_record_comes_out_as_it_went_in(store: Store) -> None:
    run = begin(store)
    store.apply(run, [Cleaned(full_record())], NOW)
    assert store.record(key_of("全")) == full_record()


def test_an_unknown_record_is_none(store: Store) -> None:
    assert store.record(key_of("无")) is None


def test_a_second_ingest_writes_no_row_and_says_unchanged(store: Store) -> None:
    names = ["甲", "乙", "丙"]
    for now in (NOW, TOMORROW):
        run = begin(store, now)
        pages = [store.save_raw(page(name, fetched_at=now)) for name in names]
        before = rows_with_clocks(store, *CONTENT_OF_ARTICLES)
        results = [Cleaned(record(name), saved.page) for name, saved in zip(names, pages, strict=True)]
        outcomes = store.apply(run, results, now)
    assert outcomes == [Outcome.UNCHANGED] * 3
    assert rows_with_clocks(store, *CONTENT_OF_ARTICLES) == before
    assert not any(saved.fresh for saved in pages)


def test_applying_a_batch_of_the_same_run_again_answers_and_counts_the_same(store: Store) -> None:
    run = begin(store)
    batch: list[Result] = [
        Cleaned(record("甲")),
        Cleaned(record("乙", text=passage("甲"))),
        failed("丙"),
        OffTopic(key_of("丁"), "demo", "https://news.example/丁.html"),
    ]
    first = store.apply(run, batch, NOW)
    rows, lines = contents(store), store.run_sources(run)
    assert store.apply(run, batch, NOW) == first
    assert first == [Outcome.NEW, Outcome.DUPLICATE, Outcome.FAILED, Outcome.OFF_TOPIC]
    assert contents(store) == rows
    assert store.run_sources(run) == lines


def test_a_failure_that_succeeds_later_in_the_same_run_is_counted_once(store: Store) -> None:
    run = begin(store)
    store.apply(run, [failed("甲")], NOW)
    assert store.apply(run, [Cleaned(record("甲"))], NOW) == [Outcome.NEW]
    counts = store.run_sources(run)[0].counts
    assert counts[Outcome.NEW] == 1
    assert counts[Outcome.FAILED] == 0
    assert store.failed_urls() == []


def test_a_dry_run_tells_the_outcomes_and_writes_nothing(store: Store) -> None:
    run = begin(store)
    before = contents(store)
    assert store.apply(run, [Cleaned(record("甲"))], NOW, dry_run=True) == [Outcome.NEW]
    assert contents(store) == before


def test_an_empty_batch_is_no_work(store: Store) -> None:
    assert store.apply(begin(store), [], NOW) == []


def test_a_run_that_was_never_begun_is_our_mistake(store: Store) -> None:
    with pytest.raises(ConfigurationWrong, match="never begun"):
        store.apply("nothing", [Cleaned(record("甲"))], NOW)


# Versions


def test_a_changed_text_keeps_the_one_it_had(store: Store) -> None:
    first = record("甲")
    second = record("甲", text=passage("甲") + "\n后来又开了一次会。", repairs=(Repair("pinyin", "kāi", "开"),))
    store.apply(begin(store), [Cleaned(first, store.save_raw(page("甲")).page)], NOW)
    later = store.save_raw(page("甲", "<p>改过的正文</p>", fetched_at=TOMORROW))
    assert later.fresh
    assert store.apply(begin(store), [Cleaned(second, later.page)], TOMORROW) == [Outcome.UPDATED]
    rows = contents(store)
    assert [(v["number"], v["text"]) for v in rows["article_version"]] == [(1, first.text)]
    assert rows["article"][0]["version"] == 2
    assert store.record(first.key) == second


def test_new_rules_replace_the_row_without_a_version(store: Store) -> None:
    saved = store.save_raw(page("甲"))
    store.apply(begin(store), [Cleaned(record("甲"), saved.page)], NOW)
    better = record("甲", title="甲社区议事会", rules_version="2")
    assert store.apply(begin(store), [Cleaned(better, saved.page)], TOMORROW) == [Outcome.UPDATED]
    assert contents(store)["article_version"] == []
    assert store.record(better.key) == better


def test_new_rules_that_change_nothing_only_stamp_the_row(store: Store) -> None:
    saved = store.save_raw(page("甲"))
    store.apply(begin(store), [Cleaned(record("甲"), saved.page)], NOW)
    same = record("甲", rules_version="2")
    assert store.apply(begin(store), [Cleaned(same, saved.page)], TOMORROW) == [Outcome.UNCHANGED]
    assert list(store.iter_raw(Selection(not_rules_version="2"))) == []
    assert store.recent_articles()[0].updated_at == NOW


def test_a_counter_that_ticks_is_no_change(store: Store) -> None:
    for clicks in (10, 11, 12):
        raw = page("甲", f"<p>{passage('甲')}</p><i>{clicks}</i>")
        saved = store.save_raw(raw)
        ticking = record("甲", text=f"{passage('甲')}\n浏览次数：{clicks}", clicks=clicks)
        outcome = store.apply(begin(store), [Cleaned(ticking, saved.page)], NOW)
    assert outcome == [Outcome.UNCHANGED]
    assert contents(store)["article_version"] == []


def test_a_page_that_flaps_is_held_to_a_limit(store: Store) -> None:
    outcomes = []
    for night in range(20):
        now = NOW + timedelta(days=night)
        side = "甲" if night % 2 else "乙"
        saved = store.save_raw(page("丙", f"<p>{side}</p>", fetched_at=now))
        outcomes += store.apply(begin(store, now), [Cleaned(record("丙", text=passage(side)), saved.page)], now)
    rows = contents(store)
    assert len(rows["article_version"]) == 2
    assert rows["article"][0]["flaps"] == 3
    assert outcomes[-10:] == [Outcome.UNCHANGED] * 10
    assert len(rows["raw_page"]) == 2
    assert store.flapping([key_of("丙"), key_of("甲")]) == [rows["article"][0]["url"]]
    assert store.flapping([]) == []


# Stories


def test_a_reprint_joins_the_story_of_its_original(store: Store) -> None:
    original = record("甲", published_at=datetime(2026, 11, 20, 8, 0, tzinfo=BEIJING))
    reprint = record("乙", text=original.text, medium="转载网", published_at=NOW)
    assert store.apply(begin(store), [Cleaned(original)], NOW) == [Outcome.NEW]
    assert store.apply(begin(store), [Cleaned(reprint)], NOW) == [Outcome.DUPLICATE]
    rows = contents(store)
    assert len(rows["article"]) == 2
    assert [(s["articles"], s["representative"]) for s in rows["story"]] == [(2, original.key)]


def test_punctuation_and_width_make_no_other_story(store: Store) -> None:
    copy = record("乙", text=passage("甲").replace("，", ",").replace("。", " "))
    assert store.apply(begin(store), [Cleaned(record("甲")), Cleaned(copy)], NOW) == [Outcome.NEW, Outcome.DUPLICATE]


def test_a_short_notice_is_a_copy_only_under_the_same_title(store: Store) -> None:
    notices = [
        record("甲", text="现将名单予以公示。", title="先进党支部名单"),
        record("乙", text="现将名单予以公示。", title="优秀党员名单"),
        record("丙", text="现将名单予以公示", title="先进党支部名单"),
    ]
    outcomes = store.apply(begin(store), [Cleaned(notice) for notice in notices], NOW)
    assert outcomes == [Outcome.NEW, Outcome.NEW, Outcome.DUPLICATE]


def test_articles_without_text_are_nobodys_copies(store: Store) -> None:
    pictures = [replace(full_record(), key=key_of(n), blocks=full_record().blocks[2:3], url=n) for n in "甲乙"]
    assert store.apply(begin(store), [Cleaned(p) for p in pictures], NOW) == [Outcome.NEW, Outcome.NEW]


def test_stories_do_not_depend_on_the_order_of_arrival(store: Store, new_database: Callable[[], str]) -> None:
    originals = [record(name) for name in "甲乙丙"]
    copies = [
        record(f"{n}{i}", text=passage(n), published_at=NOW - timedelta(hours=i), published_precision=precision)
        for n in "甲乙"
        for i, precision in enumerate((Precision.DAY, Precision.MINUTE, None))
    ]
    everything = [Cleaned(r) for r in (*originals, *copies)]
    seen = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(everything, len(everything))
        run = begin(store)
        # Undone each time: the same database must end the same, whatever the order and the cut into batches.
        outcomes = store.apply(run, shuffled, NOW, dry_run=True)
        seen.append(sorted(outcomes))
    assert seen[0] == seen[1] == seen[2]
    store.apply(begin(store), everything[::-1], NOW)
    backwards = contents(store, "article", "story")
    with Store.open(new_database(), migrate=True) as other:
        run = begin(other)
        for result in random.Random(7).sample(everything, len(everything)):
            other.apply(run, [result], NOW)
        assert contents(other, "article", "story") == backwards


# Poison


HOSTILE = "党\x00建\ud800引\udfff领"


def hostile_record() -> Record:
    return record(
        "毒",
        title=HOSTILE,
        text=f"{passage('毒')}{HOSTILE}",
        authors=(HOSTILE,),
        url="https://news.example/" + "a" * 12_000,
        provenance={},
        repairs=(Repair("rule", HOSTILE, HOSTILE),),
        flags=("\\u0000",),
    )


def test_nul_surrogates_and_endless_addresses_are_stored(store: Store) -> None:
    saved = store.save_raw(page("毒", url="https://news.example/" + "b" * 12_000, final_url=HOSTILE))
    outcomes = store.apply(begin(store), [Cleaned(hostile_record(), saved.page)], NOW)
    assert outcomes == [Outcome.NEW]
    kept = store.record(key_of("毒"))
    assert kept is not None
    assert kept.title == "党建\ufffd引\ufffd领"
    assert kept.authors == ("党建\ufffd引\ufffd领",)
    assert kept.flags == ("\\u0000",)
    assert store.apply(begin(store), [Cleaned(hostile_record(), saved.page)], TOMORROW) == [Outcome.UNCHANGED]


def test_a_poison_row_costs_itself_only(store: Store) -> None:
    # No database holds this number; nothing before the database notices it.
    poison = record("毒", clicks=10**30)
    batch = [Cleaned(record("甲")), Cleaned(poison), Cleaned(record("乙")), Cleaned(record("丙", text=poison.text))]
    run = begin(store)
    outcomes = store.apply(run, batch, NOW)
    # The copy of the poison is the first of its text that was stored.
    assert outcomes == [Outcome.NEW, Outcome.QUARANTINED, Outcome.NEW, Outcome.NEW]
    entry = store.quarantined()[0]
    assert (entry.key, entry.stage) == (poison.key, Stage.STORE)
    assert "refused by the database" in entry.reason
    assert {article.key for article in store.recent_articles()} == {key_of(n) for n in "甲乙丙"}


def test_when_every_row_is_refused_the_batch_is_not_to_blame(store: Store) -> None:
    before = contents(store)
    batch = [Cleaned(record(name, clicks=10**30)) for name in "甲乙"]
    with pytest.raises(Exception, match=r"(?i)too large|out of range|bigint"):
        store.apply(begin(store), batch, NOW)
    assert contents(store) == before


def test_a_record_without_text_and_picture_goes_into_the_quarantine_and_comes_out_again(store: Store) -> None:
    store.enqueue(None, [candidate("甲")], NOW)
    empty = record("甲", blocks=())
    assert store.apply(begin(store), [Cleaned(empty)], NOW) == [Outcome.QUARANTINED]
    assert store.known([empty.key])[empty.key].state is UrlState.QUARANTINED
    assert store.apply(begin(store), [Cleaned(record("甲", rules_version="2"))], TOMORROW) == [Outcome.NEW]
    assert store.quarantined() == []


def test_the_same_key_twice_in_a_batch_is_decided_one_after_the_other(store: Store) -> None:
    twice = [Cleaned(record("甲")), Cleaned(record("甲")), Cleaned(record("乙"))]
    assert store.apply(begin(store), twice, NOW) == [Outcome.NEW, Outcome.NEW, Outcome.NEW]
    assert store.totals().articles == 2


# URLs


def test_candidates_are_queued_once_and_stay_with_the_first_source(store: Store) -> None:
    assert store.enqueue(None, [candidate("甲"), candidate("乙"), candidate("甲")], NOW) == 2
    assert store.enqueue(None, [candidate("甲", "other"), candidate("丙")], TOMORROW) == 1
    assert [c.source for c in store.unfinished(TOMORROW)] == ["demo"] * 3
    assert store.unfinished(NOW, source="demo", limit=1) == [min_candidate("甲", "乙")]


def min_candidate(*names: str) -> object:
    return min((candidate(name) for name in names), key=lambda c: c.key)


def test_thousands_of_keys_are_looked_up(store: Store) -> None:
    names = [f"n{i}" for i in range(1_201)]
    store.enqueue(None, [candidate(name) for name in names], NOW)
    known = store.known([*(key_of(name) for name in names), key_of("unknown")])
    assert len(known) == 1_201
    assert {url.state for url in known.values()} == {UrlState.QUEUED}


def test_a_failure_waits_for_its_next_try_with_all_its_details(store: Store) -> None:
    run = begin(store)
    store.enqueue(run, [candidate("甲")], NOW)
    assert store.apply(run, [failed("甲")], NOW) == [Outcome.FAILED]
    url = store.failed_urls(source="demo", run=run, kind="timeout", stage=Stage.FETCH)[0]
    assert (url.candidate, url.state, url.attempts) == (candidate("甲"), UrlState.RETRY, 1)
    assert (url.message, url.traceback) == ("对方没有回应", "Traceback ...")
    assert store.due_retries(NOW) == []
    assert store.due_retries(NOW, due_only=False) == [candidate("甲")]
    assert store.due_retries(TOMORROW, source="demo", kind="timeout") == [candidate("甲")]
    assert store.unfinished(TOMORROW) == [candidate("甲")]


def test_a_page_that_is_gone_is_given_up_after_three_nights(store: Store) -> None:
    now = NOW
    for _night in range(3):
        store.apply(begin(store, now), [failed("甲", kind="http 404", weight=1.0)], now)
        now += timedelta(days=8)
    assert store.due_retries(now) == []
    assert store.due_retries(now, given_up=True) == [replace(candidate("甲"), hints=type(candidate("甲").hints)())]
    assert store.failed_urls()[0].state is UrlState.GIVEN_UP


def test_passing_over_leaves_a_url_queued_unless_for_good(store: Store) -> None:
    store.enqueue(None, [candidate("甲"), candidate("乙")], NOW)
    results = [
        PassedOver(key_of("甲"), "demo", "u", "limit"),
        PassedOver(key_of("乙"), "demo", "u", "before since-date", for_good=True),
    ]
    assert store.apply(begin(store), results, NOW) == [Outcome.SKIPPED] * 2
    assert store.unfinished(NOW) == [candidate("甲")]


def test_not_modified_and_rejected_results_settle_their_urls(store: Store) -> None:
    results = [
        NotModified(key_of("甲"), "demo", "u"),
        Rejected(key_of("乙"), "demo", "u", Stage.EXTRACT, "没有标题"),
    ]
    assert store.apply(begin(store), results, NOW) == [Outcome.UNCHANGED, Outcome.QUARANTINED]
    states = {key: url.state for key, url in store.known([key_of("甲"), key_of("乙")]).items()}
    assert states == {key_of("甲"): UrlState.DONE, key_of("乙"): UrlState.QUARANTINED}


# Lists and sources


def test_validators_of_a_list_are_kept_with_its_candidates(store: Store) -> None:
    state = ListState("demo", "https://news.example/list", 'W/"1"', "Sun, 22 Nov 2026", "ab", items=1)
    assert store.list_states("demo").get(state.url) is None
    store.enqueue(None, [candidate("甲")], NOW, lists=[state])
    assert store.list_states("demo").get(state.url) == replace(state, good_at=NOW)
    store.enqueue(None, [], TOMORROW, lists=[replace(state, etag='"2"')])
    assert store.list_states("demo").get(state.url) == replace(state, etag='"2"', good_at=TOMORROW)


def test_the_registry_follows_the_source_files(store: Store) -> None:
    store.enqueue(None, [candidate("甲", "seeds")], NOW)
    demo = SourceEntry("demo", "示范网", "html-list", "https://news.example/", enabled=True)
    store.register([demo])
    store.register([replace(demo, name="示范新闻网", enabled=False)])
    assert store.sources() == [replace(demo, name="示范新闻网", enabled=False), SourceEntry("seeds")]


# Raw pages


def test_a_raw_page_comes_out_as_it_went_in_but_for_cookies(store: Store) -> None:
    raw = page("甲", more=(b"<p>2</p>", b"\x00\xff\xfe", b"<p>2</p>"), status=203, final_url="https://news.example/z")
    saved = store.save_raw(raw)
    stored = store.load_raw(raw.key)
    assert saved.fresh
    assert stored is not None
    assert stored.page == saved.page
    assert stored.raw == replace(raw, headers={"content-type": "text/html; charset=utf-8"})
    assert store.load_raw(key_of("无")) is None


def test_a_fetched_page_waits_to_be_worked_through(store: Store) -> None:
    store.enqueue(None, [candidate("甲")], NOW)
    store.save_raw(page("甲"))
    assert store.known([key_of("甲")])[key_of("甲")].state is UrlState.FETCHED
    assert store.unfinished(NOW) == [candidate("甲")]
    store.apply(begin(store), [Cleaned(record("甲"))], NOW)
    assert store.unfinished(NOW) == []
    store.save_raw(page("甲", fetched_at=TOMORROW))
    assert store.unfinished(TOMORROW) == []
    store.save_raw(page("甲", "<p>改</p>", fetched_at=TOMORROW))
    assert len(store.unfinished(TOMORROW)) == 1


def test_pages_saved_together_are_what_they_are_one_by_one(store: Store) -> None:
    store.save_raw(page("乙"))
    store.apply(begin(store), [Cleaned(record("乙"))], NOW)
    edited = page("甲", "<p>改</p>", fetched_at=TOMORROW)
    saved = store.save_pages([page("甲"), page("乙", fetched_at=TOMORROW), page("丙"), edited])
    assert [one.fresh for one in saved] == [True, False, True, True]
    stored = store.load_raw(key_of("甲"))
    assert stored is not None
    assert (stored.page, stored.raw.body) == (saved[3].page, edited.body)
    states = {name: store.known([key_of(name)])[key_of(name)].state for name in "甲乙丙"}
    assert states == {"甲": UrlState.FETCHED, "乙": UrlState.DONE, "丙": UrlState.FETCHED}
    assert store.save_pages([]) == []


def test_equal_bytes_at_two_addresses_are_stored_once(store: Store) -> None:
    for name in "甲乙":
        store.save_raw(page(name, "<p>一样</p>"))
    totals = store.totals()
    assert (totals.pages, totals.urls) == (1, {UrlState.FETCHED: 2})


def test_raw_pages_are_selected_and_resumed(store: Store) -> None:
    run = begin(store)
    names = [f"n{i:03}" for i in range(230)]
    for name in names:
        store.save_raw(page(name, f"<p>{name}</p>"))
    store.apply(run, [Cleaned(record(name)) for name in names[:100]], NOW)
    everything = [p.raw.key for p in store.iter_raw()]
    assert everything == sorted(key_of(name) for name in names)
    assert [p.raw.key for p in store.iter_raw(Selection(after=everything[149]))] == everything[150:]
    assert len(list(store.iter_raw(Selection(not_rules_version="1")))) == 130
    assert len(list(store.iter_raw(Selection(outcomes=(Outcome.NEW,), limit=7)))) == 7
    assert list(store.iter_raw(Selection(sources=("other",)))) == []
    assert len(list(store.iter_raw(Selection(states=(UrlState.FETCHED,), keys=tuple(everything))))) == 130


# Runs


def test_a_second_exclusive_run_is_refused_while_the_first_is_alive(store: Store) -> None:
    first = begin(store, exclusive=True)
    with pytest.raises(RunInProgress, match=first):
        begin(store, NOW + timedelta(minutes=10), exclusive=True)
    store.heartbeat(first, NOW + timedelta(minutes=10))
    with pytest.raises(RunInProgress):
        begin(store, NOW + timedelta(minutes=20), exclusive=True)
    store.finish_run(first, now=NOW + timedelta(minutes=21), state=RunState.COMPLETED)
    begin(store, NOW + timedelta(minutes=22), exclusive=True)


def test_a_run_whose_heart_stopped_is_swept_and_the_next_goes_on(store: Store) -> None:
    dead = begin(store, exclusive=True)
    later = NOW + timedelta(minutes=16)
    alive = begin(store, later, exclusive=True)
    states = {run.id: run.state for run in store.runs()}
    assert states == {dead: RunState.CRASHED, alive: RunState.RUNNING}
    assert store.sweep_crashed(later) == []
    assert store.sweep_crashed(later + timedelta(minutes=16)) == [alive]


def test_a_run_is_remembered_with_its_parameters(store: Store) -> None:
    run = store.begin_run(RunKind.SEEDS, now=NOW, flow_run_id="f-1", parameters={"limit": 5}, exclusive=False)
    store.finish_run(run, now=TOMORROW, state=RunState.COMPLETED, message="完成")
    info = store.runs()[0]
    assert (info.id, info.kind, info.state, info.flow_run_id) == (run, RunKind.SEEDS, RunState.COMPLETED, "f-1")
    assert (info.parameters, info.started_at, info.finished_at, info.message) == ({"limit": 5}, NOW, TOMORROW, "完成")


def test_outcomes_add_up_to_what_was_discovered(store: Store) -> None:
    run = begin(store)
    store.apply(run, [Cleaned(record("甲")), failed("乙")], NOW)
    report = SourceReport("demo", 10, known=7, passed_over=1, seconds=1.5, coverage={"title": 1.0})
    for _again in range(2):
        line = store.record_source(run, report)
        assert line.balanced
    assert line.counts[Outcome.UNCHANGED] == 7
    assert line.counts[Outcome.SKIPPED] == 1
    assert (line.state, line.coverage, line.seconds) == (SourceState.OK, {"title": 1.0}, 1.5)
    store.finish_run(run, now=NOW, state=RunState.COMPLETED)
    assert store.source_history("demo") == [replace(line, kind=RunKind.INGEST, started_at=NOW)]


def test_a_run_whose_outcomes_do_not_add_up_fails(store: Store) -> None:
    run = begin(store)
    store.apply(run, [Cleaned(record("甲"))], NOW)
    store.record_source(run, SourceReport("demo", 2))
    with pytest.raises(OutcomesDoNotBalance, match="discovered 2, but new 1"):
        store.finish_run(run, now=NOW, state=RunState.COMPLETED)
    assert store.runs()[0].state is RunState.FAILED


KINDS = ("new", "copy", "failed", "off-topic", "rejected", "skipped", "not-modified", "empty")


def result_of(kind: str, name: str) -> Result:
    key, url = key_of(name), f"https://news.example/{name}.html"
    match kind:
        case "new":
            return Cleaned(record(name))
        case "copy":
            return Cleaned(record(name, text=passage("处处转载")))
        case "empty":
            return Cleaned(record(name, blocks=()))
        case "failed":
            return failed(name)
        case "off-topic":
            return OffTopic(key, "demo", url)
        case "rejected":
            return Rejected(key, "demo", url, Stage.EXTRACT, "没有标题")
        case "skipped":
            return PassedOver(key, "demo", url)
        case _:
            return NotModified(key, "demo", url)


ARRIVALS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9)), min_size=1, max_size=30)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARRIVALS, st.integers(1, 12))
def test_whatever_arrives_in_whatever_batches_the_outcomes_add_up(
    store: Store, arrivals: list[tuple[str, int]], size: int
) -> None:
    run = begin(store)
    results = [result_of(kind, f"h{number}") for kind, number in arrivals]
    for at in range(0, len(results), size):
        assert len(store.apply(run, results[at : at + size], NOW)) == len(results[at : at + size])
    line = store.record_source(run, SourceReport("demo", len({number for _, number in arrivals})))
    assert line.balanced
    assert min(line.counts.values()) >= 0
    store.finish_run(run, now=NOW, state=RunState.COMPLETED)


# Two at once


def test_two_writers_at_once_leave_the_rows_of_one(
    store: Store, database_url: str, new_database: Callable[[], str]
) -> None:
    names = [f"n{i}" for i in range(60)]
    texts = {name: passage(f"t{i % 20}") for i, name in enumerate(names)}
    texts |= dict(zip(names, copies_of("通稿").values(), strict=False))
    errors: list[BaseException] = []

    def ingest(seed: int) -> None:
        try:
            with Store.open(database_url, relate=relate) as mine:
                run = begin(mine)
                order = random.Random(seed).sample(names, len(names))
                for at in range(0, len(order), 7):
                    work(mine, run, order[at : at + 7])
        except BaseException as error:
            errors.append(error)

    def work(mine: Store, run: str, some: list[str]) -> None:
        mine.enqueue(run, [candidate(name) for name in some], NOW)
        pages = [mine.save_raw(page(name)).page for name in some]
        results = [Cleaned(record(n, text=texts[n]), p) for n, p in zip(some, pages, strict=True)]
        mine.apply(run, results, NOW)

    threads = [threading.Thread(target=ingest, args=(seed,)) for seed in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    together = states_settled(contents(store))
    with Store.open(new_database(), migrate=True, relate=relate) as alone:
        run = begin(alone)
        work(alone, run, names)
        assert states_settled(contents(alone)) == together
    assert store.totals().stories == 21


def states_settled(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Without the last outcome of a URL: who comes second finds it unchanged."""
    rows["candidate"] = [{k: v for k, v in row.items() if k != "outcome"} for row in rows["candidate"]]
    return rows
