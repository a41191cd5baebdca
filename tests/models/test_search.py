"""Search finds what the texts say, whatever was typed, and its index follows the articles."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.decide import Cleaned
from models.records import Record
from models.search import Hits
from models.store import Store
from tests.models.corpus import NOW, begin, key_of, record


def put(store: Store, *records: Record, now: datetime = NOW) -> None:
    store.apply(begin(store), [Cleaned(one) for one in records], now)


def names(found: Hits) -> list[str]:
    """The names the articles were made with: their addresses are https://news.example/<name>.html."""
    return [hit.url.rsplit("/", 1)[-1].removesuffix(".html") for hit in found.hits]


def put_texts(store: Store, **texts: str) -> None:
    put(store, *(record(name, text=said, title=f"{name}篇") for name, said in texts.items()))


WORDS = [
    # what is typed, what a text says, whether it is found
    ("社区", "走进社区听意见。", True),
    ("社区", "社会各区都来了。", False),
    ("党", "这个支部有十名党", True),
    ("党", "这个支部有十名团员。", False),
    ("基层党组织", "要抓好基层党组织建设。", True),
    ("基层党组织", "基层支部、党组织、层党组。", False),
    ("基层 党组织", "党组织在基层。", True),
    ("“基层 党组织”", "党组织在基层。", False),
    ('"党建 引领"', "我们说党建 引领。", True),
    ("党建，引领", "党建怎样引领治理？", True),
    ("社区 -物业", "社区的事大家议。", True),
    ("社区 -物业", "社区和物业一起议。", False),
    ("社区 -物业公司", "社区和物业一起议，公司来人。", True),
    ("-物业", "社区的事大家议。", True),
    ("-物", "物业的事大家议。", False),
    ("黨組織", "党组织在基层。", True),
    ("Ｇ６０", "沿着G60科创走廊。", True),
    ("g60科创走廊", "沿着G60科创走廊。", True),
    ("60", "沿着G60科创走廊。", False),
    ("2026", "到2026年底。", True),
    ("5个", "成立了5个支部。", True),
    ("《条例》", "学习《条例》全文。", True),
    ("！？", "真的吗！？", False),
    ("会议", "会\n议", False),
]


@pytest.mark.parametrize(("typed", "said", "found"), WORDS)
def test_what_is_typed_finds_what_is_said(store: Store, typed: str, said: str, found: bool) -> None:
    put_texts(store, 这=said + "其余的话与此无关，只为凑足字数。")
    assert names(store.search(typed)) == (["这"] if found else [])
    assert store.search(typed).total == int(found)
    assert list(store.find_keys(typed)) == ([key_of("这")] if found else [])
