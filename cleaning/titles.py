"""Choose the title among what a page offers, and cut the name of the site off <title> without cutting the title."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.records import Found, Origin

__all__ = [
    "Heading",
    "choose_title",
    "clean_title",
    "fold_title",
    "may_fold_to",
    "names_only_site",
    "strip_site",
    "undouble",
]

MAX_TITLE = 120  # characters; the longest real headlines of party papers, with both subtitles, stay under 100
MAX_RAW = 2000  # characters of a title tag that are read: escaped HTML around 60 characters of title runs to 900
COLUMN = 5  # characters of the name of a column: 数码, 要闻, 组工动态
MIN_TITLE = 4  # a two-character heading ("新闻") is the name of a column


@dataclass(frozen=True, slots=True)
class Heading:
    """A text of the page that may be its title: ``level`` 1 for h1 ...; 0 for an element only named so by its class."""

    text: str
    level: int = 0
    before_body: bool = True


# What stands between a title and the names of column and site. A single hyphen counts only with a blank on a side.
_SEPARATOR = re.compile(
    r"\s*(?:[_|｜丨│¦]|—{2,}|-{2,}|–{1,2}|―{1,2}|(?<=\s)[-—·»>]|[-—»>](?=\s)|[-—·](?=[^-—·]{2,14}$)|<<|>>|::)+\s*"
)
_SITE_WORD = re.compile(
    r"(?:网|網|网站|網站|频道|頻道|日报|日報|晚报|晚報|早报|时报|時報|商报|都市报|晨报|门户|门户网|首页|官网|官方网站|在线|線上|新闻|新聞|新闻中心|"
    r"资讯|資訊|中心|客户端|论坛|博客|部落格|专题|政府|人民政府|委员会|组织部|纪委监委|电视台|杂志|周刊|电子报|数字报|"
    r"滚动|要闻|正文|栏目|财经|體育|体育|娱乐|健康|科技|国际|国内|社会|时政|党建|评论|理论|法院|检察院|大学|学院|公司|"
    r"委|局|厅|办公室|搜狐|网易|新浪|腾讯|凤凰|PChome|Yahoo.*|ETtoday.*|.*\.(?:com|cn|net|org|tw|hk).*|.*News.*|.*Online.*)$",
    re.IGNORECASE,
)
_COLUMN_ONLY = re.compile(
    r"^(?:首页|正文|内容页?|详情|详情页|新闻详情|文章|文章内容|新闻正文|新闻内容|信息详情|无标题文档|Untitled.*|index|详细页面|阅读)$"
)


_NO_LETTERS = re.compile(r"[\W_]+")


LONGEST_CACHED = 200  # characters; what is longer is text, and does not stand on the next page again


def fold_title(text: str) -> str:
    """Letters and digits only, width folded: what two spellings of one title have in common."""
    return _fold_again(text) if len(text) <= LONGEST_CACHED else _fold(text)


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return text if text.isalnum() else _NO_LETTERS.sub("", text)


# The navigation of a site stands on all of its pages: most lines that are folded were folded on the page before.
_fold_again = lru_cache(maxsize=4096)(_fold)


def may_fold_to(text: str, folded: str) -> bool:
    """False where the first character shows that ``text`` folded begins otherwise than ``folded``; folding is dear."""
    return text[:1] == folded[:1] or not "\u4e00" <= text[:1] <= "\u9fff"  # Han characters fold to themselves


def clean_title(text: str) -> str:
    """One line, blanks folded, no markup: some sites print ESCAPED HTML in their ArticleTitle tag."""
    return _clean_again(text) if len(text) <= LONGEST_CACHED else _clean_title(text)


def _clean_title(text: str) -> str:
    text = text[:MAX_RAW]
    if "&lt;" in text or re.search(r"<[a-zA-Z/][^<>]{0,300}>", text):
        text = re.sub(r"<[a-zA-Z/!][^<>]{0,300}>", " ", html.unescape(text))
    text = re.sub(r"[\s\u3000\u200b\ufeff\xad\u2028\u2029]+", " ", html.unescape(text)).strip()
    return undouble(text)


_clean_again = lru_cache(maxsize=4096)(_clean_title)


def undouble(text: str) -> str:
    """ "标题标题" and "标题 标题" → "标题": headings set once for the phone and once for the desk."""
    half = len(text) // 2
    if half >= MIN_TITLE and len(text) % 2 == 0 and text[:half] == text[half:]:
        return text[:half].strip()
    if half >= MIN_TITLE and len(text) % 2 == 1 and text[:half] == text[half + 1 :] and text[half] == " ":
        return text[:half].strip()
    return text


def strip_site(title: str, sites: Iterable[str] = ()) -> str:
    """The <title> without the names of site and column at its end; ``sites`` are names known from the page.

    >>> strip_site("深度关注 | 严查借快递送礼————要闻——中央纪委国家监委网站")
    '深度关注 | 严查借快递送礼'
    """
    title = clean_title(title)
    known = {fold_title(s) for s in sites if len(fold_title(s)) >= 2}
    stripped_at = None  # the separator that stood before the site's name stands before its columns too
    while True:
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts or not title[: cuts[-1].start()].strip():
            return title
        last = title[cuts[-1].end() :].strip()
        head = title[: cuts[-1].start()].strip()
        separator = cuts[-1][0].strip()
        column = separator == stripped_at and len(last) <= COLUMN and len(head) >= 2 * COLUMN
        if not column and not _is_site(last, separator, head, known):
            return title
        title, stripped_at = head, separator


def _is_site(last: str, separator: str, head: str, known: set[str]) -> bool:
    """Whether the last piece names the site or a column. A piece longer than what is before it is the title itself."""
    folded = fold_title(last)
    if not folded or folded in known:
        return True
    if len(fold_title(head)) < MIN_TITLE or len(folded) > 24:
        return False
    if _SITE_WORD.search(last) and len(folded) <= max(14, len(fold_title(head))):
        return True
    # "标题_国内_某某站": nobody writes an underscore inside a headline.
    return separator.startswith("_") and len(folded) <= 14


def choose_title(
    title_tag: str, headings: Sequence[Heading], meta: Sequence[str] = (), sites: Sequence[str] = ()
) -> Found[str] | None:
    """The title with where it was read, or None where nothing looks like a title.

    ``meta``: values of ArticleTitle and og:title, the most trustworthy first; ``headings``: in reading order.
    A text of the page that says just what a title tag says wins; then a heading above the body that is close to it;
    then a text that <title> begins with; then the title tags alone.
    """
    tag = clean_title(title_tag)
    stated = [strip_site(value, sites) for value in meta if fold_title(value) != fold_title(tag)]
    stripped = strip_site(tag, [s for s in sites if not fold_title(tag).startswith(fold_title(s))])
    witnesses = [w for w in map(_without_reporter, (*stated, stripped, *_beginnings(stripped))) if _usable(w, ())]
    usable = [h for h in map(_clean, headings) if _may_be_title(h.text)]
    chosen = _equal(witnesses, usable) or _close(witnesses, usable) or _confirmed(tag, stated, usable)
    if chosen is not None:
        return Found(chosen.text, Origin.HEADING, chosen.text)
    for value in stated:
        if _usable(value, sites):
            return Found(value, Origin.META, value)
    if _usable(stripped, sites) and not _only_site(stripped, tag):
        return Found(stripped, Origin.TITLE_TAG, tag)
    first = next((h for h in usable if h.before_body and 0 < h.level <= 3), None)
    return Found(first.text, Origin.HEADING, first.text) if first else None


_REPORTER = re.compile(r"\s*(?:本[刊报网台]|新华社)?(?:记者|評論員|评论员)[ \u3000]\S{2,4}(?:[ \u3000]\S{2,4}){0,3}$")


def _without_reporter(title: str) -> str:
    return _REPORTER.sub("", title) if len(title) > 12 else title


def _beginnings(title: str) -> Iterable[str]:
    """What is before each separator, longest first: a line of the page decides whether one of them is the title."""
    for cut in reversed(list(_SEPARATOR.finditer(title))):
        if len(fold_title(title[: cut.start()])) >= 8:
            yield title[: cut.start()].strip()


def _equal(witnesses: Sequence[str], headings: Sequence[Heading]) -> Heading | None:
    """A text, or two or three texts in a row, that a title tag repeats."""
    for witness in map(fold_title, witnesses):
        for number, heading in enumerate(headings):
            text = heading.text
            if not may_fold_to(text, witness):
                continue
            for following in (*headings[number + 1 : number + 3], None):
                folded = fold_title(text)
                if folded == witness:
                    return Heading(text, heading.level, heading.before_body)
                if following is None or not witness.startswith(folded):
                    break
                text = f"{text} {following.text}"
    return None


def _close(witnesses: Sequence[str], headings: Sequence[Heading]) -> Heading | None:
    """The last heading above the body that is nearly what a title tag says: sites shorten titles in their tags."""
    for heading in reversed(headings):
        near = heading.before_body and 0 < heading.level <= 3 and not heading.text.endswith("。")
        if near and any(_shares(heading.text, w) for w in witnesses):
            return heading
    return None


def _clean(heading: Heading) -> Heading:
    text = clean_title(heading.text)
    return heading if text == heading.text else Heading(text, heading.level, heading.before_body)


def _usable(text: str, sites: Iterable[str]) -> bool:
    return _may_be_title(text) and fold_title(text) not in {fold_title(s) for s in sites}


@lru_cache(maxsize=4096)  # asked of every short line of a page, and most stand on the next page again
def _may_be_title(text: str) -> bool:
    return MIN_TITLE <= len(fold_title(text)) <= MAX_TITLE and not _COLUMN_ONLY.match(text)


def names_only_site(tag: str) -> bool:
    """Whether a <title> is the name of the site or a column and no headline: 南山区人民政府, 某某党建网."""
    tag = tag.strip()
    return len(tag) <= 20 and bool(
        re.search(
            r"(?:网站?|網站?|频道|门户|首页|政府|委员会|组织部|宣传部|局|中心|社区|街道|党校|学校|大学|学院|医院|研究[院所]|"
            r"协会|学会|联合会|工会|商会|妇联|团委|纪委|监委|残联|管委会|法院|检察院|集团|公司|先锋|党建|[日晚]报|数字报|电子报|平台|在线)$",
            tag,
        )
    )


def _only_site(stripped: str, tag: str) -> bool:
    return stripped == tag and bool(re.search(r"(?:网站?|網站?|频道|门户|首页)$", stripped))


def _confirmed(tag: str, meta: Sequence[str], headings: Sequence[Heading]) -> Heading | None:
    """The heading that <title> or a title tag of the page begins with, or holds; the longest such."""
    witnesses = [fold_title(w) for w in (tag, *map(clean_title, meta)) if fold_title(w)]
    best: tuple[int, int, int] | None = None
    chosen = None
    for number, heading in enumerate(headings):
        folded = fold_title(heading.text)
        starts = any(_begins(w, folded) for w in witnesses)
        inside = len(folded) >= 8 and any(folded in w for w in witnesses)
        if not starts and not inside:
            continue
        rank = (2 if starts else 1, min(len(folded), 200), -number)
        if best is None or rank > best:
            best, chosen = rank, heading
    return chosen


def _begins(witness: str, folded: str) -> bool:
    """Whether the title tag begins with the heading, or (cut off by the site) the heading with the title tag."""
    if witness.startswith(folded):
        # "党建" begins "党建引领…_网": a heading must be more than the first word of the headline.
        return len(folded) >= 6 or len(folded) * 2 >= len(witness)
    return len(witness) >= 12 and folded.startswith(witness)


def _shares(a: str, b: str) -> bool:
    """Whether two titles are spellings of one: most of the pairs of characters of the shorter are in the other."""
    x, y = sorted((fold_title(a), fold_title(b)), key=len)
    if len(x) == 5 and y.endswith(x) and len(y) <= 2 * len(x):  # （图片故事）侗寨晒秋忙 in the tag
        return True
    pairs = {x[i : i + 2] for i in range(len(x) - 1)}
    return len(x) >= 6 and len(x) * 2 >= len(y) and sum(p in y for p in pairs) * 2 >= len(pairs)
