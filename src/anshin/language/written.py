"""How days and sums are written in a letter to a customer, in the five languages that shops write."""

from datetime import date
from typing import Final

LETTER_LANGUAGES: Final = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
_DAYS: Final = {
    "ja": "月火水木金土日",
    "zh-Hans": "一二三四五六日",
    "zh-Hant": "一二三四五六日",
    "ko": "월화수목금토일",
}
_DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_YEN: Final = {"ja": "円", "zh-Hans": "日元", "zh-Hant": "日圓", "ko": "엔"}


def written_day(day: date, language: str) -> str:
    """2026年12月1日（火）; Tuesday, 1 December 2026; 2026年12月1日（星期二）; 2026년 12월 1일(화)."""
    if language == "en":
        return f"{_DAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    weekday = _DAYS[language][day.weekday()]
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일({weekday})"
    name = weekday if language == "ja" else f"星期{weekday}"
    return f"{day.year}年{day.month}月{day.day}日（{name}）"


def written_yen(amount: int, language: str) -> str:
    """3,980円, ¥3,980, 3,980日元, 3,980日圓, 3,980엔. Unit: whole yen."""
    return f"¥{amount:,}" if language == "en" else f"{amount:,}{_YEN[language]}"


def written_list(names: list[str], language: str) -> str:
    """Names in a row: with 、 in Japanese and Chinese, with commas elsewhere."""
    return ("、" if language in {"ja", "zh-Hans", "zh-Hant"} else ", ").join(names)
