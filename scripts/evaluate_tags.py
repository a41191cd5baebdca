"""How well places, topics, methods and relevance are told: a table over labelled passages of our own.

    python scripts/evaluate_tags.py            the passages that development may look at
    python scripts/evaluate_tags.py --wrong    each of their mistakes as well
    python scripts/evaluate_tags.py --aside    only the figures of the passages kept aside from development

The labels were written before the answers were looked at; the head of ``tests/evaluation/tags/passages.txt`` tells
their form. A place that is labelled as named counts by its name and, apart, by its official code.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaning.tags.description import Tags, describe  # noqa: E402
from cleaning.tags.gazetteer import load, parent  # noqa: E402
from models.records import Region  # noqa: E402

PASSAGES = ROOT / "tests" / "evaluation" / "tags" / "passages.txt"
THRESHOLD = 0.3  # of relevance, where a source's file names none
COUNTY = 6  # digits of a county's code
ASIDE, UNSEEN_FROM = 3, 251  # every third passage, and those that were written and scored when development was over
COMMUNITY = ("社区", "村")


@dataclass(frozen=True, slots=True)
class Place:
    """One level of a labelled path. ``code``: None where the level has none or it cannot be told."""

    name: str
    code: str | None
    named: bool


Chain = tuple[Place, ...]


@dataclass(slots=True)
class Passage:
    number: int
    title: str = ""
    paragraphs: list[str] = field(default_factory=list)
    primary: Chain = ()
    others: list[Chain] = field(default_factory=list)
    optional: list[Chain] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    relevant: bool = True

    def named(self) -> dict[str, str | None]:
        """Places that the text names, with their codes."""
        return {p.name: p.code for path in (self.primary, *self.others) for p in path if p.named}

    def implied(self) -> set[str]:
        return (
            {p.name for path in (self.primary, *self.others) for p in path if not p.named}
            - set(self.named())
            - self.may()
        )

    def may(self) -> set[str]:
        return {p.name for path in self.optional for p in path}


@dataclass(slots=True)
class TagScore:
    """Answers of one field: ``right`` of ``given`` and of ``wanted``."""

    kind: str
    right: int = 0
    given: int = 0
    wanted: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, float]:
        return {
            "precision": self.right / self.given if self.given else 1.0,
            "recall": self.right / self.wanted if self.wanted else 1.0,
        }

    def add(self, number: int, given: Collection[str], wanted: Collection[str], free: Collection[str] = ()) -> None:
        """Count what was given against what was wanted; ``free`` counts neither way."""
        given, wanted = set(given) - (set(free) - set(wanted)), set(wanted)
        self.right += len(given & wanted)
        self.given += len(given)
        self.wanted += len(wanted)
        self.wrong += [f"{number} +{name}" for name in sorted(given - wanted)]
        self.wrong += [f"{number} -{name}" for name in sorted(wanted - given)]


def read_passages() -> list[Passage]:
    passages: list[Passage] = []
    for line in PASSAGES.read_text("utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            passages.append(Passage(int(rest)))
        elif mark not in ("", ";"):
            _read_line(passages[-1], mark, rest.strip())
    return passages


def _read_line(passage: Passage, mark: str, rest: str) -> None:
    if mark == "T":
        passage.title = rest
    elif mark == "P":
        passage.paragraphs.append(rest)
    elif mark == "=":
        passage.primary = read_path(rest)
    elif mark in "+?":
        (passage.others if mark == "+" else passage.optional).append(read_path(rest))
    elif mark == "t":
        passage.topics = rest.split()
    elif mark == "m" and rest:
        passage.methods.append(rest)
    elif mark == "r":
        passage.relevant = rest == "yes"


def read_path(path: str) -> Chain:
    """四川省/成都市/郫都区: each name with its code, as far down as the register goes."""
    places: list[Place] = []
    above: str | None = ""
    for part in filter(None, path.split("/")):
        name = part.removeprefix("~")
        code = _find_code(name, above) if above is not None and not name.endswith(COMMUNITY) else None
        places.append(Place(name, code, part == name))
        above = code
    return tuple(places)


def _find_code(name: str, above: str) -> str | None:
    """The register writes some names with their county or with 街 twice: 济源市沁园街道, 唐家墩街街道."""
    spellings = (name, load().codes.get(above, "") + name, name.replace("街道", "街街道"))
    # The city level of municipalities and of what a province governs itself has no name.
    under = [c for c, n in load().codes.items() if n in spellings and c.startswith(above) and len(c) > len(above)]
    near = [c for c in under if parent(c) == above or parent(c) not in load().codes]
    return near[0] if len(near) == 1 else None


def score(passages: Iterable[Passage]) -> list[TagScore]:
    names = ("places", "codes", "inferred", "primary", "primary county", "topics", "methods", "relevant", "off topic")
    scores = {name: TagScore(f"tags, {name}") for name in names}
    for passage in passages:
        tags = describe(passage.title, passage.paragraphs)
        _score_places(scores, passage, tags.regions)
        _score_primary(scores, passage, next((r for r in tags.regions if r.primary), None))
        _score_topics(scores["topics"], passage, tags)
        _score_methods(scores["methods"], passage, tags)
        relevant = tags.relevance.score >= THRESHOLD
        scores["relevant"].add(passage.number, ["yes"] * relevant, ["yes"] * passage.relevant)
        scores["off topic"].add(passage.number, ["no"] * (not relevant), ["no"] * (not passage.relevant))
    return list(scores.values())


def _score_places(scores: dict[str, TagScore], passage: Passage, regions: Sequence[Region]) -> None:
    named, free = passage.named(), passage.may()
    found = [r for r in regions if not r.inferred]
    scores["places"].add(passage.number, {r.name for r in found}, named, free)
    coded = {f"{name} {code}" for name, code in named.items() if code}
    given = {f"{r.name} {r.code}" for r in found if r.code and named.get(r.name, r.code)}
    scores["codes"].add(passage.number, given, coded, {g for g in given if g.split()[0] in free})
    implied = {r.name for r in regions if r.inferred}
    scores["inferred"].add(passage.number, implied, passage.implied(), free)


def _score_primary(scores: dict[str, TagScore], passage: Passage, region: Region | None) -> None:
    """Right is the lowest level of the path that is no community; in an area without code, any level below its city."""
    levels = [p for p in passage.primary if not p.name.endswith(COMMUNITY)]
    accepted = [p.name for p in levels if p.code is None or p is levels[-1]]
    if levels and levels[-1].code is None:
        accepted += [p.name for p in levels if p.code][-1:]
    given = {region.name} if region and (levels or region.name not in passage.may()) else set()
    right = given & set(accepted) or set(accepted[:1])
    scores["primary"].add(passage.number, given, right)
    county = [levels[-1].code[:COUNTY]] if levels and levels[-1].code else []
    code = {region.code[:COUNTY]} if given and region and region.code else set()
    unknown = bool(levels) and any(p.code is None for p in levels)
    scores["primary county"].add(passage.number, set() if unknown else code, set() if unknown else county)


def _score_topics(score: TagScore, passage: Passage, tags: Tags) -> None:
    given = {t.name for t in tags.topics}
    free = {t.removeprefix("?") for t in passage.topics if t.startswith("?")}
    wanted: set[str] = set()
    for topic in (t for t in passage.topics if not t.startswith("?")):
        either = topic.split("|")
        wanted.add(next((t for t in either if t in given), either[0]))
    # What the vocabulary says of this topic: named brands and methods.
    score.add(passage.number, given, wanted, free | ({"党建品牌"} if passage.methods else set()))


def _score_methods(score: TagScore, passage: Passage, tags: Tags) -> None:
    given = {core(name) for name in tags.methods}
    wanted = {core(name) for name in passage.methods if not name.startswith("?")}
    score.add(passage.number, given, wanted, {core(name[1:]) for name in passage.methods if name.startswith("?")})


def core(name: str) -> str:
    """“411”工作机制 to 411: with or without its kind it is the same method."""
    return re.sub(
        r"(?:工作法|(?:工作|(?:基层|社区|社会)?治理|党建|服务)*(?:机制|模式|品牌|体系|制度|经验|工程|驿站|法))$",
        "",
        re.sub("[“”‘’「」『』\"']", "", name),
    )


def is_aside(number: int) -> bool:
    return number % ASIDE == 0 or number >= UNSEEN_FROM


def score_own_passages() -> list[TagScore]:
    """All of them, for the gate."""
    return score(read_passages())


def show(title: str, scores: Iterable[TagScore]) -> None:
    print(f"\n{title}\n{'field':<24}{'right':>8}{'given':>8}{'wanted':>8}{'precision':>11}{'recall':>9}")
    for s in scores:
        f = s.figures
        print(f"{s.kind:<24}{s.right:>8}{s.given:>8}{s.wanted:>8}{f['precision']:>11.3f}{f['recall']:>9.3f}")


def show_wrong(scores: Iterable[TagScore]) -> Iterator[str]:
    for s in scores:
        for number, lines in Counter(s.wrong).items():
            yield f"{s.kind}: {number}" + (f" ({lines} times)" if lines > 1 else "")


def main() -> int:
    aside = "--aside" in sys.argv
    passages = [p for p in read_passages() if is_aside(p.number) == aside]
    scores = score(passages)
    show(f"{len(passages)} labelled passages" + (", kept aside" if aside else ""), scores)
    if "--wrong" in sys.argv and not aside:
        print(*show_wrong(scores), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
