"""How well copies are told from other stories: a table of recall by kind of copy, and of what must stay apart.

    python scripts/evaluate_stories.py            exit 1 if precision is under 0.995 or recall under 0.97

Articles, form letters and events of our own are scored always (scripts/evaluate.py keeps their figures). With
DANGJIAN_SHARED set to a folder that holds data/pages, its development pages are scored as well: those with a number
that leaves 1 when divided by 3 were used to choose the thresholds, those that leave 2 were kept aside, those that
leave 0 are not opened.

A pair counts as found only if the marks bring the two together, as in the database, and the comparison of the texts
agrees. Precision is over all pairs that were compared: copies, other pages, form letters, two media on one event.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaning import pipeline  # noqa: E402
from cleaning.conversion import read_entries  # noqa: E402
from cleaning.corrupt import Manner, annotate  # noqa: E402
from cleaning.filled_in import SURNAMES  # noqa: E402
from cleaning.kinship import relate  # noqa: E402
from cleaning.tags.gazetteer import load  # noqa: E402
from models.kindred import are_worth_comparing  # noqa: E402
from models.records import MediaType, RawPage, sha256  # noqa: E402
from models.wording import Wording, wording_of  # noqa: E402

PRECISION, RECALL = 0.995, 0.97
EVALUATION = ROOT / "tests" / "evaluation"
STORIES = EVALUATION / "stories"
PASSAGES = 8  # joined to one article
FILLINGS = 20  # pairs made of each form letter

SYNONYMS = (
    ("进行", "开展"), ("目前", "当前"), ("通过", "借助"), ("表示", "称"), ("推进", "推动"), ("重要", "关键"),
    ("全面", "充分"), ("认为", "觉得"), ("情况", "状况"), ("问题", "难题"), ("发展", "前进"), ("群众", "居民"),
)  # fmt: skip
NOTE = "编者按：近年来，各地积极探索创新，涌现出一批好做法。现将有关经验刊发，供学习借鉴。\n"
TAIL = "\n（本文转自有关网站，版权归原作者所有，如有侵权请联系我们删除）"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"

Change = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class StoryScore:
    """Of so many pairs of a kind, how many were taken for copies; ``apart``: none should be."""

    kind: str
    found: int
    pairs: int
    apart: bool = False

    @property
    def figures(self) -> dict[str, float]:
        share = self.found / max(self.pairs, 1)
        return {"apart": 1.0 - share} if self.apart else {"found": share}

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
    people = f"([{''.join(sorted(SURNAMES))}])([一-鿿]{{1,2}})(?=说|表示|介绍|告诉|同志|书记|先生|，)"
    return re.sub(people, lambda found: chance.choice(sorted(SURNAMES)) + chance.choice(GIVEN), text)


def report_anew(text: str, other: str) -> str:
    """Another medium on the same event: its own words, and what was said there quoted word by word."""
    lines, own = sentences(text), sentences(other)
    quoted = [line for line in lines if "“" in line][: max(1, len(lines) // 5)]
    return "".join([*own, *quoted])


# Scores

Pairs = Sequence[tuple[str, str]]


def is_found(one: str, other: str) -> bool:
    first, second = wording_of(None, one), wording_of(None, other)
    return first is not None and second is not None and _compare(first, second)


def _compare(first: Wording, second: Wording) -> bool:
    if first.id == second.id:
        return True
    shared = len(first.marks & second.marks)
    return are_worth_comparing(first.id, second.id, shared) and relate(first, second) is not None


def score_copies(texts: Sequence[str], changes: Mapping[str, Change]) -> list[StoryScore]:
    scores = []
    for kind, change in changes.items():
        chance = random.Random(kind)
        scores.append(StoryScore(kind, sum(is_found(change(text, chance), text) for text in texts), len(texts)))
    return scores


def score_apart(kind: str, pairs: Pairs) -> StoryScore:
    return StoryScore(kind, sum(is_found(*pair) for pair in pairs), len(pairs), apart=True)


def score_others(texts: Sequence[str]) -> StoryScore:
    """All pages with each other. Two that are copies of each other must not be among them."""
    wordings = [wording for text in texts if (wording := wording_of(None, text))]
    pairs = [(a, b) for a, b in combinations(wordings, 2) if a.id != b.id]
    return StoryScore("other pages", sum(_compare(*pair) for pair in pairs), len(pairs), apart=True)


# Texts of our own


def score_own_stories() -> list[StoryScore]:
    """What scripts/evaluate.py records: kinds begin with "stories, "."""
    events = own_events()
    texts = [*own_articles(), *(side for event in events for side in event)]
    scores = [
        *score_copies(texts, HELD_TO),
        *score_copies(texts, REPORTED),
        *(score_apart(f"form letters, {kind}", pairs) for kind, pairs in own_letters().items()),
        score_apart("one event, two media", events),
        score_others(texts),
    ]
    return [StoryScore(f"stories, {score.kind}", score.found, score.pairs, score.apart) for score in scores]


def own_articles() -> list[str]:
    """The passages, eight to an article, and what the seeds say."""
    lines = (EVALUATION / "passages.txt").read_text("utf8").splitlines()
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    articles = ["\n".join(lines[at : at + PASSAGES]) for at in range(0, len(lines) - PASSAGES + 1, PASSAGES)]
    return [*articles, *(read_seed(seed) for seed in sorted((ROOT / "seeds").glob("*.txt")))]


def read_seed(seed: Path) -> str:
    body = seed.read_bytes()
    return pipeline.process(RawPage("seed", f"seed:{seed.name}", sha256(body), body, NOW, MediaType.UNKNOWN)).text


def own_events() -> list[tuple[str, str]]:
    events = yaml.safe_load((STORIES / "events.yaml").read_text("utf8"))
    return [(event["one"], event["two"]) for event in events]


def own_letters() -> dict[str, list[tuple[str, str]]]:
    """By kind, pairs of one form filled in twice, nothing alike."""
    letters = yaml.safe_load((STORIES / "letters.yaml").read_text("utf8"))
    made: dict[str, list[tuple[str, str]]] = {}
    for letter in letters:
        chance = random.Random(letter["kind"])
        fillings = [two_fillings(chance) for _ in range(FILLINGS)]
        made[letter["kind"]] = [(letter["text"].format(**a), letter["text"].format(**b)) for a, b in fillings]
    return made


PLACES = "青石 柳河 安平 石盘 云岭 松坡 东篱 白鹭 新桥 竹溪 枫林 槐树坪 望溪 桃花 麻柳 双凤".split()
NAMES = "文斌 晓琳 磊 国安 秀英 守田 若兰 春燕 博 志远 立新 海涛 桂芳 明亮 雪莲 长河".split()
BODIES = (
    "县税务局机关党支部 供电公司第二党支部 县人民医院内科党支部 城东小学党支部 水务集团 县自然资源局 兴业公司"
    " 县融媒体中心 市图书馆 农商银行云岭支行"
).split()
# Placeholder -> the numbers that may stand there.
NUMBERS = {
    "year": (1968, 2000), "year2": (1985, 2010), "month": (1, 12), "month2": (1, 12), "day": (1, 28), "day2": (1, 28),
    "n": (3, 60), "n2": (3, 60), "money": (10_000, 999_999), "money2": (10_000, 99_999),
}  # fmt: skip


def two_fillings(chance: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """Values for all placeholders, twice, each another one."""
    surnames, names = chance.sample(sorted(SURNAMES), 6), chance.sample(NAMES, 6)
    towns, ends = chance.sample(PLACES, 6), ("镇", "乡", "街道")
    bodies = chance.sample(BODIES, 2)
    fillings = []
    for half in (0, 1):
        values = {key: surnames[2 * i + half] + names[2 * i + half] for i, key in enumerate(PEOPLE)}
        town, village, county = towns[half::2]
        values |= {"town": town + chance.choice(ends), "village": f"{village}村", "county": f"{county}县"}
        fillings.append(values | {"unit": bodies[half]})
    for key, (least, most) in NUMBERS.items():
        for filling, number in zip(fillings, chance.sample(range(least, most + 1), 2), strict=True):
            filling[key] = str(number)
    return fillings[0], fillings[1]


PEOPLE = ("person", "person2", "person3")


# Pages of others


def evaluate_pages(name: str, texts: Sequence[str]) -> bool:
    """Print what becomes of these texts; answer whether it is good enough."""
    chance = random.Random(1)
    letters = [(fill_in(text, chance), text) for text in texts if len(re.findall(r"\d", text)) >= 4]
    # A neighbour of at least the same length: a short one with long quotations would be an excerpt.
    turned = [(report_anew(a, b), a) for a, b in pairwise(texts) if len(b) >= len(a)]
    others = [
        score_apart("form letters, other names", [pair for pair in letters if pair[0] != pair[1]]),
        score_apart("one event, two media", turned),
        score_others(texts),
    ]
    held = score_copies(texts, HELD_TO)
    return show(f"{name}: {len(texts)} texts", [*held, *score_copies(texts, REPORTED), *others])


def show(title: str, scores: Sequence[StoryScore]) -> bool:
    """Print the scores; answer whether precision and recall of what we are held to are high enough."""
    held = [score for score in scores if score.kind.removeprefix("stories, ") in HELD_TO]
    print(f"\n{title}")
    for score in scores:
        print(f"  {score}{'  to stay apart' if score.apart else ''}")
    found, pairs = sum(score.found for score in held), sum(score.pairs for score in held)
    wrong = sum(score.found for score in scores if score.apart)
    precision, recall = found / max(1, found + wrong), min(score.found / max(1, score.pairs) for score in held)
    print(f"  precision {precision:.4f}, recall of the first five {found / pairs:.4f}, of the weakest {recall:.3f}")
    return precision >= PRECISION and recall >= RECALL


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


def report_shared(folder: Path) -> Iterator[bool]:
    yield evaluate_pages("pages used for tuning", page_texts(folder, 1))
    yield evaluate_pages("pages kept aside", page_texts(folder, 2))


def main() -> int:
    good = [show("articles, form letters and events of our own", score_own_stories())]
    if shared := os.environ.get("DANGJIAN_SHARED"):
        good += report_shared(Path(shared) / "data" / "pages")
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
