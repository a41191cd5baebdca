"""Lines of a video player inside an article: its buttons, speeds and error messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaning.extract.lines import Line

__all__ = ["without_player"]

LEAST = 4  # lines that only a player has; fewer may be an article about films
GAP = 3  # lines between two of them that belong to the player as well
SHORT = 30  # characters of a line of a player; its error messages are the longest
_PLAYER = re.compile(
    r"^(?:(?:\d{1,2}:)?\d\d:\d\d(?:\s?/\s?(?:\d{1,2}:)?\d\d:\d\d)?|\d(?:\.\d{1,2})?[xX倍]速?|(?:超|高|标|流)清(?:\s?\d{3,4}[pP])?|"
    r"\d{3,4}[pP]|1?\d{1,2}%|倍速|直播|全屏|静音|音量|弹幕|重播|播放|暂停|设置成功|(?:循环|自动|连续)播放|跳过(?:片头|广告|片尾).*|"
    r".{0,6}会员跳过广告|了解详情>?|广告|播放速度.*|正在为您切换.*|(?:很抱歉，?)?当前视频播放失败.*|错误代码[:：].*|时长[:：].*|"
    r"听新闻|收听|语音播报|[/／]|"
    r"Play Video|Current Time.*|Duration.*|Loaded.*|Mute|Fullscreen|(?:Playback )?Rate|请?刷新(?:试试|重试))$"
)


def without_player(lines: Sequence[Line]) -> list[Line]:
    """The lines without runs of player lines; linear."""
    doomed: set[int] = set()
    run: list[int] = []
    for number, line in enumerate(lines):
        if not line.text or len(line.text) > SHORT or not _PLAYER.match(line.text):
            continue
        if run and not _belongs(lines, run[-1], number):
            doomed.update(_whole(run))
            run = []
        run.append(number)
    doomed.update(_whole(run))
    return [line for number, line in enumerate(lines) if number not in doomed]


def _belongs(lines: Sequence[Line], before: int, number: int) -> bool:
    return number - before <= GAP + 1 and all(len(line.text) <= 2 * SHORT for line in lines[before + 1 : number])


def _whole(run: Sequence[int]) -> range:
    return range(run[0], run[-1] + 1) if len(run) >= LEAST else range(0)
