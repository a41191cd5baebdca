"""Templates and what they may call: moments in Chinese time, safe links, counted numbers. Everything is escaped."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cleaning.explain import CERTAINTIES, KINDS, SCRIPTS, name_place, name_rule
from flows.overview import RUN_STATES
from flows.report import CHINA, OUTCOME_NAMES
from flows.web import words
from models.records import Precision

__all__ = ["SHORT_KEY", "STYLE", "STYLE_VERSION", "moment", "published", "render_text", "safe_link"]

STYLE = resources.files("flows.web").joinpath("style.css").read_bytes()
# Part of the address, so that a browser may keep the file for a year and still sees a new one at once.
STYLE_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]

SHORT_KEY = 16  # hex digits of a key in an address: two of a million articles share them once in 10^7 corpora

# Direction marks, which turn a line of a page around, and what neither HTML nor XML may hold.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def safe_link(address: str | None) -> str | None:
    """``address`` if a reader may be sent there: an absolute http(s) address without a login in it."""
    if not address or _UNSEEN.search(address):
        return None
    try:
        parts = urlsplit(address.strip())
        safe = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        return None
    return address.strip() if safe else None


def moment(value: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """A moment as the clocks in China show it."""
    return value.astimezone(CHINA).strftime(form) if value else "—"


def published(value: datetime | None, precision: str | None) -> str:
    """A date of publication as far as the page gave it."""
    if value is None:
        return "日期不详"
    return moment(value, "%Y-%m-%d" if precision == Precision.DAY else "%Y-%m-%d %H:%M")


def lately(value: datetime | None, precision: str | None, now: datetime) -> str:
    """``published`` without the year, as long as it is this one."""
    said = published(value, precision)
    return said.removeprefix(f"{now.astimezone(CHINA).year}-")


def weekday(value: datetime) -> str:
    return f"星期{'一二三四五六日'[value.astimezone(CHINA).weekday()]}"


def span(seconds: float) -> str:
    """73.4 seconds as 1 分 13 秒."""
    if seconds < 1:
        return f"{seconds:.1f} 秒"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {whole % 60} 秒" if minutes else f"{whole} 秒"


def age(value: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    if value is None:
        return "从未"
    minutes = max(int((now - value).total_seconds() // 60), 0)
    for size, unit in ((1440, "天"), (60, "小时"), (1, "分钟")):
        if minutes >= size:
            return f"{minutes // size} {unit}前"
    return "刚刚"


def number(value: float) -> str:
    return f"{value:,.0f}"


def size(value: int) -> str:
    return f"{value:,} 字节" if value < 10_000 else f"{value / 1024:,.0f} KB"


def _clean(value: Any) -> Any:
    """Every text that a template prints passes here: without what turns lines around or breaks XML."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _UNSEEN.sub("", value)


def _make_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.web"),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": moment,
        "published": published,
        "lately": lately,
        "span": span,
        "weekday": weekday,
        "number": number,
        "size": size,
        "link": safe_link,
        "rule": name_rule,
        "place": name_place,
        "flag": words.name_flag,
        "region": words.name_region,
        "key": lambda key: key[:SHORT_KEY],
        "markup": Markup,  # of charts only, which escape what they are given
    }
    environment.globals |= {
        "words": words,
        "style_version": STYLE_VERSION,
        "outcomes": OUTCOME_NAMES,
        "run_states": RUN_STATES,
        "certainties": CERTAINTIES,
        "kinds": KINDS,
        "scripts": SCRIPTS,
        "age": age,
    }
    return environment


_ENVIRONMENT = _make_environment()


def render_text(template: str, root: str, now: datetime, **values: Any) -> str:
    """A template as text. ``root`` is the path that the reading room stands under, empty or "/room"."""
    return _ENVIRONMENT.get_template(template).render(root=root, now=now, **values)
