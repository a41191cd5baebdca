"""`dangjian search` and `dangjian export`, as people call them; filters as people give them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.filters import find_codes, make_filters, name_code
from flows.settings import load_settings
from models.accounts import RunKind
from models.decide import Cleaned
from models.errors import ConfigurationWrong
from models.records import Level, Region
from models.search import Filters
from models.store import Store
from tests.models.corpus import NOW, record

runner = CliRunner()


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Three articles in the database that the commands open."""
    monkeypatch.setenv("DANGJIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DANGJIAN_DATABASE_URL", "")
    monkeypatch.setenv("COLUMNS", "120")
    load_settings.cache_clear()
    street = Region(Level.STREET, "犀浦街道", "510117006", primary=True)
    made = [record("甲", regions=(street,)), record("乙", title="[bold]红色物业[/]"), record("丙", medium="别报")]
    with Store.open(load_settings().database, migrate=True) as store:
        run = store.begin_run(RunKind.INGEST, now=NOW, exclusive=False)
        store.apply(run, [Cleaned(one) for one in made], NOW)
    yield tmp_path
    load_settings.cache_clear()


def call(*arguments: str) -> str:
    done = runner.invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_search_prints_what_was_found(corpus: Path) -> None:
    said = call("search", "紅色物業")
    assert "1 篇报道" in said
    # A title is text, whatever marks it has.
    assert "[bold]红色物业[/]" in said
    assert "0 篇报道" in call("search", "没有这个词")


def test_search_prints_json_with_the_hits_marked(corpus: Path) -> None:
    found = json.loads(call("search", "红色物业", "--json"))
    assert (found["total"], found["exact"]) == (1, True)
    assert {"text": "红色物业", "hit": True} in found["hits"][0]["title_pieces"]


def test_search_filters_by_place_by_name(corpus: Path) -> None:
    assert json.loads(call("search", "--region", "四川省", "--json"))["total"] == 1
    assert json.loads(call("search", "--region", "郫都", "--json"))["total"] == 1
    assert json.loads(call("search", "--region", "北京市", "--json"))["total"] == 0
    assert json.loads(call("search", "社区", "--medium", "别报", "--json"))["total"] == 1
    assert json.loads(call("search", "--json", "--", "社区", "-红色"))["total"] == 2


def test_a_place_that_is_unknown_is_told_so(corpus: Path) -> None:
    done = runner.invoke(app, ["search", "--region", "乌有乡之国"])
    assert done.exit_code == 1
    assert "没有这个地名" in done.output


def test_rebuilding_says_how_much_it_did(corpus: Path) -> None:
    done = runner.invoke(app, ["search", "--rebuild"])
    assert done.exit_code == 0
    assert "3 篇" in done.output


def test_export_writes_to_the_folder_of_exports_or_where_it_is_told(corpus: Path, tmp_path: Path) -> None:
    said = call("export", "jsonl", "社区", "--columns", "标题,url")
    file = Path(said.splitlines()[0])
    assert file.parent == tmp_path / "exports"
    assert [sorted(json.loads(line)) for line in file.read_text("utf-8").splitlines()] == [["title", "url"]] * 3
    call("export", "csv", "--out", str(tmp_path / "给领导.csv"), "--medium", "别报")
    assert len((tmp_path / "给领导.csv").read_text("utf-8-sig").splitlines()) == 2
    (tmp_path / "folder").mkdir()
    call("export", "markdown", "--out", str(tmp_path / "folder"))
    assert [path.suffix for path in (tmp_path / "folder").iterdir()] == [".md"]


def test_a_column_that_does_not_exist_is_told_so(corpus: Path) -> None:
    done = runner.invoke(app, ["export", "csv", "--columns", "nosuch"])
    assert done.exit_code == 1
    assert "nosuch" in done.output


PLACES = [
    ("四川省", ("51",)),
    ("四川", ("51",)),
    ("成都市", ("5101",)),
    ("成都", ("5101",)),
    ("郫都区", ("510117",)),
    ("郫都", ("510117",)),
    ("510117", ("510117",)),
]


@pytest.mark.parametrize(("place", "codes"), PLACES)
def test_places_are_known_by_name_and_code(place: str, codes: tuple[str, ...]) -> None:
    assert find_codes(place) == codes


def test_a_name_that_several_places_have_means_all_of_them() -> None:
    assert len(find_codes("鼓楼区")) > 2
    assert name_code("51") == "四川省"
    assert name_code("99") == "99"
    with pytest.raises(ConfigurationWrong, match="乌有乡"):
        find_codes("乌有乡之国")


def test_filters_are_made_of_what_people_give() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    day = datetime(2026, 11, 1)  # noqa: DTZ001  as the command line reads a day
    made = make_filters(since=day, found_within=2, sources=["人民网 · people"], off_topic=True, now=now)
    assert made == Filters(
        since=date(2026, 11, 1), new_since=now - timedelta(days=2), sources=("people",), relevant=False
    )
