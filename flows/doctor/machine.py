"""The machine: versions, disk, clock, files with passwords, backups."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from flows.backup import last_backup
from flows.doctor.finding import Finding, bad, good, warn
from flows.login import login_file, login_problem
from flows.settings import CHECKOUT, Settings

__all__ = ["check_backup", "check_clock", "check_disk", "check_passwords", "check_versions"]

DISTRIBUTION = "dangjian-etl"
PYTHON = ((3, 11), (3, 13))
# What happens outside the pinned ranges, measured; docs/decisions.md.
SILENT = {
    "fastapi": "Prefect 服务器不能启动 / the Prefect server does not start",
    "sqlalchemy": "定时任务不会运行，也不报错 / schedules never fire, and nothing says so",
    "prefect": "未经测试 / not tested",
}
GB = 1 << 30
# A night of thirty sources takes some 50 MB with Prefect's history; SQLite needs room to fold its log into the file.
LITTLE_SPACE, NO_SPACE = 2 * GB, GB // 4
# This program was written then; an earlier clock is wrong.
WRITTEN = datetime(2025, 1, 1).astimezone()
BACKUP_DAYS = 8  # a weekly backup that was a day late
TIMER = "deployments/dangjian-backup.timer"


def check_versions(
    requires: Callable[[str], Sequence[str] | None] = metadata.requires,
    version_of: Callable[[str], str] = metadata.version,
    python: tuple[int, ...] = sys.version_info[:2],
) -> Iterator[Finding]:
    """Python and every package against the ranges this program was tested with."""
    repair = "make setup（按 requirements.lock 重新安装 / installs what is locked）"
    if not PYTHON[0] <= python <= PYTHON[1]:
        yield bad("python", f"Python {'.'.join(map(str, python))}", "需要 3.11 至 3.13 / 3.11 to 3.13 is needed")
    try:
        needed = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        yield bad("versions", f"{DISTRIBUTION} 没有安装 / is not installed", repair)
        return
    wrong = 0
    for need in needed:
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        if trouble := _version_trouble(need, version_of):
            wrong += 1
            reason = SILENT.get(need.name, "")
            yield bad(
                "versions", f"{trouble}，应为 / expected {need.specifier}", f"{reason}；{repair}" if reason else repair
            )
    if not wrong:
        pinned = "，".join(f"{name} {version_of(name)}" for name in ("prefect", "fastapi", "sqlalchemy"))
        yield good("versions", f"Python {'.'.join(map(str, python))}，{pinned}")


def _version_trouble(need: Requirement, version_of: Callable[[str], str]) -> str | None:
    try:
        found = version_of(need.name)
    except metadata.PackageNotFoundError:
        return f"{need.name} 没有安装 / is missing"
    return None if need.specifier.contains(found, prereleases=True) else f"{need.name} {found}"


def check_disk(
    settings: Settings, usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage
) -> Iterator[Finding]:
    """Whether the data folder can be written, and how much room is left."""
    folder = settings.data_dir.resolve()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(there, os.W_OK):
        yield bad("disk", f"不能写入 / can not be written: {there}", "改变文件夹的所有者，或设置 DANGJIAN_DATA_DIR")
        return
    free = usage(there)[2]
    said = f"{folder}，剩余 / free {free / GB:.1f} GB"
    make_room = "清理磁盘，或把 DANGJIAN_DATA_DIR 移到更大的盘 / make room; see docs/errors/disk-full.md"
    if free < NO_SPACE:
        yield bad("disk", said, make_room)
    elif free < LITTLE_SPACE:
        yield warn("disk", said, make_room)
    else:
        yield good("disk", said)


def check_clock(
    settings: Settings, now: datetime, moments: Sequence[tuple[str, datetime]], zone: str = "Asia/Shanghai"
) -> Iterator[Finding]:
    """The clock by evidence of this machine alone: what happened already can not lie in the future."""
    try:
        here = now.astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        yield bad("clock", f"没有时区数据 / no time zone data: {zone}", "安装 tzdata：make setup / install tzdata")
        return
    set_it = "校正时钟，例如 timedatectl set-ntp true / set the clock; a run in the future keeps others waiting"
    if now < WRITTEN:
        yield bad("clock", f"时钟显示 / the clock says {now:%Y-%m-%d %H:%M}", set_it)
        return
    # Five minutes: what two machines that share a database may differ.
    ahead = [(name, moment) for name, moment in moments if moment > now + timedelta(minutes=5)]
    for name, moment in ahead:
        yield bad(
            "clock", f"{name} 在未来 / lies in the future: {moment.astimezone(here.tzinfo):%Y-%m-%d %H:%M}", set_it
        )
    if not ahead:
        local = now.astimezone()
        yield good("clock", f"{local:%Y-%m-%d %H:%M} {local.tzname()}，北京时间 / Beijing {here:%H:%M}")


def check_passwords(settings: Settings, environment_file: Path = CHECKOUT / ".env") -> Iterator[Finding]:
    """Files with passwords that other people of this machine can read."""
    found = 0
    if problem := login_problem(settings):
        found += 1
        yield bad("passwords", f"别人可读 / others can read {problem}", f"chmod 600 {login_file(settings)}")
    if environment_file.is_file() and environment_file.stat().st_mode & 0o044:
        text = environment_file.read_text("utf8", "replace").upper()
        if any(word in text for word in ("PASSWORD", "LOGIN", "DATABASE_URL", "AUTH_STRING", "NOTIFY")):
            found += 1
            yield warn("passwords", f"别人可读 / others can read {environment_file}", f"chmod 600 {environment_file}")
    if not found:
        yield good("passwords", "口令文件只有本人可读 / readable by their owner only")


def check_backup(settings: Settings, now: datetime) -> Iterator[Finding]:
    """When the corpus was last backed up, and whether that file is still there."""
    how = f"dangjian backup --to /另一块盘 / on another disk（定时 / timer: {TIMER}）"
    last = last_backup(settings)
    if last is None:
        yield warn("backup", "没有备份 / never backed up", how)
        return
    said = f"{last.at.astimezone():%Y-%m-%d %H:%M} {last.file}"
    if not last.file.is_file():
        yield warn("backup", f"备份文件不在了 / the file is gone: {said}", how)
    elif now - last.at > timedelta(days=BACKUP_DAYS):
        yield warn("backup", f"{(now - last.at).days} 天前 / days ago: {said}", how)
    else:
        yield good("backup", said)
