"""The login of our own Prefect server: made up once, kept in the data folder, used by every command without asking.

Whoever reaches the server's port may start runs and read every log, and on a shared machine 127.0.0.1 is reached by
everybody who has an account. So there is a login by default, on one machine as well.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from contextlib import suppress
from pathlib import Path

from flows.settings import Settings
from models.errors import ConfigurationWrong

__all__ = ["NO_LOGIN", "find_login", "is_loopback", "login_file", "login_problem", "read_login", "use_login"]

NO_LOGIN = "none"  # the word that switches the login off, on this machine only
_USER = "admin"
_ONLY_OWNER = 0o600
# 24 random bytes are 32 letters: nobody types them twice, the browser keeps them.
_SECRET_BYTES = 24


def login_file(settings: Settings) -> Path:
    """Where a login that was made up is kept."""
    return settings.prefect_home / "login"


def find_login(settings: Settings) -> str | None:
    """``user:password`` of our server, made up and kept if nobody has set one; None where it is switched off.

    Raises ConfigurationWrong for a login without a colon, and for a server without login that others could reach.
    """
    asked = settings.prefect_login
    if asked == NO_LOGIN:
        if not is_loopback(settings.prefect_host):
            raise ConfigurationWrong(
                f"DANGJIAN_PREFECT_LOGIN={NO_LOGIN}, DANGJIAN_PREFECT_HOST={settings.prefect_host}",
                expected="无口令的服务器只能监听 127.0.0.1 / without a login the server listens on 127.0.0.1 only",
                advice="设置 DANGJIAN_PREFECT_LOGIN=用户:口令，或去掉它 / set user:password, or leave it out",
            )
        return None
    if asked is None:
        return read_login(settings) or _make_up(login_file(settings))
    # The login form of Prefect's UI takes nothing beyond ASCII.
    if not asked.partition(":")[2] or not asked.isascii():
        raise ConfigurationWrong(
            "DANGJIAN_PREFECT_LOGIN",
            expected="用户:口令，只用 ASCII 字符 / user:password, in ASCII",
            advice="改正 .env 或环境变量，见 docs/errors/configuration.md",
        )
    return asked


def read_login(settings: Settings) -> str | None:
    """The login in the file, None if there is none yet."""
    with suppress(FileNotFoundError):
        return login_file(settings).read_text("utf8").strip() or None
    return None


def _make_up(file: Path) -> str:
    """Write a new login, readable by its owner only; of two processes at once the first one wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".login-{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER)
    try:
        with os.fdopen(descriptor, "w", encoding="utf8") as out:
            out.write(f"{_USER}:{secrets.token_urlsafe(_SECRET_BYTES)}\n")
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
    return file.read_text("utf8").strip()


def use_login(settings: Settings) -> None:
    """Let Prefect's server and its clients in this process, and in the children of it, use the login.

    What the operator has set as Prefect's own variables stands above ours.
    """
    server = os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or find_login(settings)
    if server:
        os.environ["PREFECT_SERVER_API_AUTH_STRING"] = server
        os.environ.setdefault("PREFECT_API_AUTH_STRING", server)


def login_problem(settings: Settings) -> str | None:
    """Why the file of the login is not safe: others may read it. None if all is well or there is no file."""
    with suppress(FileNotFoundError):
        mode = login_file(settings).stat().st_mode & 0o777
        if mode & 0o077:
            return f"{login_file(settings)}: {mode:04o}"
    return None


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
