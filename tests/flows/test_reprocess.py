"""Cleaning again without the network: what is selected, what changes, what a killed run leaves for the next one."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cleaning.kinship import relate
from connectors.register import Register
from connectors.urls import article_key
from flows.changes import Changes, compare, render_changes
from flows.ingest import Order, Tools
from flows.reclean import Recleaned, Recleaning, Span, cut, digest_of, spans_done
from flows.workshop import Broken, clean_here
from models.accounts import RunKind, RunState, Selection
from models.errors import DatabaseBusy
from models.records import Outcome, RawPage, Record
from models.rules import ArticleRules
from models.store import Store
from tests.connectors.site import article_number, article_page
from tests.flows.conftest import Place

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
KNOWN: dict[bytes, Record | Broken] = {}


class Bench:
    """A workshop in this very process, by rules of some version: a later one changes what it is told to change."""

    def __init__(self, version: str = "1", **changes: Any) -> None:
        self.version, self.changes = version, changes
        self.cleaned: list[str] = []

    async def clean(self, pages: Sequence[RawPage], rules: Sequence[ArticleRules]) -> list[Record | Broken]:
        await asyncio.sleep(0)
        self.cleaned += [page.key for page in pages]
        return [self._clean(page) for page in pages]

    def _clean(self, page: RawPage) -> Record | Broken:
        if page.body not in KNOWN:
            KNOWN[page.body] = clean_here(page, ())
        record = KNOWN[page.body]
        if isinstance(record, Broken):
            return record
        changed = {name: value(record) for name, value in self.changes.items()}
        mine = {"key": page.key, "url": page.url, "source": page.source, "rules_version": self.version}
        return replace(record, **mine, **changed)


def page_of(number: int, source: str = "county") -> RawPage:
    url = f"http://county.example{article_number(number)[0]}"
    return RawPage(source, url, article_key(url), article_page(number), NOW)


@pytest.fixture
def store(place: Place) -> Any:
    with Store.open(place.settings.database, migrate=True, relate=relate) as opened:
        yield opened


def recleaning(store: Store, bench: Bench, selection: Selection | None = None, **asked: Any) -> Recleaning:
    """A run of its own over the selection; by default over all."""
    dry = bool(asked.get("dry_run"))
    run = "" if dry else store.begin_run(RunKind.REPROCESS, now=NOW, exclusive=False)
    tools = Tools(store, None, bench)  # type: ignore[arg-type]
    return Recleaning(tools, Order(run, NOW, **asked), Register({}), selection or Selection())


def clean_all(work: Recleaning, source: str = "county") -> Recleaned:
    return asyncio.run(work.clean(Span(source)))


def stock(store: Store, articles: int = 6) -> list[str]:
    pages = [page_of(number) for number in range(1, articles + 1)]
    store.save_pages(pages)
    clean_all(recleaning(store, Bench()))
    return [page.key for page in pages]


def test_cleaning_by_the_same_rules_changes_nothing(store: Store) -> None:
    keys = stock(store)
    before = store.records(keys)
    done = clean_all(recleaning(store, Bench()))
    assert done.batch.counts == {Outcome.UNCHANGED: 6}
    assert (done.changes.compared, done.changes.changed) == (6, 0)
    assert store.records(keys) == before


def test_better_rules_replace_the_text_and_make_no_version(store: Store) -> None:
    keys = stock(store)
    done = clean_all(recleaning(store, Bench("2", title=lambda r: f"{r.title}（修订）")))
    assert done.batch.counts == {Outcome.UPDATED: 6}
    assert done.changes.fields == {"标题": 6}
    assert {record.rules_version for record in store.records(keys).values()} == {"2"}
    assert store.totals().versions == 0


def test_a_dry_run_says_what_would_change_and_writes_nothing(store: Store) -> None:
    keys = stock(store)
    before = store.records(keys)
    done = clean_all(recleaning(store, Bench("2", medium=lambda r: "清溪日报"), dry_run=True))
    assert done.batch.counts == {Outcome.UPDATED: 6}
    assert store.records(keys) == before
    text = render_changes(done.changes, dry_run=True)
    assert "比较了 6 篇文章，会改变 6 篇" in text
    assert "| 来源 | 6 |" in text
    assert "| 清溪县委组织部 | 清溪日报 |" in text
    assert text.count("清溪日报") == 3, "three examples are enough"


SELECTIONS = [
    ("by source", Selection(sources=("other",)), 0),
    ("all", Selection(), 6),
    ("not by the rules of now", Selection(not_rules_version="1"), 0),
    ("by these rules", Selection(rules_version="1"), 6),
    ("by other rules", Selection(rules_version="0"), 0),
    ("since a day", Selection(since=datetime(2026, 11, 19, tzinfo=UTC)), 2),
    ("until a day", Selection(until=datetime(2026, 11, 19, tzinfo=UTC)), 4),
    ("the quarantine", Selection(outcomes=(Outcome.QUARANTINED,)), 0),
    ("one of them", Selection(keys=(page_of(3).key,)), 1),
]


@pytest.mark.parametrize(("what", "selection", "pages"), SELECTIONS, ids=[case[0] for case in SELECTIONS])
def test_any_part_of_the_corpus_can_be_selected(store: Store, what: str, selection: Selection, pages: int) -> None:
    stock(store)
    assert sum(store.count_raw(selection).values()) == pages
    assert len(store.some_raw(selection)) == pages


def test_what_was_quarantined_becomes_an_article_when_the_rules_can_read_it(store: Store) -> None:
    store.save_pages([page_of(1)])
    clean_all(recleaning(store, Bench(blocks=lambda r: ())))
    assert len(store.quarantined()) == 1
    done = clean_all(recleaning(store, Bench("2"), Selection(outcomes=(Outcome.QUARANTINED,))))
    assert done.batch.counts == {Outcome.NEW: 1}
    assert store.quarantined() == []


def test_stories_joined_and_split_by_hand_stay_so(store: Store) -> None:
    """Of six unlike articles two were joined by hand, whatever their new texts say."""
    keys = stock(store)
    store.join_stories(keys[0], keys[3], NOW, "同一件事")
    before = {article.key: article.story for article in store.recent_articles(limit=10)}
    clean_all(recleaning(store, Bench("2", title=lambda r: f"{r.title}（修订）")))
    assert {article.key: article.story for article in store.recent_articles(limit=10)} == before
    assert before[keys[0]] == before[keys[3]]


def test_spans_cover_every_key_once() -> None:
    assert cut({"small": 10, "none": 0}) == [Span("small"), Span("none")]
    spans = cut({"big": 100_000})
    assert len(spans) == 256
    assert len({span.prefix for span in spans}) == 256
    assert cut({"middle": 5_000}) == [Span("middle", digit) for digit in "0123456789abcdef"]
    assert Span("big", "a3").is_in({"big/a"})
    assert Span("big", "a3").is_in({"big/"})
    assert not Span("big", "a").is_in({"big/a3", "other/a"})


def test_spans_of_a_source_give_what_the_whole_gives(store: Store) -> None:
    stock(store, 40)
    work = recleaning(store, Bench("2"))
    done = [asyncio.run(work.clean(span)) for span in cut({"county": 40}, pages=10)]
    counts: Counter[Outcome] = Counter()
    for part in done:
        counts.update(part.batch.counts)
    assert counts == {Outcome.UNCHANGED: 40}


def test_a_stopped_run_is_gone_on_with_and_a_whole_one_begins_anew(store: Store) -> None:
    digest = digest_of(Selection())
    run = store.begin_run(RunKind.REPROCESS, now=NOW, exclusive=False)
    store.note_run(run, {"selection": digest, "done": ["county/0", "county/1"], "whole": False})
    assert spans_done(store, digest) == [], "it may still be at work"
    store.finish_run(run, now=NOW, state=RunState.CRASHED)
    assert spans_done(store, digest) == ["county/0", "county/1"]
    assert spans_done(store, digest_of(Selection(sources=("other",)))) == []
    later = store.begin_run(RunKind.REPROCESS, now=NOW + timedelta(hours=1), exclusive=False)
    store.note_run(later, {"selection": digest, "done": ["county/0"], "whole": True})
    store.finish_run(later, now=NOW + timedelta(hours=1), state=RunState.COMPLETED)
    assert spans_done(store, digest) == []


def test_a_span_that_broke_off_goes_on_after_the_last_page_that_was_written(store: Store) -> None:
    """The rules' version is part of the selection: pages that are done are no longer named, and must still count."""
    stock(store, 150)
    bench = Bench("2")
    work = recleaning(store, bench, Selection(not_rules_version="2"))
    calls = 0
    records = store.records

    def fail_once(keys: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise DatabaseBusy("gone")
        return records(keys)

    store.records = fail_once  # type: ignore[method-assign]
    with pytest.raises(DatabaseBusy):
        clean_all(work)
    done = clean_all(work)
    assert sum(done.batch.counts.values()) == 150
    assert len(set(bench.cleaned)) == 150


def test_the_difference_is_cut_out_of_a_long_text() -> None:
    record = KNOWN.setdefault(page_of(1).body, clean_here(page_of(1), ()))
    assert isinstance(record, Record)
    block = record.blocks[1]
    changed = replace(record, blocks=(record.blocks[0], replace(block, text=block.text.replace("，", ",", 1))))
    changes = compare(replace(record, blocks=record.blocks[:2]), changed)
    [example] = changes.examples
    assert example.name == "正文"
    assert len(example.before) < 60
    assert example.before.replace("，", ",") == example.after.replace("，", ",")


def test_examples_from_hostile_pages_are_escaped() -> None:
    record = KNOWN.setdefault(page_of(1).body, clean_here(page_of(1), ()))
    assert isinstance(record, Record)
    evil = replace(record, title="<script>alert(1)</script>\u202e[x](javascript:1)|")
    text = render_changes(compare(record, evil), dry_run=False)
    assert "<script>" not in text
    assert "\u202e" not in text
    assert "javascript:1" not in text


def test_changes_add_up() -> None:
    one = Changes(2, 1, {"标题": 1})
    assert (one + one).fields == {"标题": 2}
    assert sum([one, one], Changes()).compared == 4


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_memory_stays_flat_however_many_pages_there_are(store: Store) -> None:
    """Eight thousand pages take no more memory than the first two thousand: nothing is listed, nothing is kept."""
    body = article_page(1)
    for start in range(0, 8_000, 500):
        urls = [f"http://county.example/{number}.html" for number in range(start, start + 500)]
        store.save_pages([replace(page_of(1), url=url, key=article_key(url), body=body) for url in urls])
    work = recleaning(store, Bench(blocks=lambda r: ()))  # all into the quarantine: no stories of 8,000 equal texts
    peaks = []
    for span in cut({"county": 8_000}, pages=2_000):
        asyncio.run(work.clean(span))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    print(f"peak after the first span {peaks[0]} MB, after the last {peaks[-1]} MB")
    assert peaks[-1] - peaks[3] < 40
