"""A digest as Markdown (for the Prefect UI and files), as one self-contained HTML page, and as a few lines for chats.

Titles and sentences come from pages of strangers: Markdown escapes them, the template escapes them, and an address
becomes a link only if it is http or https.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from flows.digest.edition import Edition, Item, Line
from flows.month import draw_faults, draw_news
from flows.report import CHINA, escape
from flows.standing import HEALTH_NAMES, MARKS, strip
from flows.web.show import safe_link

__all__ = ["summarise", "title_of", "to_html", "to_markdown", "to_text"]

WEEKDAYS = "一二三四五六日"
CHART_WIDTH = 600  # pixels; shrinks with the page
TEXT_STORIES = 12  # titles in a chat message; it is cut to what the chat takes anyway


def title_of(edition: Edition) -> str:
    day = edition.until.astimezone(CHINA)
    return f"党建早报 {day:%Y年%m月%d日} 星期{WEEKDAYS[day.weekday()]}"


def summarise(edition: Edition) -> str:
    """The morning in one sentence, trouble first."""
    trouble = f"{len(edition.trouble)} 个来源需要处理；" if edition.trouble else ""
    nights = "夜间采集有问题；" if edition.alarms else ""
    fields = "、".join(f"{topic} {number}" for topic, number in edition.topics[:3])
    news = f"新报道 {edition.stories} 篇" + (f"（{fields}）" if fields else "")
    more = [f"{len(edition.reprinted)} 篇旧报道又有转载"] if edition.reprinted else []
    more += [f"{len(edition.updated)} 篇有修改"] if edition.updated else []
    return nights + trouble + "，".join([news, *more]) + "。"


def say_numbers(edition: Edition) -> str:
    last, usual = edition.last, edition.usual
    compared = f"，平时约 {usual:.0f} 篇" if usual else ""
    return f"今天新报道 {last.new} 篇{compared}；转载 {last.copies} 篇；失败或隔离 {last.failed} 个网址。"


def say_when(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"


def say_facts(item: Item) -> str:
    """Who, when, where and what about, in one line."""
    return " · ".join(filter(None, [item.medium, item.published, item.place, "、".join(item.topics)]))


def say_copies(item: Item) -> str:
    more = f"等 {len(item.copies) + item.more_copies} 处" if item.more_copies else ""
    return "、".join(item.copies) + more


# Markdown


def to_markdown(edition: Edition) -> str:
    parts = [
        f"# {title_of(edition)}",
        f"收录 {say_when(edition.since)} 至 {say_when(edition.until)}（北京时间）",
        f"**{escape(summarise(edition))}**",
        "\n".join(_trouble(edition)),
        f"## 新报道 {edition.stories}",
        *(_stories(edition) if edition.groups else ["没有新报道。"]),
        *_older("旧报道的新转载", edition.reprinted),
        *_older("修改过的文章", edition.updated),
        "## 最近 30 天",
        say_numbers(edition),
        f"新报道 `{strip([n.new for n in edition.nights])}`  失败 `{strip([n.failed for n in edition.nights])}`",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _trouble(edition: Edition) -> Iterator[str]:
    if edition.alarms or edition.trouble:
        yield "## 需要处理\n"
        yield from (f"- {escape(alarm)}" for alarm in edition.alarms)
        for one in edition.trouble:
            since = f"（自 {one.health.since.astimezone(CHINA):%m-%d}）" if one.health.since else ""
            state = f"{MARKS[one.health.state]} **{HEALTH_NAMES[one.health.state]}**"
            yield f"- {state} {escape(one.name)}：{escape(one.health.reason)}{since}"
        yield ""
    if edition.quiet:
        yield f"安静：{'、'.join(escape(one.name) for one in edition.quiet)}\n"
    yield from (f"{escape(remark)}\n" for remark in edition.remarks)


def _stories(edition: Edition) -> Iterator[str]:
    yield "　".join(f"{escape(topic)} {number}" for topic, number in edition.topics)
    for group in edition.groups:
        yield f"### {escape(group.name)}"
        yield from (_story(item) for item in group.items)
        if group.left_out:
            yield f"另有 {group.left_out} 篇。"


def _story(item: Item) -> str:
    lines = [f"**{_link(item.title, item.link or item.url)}**  ", f"{escape(say_facts(item))}"]
    if item.extract:
        lines += ["", escape(item.extract, 1000)]
    if item.copies:
        lines += ["", f"转载：{escape(say_copies(item))}"]
    return "\n".join(lines)


def _older(name: str, lines: tuple[Line, ...]) -> list[str]:
    if not lines:
        return []
    said = [f"- {_link(line.title, line.url)}　{escape(line.said)}" for line in lines]
    return [f"## {name}", "\n".join(said)]


def _link(title: str, url: str) -> str:
    """A Markdown link; angle brackets and parentheses in the address are percent-encoded."""
    address = safe_link(url)
    return f"[{escape(title)}]({quote(address, safe=_URL_SAFE)})" if address else escape(title)


# What may stand in a Markdown target as it is: everything of an address but blanks, brackets and parentheses.
_URL_SAFE = ":/?#@!$&'*+,;=%-._~"


# HTML


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("flows.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("digest.html")


def to_html(edition: Edition, web_url: str = "") -> str:
    """One page with its style and charts in it, which loads nothing."""
    day = edition.until.astimezone(CHINA)
    older = [("旧报道的新转载", edition.reprinted), ("修改过的文章", edition.updated)]
    return _template().render(
        title=title_of(edition),
        day=f"{day:%Y年%m月%d日} 星期{WEEKDAYS[day.weekday()]}",
        since=say_when(edition.since),
        until=say_when(edition.until),
        summary=summarise(edition),
        edition=edition,
        states=HEALTH_NAMES,
        since_day=lambda moment: f"{moment.astimezone(CHINA):%m-%d}" if moment else "",
        web_url=safe_link(web_url),
        older=[(name, [_line_values(line) for line in lines]) for name, lines in older],
        numbers=say_numbers(edition),
        news_chart=Markup(draw_news(edition.nights, CHART_WIDTH)),  # noqa: S704
        fault_chart=Markup(draw_faults(edition.nights, CHART_WIDTH)),  # noqa: S704
        groups=[
            {"name": group.name, "left_out": group.left_out, "entries": [_item_values(i) for i in group.items]}
            for group in edition.groups
        ],
    )


def _item_values(item: Item) -> dict[str, Any]:
    original = safe_link(item.url)
    return {
        "title": item.title,
        "href": safe_link(item.link) or original,
        "link": item.link,
        "original": original,
        "facts": say_facts(item),
        "extract": item.extract,
        "reprints": say_copies(item),
    }


def _line_values(line: Line) -> dict[str, str]:
    return {"title": line.title, "href": safe_link(line.url) or "", "said": line.said}


# Chats


def to_text(edition: Edition, web_url: str = "") -> str:
    """A few lines for a chat: trouble first, then titles. Plain text, so that nothing in a title is a format."""
    lines = [summarise(edition), *edition.alarms]
    lines += [
        f"{MARKS[one.health.state]} {HEALTH_NAMES[one.health.state]} {one.name}：{one.health.reason}"
        for one in edition.trouble
    ]
    items = [item for group in edition.groups for item in group.items]
    for item in items[:TEXT_STORIES]:
        lines.append(f"· {' '.join(item.title.split())}（{item.medium}）")
    if edition.stories > TEXT_STORIES:
        lines.append(f"……共 {edition.stories} 篇新报道")
    return "\n".join([*lines, *([web_url] if web_url else [])])
