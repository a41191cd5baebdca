"""Is a source well? Judged from what it gave in its last nights. Pure: nights in, a verdict out.

    tonight + history + floor -> assess() -> Verdict(state, reasons)

Empty is not success: a list that names nothing, a field that is no longer filled and a silence beyond the habit of
the source are what a redesign looks like from outside. What a source does is learned from itself, by weekday.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
from statistics import mean, median

from connectors.declaration import Floor
from models.accounts import RunKind, SourceState, SourceTotals
from models.records import Outcome

__all__ = ["ARRIVED", "HISTORY_NIGHTS", "Night", "Verdict", "assess", "nights_of"]

HISTORY_NIGHTS = 60  # a source may change its habits: what it did two months ago says nothing
ENOUGH_NIGHTS = 14  # two of every weekday; before that a silent Sunday cannot be told from a dead site
WEEK = 7

# Public holidays silence a whole country, so no single night is evidence beyond 3 %: it takes two of them.
LEAST_CHANCE = 0.03
# Thirty sources and a year of nights are some 10,000 judgements; most are of nights with news, which cannot alarm.
ALARM_CHANCE = 0.002

LEAST_EXPECTED = 12  # articles a week; below that a quiet week is no sign
DWINDLED = 0.25  # of what was usual
USUAL_LIST = 8  # articles a list must usually name before a short one says something
ENOUGH_RECORDS = 3  # of one or two articles without a date nobody concludes anything
KNOWN_RECORDS = 20  # articles from which the usual share of a field is learned
SHRUNK = 0.2  # of the usual length: a lead paragraph or a notice of cookies instead of the text
SUREST_SHARE = 0.97  # no field is trusted to be filled more often than this

ARRIVED = (Outcome.NEW, Outcome.DUPLICATE, Outcome.OFF_TOPIC)  # what counts as news of a source

FIELDS = {"title": "标题", "published_at": "日期", "medium": "来源"}


@dataclass(frozen=True, slots=True)
class Night:
    """What a source gave in one run."""

    day: date  # in China
    new: int = 0  # articles that were not known before, reprints and off-topic ones too
    listed: int | None = None  # articles its lists named; None if no list was read anew
    reached: bool = True  # at least one list answered
    empty: bool = False  # lists came, and named nothing
    records: int = 0  # articles read this night
    filled: Mapping[str, float] = field(default_factory=dict)  # field -> share of the records that have it
    length: float = 0.0  # mean characters of their texts


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reasons`` are Chinese sentences for the report; none means well."""

    state: SourceState = SourceState.OK
    reasons: tuple[str, ...] = ()


def assess(tonight: Night, history: Sequence[Night], floor: Floor | None = None) -> Verdict:
    """Judge a run by the runs before it (oldest first). A host that cannot be reached is judged elsewhere."""
    if not tonight.reached:
        return Verdict()
    if tonight.empty:
        return _judge_empty(tonight, history)
    good = [night for night in history if night.reached and not night.empty]
    # The first run brings the whole list at once and says nothing about the habits of the source.
    usual = good[1:] if history[:1] == good[:1] else good
    *days, today = _by_day([*usual, tonight])
    reasons = [
        *_below_floor(tonight, history, floor),
        *_short_list(tonight, usual),
        *_lost_fields(tonight, good),
        *(_silent(today, days) or _dwindled(today, days)),
    ]
    return Verdict(SourceState.SUSPECT, tuple(reasons)) if reasons else Verdict()


def _judge_empty(tonight: Night, history: Sequence[Night]) -> Verdict:
    """Once may be an accident of the site; a second night is a changed structure."""
    before = {night.day for night in takewhile(lambda night: night.empty, reversed(history))}
    again = len(before | {tonight.day})
    if again == 1:
        return Verdict(SourceState.SUSPECT, ("列表中没有找到任何文章，网站结构可能已改变",))
    return Verdict(SourceState.FAILED, (f"列表连续 {again} 晚没有任何文章，来源文件已失效，需要修改",))


def _below_floor(tonight: Night, history: Sequence[Night], floor: Floor | None) -> list[str]:
    if floor is None:
        return []
    reasons = []
    if tonight.listed is not None and tonight.listed < floor.listed:
        reasons.append(f"列表只有 {tonight.listed} 篇，低于来源文件规定的 {floor.listed} 篇")
    if floor.silent_days and not tonight.new:
        heard = next((night.day for night in reversed(history) if night.new), history[0].day if history else None)
        days = (tonight.day - heard).days if heard else 0
        if days > floor.silent_days:
            reasons.append(f"{days} 天没有新文章，超过来源文件规定的 {floor.silent_days} 天")
    return reasons


def _short_list(tonight: Night, usual: Sequence[Night]) -> list[str]:
    lists = [night.listed for night in usual if night.listed is not None]
    if tonight.listed is None or len(lists) < ENOUGH_RECORDS:
        return []
    normal = median(lists)
    if normal < USUAL_LIST or tonight.listed >= normal * DWINDLED:
        return []
    return [f"列表只有 {tonight.listed} 篇，平时 {normal:.0f} 篇，选择器可能已失效"]


# -- fields ------------------------------------------------------------------------------------------------------------


def _lost_fields(tonight: Night, usual: Sequence[Night]) -> list[str]:
    recent, before = _recent(tonight, usual)
    records = sum(night.records for night in recent)
    known = sum(night.records for night in before)
    if records < ENOUGH_RECORDS or known < KNOWN_RECORDS:
        return []
    reasons = []
    for name, chinese in FIELDS.items():
        have, normal = _share(recent, name), _share(before, name)
        if have < normal / 2 and _chance_of_so_few(round(have * records), records, normal) < ALARM_CHANCE:
            reasons.append(f"{chinese}不再填写：{have:.0%}，平时 {normal:.0%}")
    length, normal = _mean_length(recent), median(night.length for night in before if night.records)
    if length < normal * SHRUNK:
        reasons.append(f"正文只有约 {length:.0f} 字，平时 {normal:.0f} 字")
    return reasons


def _recent(tonight: Night, usual: Sequence[Night]) -> tuple[list[Night], list[Night]]:
    """Tonight, with the last night that brought something if tonight alone brought too little; and all before."""
    if not tonight.records or tonight.records >= ENOUGH_RECORDS:
        return [tonight], list(usual)
    last = next((number for number in range(len(usual) - 1, -1, -1) if usual[number].records), None)
    return ([tonight], list(usual)) if last is None else ([tonight, usual[last]], list(usual[:last]))


def _share(nights: Iterable[Night], name: str) -> float:
    pairs = [(night.records, night.filled.get(name, 0.0)) for night in nights]
    return sum(records * share for records, share in pairs) / max(sum(records for records, _ in pairs), 1)


def _mean_length(nights: Sequence[Night]) -> float:
    return sum(night.records * night.length for night in nights) / max(sum(night.records for night in nights), 1)


def _chance_of_so_few(filled: int, records: int, normal: float) -> float:
    """Chance that at most so many of the records have a field that usually has this share. Binomial."""
    share = min(normal, SUREST_SHARE)
    return sum(math.comb(records, n) * share**n * (1 - share) ** (records - n) for n in range(filled + 1))


# -- silence -----------------------------------------------------------------------------------------------------------


def _silent(tonight: Night, usual: Sequence[Night]) -> list[str]:
    """How unlikely it is that a source of this habit was silent on just these nights."""
    silent = [tonight, *takewhile(lambda night: not night.new, reversed(usual))] if not tonight.new else []
    before = usual[: len(usual) - len(silent) + 1]
    if not silent or len(before) < ENOUGH_NIGHTS:
        return []
    chance = math.prod(_chance_of_silence([n.new for n in _same_weekday(night, before)]) for night in silent)
    if chance >= ALARM_CHANCE:
        return []
    usually = median(night.new for night in before)
    return [f"{len(silent)} 晚没有新文章，超出它的习惯（平时每晚约 {usually:.0f} 篇）"]


def _same_weekday(night: Night, nights: Sequence[Night]) -> list[Night]:
    return [other for other in nights if other.day.weekday() == night.day.weekday()]


def _chance_of_silence(counts: Sequence[int]) -> float:
    """Chance of no article on such a night, from the median and the spread of nights like it; 1 if too few are known.

    Negative binomial, which is Poisson where the counts do not spread more than chance makes them.
    """
    usual = median(counts) if len(counts) > 1 else 0.0
    if not usual:
        return 1.0
    # 1.48 makes the median deviation of a normal spread its standard deviation.
    spread = 1.48 * median(abs(count - usual) for count in counts)
    surplus = spread**2 - usual
    if surplus <= 0:
        chance = math.exp(-usual)
    else:
        size = usual**2 / surplus
        chance = (size / (size + usual)) ** size
    seen = sum(not count for count in counts) / (len(counts) + 1)
    return max(chance, seen, LEAST_CHANCE)


def _dwindled(tonight: Night, usual: Sequence[Night]) -> list[str]:
    """A week that brought less than a quarter of what its weekdays usually bring: a column that is dying."""
    week, before = [*usual[1 - WEEK :], tonight], usual[: 1 - WEEK]
    if len(before) < ENOUGH_NIGHTS:
        return []
    expected = sum(mean([n.new for n in _same_weekday(night, before)] or [0]) for night in week)
    came = sum(night.new for night in week)
    if expected < LEAST_EXPECTED or came > expected * DWINDLED:
        return []
    return [f"一周只有 {came} 篇新文章，平时约 {expected:.0f} 篇"]


# -- history -----------------------------------------------------------------------------------------------------------


def nights_of(lines: Iterable[SourceTotals]) -> list[Night]:
    """Lines of runs, newest first, as nights, oldest first. Backfills and runs that are not closed are none."""
    watched = (RunKind.NIGHTLY, RunKind.INGEST)
    known = [(line, line.day) for line in lines if line.kind in watched and line.state is not None]
    return [_night_of(line, day) for line, day in reversed(known) if day is not None]


def _night_of(line: SourceTotals, day: date) -> Night:
    listed = line.coverage.get("listed")
    return Night(
        day=day,
        new=sum(line.counts.get(outcome, 0) for outcome in ARRIVED),
        listed=None if listed is None else round(listed),
        reached=line.state not in (SourceState.UNREACHABLE, SourceState.BLOCKED),
        empty=listed == 0,
        records=round(line.coverage.get("records", 0)),
        filled=line.coverage,
        length=line.coverage.get("length", 0.0),
    )


def _by_day(nights: Iterable[Night]) -> list[Night]:
    """Several runs of one day as one night, as far as silence goes."""
    days: dict[date, Night] = {}
    for night in nights:
        before = days.get(night.day)
        days[night.day] = night if before is None else replace(night, new=before.new + night.new)
    return [days[day] for day in sorted(days)]
