"""Fold a line for matching: widths, and the Traditional characters of furniture and bylines. Same length in and out."""

from __future__ import annotations

import re

__all__ = ["FINAL_MARKS", "ends_sentence", "fold", "han_only", "is_short"]

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_TRADITIONAL = str.maketrans(
    "來責編輯記攝發佈時間點擊閱讀訊員圖劃審對設計製視頻執導華網報實習處瀏覽錄載轉筆譯監撰繪飛聞號電體題頁關於聯繫們評論"
    "搶發備權複製連結過熱門推薦話掃碼註閉義務術為書簽絡檢舉聲續篇長條專選項標單綫線機構辦蓋證團隊鏈釋權戶應當習紀據庫錯誤窗"
    "個價萬與後無讚贊藏勵寫數從開這誰幾會動態內軟學黨國區縣鄉鎮號層級紅歡歷總統",
    "来责编辑记摄发布时间点击阅读讯员图划审对设计制视频执导华网报实习处浏览录载转笔译监撰绘飞闻号电体题页关于联系们评论"
    "抢发备权复制连结过热门推荐话扫码注闭义务术为书签络检举声续篇长条专选项标单线线机构办盖证团队链释权户应当习纪据库错误窗"
    "个价万与后无赞赞藏励写数从开这谁几会动态内软学党国区县乡镇号层级红欢历总统",
)
_TABLE = {**_WIDTHS, **_TRADITIONAL}


def fold(text: str) -> str:
    """Half-width marks and letters, simplified furniture words; for matching only."""
    return text if text.isascii() else text.translate(_TABLE)


_NOT_TEXT = re.compile(r"[^\w]+|_+")


def han_only(text: str) -> str:
    """Letters and digits alone: two prints of one sentence compare equal whatever their marks and blanks."""
    return _NOT_TEXT.sub("", text)


FINAL_MARKS = frozenset("。！？!?…")
_CLOSERS = "”’」』》〉）)】］]\"' \u3000"


def ends_sentence(text: str) -> bool:
    """Whether the last mark, behind closing quotes and brackets, ends a sentence."""
    return text.rstrip(_CLOSERS)[-1:] in FINAL_MARKS


SHORT = 45  # characters: a line of furniture, a caption, a heading; sentences of the story are mostly longer


def is_short(text: str) -> bool:
    return len(text) <= SHORT
