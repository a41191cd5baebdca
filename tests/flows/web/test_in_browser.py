"""A person in front of the reading room, at a desk and on a phone: a real Chromium against `dangjian web`."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import free_port, make_place, wait_for
from tests.flows.web.corpus import pages_to_visit, story_key
from tests.models.corpus import key_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DESK, PHONE = 1280, 360
STORY = f"/story/{story_key()[:16]}"


@pytest.fixture(scope="module")
def home(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`dangjian web` as people start it."""
    place = make_place(tmp_path_factory.mktemp("web"), {"DANGJIAN_DATABASE_URL": sqlite_url})
    port = free_port()
    process = place.start("web", "--port", str(port))
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert "Traceback" not in said


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go; DANGJIAN_PICTURES keeps them."""
    folder = Path(os.environ.get("DANGJIAN_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module", params=[(DESK, "light"), (PHONE, "light"), (PHONE, "dark")], ids=str)
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    width, scheme = request.param
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")),
            executable_path="/usr/bin/chromium",
            args=quiet,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
        )
        yield context
        context.close()


@pytest.fixture
def page(browser: Any, home: str) -> Iterator[Any]:
    """A page on which nothing may happen but reading: no dialog, no complaint, no request that leaves the room."""
    page = browser.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: wrong.append(f"console {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error {error}"))
    page.on("requestfailed", lambda request: wrong.append(f"failed {request.url}"))
    page.on("request", lambda request: None if _is_ours(request.url, home) else wrong.append(f"asked {request.url}"))
    yield page
    page.close()
    assert wrong == []


def _is_ours(url: str, home: str) -> bool:
    return url.startswith((home, "data:,"))


def test_no_page_scrolls_sideways_or_does_anything_by_itself(page: Any, home: str, pictures: Path) -> None:
    for number, path in enumerate(pages_to_visit()):
        page.goto(home + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], (path, wide)
        # What hostile markup would have left behind.
        assert (
            page.evaluate("document.querySelectorAll('script, img, iframe, [onerror], [onload], [onfocus]').length")
            == 0
        )
        page.screenshot(path=pictures / f"room-{wide[1]}-{number:02}.png")


def test_a_word_of_two_characters_leads_to_a_story_and_what_changed_in_it(page: Any, home: str) -> None:
    page.goto(home)
    page.get_by_role("searchbox").fill("议事")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("mark").first.inner_text() == "议事"
    page.get_by_role("link", name="院落里的议事厅").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "院落里的议事厅"
    changed = page.locator("#versions")
    assert changed.locator("del", has_text="六").first.is_visible()
    assert changed.locator("ins", has_text="八").first.is_visible()


def test_filters_are_chosen_in_menus_and_taken_away_by_a_click(page: Any, home: str) -> None:
    page.goto(f"{home}/search?q=社区")
    page.get_by_text("日期、地区、专题、来源").click()
    page.get_by_label("网站").select_option(label=page.locator("select[name=source] option").nth(1).inner_text())
    page.get_by_role("button", name="检索").click()
    page.wait_for_url("**source=*")
    chosen = page.locator(".chosen a").first
    assert "网站" in chosen.inner_text()
    chosen.click()
    assert "source=" not in page.url


def test_a_reader_goes_from_a_reprint_to_the_difference_and_back(page: Any, home: str) -> None:
    page.goto(f"{home}/story/{key_of('extended')[:16]}")
    page.get_by_role("link", name="与首发对照").click()
    assert page.locator(".diff ins").first.is_visible()
    page.get_by_role("link", name="院落里的议事厅").first.click()
    assert page.url == home + STORY


def test_a_file_is_downloaded_by_a_click(page: Any, home: str, tmp_path: Path) -> None:
    page.goto(f"{home}/search?q=议事厅")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "found.csv")
    assert "院落里的议事厅" in (tmp_path / "found.csv").read_text("utf-8-sig")


def test_everything_is_reached_by_keyboard(page: Any, home: str) -> None:
    page.goto(home)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# Relative luminance as WCAG 2 defines it, of every piece of text against the first ground behind it.
CONTRAST = """
() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour.startsWith('rgb') && (parse(colour)[3] ?? 1) === 1) return parse(colour);
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('main *, header *, footer *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest('option, svg, .unseen')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push([ratio.toFixed(2), element.className, element.textContent.trim().slice(0, 20)]);
  }
  return faint;
}
"""


def test_every_text_stands_out_from_its_ground(page: Any, home: str) -> None:
    for path in ("/", "/search?q=社区", STORY, "/sources", "/source/demo", "/runs"):
        page.goto(home + path)
        assert page.evaluate(CONTRAST) == [], path


def test_on_paper_only_what_is_read_is_left(page: Any, home: str, pictures: Path) -> None:
    page.goto(home + STORY)
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.locator("header nav").is_visible()
    assert not page.locator("form.quick").is_visible()
    page.emulate_media(media="screen")
