"""A person at the Prefect UI: a scheduled run fires, a run with parameters, its report, a failed task and its log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.report import CHINA
from models.accounts import RunState, Selection
from tests.connectors.site import Page, Site, article_number, government_pages, serve
from tests.flows.conftest import NOWHERE, Api, Place, free_port, make_place, remember_login, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

NEWER = 16  # articles of the site after its first night; there were 12
BROKEN = article_number(15)[0]
WAIT = 60_000  # ms; a flow run starts a process that imports Prefect, 3 to 8 s on an idle machine


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(government_pages(articles=12, faults=False)) as site:
        yield site


@pytest.fixture(scope="module")
def slow_site() -> Iterator[Site]:
    """A site that takes minutes: in the form, not in the nightly run."""
    with serve(government_pages(articles=40, faults=False)) as site:
        yield site


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, site: Site, slow_site: Site) -> Iterator[tuple[Place, Api]]:
    """`dangjian serve` with the nightly schedule four minutes ahead: a busy machine needs three to start."""
    soon = datetime.now(CHINA) + timedelta(minutes=4)
    place = make_place(tmp_path_factory.mktemp("served"), {"DANGJIAN_SCHEDULE": f"{soon.minute} {soon.hour} * * *"})
    place.add_seeds()
    place.add_source("county", site.source_file())
    place.add_source("nowhere", NOWHERE)
    place.add_source("slow", slow_site.source_file("慢网站", delay=3.0) + "enabled: false\n")
    port = free_port()
    process = place.start("serve", "--port", str(port))
    try:
        wait_for(f"http://127.0.0.1:{port}/api/health", process)
        yield place, place.api(port)
    finally:
        end_cleanly(process)


def end_cleanly(process: subprocess.Popen[str]) -> None:
    """Ctrl-C ends everything: the command, its server and its runner."""
    process.send_signal(signal.SIGINT)
    try:
        said, _ = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert process.returncode == 0, said
    assert "KeyboardInterrupt" not in said.replace("Received KeyboardInterrupt", "")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go; DANGJIAN_PICTURES keeps them."""
    folder = Path(os.environ.get("DANGJIAN_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, served: tuple[Place, Api]) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")),
            executable_path="/usr/bin/chromium",
            args=quiet,
            viewport={"width": 1400, "height": 1000},
        )
        remember_login(context, served[1].login)
        yield context
        context.close()


@pytest.fixture
def page(browser: Any, served: tuple[Place, Api]) -> Iterator[Any]:
    """A page that notes every request that leaves this machine."""
    page = browser.new_page()
    page.set_default_timeout(WAIT)
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if leaves(request.url) else None)
    yield page
    page.close()
    assert strangers == []


def leaves(url: str) -> bool:
    return url.startswith("http") and not url.startswith("http://127.0.0.1")


def wait_for_run(api: Api, start: str, known: set[str], seconds: float = 240) -> dict[str, Any]:
    """The first finished run with that name that was not known before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for run in api.flow_runs():
            done = run["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
            if run["name"].startswith(start) and run["id"] not in known and done:
                return run
        time.sleep(1)
    raise AssertionError(f"no finished run named {start}…; there are {[r['name'] for r in api.flow_runs()]}")


def test_the_ui_opens_to_who_has_the_login_only(
    browser: Any, page: Any, served: tuple[Place, Api], pictures: Path
) -> None:
    _, api = served
    home = api.url.removesuffix("/api")
    assert httpx.post(f"{api.url}/flow_runs/filter", json={}, timeout=30).status_code == 401
    assert httpx.get(f"{api.url}/health", timeout=30).status_code == 200
    # The context has logged in already: forget that once, and only on this page.
    page.goto(f"{home}/deployments")
    page.evaluate("localStorage.removeItem('prefect-password')")
    page.add_init_script("if (location.pathname === '/login') localStorage.removeItem('prefect-password')")
    page.goto(f"{home}/login?redirect=/deployments")
    page.get_by_placeholder("admin:pass").fill("admin:guess")
    page.get_by_role("button", name="Login").click()
    page.get_by_text("Authentication failed").first.wait_for()
    page.screenshot(path=pictures / "login.png")
    page.get_by_placeholder("admin:pass").fill(api.login)
    page.get_by_role("button", name="Login").click()
    page.wait_for_url(f"{home}/deployments")
    page.get_by_role("link", name="夜间采集").first.wait_for()


def test_the_schedule_fires_by_itself(page: Any, served: tuple[Place, Api], pictures: Path) -> None:
    place, api = served
    run = wait_for_run(api, "夜间采集", set(), seconds=420)
    assert run["created_by"]["type"] == "SCHEDULE" or run["auto_scheduled"]
    assert run["state"]["type"] == "COMPLETED", run["state"]
    with place.store() as store:
        assert store.runs(limit=1)[0].flow_run_id == run["id"]
        assert {line.source for line in store.run_sources(store.runs(limit=1)[0].id)} == {"seeds", "county", "nowhere"}
    page.goto(f"{api.url.removesuffix('/api')}/runs")
    page.get_by_text(run["name"]).first.wait_for()
    page.screenshot(path=pictures / "runs.png")


def test_a_run_with_parameters_its_report_and_a_failed_task(
    page: Any, served: tuple[Place, Api], pictures: Path, site: Site
) -> None:
    _, api = served
    home = api.url.removesuffix("/api")
    more = government_pages(articles=NEWER, faults=False)
    site.pages.update(more | {BROKEN: Page("服务器内部错误".encode(), status=500)})
    page.goto(f"{home}/deployments")
    page.get_by_role("link", name="抓取一个来源").first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    page.wait_for_selector(".schema-form-property__label")
    labels = page.locator(".schema-form-property__label").all_inner_texts()
    page.screenshot(path=pictures / "form.png", full_page=True)
    assert any("source" in label.lower() for label in labels)
    assert page.get_by_text("来源（来自 connectors/sources 中的文件）").is_visible()

    # The control stands in a label, which hands a driven click on a second time and closes the list again.
    page.locator(".p-select-button__control").first.evaluate("e => e.dispatchEvent(new MouseEvent('click'))")
    page.get_by_role("option", name="县委组织部 · county").click()
    page.screenshot(path=pictures / "form-filled.png", full_page=True)
    page.get_by_role("button", name="Submit").click()

    run = wait_for_run(api, "抓取 县委组织部", set())
    assert (run["state"]["type"], run["state"]["name"]) == ("COMPLETED", "完成但有问题")
    page.goto(f"{home}/runs/flow-run/{run['id']}")
    page.get_by_text("完成但有问题").first.wait_for()
    page.screenshot(path=pictures / "run.png")

    page.locator("li.p-tab", has_text="Artifacts").click()
    page.get_by_text("report-ingest-source").first.click()
    page.get_by_role("heading", name=re.compile("抓取 县委组织部")).wait_for()
    assert page.get_by_text("失败的网址").is_visible()
    page.screenshot(path=pictures / "report.png", full_page=True)

    [failed] = [t for t in api.task_runs(run["id"]) if t["state"]["type"] == "FAILED"]
    page.goto(f"{home}/runs/flow-run/{run['id']}")
    page.locator("li.p-tab", has_text="Task Runs").click()
    page.get_by_text(failed["name"]).first.click()
    page.get_by_text("UrlFailedError").first.wait_for()
    page.screenshot(path=pictures / "failed-task.png", full_page=True)
    assert page.get_by_text(re.compile("http-5xx")).first.is_visible()
    said = api.logs(failed["id"])
    for part in (
        "应为 / expected: HTTP 200",
        "HTTP 500",
        "服务器内部错误",
        "如何重试",
        "dangjian retry --source county",
    ):
        assert part in said, (part, said)
    # The report leads to that page.
    page.goto(f"{home}/runs/flow-run/{run['id']}")
    page.locator("li.p-tab", has_text="Artifacts").click()
    page.get_by_text("report-ingest-source").first.click()
    page.goto(page.get_by_role("link", name="查看任务").first.get_attribute("href"))
    page.get_by_text("UrlFailedError").first.wait_for()


def test_retry_in_the_ui_tries_only_what_failed_again(
    page: Any, served: tuple[Place, Api], pictures: Path, site: Site
) -> None:
    place, api = served
    home = api.url.removesuffix("/api")
    run = wait_for_run(api, "抓取 县委组织部", set())
    site.pages[BROKEN] = government_pages(articles=NEWER, faults=False)[BROKEN]
    asked = len(site.hits)
    page.goto(f"{home}/runs/flow-run/{run['id']}")
    page.get_by_role("button", name="Retry").first.click()
    page.locator(".p-modal, [role=dialog]").get_by_role("button", name="Retry").click()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        again = next(r for r in api.flow_runs() if r["id"] == run["id"])
        if again["run_count"] == 2 and again["state"]["name"] == "Completed":
            break
        time.sleep(1)
    page.goto(f"{home}/runs/flow-run/{run['id']}")
    page.wait_for_timeout(2000)
    page.screenshot(path=pictures / "retried.png")
    assert again["state"]["name"] == "Completed", again["state"]
    pages = [path for path in site.paths[asked:] if path != "/robots.txt"]
    assert pages == [BROKEN]
    with place.store() as store:
        assert any(BROKEN in article.url for article in store.recent_articles(limit=50))


def test_the_doctor_and_the_health_command_find_the_served_instance_well(served: tuple[Place, Api]) -> None:
    place, api = served
    said = place.dangjian("doctor", "--offline").stdout
    assert f"✓ Prefect  {api.url}，下一次" in said, said
    assert "✓ 口令" in said
    assert place.dangjian("health").returncode == 0


def open_form(page: Any, home: str, deployment: str) -> None:
    page.goto(f"{home}/deployments")
    page.get_by_role("link", name=deployment).first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    page.wait_for_selector(".schema-form-property__label")


def test_one_address_is_fetched_from_its_form(
    page: Any, served: tuple[Place, Api], pictures: Path, slow_site: Site
) -> None:
    place, api = served
    home = api.url.removesuffix("/api")
    address = slow_site.base + article_number(33)[0]
    open_form(page, home, "抓取网址")
    page.get_by_role("button", name="Add item").click()
    page.locator(".schema-form-property-array-item textarea").first.fill(address)
    page.screenshot(path=pictures / "url-form.png", full_page=True)
    page.get_by_role("button", name="Submit").click()
    run = wait_for_run(api, "抓取网址", set())
    assert run["state"]["name"] == "Completed", run["state"]
    with place.store() as store:
        assert address in {article.url for article in store.recent_articles(limit=50)}


def test_cancelling_in_the_ui_ends_the_run_cleanly_and_keeps_what_it_has(
    page: Any, served: tuple[Place, Api], pictures: Path, slow_site: Site
) -> None:
    place, api = served
    home = api.url.removesuffix("/api")
    open_form(page, home, "抓取一个来源")
    page.locator(".p-select-button__control").first.evaluate("e => e.dispatchEvent(new MouseEvent('click'))")
    page.get_by_role("option", name="慢网站 · slow").click()
    page.get_by_role("button", name="Submit").click()
    deadline = time.monotonic() + 120
    while (
        not (going := [run for run in api.flow_runs() if run["name"].startswith("抓取 慢网站")])
        or len([path for path in slow_site.paths if "/t2026" in path]) < 4
    ):
        assert time.monotonic() < deadline
        time.sleep(1)
    page.goto(f"{home}/runs/flow-run/{going[0]['id']}")
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    asked = time.monotonic()
    page.locator(".p-modal, [role=dialog]").get_by_role("button", name="Confirm").click()
    run = wait_for_run(api, "抓取 慢网站", set(), seconds=30)
    assert run["state"]["type"] == "CANCELLED", run["state"]
    print(f"cancelled within {time.monotonic() - asked:.0f} s")
    page.wait_for_timeout(2000)
    page.screenshot(path=pictures / "cancelled.png")
    with place.store() as store:
        [row] = [row for row in store.runs(limit=20) if row.flow_run_id == run["id"]]
        assert (row.state, "保留" in row.message) == (RunState.CANCELLED, True)
        pages = store.count_raw(Selection(sources=("slow",)))["slow"]
    assert pages >= 3, "what was fetched is kept"


def test_a_killed_run_is_marked_as_crashed_by_an_automation(served: tuple[Place, Api]) -> None:
    _, api = served
    names = [automation["name"] for automation in api.ask("automations/filter")]
    assert names == ["标记中断的运行"]
