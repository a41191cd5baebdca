"""Our own Prefect server, asked without Prefect's client: that costs two seconds to load."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from connectors.http import ask_own_server
from flows.login import NO_LOGIN, read_login
from flows.prefect_env import find_server
from flows.settings import Settings

__all__ = ["Server", "find_own_server"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where the Prefect server is and how to log in."""

    url: str
    login: str = ""

    def status(self, path: str) -> int:
        """Raises OSError."""
        return ask_own_server(f"{self.url}/{path}", login=self.login).status

    def ask(self, path: str, **body: object) -> Any:
        """Raises OSError also where the server refuses or answers something else than JSON."""
        answer = ask_own_server(f"{self.url}/{path}", body=body, login=self.login)
        if answer.status != 200:
            raise OSError(f"{path}: HTTP {answer.status}")
        return json.loads(answer.body)


def find_own_server(settings: Settings) -> Server | None:
    """The server that commands report to: that of PREFECT_API_URL, or the one that ``dangjian serve`` has started."""
    url = os.environ.get("PREFECT_API_URL") or find_server(settings)
    if not url:
        return None
    login = os.environ.get("PREFECT_API_AUTH_STRING") or settings.prefect_login or read_login(settings) or ""
    return Server(url.rstrip("/"), "" if login == NO_LOGIN else login)
