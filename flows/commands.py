"""Commands that run a flow: set Prefect up, run it once in this process, say in a few lines how it went."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from flows.catalogue import FLOWS, load_flow
from flows.prefect_env import find_server, prepare_prefect, quieten_console
from flows.settings import Settings, load_settings

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

__all__ = ["run_backfill", "run_ingest", "run_nightly", "run_reprocess", "run_retry", "run_seeds"]


def run_nightly(*, only: list[str] | None, since: datetime | None, limit: int | None, dry_run: bool) -> int:
    return run("nightly", only=choices(only), since=day(since), limit=limit, dry_run=dry_run)


def run_ingest(source: str, *, since: datetime | None, limit: int | None, dry_run: bool, backfill: bool) -> int:
    [choice] = choices([source])
    return run("ingest-source", source=choice, since=day(since), limit=limit, dry_run=dry_run, backfill=backfill)


def are_addresses(what: Sequence[str]) -> bool:
    return all(one.startswith(("http://", "https://")) for one in what)


def run_urls(urls: list[str], *, rules: str | None, dry_run: bool) -> int:
    from flows.choices import BY_SITE

    [chosen] = choices([rules]) if rules else [BY_SITE]
    return run("ingest-url", urls=urls, source=chosen, dry_run=dry_run)


def run_backfill(source: str, *, since: datetime, until: datetime | None, limit: int | None, dry_run: bool) -> int:
    [choice] = choices([source])
    return run("backfill", source=choice, since=day(since), until=day(until), limit=limit, dry_run=dry_run)


def run_seeds(*, dry_run: bool) -> int:
    return run("load-seeds", dry_run=dry_run)


def run_reprocess(
    *, only: list[str] | None, since: datetime | None, until: datetime | None, dry_run: bool, **asked: Any
) -> int:
    return run("reprocess", only=choices(only), since=day(since), until=day(until), **asked, dry_run=dry_run)


def run_housekeeping(*, finished_days: int | None, compact: bool, dry_run: bool, **days: int) -> int:
    return run("housekeeping", finished_days=finished_days, compact=compact, dry_run=dry_run, **days)


def run_retry(*, only: list[str] | None, kind: str | None, given_up: bool, dry_run: bool) -> int:
    from flows.choices import ANY_FAILURE

    return run("retry-failed", only=choices(only), kind=kind or ANY_FAILURE, given_up=given_up, dry_run=dry_run)


def day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def choices(slugs: list[str] | None) -> list[str]:
    """The choices of the form for these slugs. Exits with a list of what there is for one that is not known."""
    import typer

    from flows.choices import label_of, read_register, slug_of

    if not slugs:
        return []
    sources = read_register(load_settings()).sources
    if unknown := [slug for slug in slugs if slug_of(slug) not in sources]:
        known = "、".join(sources) or "（无）"
        typer.echo(f"没有这个来源 / no such source: {'、'.join(unknown)}。可用的 / known: {known}", err=True)
        raise typer.Exit(2)
    return [label_of(sources[slug_of(slug)]) for slug in slugs]


def run(name: str, **parameters: Any) -> int:
    """Run one flow in this process; exit status 0 unless it failed."""
    settings = load_settings()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    quieten_console()
    prepare_prefect(settings)
    if find_server(settings) is None:
        console.print("正在启动临时 Prefect 服务器（约 10 至 40 秒）/ starting a temporary Prefect server ...")
    offer = next(offer for offer in FLOWS if offer.name == name)
    flow: Any = load_flow(offer)
    state = asyncio.run(flow(**parameters, return_state=True))
    return tell(console, settings, state)


def tell(console: Console, settings: Settings, state: State[Any]) -> int:
    good = state.is_completed()
    colour = "green" if state.name == "Completed" else "yellow" if good else "red"
    console.print(f"[{colour}]{escape(state.name or state.type.value)}[/]  {escape(state.message or '')}")
    if report := newest_report(settings):
        for line in section_lines(report, "需要处理"):
            console.print(f"  {escape(line)}")
        for heading in ("变化", "已清理", "会清理（试运行，什么也没有删除）"):
            for line in section_lines(report, heading):
                console.print(escape(line))
        console.print(f"报告 / report:   {report}")
    console.print(f"数据库 / database: {settings.database}")
    served = find_server(settings)
    console.print(
        f"界面 / UI:       {served.removesuffix('/api')}/runs"
        if served
        else f"界面 / UI:       make serve，然后打开 http://{settings.prefect_host}:{settings.prefect_port}/runs"
    )
    return 0 if good else 1


def newest_report(settings: Settings) -> Path | None:
    return max(settings.reports_dir.glob("*.md"), default=None) if settings.reports_dir.is_dir() else None


def section_lines(report: Path, heading: str) -> list[str]:
    """The lines under a heading of a report, without the escapes, links and rulers of markdown; none without it."""
    from flows.report import TASK_LINK, unescape

    text = report.read_text("utf8")
    if f"## {heading}\n" not in text:
        return []
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    plain = unescape(re.sub(rf" \[{TASK_LINK}\]\([^)]*\)", "", section)).replace("**", "")
    return [line.removeprefix("- ") for line in plain.splitlines() if line.strip() and not line.startswith("|---")]
