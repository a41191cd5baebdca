"""`dangjian web`: decides who may read from where, opens the database for reading, and serves until Ctrl-C."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from flows.collector import collect_rarely
from flows.login import is_loopback
from flows.prefect_env import find_server
from flows.settings import Settings, load_settings
from flows.web.guard import Access
from flows.web.room import Room
from models.browse import Browse, Schema
from models.errors import ConfigurationWrong, DatabaseBusy

__all__ = ["access_of", "make_room", "serve_room"]

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Connections that wait to be taken; a reading room has dozens of readers, not thousands.
BACKLOG = 128
# Requests worked on at once: beyond this readers are told to come again, and the machine stays alive for the night.
AT_ONCE = 64


def access_of(settings: Settings, host: str) -> Access:
    """Who may read a room that listens on ``host``.

    Raises ConfigurationWrong where others could reach it and no login is set, or where only half a login is.
    """
    user, password = settings.web_user, settings.web_password
    if bool(user) != bool(password) or ":" in user:
        raise ConfigurationWrong(
            "DANGJIAN_WEB_USER / DANGJIAN_WEB_PASSWORD",
            expected="两项都设置，用户名不含冒号 / both set, no colon in the name",
            advice="改正 .env 或环境变量 / correct .env or the environment",
        )
    if not is_loopback(host) and not password:
        raise ConfigurationWrong(
            f"监听 {host} 时别人也能打开阅览室 / others can reach the room on {host}",
            expected="DANGJIAN_WEB_USER, DANGJIAN_WEB_PASSWORD",
            advice="设置用户名和口令，或监听 127.0.0.1 并由代理转发 / set both, or listen on 127.0.0.1 behind a proxy",
        )
    return Access(_hosts_of(settings, host), user, password)


def _hosts_of(settings: Settings, host: str) -> frozenset[str] | None:
    outside = urlsplit(settings.web_url or "").hostname
    named = {outside.lower()} if outside else set()
    if is_loopback(host):
        return LOOPBACK_HOSTS | named
    # Bound to the network it is reached under names that we cannot know, unless the operator says which; a login
    # that no other page knows is what stands against rebinding then.
    return frozenset(named | LOOPBACK_HOSTS) if named else None


def find_prefect_ui(settings: Settings) -> str | None:
    """Where the Prefect UI is served for readers, if it is."""
    given = os.environ.get("PREFECT_UI_URL")
    api = find_server(settings)
    return given or (api.removesuffix("/api") if api else None)


def make_room(settings: Settings, host: str) -> Room:
    """The room for these settings. Raises ConfigurationWrong; connects to nothing yet."""
    access = access_of(settings, host)
    return Room(
        Browse.open(settings.database),
        access,
        prefect_ui=lambda: find_prefect_ui(settings),
        address=settings.web_url or None,
    )


def serve_room(host: str | None = None, port: int | None = None) -> int:
    """Serve until Ctrl-C. Exit status 1 if the settings do not allow it."""
    import uvicorn

    from flows.web.app import create_app

    collect_rarely()
    settings = load_settings()
    host, port = host or settings.web_host, port or settings.web_port
    try:
        room = make_room(settings, host)
    except ConfigurationWrong as error:
        print(error)
        return 1
    try:
        print(f"阅览室 / reading room: {settings.web_url or _address(host, port)}", flush=True)
        _warn_of_database(room.browse)
        uvicorn.run(
            create_app(room),
            host=host,
            port=port,
            root_path=urlsplit(settings.web_url or "").path.rstrip("/"),
            log_level="warning",
            backlog=BACKLOG,
            limit_concurrency=AT_ONCE,
            server_header=False,
            proxy_headers=False,
        )
    finally:
        room.browse.close()
    return 0


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{port}/"


def _warn_of_database(browse: Browse) -> None:
    """Say at once what a page would say later; the room starts all the same and works as soon as there is something."""
    try:
        problem = browse.schema_problem()
    except DatabaseBusy as error:
        print(error, flush=True)
        return
    if problem is Schema.NEW:
        print("数据库比本程序新，请更新本程序 / the database is newer than this program", flush=True)
    elif problem:
        print("数据库还没有建立或需要升级：dangjian migrate / no database yet, or an old one", flush=True)
