"""A Prefect of our own for the tests: a temporary home, a server on a loopback port, never the user's ~/.prefect."""

from __future__ import annotations

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.login import read_login
from flows.settings import Settings, load_settings
from models.store import Store
from tests.connectors.site import Site, government_pages, serve

ROOT = Path(__file__).resolve().parent.parent.parent
DANGJIAN = Path(sys.executable).with_name("dangjian")

NOWHERE = """\
name: 不存在的网站
verified: own-page
discover:
  kind: list
  urls: [http://nowhere.invalid/dj/]
"""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Place:
    """A data directory with source files and seeds of its own, and the command line working in it."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)  # further environment

    @property
    def settings(self) -> Settings:
        return Settings(
            data_dir=self.folder / "data", seeds_dir=self.folder / "seeds", sources_dir=self.folder / "sources"
        )

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DANGJIAN_", "PREFECT_"))}
        ours = {
            "DANGJIAN_DATA_DIR": str(self.folder / "data"),
            "DANGJIAN_SEEDS_DIR": str(self.folder / "seeds"),
            "DANGJIAN_SOURCES_DIR": str(self.folder / "sources"),
            "DANGJIAN_LOOPBACK_HOSTS": "127.0.0.1",
            "DANGJIAN_RETRIES": "0",
            "DANGJIAN_BATCH_SIZE": "10",
            "COLUMNS": "200",
        }
        return kept | ours | self.more

    def add_source(self, slug: str, text: str) -> None:
        (self.folder / "sources" / f"{slug}.yaml").write_text(text, "utf8")

    def add_seeds(self) -> None:
        for seed in sorted((ROOT / "seeds").glob("*.txt")):
            (self.folder / "seeds" / seed.name).write_bytes(seed.read_bytes())

    def dangjian(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(DANGJIAN), *arguments], env=self.environment, capture_output=True, text=True, timeout=300, **more
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command in a session of its own, so that a test can end all of it."""
        return subprocess.Popen(
            [str(DANGJIAN), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def api(self, port: int) -> Api:
        """Questions to the server that ``serve`` has started here, with the login it has made up."""
        return Api(f"http://127.0.0.1:{port}/api", read_login(self.settings) or "")

    def store(self) -> Store:
        return Store.open(self.settings.database, migrate=True)

    def report(self) -> str:
        return max((self.folder / "data" / "reports").glob("*.md")).read_text("utf8")


def make_place(folder: Path, more: Mapping[str, str] | None = None) -> Place:
    for name in ("data", "seeds", "sources"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Place(folder, dict(more or {}))


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """Settings are read once per process; a test that sets its own must not meet those of another."""
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)


@pytest.fixture
def county() -> Iterator[Site]:
    with serve(government_pages(articles=25)) as site:
        yield site


# Prefect's server says 503 while its own database is locked, as it is for moments at its start; its client waits too.
ATTEMPTS = 30


@dataclass(frozen=True)
class Api:
    """Questions to a Prefect server."""

    url: str
    login: str = ""  # user:password

    def ask(self, path: str, **body: Any) -> Any:
        user, _, password = self.login.partition(":")
        auth = (user, password) if self.login else None
        for _ in range(ATTEMPTS):
            answer = httpx.post(f"{self.url}/{path}", json=body, timeout=30, auth=auth)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(1)
        answer.raise_for_status()
        return answer.json()

    def flow_runs(self) -> list[dict[str, Any]]:
        return list(self.ask("flow_runs/filter", sort="START_TIME_DESC"))

    def task_runs(self, flow_run: str) -> list[dict[str, Any]]:
        return list(self.ask("task_runs/filter", flow_runs={"id": {"any_": [flow_run]}}))

    def logs(self, task_run: str) -> str:
        found = self.ask("logs/filter", logs={"task_run_id": {"any_": [task_run]}})
        return "\n".join(log["message"] for log in found)

    def artifacts(self, flow_run: str) -> list[dict[str, Any]]:
        return list(self.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [flow_run]}}))


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One server for all tests of this process; starting it takes 11 to 26 s."""
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    environment = make_place(home).environment | {
        "PREFECT_HOME": str(home / "home"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/health", server)
        yield Api(f"http://127.0.0.1:{port}/api")
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def remember_login(context: Any, login: str) -> None:
    """Let every page of a browser context open the Prefect UI as somebody who has logged in before."""
    known = base64.b64encode(login.encode()).decode()
    context.add_init_script(f"localStorage.setItem('prefect-password', '{known}')")


def wait_for(url: str, process: subprocess.Popen[Any], seconds: float = 180) -> None:
    import time

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the process ended before it answered"
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{url} did not answer within {seconds} s")
