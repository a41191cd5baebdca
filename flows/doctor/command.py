"""The command `dangjian doctor`: all examinations in order, and how they are printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from connectors.http import Resolver, resolve_by_system
from flows.choices import read_register
from flows.doctor.corpus import check_database, check_refusals, check_runs, check_sources, read_corpus
from flows.doctor.finding import Finding, Level
from flows.doctor.machine import check_backup, check_clock, check_disk, check_passwords, check_versions
from flows.doctor.network import check_names, check_server
from flows.doctor.own_server import find_own_server
from flows.settings import Settings, load_settings

__all__ = ["examine", "run_doctor"]

NAMES = {
    "python": "Python",
    "versions": "版本 versions",
    "disk": "磁盘 disk",
    "passwords": "口令 passwords",
    "backup": "备份 backup",
    "database": "数据库 database",
    "clock": "时钟 clock",
    "runs": "运行 runs",
    "sources": "来源 sources",
    "robots": "拒绝 refusals",
    "dns": "域名 DNS",
    "prefect": "Prefect",
    "schedule": "定时 schedule",
}
COLOURS = {Level.GOOD: "green", Level.WARN: "yellow", Level.BAD: "red"}


def examine(settings: Settings, now: datetime, *, resolver: Resolver | None = resolve_by_system) -> Iterator[Finding]:
    """Everything, from the machine outwards. Without a resolver no name is looked up."""
    known = read_corpus(settings)
    register = read_register(settings)
    yield from check_versions()
    yield from check_disk(settings)
    yield from check_clock(settings, now, known.moments)
    yield from check_passwords(settings)
    yield from check_database(settings)
    yield from check_backup(settings, now)
    yield from check_server(find_own_server(settings), now)
    yield from check_runs(known, now)
    yield from check_sources(register, known)
    yield from check_refusals(known)
    if resolver:
        yield from check_names(settings, register, resolver)


def run_doctor(*, as_json: bool = False, offline: bool = False) -> int:
    """Print what was found. Exit status 1 if anything is bad; warnings alone are 0."""
    found = examine(load_settings(), datetime.now(UTC), resolver=None if offline else resolve_by_system)
    if as_json:
        findings = list(found)
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        findings = list(_print_each(found))
    return int(any(finding.level is Level.BAD for finding in findings))


def _print_each(found: Iterator[Finding]) -> Iterator[Finding]:
    """Line by line as they come: looking names up takes seconds."""
    console = Console(highlight=False, soft_wrap=True)
    for finding in found:
        colour = COLOURS[finding.level]
        name = escape(NAMES[finding.topic])
        console.print(f"[{colour}]{finding.level.sign}[/] [bold]{name}[/]  {escape(finding.found)}")
        if finding.advice:
            console.print(f"    → {escape(finding.advice)}")
        yield finding
