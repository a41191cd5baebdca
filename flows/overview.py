"""What `dangjian sources` and `dangjian status` show: read from the database, without Prefect."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cleaning.kinship import relate
from connectors.declaration import Source, Verified
from flows.choices import read_register
from flows.health import HISTORY_NIGHTS
from flows.report import CHINA, OUTCOME_NAMES, STATE_NAMES
from flows.settings import load_settings
from flows.source_commands import marks_file, sources_folder
from flows.standing import HEALTH_NAMES, MARKS, coverage_of, month_of, strip
from flows.verified_marks import Mark, fingerprint, read_marks
from models.accounts import RunInfo, RunState, SourceTotals
from models.store import Store

__all__ = ["migrate_database", "show_sources", "show_status"]

RUN_STATES = {
    RunState.RUNNING: "进行中",
    RunState.COMPLETED: "完成",
    RunState.PARTIAL: "完成但有问题",
    RunState.FAILED: "失败",
    RunState.CRASHED: "中断",
    RunState.CANCELLED: "已取消",
}
RUNS_SHOWN = 5
FAILURES_SHOWN = 10


def open_store() -> Store:
    return Store.open(load_settings().database, migrate=True, relate=relate)


def migrate_database() -> int:
    with Store.open(load_settings().database) as store:
        print(f"数据库已是最新 / database is at revision {store.migrate()}")
    return 0


def show_sources() -> int:
    """Every source file, how far it has been tried, and how the source did last time."""
    settings = load_settings()
    register = read_register(settings)
    marks = read_marks(marks_file(settings))
    table = Table("代号", "名称", "方式", "启用", "验证", "最近一次", "新增", "说明")
    with open_store() as store:
        for source in register.sources.values():
            last = next(iter(store.source_history(source.slug, limit=1)), None)
            enabled = "是" if source.enabled else "否"
            tried = how_verified(source, marks.get(source.slug), sources_folder(settings))
            row = (source.slug, source.name, source.discover.kind, enabled, tried, *last_time(last))
            table.add_row(*map(escape, row))
    console = Console()
    console.print(table)
    for mistake in register.mistakes:
        console.print(f"[red]来源文件有误[/]  {escape(str(mistake))}")
    return 1 if register.mistakes else 0


def how_verified(source: Source, mark: Mark | None, folder: Path) -> str:
    """The word of the file, or the day of the last good check of the file as it is now."""
    if mark and mark.file == fingerprint(folder / f"{source.slug}.yaml"):
        return f"{Verified.LIVE} {mark.on}"
    return source.verified.value


def last_time(last: SourceTotals | None) -> tuple[str, str, str]:
    if last is None:
        return "尚未运行", "", ""
    new = next(n for outcome, n in last.counts.items() if outcome.value == "new")
    return STATE_NAMES[last.state] if last.state else "进行中", str(new), last.message


def show_status() -> int:
    """The corpus in numbers, the last runs, and what needs attention. Exit status 1 if the last run failed."""
    console = Console()
    with open_store() as store:
        # A run that was killed must not be shown as going on.
        store.sweep_crashed(datetime.now(UTC))
        for said in trouble_of(store):
            console.print(said)
        totals = store.totals()
        console.print(
            f"文章 {totals.articles}  报道 {totals.stories}  历史版本 {totals.versions}  原始页面 {totals.pages}"
            f"  隔离 {totals.quarantined}  来源 {totals.sources}"
        )
        runs = store.runs(limit=RUNS_SHOWN)
        console.print(runs_table(runs))
        if health := health_table(store, datetime.now(CHINA).date()):
            console.print(health)
        if runs:
            console.print(sources_table(store.run_sources(runs[0].id)))
        for failed in store.failed_urls(limit=FAILURES_SHOWN):
            console.print(
                f"[red]失败[/] {escape(failed.candidate.url)}  {escape(failed.kind)}: {escape(failed.message)}"
            )
    return 1 if runs and runs[0].state in (RunState.FAILED, RunState.CRASHED) else 0


def trouble_of(store: Store) -> list[str]:
    """Source files with mistakes and sources in trouble, one line each: what a person reads first."""
    register = read_register(load_settings())
    lines = [f"[red]来源文件有误[/]  {escape(str(mistake))}" for mistake in register.mistakes]
    for one in store.health():
        if one.state.needs_attention:
            source = register.sources.get(one.source)
            name = f"{source.name} {one.source}" if source else one.source
            since = f"（自 {one.since.astimezone(CHINA):%m-%d}）" if one.since else ""
            lines.append(f"{MARKS[one.state]} {HEALTH_NAMES[one.state]}  {escape(name)}  {escape(one.reason)}{since}")
    return [f"[bold]需要处理 / needs attention: {len(lines)}[/]", *lines] if lines else []


def health_table(store: Store, today: date) -> Table | None:
    """All sources that were ever judged: state, since when, a month of news."""
    judged = store.health()
    table = Table("来源", "状态", "自", "近 30 天新文章", "标题", "日期", "媒体", title="来源健康")
    for one in judged:
        history = store.source_history(one.source, HISTORY_NIGHTS)
        since = f"{one.since.astimezone(CHINA):%m-%d}" if one.since else ""
        coverage = coverage_of(history)
        filled = [f"{coverage[name]:.0%}" if name in coverage else "" for name in ("title", "published_at", "medium")]
        state = f"{MARKS[one.state]} {HEALTH_NAMES[one.state]}"
        table.add_row(escape(one.source), state, since, strip(month_of(history, today)), *filled)
    return table if judged else None


def runs_table(runs: list[RunInfo]) -> Table:
    table = Table("开始（北京时间）", "种类", "状态", "用时", "说明", title="最近的运行")
    for run in runs:
        seconds = ((run.finished_at or datetime.now(UTC)) - run.started_at).total_seconds()
        started = f"{run.started_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        table.add_row(started, run.kind.value, RUN_STATES[run.state], f"{seconds:.0f} 秒", escape(run.message))
    return table


def sources_table(lines: list[SourceTotals]) -> Table:
    table = Table("来源", "状态", "发现", "结果", "秒", title="最近一次运行")
    for line in lines:
        state = STATE_NAMES[line.state] if line.state else "进行中"
        counts = "，".join(f"{name} {line.counts[o]}" for o, name in OUTCOME_NAMES.items() if line.counts.get(o))
        table.add_row(escape(line.source), state, str(line.discovered), counts, f"{line.seconds:.1f}")
    return table
