"""How well copies are told from other stories: one table of recall by kind of copy, and of what must stay apart.

    python scripts/evaluate_stories.py            exit 1 if precision is under 0.995 or recall under 0.97

The pages of the project's own tests are scored always. With DANGJIAN_SHARED set to a folder that holds data/pages, its
development pages are scored as well: those with a number that leaves 1 when divided by 3 were used to choose the
thresholds, those that leave 2 were kept aside, those that leave 0 are not opened.

A pair counts as found only if the marks bring the two together, as in the database, and the comparison of the texts
agrees. Precision is over all pairs that were compared: copies, other pages, form letters, two media on one event.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaning import pipeline  # noqa: E402
from cleaning.conversion import read_entries  # noqa: E402
from cleaning.corrupt import Manner, annotate  # noqa: E402
from cleaning.kinship import SURNAMES, relate  # noqa: E402
from cleaning.tags.gazetteer import load  # noqa: E402
from models.records import MediaType, RawPage, sha256  # noqa: E402
from models.wording import Wording, wording_of  # noqa: E402

PRECISION, RECALL = 0.995, 0.97
OWN = ROOT / "tests" / "evaluation" / "passages.txt"
SENTENCES = 8  # passages joined to one article of the project's own corpus

SYNONYMS = (
    ("进行", "开展"), ("目前", "当前"), ("通过", "借助"), ("表示", "称"), ("推进", "推动"), ("重要", "关键"),
    ("全面", "充分"), ("认为", "觉得"), ("情况", "状况"), ("问题", "难题"), ("发展", "前进"), ("群众", "居民"),
)  # fmt: skip
NOTE = "编者按：近年来，各地积极探索创新，涌现出一批好做法。现将有关经验刊发，供学习借鉴。\n"
TAIL = "\n（本文转自有关网站，版权归原作者所有，如有侵权请联系我们删除）"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"

Change = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class Score:
    kind: str
    found: int
    pairs: int

    def __str__(self) -> str:
        return f"{self.kind:<34}{self.found:>6} of {self.pairs:<6}{self.found / max(self.pairs, 1):.3f}"


# Copies


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？\n])", text) if part]


def reword(text: str, chance: random.Random, words: int) -> str:
    for old, new in chance.sample(SYNONYMS, words):
        text = text.replace(old, new, 2)
    return text


def drop(text: str, chance: random.Random, share: float) -> str:
    lines = sentences(text)
    kept = sorted(chance.sample(range(len(lines)), max(1, round(len(lines) * share))))
    return "".join(lines[number] for number in kept)


def head(text: str, share: float) -> str:
    lines = sentences(text)
    return "".join(lines[: max(1, round(len(lines) * share))])


def to_traditional(text: str, chance: random.Random) -> str:
    return clean_text(text.translate(TRADITIONAL))


def damage(text: str, chance: random.Random) -> str:
    """Notes of pinyin behind a part of the words, as some sites print them; then cleaned."""
    return clean_text(annotate(text, Manner.WORD, share=0.1, seed=chance.randrange(1000)))


def clean_text(text: str) -> str:
    page = RawPage("demo", "https://news.example/1", sha256(b"1"), text.encode(), NOW, MediaType.PLAIN)
    return pipeline.process(page, now=NOW).text


NOW = datetime(2026, 11, 22, tzinfo=UTC)
TRADITIONAL = {ord(k): v[0] for k, v in read_entries("STCharacters").items() if len(k) == len(v[0]) == 1 and k not in v}

HELD_TO: dict[str, Change] = {
    "exact": lambda text, _: text,
    "converted to Traditional, cleaned": to_traditional,
    "pinyin notes, cleaned": damage,
    "light: a word, the commas": lambda text, chance: reword(text, chance, 1).replace("，", ","),
    "medium: 10 % dropped, 4 words": lambda text, chance: reword(drop(text, chance, 0.9), chance, 4),
}
REPORTED: dict[str, Change] = {
    "shortened to 60 %": lambda text, chance: drop(text, chance, 0.6),
    "heavy: 60 %, 2 words": lambda text, chance: reword(drop(text, chance, 0.6), chance, 2),
    "the first 40 %": lambda text, chance: head(text, 0.4),
    "extended by an editor's note": lambda text, chance: NOTE + text + TAIL,
}


# Other stories


def fill_in(text: str, chance: random.Random) -> str:
    """The same form letter for somebody else: other numbers, places and people."""
    text = re.sub(r"\d+", lambda found: str(chance.randint(1, 99)), text)
    places = sorted(load().short)
    text = re.sub("|".join(places), lambda found: chance.choice(places), text)
    people = f"([{SURNAMES}])([一-鿿]{{1,2}})(?=说|表示|介绍|告诉|同志|书记|先生|，)"
    return re.sub(people, lambda found: chance.choice(sorted(SURNAMES)) + chance.choice(GIVEN), text)


def report_anew(text: str, other: str) -> str:
    """Another medium on the same event: its own words, and what was said there quoted word by word."""
    lines, own = sentences(text), sentences(other)
    quoted = [line for line in lines if "“" in line][: max(1, len(lines) // 5)]
    return "".join([*own, *quoted])


# Scores


def is_found(one: str, other: str) -> bool:
    first, second = wording_of(None, one), wording_of(None, other)
    return first is not None and second is not None and _compare(first, second)


def _compare(first: Wording, second: Wording) -> bool:
    return first.id == second.id or (bool(first.marks & second.marks) and relate(first, second) is not None)


def score_copies(texts: Sequence[str], changes: dict[str, Change]) -> Iterator[Score]:
    for kind, change in changes.items():
        chance = random.Random(kind)
        yield Score(kind, sum(is_found(change(text, chance), text) for text in texts), len(texts))


def score_others(texts: Sequence[str]) -> Iterator[Score]:
    chance = random.Random(1)
    letters = [(fill_in(text, chance), text) for text in texts if len(re.findall(r"\d", text)) >= 4]
    letters = [(one, other) for one, other in letters if one != other]
    yield Score("form letters, other names", sum(is_found(*pair) for pair in letters), len(letters))
    # A neighbour of at least the same length: a short one with long quotations would be an excerpt.
    turned = [(report_anew(a, b), a) for a, b in pairwise(texts) if len(b) >= len(a)]
    yield Score("one event, two media", sum(is_found(*pair) for pair in turned), len(turned))
    wordings = [wording for text in texts if (wording := wording_of(None, text))]
    pairs = [(a, b) for a, b in combinations(wordings, 2) if a.letters and a.id != b.id]
    joined = [pair for pair in pairs if _compare(*pair)]
    yield Score("other pages", len(joined), len(pairs))


def evaluate(name: str, texts: Sequence[str]) -> bool:
    print(f"\n{name}: {len(texts)} texts")
    held, others = list(score_copies(texts, HELD_TO)), list(score_others(texts))
    for score in (*held, *score_copies(texts, REPORTED)):
        print(f"  {score}")
    print("  -- to stay apart")
    for score in others:
        print(f"  {score}")
    found, pairs, wrong = sum(s.found for s in held), sum(s.pairs for s in held), sum(s.found for s in others)
    precision, recall = found / max(1, found + wrong), min(s.found / max(1, s.pairs) for s in held)
    print(f"  precision {precision:.4f}, recall of the first five {found / pairs:.4f}, of the weakest {recall:.3f}")
    return precision >= PRECISION and recall >= RECALL


# Texts


def own_texts() -> list[str]:
    """Articles of passages of the project's tests; of different articles no passage is the same."""
    lines = [line for line in OWN.read_text("utf8").splitlines() if line.strip() and not line.startswith("#")]
    return ["\n".join(lines[at : at + SENTENCES]) for at in range(0, len(lines) - SENTENCES + 1, SENTENCES)]


def page_texts(folder: Path, rest: int) -> list[str]:
    texts = []
    for line in (folder / "pages.jsonl").read_text("utf8").splitlines():
        page = json.loads(line)
        body = (page.get("gt") or {}).get("body")
        number = re.match(r"\d+", page["path"].split("/")[-1])
        if body and number and int(number[0]) % 3 == rest and "trad" not in page["group"]:
            texts.append(clean_text(body))
    # Pages kept twice would count as other stories.
    return list({wording.id: text for text in texts if (wording := wording_of(None, text))}.values())


def main() -> int:
    good = [evaluate("passages of the tests", own_texts())]
    shared = os.environ.get("DANGJIAN_SHARED")
    if shared:
        pages = Path(shared) / "data" / "pages"
        good.append(evaluate("pages used for tuning", page_texts(pages, 1)))
        good.append(evaluate("pages kept aside", page_texts(pages, 2)))
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
