"""The moment a Date header means, in UTC, including the wrong forms that Japanese shops and devices send.

Source: RFC 5322 section 3.3 and 4.3.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_ZONES_HOURS = {
    "JST": 9,
    "KST": 9,
    "CET": 1,
    "CEST": 2,
    "BST": 1,
    "MSK": 3,
    "AEST": 10,
    "AEDT": 11,
    "HKT": 8,
    "SGT": 8,
}
_OFFSET = re.compile(r"[0-9][ T]?\s*([+-])([0-9]{2}):?([0-9]{2})\s*$")
_FARTHEST_MINUTES = 14 * 60
_NUMERIC = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:\s*[（(][^)）]*[)）]|\s*[日月火水木金土]曜日?|,?\s*(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?)?"
    r"(?:[T\s]*(\d{1,2})[:時]\s*(\d{1,2})(?:[:分]\s*(\d{1,2})(?:\.\d+)?秒?)?分?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


def moment(text: str) -> tuple[datetime | None, str]:
    """The moment in UTC and a defect code: "", date_unreadable, or date_without_zone (then taken as UTC)."""
    cleaned = _plain(text)
    if not cleaned:
        return None, "date_missing"
    try:
        found = _by_rfc(cleaned) or _by_numbers(cleaned) or _by_rfc(_without_comments(cleaned))
    except (ValueError, OverflowError, TypeError, IndexError):
        found = None
    if found is None:
        return None, "date_unreadable"
    try:
        if found.tzinfo is None:
            return found.replace(tzinfo=UTC), "date_without_zone"
        return found.astimezone(UTC), ""
    except OverflowError:
        return None, "date_unreadable"


def offset_minutes(text: str) -> int | None:
    """How far ahead of UTC the writer's clock is, as a Date header says (+0900 is 540).

    None where it does not say, and for +0000, which servers write that know nothing of their user.
    """
    found = _OFFSET.search(_without_comments(_plain(text)))
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    if not 0 < minutes <= _FARTHEST_MINUTES or int(found[3]) >= 60:
        return None
    return -minutes if found[1] == "-" else minutes


def _plain(text: str) -> str:
    """Full-width digits narrowed, weekday in kanji and comments gone, nothing longer than a date can be."""
    narrow = text[:200].translate(_NARROW).replace("\ufffd", "")
    return re.sub(r"^\s*[（(]?[日月火水木金土]曜?日?[)）]?\s*,?\s*(?=\S)", "", narrow).strip()


_NARROW = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0F: "/", 0xFF1A: ":", 0x3000: " "}


def _without_comments(text: str) -> str:
    return re.sub(r" ?: ?", ":", " ".join(re.sub(r"\([^()]*\)", "", text).split()))


def _by_rfc(text: str) -> datetime | None:
    if re.match(r"\d{4}[-/.年]", text):
        return None
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    offset = parts[9]
    named = re.search(r"\b([A-Z]{3,4})\b\)?\s*$", text)
    if not re.search(r"[+-]\d{4}\b", text) and named and named.group(1) in _ZONES_HOURS:
        offset = _ZONES_HOURS[named.group(1)] * 3600
    unzoned = offset is None or not re.search(r"[+-]\d{3,4}\b|\b[A-Z]{1,4}\b\)?\s*$", text)
    naive = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001
    if unzoned:
        return naive
    if abs(offset or 0) >= 86_400:
        return naive.replace(tzinfo=UTC)
    return naive.replace(tzinfo=timezone(timedelta(seconds=offset or 0)))


def _by_numbers(text: str) -> datetime | None:
    found = _NUMERIC.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    zone = found.group(7)
    naive = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001
    if zone is None:
        return naive
    if zone in "Zz":
        return naive.replace(tzinfo=UTC)
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    return naive.replace(tzinfo=timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))))
