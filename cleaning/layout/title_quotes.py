"""Put back the quotation marks of a title that was exported as a file name: `的_犀浦_范本` was 的“犀浦”范本."""

from __future__ import annotations

from dataclasses import replace

from cleaning.later import later
from cleaning.layout.steps import note
from models.records import Certainty, Draft, Found, Origin, Repair

__all__ = ["restore_title_quotes"]

RULE = "title-quotes"
# Quotes are not allowed in file names, so the exporter writes `_`; a quoted term rarely has over 20 characters.
_PAIR = later(r"_([^_]{1,20})_")
_HAN = later(r"[\u3400-\u9fff]")


def restore_title_quotes(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with pairs of underscores in a front-matter title made quotes; a single one stays: its mark is lost."""
    title = draft.title
    if title is None or title.origin is not Origin.FRONT_MATTER or title.value.count("_") < 2:
        return draft, ()
    # Latin names keep their underscores (my_file_name); an odd one out leaves the pairing open.
    if title.value.count("_") % 2 or not _HAN.search(title.value) or not _stand_in_chinese(title.value):
        return draft, ()
    restored = _PAIR.sub("“\\1”", title.value)
    repair = note(
        RULE,
        title.value,
        restored,
        "title",
        "the exporter writes _ for marks not allowed in file names",
        certainty=Certainty.HIGH,
    )
    return replace(draft, title=Found(restored, title.origin, title.raw)), (repair,)


def _stand_in_chinese(title: str) -> bool:
    """Whether every pair has a Chinese character at its edge, inside or out."""
    return all(
        _HAN.search(title[max(0, m.start() - 1) : m.start()] + m[1][0] + m[1][-1] + title[m.end() : m.end() + 1])
        for m in _PAIR.finditer(title)
    )
