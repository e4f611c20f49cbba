"""Writes moments the way the desk reads them: 今日 17:30, 昨日 21:38, 11月22日(日) 14:05, 31分前.

The zone is Django's current one (the screens activate the shop's), the language is passed.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from django.utils import timezone

DAYS_JA: Final = "月火水木金土日"
DAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK_ZH: Final = "一二三四五六日"
_DAYS_ELSEWHERE: Final = {
    "zh-Hans": ("月", "日", tuple(f"周{day}" for day in _WEEK_ZH)),
    "zh-Hant": ("月", "日", tuple(f"週{day}" for day in _WEEK_ZH)),
    "ko": ("월 ", "일", tuple("월화수목금토일")),
}
MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def when(moment: datetime, *, now: datetime, language: str) -> str:
    """Day and minute: with the day's name up to one day away, with the year only when it is another year."""
    zone = timezone.get_current_timezone()
    there, here = moment.astimezone(zone), now.astimezone(zone)
    return f"{day(there.date(), today=here.date(), language=language)} {there.hour}:{there.minute:02d}"


@lru_cache(maxsize=4096)
def day(which: date, *, today: date, language: str) -> str:
    """今日, 昨日, 明日, else the date with its weekday."""
    near = _near_day((which - today).days, language)
    return near or full_day(which, language=language, with_year=which.year != today.year)


def full_day(which: date, *, language: str, with_year: bool) -> str:
    """11月22日(日), Sun 22 Nov, for customers also 11月22日(周日) and 11월 22일(일); with the year where asked for."""
    if language in _DAYS_ELSEWHERE:
        months, days, names = _DAYS_ELSEWHERE[language]
        year = f"{which.year}{'년 ' if language == 'ko' else '年'}" if with_year else ""
        return f"{year}{which.month}{months}{which.day}{days}({names[which.weekday()]})"
    if language == "ja":
        year = f"{which.year}年" if with_year else ""
        return f"{year}{which.month}月{which.day}日({DAYS_JA[which.weekday()]})"
    year = f" {which.year}" if with_year else ""
    return f"{DAYS_EN[which.weekday()]} {which.day} {MONTHS_EN[which.month - 1]}{year}"


def weekday_names(*, language: str) -> list[str]:
    """The seven days from Monday on: 月曜日 or Mon."""
    return [f"{day}曜日" for day in DAYS_JA] if language == "ja" else list(DAYS_EN)


def exactly(moment: datetime, *, language: str) -> str:
    """The whole moment, with year: for titles and for paper."""
    there = moment.astimezone(timezone.get_current_timezone())
    return f"{full_day(there.date(), language=language, with_year=True)} {there.hour}:{there.minute:02d}"


def ago(moment: datetime, *, now: datetime, language: str) -> str:
    """How long since: minutes and hours up to a day, then the day. A moment ahead of `now` counts as just now."""
    minutes = max(0, int((now - moment) / timedelta(minutes=1)))
    if minutes < 1:
        return "たった今" if language == "ja" else "just now"
    if minutes < 60:
        return f"{minutes}分前" if language == "ja" else f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60}時間前" if language == "ja" else f"{minutes // 60} hr ago"
    zone = timezone.get_current_timezone()
    return day(moment.astimezone(zone).date(), today=now.astimezone(zone).date(), language=language)


def left(moment: datetime, *, now: datetime, language: str) -> str:
    """How long until, in minutes below two hours: あと55分; later the moment itself; past it 55分超過."""
    minutes = int((moment - now).total_seconds() // 60)
    if minutes < 0:
        return _over(-minutes, language)
    if minutes < 120:
        return f"あと{minutes}分" if language == "ja" else f"{minutes} min left"
    return when(moment, now=now, language=language)


def _over(minutes: int, language: str) -> str:
    if minutes < 60:
        return f"{minutes}分超過" if language == "ja" else f"{minutes} min over"
    if minutes < 48 * 60:
        return f"{minutes // 60}時間超過" if language == "ja" else f"{minutes // 60} hr over"
    return f"{minutes // (24 * 60)}日超過" if language == "ja" else f"{minutes // (24 * 60)} days over"


def _near_day(days: int, language: str) -> str:
    if language == "ja":
        return {0: "今日", -1: "昨日", 1: "明日"}.get(days, "")
    return {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get(days, "")
