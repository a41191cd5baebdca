"""Small charts as SVG text, for pages and mails that load nothing. Pure: numbers in, escaped markup out.

The markup carries no ``style`` (a strict content policy forbids it): colours are presentation attributes that follow
the text colour, so that they read on light and on dark ground. Classes let a page that has a style sheet colour them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["Bar", "bars", "skyline", "sparkline", "stacked"]

PAD = 2.0  # room for the line's own width at the edges, in pixels
GAP = 0.25  # of a bar's room stays empty, so that neighbours can be told apart
LEAST = 1.5  # pixels: one article must be visible beside a night with a thousand

# One number with its caption: ("11-21", 12).
Bar = tuple[str, float]


def sparkline(values: Sequence[float | None], *, width: int, height: int, label: str) -> str:
    """A line through ``values``, oldest first, from zero up; None is a gap. ``label`` is what a reader hears."""
    top = max((value for value in values if value is not None), default=0) or 1
    step = (width - 2 * PAD) / max(len(values) - 1, 1)
    parts = []
    for run in _unbroken(values):
        points = [(PAD + number * step, _y(value / top, height)) for number, value in run]
        if len(points) == 1:
            parts.append(_dot(*points[0], 1.5))
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            f'<polyline class="line" points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )
    if values and values[-1] is not None:
        parts.append(_dot(PAD + (len(values) - 1) * step, _y(values[-1] / top, height), 2.2))
    return _svg("spark", width, height, label, parts)


def skyline(values: Sequence[float], *, width: int, height: int, label: str) -> str:
    """Bars as one path and without captions, a tenth of the size: for a table with hundreds of charts."""
    top = max(values, default=0) or 1
    room = width / max(len(values), 1)
    parts = []
    for number, value in enumerate(values):
        if value > 0:
            high = max(value / top * (height - PAD), LEAST)
            parts.append(f"M{number * room:.1f} {height}v-{high:.1f}h{room * (1 - GAP):.1f}v{high:.1f}z")
    drawn = [f'<path class="bar" d="{"".join(parts)}" fill="currentColor"/>', _base(width, height)]
    return _svg("bars", width, height, label, drawn)


def bars(values: Sequence[Bar], *, width: int, height: int, label: str) -> str:
    """One bar per captioned number, oldest first; each shows its caption when pointed at."""
    return stacked([(caption, [("bar", value)]) for caption, value in values], width=width, height=height, label=label)


def stacked(columns: Sequence[tuple[str, Sequence[tuple[str, float]]]], *, width: int, height: int, label: str) -> str:
    """One column per caption, of parts (class of the part, number) from below; faint to full where colours are off."""
    top = max((sum(value for _, value in parts) for _, parts in columns), default=0) or 1
    room = width / max(len(columns), 1)
    drawn = [
        f"<g><title>{escape(caption)}</title>{_column(number * room, room, height, parts, top)}</g>"
        for number, (caption, parts) in enumerate(columns)
    ]
    return _svg("bars", width, height, label, [*drawn, _base(width, height)])


def _base(width: int, height: int) -> str:
    return f'<rect class="base" x="0" y="{height - 1}" width="{width}" height="1" fill="currentColor" opacity="0.25"/>'


def _column(left: float, room: float, height: int, parts: Sequence[tuple[str, float]], top: float) -> str:
    x, wide = left + room * GAP / 2, room * (1 - GAP)
    drawn = [f'<rect class="room" x="{left:.1f}" y="0" width="{room:.1f}" height="{height}" opacity="0"/>']
    floor = float(height)
    for number, (name, value) in enumerate(parts):
        if value <= 0:
            continue
        high = max(value / top * (height - PAD), LEAST)
        floor -= high
        shade = max(0.85 - 0.3 * number, 0.2)
        drawn.append(
            f'<rect class="{escape(name)}" x="{x:.1f}" y="{max(floor, 0):.1f}" width="{wide:.1f}" height="{high:.1f}"'
            f' fill="currentColor" opacity="{shade:.2f}"/>'
        )
    return "".join(drawn)


def _unbroken(values: Sequence[float | None]) -> Iterable[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for number, value in enumerate(values):
        if value is not None:
            run.append((number, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _y(share: float, height: int) -> float:
    return height - PAD - share * (height - 2 * PAD)


def _dot(x: float, y: float, radius: float) -> str:
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="currentColor"/>'


def _svg(kind: str, width: int, height: int, label: str, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
        f"<title>{escape(label)}</title>{''.join(parts)}</svg>"
    )
