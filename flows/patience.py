"""Doing a small write again where the database failed in the middle of it. Beginnings wait by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from models.errors import DatabaseBusy

__all__ = ["insist"]

# Each attempt waits for the database before it begins (see models.database.be_patient), so few are enough.
ATTEMPTS = 3
PAUSE_SECONDS = 2.0

P = ParamSpec("P")
T = TypeVar("T")


async def insist(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread; again after a pause if the database broke off. For calls that may be made twice."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except DatabaseBusy:
            await asyncio.sleep(PAUSE_SECONDS)
    return await asyncio.to_thread(call, *args, **kwargs)
