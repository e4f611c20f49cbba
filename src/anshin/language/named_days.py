"""Days that have a name (母の日, クリスマス), and near days in Chinese and Korean; the second table behind `dates`."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from anshin.language.date_forms import Days, Frame, Reader
from anshin.language.terms import Grounds, Leaning


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    """The nth such weekday of a month; Monday is 0."""

    def on(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

    return on


# Source for 敬老の日 and 成人の日: 国民の祝日に関する法律, article 2. The first two: the trade's use in Japan.
_NAMED: Final[tuple[tuple[str, Callable[[int], date]], ...]] = (
    (r"母の日|mother'?s day|母亲节|母親節", _nth(5, 6, 2)),
    (r"父の日|father'?s day|父亲节", _nth(6, 6, 3)),
    (r"thanksgiving", _nth(11, 3, 4)),
    (r"いい夫婦の日", _fixed(11, 22)),
    (r"お盆(?!明け|休み|過ぎ|すぎ|の上)", _fixed(8, 13)),
    (r"教师节", _fixed(9, 10)),
    (r"教師節", _fixed(9, 28)),
    (r"스승의 ?날", _fixed(5, 15)),
    (r"빼빼로 ?데이", _fixed(11, 11)),
    (r"敬老の日", _nth(9, 0, 3)),
    (r"成人の日|成人式", _nth(1, 0, 2)),
    (
        r"クリスマスイ[ブヴ]|(?<![ァ-ヶー])イブ(?:の(?:日|夜)|当日|まで|には)|christmas eve|平安夜|크리스마스 ?이브",
        _fixed(12, 24),
    ),
    (
        r"クリスマス(?!ツリー|リース|カード)|christmas(?! (?:tree|card|wreath))|xmas|圣诞节?|聖誕節?|크리스마스|성탄절",
        _fixed(12, 25),
    ),
    (r"バレンタイン(?:デー)?|valentine'?s?(?: day)?|情人节|情人節|발렌타인(?:데이)?|밸런타인(?:데이)?", _fixed(2, 14)),
    (r"ホワイトデー|white day|화이트데이", _fixed(3, 14)),
    (r"ひな祭り|雛祭り|桃の節句", _fixed(3, 3)),
    (r"こどもの日|子供の日|端午の節句", _fixed(5, 5)),
    (r"어린이날", _fixed(5, 5)),
    (r"어버이날", _fixed(5, 8)),
    (r"七夕", _fixed(7, 7)),
    (r"ハロウィ[ーン]*|halloween|万圣节|[萬万]聖節|할로윈", _fixed(10, 31)),
    (r"七五三", _fixed(11, 15)),
    (r"大晦日|大みそか|new year'?s eve", _fixed(12, 31)),
    (r"元旦|元日|お正月|正月|new year'?s day", _fixed(1, 1)),
)
_NEAR: Final = {
    **dict.fromkeys(("今天", "今日中", "오늘"), 0),
    **dict.fromkeys(("明天", "내일"), 1),
    **dict.fromkeys(("后天", "後天", "모레"), 2),
    **dict.fromkeys(("昨天", "어제"), -1),
    **dict.fromkeys(("前天", "그저께"), -2),
}
_CHINESE_WEEKDAYS: Final = {character: index for index, character in enumerate("一二三四五六日")} | {"天": 6}
_KOREAN_WEEKDAYS: Final = {character: index for index, character in enumerate("월화수목금토일")}


def _named_reader(day_of: Callable[[int], date]) -> Reader:
    def read(match: re.Match[str], frame: Frame) -> Days | None:
        shift = {"去年": -1, "昨年": -1, "今年": 0, "来年": 1}.get(match["yw"] or "")
        if shift is not None:
            return Days(day_of(frame.today.year + shift), Grounds.NAMED_DAY)
        days = [day_of(frame.today.year + each) for each in (-1, 0, 1)]
        if frame.leaning is Leaning.PAST:
            days = [day for day in days if day <= frame.today]
        if frame.leaning is Leaning.FUTURE:
            days = [day for day in days if day >= frame.today]
        return Days(min(days, key=lambda day: abs(day - frame.today)), Grounds.NAMED_DAY)

    return read


def _near(match: re.Match[str], frame: Frame) -> Days:
    return Days(frame.today + timedelta(days=_NEAR[match.group()]), Grounds.RELATIVE_DAY)


def _chinese_week(match: re.Match[str], frame: Frame) -> Days:
    weeks = {"上": -1, "下": 1}.get(match["ww"], 0)
    return Days(_of_week(frame.today, weeks, _CHINESE_WEEKDAYS[match["w"]]), Grounds.RELATIVE_WEEK)


def _korean_week(match: re.Match[str], frame: Frame) -> Days:
    weeks = {"지난": -1, "다음": 1}.get(match["ww"], 0)
    return Days(_of_week(frame.today, weeks, _KOREAN_WEEKDAYS[match["w"]]), Grounds.RELATIVE_WEEK)


def _plain_day(match: re.Match[str], frame: Frame) -> Days:
    month, day = int(match["m"]), int(match["d"])
    days = []
    for year in range(frame.today.year - 1, frame.today.year + 2):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if frame.leaning is Leaning.PAST:
        days = [each for each in days if each <= frame.today]
    if frame.leaning is Leaning.FUTURE:
        days = [each for each in days if each >= frame.today]
    return Days(min(days, key=lambda each: abs(each - frame.today)), Grounds.MONTH_AND_DAY)


def _of_week(today: date, weeks: int, weekday: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday)


NAMED_DAY_READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    *(
        (re.compile(rf"(?:(?P<yw>去年|昨年|今年|来年)の?)?(?:{names})"), _named_reader(day_of))
        for names, day_of in _NAMED
    ),
    (re.compile("|".join(sorted(_NEAR, key=len, reverse=True))), _near),
    (
        re.compile(r"(?P<ww>上|下|这|這|本)[个個]?(?:周|星期|礼拜|禮拜|礼拝|週)(?P<w>[一二三四五六日天])(?![回間])"),
        _chinese_week,
    ),
    (re.compile(r"(?P<ww>지난|이번|다음)? ?주? ?(?P<w>[월화수목금토일])요일"), _korean_week),
    (re.compile(r"(?<![0-9])(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12][0-9]|0?[1-9])[号號]"), _plain_day),
    (re.compile(r"(?<![0-9])(?P<m>1[0-2]|0?[1-9])월 ?(?P<d>3[01]|[12][0-9]|0?[1-9])일"), _plain_day),
)
