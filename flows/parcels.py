"""How pages and records travel between processes: each as its class and its values, in order.

Python pickles a frozen dataclass with slots by code that looks up its fields for every single value, and puts them back
one by one; of the sixty small values of a record that takes longer than all other work of sending it.
"""

from __future__ import annotations

import copyreg
from dataclasses import fields
from operator import attrgetter
from typing import Any

from models.records import (
    Block,
    Credit,
    Hints,
    Image,
    Provenance,
    RawPage,
    Record,
    Region,
    Relevance,
    Repair,
    Series,
    Topic,
)

__all__ = ["PARCELS"]

PARCELS: tuple[type[Any], ...] = (
    RawPage,
    Hints,
    Record,
    Block,
    Image,
    Credit,
    Series,
    Region,
    Topic,
    Relevance,
    Repair,
    Provenance,
)


def _pickle_by_place(kind: type[Any]) -> None:
    """Have values of this dataclass pickled as a call of the class; it needs two fields or more."""
    read = attrgetter(*(field.name for field in fields(kind)))
    copyreg.pickle(kind, lambda value: (kind, read(value)))


for _kind in PARCELS:
    _pickle_by_place(_kind)
