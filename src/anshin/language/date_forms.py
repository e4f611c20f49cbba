"""The forms in which dates are written, each with what it means; the table behind `dates`."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anshin.language.terms import Grounds, Leaning

WEEKDAYS: Final = "月火水木金土日"
_ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The year before an era's first. Source: 元号法 and the cabinet orders on each era's name (令和: 平成31年政令第143号).
_YEAR_BEFORE_ERA: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "令": 2018, "平": 1988, "昭": 1925} | {
    "r": 2018,
    "h": 1988,
    "s": 1925,
    "㋿": 2018,
    "㍻": 1988,
    "㍼": 1925,
}
_KANJI_DIGITS: Final = {kanji: number for number, kanji in enumerate("〇一二三四五六七八九")} | {
    "元": 1,
    "零": 0,
}


@dataclass(frozen=True, slots=True)
class Days:
    on: date
    grounds: Grounds
    earliest_on: date | None = None
    latest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    today: date
    leaning: Leaning


Reader = Callable[[re.Match[str], Frame], Days | None]


def _full_date(match: re.Match[str], _frame: Frame) -> Days:
    return Days(date(int(match["y"]), int(match["m"]), int(match["d"])), Grounds.FULL_DATE)


def _era_date(match: re.Match[str], _frame: Frame) -> Days:
    year = _YEAR_BEFORE_ERA[match["era"]] + number(match["y"])
    return Days(date(year, number(match["m"]), number(match["d"])), Grounds.ERA_DATE)


def _english_date(match: re.Match[str], frame: Frame) -> Days | None:
    month = _ENGLISH_MONTHS.index(match["m"][:3]) + 1
    if match["y"]:
        return Days(date(int(match["y"]), month, int(match["d"])), Grounds.FULL_DATE)
    return _without_year(month, int(match["d"]), None, frame)


def _month_and_day(match: re.Match[str], frame: Frame) -> Days | None:
    year_word, weekday = match["yw"], match["w"]
    month, day = number(match["m"]), number(match["d"])
    if year_word:
        year = frame.today.year + {"去年": -1, "昨年": -1, "一昨年": -2, "今年": 0, "来年": 1}[year_word]
        return Days(date(year, month, day), Grounds.MONTH_AND_DAY)
    return _without_year(month, day, weekday, frame)


def _end_of_month(match: re.Match[str], frame: Frame) -> Days | None:
    month = int(match["m"])
    ends = [of_month(date(frame.today.year + shift, month, 1), 0, 31, clip=True) for shift in (-1, 0, 1)]
    chosen = leaned(ends, frame)
    return Days(chosen, Grounds.MONTH_AND_DAY) if chosen else None


def _slashed(match: re.Match[str], frame: Frame) -> Days | None:
    return _without_year(int(match["m"]), int(match["d"]), match["w"], frame)


def _without_year(month: int, day: int, weekday: str | None, frame: Frame) -> Days | None:
    days = [_day_or_none(frame.today.year + shift, month, day) for shift in (-1, 0, 1)]
    candidates = [candidate for candidate in days if candidate]
    fitting = [candidate for candidate in candidates if weekday and WEEKDAYS[candidate.weekday()] == weekday]
    chosen = leaned(fitting or candidates, frame)
    return Days(chosen, Grounds.MONTH_AND_DAY) if chosen else None


def _day_of_month(match: re.Match[str], frame: Frame) -> Days | None:
    day = calendar.monthrange(2000, 1)[1] if match["end"] else number(match["d"])
    shift = {"今月": 0, "当月": 0, "来月": 1, "翌月": 1, "再来月": 2, "先月": -1, "先々月": -2}.get(match["mw"] or "")
    if shift is not None:
        return Days(of_month(frame.today, shift, day, clip=bool(match["end"])), Grounds.DAY_OF_MONTH)
    candidates = [of_month(frame.today, each, day, clip=True) for each in (-1, 0, 1)]
    if not match["end"]:
        candidates = [candidate for candidate in candidates if candidate.day == day]
    chosen = leaned(candidates, frame)
    return Days(chosen, Grounds.DAY_OF_MONTH) if chosen else None


def _relative_day(match: re.Match[str], frame: Frame) -> Days:
    return Days(frame.today + timedelta(days=_RELATIVE_DAYS[match.group()]), Grounds.RELATIVE_DAY)


def _counted(match: re.Match[str], frame: Frame) -> Days:
    count, unit = number(match["n"]), match["u"]
    sign = -1 if match["dir"] in ("前", "ago") else 1
    about = bool(match["about"])
    if unit in ("日", "day", "days"):
        on, slack = frame.today + timedelta(days=sign * count), 2 * about
    elif unit in ("週間", "week", "weeks"):
        on, slack = frame.today + timedelta(weeks=sign * count), 3 * about
    else:
        on, slack = of_month(frame.today, sign * count, frame.today.day, clip=True), 10 * about
    return Days(on, Grounds.RELATIVE_DAY, on - timedelta(days=slack), on + timedelta(days=slack))


def _week(match: re.Match[str], frame: Frame) -> Days:
    shift = _WEEK_WORDS[match["ww"]]
    monday = frame.today - timedelta(days=frame.today.weekday()) + timedelta(weeks=shift)
    weekday = match["w"]
    if weekday:
        index = WEEKDAYS.index(weekday) if weekday in WEEKDAYS else _ENGLISH_WEEKDAYS.index(weekday[:3])
        return Days(monday + timedelta(days=index), Grounds.RELATIVE_WEEK)
    sunday = monday + timedelta(days=6)
    if match["part"] == "末":
        return Days(sunday - timedelta(days=1), Grounds.RELATIVE_WEEK, sunday - timedelta(days=1), sunday)
    if match["part"] == "中":
        return Days(sunday, Grounds.RELATIVE_WEEK, max(monday, frame.today) if shift == 0 else monday, sunday)
    if match["part"]:
        on = monday if match["part"] in ("初め", "はじめ", "頭", "明け") else monday + timedelta(days=2)
        return Days(on, Grounds.RELATIVE_WEEK, monday, monday + timedelta(days=3))
    return Days(frame.today + timedelta(weeks=shift), Grounds.RELATIVE_WEEK, monday, sunday)


def _month(match: re.Match[str], frame: Frame) -> Days:
    shift = {"先月": -1, "先々月": -2, "今月": 0, "来月": 1, "再来月": 2, "last month": -1, "next month": 1}[
        match["mw"]
    ]
    on = of_month(frame.today, shift, frame.today.day, clip=True)
    last = on.replace(day=calendar.monthrange(on.year, on.month)[1])
    first, part = on.replace(day=1), match["part"] or ""
    first_day, last_day = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, last.day)}.get(part, (1, last.day))
    if part == "中":
        return Days(last, Grounds.RELATIVE_MONTH, max(first, frame.today) if shift == 0 else first, last)
    middle = on if not part else on.replace(day=(first_day + last_day) // 2)
    return Days(middle, Grounds.RELATIVE_MONTH, on.replace(day=first_day), on.replace(day=last_day))


def _weekday(match: re.Match[str], frame: Frame) -> Days:
    word = match["w"]
    index = WEEKDAYS.index(word) if word in WEEKDAYS else _ENGLISH_WEEKDAYS.index(word[:3])
    ahead = (index - frame.today.weekday()) % 7
    if frame.leaning is Leaning.PAST and ahead:
        ahead -= 7
    return Days(frame.today + timedelta(days=ahead), Grounds.WEEKDAY)


def leaned(candidates: list[date], frame: Frame) -> date | None:
    """The nearest of these days, or the nearest on the side the frame leans to; None where there is none."""
    if frame.leaning is Leaning.PAST:
        return max((day for day in candidates if day <= frame.today), default=None)
    if frame.leaning is Leaning.FUTURE:
        return min((day for day in candidates if day >= frame.today), default=None)
    return min(candidates, key=lambda day: abs(day - frame.today), default=None)


def of_month(today: date, shift: int, day: int, *, clip: bool) -> date:
    """That day of the month `shift` months from today; its last day where `clip` and it has no such day.

    Raises ValueError for a day the month does not have.
    """
    year, month0 = divmod(today.year * 12 + today.month - 1 + shift, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day, last) if clip else day)


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def number(written: str) -> int:
    """0 to 99 in ASCII digits or kanji (二十一, 十, 元)."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return int("".join(str(_KANJI_DIGITS[kanji]) for kanji in written))
    return 10 * (_KANJI_DIGITS[tens] if tens else 1) + (_KANJI_DIGITS[ones] if ones else 0)


_RELATIVE_DAYS: Final = {
    **dict.fromkeys(("一昨日", "おととい", "おとつい"), -2),
    **dict.fromkeys(("一昨々日", "さきおととい"), -3),
    **dict.fromkeys(("昨日", "きのう", "昨晩", "昨夜", "ゆうべ", "yesterday"), -1),
    **dict.fromkeys(("今日", "本日", "きょう", "今朝", "今晩", "今夜", "today"), 0),
    **dict.fromkeys(("明日", "あした", "あす", "明朝", "tomorrow"), 1),
    **dict.fromkeys(("明後日", "あさって"), 2),
    **dict.fromkeys(("明々後日", "明明後日", "しあさって"), 3),
}
_WEEK_WORDS: Final = {
    "先々週": -2,
    "先先週": -2,
    "先週": -1,
    "前週": -1,
    "今週": 0,
    "来週": 1,
    "再来週": 2,
} | {
    "": 0,
    "last": -1,
    "last week": -1,
    "this": 0,
    "this week": 0,
    "next": 1,
    "next week": 1,
}

_N: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_W: Final = rf"(?:[ \t]*\((?P<w>[{WEEKDAYS}])(?:曜日?)?[^)\n]{{0,3}}\))?"
_GAP: Final = "[ \t]{0,2}"
_DAYS_EN: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTHS_EN: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)

READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = tuple(
    (re.compile(pattern, re.ASCII), reader)
    for pattern, reader in (
        (
            rf"(?<![0-9.])(?P<y>[12][0-9]{{3}}){_GAP}年{_GAP}(?P<m>[0-9]{{1,2}}){_GAP}月{_GAP}(?P<d>[0-"
            rf"9]{{1,2}}){_GAP}日{_W}",
            _full_date,
        ),
        (
            rf"(?<![0-9./-])(?P<y>[12][0-9]{{3}})(?P<s>[-/.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})(?![0-9]"
            rf"|[-/.][0-9]){_W}",
            _full_date,
        ),
        (
            rf"(?P<era>令和|平成|昭和|令|平|昭|㋿|㍻|㍼|(?<![a-z])[rhs]){_GAP}(?P<y>{_N}"
            rf"|元){_GAP}年{_GAP}(?P<m>{_N}){_GAP}月"
            rf"{_GAP}(?P<d>{_N}){_GAP}日{_W}",
            _era_date,
        ),
        (
            r"(?P<era>令和|平成|昭和|令|平|昭|(?<![a-z0-9])[rhs])\.?(?P<y>[0-9]{1,2}"
            r"|元)(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)"
            rf"(?P<d>[0-9]{{1,2}})(?![0-9]|[-/.][0-9]){_W}",
            _era_date,
        ),
        (
            rf"(?P<yw>一昨年|去年|昨年|今年"
            rf"|来年)?の?(?<![0-9]){_GAP}(?P<m>{_N}){_GAP}月{_GAP}(?P<d>{_N}){_GAP}日(?!間|以内)"
            rf"{_W}",
            _month_and_day,
        ),
        (
            rf"(?<![0-9./:-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9]|[-/.:][0-9]){_W}",
            _slashed,
        ),
        (
            rf"(?P<mw>再来月|先々月|今月|当月|来月|翌月|先月)の?{_GAP}(?:(?P<d>{_N}){_GAP}日(?!間|以内"
            rf"|前|後)|(?P<end>月?末))",
            _day_of_month,
        ),
        (
            rf"(?P<mw>(?!))?(?:(?<![0-9月/.ヶカか一二三四五六七八九十]){_GAP}(?P<d>[0-9]{{1,2}})日"
            r"(?!間|以内|前|後|ほど|くらい|ぐらい|程|[ \t]*目|本|[0-9]|も|以上)"
            r"|(?<![0-9来今先々再毎])(?P<end>月末))",
            _day_of_month,
        ),
        ("|".join(sorted(map(re.escape, _RELATIVE_DAYS), key=len, reverse=True)), _relative_day),
        (
            rf"(?P<n>{_N}){_GAP}(?P<u>日|週間|[ヶかカヵケ]月){_GAP}(?P<about>ほど|くらい|ぐらい|程度?"
            rf"|位)?{_GAP}(?P<dir>前|後(?!半))",
            _counted,
        ),
        (r"\b(?P<about>about )?(?P<n>[0-9]{1,2}) (?P<u>days?|weeks?|months?) (?P<dir>ago)\b", _counted),
        (r"\bin (?P<about>about )?(?P<n>[0-9]{1,2}) (?P<u>days?|weeks?|months?)(?P<dir>)\b", _counted),
        (
            rf"(?P<ww>再来週|先々週|先先週|先週|前週|今週|来週)の?{_GAP}(?:(?P<w>[{WEEKDAYS}])(?:曜日?"
            rf"|(?![曜末])(?=[にまのはがか、。)\s]|$))"
            r"|(?P<part>末|初め|はじめ|頭|明け|半ば|中頃|中))?",
            _week,
        ),
        (rf"\b(?P<ww>last|this|next) (?P<w>{_DAYS_EN})\b(?P<part>)", _week),
        (r"\b(?P<ww>(?:last|this|next) week)\b(?P<w>)(?P<part>)", _week),
        (
            rf"(?P<mw>再来月|先々月|来月|先月|今月(?=中))(?!の?{_GAP}(?:{_N}{_GAP}日|月?末))の?(?P<part>上旬|中旬|下旬|中)?",
            _month,
        ),
        (r"\b(?P<mw>(?:last|next) month)\b(?P<part>)", _month),
        (r"(?<![0-9])(?P<m>1[0-2]|0?[1-9])月末", _end_of_month),
        (r"(?P<ww>)(?<![今来先々再])(?P<w>)週(?P<part>末)(?=[にまのはがか、。)\s]|$)", _week),
        (rf"(?<![週の日])(?:次の|この|今度の)?(?P<w>[{WEEKDAYS}])曜日?", _weekday),
        (rf"(?<!last )(?<!this )(?<!next )\b(?P<w>{_DAYS_EN.replace('(?:day)?', 'day')})\b", _weekday),
        (
            rf"\b(?P<m>{_MONTHS_EN})\.? (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>20[0-9]{{2}}))?\b(?!:)",
            _english_date,
        ),
        (
            rf"(?<![0-9])(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTHS_EN})\b\.?"
            r"(?:,? (?P<y>20[0-9]{2}))?",
            _english_date,
        ),
    )
)
