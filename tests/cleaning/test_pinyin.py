"""Pinyin notes: before and after."""

from __future__ import annotations

import pytest

from cleaning import pinyin

REMOVED = {
    "per character": ("農(nóng)村基層(céng)黨建工作", "農村基層黨建工作"),
    "per word": ("推动社区(shèqū)治理和服务(fúwù)创新", "推动社区治理和服务创新"),
    "a long word": ("他一语道破(yīyǔdàopò)关键，大家都(dōu)说好", "他一语道破关键，大家都说好"),
    "doubled": ("激发党员(dǎngyuán)(dǎngyuán)作用", "激发党员作用"),
    "doubled without tones": ("政(zheng)(zheng)府", "政府"),
    "neutral tone": ("看见了(le)人民(rénmín)公园的(de)花开(kāi)得好", "看见了人民公园的花开得好"),
    "erhua": ("孩子们在这儿(zhèr)玩儿(wánr)得很开心", "孩子们在这儿玩儿得很开心"),
    "sandhi": ("一(yí)个也不(bú)能少，建设(jiànshè)家园，共(gòng)享", "一个也不能少，建设家园，共享"),
    "digit tones": ("人均(jun1)收入(ru4)提高", "人均收入提高"),
    "combining marks": ("服务(fu\u0301wu\u0300)群众(qu\u0301nzho\u0300ng)的", "服务群众的"),
    "ü in every spelling": ("绿(lǜ)色旅(lv3)游，女(nu:3)性律(lǜ)师", "绿色旅游，女性律师"),
    "blanks inside": ("扶贫(pín )工(gōng )作组( zǔ)来了", "扶贫工作组来了"),
    "blanks around": ("党员 (dǎngyuán) 先锋 (xiānfēng) 作用 (zuòyòng) 好", "党员先锋作用好"),
    "full-width brackets": ("社区（shèqū）治理（zhìlǐ）得好", "社区治理得好"),
    "inside a real parenthesis": ("“兩新”組(zǔ)織(新經(jīng)濟組織)", "“兩新”組織(新經濟組織)"),
    "a word split in two": ("手机弹(dàn)出(chū)了消息(xiāoxi)通知", "手机弹出了消息通知"),
    "with pictures": ("作(✒)为市重(📼)点扶(fú)贫(pín )(🐌)对(🍩)象", "作为市重点扶贫对象"),
    "pictures alone": ("作(✒)为市重(📼)点扶贫对(🍩)象", "作为市重点扶贫对象"),
    "between a byte and a letter": ("農(nóng)村e(cuò)郵的發(fā)展", "農村e郵的發展"),
}

KEPT = [
    "（NGO）进社区，全国政协(CPPCC)的(a)和(上)",
    "用(wechat)联系社区(community)，杭州(hangzhou)的威(wei)",
    "阿(A)，马(Ma)，李(Li)同志，北京(Běijīng)站",
    "重庆綦(qí)江区、郫(pí)都区和犍(qián)为县的干部",
    "单(shàn)县的区(ōu)先生",
    "党员(dǎngyuán)：党的成员。\n社区(shèqū)：地方。\n群众(qúnzhòng)：人民。",
    "咖啡馆(café)和简历(résumé)里的时代(époque)精神",
    "真好(😊)。谢谢(🙏)！",
    "评分(★)很高(★)啊(★)对",
    "没有括号的文字 with Latin words",
    "",
]


@pytest.mark.parametrize(("before", "after"), REMOVED.values(), ids=REMOVED.keys())
def test_a_machine_note_goes(before: str, after: str) -> None:
    assert pinyin.repair(before).text == after


@pytest.mark.parametrize("text", KEPT)
def test_what_an_author_put_in_brackets_stays(text: str) -> None:
    assert pinyin.repair(text).text == text


@pytest.mark.parametrize("before", [before for before, _ in REMOVED.values()])
def test_every_repair_says_what_stood_where(before: str) -> None:
    edit = pinyin.repair(before)
    assert edit.repairs
    rebuilt, at = "", 0
    for repair in edit.repairs:
        assert before[repair.start : repair.end] == repair.before
        rebuilt += before[at : repair.start] + repair.after
        at = repair.end
    assert rebuilt + before[at:] == edit.text
