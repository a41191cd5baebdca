"""The digest in a real browser: strangers' words do nothing, nothing is loaded, it fits a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleaning.kinship import relate
from flows.digest.publish import print_digest
from flows.settings import Settings
from models.accounts import HealthState, SourceHealth
from models.store import Store
from tests.flows.digest.test_digest import HOSTILE, NOW, SICHUAN, TOPICS, night, story

pytestmark = pytest.mark.browser


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/corpus.db", web_url="http://127.0.0.1:9")
    with Store.open(settings.database, migrate=True, relate=relate) as store:
        store.note_health([SourceHealth("demo", HealthState.BROKEN, HOSTILE)], NOW)
        night(
            store,
            NOW,
            story(
                "敌", title=HOSTILE, text=f"{HOSTILE}。第二句也不短，说的是社区议事。", medium=HOSTILE, topics=TOPICS
            ),
            story("长", title="长" * 5000, text="无标点" * 4000, regions=SICHUAN),
            story("好", regions=SICHUAN, topics=TOPICS),
        )
    return print_digest(settings, NOW + timedelta(hours=1)).files[0]


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_hostile_words_are_read_and_do_nothing(digest: Path, browser: Any, width: int, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    page.goto(digest.as_uri())
    page.screenshot(path=str(tmp_path / f"digest-{width}.png"), full_page=True)
    assert asked == [digest.as_uri()]
    assert said == []
    assert page.locator("article").count() == 3
    assert "<script>alert(1)</script>" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("section.trouble li").count() == 1
    assert page.locator("svg").count() == 2
