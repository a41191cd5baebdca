"""`dangjian backup` and `dangjian restore`: the whole corpus, raw pages included, as one file and back."""

from __future__ import annotations

import json
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cleaning.kinship import relate
from flows.report import CHINA
from flows.session import hold_folder
from flows.settings import Settings, load_settings
from models.archive import Archive
from models.errors import DangjianError, DatabaseBusy
from models.store import Store

__all__ = ["LastBackup", "last_backup", "run_backup", "run_restore"]

_OUR_NAMES = re.compile(r"dangjian-\d{8}-\d{6}\.zip")


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup that was taken of this data folder."""

    file: Path
    at: datetime


def _note(settings: Settings) -> Path:
    return settings.data_dir / "backup.json"


def last_backup(settings: Settings) -> LastBackup | None:
    """When the last backup was taken and where it went; None if there was none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(_note(settings).read_text("utf8"))
        return LastBackup(Path(said["file"]), datetime.fromisoformat(said["at"]))
    return None


def run_backup(to: Path, *, keep: int | None = None) -> int:
    """Back up into a file, or under a name of the moment into a folder. Answers the exit status."""
    settings = load_settings()
    now, began = datetime.now(UTC), time.monotonic()
    into_folder = to.is_dir() or not to.suffix
    file = to / f"dangjian-{now.astimezone(CHINA):%Y%m%d-%H%M%S}.zip" if into_folder else to
    try:
        with Store.open(settings.database, migrate=True, relate=relate) as store:
            archive = store.back_up(file.absolute(), now)
    except OSError as error:
        return _complain(
            DatabaseBusy(f"{file}: {error.strerror}", advice="磁盘空间和权限 / disk space and permissions")
        )
    except DangjianError as error:
        return _complain(error)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _note(settings).write_text(json.dumps({"file": str(archive.file), "at": now.isoformat()}), "utf8")
    print(f"备份完成 / backed up: {archive.file}\n{_describe(archive)}，{time.monotonic() - began:.1f} 秒 / s")
    if keep and into_folder:
        _prune(to, keep)
    return 0


def _prune(folder: Path, keep: int) -> None:
    """Leave the newest backups that bear our names; other files are not ours to delete."""
    ours = sorted(file for file in folder.iterdir() if _OUR_NAMES.fullmatch(file.name))
    for old in ours[:-keep]:
        old.unlink()
        print(f"已删除旧备份 / removed: {old.name}")


def run_restore(file: Path, *, replace: bool = False, check_only: bool = False) -> int:
    """Fill the database of the settings from a backup, or only look whether that could be done."""
    settings = load_settings()
    began = time.monotonic()
    try:
        archive = Archive.open(file)
        archive.verify()
        if check_only:
            print(f"备份完好 / the backup is sound: {file}\n{_describe(archive)}")
            return 0
        with hold_folder(settings), Store.open(settings.database, relate=relate) as store:
            store.restore(archive, replace=replace)
            totals = store.totals()
    except DangjianError as error:
        return _complain(error)
    print(
        f"恢复完成 / restored: {settings.shown_database}\n{_describe(archive)}，{time.monotonic() - began:.1f} 秒 / s\n"
        f"文章 {totals.articles}，报道 {totals.stories}，原始页面 {totals.pages} / articles, stories, raw pages"
    )
    return 0


def _describe(archive: Archive) -> str:
    size = archive.file.stat().st_size / 1e6
    return (
        f"{archive.made_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}，{archive.rows} 行 / rows，{size:.1f} MB，"
        f"结构版本 / revision {archive.revision}"
    )


def _complain(error: DangjianError) -> int:
    print(error, file=sys.stderr)
    return 1
