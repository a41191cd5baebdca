"""Text read in the wrong encoding: before and after."""

from __future__ import annotations

import pytest

from cleaning import mojibake
from cleaning.corrupt import IRREVERSIBLE, Misread, misread
from models.records import Certainty

PARAGRAPH = "本报讯 3月12日，城关镇组织12个党支部的党员走进社区，听取居民意见，为群众解决了“停车难”的问题。"
TRADITIONAL = "本報訊 3月12日，城關鎮組織12個黨支部的黨員走進社區，聽取居民意見，為群眾解決了“停車難”的問題。"
# Kinds that lose single bytes even of this paragraph.
LOSSY = [Misread.UTF8_AS_GBK, Misread.UTF8_AS_GB18030, Misread.GBK_AS_BIG5]
WHOLE = [kind for kind in Misread if kind not in IRREVERSIBLE and kind not in LOSSY]

CLEAN = [
    PARAGRAPH,
    TRADITIONAL,
    "Le café de l’été : « Voilà… » — élève, naïve, Noël, cœur, où, ça.",
    "Straße, Größe, Übermut; señor, ¿qué?; São Paulo, AÇÃO, Ålesund, Đà Nẵng, Việt Nam",
    "Русский текст и ελληνικό κείμενο",
    "日本語のテキスト、カタカナもある。한국어 문장도 있다.",
    "党员先锋👍🏻👨‍👩‍👧，点赞❤️！",
    "一······二××××三÷±°四……五——六",
    "綦琨、龚翾、郫筒、犍为、亳州、儋州、邛崃、泸沽、涪陵、漯河",
    "中国石油&中国石化，AT&T，A&B；50%和100%，\\usr\\bin",
    "见 https://example.org/a?q=%E5%85%9A%E5%BB%BA&copy=1 一文",
    "",
]

RUNS = {
    "UTF-8 as GBK in a clean line": ("标题：鍏氬缓寮曢\ue56b 社区治理", "标题：党建引领 社区治理"),
    "no-break space lost": ("ä¼ æ‰¿çº¢è‰²åŸºå› ".replace("\xa0", " "), "传承红色基因"),
    "mixed decoder": ("2.2.2¾ßÌåʵ¼ù¹¤×÷", "2.2.2具体实践工作"),
    "quotation marks alone": ("â€œ五好支部â€\x9d", "“五好支部”"),
    "a name": ("José Mourinho JosÃ© 在场", "José Mourinho José 在场"),
    "middle dot": ("阿卜杜拉Â·买买提", "阿卜杜拉·买买提"),
    "double entities": ("&amp;ldquo;五好&amp;rdquo;支部&amp;nbsp;&amp;#20826;建", "“五好”支部 党建"),
    "code points": ("\\u515a\\u5efa引领", "党建引领"),
    "percent in text": ("文件：%E5%85%9A%E5%BB%BA.doc", "文件：党建.doc"),
    "private use with a known meaning": ("一\ue5e5二", "一\u3000二"),
}


@pytest.mark.parametrize("kind", LOSSY)
def test_where_bytes_are_lost_the_rest_is_undone_and_the_gaps_are_marked(kind: Misread) -> None:
    edit = mojibake.repair(misread(PARAGRAPH, kind))
    assert len(edit.text) == len(PARAGRAPH)
    wrong = [now for was, now in zip(PARAGRAPH, edit.text, strict=True) if was != now]
    assert set(wrong) <= {"\ufffd"}
    assert len(wrong) <= 0.05 * len(PARAGRAPH)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_paragraph_is_undone(kind: Misread) -> None:
    text = TRADITIONAL if "BIG5" in kind.name else PARAGRAPH
    assert mojibake.repair(misread(text, kind)).text == text


@pytest.mark.parametrize(("before", "after"), RUNS.values(), ids=RUNS.keys())
def test_a_run_is_undone(before: str, after: str) -> None:
    assert mojibake.repair(before).text == after


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_comes_out_as_it_went_in(text: str) -> None:
    edit = mojibake.repair(text)
    assert edit.text == text
    assert edit.repairs == ()


@pytest.mark.parametrize("kind", sorted(IRREVERSIBLE))
def test_what_is_lost_is_flagged(kind: Misread) -> None:
    edit = mojibake.repair(misread(PARAGRAPH, kind))
    assert any(r.certainty is Certainty.LOW and not r.applied for r in edit.repairs)


@pytest.mark.parametrize("text", ["锟斤拷锟斤拷党建", "烫烫烫烫", "屯屯屯", "党\ufffd建", "党\ue7ff建"])
def test_the_marks_of_loss_are_flagged_and_left(text: str) -> None:
    edit = mojibake.repair(text)
    assert edit.text == text
    assert [r.applied for r in edit.repairs] == [False]


def test_no_line_is_added_or_removed() -> None:
    page = "\n".join([PARAGRAPH, "", "&#10;&amp;#13;党建", PARAGRAPH])
    for kind in Misread:
        damaged = "\n".join(misread(line, kind) for line in page.split("\n"))
        assert mojibake.repair(damaged).text.count("\n") == damaged.count("\n")
