"""Every layout rule as a table of before and after, and what all of them must keep."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaning.layout import arrange
from cleaning.layout.captions import mark_captions
from cleaning.layout.credits import lift_credits
from cleaning.layout.duplicate_body import collapse_duplicate_body
from cleaning.layout.exact_copies import drop_exact_copies
from cleaning.layout.furniture import drop_furniture
from cleaning.layout.joining import join_sentences
from cleaning.layout.repeated_title import drop_repeated_title
from cleaning.layout.title_quotes import restore_title_quotes
from models.records import Found, Origin
from tests.cleaning.layout.drafts import applied, captions, draft, flagged, paragraphs

# 12 paragraphs of different sentences, about 900 characters.
STORY = [
    f"{who}在{where}{what}，前后用了{days}天，{result}。支部把经过写在公示栏里，{after}。"
    for who, where, what, days, result, after in [
        ("老党员魏福生", "三号院门口", "量出每户停车的位置", "九", "四十二辆车各归其位", "谁家换车谁来改一笔"),
        ("网格员蓝小梅", "菜市场北口", "劝走了占道的摊位", "六", "消防车第一次开进了巷子", "摊主们搬进了新棚"),
        ("退役军人廖峰", "河堤下段", "组织巡河小队", "十一", "两处暗管被封堵", "水样每月公布一次"),
        ("教师覃雪", "社区书屋", "办起周末课堂", "三十", "报名的孩子从七个变成六十个", "家长轮流值班"),
        ("医生龚立", "老年活动室", "给独居老人建档", "十五", "一百零三人有了家庭医生", "慢病药送到楼下"),
        ("木匠邓有财", "村口戏台", "修好了塌掉的木栏", "四", "元宵的戏照常开锣", "材料钱由戏迷凑齐"),
        ("支书闫春兰", "后山果园", "谈成了冷链车", "二十", "柑橘坏果率降到百分之三", "账目贴在合作社墙上"),
        ("青年党员石磊", "小学门前", "画出接送通道", "两", "放学时不再堵成一团", "交警每周来看一次"),
        ("妇女主任向红", "晒谷坝", "调解了两家的地界", "八", "界桩重新埋下", "两家合种了一排桂花"),
        ("水管员祝成", "高位水池", "换掉锈穿的阀门", "五", "山上十七户不再断水", "钥匙由三人分管"),
        ("电工毛大勇", "老戏楼", "重新走了线路", "七", "检查组当场摘了隐患牌", "图纸留在村档案室"),
        ("会计甘霖", "村委会", "把三年的账算清", "十二", "欠款收回四万六千元", "每一笔都请人签了字"),
    ]
]


# --- titles ---

QUOTES = [
    ("打造基层治理的_青杨_范本", "打造基层治理的“青杨”范本"),
    ("_一核_引领 _多元_共治", "“一核”引领 “多元”共治"),
    ("Chrome自带_bug_", "Chrome自带“bug”"),
    ("NFT_ 是什么", "NFT_ 是什么"),
    ("my_file_name", "my_file_name"),
    ("版本_1_2_发布", "版本_1_2_发布"),
]


@pytest.mark.parametrize(("before", "after"), QUOTES)
def test_quotes_of_exported_titles(before: str, after: str) -> None:
    doc, repairs = restore_title_quotes(_titled(before, Origin.FRONT_MATTER))
    assert doc.title is not None
    assert doc.title.value == after
    assert len(repairs) == (before != after)


def test_underscores_of_other_titles_stay() -> None:
    doc, _ = restore_title_quotes(_titled("打造_青杨_范本", Origin.HEADING))
    assert doc.title is not None
    assert doc.title.value == "打造_青杨_范本"


def _titled(title: str, origin: Origin):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(draft(*STORY), title=Found(title, origin, title))


LEADS = [
    ("走村记⑦ 板凳搬到晒谷场", "走村记⑦ 板凳搬到晒谷场" + STORY[0], STORY[0], True),
    ("走村记⑦ 板凳搬到晒谷场", "走村记⑦板凳搬到晒谷场 " + STORY[0], STORY[0], True),
    ("青杨乡召开冬训动员会议", "青杨乡召开冬训动员会议，" + STORY[0], "青杨乡召开冬训动员会议，" + STORY[0], False),
    ("青杨乡召开冬训动员会议", "青杨乡召开冬训动员会议精神传达会。", "青杨乡召开冬训动员会议精神传达会。", False),
]


@pytest.mark.parametrize(("title", "before", "after", "cut"), LEADS)
def test_titles_glued_to_the_lead(title: str, before: str, after: str, cut: bool) -> None:
    doc, repairs = drop_repeated_title(draft(before, *STORY[1:], title=title))
    assert doc.blocks[0].text == after
    assert bool([r for r in repairs if r.applied]) == cut


# --- bodies that stand twice ---


@pytest.mark.parametrize("percent", [0, 2, 5, 8])
def test_a_body_that_stands_twice_with_edits_is_collapsed(percent: int) -> None:
    for seed in range(10):
        again = [_edit(text, percent / 100, random.Random(f"{seed} {text}")) for text in STORY]
        doc, repairs = collapse_duplicate_body(draft(*STORY, *again))
        kept = sum(len(b.text) for b in doc.blocks)
        assert kept <= 1.1 * sum(map(len, STORY)), seed  # one edited paragraph in twelve may stay
        assert repairs
        assert ("copies-differ" in doc.flags) == (percent > 0)


def _edit(text: str, share: float, chance: random.Random) -> str:
    letters = [chance.choice("的一是在不了有和人这") if chance.random() < share else letter for letter in text]
    return "".join(letters)


def test_three_copies_leave_one() -> None:
    assert paragraphs(collapse_duplicate_body(draft(*STORY * 3))[0]) == STORY


def test_a_copy_in_a_single_block_goes() -> None:
    assert paragraphs(collapse_duplicate_body(draft(*STORY, "".join(STORY)))[0]) == STORY


def test_of_a_preview_and_the_whole_nothing_is_lost() -> None:
    doc, _ = collapse_duplicate_body(draft(*STORY[:7], *STORY))
    assert paragraphs(doc) == STORY


def test_of_a_damaged_and_a_clean_copy_the_clean_one_stays() -> None:
    damaged = [text.replace("支部", "支\ufffd") for text in STORY]
    doc, _ = collapse_duplicate_body(draft(*damaged, *STORY))
    assert paragraphs(doc) == STORY


def test_a_summary_that_repeats_the_lead_stays() -> None:
    doc, repairs = collapse_duplicate_body(draft(STORY[0], *STORY))
    assert paragraphs(doc) == [STORY[0], *STORY]
    assert not repairs


# --- torn sentences ---

LEFT = "支书闫春兰说：“冷链车谈成以后，柑橘当天就能进城，坏果少了，价钱稳了，大家把心思都用到了"
RIGHT = "管好果园上，明年还要再种八十亩。”"
OPEN = "支书闫春兰介绍，冷链车谈成以后，柑橘当天就能进城，坏果少了，价钱也稳了，大家把心思都用到了"

TEARS = [
    ([LEFT, RIGHT], [LEFT + RIGHT], []),
    ([LEFT, "村民在分拣柑橘。", RIGHT], [LEFT + RIGHT], ["村民在分拣柑橘。"]),
    ([OPEN + "果园（共三百", "亩）和苗圃里。"], [OPEN + "果园（共三百亩）和苗圃里。"], []),
    ([OPEN + "果园", "，也用到了苗圃里。"], [OPEN + "果园，也用到了苗圃里。"], []),
    ([OPEN + "（下转第3版）", "（上接第1版）果园和苗圃里。"], [OPEN + "果园和苗圃里。"], []),
]


@pytest.mark.parametrize(("before", "after", "inside"), TEARS)
def test_sentences_torn_apart_are_whole_again(before: list[str], after: list[str], inside: list[str]) -> None:
    doc, repairs = join_sentences(draft(*before))
    assert paragraphs(doc) == after
    assert captions(doc) == inside
    assert len(applied(repairs, "joining")) == 1


NO_TEARS = [
    ["“床前明月光，", "疑是地上霜。”"],
    [LEFT + "管理。", "另一段话里有一个多出来的引号”在这里。"],
    ["坏果少了 价钱稳了 大家的心思都用到了果园上", STORY[0]],
    [STORY[0], STORY[1]],
    [OPEN + "：", "一是果园，二是苗圃。”"],
]


@pytest.mark.parametrize("texts", NO_TEARS)
def test_what_is_not_torn_is_not_joined(texts: list[str]) -> None:
    doc, repairs = join_sentences(draft(*texts))
    assert paragraphs(doc) == texts
    assert not applied(repairs, "joining")


def test_a_tear_without_proof_is_flagged() -> None:
    doc, repairs = join_sentences(
        draft(
            "年初定下的事一件一件办完了，账目也贴出来了。" + OPEN,
            "果园和苗圃里，明年还要再种八十亩，把后山的荒坡也用起来，再修一条机耕道，让车开到树下，让城里人来摘果子。",
        )
    )
    assert len(doc.blocks) == 2
    assert len(flagged(repairs, "joining")) == 1


# --- captions ---

CAPTIONS = [
    ("图为村民在分拣柑橘。", ()),
    ("冷链车开进后山果园，村民正在装车。（石磊 摄）", ("石磊",)),
    ("冷链车开进后山果园。青杨日报记者 石磊 摄", ("石磊",)),
    ("冷链车开进后山果园。石磊/摄", ("石磊",)),
    ("▲村民在分拣柑橘", ()),
    ("冷链车开进后山果园。（资料图片）", ()),
    ("圖為村民在分揀柑橘。（記者石磊攝）", ("石磊",)),
]


@pytest.mark.parametrize(("text", "photographers"), CAPTIONS)
def test_captions_with_a_certain_sign(text: str, photographers: tuple[str, ...]) -> None:
    doc, _ = mark_captions(draft(STORY[0], text, STORY[1]))
    assert captions(doc) == [text]
    assert tuple(name for c in doc.credits for name in c.names) == photographers


@pytest.mark.parametrize(
    "text", ["他爱好摄影，常在果园里拍摄。", "图书室是村里最热闹的地方。", "有图有真相，村民都说好。", STORY[3]]
)
def test_paragraphs_that_speak_of_pictures_are_no_captions(text: str) -> None:
    assert captions(mark_captions(draft(STORY[0], text, STORY[1]))[0]) == []


# --- furniture ---

FURNITURE = [
    "打印本页", "【打印】【关闭】", "分享到：微信 微博", "扫一扫在手机打开当前页",
    "上一篇：青杨乡召开冬训动员会", "下一篇：没有了", "您当前的位置：首页 > 党建动态 > 正文",
    "首页 > 党建动态 > 正文", "第1页 共3页", "1 2 3 4 下一页", "关于我们 | 联系我们 | 网站地图", "暂无评论",
    "已有12人参与", "发表评论", "蜀ICP备05060708号-1", "川公网安备 51010002000123号", "青杨网 版权所有",
    "字号：大 中 小", "返回顶部", "點擊進入專題 >>", "微信扫一扫，分享到朋友圈", "網站地圖 聯繫我們 用戶調查",
    "共有5条评论", "评论(0)", "文明上网理性发言，请遵守评论服务协议", "登录后才能发表评论",
    "互联网新闻信息服务许可证：00000170001",
    "分享让更多人看到", "点赞 收藏 分享", "【我要打印】", "【打 印】 【关 闭】", "打印文章 | 关闭窗口",
    "上一页 1 2 3 下一页",
    "首页 上一页 1 2 下一页 尾页", "页码：1/3", "当前第1页", "手机扫一扫", "使用手机扫一扫查看",
    "扫描二维码关注青杨发布",
    "京ICP证000173号", "ICP备案编号：蜀ICP备05060708号", "网站标识码：0001000001",
    "Copyright © 2023 青杨网 All Rights Reserved",
]  # fmt: skip


NOTICES = [
    "版權聲明：本網原創作品，未經授權不得轉載", "圖片來自網絡，版權歸原作者所有", "更多精彩內容請關注青楊發布",
    "欢迎关注青杨发布", "如涉及侵權，請與我們聯繫刪除", "凡本网注明来源的作品均不得转载",
]  # fmt: skip


@pytest.mark.parametrize("line", [*FURNITURE, *NOTICES])
def test_lines_of_furniture_go_and_are_kept_for_the_record(line: str) -> None:
    doc, repairs = drop_furniture(draft(*STORY[:3], line))
    assert paragraphs(doc) == STORY[:3]
    assert doc.furniture == (line,)
    assert [(r.rule, r.before, r.after) for r in repairs] == [("furniture", line, "")]


BOXES = [
    ["相关链接：", "· 青杨乡办起周末课堂 2023-04-05", "· 河堤下段两处暗管被封堵"],
    ["推荐阅读", "冷链车开进后山果园", "更多>>"],
    ["网友评论", "游客 写得真好", "2楼 支持支书"],
    ["发表评论", "昵称：", "验证码：", "提交评论"],
    ["主办：青杨乡人民政府 承办：青杨乡党政办", "地址：青杨乡人民路1号 邮编：000000", "蜀ICP备05060708号"],
    ["打印本页", "1/3"],
]


@pytest.mark.parametrize("lines", BOXES, ids=lambda lines: lines[0])
def test_boxes_and_footers_go_as_a_whole(lines: list[str]) -> None:
    doc, _ = drop_furniture(draft(*STORY[:3], *lines))
    assert paragraphs(doc) == STORY[:3]
    assert doc.furniture == tuple(lines)


TEXT_LINES = [
    "居民扫一扫二维码，就能反映问题。", "首页的改版让群众办事更方便。", "大家的评论贴满了公示栏", "分享",
    "更多", "联系群众", "关于我们的村庄", "版权保护进乡村", "党建引领 网格治理", "第一页写的是账目",
    "中国共产党", "地址：青杨乡人民路1号", "1949", "推荐干部要公道", "相关部门", "1/3", "打印", "每页都有许可证编号",
    "用手机扫一扫就能报修",
    "第1页写的是账目", "上一页的账目记着三笔", "共有5条", "打 牌",
]  # fmt: skip


@pytest.mark.parametrize("line", TEXT_LINES)
def test_lines_of_the_story_stay(line: str) -> None:
    assert paragraphs(drop_furniture(draft(STORY[0], line, STORY[1]))[0]) == [STORY[0], line, STORY[1]]


# --- credits ---


def test_particulars_of_an_event_stay() -> None:
    texts = [*STORY[:2], "时间：2023年3月2日", "地点：村委会", "主持人：闫春兰"]
    assert paragraphs(lift_credits(draft(*texts))[0]) == texts


def test_the_dateline_stays_and_names_the_reporter() -> None:
    lead = "新华社成都1月12日电（记者石磊）" + STORY[0]
    doc, _ = lift_credits(draft(lead, *STORY[1:]))
    assert paragraphs(doc)[0] == lead
    assert doc.authors is not None
    assert doc.authors.value == ("石磊",)
    assert doc.medium is not None
    assert doc.medium.value == "新华社"


@pytest.mark.parametrize(
    ("dateline", "author", "medium"),
    [
        ("本报讯（记者石磊 通讯员王丽）", "石磊", None),
        ("本报讯 记者石磊报道：", "石磊", None),
        ("【本报讯】（记者石磊）", "石磊", None),
        ("央视网消息（记者/石磊）：", "石磊", "央视网"),
        ("中新网成都5月2日电(石磊)", "石磊", "中新网"),
        ("（記者 石磊）", "石磊", None),
        ("（中央社記者石磊台北3日電）", "石磊", "中央社"),
        ("【記者石磊台北報導】", "石磊", None),
        ("〔記者石磊／綜合報導〕", "石磊", None),
        ("（记者从市委组织部获悉）", None, None),
        ("中新网成都5月2日电(资料图片)", None, "中新网"),
    ],
)
def test_datelines_of_every_make_stay_and_name_the_reporter(
    dateline: str, author: str | None, medium: str | None
) -> None:
    doc, _ = lift_credits(draft(dateline + STORY[0], *STORY[1:]))
    assert paragraphs(doc)[0].startswith(dateline)
    assert (doc.authors.value if doc.authors else None) == ((author,) if author else None)
    assert medium is None or doc.medium is None or doc.medium.value == medium


def test_the_photographer_of_a_picture_story_stays_with_his_picture_and_is_read() -> None:
    shot = "志愿者在东风社区为老人理发，大家排着队等候。石磊 摄"
    doc, repairs = lift_credits(draft("东风社区昨天办了一场便民集市。", shot))
    assert paragraphs(doc)[-1] == shot
    assert ("摄", ("石磊",)) in [(c.role, c.names) for c in doc.credits]
    assert not repairs


# --- exact copies ---

WHOLE = "".join(STORY)
ROW = [f"{n}号楼 党小组长 李建国{n} 电话 000-00{n:02d}" for n in range(1, 11)]


@pytest.mark.parametrize("gap", ["", " ", "　　"])
def test_a_text_that_stands_twice_in_one_block_stands_once(gap: str) -> None:
    assert len(WHOLE) >= 100
    doc, repairs = drop_exact_copies(draft("先锋故事", WHOLE + gap + WHOLE))
    assert paragraphs(doc) == ["先锋故事", WHOLE]
    assert [r.rule for r in repairs] == ["duplicate-body"]
    assert paragraphs(drop_exact_copies(draft(WHOLE * 3))[0]) == [WHOLE]


def test_the_second_copy_of_a_table_goes() -> None:
    doc, repairs = drop_exact_copies(draft("名单如下。", *ROW, *ROW, "请各支部核对。"))
    assert paragraphs(doc) == ["名单如下。", *ROW, "请各支部核对。"]
    assert len(repairs) == len(ROW)


@pytest.mark.parametrize(
    "texts",
    [
        ["团结就是力量。团结就是力量。"],
        ["我们走在大路上", "意气风发斗志昂扬", "向前进", "向前进", "向前进", "向前进"] * 2,
        [*ROW[:3], *ROW[:3]],
        [*ROW, "又一个社区", *ROW],
        [WHOLE + WHOLE[:80]],
    ],
)
def test_refrains_and_short_lists_stay(texts: list[str]) -> None:
    doc, repairs = drop_exact_copies(draft(*texts))
    assert (paragraphs(doc), repairs) == (texts, ())


# --- all together ---


def test_clean_text_comes_out_as_it_went_in() -> None:
    doc = draft(*STORY, title="十二个人的账本")
    assert arrange(doc) == (doc, ())


LINES = st.lists(
    st.sampled_from(
        [
            *STORY[:4], LEFT, RIGHT, OPEN, OPEN + "（下转第3版）", "（上接第1版）果园和苗圃里。", "，也用到了苗圃里。",
            "一、把账目贴出来", "打印本页", "图为村民在分拣柑橘。", "（责任编辑：石磊）", "“一核”引领 “多元”共治",
            STORY[4] + " " + STORY[5], STORY[6] + "。" + STORY[7] * 3, "村里的路、水、电。灯！？", "相关链接",
        ]
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES)
def test_no_paragraph_begins_where_none_began(texts: list[str]) -> None:
    doc, _ = arrange(draft(*texts))
    kept = [block.text for block in doc.blocks]
    assert len(kept) <= len(texts)
    before = iter(texts)
    for text in kept:
        # In the order of the page, each by its first words: what is joined or cut at its end keeps those.
        assert any(text.startswith(line[:6]) for line in before), text


HOSTILE = {
    "one character": ["党" * 1_000_000],
    "short lines": ["评论"] * 200_000,
    "open quotes": ["“" * 500_000, "”" * 500_000],
    "footers": ["版权所有 " * 15] * 12_000,
    "torn lines": [LEFT] * 20_000,
    "one clause again and again": ["支部把经过写在公示栏里，"] * 80_000,
    "credits": ["记者 石磊 通讯员 " * 8] * 12_000,
    "digits": ["1 " * 40] * 12_000,
}


@pytest.mark.slow  # the clock judges
@pytest.mark.parametrize("texts", HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_of_the_worst_takes_linear_time(texts: list[str]) -> None:
    few = len(texts) <= 2  # long blocks are cut, many blocks are counted off
    quarter = [text[: len(text) // 4] for text in texts] if few else texts[: len(texts) // 4]
    part, whole = _seconds(quarter), _seconds(texts)
    # Four times the text, at most eight times the time; below a fifth of a second the clock proves nothing.
    assert whole < max(8 * part, 0.2)
    assert whole < 10


def _seconds(texts: list[str]) -> float:
    doc = draft(*texts)
    start = time.process_time()
    arrange(doc)
    return time.process_time() - start
