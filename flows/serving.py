"""`dangjian serve`: the Prefect server, the schedules and the runner of the flows in one command, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from flows.catalogue import FLOWS, load_flow, name_fields
from flows.collector import collect_rarely
from flows.login import is_loopback, login_file, read_login, use_login
from flows.prefect_env import find_orphan, find_server, forget_server, prepare_prefect, remember_server
from flows.settings import Settings, load_settings

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

__all__ = ["make_deployments", "serve_all"]

# A first start also migrates Prefect's database: 11 to 40 s measured on two cores.
START_SECONDS = 180.0
STOP_SECONDS = 20.0
# Processes of runs: one at work, some that wait for it, one for a single page. Each takes about 150 MB.
RUNS_AT_ONCE = 4


def serve_all(*, host: str | None = None, port: int | None = None) -> int:
    """Start everything, serve until a signal comes, stop everything. Answers the exit status."""
    from flows.session import open_store

    # A shell starts a background job with Ctrl-C ignored, and the server would inherit that: neither could be ended.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asked = load_settings()
    settings = asked.model_copy(
        update={"prefect_host": host or asked.prefect_host, "prefect_port": port or asked.prefect_port}
    )
    end_orphan(settings)
    prepare_prefect(settings)
    use_login(settings)
    if other := find_server(settings):
        print(f"已有服务器在运行 / a server is running already: {other}", file=sys.stderr)
        return 1
    # The corpus first: a database that can not be had should be said now, not in the middle of the night.
    open_store(settings).close()
    # Ctrl-C while things are still starting is as good an end as any.
    with suppress(KeyboardInterrupt), server_running(settings) as url:
        os.environ["PREFECT_API_URL"] = url
        serve_flows(settings)
    return 0


@contextmanager
def server_running(settings: Settings) -> Iterator[str]:
    """A Prefect server as a child process; the address of its API."""
    url = f"http://{reachable(settings.prefect_host)}:{settings.prefect_port}/api"
    os.environ["PREFECT_API_URL"] = url
    if not is_loopback(settings.prefect_host):
        # Browsers elsewhere know this machine by another name than we do: let the UI ask where it came from.
        os.environ.setdefault("PREFECT_SERVER_UI_API_URL", "/api")
    # A group of its own: Ctrl-C reaches the runner first, which then ends its runs while the server still answers.
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", settings.prefect_host, "--port", str(settings.prefect_port)]
    log = settings.prefect_home / "server.log"
    with log.open("ab") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)  # noqa: S603
    try:
        print("正在启动 Prefect 服务器（约 10 至 40 秒）/ starting the Prefect server ...", file=sys.stderr, flush=True)
        wait_until_healthy(server, log)
        remember_server(settings, url, server.pid)
        yield url
    finally:
        forget_server(settings)
        stop(server)


def reachable(host: str) -> str:
    """Under which address this machine itself reaches a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104


def wait_until_healthy(server: subprocess.Popen[bytes], log: Any) -> None:
    from prefect.client.orchestration import get_client

    deadline = time.monotonic() + START_SECONDS
    with get_client(sync_client=True) as client:
        while client.api_healthcheck() is not None:
            if server.poll() is not None:
                raise SystemExit(f"Prefect 服务器没有启动 / the Prefect server did not start; 日志 / log: {log}")
            if time.monotonic() > deadline:
                raise SystemExit(f"Prefect 服务器 {START_SECONDS:.0f} 秒内没有应答 / no answer; 日志 / log: {log}")
            time.sleep(0.5)


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def end_orphan(settings: Settings) -> None:
    """End a server that a killed ``dangjian serve`` left behind: it holds the port and the database of Prefect."""
    orphan = find_orphan(settings)
    if orphan is None:
        return
    print(f"上次留下的服务器仍在，先结束它 / ending the server that was left behind: {orphan}", file=sys.stderr)
    for order in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(orphan, order)
        deadline = time.monotonic() + STOP_SECONDS
        while find_orphan(settings) == orphan and time.monotonic() < deadline:
            time.sleep(0.1)
    forget_server(settings)


async def make_deployments(settings: Settings) -> list[RunnerDeployment]:
    """All flows, each with its form; the nightly one with its schedule and one run at a time."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import EntrypointType  # type: ignore[attr-defined]
    from prefect.schedules import Cron

    # Late runs do not pile up: one runs, the others of the same deployment are cancelled.
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    made: list[RunnerDeployment] = []
    for offer in FLOWS:
        cron = settings.schedule if offer.name == "nightly" else offer.weekly
        schedules = [Cron(cron, timezone="Asia/Shanghai")] if cron else None
        deployment = await load_flow(offer).ato_deployment(
            offer.label,
            schedules=schedules,
            concurrency_limit=alone if offer.alone else None,
            description=offer.description,
            tags=["党建"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        name_fields(deployment._parameter_openapi_schema.properties)
        made.append(deployment)
    return made


async def prepare(settings: Settings) -> list[RunnerDeployment]:
    from flows.watch import install_crash_automation

    await install_crash_automation()
    return await make_deployments(settings)


def say_login(settings: Settings) -> str:
    """Where the login stands; never the login itself, which would end up in the journal of the machine."""
    made_up = settings.prefect_login is None and read_login(settings) == os.environ.get(
        "PREFECT_SERVER_API_AUTH_STRING"
    )
    return f"口令 / password:  cat {login_file(settings)}（整行 / the whole line）\n" if made_up else ""


def serve_flows(settings: Settings) -> None:
    """Serve the deployments until SIGINT or SIGTERM."""
    from prefect import serve

    collect_rarely()
    deployments = asyncio.run(prepare(settings))
    address = f"http://{reachable(settings.prefect_host)}:{settings.prefect_port}"
    print(
        f"界面 / UI:  {address}\n{say_login(settings)}部署 / deployments:  {address}/deployments\n"
        f"夜间采集 / nightly:  {settings.schedule} Asia/Shanghai\n按 Ctrl-C 停止 / Ctrl-C stops",
        file=sys.stderr,
        flush=True,
    )
    # The schedule must survive a restart: serve() would pause it on SIGTERM.
    serve(*deployments, pause_on_shutdown=False, print_starting_message=False, limit=RUNS_AT_ONCE)
