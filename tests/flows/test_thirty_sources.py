"""Thirty sources of every kind on ten hosts, 2,000 articles, two nights: through the real way, judged by the server."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.columns import KINDS, Column
from benchmarks.night import Night, sources_of, spend_night
from benchmarks.site import Hit, Plan, Site, serve
from models.records import Outcome

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)  # 02:30 in China
PACE = 0.01  # seconds between requests to a host
SLOW_HOST, SLOW_PACE = 3, 0.03  # this one asks for more in its robots.txt
CLOSED = 2  # links per HTML list that robots.txt forbids


@dataclass
class Nights:
    site: Site
    first: Night
    second: Night
    first_log: list[Hit]
    second_log: list[Hit]
    second_cpu: float


async def two_nights(database: Path) -> Nights:
    plan = Plan(articles=2_000, hosts=10, sources=30, closed=CLOSED, crawl_delay={SLOW_HOST: SLOW_PACE})
    with serve(plan) as site:
        sources = sources_of(site.columns, pace=f"{{delay: {PACE}, connections: 4}}")
        nights = []
        for day in range(2):
            start = time.process_time()
            night = await spend_night(f"sqlite:///{database}", sources, site.hosts, NOW + timedelta(days=day))
            nights.append((night, site.read_log(), time.process_time() - start))
        (first, first_log, _), (second, second_log, cpu) = nights
        return Nights(site, first, second, first_log, second_log, cpu)


def bodies(log: list[Hit], site: Site) -> Counter[str]:
    """How often each article was downloaded."""
    return Counter(url for hit in log if hit.status == 200 and (url := f"http://{hit.host}{hit.path}") in site.articles)


def list_requests(log: list[Hit], site: Site) -> list[Hit]:
    return [hit for hit in log if f"http://{hit.host}{hit.path}" not in site.articles and hit.path != "/robots.txt"]


def of_column(log: list[Hit], column: Column) -> list[Hit]:
    return [hit for hit in log if f"/{column.slug}/" in f"{hit.path}/"]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_every_article_comes_once_and_a_night_without_news_costs_one_request_a_list(tmp_path: Path) -> None:
    nights = await two_nights(tmp_path / "corpus.db")
    site = nights.site
    check_the_plan(site)
    check_the_first_night(nights)
    check_politeness(nights.first_log, site)
    check_the_second_night(nights)


def check_the_plan(site: Site) -> None:
    assert len(site.columns) == 30
    assert len(set(site.bases)) == 10
    assert {column.kind for column in site.columns} == set(KINDS)
    assert len(site.articles) == 2_000


def check_the_first_night(nights: Nights) -> None:
    """Every article is stored once; what robots.txt closes fails as such; the outcomes add up."""
    site, first = nights.site, nights.first
    assert bodies(nights.first_log, site) == Counter(dict.fromkeys(site.articles, 1))
    closed = CLOSED * sum(column.kind in ("trs", "linked", "numbered") for column in site.columns)
    reprints = sum(story.reprint_of is not None for column in site.columns for story in column.stories)
    wanted = {Outcome.NEW: 2_000 - reprints, Outcome.DUPLICATE: reprints, Outcome.FAILED: closed}
    assert {outcome: number for outcome, number in first.counts.items() if number} == wanted
    assert all(line.balanced for line in first.lines)
    assert first.discovered == 2_000 + closed
    assert sum("(robots)" in trouble or ": robots " in trouble for trouble in first.troubles) == closed


def check_politeness(log: list[Hit], site: Site) -> None:
    """robots.txt comes first on every host, once; nothing it closes is asked for; the pace is kept."""
    by_host: dict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(log, key=lambda hit: hit.at):
        by_host[hit.host].append(hit)
    assert len(by_host) == 10
    for number, base in enumerate(site.bases):
        hits = by_host[base.removeprefix("http://")]
        assert [hit.path for hit in hits].index("/robots.txt") == 0
        assert sum(hit.path == "/robots.txt" for hit in hits) == 1
        assert not any(hit.path.startswith("/closed/") for hit in hits)
        assert all("dangjian-etl" in hit.agent for hit in hits)
        pace = SLOW_PACE if number == SLOW_HOST else PACE
        # The first requests may go before robots.txt is read; single gaps shrink when the machine is busy, the whole
        # can not.
        assert hits[-1].at - hits[1].at >= (len(hits) - 3) * pace


def check_the_second_night(nights: Nights) -> None:
    site, log = nights.site, nights.second_log
    again = [hit for hit in log if f"http://{hit.host}{hit.path}" in site.articles]
    lists = list_requests(log, site)
    print(
        f"second night: {len(lists)} list requests ({sum(hit.status == 304 for hit in lists)} answered 304), "
        f"{len(again)} articles looked at again (304), {nights.second_cpu:.2f} s CPU"
    )
    # Articles of the last days are looked at again, on condition: no body comes twice.
    assert all(hit.conditional and hit.status == 304 for hit in again)
    assert bodies(nights.first_log + log, site) == Counter(dict.fromkeys(site.articles, 1))
    for column in site.columns:
        asked = of_column(lists, column)
        # One a list, and the page behind it that lies within the overlap.
        assert len(asked) <= 2 * column.lists, (column.slug, asked)
    counts = {outcome for outcome, number in nights.second.counts.items() if number}
    assert counts <= {Outcome.UNCHANGED, Outcome.FAILED}
    assert all(line.balanced for line in nights.second.lines)
