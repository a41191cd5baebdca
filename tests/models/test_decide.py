"""Decisions: rows of what arrived and what is known, and what to do about it. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.decide import (
    FLAP_LIMIT,
    VERSION_LIMIT,
    Cleaned,
    Failed,
    Failure,
    How,
    Intent,
    Known,
    KnownArticle,
    KnownUrl,
    NotModified,
    OffTopic,
    PassedOver,
    Rejected,
    Result,
    Stage,
    UrlState,
    decide,
    name_duplicates,
    next_try,
)
from models.errors import AccessRefused, PageGone, ServerBusy
from models.records import Outcome, Record
from models.rows import prints_of
from tests.models.corpus import NOW, key_of, passage, record

KEY, SOURCE, URL = key_of("甲"), "demo", "https://news.example/甲.html"


def stored(known: Record, *, page: str = "p1", **changes: object) -> KnownArticle:
    article = KnownArticle(prints_of(known), known.rules_version, page=page)
    return replace(article, **changes)  # type: ignore[arg-type]


def about(article: KnownArticle) -> Known:
    return Known(url=KnownUrl(UrlState.FETCHED), article=article)


# What becomes of a record

OLD = record("甲")
NEW_TEXT = record("甲", text=passage("乙"))
NEW_RULES = record("甲", rules_version="2")
BETTER = record("甲", rules_version="2", title="甲社区的院落议事会")
NOISY = record("甲", tags=("置顶",), clicks=99)


@pytest.mark.parametrize(
    ("arrives", "page", "outcome", "how", "version", "keep_old"),
    [
        pytest.param(OLD, "p1", Outcome.UNCHANGED, None, None, None, id="the same page"),
        pytest.param(OLD, "p2", Outcome.UNCHANGED, None, None, None, id="other bytes, same record"),
        pytest.param(NOISY, "p2", Outcome.UNCHANGED, None, None, None, id="other bytes, only noise changed"),
        pytest.param(NOISY, "p1", Outcome.UPDATED, How.REPLACE, 1, False, id="same bytes, the code changed"),
        pytest.param(NEW_RULES, "p1", Outcome.UNCHANGED, How.STAMP, 1, False, id="new rules, same record"),
        pytest.param(BETTER, "p1", Outcome.UPDATED, How.REPLACE, 1, False, id="new rules, better record"),
        pytest.param(BETTER, None, Outcome.UPDATED, How.REPLACE, 1, False, id="the page is not said: the same"),
        pytest.param(NEW_TEXT, "p2", Outcome.UPDATED, How.REPLACE, 2, True, id="the page changed"),
    ],
)
def test_what_becomes_of_a_known_article(
    arrives: Record, page: str | None, outcome: Outcome, how: How | None, version: int | None, keep_old: bool | None
) -> None:
    intent = decide(Cleaned(arrives, page), about(stored(OLD)), NOW)
    assert intent.outcome is outcome
    change = intent.article
    assert (change and change.how, change and change.version, change and change.keep_old) == (how, version, keep_old)


def test_an_article_that_is_not_known_is_new() -> None:
    intent = decide(Cleaned(OLD, "p1"), Known(), NOW)
    assert intent.outcome is Outcome.NEW
    assert intent.article is not None
    assert intent.article.how is How.INSERT
    assert intent.url.state is UrlState.DONE


def arrived(*names: str) -> list[Intent]:
    return [decide(Cleaned(record(name)), Known(), NOW) for name in names]


def outcomes(intents: list[Intent], **stories: str) -> list[Outcome]:
    named = name_duplicates(intents, {key_of(name): story for name, story in stories.items()})
    assert [intent.url.outcome for intent in named] == [intent.outcome for intent in named]
    return [intent.outcome for intent in named]


def test_a_new_article_in_a_story_of_its_own_stays_new() -> None:
    assert outcomes(arrived("a", "b"), a="s", b="t") == [Outcome.NEW, Outcome.NEW]


def test_new_articles_that_join_a_known_story_are_duplicates() -> None:
    assert outcomes(arrived("a", "b"), a="s", b="s", known="s") == [Outcome.DUPLICATE, Outcome.DUPLICATE]


def test_of_a_story_that_comes_whole_the_first_is_new() -> None:
    assert outcomes(arrived("b", "a", "c"), a="s", b="s", c="s") == [Outcome.NEW, *[Outcome.DUPLICATE] * 2]


def test_a_page_may_return_to_an_old_text_a_few_times_then_it_keeps_what_it_has() -> None:
    past = frozenset({prints_of(NEW_TEXT).content})
    for flaps in range(FLAP_LIMIT):
        intent = decide(Cleaned(NEW_TEXT, "p2"), about(stored(OLD, past=past, flaps=flaps)), NOW)
        assert intent.article is not None
        assert intent.article.flaps == flaps + 1
    intent = decide(Cleaned(NEW_TEXT, "p2"), about(stored(OLD, past=past, flaps=FLAP_LIMIT)), NOW)
    assert (intent.outcome, intent.article) == (Outcome.UNCHANGED, None)


def test_a_page_that_is_always_new_keeps_a_limited_history() -> None:
    past = frozenset(str(number) for number in range(VERSION_LIMIT))
    intent = decide(Cleaned(NEW_TEXT, "p2"), about(stored(OLD, past=past, version=80)), NOW)
    assert intent.article is not None
    assert (intent.article.version, intent.article.keep_old) == (81, False)


def test_a_record_with_neither_text_nor_picture_is_quarantined() -> None:
    intent = decide(Cleaned(replace(OLD, blocks=())), Known(), NOW)
    assert intent.outcome is Outcome.QUARANTINED
    assert intent.quarantine is not None
    assert "没有正文" in intent.quarantine.reason
    assert intent.url.state is UrlState.QUARANTINED


# What becomes of a URL


def failure(weight: float, **changes: timedelta) -> Failed:
    return Failed(KEY, SOURCE, URL, Failure(Stage.FETCH, "timeout", "", weight, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weight", "nights"),
    [pytest.param(1.0, 3, id="gone"), pytest.param(0.5, 6, id="refused"), pytest.param(0.25, 12, id="no answer")],
)
def test_a_url_is_given_up_after_so_many_nights(weight: float, nights: int) -> None:
    url: KnownUrl | None = None
    for night in range(nights):
        assert url is None or url.state is UrlState.RETRY
        url = decide(failure(weight), Known(run=f"r{night}", url=url), NOW).url
    assert url is not None
    assert (url.state, url.attempts, url.next_try) == (UrlState.GIVEN_UP, nights, None)


def test_success_wipes_the_strikes() -> None:
    url = decide(failure(0.5), Known(run="r1"), NOW).url
    assert decide(Cleaned(OLD), Known(run="r2", url=url), NOW).url.strikes == 0


def test_one_run_counts_one_strike() -> None:
    url = replace(decide(failure(0.5), Known(run="r1"), NOW).url, source=SOURCE)
    assert decide(failure(0.5), Known(run="r1", url=url), NOW).url == url


@pytest.mark.parametrize(
    ("attempts", "hours"), [(0, 10), (1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 168), (10_000, 168)]
)
def test_waits_grow_to_a_week(attempts: int, hours: int) -> None:
    assert next_try(attempts, NOW) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize(("attempts", "hours"), [(0, 1), (1, 1), (2, 2), (5, 16), (8, 128), (9, 168), (10_000, 168)])
def test_what_is_temporary_is_tried_again_sooner(attempts: int, hours: int) -> None:
    assert next_try(attempts, NOW, temporary=True) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize(("weight", "hours"), [(1.0, 10), (0.5, 10), (0.25, 1)], ids=["hard", "soft", "temporary"])
def test_the_weight_of_a_failure_decides_when_it_is_tried_again(weight: float, hours: int) -> None:
    assert decide(failure(weight), Known(run="r1"), NOW).url.next_try == NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (timedelta(seconds=30), timedelta(hours=1)),
        (timedelta(hours=15), timedelta(hours=15)),
        (timedelta(days=400), timedelta(days=1)),
    ],
)
def test_a_server_may_ask_for_a_day_at_most(asked: timedelta, granted: timedelta) -> None:
    intent = decide(failure(0.25, retry_after=asked), Known(), NOW)
    assert intent.url.next_try == NOW + granted


def test_the_next_night_finds_a_failed_url_due_even_a_little_earlier() -> None:
    url = decide(failure(0.5), Known(), NOW).url
    assert url.is_open(NOW + timedelta(hours=23, minutes=50))
    assert not url.is_open(NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("result", "outcome", "state"),
    [
        (OffTopic(KEY, SOURCE, URL, "0.01"), Outcome.OFF_TOPIC, UrlState.DONE),
        (NotModified(KEY, SOURCE, URL), Outcome.UNCHANGED, UrlState.DONE),
        (PassedOver(KEY, SOURCE, URL), Outcome.SKIPPED, UrlState.QUEUED),
        (PassedOver(KEY, SOURCE, URL, for_good=True), Outcome.SKIPPED, UrlState.DONE),
        (Rejected(KEY, SOURCE, URL, Stage.EXTRACT, "x"), Outcome.QUARANTINED, UrlState.QUARANTINED),
        (failure(0.5), Outcome.FAILED, UrlState.RETRY),
    ],
)
def test_every_result_ends_in_one_outcome_and_one_state(result: Result, outcome: Outcome, state: UrlState) -> None:
    intent = decide(result, Known(run="r"), NOW)
    assert (intent.outcome, intent.url.state, intent.url.outcome, intent.url.run) == (outcome, state, outcome, "r")


def test_a_second_look_in_the_same_run_confirms_the_first() -> None:
    first = decide(Cleaned(OLD), Known(run="r"), NOW)
    again = Known(run="r", url=replace(first.url, source=SOURCE), article=stored(OLD))
    assert decide(Cleaned(OLD), again, NOW).outcome is Outcome.NEW
    assert decide(Cleaned(OLD), replace(again, run="r2"), NOW).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(("error", "weight"), [(PageGone("404"), 1.0), (ServerBusy("503"), 0.25), (KeyError("x"), 0.5)])
def test_a_failure_is_made_from_an_exception_with_its_traceback(error: Exception, weight: float) -> None:
    try:
        raise error
    except Exception as caught:
        made = Failure.of(Stage.FETCH, caught)
    assert (made.kind, made.weight) == (type(error).__name__, weight)
    assert "Traceback" in made.traceback
    assert made.message == str(error)


def test_a_refusal_of_access_is_soft() -> None:
    assert Failure.of(Stage.FETCH, AccessRefused("403")).weight == 0.5
