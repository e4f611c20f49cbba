"""Days as people say them (土ようび, あと三日, 周六, 이틀 뒤, this weekend); the third table behind `dates`."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from anshin.language.date_forms import WEEKDAYS, Days, Frame, Reader, leaned, number, of_month
from anshin.language.terms import Grounds

_COUNTS: Final[Mapping[str, int]] = MappingProxyType(
    {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    | {"a couple of": 2, "两": 2, "兩": 2, "両": 2}
    | {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "열흘": 10}
)
_KANA_WEEKDAYS: Final = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_CHINESE_WEEKDAYS: Final = {character: index for index, character in enumerate("一二三四五六日")} | {"天": 6}
_KOREAN_WEEKDAYS: Final = "월화수목금토일"
_ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKS: Final = {"せんしゅう": -1, "先週": -1, "らいしゅう": 1, "来週": 1}
_SAID: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("tonight", "this evening", "this morning", "this afternoon"), 0),
        **dict.fromkeys(("今晚", "今早", "今夜"), 0),
        **dict.fromkeys(("明晚", "明早", "聽日", "听日", "聴日", "tomorrow night", "tomorrow morning"), 1),
        **dict.fromkeys(("the day after tomorrow", "day after tomorrow", "내일모레", "낼모레"), 2),
        **dict.fromkeys(("大后天", "大後天", "글피"), 3),
        **dict.fromkeys(("昨晚", "琴日", "尋日", "寻日", "last night", "어젯밤"), -1),
        **dict.fromkeys(("the day before yesterday", "day before yesterday"), -2),
    }
)

# Days of the calendar of the moon as China and Korea keep them; of later years nothing is read.
_NEW_YEAR: Final = ((2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3))
_KOREAN_NEW_YEAR: Final = ((2025, 1, 29), (2026, 2, 17), (2027, 2, 7), (2028, 1, 27), (2029, 2, 13), (2030, 2, 3))
_MID_AUTUMN: Final = ((2025, 10, 6), (2026, 9, 25), (2027, 9, 15), (2028, 10, 3), (2029, 9, 22), (2030, 9, 12))
_DRAGON_BOATS: Final = ((2025, 5, 31), (2026, 6, 19), (2027, 6, 9), (2028, 5, 28), (2029, 6, 16), (2030, 6, 5))
# Taiwan keeps it on 8 August, Hong Kong on the third Sunday of June; the nearer one is meant.
_FATHERS_DAYS: Final = (
    *((year, 8, 8) for year in range(2025, 2031)),
    *((2025, 6, 15), (2026, 6, 21), (2027, 6, 20), (2028, 6, 18), (2029, 6, 17), (2030, 6, 16)),
)


def _said(match: re.Match[str], frame: Frame) -> Days:
    return Days(frame.today + timedelta(days=_SAID[match.group()]), Grounds.RELATIVE_DAY)


def _days_left(match: re.Match[str], frame: Frame) -> Days:
    word = match["n"]
    count = _COUNTS[word] if word in _COUNTS else number(word)
    return Days(frame.today + timedelta(days=count), Grounds.RELATIVE_DAY)


def _kana_weekday(match: re.Match[str], frame: Frame) -> Days:
    word = match["w"]
    index = WEEKDAYS.index(word) if word in WEEKDAYS else _KANA_WEEKDAYS.index(word)
    return _of_week(match["ww"], index, frame)


def _chinese_weekday(match: re.Match[str], frame: Frame) -> Days:
    return _of_week(None, _CHINESE_WEEKDAYS[match["w"]], frame)


def _korean_weekday(match: re.Match[str], frame: Frame) -> Days:
    return _of_week(None, _KOREAN_WEEKDAYS.index(match["w"]), frame)


def _english_weekday(match: re.Match[str], frame: Frame) -> Days:
    return _of_week(None, _ENGLISH_WEEKDAYS.index(match["w"][:3]), frame)


def _of_week(week: str | None, weekday: int, frame: Frame) -> Days:
    """Without a week the next such day, today being one."""
    if week:
        monday = frame.today - timedelta(days=frame.today.weekday())
        return Days(monday + timedelta(weeks=_WEEKS.get(week, 0), days=weekday), Grounds.RELATIVE_WEEK)
    return Days(frame.today + timedelta(days=(weekday - frame.today.weekday()) % 7), Grounds.WEEKDAY)


def _weekend(match: re.Match[str], frame: Frame) -> Days:
    week = 1 if match["ww"] in {"next", "다음", "다음 ", "下", "下个", "下個"} else 0
    saturday = frame.today + timedelta(weeks=week, days=5 - frame.today.weekday())
    return Days(saturday, Grounds.RELATIVE_WEEK, saturday, saturday + timedelta(days=1))


def _day_of_month(match: re.Match[str], frame: Frame) -> Days | None:
    day = number(match["d"])
    months = [of_month(frame.today, shift, day, clip=True) for shift in (-1, 0, 1)]
    chosen = leaned([each for each in months if each.day == day], frame)
    return Days(chosen, Grounds.DAY_OF_MONTH) if chosen else None


def _month_and_day(match: re.Match[str], frame: Frame) -> Days | None:
    month, day = number(match["m"]), number(match["d"])
    years = (frame.today.year - 1, frame.today.year, frame.today.year + 1)
    chosen = leaned([date(year, month, day) for year in years], frame)
    return Days(chosen, Grounds.MONTH_AND_DAY) if chosen else None


def _one_of(days: tuple[tuple[int, int, int], ...]) -> Reader:
    """The fitting one of days that the sun's calendar does not fix."""

    def read(_match: re.Match[str], frame: Frame) -> Days | None:
        chosen = leaned([date(*each) for each in days], frame)
        return Days(chosen, Grounds.NAMED_DAY) if chosen and abs((chosen - frame.today).days) < 366 else None

    return read


_KANJI: Final = r"(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_N: Final = rf"(?:[0-9]{{1,2}}|{_KANJI})"
_EN_N: Final = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|a couple of)"
_MONTH_EN: Final = r"(?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_TABLE: Final[tuple[tuple[str, Callable[[re.Match[str], Frame], Days | None]], ...]] = (
    ("|".join(sorted(_SAID, key=len, reverse=True)), _said),
    (
        r"(?:(?P<ww>せんしゅう|こんしゅう|らいしゅう|先週|今週|来週)の?[ ]?)?"
        rf"(?P<w>げつ|か|すい|もく|きん|ど|にち|[{WEEKDAYS}])よう(?:び|日)",
        _kana_weekday,
    ),
    (rf"(?:あと|残り|のこり)[ ]?(?:たった|わずか)?(?P<n>{_N})日(?=[でしとをなも。、!?]|後|$)", _days_left),
    (
        r"(?<![0-9月一二三四五六七八九十来今先々])(?P<d>[二三]?十[一二三四五六七八九]?)日"
        r"(?=[にまはがの着必、。]|$)(?!の(?:間|うち))",
        _day_of_month,
    ),
    (
        r"(?<![0-9/:.\-])(?P<d>3[01]|[12][0-9]|[1-9])"
        r"(?=(?:母|父|妻|夫|嫁|娘|息子|孫|祖母|祖父|彼女?)?の?(?:誕生日|結婚式|命日|法事))",
        _day_of_month,
    ),
    (
        rf"(?<![0-9一二三四五六七八九十])(?P<m>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?P<d>{_KANJI})"
        r"(?:[号號]|(?=[就係系是,,。]|$))",
        _month_and_day,
    ),
    (
        rf"(?<![0-9月一二三四五六七八九十第])(?P<d>{_N})[号號]"
        r"(?=之?前|到|要|就|送|收|[上下]午|晚|早|出|寄|[给給]|能|[当當那]天|的?(?:婚|生日)|[结結]婚)",
        _day_of_month,
    ),
    (rf"(?:[还還][有剩]|只剩|剩下|再[过過])(?P<n>{_N}|两|兩|両)天", _days_left),
    (
        r"(?<![上下这這本])(?:周|星期|礼拜|禮拜|礼拝|週)(?P<w>[一二三四五六日天])(?![回間日年月期ぁ-んァ-ー])",
        _chinese_weekday,
    ),
    (r"(?P<ww>下[个個]?)?(?:这|這|本)?[个個]?[周週]末(?![ぁ-ん])", _weekend),
    (r"(?P<n>하루|이틀|사흘|나흘|닷새|엿새|이레|열흘) ?(?:뒤|후|남)", _days_left),
    (r"(?<![0-9])(?P<n>[0-9]{1,2})일 ?(?:뒤|후|남)", _days_left),
    (
        r"(?<![0-9월.])(?<!월 )(?P<d>3[01]|[12][0-9]|[1-9])일(?=에|까지|날|로|부터| ?(?:오전|오후|저녁|아침|도착))",
        _day_of_month,
    ),
    (r"(?P<w>[월화수목금토일])욜", _korean_weekday),
    (r"(?P<ww>다음 ?|이번 ?)?주말", _weekend),
    (r"\b(?:(?P<ww>this|next|coming|the) )?weekend\b", _weekend),
    (rf"\b(?:in )?(?P<n>{_EN_N}) days? (?:left|away|from now|to go|until|till)\b", _days_left),
    (r"\bin (?P<n>one|two|three|four|five|six|seven|eight|nine|ten|a couple of) days?\b", _days_left),
    (
        rf"\b(?:on|by|before|until|till|due|it'?s|for) the (?P<d>3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)"
        rf"(?! (?:{_MONTH_EN}|floor|time|one|day|box|attempt|try|order|mail|email))\b",
        _day_of_month,
    ),
    (r"\b(?:on|by|before|until|this) (?P<w>mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b(?!day)", _english_weekday),
    (r"春[节節]|农历新年|農曆新年|大年初一", _one_of(_NEW_YEAR)),
    (r"설날|구정", _one_of(_KOREAN_NEW_YEAR)),
    (r"中秋[节節]?|추석|한가위", _one_of(_MID_AUTUMN)),
    (r"端午[节節]", _one_of(_DRAGON_BOATS)),
    (r"父親節", _one_of(_FATHERS_DAYS)),
)
SPOKEN_DAY_READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = tuple(
    (re.compile(pattern, re.ASCII), reader) for pattern, reader in _TABLE
)
