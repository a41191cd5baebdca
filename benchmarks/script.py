"""Script conversion: speed on Traditional and simplified text, and wrong characters on text converted there and back.

    python -m benchmarks.script [FILE ...]      # simplified text, UTF-8; without files the project's own passages

Speed is best of five, CPU time, in MB of UTF-8 a second. Errors are per 10,000 characters of the files given.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from cleaning import script
from cleaning.conversion import load_dictionary, read_entries

PASSAGE = (
    "社区党组织带领党员干部走访群众，了解居民对环境整治的意见，并将问题逐项登记。街道着力解决停车难，"
    "活跃着一支志愿服务队，成效显著；著名作家的名著也走进了农家书屋。若干问题当场答复，特征和象征都写进了征文。\n"
)
# Lines of one document: enough for its script to be told, few enough to be an article.
DOCUMENT = 40


def main(paths: list[str]) -> None:
    text = "".join(Path(path).read_text("utf-8") for path in paths) or PASSAGE * 400
    ways = conversions()
    for name, text_in in (("Traditional", ways["s2tw"](text)), ("simplified", text)):
        print(f"{name:12} {speed(text_in):8.1f} MB/s")
    for name, convert in {**ways, "simplified": str}.items():
        wrong = errors(text, convert)
        total = wrong.total()
        print(f"{name:12} {total / len(text) * 10_000:8.3f} wrong per 10,000   {wrong.most_common(5)}")


def conversions() -> dict[str, Callable[[str], str]]:
    """The ways in which simplified text becomes Traditional: OpenCC's three, and two of content farms."""
    forms = read_entries("STCharacters")
    s2t = load_dictionary("STPhrases", "STCharacters").convert
    taiwan, hong_kong = (
        str.maketrans({k: v[0] for k, v in read_entries(n).items()}) for n in ("TWVariants", "HKVariants")
    )
    one_form = str.maketrans({k: v[0] for k, v in forms.items() if len(v) == 1} | {"着": "著", "台": "臺", "准": "準"})
    first_form = str.maketrans({k: v[0] for k, v in forms.items()})
    return {
        "s2t": s2t,
        "s2tw": lambda text: s2t(text).translate(taiwan),
        "s2hk": lambda text: s2t(text).translate(hong_kong),
        "farm": lambda text: text.translate(one_form),
        "per character": lambda text: text.translate(first_form),
    }


def speed(text: str) -> float:
    script.repair(text[:10_000])
    best = min(timed(text) for _ in range(5))
    return len(text.encode()) / 1e6 / best


def timed(text: str) -> float:
    start = time.process_time()
    script.repair(text)
    return max(time.process_time() - start, 1e-9)


def errors(text: str, convert: Callable[[str], str]) -> Counter[tuple[str, str]]:
    wrong: Counter[tuple[str, str]] = Counter()
    lines = text.split("\n")
    for at in range(0, len(lines), DOCUMENT):
        document = "\n".join(lines[at : at + DOCUMENT])
        back = script.repair(convert(document)).text
        wrong.update((a, b) for a, b in zip(document, back, strict=True) if a != b)
    return wrong


if __name__ == "__main__":
    main(sys.argv[1:])
