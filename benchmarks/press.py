"""Invented party-building news: a seeded grammar that never writes the same sentence pattern with the same words.

People, institutions below the county and all events are made up; provinces and cities are real, so that places can be
recognised.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["NEWEST", "Story", "write_stories"]

NEWEST = date(2026, 11, 21)  # day of the newest story
LENGTH = 1_900  # characters of an article: the mean of the normalised texts that the project was planned with

_CITIES = (
    "四川省成都市",
    "浙江省湖州市",
    "江苏省徐州市",
    "湖北省宜昌市",
    "贵州省遵义市",
    "甘肃省天水市",
    "福建省龙岩市",
    "河北省保定市",
)
_UNITS = "青竹街道 柳湾镇 石盘乡 东篱社区 望溪村 白鹭社区 桐荫街道 云岭镇 槐树坪村 新桥社区 松坡乡 沙河街道".split()
_SURNAMES = "赵 钱 孙 李 周 吴 郑 王 冯 陈 卫 蒋 沈 韩 杨 何 吕 张 曹 严".split()
_GIVEN = "建国 晓梅 志远 春燕 立新 桂芳 海涛 雪莲 明亮 秀英 文博 小满 守田 若兰 长河 思源".split()
_ROLES = (
    "党支部书记 社区网格员 驻村第一书记 老党员 物业经理 志愿者 退休教师 街道党工委书记 党建指导员 合作社负责人".split()
)
_PROBLEMS = "停车难 楼道堆物 路灯不亮 污水外溢 电梯老化 飞线充电 噪声扰民 灌溉缺水 快递末端投放 老人就餐".split()
_MEANS = (
    "建立“周三议事”制度",
    "推行党员积分管理",
    "把支部建在小区里",
    "组建先锋服务队",
    "开设家门口的党课",
    "划分党员责任区",
    "设立红色驿站",
    "实行“双报到”清单",
    "开展组团式服务",
    "健全民情日记台账",
)
_RESULTS = (
    "群众满意度明显提升",
    "矛盾纠纷同比下降",
    "集体收入稳步增长",
    "办事时间大幅缩短",
    "公共空间焕然一新",
    "志愿服务成为风尚",
    "党员意识不断增强",
    "信访件逐月减少",
)
_PLACES_OF_MEETING = "党群服务中心 院坝 小区凉亭 村史馆 田间地头 楼栋架空层 产业园会议室 文化礼堂".split()
_VERBS = "召集 邀请 组织 动员 联系 发动".split()
_CROPS = "茶叶 柑橘 中药材 食用菌 水稻 蓝莓 花椒 高山蔬菜".split()
_SAYINGS = (
    "以前是{p}，现在一个电话就有人上门",
    "{p}解决了，心里也就亮堂了",
    "党员带了头，大家就都愿意出力",
    "不怕{p}多，就怕没人牵头",
    "事情摆到桌面上说，办法总比困难多",
)
_MEDIA = "清河日报 柳湾先锋网 云岭组工 四川日报 新桥晚报 东篱融媒 党建周刊 市委组织部".split()

_PATTERNS = (
    "{m}月{d}日上午，{unit}{role}{name}{verb}{n}名党员代表来到{place}，就{p}问题逐条商量办法",
    "“{saying}。”说起身边的变化，家住{unit}{n}号楼的{name}打开了话匣子",
    "针对{p}、{p2}等群众反映集中的事项，{unit}{means}，{n}项任务逐一明确责任人和完成时限",
    "据{unit}{role}{name}介绍，今年以来共走访{n2}户，收集意见{n}条，办结率达到{pct}%",
    "为了让{p}不再反复，{unit}与{n}家单位签订共建协议，{means}，{result}",
    "在{place}，{name}翻开笔记本，上面密密麻麻记着{n}件小事：{p}、{p2}，一件不落",
    "{unit}党委坚持问题导向，{means}，推动{n}个基层党组织与{n2}名群众结对联系",
    "记者在{unit}看到，{n}亩{crop}长势正好，{role}{name}正带着技术员查看墒情",
    "通过“支部+合作社+农户”的方式，{crop}产业带动{n2}户增收，户均年增{money}元",
    "{name}是{unit}的{role}，从事基层工作{years}年，{means}是他最先提出来的",
    "会上，{n}名党员先后发言，有的谈{p}的症结，有的讲{p2}的对策，气氛热烈而坦诚",
    "下一步，{unit}将继续{means2}，聚焦{p}等民生实事，确保{result}",
    "截至{m}月底，全{level}共建成红色阵地{n}处，开展主题党日{n2}场次，{result}",
    "“{saying}，这话一点不假。”{role}{name}笑着说，{unit}的{n}名志愿者都有同感",
    "走进{unit}{place}，墙上的公示栏写着{n}条办理结果，{p}一栏后面画上了红色的对勾",
    "从{p}到{p2}，从{n}户到{n2}户，{unit}用{years}年时间走出了一条共治共享的路子",
    "早上七点刚过，{name}就背着工具包出了门，第一站是独居老人{name2}的家",
    "雨季来临之前，{n}名党员组成的巡堤队已经把{n2}米沟渠清了一遍",
    "翻看{years}年前的老照片，{place}还是一片荒坡，如今{crop}已经挂满枝头",
    "算起账来{name}心里有数：租金{money}元，务工{n2}元，年底还有分红",
    "有人担心{means}会流于形式，{name2}却用{n}次上门把大伙儿的顾虑打消了",
    "这些变化背后，是{unit}连续{years}年不换频道、不松劲头的坚持",
    "志愿者{name}每周{n}个小时的排班表上，记录着对{p}的一次次回访",
    "村里的{crop}卖到了{n}个省份，直播间里{name2}一口乡音圈粉无数",
    "谁家有困难，谁家在外务工，{role}{name}张口就来，{n2}户的情况都装在心里",
    "经过{n}轮协商，{p}的改造方案以{pct}%的赞成率获得通过",
    "居民{name2}拿出手机，点开小程序，不到{n}秒就完成了{p}的报修",
    "傍晚的{place}格外热闹，{n}张方桌旁坐满了来议事的街坊",
    "考核怎么评、积分怎么用，{unit}交给{n2}名居民代表来打分",
    "从机关下派的{n}名干部，带着铺盖住进了{unit}，一住就是{years}个月",
    "“{saying}！”电话那头的{name2}嗓门洪亮，掩不住的高兴",
    "资金从哪里来？{unit}整合项目经费{money}元，又发动乡贤捐了一部分",
    "老支书{name2}今年{n}岁，仍坚持每天到{place}转一圈，看看哪里还需要搭把手",
    "一张网格图挂在{place}最显眼处，{n}个红点对应着{n}户党员家庭",
    "相比去年同期，{p}类投诉减少了{pct}件，{p2}类诉求基本清零",
    "入户时要听三句话、看三处地方、问三件难事，这是{unit}定下的规矩",
    "学校放学后的{place}成了孩子们的自习室，退休教师{name}义务辅导功课",
    "去年冬天的一场大雪压断了线路，{n}名突击队员连夜抢修，天亮前恢复了供电",
    "新就业群体也有了自己的家，外卖骑手{name}在驿站里喝上了热水",
    "评议会上打出{pct}分的高分，{name2}说，这是对{unit}最好的褒奖",
    "引进来的{crop}加工厂年内投产，预计可吸纳{n2}人就近就业",
    "楼道里的感应灯亮了，院墙边的杂草清了，{name}的心结也解开了",
    "账目一月一公示，{money}元集体收入花在哪儿，村民看得明明白白",
    "流动党员{name2}远在外省，仍通过视频参加了{m}月的组织生活会",
)
_DEEDS = (
    "{unit}：{means}破解{p}",
    "{means}　{unit}这样干",
    "党旗飘扬在一线｜{unit}{result}",
    "{unit}“小支部”撬动“大治理”",
    "{name}：{years}年守护一方百姓",
    "{city}{unit}聚焦{p}办实事",
)


@dataclass(frozen=True, slots=True)
class Story:
    """One story as its author wrote it; pages that carry it differ in layout only."""

    number: int
    title: str
    medium: str
    author: str
    editor: str
    published: datetime  # naive, Chinese wall clock, as pages print it
    paragraphs: tuple[str, ...]
    reprint_of: int | None = None  # number of the story whose text this one carries

    @property
    def day(self) -> date:
        return self.published.date()


def write_stories(count: int, *, seed: int = 1, reprints: float = 0.08) -> list[Story]:
    """``count`` stories, newest first; this share of them carries the text of an earlier one under its title."""
    chance = random.Random(seed)
    stories: list[Story] = []
    originals: list[Story] = []
    for number in range(count):
        story = _write(number, count, chance)
        if len(originals) > 20 and chance.random() < reprints:
            first = chance.choice(originals[-200:])
            story = Story(
                number,
                first.title,
                first.medium,
                first.author,
                story.editor,
                story.published,
                first.paragraphs,
                reprint_of=first.number,
            )
        else:
            originals.append(story)
        stories.append(story)
    return stories


def _write(number: int, count: int, chance: random.Random) -> Story:
    # All stories within two months, so that a list of any length looks like one of a busy site.
    day = NEWEST - timedelta(days=number * 60 // max(count, 1))
    published = datetime.combine(day, datetime.min.time()) + timedelta(minutes=chance.randrange(7 * 60, 21 * 60))
    city = chance.choice(_CITIES)
    unit = chance.choice(_UNITS)
    fill = _Words(chance, city, unit)
    paragraphs = [f"{city}{unit}{fill('{means}，{result}。')}" + "".join(fill.sentence() for _ in range(2))]
    while sum(map(len, paragraphs)) < LENGTH:
        paragraphs.append("".join(fill.sentence() for _ in range(chance.randrange(2, 5))))
    return Story(
        number,
        f"{fill(chance.choice(_DEEDS))}（{number + 1}）",
        chance.choice(_MEDIA),
        fill("{name}"),
        fill("{name}"),
        published,
        tuple(paragraphs),
    )


class _Words:
    """Fills patterns with words drawn afresh each time."""

    def __init__(self, chance: random.Random, city: str, unit: str) -> None:
        self._chance = chance
        self._city = city
        self._unit = unit
        self._deck: list[str] = []

    def sentence(self) -> str:
        """By a pattern that has not been used lately: real authors do not repeat their turns of phrase."""
        if not self._deck:
            self._deck = self._chance.sample(_PATTERNS, len(_PATTERNS))
        return self(self._deck.pop()) + "。"

    def __call__(self, pattern: str) -> str:
        chance = self._chance
        means = chance.choice(_MEANS)
        words = {
            "city": self._city,
            "unit": self._unit,
            "name": chance.choice(_SURNAMES) + chance.choice(_GIVEN),
            "name2": chance.choice(_SURNAMES) + chance.choice(_GIVEN),
            "role": chance.choice(_ROLES),
            "verb": chance.choice(_VERBS),
            "place": chance.choice(_PLACES_OF_MEETING),
            "p": chance.choice(_PROBLEMS),
            "p2": chance.choice(_PROBLEMS),
            "means": means,
            "means2": chance.choice(_MEANS),
            "result": chance.choice(_RESULTS),
            "crop": chance.choice(_CROPS),
            "level": chance.choice(("市", "县", "区", "镇")),
            "n": str(chance.randrange(3, 98)),
            "n2": str(chance.randrange(100, 3000)),
            "pct": f"{chance.randrange(800, 999) / 10:.1f}",
            "money": str(chance.randrange(8, 90) * 100),
            "years": str(chance.randrange(2, 30)),
            "m": str(chance.randrange(1, 12)),
            "d": str(chance.randrange(1, 29)),
        }
        words["saying"] = chance.choice(_SAYINGS).format(p=words["p"])
        return pattern.format(**words)
