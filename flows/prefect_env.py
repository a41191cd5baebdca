"""Prefect's environment, set before Prefect is imported: everything under the data directory, nothing phones home.

A variable that the operator has set already is left alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from flows.login import use_login
from flows.settings import Settings

__all__ = [
    "find_orphan",
    "find_server",
    "forget_server",
    "prepare_prefect",
    "quieten_console",
    "remember_server",
]

# Measured with Prefect 3.8.8 on two cores; docs/decisions.md has the figures.
DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # V2 of the UI calls an analytics host even so; V1 makes no external request.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # A server takes 11 to 40 s to start on a small machine; Prefect's own limit is 20.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    # One transaction per 50 events instead of one each: 10 ms of server time per task run instead of 60.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
    # Without heartbeats a killed run would stay "Running" for ever. 30 is the least Prefect accepts.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # 2, 4, 8 ... seconds: four minutes in all, in which a server that is restarted comes back; 62 s by default.
    "PREFECT_CLIENT_MAX_RETRIES": "7",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}


def prepare_prefect(settings: Settings) -> None:
    """Set Prefect's environment for this process and its children. Call before the first ``import prefect``."""
    settings.prefect_home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(settings.prefect_home))
    # Prefect writes its UI with the right addresses at every start, by default into its own package: as a service
    # or in a container that is not ours to write.
    os.environ.setdefault("PREFECT_SERVER_UI_STATIC_DIRECTORY", str(settings.prefect_home / "ui"))
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    served = find_server(settings)
    if served:
        os.environ.setdefault("PREFECT_API_URL", served)
    # Our password is for our server alone, never for one of somebody else's.
    if os.environ.get("PREFECT_API_URL") in (None, served):
        use_login(settings)


def server_file(settings: Settings) -> Path:
    return settings.prefect_home / "server.json"


def remember_server(settings: Settings, url: str, pid: int) -> None:
    """Leave word where the server of ``dangjian serve`` is, so that commands report to it."""
    server_file(settings).write_text(json.dumps({"url": url, "pid": pid, "served_by": os.getpid()}), "utf8")


def forget_server(settings: Settings) -> None:
    server_file(settings).unlink(missing_ok=True)


def find_server(settings: Settings) -> str | None:
    """API address of the server that ``dangjian serve`` has started and that still lives, else None."""
    known = _remembered(settings)
    return str(known["url"]) if known and _is_alive(int(known["pid"])) else None


def find_orphan(settings: Settings) -> int | None:
    """Process of a server whose ``dangjian serve`` was killed, and so could not end it; None if there is none."""
    known = _remembered(settings)
    if known is None or _is_alive(int(known.get("served_by", known["pid"]))):
        return None
    # The number may belong to another process by now: only one that says it is a Prefect server is ended.
    return int(known["pid"]) if _is_prefect_server(int(known["pid"])) else None


def _remembered(settings: Settings) -> dict[str, Any] | None:
    try:
        known = json.loads(server_file(settings).read_text("utf8"))
        return {**known, "pid": int(known["pid"]), "url": str(known["url"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True  # somebody else's
    except OSError:
        return False
    return True


def _is_prefect_server(pid: int) -> bool:
    """Where there is no /proc nobody can tell, and the operator has to end it himself."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return all(word in words for word in (b"prefect", b"server", b"start"))


def quieten_console() -> None:
    """Send Prefect's log to the server only: a command line says in its own few lines what happened."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
