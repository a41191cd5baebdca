"""Substitution answers as ``str.translate`` does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaning.byline_words import FOLD
from cleaning.layout.folding import fold
from cleaning.substitute import substitute

TABLE = {"國": "国", "，": ",", "]": "）", "^": "x", "-": "一", "\\": "/", "𠀀": "甲"}


@given(st.text(st.sampled_from("國国，,]^-\\/𠀀𠀁甲a\n")))
def test_it_gives_what_translate_gives(text: str) -> None:
    assert substitute(TABLE)(text) == text.translate(str.maketrans(TABLE))


def test_lines_are_folded_character_by_character() -> None:
    every = "".join(chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000)
    assert len(fold(every)) == len(every)
    assert fold("來源：（ＡＢ）\u3000黨員") == "来源:(AB) 党员"
    assert substitute({chr(a): chr(b) for a, b in FOLD.items()})(every) == every.translate(FOLD)
