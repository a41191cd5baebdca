"""The command `dangjian health`, which service managers and containers ask every half minute: vital signs only."""

from __future__ import annotations

from collections.abc import Iterator

from flows.doctor.own_server import find_own_server
from flows.settings import Settings, load_settings
from models.database import open_reader, reading
from models.errors import DangjianError
from models.migrate import revision
from models.migrations import HEAD

__all__ = ["run_health"]


def run_health() -> int:
    """For service managers and containers: exit status 0 if the server and the database answer. Without Prefect."""
    settings = load_settings()
    problems = [*_server_trouble(settings), *_database_trouble(settings)]
    print("；".join(problems) if problems else "正常 / healthy")
    return int(bool(problems))


def _server_trouble(settings: Settings) -> Iterator[str]:
    server = find_own_server(settings)
    if server is None:
        yield "Prefect 服务器没有运行 / the server is not running"
        return
    for path in ("health", "ready"):
        try:
            if (status := server.status(path)) != 200:
                yield f"Prefect {path}: HTTP {status}"
        except OSError as error:
            yield f"Prefect {path}: {error}"
            return


def _database_trouble(settings: Settings) -> Iterator[str]:
    try:
        engine = open_reader(settings.database)
        with reading(engine) as connection:
            if (found := revision(connection)) != HEAD:
                yield f"数据库结构版本 / database revision {found}，{HEAD} expected"
        engine.dispose()
    except DangjianError as error:
        yield str(error)
