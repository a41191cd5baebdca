"""The reading room put together: its pages, its layer of guards, and what it says when something goes wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Scope

from flows.web import download, feed, registry, searching, stories, today
from flows.web.guard import Guard
from flows.web.room import Room, find_room
from flows.web.show import STYLE, render_text
from models.browse import Schema
from models.errors import DangjianError, DatabaseBusy

__all__ = ["create_app"]

LOG = logging.getLogger(__name__)

A_YEAR = "public, max-age=31536000, immutable"

NOT_FOUND = (
    "没有这个页面",
    "网址可能抄错了，或文章编号不完整。可以从首页重新找，或用检索。",
)
SCHEMA_ADVICE = {
    Schema.MISSING: (
        "还没有数据库",
        "请先运行一次采集（dangjian nightly）或建立数据库（dangjian migrate），再刷新本页。",
    ),
    Schema.OLD: ("数据库需要升级", "请运行 dangjian migrate，再刷新本页。阅览室自己从不改动数据库。"),
    Schema.NEW: ("数据库比本程序新", "请更新本程序（阅览室）到写入数据库的版本，再重新启动。"),
}
OUT_OF_REACH = ("数据库暂时无法读取", "请稍后刷新。若持续如此，请检查数据库服务、磁盘和 DANGJIAN_DATABASE_URL。")
TOO_SLOW = ("查询用时过长，已停止", "请缩小日期范围，或换用更长的检索词。")


def create_app(room: Room) -> ASGIApp:
    """The application. It owns nothing but ``room``; who made that closes it."""
    # FastAPI's own documentation pages load scripts from the internet.
    app = FastAPI(title="党建新闻阅览室", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.room = room
    for pages in (today, searching, download, stories, registry, feed):
        app.include_router(pages.router)
    app.add_api_route("/style.css", _style, include_in_schema=False)
    app.add_exception_handler(RequestValidationError, _explain_mistake)
    app.add_exception_handler(HTTPException, _explain_refusal)
    app.add_exception_handler(DangjianError, _explain_outage)
    app.add_exception_handler(SQLAlchemyError, _explain_outage)
    app.add_exception_handler(Exception, _explain_fault)
    # Outside of everything, so that the answer to a fault of ours carries the headers as well.
    return Guard(app, room.access, lambda *said: _refuse(room, *said))


def _style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": A_YEAR})


def _refuse(room: Room, scope: Scope, status: int, headline: str, advice: str) -> Response:
    text = render_text(
        "error.html", scope.get("root_path", ""), room.now(), status=status, headline=headline, advice=advice, detail=""
    )
    return HTMLResponse(text, status)


def _answer(request: Request, status: int, headline: str, advice: str) -> Response:
    return _refuse(find_room(request), request.scope, status, headline, advice)


def _explain_mistake(request: Request, error: Any) -> Response:
    places = "、".join(str(part["loc"][-1]) for part in error.errors())
    return _answer(request, 400, "网址中的参数不对", f"请检查：{places}。可以回到上一页重新选择。")


def _explain_refusal(request: Request, error: Any) -> Response:
    if error.status_code != 404:
        return _answer(request, error.status_code, "请求无法处理", str(error.detail))
    headline, advice = NOT_FOUND
    ours = error.detail != HTTPStatus.NOT_FOUND.phrase
    return _answer(request, 404, headline, str(error.detail) if ours else advice)


def _explain_outage(request: Request, error: Exception) -> Response:
    """The database is away, slow, missing or not ours: said as what to do about it."""
    said = _diagnose(find_room(request), error)
    if said is None:
        return _explain_fault(request, error)
    LOG.warning("%s: %s", request.url.path, error)
    headline, advice = said
    answer = _answer(request, 503, headline, advice)
    answer.headers["Retry-After"] = "30"
    return answer


def _diagnose(room: Room, error: Exception) -> tuple[str, str] | None:
    """What is wrong with the database; None if nothing is, and the fault is ours."""
    if "interrupted" in str(error) or "statement timeout" in str(error):
        return TOO_SLOW
    try:
        problem = room.browse.schema_problem()
    except (DatabaseBusy, SQLAlchemyError):
        return OUT_OF_REACH
    if problem:
        return SCHEMA_ADVICE[problem]
    return OUT_OF_REACH if isinstance(error, DatabaseBusy) else None


def _explain_fault(request: Request, error: Exception) -> Response:
    LOG.error("%s", request.url.path, exc_info=error)
    return _refuse(
        find_room(request), request.scope, 500, "程序出错了", "错误已记入日志。请把本页网址和时间告诉维护人员。"
    )
