"""`dangjian backup` and `dangjian restore`, as an operator types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.backup import last_backup, run_backup, run_restore
from models.decide import Cleaned
from tests.flows.conftest import Place
from tests.models.corpus import NOW, begin, page, record


@pytest.fixture
def filled(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in place.environment.items():
        if name.startswith("DANGJIAN_"):
            monkeypatch.setenv(name, value)
    with place.store() as store:
        run = begin(store)
        store.save_pages([page("甲")])
        store.apply(run, [Cleaned(record("甲")), Cleaned(record("乙"))], NOW)
    return place


def test_a_backup_into_a_folder_is_named_after_its_moment_and_noted(
    filled: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_backup(tmp_path / "kept") == 0
    [file] = (tmp_path / "kept").iterdir()
    assert file.name.startswith("dangjian-20")
    assert file.suffix == ".zip"
    assert "备份完成" in capsys.readouterr().out
    noted = last_backup(filled.settings)
    assert noted is not None
    assert noted.file == file


def test_only_the_newest_of_our_own_are_kept(filled: Place, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    others = ["dangjian-20250101-000000.zip", "dangjian-20250102-000000.zip", "holiday.zip", "dangjian-notes.zip"]
    for name in others:
        (kept / name).write_bytes(b"")
    assert run_backup(kept, keep=2) == 0
    left = {file.name for file in kept.iterdir()}
    assert left >= {"dangjian-20250102-000000.zip", "holiday.zip", "dangjian-notes.zip"}
    assert len(left) == 4


def test_what_was_lost_comes_back(filled: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_backup(tmp_path / "one.zip") == 0
    for file in (filled.folder / "data").glob("dangjian.db*"):
        file.unlink()
    assert run_restore(tmp_path / "one.zip") == 0
    assert "文章 2" in capsys.readouterr().out
    with filled.store() as store:
        assert store.totals().articles == 2
        assert len(list(store.iter_raw())) == 1
    assert run_restore(tmp_path / "one.zip") == 1
    assert "--replace" in capsys.readouterr().err
    assert run_restore(tmp_path / "one.zip", replace=True) == 0


def test_a_damaged_backup_is_refused_before_the_database_is_touched(
    filled: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_backup(tmp_path / "one.zip") == 0
    body = (tmp_path / "one.zip").read_bytes()
    (tmp_path / "one.zip").write_bytes(body[: len(body) // 3])
    assert run_restore(tmp_path / "one.zip", replace=True) == 1
    assert "文件已损坏或不完整" in capsys.readouterr().err
    with filled.store() as store:
        assert store.totals().articles == 2


def test_a_backup_can_be_checked_without_a_database(
    filled: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_backup(tmp_path / "one.zip") == 0
    assert run_restore(tmp_path / "one.zip", check_only=True) == 0
    assert "备份完好" in capsys.readouterr().out


def test_a_folder_that_can_not_be_written_is_said_with_what_to_do(
    filled: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_backup(Path("/proc/none/one.zip")) == 1
    assert "磁盘空间和权限" in capsys.readouterr().err
    assert last_backup(filled.settings) is None


def test_a_note_that_cannot_be_read_is_no_backup(filled: Place) -> None:
    (filled.folder / "data" / "backup.json").write_text(json.dumps({"file": 1}), "utf8")
    assert last_backup(filled.settings) is None
