"""What the pages share: the database, the clock, who may read, and where other things are served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from flows.web.guard import Access
from flows.web.show import render_text
from models.browse import Browse

__all__ = ["Here", "Page", "Room", "find_room"]


def _tell_time() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Room:
    """``address`` is where readers reach the room from outside, None if it has no other name than the Host header."""

    browse: Browse
    access: Access = field(default_factory=Access)
    now: Callable[[], datetime] = _tell_time
    prefect_ui: Callable[[], str | None] = lambda: None
    address: str | None = None


def find_room(request: Request) -> Room:
    room: Room = request.app.state.room
    return room


@dataclass(frozen=True)
class Page:
    """One request on its way to an answer: the room, and how to put values into a template."""

    room: Room
    root: str
    base: str  # absolute address of the room, without a slash at its end
    now: datetime

    @property
    def browse(self) -> Browse:
        return self.room.browse

    def show(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        return HTMLResponse(self.text(template, **values), status)

    def text(self, template: str, **values: Any) -> str:
        return render_text(template, self.root, self.now, **values)


def _open_page(request: Request) -> Page:
    room = find_room(request)
    base = room.address or str(request.base_url)
    return Page(room, request.scope.get("root_path", ""), base.rstrip("/"), room.now())


# What every view takes first.
Here = Annotated[Page, Depends(_open_page)]
