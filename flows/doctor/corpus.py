"""The corpus: its database, its last runs, and the sources that need attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from connectors.failures import FailureKind
from connectors.register import Register
from flows.doctor.finding import Finding, bad, good, warn
from flows.report import CHINA
from flows.settings import Settings
from flows.standing import HEALTH_NAMES
from models.accounts import HealthState, RunInfo, RunKind, RunState
from models.database import open_reader, reading, sqlite_path
from models.errors import DangjianError
from models.migrate import revision
from models.migrations import HEAD
from models.questions import Questions

__all__ = ["Known", "check_database", "check_refusals", "check_runs", "check_sources", "read_corpus"]

LARGE_LOG = 512 << 20  # SQLite folds its log into the file at 4 MB; hundreds mean that a reader never lets go
NIGHT_HOURS, DEAD_HOURS = 36, 84  # one night missed; three
RUNS_READ = 60
SHOWN = 5  # sources named on one line


@dataclass(frozen=True, slots=True)
class Known:
    """What the other examinations need of the database; empty where it can not be read."""

    runs: tuple[RunInfo, ...] = ()
    health: tuple[tuple[str, HealthState, str], ...] = ()
    refusals: Counter[tuple[str, str]] | None = None  # (source, kind) of URLs that robots.txt or a wall keeps closed

    @property
    def moments(self) -> list[tuple[str, datetime]]:
        """Moments that have passed, by what they are of."""
        return [(f"运行 / run {run.id}", max(run.started_at, run.heartbeat_at)) for run in self.runs[:1]]


def check_database(settings: Settings) -> Iterator[Finding]:
    """Whether it is there, whole, up to date and in the mode that lets readers and a writer work at once."""
    where = settings.shown_database
    try:
        engine = open_reader(settings.database)
    except DangjianError as error:
        yield bad("database", str(error), "见 docs/errors/configuration.md")
        return
    try:
        if engine.dialect.name == "sqlite" and not sqlite_path(engine).exists():
            yield warn("database", f"还没有数据库 / none yet: {where}", "make run 或 dangjian migrate")
            return
        yield from _examine(engine, where)
    except (DangjianError, SQLAlchemyError) as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield bad(
            "database", f"{where}: {said}", "见 docs/errors/database-busy.md；损坏时从备份恢复 / else restore a backup"
        )
    finally:
        engine.dispose()


def _examine(engine: Engine, where: str) -> Iterator[Finding]:
    with reading(engine) as connection:
        found = revision(connection)
        if found is None:
            yield warn("database", f"数据库是空的 / empty: {where}", "dangjian migrate")
            return
        if found != HEAD:
            newer = found > HEAD
            advice = "安装写它的版本 / install the version that wrote it" if newer else "dangjian migrate"
            yield bad("database", f"{where}: 结构版本 / revision {found}，程序 / program {HEAD}", advice)
            return
        if engine.dialect.name == "sqlite":
            yield from _examine_sqlite(connection, sqlite_path(engine))
        yield good("database", f"{where}，结构版本 / revision {found}")


def _examine_sqlite(connection: Connection, file: Path) -> Iterator[Finding]:
    def ask(pragma: str) -> list[str]:
        return [str(line) for line in connection.execute(text(f"PRAGMA {pragma}")).scalars()]

    damage = [line for line in ask("quick_check(3)") if line != "ok"]
    if damage:
        restore = "停止服务，用最近的备份恢复：dangjian restore FILE --replace / stop, restore the newest backup"
        yield bad("database", f"数据库文件已损坏 / the file is damaged: {damage[0]}", restore)
    if ask("journal_mode") != ["wal"]:
        yield warn(
            "database",
            "没有使用 WAL / not in WAL mode",
            "把数据文件夹放在本机磁盘上 / keep the data folder on a local disk",
        )
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size > LARGE_LOG:
        size = log.stat().st_size >> 20
        yield warn(
            "database",
            f"日志文件 / its log has {size} MB",
            "有程序一直开着读取；重启它 / a reader never lets go; restart it",
        )


def read_corpus(settings: Settings) -> Known:
    """Runs, states of sources and refusals, as far as the database can be read."""
    try:
        engine = open_reader(settings.database)
        if engine.dialect.name == "sqlite" and not sqlite_path(engine).exists():
            return Known()
        questions = Questions(engine)
        refused = [
            url for kind in (FailureKind.ROBOTS, FailureKind.CHALLENGE_PAGE) for url in questions.failed_urls(kind=kind)
        ]
        known = Known(
            tuple(questions.runs(limit=RUNS_READ)),
            tuple((one.source, one.state, one.reason) for one in questions.health()),
            Counter((url.candidate.source, url.kind) for url in refused),
        )
        engine.dispose()
    except (DangjianError, SQLAlchemyError):
        return Known()
    return known


def check_runs(known: Known, now: datetime) -> Iterator[Finding]:
    """How old the last night is, and how it ended."""
    if not known.runs:
        yield warn("runs", "还没有运行过 / no run yet", "make run")
        return
    last = next((run for run in known.runs if run.kind is RunKind.NIGHTLY), known.runs[0])
    age = now - last.started_at
    said = f"{last.kind} {last.started_at.astimezone(CHINA):%Y-%m-%d %H:%M} {last.state} {last.message}".strip()
    if last.state in (RunState.FAILED, RunState.CRASHED):
        yield bad("runs", said, "在界面中打开这次运行看报告，再点 Retry；见 docs/errors/crashed-run.md")
    elif age > timedelta(hours=DEAD_HOURS):
        yield bad(
            "runs",
            f"{age.days} 天没有夜间采集 / days without a nightly run: {said}",
            "make serve；systemctl status dangjian",
        )
    elif age > timedelta(hours=NIGHT_HOURS):
        yield warn("runs", f"昨夜没有运行 / last night is missing: {said}", "make serve；systemctl status dangjian")
    elif last.state is RunState.PARTIAL:
        yield warn("runs", said, "看报告中“需要处理” / read the report: dangjian status")
    else:
        yield good("runs", said)


def check_sources(register: Register, known: Known) -> Iterator[Finding]:
    """Source files that are wrong, and sources that are silent, broken or blocked."""
    for mistake in register.mistakes:
        yield bad("sources", str(mistake), "改正来源文件，见 docs/errors/source-file.md / correct the file")
    enabled = {source.slug for source in register.enabled}
    if not enabled:
        yield warn("sources", "没有启用的来源 / no source is enabled", "docs/adding-a-source.md")
        return
    worried = False
    for state in (HealthState.BROKEN, HealthState.BLOCKED, HealthState.SUSPECT):
        named = [(slug, reason) for slug, found, reason in known.health if found is state and slug in enabled]
        if named:
            worried = True
            few = "；".join(f"{slug}：{reason}" for slug, reason in named[:SHOWN])
            more = f"，另有 / and {len(named) - SHOWN} 个 more" if len(named) > SHOWN else ""
            advice = f"dangjian sources check {named[0][0]}"
            yield warn("sources", f"{HEALTH_NAMES[state]} / {state} {len(named)}：{few}{more}", advice)
    if not worried and not register.mistakes:
        yield good("sources", f"{len(enabled)} 个来源启用，没有要处理的 / enabled, none needs attention")


def check_refusals(known: Known) -> Iterator[Finding]:
    """Hosts whose robots.txt or wall keeps us out, as the last runs met them."""
    if not known.refusals:
        yield good("robots", "没有被 robots.txt 或防护墙拒绝的网址 / nothing refused by robots.txt or a wall")
        return
    for (source, kind), count in known.refusals.most_common(SHOWN):
        advice = f"见 docs/errors/{kind}.md；用 discover.allow 之外的栏目，或停用来源 / or disable the source"
        yield warn("robots", f"{source}：{count} 个网址 / URLs，{FailureKind(kind).chinese}", advice)
