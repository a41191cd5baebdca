"""How much of torn GBK text is repaired in articles that no rule or number was chosen on.

    DANGJIAN_SHARED=DIR python scripts/evaluate_tears.py [--held-out] [--seed N] [--sites N]

DIR holds data/pages: real articles with their true text. The simplified ones are made Traditional as copying sites do
it (or left as they are), annotated and broken with the exact byte model, and repaired; nothing of them is kept. The
numbers of the rules were chosen on pages whose number leaves 1 when divided by three: those that leave 2 are scored,
with --held-out those that leave none. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaning import byte_model, tears  # noqa: E402
from cleaning.readings import first_reading  # noqa: E402
from cleaning.script import detect  # noqa: E402
from models.records import Script  # noqa: E402
from scripts.evaluate import make_traditional, passages  # noqa: E402

TEST, HELD_OUT = 2, 0  # rest of a page's number divided by three
SHORTEST = 300  # characters of an article
# What such sites were seen to break at, alone and together, and how many characters they annotate.
BROKEN = (("；",), ("！",), ("？",), ("：",), ("，",), ("；", "、"), ("！", "，"), ("；", "：", "？", "！", "，"))
ANNOTATED = (0, 18, 30, 60, 100)
OWN_SITES = 160  # torn places in our own passages: some fifteen seconds of work
PASSAGES = 5  # make an article
SILENT = 0.1  # of the sites leave no ``?`` for a broken byte
HALF_WIDTH = 0.5  # of the pages were folded to half-width marks on their way
COMMON = 250  # characters of an article, commonest first, from which the annotated ones are drawn
_NOTE = re.compile(r"[(（][a-zü\u00e0-\u024f]+[)）]")


@dataclass(frozen=True, slots=True)
class Torn:
    """An article after the damage: ``clean`` is what it was, its notes included."""

    damaged: str
    clean: str
    sites: tuple[byte_model.Site, ...]


@dataclass(slots=True)
class Tally:
    """Torn places: how many, repaired, repaired rightly, repaired or flagged; repairs where nothing was torn."""

    sites: int = 0
    lost: int = 0
    repaired: int = 0
    right: int = 0
    seen: int = 0
    false: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What came of torn articles, as shares that can be recorded."""

    kind: str
    tally: Tally

    @property
    def figures(self) -> dict[str, float]:
        tally = self.tally
        return {
            "repaired": tally.repaired / max(1, tally.sites),
            "right": tally.right / tally.repaired if tally.repaired else 1.0,
            "seen": tally.seen / max(1, tally.sites),
            "sound text kept": float(not tally.false),
        }


def score_own_articles() -> list[Row]:
    """The project's own passages, some to an article, torn as copying sites do."""
    own = passages()
    bodies = ["\n".join(own[start : start + PASSAGES]) for start in range(0, len(own), PASSAGES)]
    return [
        Row("torn articles, Traditional", measure(bodies, OWN_SITES, seed=1, simplified=False)),
        Row("torn articles, simplified", measure(bodies, OWN_SITES // 4, seed=1, simplified=True)),
    ]


def read_bodies(folder: Path, rest: int) -> list[str]:
    bodies = []
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        number = re.search(r"\d+", Path(row["path"]).name)
        body = (row.get("gt") or {}).get("body") or ""
        if number and int(number[0]) % 3 == rest and len(body) >= SHORTEST and detect(body) is Script.HANS:
            bodies.append(body)
    return bodies


def tear(body: str, rng: random.Random, *, simplified: bool) -> Torn:
    """The article as a copying site would show it; a paragraph's ``</p>`` shows where its ``<`` was swallowed."""
    text = body.translate(str.maketrans(",;:?!()", "，；：？！（）"))
    text = "".join(c for c in (text if simplified else make_traditional(text)) if c.encode("gbk", "ignore"))
    notes = {} if simplified else _choose_notes(text, rng)
    marks, orphan = rng.choice(BROKEN), "" if rng.random() < SILENT else "?"
    damaged, clean = "", ""
    sites: list[byte_model.Site] = []
    for line in text.split("\n"):
        shown, found = byte_model.corrupt(f"{line}</p>", notes, marks, orphan)
        whole = "".join(f"{c}({notes[c]})" if c in notes else c for c in line)
        if shown.endswith("</p>"):
            shown = shown[: -len("</p>")]
        else:
            last = found[-1]
            ended = replace(last, damaged=f"{last.damaged}/p>", clean=last.clean[:-1], swallowed=last.swallowed[:-1])
            found = (*found[:-1], ended)
        moved = (replace(s, start=s.start + len(damaged), clean_start=s.clean_start + len(clean)) for s in found)
        sites += moved
        damaged, clean = f"{damaged}{shown}\n", f"{clean}{whole}\n"
    half = {ord(full): mark for full, mark in byte_model.MARKS.items()} if rng.random() < HALF_WIDTH else {}
    return Torn(damaged.translate(half), clean, tuple(sites))


def _choose_notes(text: str, rng: random.Random) -> dict[str, str]:
    """Characters that a site annotates: common ones that Traditional writes differently."""
    changed = [c for c in dict.fromkeys(sorted(text, key=text.count, reverse=True)) if _is_changed(c)][:COMMON]
    chosen = rng.sample(changed, min(rng.choice(ANNOTATED), len(changed)))
    return {c: first_reading(c) for c in chosen if first_reading(c)}


def _is_changed(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return "\u4e00" <= character <= "\u9fff"
    return False


def count(torn: Torn, tally: Tally) -> None:
    """Add what the rule makes of one article."""
    edit = tears.repair(torn.damaged)
    tally.characters += len(torn.damaged)
    explained: set[int] = set()
    for site in torn.sites:
        start, end = site.start, site.start + max(1, len(site.damaged))
        touching = [r for r in edit.repairs if r.start < end and max(r.end, r.start + 1) > start]
        explained.update(map(id, touching))
        applied = [r for r in touching if r.applied]
        tally.sites += 1
        tally.lost += site.lost
        tally.seen += bool(touching)
        tally.repaired += bool(applied)
        tally.right += bool(applied) and all(_is_right(torn, r.start, r.end, r.after) for r in applied)
    tally.false += sum(r.applied and id(r) not in explained for r in edit.repairs)


def _is_right(torn: Torn, start: int, end: int, after: str) -> bool:
    """Whether ``after`` is what stood there; a site that reaches out of the repair makes it wrong."""
    parts, at = [], start
    for site in torn.sites:
        if site.start < end and site.start + max(1, len(site.damaged)) > start:
            if site.start < start or site.start + len(site.damaged) > end:
                return False
            parts += [torn.damaged[at : site.start], site.clean]
            at = site.start + len(site.damaged)
    return _fold("".join([*parts, torn.damaged[at:end]])) == _fold(after)


def _fold(text: str) -> str:
    return _NOTE.sub("", text).translate({ord(full): half for full, half in byte_model.MARKS.items()})


def measure(bodies: list[str], sites: int, seed: int, *, simplified: bool) -> Tally:
    """Articles torn anew in every round, until there are enough places."""
    rng, tally = random.Random(seed), Tally()  # repeatable damage, no secret
    for body in _again(bodies):
        if tally.sites >= sites:
            break
        count(tear(body, rng, simplified=simplified), tally)
    return tally


def _again(bodies: Iterable[str]) -> Iterator[str]:
    bodies = list(bodies)
    while bodies:
        yield from bodies


def show(name: str, tally: Tally) -> None:
    print(
        f"{name}: {tally.sites} torn places in {tally.characters:,} characters,"
        f" {tally.lost / max(1, tally.sites):.0%} lost bytes for good\n"
        f"  repaired {_share(tally.repaired, tally.sites)}  of these right {_share(tally.right, tally.repaired)}"
        f"  repaired or flagged {_share(tally.seen, tally.sites)}  repairs of sound text {tally.false}"
    )


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part / max(1, whole):.3f} [{low:.3f}, {high:.3f}]"


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The interval that holds the true share of ``part`` in ``whole`` in 95 of 100 cases."""
    if not whole:
        return 0.0, 1.0
    z = 1.96  # standard deviations that hold 95 % of a normal distribution
    share, scale = part / whole, 1 + z * z / whole
    half = z * sqrt(share * (1 - share) / whole + z * z / 4 / whole / whole)
    middle = share + z * z / 2 / whole
    return (middle - half) / scale, (middle + half) / scale


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-out", action="store_true", help="the pages that development never sees")
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    shared = os.environ.get("DANGJIAN_SHARED")
    if not shared:
        print("DANGJIAN_SHARED names no folder of real pages: nothing to measure")
        return 0
    bodies = read_bodies(Path(shared) / "data" / "pages", HELD_OUT if arguments.held_out else TEST)
    show("Traditional", measure(bodies, arguments.sites, arguments.seed, simplified=False))
    show("simplified", measure(bodies, arguments.sites // 4, arguments.seed, simplified=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
