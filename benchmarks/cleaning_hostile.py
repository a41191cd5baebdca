"""Seconds that each text rule takes for texts made to slow it down, at three sizes: the last column should be near 4.

python benchmarks/cleaning_hostile.py [rule ...]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cleaning import pipeline
from models.records import Edit

PROBE = 25_000  # characters of every text, to find the three that are measured at full size
SIZES = (250_000, 500_000, 1_000_000)  # characters; linear work grows fourfold from the first to the last

# What repeats; each aims at a loop, a look-behind or a candidate search of some rule.
WORST: Mapping[str, str] = {
    "brackets": "(",
    "brackets, full width": "（",
    "bracket pairs": "()",
    "list marks": "(a)",
    "notes": "党(dǎng)",
    "doubled notes": "党(dǎng)(dǎng)(dǎng)(dǎng)",
    "long Latin in brackets": "(" + "a" * 63 + ")",
    "ambiguous syllables": "西安西安(" + "xian" * 12 + ")",
    "pictures": "党(🐌)",
    "U+FFFD": "\ufffd",
    "U+FFFF": "\uffff",
    "question marks": "?",
    "torn marks": "党?；",
    "wedges": "?；鶎h",
    "Latin mojibake": "µ³½¨",
    "mixed mojibake": "ʵ¼ù¹¤",
    "UTF-8 as Latin-1": "ä¸\xad",
    "UTF-8 as Latin-1 over and over": "Ã\x83Â¤",
    "UTF-8 as GBK": "鍏氬缓",
    "holes": "鍏�",
    "lead bytes": "é",
    "rare characters": "綦龘鑫",
    "Big5 as GBK": "いゅ地",
    "entities": "&amp;",
    "entity in entity": "&#38;#38;",
    "open entities": "&",
    "escapes": "\\u515a",
    "percent": "%E5",
    "loss marks": "锟斤拷",
    "blanks": " ",
    "wide blanks": "\u3000",
    "blanks between characters": "党 建 ",
    "Traditional": "黨建引領",
    "著": "著",
    "quotes": "“",
    "closing quotes": "”",
    "half-width marks": "党,建:好;",
    "digits": "1,2:3;",
    "everyday": "党的建设，",
    "lines": "党\n",
}


def measure(repair: Callable[[str], Edit], piece: str, size: int) -> float:
    """CPU seconds for one text of ``size`` characters."""
    text = (piece * (size // len(piece) + 1))[:size]
    start = time.process_time()
    repair(text)
    return time.process_time() - start


def main() -> None:
    chosen = set(sys.argv[1:])
    for rule in (*pipeline.BEFORE_LAYOUT, *pipeline.AFTER_LAYOUT):
        if chosen and rule.name not in chosen:
            continue
        rule.repair("党建引领(dǎng)。" * 10)  # tables are read once
        slowest = sorted(WORST, key=lambda name: -measure(rule.repair, WORST[name], PROBE))[:3]
        print(f"\n{rule.name}: seconds at " + ", ".join(f"{size // 1000} k" for size in SIZES) + "; growth")
        for name in slowest:
            seconds = [measure(rule.repair, WORST[name], size) for size in SIZES]
            growth = seconds[-1] / seconds[0] if seconds[0] else 0.0
            print(f"  {name:<32}" + "".join(f"{s:>9.2f}" for s in seconds) + f"{growth:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
