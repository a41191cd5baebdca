"""Relevance, topics and named working methods."""

from __future__ import annotations

from importlib import resources

import pytest
import yaml

from cleaning.tags.bloom import Bloom
from cleaning.tags.description import describe
from cleaning.tags.methods import find_methods

PARTY = ["社区党支部召开主题党日活动，党员干部围绕基层治理谈体会，老党员带头报名志愿服务队。"] * 3
MARKET = ["今日早盘沪指高开，半导体板块领涨，两市成交额突破一万亿元，北向资金净流入。"] * 3


def test_party_news_is_relevant_and_market_news_is_not() -> None:
    assert describe("党建引领聚合力", PARTY).relevance.score > 0.8
    assert describe("两市放量上涨", MARKET).relevance.score < 0.1


def test_relevance_names_the_words_that_say_so() -> None:
    assert describe(None, PARTY).relevance.hits["党支部"] == 3


def test_a_short_notice_is_not_decided_by_one_word() -> None:
    assert describe(None, ["请书记参加。"]).relevance.score < 0.3


def test_an_empty_text_is_about_nothing() -> None:
    tags = describe(None, [])
    assert (tags.relevance.score, tags.topics, tags.regions, tags.methods) == (0.0, (), (), ())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("老旧小区改造加装电梯，业委会与物业服务企业协商停车难。", "老旧小区"),
        ("为快递小哥、外卖骑手等新就业群体建起驿站，楼宇党建推进。", "两新组织"),
        ("纪委监委通报违反中央八项规定精神问题，整治形式主义、官僚主义。", "党风廉政"),
        ("第一书记带领驻村工作队壮大村集体经济，推进乡村振兴。", "乡村振兴"),
        ("年轻干部培训班开班，选调生到基层挂职，完善干部考核。", "干部队伍"),
    ],
)
def test_the_strongest_topic_has_its_evidence(text: str, topic: str) -> None:
    first = describe(None, [text]).topics[0]
    assert first.name == topic
    assert first.evidence
    assert all(word in text for word in first.evidence)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("形成以“五线工作法”为代表的做法", ("五线工作法",)),
        ("建立‘411’工作机制，一月一走访", ("“411”工作机制",)),
        ("擦亮“花都党建”品牌", ("“花都党建”品牌",)),
        ("探索三步工作法，推广“三步工作法”", ("三步工作法",)),
        ("完善“一核多元”治理体系", ("“一核多元”治理体系",)),
        ("建立“1+3+N”党建联建机制", ("“1+3+N”党建联建机制",)),
        ("运用“望闻问切”四步工作法", ("“望闻问切”四步工作法",)),
        ("严格落实“三会一课”制度，发扬“四下基层”传统", ()),
        ("他说：“我们要改进工作方法。”", ()),
        ("不断完善工作机制", ()),
        ("推行“321”院落工作法，居民称为‘板凳工作法’", ("“321”院落工作法", "板凳工作法")),
        ("街道总结出“双色敲门法”，坚持新时代“枫桥经验”", ("双色敲门法", "枫桥经验")),
        ("建成“党建＋”邻里中心，“网格+党建”进楼", ("党建+", "网格+党建")),
        ("“障眼法”与“三项制度”“五大体系”", ()),
        ("“街道吹哨、部门报到”写进条例，「四前工作法」铺开", ("街道吹哨、部门报到", "四前工作法")),
        ("齐唱“永远跟党走”，学习“党内法规和办法”“怎么看想办法”", ()),
        ("“互联网”企业的经营模式，“一个声音”的机制建设", ()),
    ],
)
def test_named_methods_are_read_off_their_quotation_marks(text: str, expected: tuple[str, ...]) -> None:
    assert find_methods(None, [text]) == expected


def test_methods_are_told_only_of_texts_about_the_field() -> None:
    match = "上届冠军凭“技术+意志”模式夺冠，教练组沿用“双塔”战术模式。"
    assert describe("联赛开赛", [match]).methods == ()
    assert describe("支部建在连队上", [match, "党支部召开组织生活会。"]).methods != ()


def test_words_of_all_political_news_bring_a_text_no_further_than_the_threshold() -> None:
    meeting = ["市委书记、区委书记带领干部到基层调研，县委、省委等参加，工会作风良好。"]
    assert 0.3 <= describe("市委书记调研", meeting * 3).relevance.score < 0.33
    assert describe(None, ["书记到基层调研。"]).relevance.score < 0.3
    assert describe("市委书记调研", [*meeting, "党员先锋岗、党小组作了汇报。"]).relevance.score > 0.6


def test_one_word_carries_a_brief_but_is_only_brushed_by_a_long_text() -> None:
    brief = "党支部的党员到社区参加志愿服务。"
    assert [t.name for t in describe(None, [brief]).topics] == ["志愿服务"]
    long = brief + "会议听取了关于道路、供水、供电与园林绿化的汇报，对下一步的安排提出了要求。" * 20
    assert describe(None, [long]).topics == ()


def test_an_office_in_the_party_alone_is_no_news_of_the_party() -> None:
    office = "校党支部书记、校长致欢迎辞，孩子们参加跳绳和接力。"
    assert describe("小学举行运动会", [office]).relevance.score < 0.3
    assert describe("小学举行运动会", ["校党支部组织党员为比赛值守。"]).relevance.score >= 0.3


def test_a_named_method_is_evidence_of_a_brand() -> None:
    topics = describe("党建引领", ["党支部以“嘉陵先锋”品牌统领各项工作。"]).topics
    assert "“嘉陵先锋”品牌" in next(t for t in topics if t.name == "党建品牌").evidence


def test_hints_show_a_topic_only_together() -> None:
    names = [t.name for t in describe(None, ["党支部走访老人。"]).topics]
    assert "民生服务" in names
    assert "民生服务" not in [t.name for t in describe(None, ["党支部看望老人、老人与老人。"]).topics]


def test_a_topic_of_party_work_is_not_told_of_news_of_trade() -> None:
    assert describe("快递员收入上涨", ["快递员、外卖骑手的收入上涨，互联网企业纷纷补贴。"]).topics == ()


def test_every_topic_is_documented_and_has_words() -> None:
    folder = resources.files("cleaning") / "data"
    topics = yaml.safe_load((folder / "topics.yaml").read_text("utf8"))
    assert all(entry["about"] and len(entry["words"]) >= 9 for entry in topics.values())
    words = [w for tier in yaml.safe_load((folder / "relevance.yaml").read_text("utf8")).values() for w in tier]
    assert len(words) == len(set(words)), "a word has two weights"


def test_a_bloom_filter_never_forgets_a_member() -> None:
    names = [f"名字{i}" for i in range(2000)]
    bloom = Bloom.from_bytes(Bloom.build(names, 0.01).to_bytes())
    assert all(name in bloom for name in names)
    strangers = sum(f"生人{i}" in bloom for i in range(2000))
    assert strangers < 60, "three times the rate it was built for"


def test_a_long_report_is_as_much_about_party_building_as_its_first_page() -> None:
    report = [f"{PARTY[0]}第{n}次会议的情况如下，大家就各自的工作作了发言。" for n in range(800)]
    assert sum(map(len, report)) > 30_000
    assert describe("基层党建工作报告", report).relevance.score >= 0.3
    assert describe("股市行情", [f"{MARKET[0]}（第{n}天）" for n in range(800)]).relevance.score < 0.1
