"""A page that breaks, hangs or kills its process costs itself only."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.workshop import Broken, Workshop, clean_here
from models.records import MediaType, RawPage, Record
from tests.flows.hostile import misbehave

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def page(body: bytes, name: str = "a", media_type: MediaType = MediaType.HTML) -> RawPage:
    return RawPage("test", f"seed:{name}", name * 64, body, NOW, media_type)


async def test_a_page_that_hangs_and_one_that_kills_its_process_leave_the_others_alone() -> None:
    bodies = [b"fine", b"hang", b"fine", b"die", b"fine"]
    with Workshop(2, page_seconds=2.0, work=misbehave) as workshop:
        answers = await workshop.clean([page(body) for body in bodies], ())
    assert [type(answer) for answer in answers] == [Record, Broken, Record, Broken, Record]
    assert [answer.kind for answer in answers if isinstance(answer, Broken)] == ["timeout", "process died"]


def test_an_exception_becomes_a_value_with_its_traceback() -> None:
    broken = clean_here(page(None), ())  # type: ignore[arg-type]
    assert isinstance(broken, Broken)
    assert "Traceback" in broken.trace


def test_no_process_is_started_before_there_is_a_page() -> None:
    with Workshop(2) as workshop:
        assert workshop._pool is None
