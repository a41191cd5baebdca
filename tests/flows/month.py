"""Thirty nights of real runs against a site that changes, under a clock that the program takes for the true one.

    python -m tests.flows.month      in the environment of a ``Place``, with PREFECT_API_URL set

Prints one JSON line per night: what the run ended in, how the sources stand, what people were told. The only thing
that is not real is the clock: each module that asks for the time is given that of the night.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from flows.prefect_env import prepare_prefect, quieten_console
from flows.settings import load_settings
from tests.connectors.site import DEEDS, PLACES, SENTENCES, Page, Site, serve
from tests.flows.receivers import Inbox, webhook

FIRST = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # 02:30 of a Monday in China
NIGHTS = 30
LISTED = 20

# What happens to a source, and in which night: everything before that is well.
EVENTS = {"redesigned": 20, "blinded": 21, "silent": 22, "dying": 23, "moved": 24, "refused": 25}
WELL = ("steady", "working-days", "slow", "weekly")


@dataclass
class World:
    """The clock and the site."""

    site: Site
    night: int = 0
    told: dict[str, list[str]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return FIRST + timedelta(days=self.night)


class Clock(datetime):
    """``datetime`` whose now is that of the simulated night."""

    world: World

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return cls.world.now.astimezone(tz) if tz else cls.world.now.replace(tzinfo=None)


def source_file(site: Site, name: str) -> str:
    return site.source_file(name, column=f"/{name}/")


def published(name: str, day: date, chance: random.Random) -> int:
    """How many articles a source publishes on a day."""
    if name == "weekly":
        return 2 if day.weekday() == 2 else 0
    rate = 5
    if name == "working-days" or name in EVENTS:
        rate = 5 if day.weekday() < 5 else 0
    return max(0, rate + chance.randint(-2, 2)) if rate else 0


@dataclass
class Column:
    """A column of the site: its articles so far, newest first, and what has become of its pages."""

    name: str
    articles: list[tuple[str, str, date]] = field(default_factory=list)  # path, title, day

    def publish(self, world: World, day: date, number: int) -> None:
        for one in range(number):
            serial = len(self.articles)
            path = f"/{self.name}/{day:%Y%m}/t{day:%Y%m%d}_{1000 + serial}.html"
            place, deed = PLACES[(serial + one) % len(PLACES)], DEEDS[serial % len(DEEDS)]
            title = f"{place}：{deed}（{self.name}第{serial}期）"
            self.articles.insert(0, (path, title, day))
            blind = self.name == "blinded" and world.night >= EVENTS["blinded"]
            world.site.pages[path] = Page(
                self.article(title, day, place, blind=blind), etag=True, delay=self.delay(world)
            )

    def delay(self, world: World) -> float:
        return 0.3 if self.name == "slow" and world.night >= 20 else 0.0

    def article(self, title: str, day: date, place: str, *, blind: bool) -> bytes:
        chance = random.Random(title)
        words = "".join(
            f"<p>{sentence.format(place=place)}本月第{chance.randint(1, 10**6)}件事办结于{title}。</p>"
            for sentence in SENTENCES
        )
        # A new template that fills in date and source by script, as many do.
        info = "" if blind else f'<div class="info">来源：清溪县委组织部　发布时间：{day} 09:30</div>'
        return (
            f'<html><head><meta charset="utf-8"><title>{title}_清溪先锋网</title></head><body>'
            f'<h1 class="tit">{title}</h1>{info}<div class="TRS_Editor">{words}</div></body></html>'
        ).encode()

    def show(self, world: World) -> None:
        """Bring the list page up to date."""
        happened = world.night >= EVENTS.get(self.name, NIGHTS)
        items = "".join(
            f'<li><a href="{path}">{title}</a><span>{day}</span></li>' for path, title, day in self.articles[:LISTED]
        )
        page = Page(
            f'<html><body><ul class="list">{items}</ul></body></html>'.encode(), etag=True, delay=self.delay(world)
        )
        if happened and self.name == "redesigned":
            cards = "".join(
                f'<div class="card" data-id="{n}"><b>{t}</b></div>'
                for n, (_, t, _) in enumerate(self.articles[:LISTED])
            )
            page = Page(f"<html><body><main>{cards}</main></body></html>".encode(), etag=True)
        elif happened and self.name == "dying":
            page = Page(b"<html>502 Bad Gateway</html>", status=502)
        elif happened and self.name == "moved":
            page = Page("<html><body><p>本栏目已迁移到新网站，请更新书签。</p></body></html>".encode())
        elif happened and self.name == "refused":
            page = Page(b"<html>403 Forbidden</html>", status=403)
        world.site.pages[f"/{self.name}/"] = page


async def spend_month(world: World, inbox: Inbox) -> None:
    from flows.nightly import nightly
    from models.store import Store

    chance = random.Random(20260301)
    columns = [Column(name) for name in (*WELL, *EVENTS)]
    for night in range(NIGHTS):
        world.night = night
        day = world.now.date()  # the day that ended in China a few hours ago
        for column in columns:
            gone_quiet = column.name == "silent" and night >= EVENTS["silent"]
            number = 0 if gone_quiet else published(column.name, day, chance)
            column.publish(world, day, LISTED if night == 0 else number)
            column.show(world)
        state = await nightly(return_state=True)
        with Store.open(load_settings().database) as store:
            run = store.runs(limit=1)[0]
            lines = store.run_sources(run.id)
            print(
                json.dumps(
                    {
                        "night": night,
                        "state": state.name,
                        "run": run.state.value,
                        "started": run.started_at.isoformat(),
                        "balanced": all(line.balanced for line in lines),
                        "discovered": sum(line.discovered for line in lines),
                        "new": {
                            line.source: sum(n for o, n in line.counts.items() if o.value in ("new", "duplicate"))
                            for line in lines
                        },
                        "health": {one.source: one.state.value for one in store.health()},
                        "told": [f"{given['title']}\n{given['message']}" for given in inbox.given],
                        "published": {column.name: len(column.articles) for column in columns},
                    },
                    ensure_ascii=False,
                ),
                flush=True,
            )
        inbox.given.clear()


def main() -> None:
    with serve({"/robots.txt": Page(b"", content_type="text/plain")}) as site, webhook() as inbox:
        import os

        settings = load_settings()
        assert settings.sources_dir is not None
        for name in (*WELL, *EVENTS):
            (settings.sources_dir / f"{name}.yaml").write_text(source_file(site, name), "utf8")
        os.environ["DANGJIAN_NOTIFY"] = f"json://127.0.0.1:{inbox.port}/hook"
        load_settings.cache_clear()
        prepare_prefect(load_settings())
        quieten_console()
        Clock.world = World(site)
        import flows.carry_out
        import flows.morning
        import flows.session

        for module in (flows.session, flows.carry_out, flows.morning):
            vars(module)["datetime"] = Clock
        asyncio.run(spend_month(Clock.world, inbox))


if __name__ == "__main__":
    sys.exit(main())
