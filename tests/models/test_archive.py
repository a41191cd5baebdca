"""A backup is one moment of the corpus; restoring it gives that moment back, in either database, or changes nothing."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from backports import zstd
from sqlalchemy import select, text

from models.accounts import ListState, RunState, SourceReport, SourceState
from models.archive import DERIVED, Archive, Kind, Tally, columns_of, encode
from models.database import open_engine, reading, writing
from models.decide import Cleaned
from models.errors import BackupUnusable, DatabaseNotEmpty, DatabaseNotReady, DatabaseTooNew, RunInProgress
from models.migrate import revision, upgrade
from models.migrations import HEAD
from models.store import Store
from models.tables import Table
from tests.models.corpus import NOW, begin, candidate, full_record, page, record, report, rows_with_clocks

ALL = tuple(name for name in Table.metadata.tables if name not in DERIVED)


def fill(store: Store) -> None:
    """Something in most tables: pages, articles with every field, a copy, versions, repairs, a failure, a list."""
    run = begin(store)
    listed = ListState("demo", "https://news.example/list", etag='"1"', items=3)
    store.enqueue(run, [candidate(name) for name in ("甲", "乙", "丙")], NOW, lists=[listed])
    store.save_pages([page("甲", more=(b"second",)), page("乙")])
    copied = "\n".join(report("长"))
    results = [Cleaned(r) for r in (full_record(), record("甲", text=copied), record("乙", text=copied))]
    store.apply(run, results, NOW)
    store.apply(run, [Cleaned(record("乙", text=copied + "改了一句。"))], NOW + timedelta(hours=1))
    store.record_source(run, SourceReport("demo", 4, known=1, seconds=1.5, coverage={"title": 1 / 3}))
    store.finish_run(run, now=NOW, state=RunState.PARTIAL, message="半途")


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store)
    return store


def test_every_column_of_every_table_has_a_way_into_a_backup() -> None:
    for table in Table.metadata.tables.values():
        assert len(columns_of(table)) == len(table.columns)


def test_restoring_gives_the_same_rows_in_all_tables(
    filled: Store, new_database: Callable[[], str], tmp_path: Path
) -> None:
    archive = filled.back_up(tmp_path / "one.zip", NOW)
    before = rows_with_clocks(filled, *ALL)
    assert sum(map(len, before.values())) == archive.rows > 20
    with Store.open(new_database()) as other:
        other.restore(archive)
        assert rows_with_clocks(other, *ALL) == before
        assert list(other.iter_raw()) == list(filled.iter_raw())
        other.apply(begin(other), [Cleaned(record("丁"))], NOW)  # and it goes on from there


def test_a_backup_of_a_restored_database_is_the_same_backup(
    filled: Store, new_database: Callable[[], str], tmp_path: Path
) -> None:
    first = filled.back_up(tmp_path / "one.zip", NOW)
    with Store.open(new_database()) as other:
        other.restore(first)
        assert other.back_up(tmp_path / "two.zip", NOW).tables == first.tables


def test_a_backup_is_one_moment_while_a_run_goes_on_writing(
    store: Store, new_database: Callable[[], str], tmp_path: Path
) -> None:
    run = begin(store)
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set() and len(written) < 400:
            names = [f"{len(written)}之{i}" for i in range(5)]
            store.save_pages([page(name) for name in names])
            store.apply(run, [Cleaned(record(name)) for name in names], NOW)
            written.append(5)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            stop.wait(0.01)
        before = len(written)
        archive = store.back_up(tmp_path / "busy.zip", NOW)
        after = len(written)
    finally:
        stop.set()
        writer.join()
    assert after > before, "nothing was written meanwhile: this test would prove nothing"
    with Store.open(new_database()) as other:
        other.restore(archive)
        totals = other.totals()
        assert 5 * before <= totals.articles <= 5 * after + 5
        assert totals.articles % 5 == 0  # whole transactions only
        [line] = other.run_sources(run)
        assert sum(line.counts.values()) == totals.articles


def test_a_corpus_is_not_overwritten_unasked(filled: Store, new_database: Callable[[], str], tmp_path: Path) -> None:
    archive = filled.back_up(tmp_path / "one.zip", NOW)
    with Store.open(new_database(), migrate=True) as other:
        other.apply(begin(other), [Cleaned(record("别的"))], NOW)
        kept = rows_with_clocks(other, *ALL)
        with pytest.raises(DatabaseNotEmpty, match="--replace"):
            other.restore(archive)
        assert rows_with_clocks(other, *ALL) == kept
        other.restore(archive, replace=True)
        assert rows_with_clocks(other, *ALL) == rows_with_clocks(filled, *ALL)


def test_an_empty_database_that_is_migrated_already_is_filled(
    filled: Store, new_database: Callable[[], str], tmp_path: Path
) -> None:
    archive = filled.back_up(tmp_path / "one.zip", NOW)
    with Store.open(new_database(), migrate=True) as other:
        other.restore(archive)
        assert other.totals() == filled.totals()


def test_nothing_is_restored_over_a_run_in_progress(filled: Store, tmp_path: Path) -> None:
    archive = filled.back_up(tmp_path / "one.zip", NOW)
    begin(filled, exclusive=True)
    with pytest.raises(RunInProgress):
        filled.restore(archive, replace=True)


def test_a_database_of_another_revision_is_not_backed_up(database_url: str, tmp_path: Path) -> None:
    with Store.open(database_url) as store, pytest.raises(DatabaseNotReady, match="dangjian migrate"):
        store.back_up(tmp_path / "one.zip", NOW)
    assert list(tmp_path.glob("*.zip*")) == []


def rewrite(file: Path, name: str, change: Callable[[bytes], bytes]) -> Archive:
    """The backup with one member changed, as a whole and well-formed zip."""
    with zipfile.ZipFile(file) as old:
        members = {entry: old.read(entry) for entry in old.namelist()}
    with zipfile.ZipFile(file, "w") as new:
        for entry, body in members.items():
            new.writestr(entry, change(body) if entry == name else body)
    return Archive.open(file)


def change_line(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(packed: bytes) -> bytes:
        lines = zstd.decompress(packed).decode()
        assert old in lines
        return zstd.compress(lines.replace(old, new, 1).encode())

    return change


def drop_line(packed: bytes) -> bytes:
    return zstd.compress(b"".join(zstd.decompress(packed).splitlines(keepends=True)[1:]))


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("tables/article.jsonl.zst", change_line("议事", "议亊")),
        ("tables/raw_page.jsonl.zst", drop_line),
        ("tables/repair.jsonl.zst", lambda packed: packed[: len(packed) // 2]),
        ("tables/run.jsonl.zst", lambda packed: b""),
        ("tables/story.jsonl.zst", lambda packed: b"not zstd at all"),
        ("tables/candidate.jsonl.zst", lambda packed: zstd.compress(b"{}\n")),
    ],
)
def test_an_altered_backup_is_refused_and_the_database_stays_as_it_was(
    filled: Store, new_database: Callable[[], str], tmp_path: Path, member: str, change: Callable[[bytes], bytes]
) -> None:
    file = filled.back_up(tmp_path / "one.zip", NOW).file
    altered = rewrite(file, member, change)
    with pytest.raises(BackupUnusable, match="damaged or incomplete"):
        altered.verify()
    with Store.open(new_database(), migrate=True) as other:
        with pytest.raises(BackupUnusable, match="damaged or incomplete"):
            other.restore(altered)
        assert other.totals().articles == 0
        with reading(other._engine) as connection:
            assert revision(connection) == HEAD


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda body: body[: len(body) // 2], id="cut"),
        pytest.param(lambda body: b"", id="empty"),
        pytest.param(lambda body: b"PK\x03\x04" + b"x" * 400, id="foreign"),
        pytest.param(lambda body: body[:600] + bytes([body[600] ^ 1]) + body[601:], id="one bit"),
    ],
)
def test_a_damaged_file_is_refused_with_what_to_do(
    filled: Store, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    file = filled.back_up(tmp_path / "one.zip", NOW).file
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(BackupUnusable, match=r"damaged or incomplete.*办法 换另一份备份"):
        Archive.open(file).verify()


def test_a_zip_of_something_else_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "else.zip", "w") as other:
        other.writestr("manifest.json", json.dumps({"format": "holiday-pictures", "version": 1}))
    with pytest.raises(BackupUnusable, match="dangjian-backup"):
        Archive.open(tmp_path / "else.zip")
    with pytest.raises(BackupUnusable, match="no such file"):
        Archive.open(tmp_path / "missing.zip")


def test_a_backup_of_a_later_version_is_refused(filled: Store, new_database: Callable[[], str], tmp_path: Path) -> None:
    file = filled.back_up(tmp_path / "one.zip", NOW).file
    later = rewrite(file, "manifest.json", lambda said: json.dumps(json.loads(said) | {"revision": "9999"}).encode())
    with Store.open(new_database()) as other, pytest.raises(DatabaseTooNew, match="9999"):
        other.restore(later)


def test_a_backup_of_an_earlier_revision_is_brought_up_to_date(database_url: str, tmp_path: Path) -> None:
    """As a version before stories by sentences wrote it: other columns, and tables that did not exist yet."""
    engine = open_engine(database_url)
    with writing(engine) as connection:
        upgrade(connection, "0001")
        connection.execute(text("INSERT INTO source (slug, name, kind, enabled) VALUES ('old', '旧', 'list', true)"))
    file = write_as_revision(tmp_path / "old.zip", "0001")
    with Store.open(database_url) as store:
        with pytest.raises(DatabaseNotEmpty):
            store.restore(file)
        store.restore(file, replace=True)
        assert store.totals().sources == 1
        with reading(store._engine) as connection:
            assert revision(connection) == HEAD
            assert connection.execute(select(Table.metadata.tables["source"].c.name)).scalars().all() == ["旧"]
    engine.dispose()


def write_as_revision(file: Path, name: str) -> Archive:
    """A backup that holds the sources only, as an earlier version of the program would have written it."""
    columns = [("slug", Kind.TEXT), ("name", Kind.TEXT), ("kind", Kind.TEXT), ("enabled", Kind.BOOLEAN)]
    line = encode(("old", "旧", "list", True), tuple(kind for _, kind in columns))
    tally = Tally()
    tally.add(line)
    counted = tally.counted
    table = {"name": "source", "columns": columns, "rows": counted.rows, "digest": counted.digest}
    manifest = {"format": "dangjian-backup", "version": 1, "made_at": NOW.isoformat(), "revision": name}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tables/source.jsonl.zst", zstd.compress(line + b"\n"))
        archive.writestr("manifest.json", json.dumps(manifest | {"database": "sqlite", "tables": [table]}))
    return Archive.open(file)


@pytest.mark.postgres
def test_a_backup_of_sqlite_is_restored_into_postgresql_and_back(tmp_path: Path, postgres_server: str) -> None:
    with Store.open(f"sqlite:///{tmp_path}/one.db", migrate=True) as one:
        fill(one)
        first = one.back_up(tmp_path / "one.zip", NOW)
        before = rows_with_clocks(one, *ALL)
    with Store.open(postgres_server) as server:
        server.restore(first, replace=True)
        second = server.back_up(tmp_path / "two.zip", NOW)
        assert (second.database, second.tables) == ("postgresql", first.tables)
    with Store.open(f"sqlite:///{tmp_path}/three.db") as three:
        three.restore(second)
        assert rows_with_clocks(three, *ALL) == before


def test_health_states_are_part_of_a_backup(store: Store, new_database: Callable[[], str], tmp_path: Path) -> None:
    run = begin(store)
    store.record_source(run, SourceReport("demo", 0, state=SourceState.SUSPECT, message="两周没有新文章"))
    archive = store.back_up(tmp_path / "one.zip", NOW)
    with Store.open(new_database()) as other:
        other.restore(archive)
        assert other.run_sources(run) == store.run_sources(run)
