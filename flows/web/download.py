"""The result of a search as a file, written beside the pages and gone once it is sent."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from flows.export.files import Wish, export, suggest_name
from flows.export.formats import Format
from flows.web.room import Here
from flows.web.searching import MOST_ROWS, Wanted

__all__ = ["FORMATS", "router"]

router = APIRouter()

# What opens with a double click or goes into another program; the rest is for `dangjian export`.
FORMATS = (Format.XLSX, Format.CSV, Format.JSONL, Format.MARKDOWN, Format.ATOM)
# Each takes a core for its seconds, and the night needs one as well.
AT_ONCE = 2
_TURNS = BoundedSemaphore(AT_ONCE)


@router.get("/export/{name}")
def download(here: Here, name: Format, asked: Wanted) -> FileResponse:
    if name not in FORMATS:
        raise HTTPException(404, "这种格式只能在服务器上用 dangjian export 导出。")
    wish = Wish(name, asked.q, asked.filters, per_story=asked.each == "story", limit=MOST_ROWS)
    folder = Path(tempfile.mkdtemp(prefix="dangjian-export-"))
    try:
        with _take_turn():
            export(here.browse, wish, folder / "export", here.now)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return FileResponse(
        folder / "export",
        media_type=name.media_type,
        filename=suggest_name(wish, here.now),
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(shutil.rmtree, folder),
    )


@contextmanager
def _take_turn() -> Iterator[None]:
    if not _TURNS.acquire(blocking=False):
        raise HTTPException(503, "正在为别人导出，请过十几秒再试。")
    try:
        yield
    finally:
        _TURNS.release()
