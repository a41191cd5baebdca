"""What programs read: new stories as an Atom feed, and whether the room works."""

from __future__ import annotations

from importlib import metadata

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from flows.web.room import Here
from flows.web.today import LATE, find_night
from models.errors import DangjianError

__all__ = ["router"]

router = APIRouter()

ENTRIES = 50  # a feed reader that asks once a day misses nothing of a usual night
HOUR = 3600


@router.get("/feed.atom")
def list_new_stories(here: Here) -> Response:
    stories = here.browse.latest_stories(ENTRIES)
    updated = max((story.first_seen_at for story in stories), default=here.now)
    text = here.text("feed.xml", stories=stories, updated=updated, base=here.base)
    return Response(text, media_type="application/atom+xml")


@router.get("/health")
def tell_health(here: Here) -> JSONResponse:
    """200 where pages can be read, 503 where not. An old last run is told, and is no reason to send readers away."""
    told: dict[str, object] = {"version": metadata.version("dangjian-etl"), "database": "ok"}
    try:
        problem = here.browse.schema_problem()
        if problem:
            return JSONResponse(told | {"status": "unavailable", "database": problem.value}, 503)
        night = find_night(here.browse.run_counts(limit=20))
    except (DangjianError, SQLAlchemyError):
        return JSONResponse(told | {"status": "unavailable", "database": "unreachable"}, 503)
    age = (here.now - night.run.started_at) if night else None
    run = {
        "last_run": night.run.started_at.isoformat() if night else None,
        "last_run_state": night.run.state.value if night else None,
        "last_run_hours": round(age.total_seconds() / HOUR, 1) if age else None,
        "fresh": age is not None and age <= LATE,
    }
    return JSONResponse({"status": "ok"} | told | run)
