"""How divisions are called beside their official names: 凉山州, 科右前旗, 合肥高新区, 下亚东乡.

Used by ``scripts/build_divisions.py``; rules written for this project, nothing is taken from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["common_names", "shorten_prefecture", "trim"]

CITY, COUNTY = 4, 6  # digits of a city's and a county's code
SHORTEST = 2  # characters of a name without its kind: 东乡族自治县 is never called 东县
PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 "
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 "
    "保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各"
).split()
# In the names of prefectures and counties these stand without 族 as well: 伊犁哈萨克自治州.
BARE = "蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯"
PEOPLE = rf"(?:(?:{'|'.join(PEOPLES)})族|{BARE})"
AUTONOMOUS = re.compile(rf"^(.{{2,}}?){PEOPLE}+自治([州县旗])$")
ETHNIC_TOWN = re.compile(rf"^(.{{2,}}?){PEOPLE}+([乡镇])$")
ZONE = re.compile(r"^(.{2,}?)市?(高新|经济|高技术)(?:技术)?(?:产业)?开发区$")
PROVINCE_KIND = re.compile("(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
# Banners by their usual short forms; the rest of 内蒙古 is called by its full names.
BANNERS = {
    "科尔沁右翼前旗": "科右前旗",
    "科尔沁右翼中旗": "科右中旗",
    "科尔沁左翼中旗": "科左中旗",
    "科尔沁左翼后旗": "科左后旗",
    "东乌珠穆沁旗": "东乌旗",
    "西乌珠穆沁旗": "西乌旗",
    "苏尼特左旗": "东苏旗",
    "苏尼特右旗": "西苏旗",
    "土默特左旗": "土左旗",
    "土默特右旗": "土右旗",
    "察哈尔右翼前旗": "察右前旗",
    "察哈尔右翼中旗": "察右中旗",
    "察哈尔右翼后旗": "察右后旗",
    "达尔罕茂明安联合旗": "达茂旗",
    "莫力达瓦达斡尔族自治旗": "莫旗",
    "鄂温克族自治旗": "鄂温克旗",
    "杜尔伯特蒙古族自治县": "杜蒙县",
    "前郭尔罗斯蒙古族自治县": "前郭县",
    "巴音郭楞蒙古自治州": "巴州",
    "克孜勒苏柯尔克孜自治州": "克州",
    "博尔塔拉蒙古自治州": "博州",
}  # fmt: skip


def trim(code: str, name: str, names: Mapping[str, str]) -> str:
    """A town's name without its county or city in front, as the register writes some: 济源市沁园街道."""
    if len(code) <= COUNTY:
        return name
    city, county = names.get(code[:CITY], ""), names.get(code[:COUNTY], "")
    for above in (city + county, county, city):
        if above and name.startswith(above) and len(name) - len(above) > SHORTEST:
            return name.removeprefix(above)
    return name


def common_names(code: str, name: str, names: Mapping[str, str]) -> Iterator[str]:
    """What people write for the division of that code; some of it is shared with other places."""
    if name in BANNERS:
        yield BANNERS[name]
    if (match := AUTONOMOUS.match(name)) and match[1] != "河南":  # 河南县级市 is another matter
        yield "".join(match.groups())
    if len(code) > COUNTY and (match := ETHNIC_TOWN.match(name)):
        yield "".join(match.groups())
    if name.endswith("街街道") and len(name) > len("牛街街道"):
        yield name.removesuffix("街街道") + "街道"
    if len(code) == COUNTY and (match := ZONE.match(name)):
        # 河北唐山海港经济开发区: the province in front is left out, where a city is left behind it.
        province = PROVINCE_KIND.sub("", names.get(code[:2], ""))
        town = match[1].removeprefix(province) or match[1]
        yield town + ("经开区" if match[2] == "经济" else "高新区")
        yield town + name[match.start(2) :]


def shorten_prefecture(name: str) -> str | None:
    """凉山彝族自治州 to 凉山; None for what is no autonomous prefecture."""
    match = AUTONOMOUS.match(name)
    return match[1] if match and match[2] == "州" else None
