"""Sentences of the story that begin like buttons and calls of the site stay; buttons and calls go."""

from __future__ import annotations

import pytest

from tests.cleaning.extract.pages import STORY, plain_page, read, texts

SENTENCES = """
分享会上，老党员讲述了入党故事。
扫码就能评议，居民直夸方便。
点赞身边好人。
转发了三百多次。
下一条街的路灯也亮了。
上一页写着去年的账。
登录平台就能预约。
长按门铃三秒，志愿者就到。
收藏了八十枚党徽。
居民下载客户端，在家就能办事。
关注微信公众号的居民越来越多。
客户端里，居民点单、党员接单，下载一次就够。
""".split()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_begins_like_a_button_is_part_of_the_story(sentence: str) -> None:
    for story in ((sentence, *STORY), (STORY[0], sentence, *STORY[1:]), (*STORY, sentence)):
        assert texts(read(plain_page("2024-05-20", body="".join(f"<p>{line}</p>" for line in story)))) == story


CALLS = """
扫一扫分享至朋友圈。
请扫描二维码关注我们！
欢迎关注南山先锋微信公众号。
下载南山新闻客户端！
登录后发表评论。
点击查看更多。
长按识别二维码，立即关注。
""".split()


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_the_site_behind_the_text_goes_though_it_ends_in_a_stop(call: str) -> None:
    assert texts(read(plain_page("2024-05-20", body="".join(f"<p>{line}</p>" for line in (*STORY, call))))) == STORY
