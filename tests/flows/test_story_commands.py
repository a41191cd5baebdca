"""`dangjian story` on a small database: shown, taken apart, put together."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaning.kinship import relate
from flows.cli import app
from models.decide import Cleaned
from models.store import Store
from tests.models.corpus import NOW, begin, copies_of, key_of, record

WHOLE, HEAD = key_of("甲-whole"), key_of("甲-head")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/store.db"
    monkeypatch.setenv("DANGJIAN_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "160")
    with Store.open(url, migrate=True, relate=relate) as store:
        texts = copies_of("甲")
        store.apply(begin(store), [Cleaned(record(f"甲-{how}", text=texts[how])) for how in ("whole", "head")], NOW)
    return url


def dangjian(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def articles_of(url: str, key: str) -> int:
    with Store.open(url) as store:
        found = store.story(key)
    return len(found.articles) if found else 0


def test_a_story_is_shown_split_and_joined_again(database: str) -> None:
    status, shown = dangjian("story", "show", HEAD[:8])
    assert status == 0
    assert "缩短" in shown
    assert "7/7" in shown
    assert dangjian("story", "split", HEAD[:10], WHOLE[:10], "--note", "另一件事")[0] == 0
    assert articles_of(database, WHOLE) == 1
    assert dangjian("story", "rebuild", "--all")[0] == 0
    assert articles_of(database, WHOLE) == 1
    assert dangjian("story", "join", WHOLE, HEAD)[0] == 0
    assert articles_of(database, WHOLE) == 2


def test_a_key_that_names_nothing_is_said_so(database: str) -> None:
    assert dangjian("story", "show", "0" * 64) == (1, f"没有这篇文章 / no such article: {'0' * 64}\n")
    status, said = dangjian("story", "join", WHOLE, "0" * 64)
    assert status == 1
    assert "no article" in said
