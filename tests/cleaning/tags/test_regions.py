"""Places named in a text, their codes, and what is only implied."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cleaning.tags.regions import find_regions
from models.records import Level

Named = set[tuple[str, str]]


def named(title: str | None, *paragraphs: str) -> Named:
    return {(r.level.value, r.name) for r in find_regions(title, paragraphs) if not r.inferred}


def codes(*paragraphs: str) -> dict[str, str | None]:
    return {r.name: r.code for r in find_regions(None, paragraphs)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("杭州市余杭区良渚街道", {("city", "杭州市"), ("district", "余杭区"), ("street", "良渚街道")}),
        ("成都各级党组织行动起来", {("city", "成都市")}),
        ("四川大学教授到场授课", set()),
        ("《成都日报》刊文", set()),
        ("为确保长治久安，必须坚持党的领导", set()),
        ("干部下乡、能人返乡，建设美丽城乡", set()),
        ("各乡镇、街道党工委要压实责任", set()),
        ("深入基层社区治理一线", set()),
        ("打造15个国际化公园社区", set()),
        ("建设美丽乡村，服务广大农村", set()),
        ("夕阳红，朝阳升起，和平与安康是老人的心愿", set()),
        ("在阿里巴巴工作的党员，日照时间长的山村，开封新酒，新乡贤理事会", set()),
        ("山东日照的经验", {("province", "山东省"), ("city", "日照市")}),
        ("河南省开封的经验", {("province", "河南省"), ("city", "开封市")}),
        ("纠治文山会海，适应城市发展，推进海南区域协调", set()),
        ("延安精神、遵义会议和南昌起义，解放区的天", set()),
        ("成都精神文明建设", {("city", "成都市")}),
        ("新华社北京5月2日电", set()),
        ("南山网成都5月2日讯", {("city", "成都市")}),
        ("中山大学、光明日报、枫桥经验、井冈山精神", set()),
        ("湖南省农业农村厅", {("province", "湖南省")}),
        ("弘扬文明乡风，留住乡愁", set()),
        ("凉山州布拖县的牧场", {("city", "凉山彝族自治州"), ("county", "布拖县")}),
        ("围场县四合永镇", {("county", "围场满族蒙古族自治县"), ("town", "四合永镇")}),
        ("科右前旗察尔森镇", {("county", "科尔沁右翼前旗"), ("town", "察尔森镇")}),
        ("合肥高新区成立综合党委", {("city", "合肥市"), ("district", "合肥高新技术产业开发区")}),
        ("深圳福田等地先行先试", {("city", "深圳市"), ("district", "福田区")}),
        ("河南中原信托，湖北通城刘某", {("province", "河南省"), ("province", "湖北省"), ("county", "通城县")}),
        ("成都武侯祠人头攒动", {("city", "成都市")}),
        ("川渝两地携手", {("province", "四川省"), ("province", "重庆市")}),
        ("沪苏浙皖四地联学", {("province", n) for n in ("上海市", "江苏省", "浙江省", "安徽省")}),
        ("四川新青年，云新青合唱团", {("province", "四川省")}),
        ("支部书记王长沙和李安阳、陈福州走进村里", set()),
        ("《北京青年报》《成都商报》《四川法治报》报道", set()),
        ("走过延安三路、北京西路和南京东路", set()),
        ("福建福州的党员", {("province", "福建省"), ("city", "福州市")}),
        ("鼓楼区、新华区、西湖区和江北区", set()),  # several of each, and nothing says which
    ],
)  # fmt: skip
def test_only_what_is_named_as_a_place_is_a_place(text: str, expected: Named) -> None:
    assert named(None, text) == expected


PHRASES = """
文化下乡 科技下乡 医疗下乡 送戏下乡 党员下乡 三下乡 大学生返乡 能人返乡 农民工返乡 返乡入乡 青年回乡 游子还乡 背井离乡
建设家乡 扎根家乡 情系家乡 返家乡 老乡见老乡 海外同乡 统筹城乡 鱼米之乡 平安乡镇 包联乡镇 走村串乡 上山下乡 文艺进乡
专家驻镇 服务本镇 走遍我镇 针对该镇 特色小镇 文化名镇 商贸重镇 千年古镇 工业强镇 旅游兴镇 建制镇 示范镇 试点镇
商业街道 沿街街道 主要街道 中心街道 先进街道 整洁街道 下沉街道 派驻街道 联系街道 走进各街道 示范街道
法律进社区 党员进社区 干部入社区 覆盖全社区 下沉社区 智慧社区
快递进村 电商进村 工作队入村 干部驻村 警察驻村 党员联村 干部包村 能人治村 医生进村 先进村
""".split()


@pytest.mark.parametrize("phrase", PHRASES)
def test_what_people_do_behind_the_name_of_a_county_is_no_place(phrase: str) -> None:
    for text in (
        f"近日，阳新县{phrase}活动走进农家。",
        f"阳新县{phrase}，党员带头。",
        f"阳新县忙起来了，{phrase}，党员带头。",
    ):
        assert {name for _, name in named(None, text)} == {"阳新县"}


@pytest.mark.parametrize("place", ["呈贡区斗南街道", "阳新县龙港镇", "余杭区良渚街道"])
def test_what_people_do_behind_the_name_of_a_town_is_no_place(place: str) -> None:
    alone = named(None, f"近日，{place}忙起来了。")
    for phrase in """
        党员进社区 法律进社区 干部入社区 覆盖全社区 民警驻社区 机关包社区 党员访社区 送戏到社区 无讼社区
        快递进村 律师进村 干部驻村 党员联村 能人治村 技术员蹲村 科普进全村 带富全村 服务邻村 走遍各村
    """.split():
        assert named(None, f"近日，{place}{phrase}，群众都说好。") == alone, phrase


@pytest.mark.parametrize(
    ("place", "level"),
    [
        ("石板滩镇", "town"),
        ("李家乡", "township"),
        ("芦花坪乡", "township"),
        ("白鹭滩街道", "street"),
        ("云锦里街道", "street"),
        ("木樨渡镇", "town"),
        ("红旗街道", "street"),  # a name that other counties have
        ("卫星镇", "town"),
        ("平安社区", "community"),
        ("桥下村", "community"),
        ("城郊回族乡", "township"),
    ],
)
def test_a_new_town_behind_the_name_of_a_county_is_a_place(place: str, level: str) -> None:
    assert named(None, f"近日，阳新县{place}开展活动。") == {("county", "阳新县"), (level, place)}


def test_a_name_shared_by_many_places_gets_its_code_from_the_ancestor_in_the_text() -> None:
    assert codes("甘肃省兰州市城关区", "走进榆中县城关镇")["城关镇"] == "620123100"


def test_a_shared_name_of_a_county_gets_its_code_from_a_county_beside_it() -> None:
    assert codes("江北区与渝北区结对")["江北区"] == "500105"
    assert codes("江北区与鄞州区结对")["江北区"] == "330205"


def test_a_shared_name_without_ancestor_is_no_place() -> None:
    assert named(None, "太平镇的干部来了") == set()


def test_a_town_behind_a_county_that_does_not_have_it_keeps_its_name_but_gets_no_code() -> None:
    found = codes("新都区石板滩镇的经验")
    assert found["石板滩镇"] is None
    assert found["新都区"] == "510114"


def test_a_new_street_behind_its_district_is_found_without_the_register() -> None:
    assert ("street", "云栖湖街道") in named(None, "余杭区云栖湖街道启动了试点")


def test_a_phrase_behind_a_district_is_not_a_street() -> None:
    assert named(None, "余杭区各街道、全部街道和有关街道") == {("district", "余杭区")}


def test_new_areas_of_national_standing_are_districts_without_code() -> None:
    region = next(r for r in find_regions(None, ["雄安新区召开会议"]) if not r.inferred)
    assert (region.level, region.name, region.code) == (Level.DISTRICT, "雄安新区", None)


def test_ancestors_are_inferred_and_marked_so() -> None:
    regions = {r.name: r.inferred for r in find_regions("余杭区这样做", [])}
    assert regions == {"余杭区": False, "杭州市": True, "浙江省": True}


def test_a_directly_governed_city_has_no_invented_level_between() -> None:
    assert {r.name for r in find_regions(None, ["静安区临汾路街道"])} == {"上海市", "静安区", "临汾路街道"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("余杭区良渚街道良渚文化村社区的党员", ["良渚文化村社区"]),
        ("西湖区翠苑街道翠苑一区社区", ["翠苑一区社区"]),
        ("“新风、安宁、红旗”三个社区", ["新风社区", "安宁社区", "红旗社区"]),
        ("西湖区西溪街道，在文三社区，党员多", ["文三社区"]),
        ("良渚街道坚持做好社区工作", []),
        ("良渚街道各社区、每个社区和12个社区", []),
        ("华西社区报记者", []),
        ("村民自治，村级组织，村委会换届", []),
    ],
)
def test_communities_start_where_their_name_starts(text: str, expected: list[str]) -> None:
    assert [r.name for r in find_regions(None, [text]) if r.level is Level.COMMUNITY] == expected


def test_the_primary_place_is_where_most_of_the_story_happens() -> None:
    regions = find_regions(
        "良渚街道的夜校", ["浙江省杭州市余杭区良渚街道开课。", "良渚街道党员都来了。", "邻近的西湖区也来学习。"]
    )
    assert [r.name for r in regions if r.primary] == ["良渚街道"]


def test_a_story_of_many_districts_is_about_their_city() -> None:
    text = "杭州市的西湖区、上城区、拱墅区、滨江区、余杭区和临平区各有办法。"
    assert [r.name for r in find_regions(None, [text]) if r.primary] == ["杭州市"]


@pytest.mark.skipif("DANGJIAN_SHARED" not in os.environ, reason="golden records not at hand")
@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_places_of_the_golden_records(seed: str) -> None:
    gold = json.loads((Path(os.environ["DANGJIAN_SHARED"]) / "data" / "golden" / f"{seed}.json").read_text("utf8"))
    regions = find_regions(gold["title"], [*gold["paragraphs"], gold["byline_raw"] or ""])
    assert {(r.level.value, r.name) for r in regions if not r.inferred} == {
        (r["level"], r["name"]) for r in gold["regions"]
    }
    assert {r.name for r in regions if r.inferred} == {r["name"] for r in gold["regions_inferred"]}


def test_a_city_that_shows_its_districts_is_what_the_text_is_about() -> None:
    paragraphs = (
        "今年以来，杭州市把小区治理作为城市更新的着力点。",
        "在杭州市余杭区，党员认领小区难题。余杭区委组织部介绍，余杭区已有六成小区成立党支部。余杭区还建了联盟。",
        "西湖区的网格员说，邻里有事先找支部。",
        "傍晚，拱墅区的音乐角里，居民唱起了歌。",
    )
    assert [r.name for r in find_regions(None, paragraphs) if r.primary] == ["杭州市"]
    assert [r.name for r in find_regions(None, paragraphs[:2]) if r.primary] == ["余杭区"]


@pytest.mark.parametrize(
    ("title", "text", "primary"),
    [
        ("两个镇的探索", "安徽省巢湖市烔炀镇办起驿站，中庙街道的渔民也上了岸。", "巢湖市"),
        ("冬训", "盐城市射阳县海河镇办起夜校；扬州、泰州等地也有热潮。", "海河镇"),
        ("人才", "江苏无锡设立专员，湖北襄阳打造公寓，重庆组建队伍。", None),
        ("新华社稿", "新华社成都12月2日电 阿坝州红原县的学校里，教师轮流守夜。", "红原县"),
        ("新华社稿", "新华社成都12月2日电 当地的学校里，教师轮流守夜。", "成都市"),
        ("诸暨：再出发", "绍兴市诸暨市枫桥镇与越城区、柯桥区结对。", "枫桥镇"),
        ("广安观潮丨紧盯节点", "浙江杭州的干部守住关口。", "杭州市"),
        ("成都丨城市更新", "街巷换了新颜。", "成都市"),
        ("老区新貌", "湖北省仙桃市彭场镇与天门市、潜江市各街道结对，仙桃市、天门市、潜江市都来了。", "湖北省"),
        ("天府新区：会客厅", "天府新区的居民练书法。", "成都市"),
    ],
)
def test_the_primary_place_is_what_most_is_said_of(title: str, text: str, primary: str | None) -> None:
    assert next((r.name for r in find_regions(title, [text]) if r.primary), None) == primary


@pytest.mark.parametrize(
    ("speaker", "text", "primary"),
    [
        ("阳新县融媒体中心", "我县召开会议，兴国镇作了发言。", "兴国镇"),
        ("襄阳日报", "全市党员走进社区。", "襄阳市"),
        ("襄阳日报", "党员走进社区。", None),  # nothing says that it happened there
        ("襄阳日报", "我市与成都市武侯区结对。", "武侯区"),
        ("共产党员网", "我县召开会议。", None),
        ("朝阳区融媒体中心", "我区召开会议。", None),  # of Beijing or of Changchun
        ("襄阳日报", "全市场的商户", None),
    ],
)
def test_who_speaks_tells_what_our_county_is(speaker: str, text: str, primary: str | None) -> None:
    regions = find_regions(None, [text], [None, speaker])
    assert next((r.name for r in regions if r.primary), None) == primary
    assert all(r.inferred for r in regions if r.name in ("阳新县", "襄阳市"))


def test_a_town_that_no_register_knows_is_named_at_the_beginning_of_a_clause() -> None:
    assert ("town", "金海湖镇") in named(None, "北京市平谷区首创吹哨，金海湖镇吹响第一声哨")
    assert named(None, "北京市平谷区有许多，特色小镇、古镇、文化重镇和全镇") == {
        ("province", "北京市"),
        ("district", "平谷区"),
    }
