"""Tell captions of pictures from paragraphs, by signs that leave no doubt; what is only likely is flagged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cleaning.byline import parse_byline
from cleaning.byline_names import split_names
from cleaning.layout.folding import fold
from cleaning.layout.steps import name_places, note
from models.records import Block, BlockKind, Certainty, Credit, Draft, Repair

__all__ = ["flag_likely_captions", "mark_captions"]

RULE = "captions"
LONGEST = 160  # characters: captions of agency pictures run to about 120

_OPENS = re.compile(
    r"^(?:图为|图[一二三四五六七八九十①-⑳\d]{1,2}(?:[:、.]|\s?为)|图(?:说|注|解)?:|[▲△▼▽◀▶↑↓]|[上下左右题]图(?:为|:)|配图:)"
)
_SHOWS = re.compile(r"[。!?]\s?图为")
# The photographer at the end: （李四 摄）, 新华社记者 李四 摄, 李四/摄, 新华社发（李四摄）
_SHOT_BY = re.compile(
    r"(?:[(\[【]|[\s。!?,、/|]|^|记者|通讯员|发)(?P<names>[\u4e00-\u9fff·]{2,4}(?:[、\s][\u4e00-\u9fff·]{2,4}){0,4})\s?/?\s?摄(?:影)?\s?[)\]】]{0,2}。?$"
)
_SOURCE_OF_PICTURE = re.compile(
    r"[(\[【](?:资料图片?|资料照片|档案图片|图片?(?:来源|源)?[:/][^()]{2,20}|图源[^()]{1,20}|[^()]{2,20}供图|视频截图)[)\]】]。?$"
    r"|供图/[\w ]{2,20}$|[。!?]\s?(?:资料图片?|视频截图)$"
)

CREDIT_ROW = 24  # characters; up to here "新华社记者 李四 王五 摄" credits the article

# A likely caption: one short plain sentence between paragraphs of a text that lost its pictures.
LIKELY_LENGTH = 26
_PLAIN_SENTENCE = re.compile(r"^(?:“[^”，。]{2,10}”[，,]?)?[^，。；：！？,;:!?、]{4,26}。$")
_CARRIES_ON = re.compile(
    r"^(?:[这那他她它我你其此该]|于是|之后|随后|同时|然而|但|而|如今|目前|当前|因此|所以|接着|最后|最终|为此|对此|不仅|一|有|说|在|今)"
)
LIKELY_SHARE = 0.1  # of the paragraphs


def mark_captions(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """The draft with certain captions as CAPTION blocks and their photographers among the credits."""
    blocks, credits = list(draft.blocks), list(draft.credits)
    signs: dict[int, str] = {}
    for n, block in enumerate(draft.blocks):
        if block.kind is BlockKind.CAPTION:
            credits.extend(_photographers(block.text))
        elif block.kind is BlockKind.PARAGRAPH and len(block.text) <= LONGEST and (sign := _sign(block.text)):
            blocks[n] = Block(BlockKind.CAPTION, block.text)
            credits.extend(_photographers(block.text))
            signs[n] = sign
    if signs and _is_picture_story(blocks):
        # A page of pictures has nothing but captions: they are its text.
        blocks, signs = list(draft.blocks), {}
    credits = list(dict.fromkeys(credits))
    if not signs and len(credits) == len(draft.credits):
        return draft, ()
    places = name_places(draft.blocks) if signs else []
    repairs = tuple(
        note(RULE, draft.blocks[n].text, draft.blocks[n].text, places[n], sign) for n, sign in signs.items()
    )
    return replace(draft, blocks=tuple(blocks), credits=tuple(credits)), repairs


def _is_picture_story(blocks: Sequence[Block]) -> bool:
    """Whether captions are more than a third of all text."""
    captions = sum(len(b.text) for b in blocks if b.kind is BlockKind.CAPTION)
    return captions * 3 > sum(len(b.text) for b in blocks)


# Every sign has one of these characters; folding is dear, and most paragraphs have none.
_HINTS = re.compile(r"[摄攝图圖▲△▼▽◀▶↑↓料截](?<![^资資]料)(?<![^频頻]截)")


def _sign(text: str) -> str | None:
    if not _HINTS.search(text):
        return None
    folded = fold(text).strip()
    if len(folded) <= CREDIT_ROW and parse_byline(text).is_complete:
        return None
    if _OPENS.match(folded) and len(folded) > 4:
        return "begins like a caption"
    if _SHOWS.search(folded):
        return "图为 opens a sentence"
    if _SHOT_BY.search(folded[-60:]) and len(folded) > 12:
        return "names the photographer"
    return "names the source of the picture" if _SOURCE_OF_PICTURE.search(folded[-60:]) else None


def _photographers(text: str) -> tuple[Credit, ...]:
    folded = fold(text).strip()
    found = _SHOT_BY.search(folded[-60:])
    if found is None:
        return ()
    offset = max(0, len(folded) - 60)
    raw = text.strip()[offset + found.start("names") : offset + found.end("names")]
    names, _, rest = split_names(raw)
    return (Credit("摄影", names),) if names and not rest else ()


def flag_likely_captions(draft: Draft) -> tuple[Draft, tuple[Repair, ...]]:
    """Proposals for short plain sentences of a text that lost its pictures; nothing is changed."""
    blocks = draft.blocks
    if draft.extractor != "plain":
        return draft, ()
    likely = [n for n in range(1, len(blocks) - 1) if _is_likely(blocks, n)]
    paragraphs = sum(b.kind is BlockKind.PARAGRAPH for b in blocks)
    # Pictures come in numbers; a text with many short sentences is written so.
    if not 2 <= len(likely) <= LIKELY_SHARE * paragraphs:
        return draft, ()
    places = name_places(blocks)
    return draft, tuple(
        note(RULE, blocks[n].text, "", places[n], "may be a caption", certainty=Certainty.LOW) for n in likely
    )


def _is_likely(blocks: Sequence[Block], n: int) -> bool:
    text = blocks[n].text
    if blocks[n].kind is not BlockKind.PARAGRAPH or len(text) > LIKELY_LENGTH or not _PLAIN_SENTENCE.match(text):
        return False
    return not _CARRIES_ON.search(text) and all(blocks[m].kind is BlockKind.PARAGRAPH for m in (n - 1, n + 1))
