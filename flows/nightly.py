"""The flows that fetch: every night, one source, a span of days, single addresses, seeds, what has failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Failed

from connectors.register import Register
from connectors.urls import BadAddressError, check_address
from flows.carry_out import carry_out, make_wish, title_of_run
from flows.choices import ANY_FAILURE, BY_SITE, FailureChoice, Limit, RulesChoice, SourceChoice, slug_of
from flows.inputs import Input, retry_input, seed_input, source_input, url_inputs
from flows.session import Session
from models.accounts import RunKind

__all__ = ["backfill", "ingest_source", "ingest_url", "load_seeds", "nightly", "retry_failed"]


@flow(name="nightly", flow_run_name=title_of_run, persist_result=False)
async def nightly(
    only: Sequence[SourceChoice] = (),
    since: date | None = None,
    limit: Limit | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """夜间采集：载入种子文件，抓取全部启用的来源，清洗、去重、入库，最后写一份报告。

    Args:
        only: 只抓取这些来源（不选则为全部启用的来源，并载入种子文件）
        since: 只要这一天及以后的文章（按列表上的日期）
        limit: 每个来源最多处理多少篇
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """
    wanted = {slug_of(choice) for choice in only}

    def plan(session: Session, register: Register) -> list[Input]:
        tools, order = session.tools, session.order
        sources = [s for s in register.enabled if not wanted or s.slug in wanted]
        seeds = [] if wanted else [seed_input(tools, order, session.settings)]
        return [*seeds, *(source_input(tools, order, source) for source in sources)]

    return await carry_out(make_wish(RunKind.NIGHTLY, since=since, limit=limit, dry_run=dry_run), plan)


@flow(name="ingest-source", flow_run_name=title_of_run, persist_result=False)
async def ingest_source(
    source: SourceChoice,
    since: date | None = None,
    limit: Limit | None = None,
    dry_run: bool = False,
    backfill: bool = False,
) -> State[Any]:
    """立即抓取一个来源。

    Args:
        source: 来源（来自 connectors/sources 中的文件）
        since: 只要这一天及以后的文章（按列表上的日期）
        limit: 最多处理多少篇
        dry_run: 试运行：照常抓取和清洗，但不写数据库
        backfill: 补采：遇到已知文章也继续往前翻页
    """

    def plan(session: Session, register: Register) -> list[Input]:
        return [source_input(session.tools, session.order, register.sources[slug_of(source)])]

    wish = make_wish(RunKind.INGEST, since=since, limit=limit, dry_run=dry_run, backfill=backfill)
    return await carry_out(wish, plan)


@flow(name="ingest-url", flow_run_name=title_of_run, persist_result=False)
async def ingest_url(urls: list[str], source: RulesChoice = BY_SITE, dry_run: bool = False) -> State[Any]:
    """立即抓取一个或几个网址。可以与其他运行同时进行。

    Args:
        urls: 文章的网址，一个或几个（http:// 或 https:// 开头）
        source: 用这个来源的规则读取（不选则按网址所属的网站选择，没有则用通用规则）
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """
    asked = [url.strip() for text in urls for url in text.split()]
    if wrong := say_wrong_addresses(asked):
        return Failed(message=wrong)

    def plan(session: Session, register: Register) -> list[Input]:
        chosen = None if source == BY_SITE else register.sources[slug_of(source)]
        return url_inputs(session.tools, session.order, register, asked, chosen)

    return await carry_out(make_wish(RunKind.INGEST, dry_run=dry_run, backfill=True, beside=True), plan)


def say_wrong_addresses(urls: Sequence[str]) -> str:
    """What is wrong with the addresses that a person gave; empty if nothing is."""
    if not urls:
        return "没有网址 / no address was given"
    said = []
    for url in urls:
        try:
            check_address(url)
        except BadAddressError as error:
            said.append(f"{url!r}：{error}")
    return f"网址有误 / not an address that can be asked: {'；'.join(said)}" if said else ""


@flow(name="backfill", flow_run_name=title_of_run, persist_result=False)
async def backfill(
    source: SourceChoice,
    since: date,
    until: date | None = None,
    limit: Limit | None = None,
    dry_run: bool = False,
) -> State[Any]:
    """补采一个来源某段日期的文章，不影响每晚采集的进度。

    Args:
        source: 来源（来自 connectors/sources 中的文件）
        since: 从这一天起（按列表上的日期）
        until: 到这一天为止，含当天（不填则到今天）
        limit: 最多处理多少篇
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """

    def plan(session: Session, register: Register) -> list[Input]:
        return [source_input(session.tools, session.order, register.sources[slug_of(source)])]

    if until is not None and until < since:
        return Failed(message=f"结束日期 {until} 早于开始日期 {since} / until is before since")
    asked = make_wish(RunKind.BACKFILL, since=since, until=until, limit=limit, dry_run=dry_run, backfill=True)
    return await carry_out(asked, plan)


@flow(name="load-seeds", flow_run_name=title_of_run, persist_result=False)
async def load_seeds(dry_run: bool = False) -> State[Any]:
    """载入种子文件夹中新增或改动的文件，不访问网络。

    Args:
        dry_run: 试运行：照常读取和清洗，但不写数据库
    """

    def plan(session: Session, register: Register) -> list[Input]:
        return [seed_input(session.tools, session.order, session.settings)]

    return await carry_out(make_wish(RunKind.SEEDS, dry_run=dry_run), plan)


@flow(name="retry-failed", flow_run_name=title_of_run, persist_result=False)
async def retry_failed(
    only: Sequence[SourceChoice] = (),
    kind: FailureChoice = ANY_FAILURE,
    given_up: bool = False,
    dry_run: bool = False,
) -> State[Any]:
    """立即重试失败的网址，不等下次到期。

    Args:
        only: 只重试这些来源的网址（不选则为全部来源）
        kind: 只重试这一类失败
        given_up: 也包括多次失败后已放弃的网址
        dry_run: 试运行：照常抓取和清洗，但不写数据库
    """
    wanted = {slug_of(choice) for choice in only}
    failure = None if kind == ANY_FAILURE else kind

    def plan(session: Session, register: Register) -> list[Input]:
        sources = [s for s in register.sources.values() if not wanted or s.slug in wanted]
        tools, order = session.tools, session.order
        return [retry_input(tools, order, source, kind=failure, given_up=given_up) for source in sources]

    return await carry_out(make_wish(RunKind.RETRY, dry_run=dry_run), plan)
