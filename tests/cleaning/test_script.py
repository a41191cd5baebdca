"""Which script a passage is in, Traditional made simplified, and simplified left alone."""

from __future__ import annotations

import opencc
import pytest

from cleaning import script
from models.records import Script

HANT = "社區黨組織帶領黨員幹部走訪群眾，瞭解居民對環境整治的意見，並將問題逐項登記。"
HANS = "社区党组织带领党员干部走访群众，了解居民对环境整治的意见，并将问题逐项登记。"

# My own sentences in standard simplified Chinese, with what converters trip over.
PASSAGES = (
    "街道党工委着力解决停车难，活跃着一支志愿服务队，成效显著，群众看着变化直说好。",
    "退休教师把专著捐给农家书屋，著名作家的名著和编著的乡土教材也上了架。",
    "干部带头干，晒干的稻谷入了仓，喝干了杯中茶，若干问题当场答复。",
    "他征求意见、征集线索，特征和象征都写进了征文，没有一处征收不公开。",
    "面对面谈里程碑，里弄里的里长说，公里数不算什么，只有一只手也要复查复核。",
    "了解情况后，瞭望塔上的护林员一目了然，借此机会凭借经验发出预警。",
    "由于单位多、位于山区，基于则例与关于其一的规定，立足于潜力做文章。",
    "背着背包的年轻人抬着水桶，叙利亚来的卫生专家参观了服务台，屋檐下挂着灯笼。",
    "沉着应对，沉思片刻，规划和策划都要有计划；批复下来后复工复产。",
    "春熙路上的孃孃们自发组成了巡逻队，孃孃说话管用。",
    "坐标、熏陶、麻痹大意、亲昵、神祇、慰藉、狼藉、酝酿，都写对了。",
    "并州、兼收并蓄，巨子，方向盘，头发发展，松树放松，皇后以后，谷子山谷。",
)


def package(config: str, text: str) -> str:
    return str(opencc.OpenCC(config).convert(text))


@pytest.mark.parametrize("passage", PASSAGES)
@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_text_made_traditional_by_a_converter_comes_back_as_it_was(passage: str, config: str) -> None:
    # Long enough beside the passage to be told as Traditional whatever the passage holds.
    traditional = package(config, f"{HANS}\n{passage}")
    assert script.repair(traditional).text.split("\n")[1] == passage


@pytest.mark.parametrize("passage", PASSAGES)
def test_text_made_traditional_character_by_character_comes_back_as_it_was(passage: str) -> None:
    # As content farms do it: no phrases, characters with one Traditional form only, and 着 written 著.
    from cleaning.conversion import read_entries

    one_form = {k: v[0] for k, v in read_entries("STCharacters").items() if len(v) == 1} | {"着": "著", "台": "臺"}
    farm = f"{HANS}\n{passage}".translate(str.maketrans(one_form))
    assert script.repair(farm).text.split("\n")[1] == passage


@pytest.mark.parametrize(
    "passage",
    [*PASSAGES, HANS, "魏徵进谏，乾隆年间，钱锺书著《围城》，於姓出於县，徵羽之音，瞭望，藉田，甯姓，昇腾，邨。"],
)
def test_simplified_text_is_left_as_it_is(passage: str) -> None:
    edit = script.repair(passage)
    assert (edit.text, edit.repairs) == (passage, ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("著力打造", "着力打造"),
        ("活躍著一支隊伍", "活跃着一支队伍"),
        ("成效顯著，隨著名氣增長", "成效显著，随着名气增长"),
        ("著名作家的著作", "著名作家的著作"),
        ("重新著手", "重新着手"),
        ("唐朝著名詩人，朝著目標", "唐朝著名诗人，朝着目标"),
        ("論著與討論著的問題", "论著与讨论着的问题"),
        ("執著追求", "执着追求"),
        ("（魯迅 著）", "（鲁迅 著）"),
        ("王小明著，人民出版社", "王小明著，人民出版社"),
        ("李乾光、王丙乾等", "李乾光、王丙乾等"),
        ("李子乾", "李子干"),
        ("餅乾和乾淨的乾部", "饼干和干净的干部"),
        ("吉林省乾安縣", "吉林省乾安县"),
        ("脫貧的乾旱縣", "脱贫的干旱县"),
        ("由於單位", "由于单位"),
        ("於潛鎮", "於潜镇"),
        ("改變徵收辦法", "改变征收办法"),
        ("象徵和徵調", "象征和征调"),
        ("為瞭大家到瞭現場瞭望", "为了大家到了现场瞭望"),
        ("藉機慰藉", "借机慰藉"),
        ("覆蓋率和批覆、覆核", "覆盖率和批复、复核"),
        ("沈重的心情，沈著冷靜", "沉重的心情，沉着冷静"),
        ("規畫與策畫", "规划与策划"),
        ("環境衞生服務枱敍述", "环境卫生服务台叙述"),
        ("擡高、揹包、屋簷、裡面", "抬高、背包、屋檐、里面"),
        ("孃孃與王母孃孃", "孃孃与王母娘娘"),
        ("神祇，祇有", "神祇，只有"),
        ("老么和什么", "老幺和什么"),
    ],
)
def test_what_the_package_gets_wrong_is_corrected(before: str, after: str) -> None:
    assert script.to_simplified(before) == after


def test_single_traditional_characters_of_a_simplified_text_are_converted_one_by_one_and_recorded() -> None:
    edit = script.repair(f"{HANS}\n推动机制創新，优化发展環境，机制再創新。")
    assert edit.text == f"{HANS}\n推动机制创新，优化发展环境，机制再创新。"
    assert [(r.rule, r.before, r.after, r.count) for r in edit.repairs] == [
        ("script-stray", "創", "创", 2),
        ("script-stray", "環", "环", 1),
    ]
    assert edit.text[edit.repairs[0].start] == "创"


def test_a_japanese_name_in_a_simplified_text_is_no_stray() -> None:
    line = "日本「まちづくり機構」的专家介绍了社区营造的经验和做法。"
    assert script.repair(f"{HANS}\n{line}").text == f"{HANS}\n{line}"


def test_each_passage_decides_for_itself() -> None:
    edit = script.repair(f"{HANT}\n{HANS}乾隆")
    assert edit.text == f"{HANS}\n{HANS}乾隆"


def test_a_short_line_follows_its_document() -> None:
    assert script.repair(f"{HANT}\n三、著力點").text == f"{HANS}\n三、着力点"


def test_conversion_is_one_repair_with_the_number_of_characters() -> None:
    (repair,) = script.repair(HANT).repairs[:1]
    assert (repair.rule, repair.place, repair.before, repair.after) == ("script", "document", HANT[:30], HANS[:30])
    assert repair.count == sum(a != b for a, b in zip(HANT, HANS, strict=True))


def test_a_correction_is_recorded_with_what_the_package_gives() -> None:
    edit = script.repair(HANT + "著力，隊伍活躍著。")
    found = {(r.before, r.after): r.evidence for r in edit.repairs if r.rule == "script-correction"}
    assert found[("活躍著", "活跃着")] == "opencc t2s alone gives 活跃著"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HANS, Script.HANS),
        (HANT, Script.HANT),
        (f"{HANS}\n{HANT}"[: len(HANS) + 16], Script.MIXED),
        ("Party building", Script.OTHER),
        ("", Script.OTHER),
        ("人民", Script.HANS),
        ("機制創新", Script.HANT),
    ],
)
def test_the_script_of_a_text_is_told_by_its_telling_characters(text: str, found: Script) -> None:
    assert script.detect(text) is found


def test_a_second_pass_changes_nothing() -> None:
    once = script.repair(f"{HANT}孃孃著名昇濛哪吒\n{HANS}機\n機").text
    assert script.repair(once).text == once
    assert script.repair(once).repairs == ()


@pytest.mark.parametrize("unit", ["乾坤覆瞭", "著", "機", "於單位", "社区機", "》著", "孃"])
def test_a_megabyte_of_the_worst_is_converted(unit: str) -> None:
    text = unit * (350_000 // len(unit))
    assert len(script.repair(text).text) == len(text)
