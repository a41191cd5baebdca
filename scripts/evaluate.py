"""How well the rules undo damage, read articles from pages and tell copies: a table each; fails where they got worse.

    python scripts/evaluate.py            print the tables; exit 1 if a figure fell below the recorded one
    python scripts/evaluate.py --record   write the figures to tests/evaluation/recorded.json

The passages and pages in tests/evaluation are the project's own. With DANGJIAN_SHARED set to a folder that holds
data/noisy, data/golden and data/pages, those are scored too; nothing of them is kept. Every third real page is held
out from development and scored only with --held-out.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaning import byte_model, pipeline  # noqa: E402
from cleaning.conversion import read_entries  # noqa: E402
from cleaning.corrupt import IRREVERSIBLE, Manner, Misread, annotate, misread  # noqa: E402
from models.records import (  # noqa: E402
    Block,
    BlockKind,
    Draft,
    Edit,
    Found,
    MediaType,
    Origin,
    RawPage,
    Repair,
    sha256,
)
from scripts import evaluate_heads, evaluate_pages, evaluate_stories, evaluate_tags  # noqa: E402

EVALUATION = ROOT / "tests" / "evaluation"
RECORDED = EVALUATION / "recorded.json"
TOLERANCE = 0.0005  # figures are printed to three places

# Real parentheses that stand among the notes of an annotated passage and must stay there.
PARENTHESES = (
    "（NGO）",
    "(a)",
    "（上）",
    "(community)",
    "(hangzhou)",
    "（试行）",
    "(wechat)",
    "阿(A)",
    "(CPPCC)",
    "（2021）",
)
SHARE_OF_NOTES = 0.3  # of the words or kinds of characters
BYTE_ROUNDS = 12  # times each passage is torn, each time in another order: one in twenty has a site
LINES_PER_PAGE = 5  # passages that make a page


@dataclass(slots=True)
class Score:
    """What came of one kind of damage. ``changed`` counts what the rules did, ``damage`` what there was to undo."""

    kind: str
    damage: int = 0
    changed: int = 0
    right: int = 0
    passages: int = 0
    exact: int = 0
    seen: int = 0  # damage that was undone or flagged

    @property
    def figures(self) -> dict[str, float]:
        return {
            "precision": self.right / self.changed if self.changed else 1.0,
            "recall": self.right / self.damage if self.damage else 1.0,
            "exact": self.exact / self.passages if self.passages else 1.0,
            "seen": self.seen / self.damage if self.damage else 1.0,
        }


def restore(text: str) -> Edit:
    """The text after all text rules, in the order of the pipeline, as one document."""
    repairs: list[Repair] = []
    for rule in (*pipeline.BEFORE_LAYOUT, *pipeline.AFTER_LAYOUT):
        edit = rule.repair(text)
        text = edit.text
        repairs += edit.repairs
    return Edit(text, tuple(repairs))


@cache
def passages() -> tuple[str, ...]:
    """The project's own clean passages, simplified, one a line."""
    return tuple((EVALUATION / "passages.txt").read_text("utf-8").splitlines())


def make_traditional(text: str) -> str:
    """Traditional as copying sites make it: character by character; what is Traditional too stays (干 里 后)."""
    return text.translate(_farm_table())


@cache
def make_taiwanese(text: str) -> str:
    """Traditional as Taiwan writes it; what Big5 lacks stays simplified and is lost there, as on real pages."""
    from opencc import OpenCC

    converted: str = OpenCC("s2tw").convert(text)
    return converted


@cache
def _farm_table() -> dict[int, str]:
    entries = {k: v for k, v in read_entries("STCharacters").items() if len(k) == len(v[0]) == 1}
    table = {ord(k): v[0] for k, v in entries.items() if k not in v}
    # The sites convert these three all the same.
    return table | {ord(k): v for k, v in zip("党台准", "黨臺準", strict=True)}


# ---- reading notes -------------------------------------------------------------------------------------------------


def score_notes(manner: Manner, traditional: bool) -> Score:
    score = Score(f"pinyin, {manner}" + (", Traditional" if traditional else ""))
    for number, clean in enumerate(passages()):
        text = make_traditional(clean) if traditional else clean
        with_brackets = _add_parentheses(text, number)
        damaged = annotate(with_brackets, manner, share=SHARE_OF_NOTES, seed=number)
        target = _add_parentheses(clean, number)
        _count_notes(score, damaged, with_brackets, restore(damaged), target)
    return score


def _add_parentheses(text: str, seed: int) -> str:
    """Put two real parentheses behind marks of the passage."""
    rng = random.Random(seed)
    at = sorted(rng.sample([m.end() for m in re.finditer("[，、。]", text)], 2))
    first, second = rng.sample(PARENTHESES, 2)
    return text[: at[0]] + first + text[at[0] : at[1]] + second + text[at[1] :]


def _count_notes(score: Score, damaged: str, clean: str, edit: Edit, target: str) -> None:
    there, real, left = (Counter(re.findall(r"[(（][^()（）]*[)）]", t)) for t in (damaged, clean, edit.text))
    fold = str.maketrans("（）", "()")
    real = Counter({k.translate(fold): v for k, v in real.items()})
    left = Counter({k.translate(fold): v for k, v in left.items()})
    notes = there.total() - real.total()
    kept_wrongly = (left - real).total()
    removed_wrongly = (real - left).total()
    score.damage += notes
    score.right += notes - kept_wrongly
    score.changed += notes - kept_wrongly + removed_wrongly
    score.seen += notes - kept_wrongly + sum(not r.applied and r.rule == "pinyin" for r in edit.repairs)
    score.passages += 1
    score.exact += edit.text.translate(fold) == target.translate(fold)


# ---- torn bytes ----------------------------------------------------------------------------------------------------


def score_bytes(name: str, marks: str, notes: int, *, simplified: bool = False, orphan: str = "?") -> Score:
    """Passages through the exact byte model: ``notes`` characters annotated, ``marks`` broken.

    ``orphan`` is what the copying site's decoder leaves of a broken character: a ``?`` or nothing. Sites that
    lost bytes for good count as damage like all others, so recall stays well below 1 with any rule.
    """
    score = Score(f"torn bytes, {name}")
    rule = next(rule for rule in pipeline.BEFORE_LAYOUT if rule.name == "byte-damage")
    for number, passage in enumerate(passages() * BYTE_ROUNDS):
        clean = _shuffle_clauses(passage, number)
        text = clean if simplified else make_traditional(clean)
        damaged, sites = byte_model.corrupt(text, _choose_notes(text, number, notes), marks, orphan)
        edit = rule.repair(damaged)
        if not sites and not edit.repairs:
            continue
        _count_sites(score, damaged, sites, edit)
        score.passages += 1
        score.exact += restore(damaged).text == clean
    return score


def _shuffle_clauses(text: str, seed: int) -> str:
    """The clauses of a passage in another order: other characters meet at the marks, and other bytes tear."""
    clauses = re.split("(?<=[，。；？！])", text)
    random.Random(seed).shuffle(clauses)
    return "".join(clauses)


def _choose_notes(text: str, seed: int, count: int) -> dict[str, str]:
    import pypinyin

    han = sorted({c for c in text if "\u4e00" <= c <= "\u9fff" and c not in "的一"})
    chosen = random.Random(seed).sample(han, count)
    return {c: pypinyin.lazy_pinyin(c, style=pypinyin.Style.TONE)[0] for c in chosen}


def _count_sites(score: Score, damaged: str, sites: Sequence[byte_model.Site], edit: Edit) -> None:
    applied = [r for r in edit.repairs if r.applied]
    wrong = [r for r in applied if r.after != _expect(damaged, sites, r)]
    spans = [(r.start, r.end) for r in edit.repairs]
    good = [(r.start, r.end) for r in applied if r not in wrong]
    score.damage += len(sites)
    score.right += sum(_touches(s, good) for s in sites)
    score.changed += sum(_touches(s, good) for s in sites) + len(wrong)
    score.seen += sum(_touches(s, spans) for s in sites)


def _touches(site: byte_model.Site, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < site.start + max(1, len(site.damaged)) and site.start < end for start, end in spans)


def _expect(damaged: str, sites: Iterable[byte_model.Site], repair: Repair) -> str:
    """What should stand where the repair was made; a site that reaches out of it makes the repair wrong."""
    parts: list[str] = []
    at = repair.start
    for site in sites:
        if repair.start <= site.start and site.start + len(site.damaged) <= repair.end:
            parts += (damaged[at : site.start], site.clean)
            at = site.start + len(site.damaged)
    return "".join([*parts, damaged[at : repair.end]])


# ---- whole pages ---------------------------------------------------------------------------------------------------


def score_pages(name: str, prepare: Callable[[str], str], damage: Callable[[str], str]) -> Score:
    """Pages of a few passages, each line damaged; right and changed count characters."""
    score = Score(name)
    for page in _pages():
        lines = [damage(prepare(line)) for line in page]
        edit = restore("\n".join(lines))
        flagged = any(not r.applied for r in edit.repairs)
        for clean, before, after in zip(page, lines, edit.text.split("\n"), strict=True):
            right = _common(clean, after)
            score.damage += len(clean) if before != clean else 0
            score.right += right if before != clean else 0
            score.changed += len(after) - after.count("\ufffd") if after != before else 0
            score.seen += len(clean) if flagged else right
            score.passages += 1
            score.exact += after == clean
    return score


def _pages() -> Iterator[tuple[str, ...]]:
    every = passages()
    for start in range(0, len(every), LINES_PER_PAGE):
        yield every[start : start + LINES_PER_PAGE]


def _common(first: str, second: str) -> int:
    """Characters of the first that stand in the second, in order."""
    if len(first) == len(second):
        return sum(a == b for a, b in zip(first, second, strict=True))
    blocks = difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def score_farm() -> Score:
    """What a copying site makes of a page: Traditional, annotated, torn."""
    score = Score("copied page (Traditional, notes, torn)")
    for number, page in enumerate(_pages()):
        clean = "\n".join(page)
        text = make_traditional(clean)
        damaged, sites = byte_model.corrupt(text, _choose_notes(text, number, 12), "；？！")
        edit = restore(damaged)
        # A site that lost bytes for good is judged by its row above; here its line counts as not exact.
        for line, after in zip_longest(page, edit.text.split("\n"), fillvalue=""):
            score.damage += len(line)
            score.right += _common(line, after)
            score.changed += len(after)
            score.passages += 1
            score.exact += line == after
        score.seen = score.damage if sites or edit.repairs else score.right
    return score


def score_clean() -> Score:
    """Clean passages, simplified: whatever changes is wrong."""
    score = Score("clean text (nothing to undo)")
    for clean in passages():
        edit = restore(clean)
        score.passages += 1
        score.exact += edit.text == clean
        score.changed += sum(r.applied for r in edit.repairs)
    return score


def measure() -> list[Score]:
    """Every kind of damage on the project's own passages."""
    scores = [score_notes(manner, False) for manner in Manner]
    scores += [score_notes(manner, True) for manner in (Manner.CHARACTER, Manner.WORD)]
    scores += [
        score_bytes("breaks at ；？！", "；？！", 0),
        score_bytes("breaks at ，", "，", 0),
        score_bytes("notes of 12 characters", "", 12),
        score_bytes("both", "；？！，", 12),
        score_bytes("both, no ? left", "；？！，", 12, orphan=""),
        score_bytes("simplified, breaks at ；？！，", "；？！，", 0, simplified=True),
    ]
    for kind in Misread:
        prepare = make_taiwanese if "BIG5_AS" in kind.name else str
        name = f"{kind} (lost)" if kind in IRREVERSIBLE else str(kind)
        scores.append(score_pages(name, prepare, lambda line, kind=kind: misread(line, kind)))  # type: ignore[misc]
    scores += [score_pages("Traditional by a copying site", make_traditional, str), score_farm(), score_clean()]
    return scores


# ---- data outside the project --------------------------------------------------------------------------------------


def report_shared(folder: Path) -> None:
    """Score the real damaged passages and look for false alarms in clean bodies; printed, never recorded."""
    rows = [json.loads(line) for line in (folder / "noisy" / "passages.jsonl").read_text("utf-8").splitlines()]
    print(f"\nReal damaged passages ({len(rows)}); o exact, f flagged, . neither")
    for row in rows:
        edit = restore(row["noisy"])
        exact = _fold(edit.text) == _fold(row["clean"])
        mark = "o" if exact else "f" if any(not r.applied for r in edit.repairs) else "."
        print(f"  {mark} {row['id']} {', '.join(row['kind'])}")
    _report_seeds(folder / "golden")
    _report_false_alarms(folder / "pages" / "pages.jsonl")


def _report_seeds(golden: Path) -> None:
    """Characters of the golden records found in the processed seeds, and the other way round."""
    print("\nSeeds against their golden records: recall and precision of characters, paragraphs as in gold")
    for path in sorted(golden.glob("*.json")):
        gold = [
            _fold(p if isinstance(p, str) else p["text"]) for p in json.loads(path.read_text("utf-8"))["paragraphs"]
        ]
        seed = next((ROOT / "seeds").glob(f"{path.stem}_*"))
        body = seed.read_bytes()
        page = RawPage("seed", f"seed:{seed.name}", sha256(body), body, datetime.now(UTC), MediaType.UNKNOWN)
        found = [_fold(p) for p in pipeline.process(page).paragraphs]
        right = _common("\n".join(gold), "\n".join(found))
        recall, precision = right / len("\n".join(gold)), right / max(1, len("\n".join(found)))
        print(f"  {path.stem}  {recall:.4f}  {precision:.4f}  {len(set(gold) & set(found))}/{len(gold)}")


def _fold(text: str) -> str:
    return text.translate(str.maketrans("，；：？！（）", ",;:?!()")).replace("“ ", "“")


def _report_false_alarms(path: Path) -> None:
    """Changes in clean human text. Pages whose number is divisible by three are held out."""
    bodies: list[tuple[str, str]] = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        number = re.search(r"(\d+)\D*$", Path(row["path"]).name.split(".")[0])
        truth = row.get("gt") or {}
        if truth.get("body") and number and int(number[1]) % 3:
            bodies.append((truth.get("title") or "", truth["body"]))
    show_changes("clean human text", bodies)


def count_changes(bodies: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """What the whole of cleaning, layout included, changes in these titles and bodies: kind and rule to times."""
    changes: Counter[tuple[str, str]] = Counter()
    for title, body in bodies:
        for repair in pipeline.clean(_draft(title, body)).repairs:
            kind = repair.kind.value if repair.applied else "flag"
            changes[kind, repair.rule] += repair.count if repair.rule == "punctuation" else 1
    return changes


def _draft(title: str, body: str) -> Draft:
    blocks = tuple(Block(BlockKind.PARAGRAPH, line.strip()) for line in body.split("\n") if line.strip())
    found = Found(title, Origin.HEADING) if title else None
    return Draft(source="body", url="body:", key=sha256(body.encode()), blocks=blocks, title=found)


def show_changes(name: str, bodies: Sequence[tuple[str, str]]) -> None:
    characters = sum(len(body) for _, body in bodies)
    print(f"\nChanges in {characters:,} characters of {name}, and per 100,000")
    for (kind, rule), count in sorted(count_changes(bodies).items()):
        print(f"  {kind:<12} {rule:<20}{count:>7}{count / characters * 1e5:>9.2f}")


# ---- table and regression ------------------------------------------------------------------------------------------


def show(scores: Iterable[Score]) -> None:
    print(f"rules {pipeline.RULES_VERSION}, {len(passages())} passages of the project's own")
    print(f"{'kind of damage':<44}{'damage':>8}{'precision':>11}{'recall':>9}{'exact':>8}{'undone or flagged':>19}")
    for score in scores:
        f = score.figures
        print(
            f"{score.kind:<44}{score.damage:>8}{f['precision']:>11.3f}{f['recall']:>9.3f}"
            f"{f['exact']:>8.3f}{f['seen']:>19.3f}"
        )


class Measured(Protocol):
    """A row of either table."""

    @property
    def kind(self) -> str: ...

    @property
    def figures(self) -> dict[str, float]: ...


def record(scores: Iterable[Measured]) -> None:
    figures = {s.kind: {name: round(value, 4) for name, value in s.figures.items()} for s in scores}
    content = {"rules_version": pipeline.RULES_VERSION, "figures": figures}
    RECORDED.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def find_regressions(scores: Iterable[Measured]) -> Iterator[str]:
    """Figures that fell below the recorded ones, and kinds that vanished."""
    recorded = json.loads(RECORDED.read_text("utf-8"))["figures"]
    now = {score.kind: score.figures for score in scores}
    for kind, figures in recorded.items():
        if kind not in now:
            yield f"{kind}: recorded, but not measured any more"
            continue
        for name, before in figures.items():
            if now[kind].get(name, 0.0) < before - TOLERANCE:
                yield f"{kind}: {name} fell from {before:.4f} to {now[kind].get(name, 0.0):.4f}"


def score_tears() -> Sequence[Measured]:
    """Whole articles of our own torn as copying sites do, by the measure of real ones."""
    from scripts import evaluate_tears  # which imports this module

    rows = evaluate_tears.score_own_articles()
    print("\nTorn articles of our own, with intervals of 95 %")
    for row in rows:
        evaluate_tears.show(row.kind, row.tally)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="write the figures as the new recorded ones")
    parser.add_argument("--held-out", action="store_true", help="score the real pages that development never sees")
    arguments = parser.parse_args()
    damage, pages, stories = measure(), evaluate_pages.score_own_pages(), evaluate_stories.score_own_stories()
    show(damage)
    evaluate_pages.show("Articles of our own in the layouts of real systems, through the whole pipeline", pages)
    heads = evaluate_heads.score_own_heads()
    evaluate_pages.show("Heads and tails of every form, through the whole pipeline", heads, evaluate_heads.COLUMNS)
    good = evaluate_stories.show("Copies, form letters and events of our own", stories)
    tags = evaluate_tags.score_own_passages()
    evaluate_tags.show("Tags of labelled passages of our own", tags)
    if shared := os.environ.get("DANGJIAN_SHARED"):
        report_shared(Path(shared) / "data")
        good = all([good, *evaluate_stories.report_shared(Path(shared) / "data" / "pages")])
        real = evaluate_pages.score_shared_pages(Path(shared) / "data" / "pages", held_out=arguments.held_out)
        evaluate_pages.show("Real pages" + (", held out" if arguments.held_out else ""), real)
    scores: list[Measured] = [*damage, *score_tears(), *pages, *heads, *stories, *tags]
    if arguments.record:
        record(scores)
        return 0
    worse = list(find_regressions(scores))
    for line in worse:
        print("WORSE", line)
    return 1 if worse or not good else 0


if __name__ == "__main__":
    sys.exit(main())
