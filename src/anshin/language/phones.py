"""Telephone numbers as people write them, to one key and one way of showing; for customers, orders and intake."""

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers

from anshin.language.folding import fold

_LONGEST_WRITTEN: Final = 60
_JAPAN: Final = 81
_NUMBER_STRETCH: Final = re.compile(r"(?:\+ ?)?\(?[0-9][0-9(). -]{6,}")


@dataclass(frozen=True, slots=True)
class Phone:
    """`key` is the number in E.164 (+819012345678), `shown` how a person in the region reads it (090-1234-5678)."""

    key: str
    shown: str


def read_phone(written: str, *, region: str = "JP") -> Phone | None:
    """The number that was written, or None when it cannot be one.

    Takes full-width digits, any hyphen, +81 (0)90, words around the number (TEL:, 代表) and a leading zero that a
    spreadsheet lost. Of two numbers the first is read; an extension (内線12) is not part of it. Only the length is
    asked, not whether the number is in service.
    Limits: 60 characters. Source: ITU-T E.164 (11/2010); lengths by country from the phonenumbers data.
    """
    if len(written) > _LONGEST_WRITTEN:
        return None
    stretch = _NUMBER_STRETCH.search(fold(written).replace("ー", "-"))
    if not stretch:
        return None
    try:
        number = phonenumbers.parse(stretch.group(), region)
    except phonenumbers.NumberParseException:
        return None
    if not _has_possible_length(number):
        return None
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return Phone(
        key=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        shown=phonenumbers.format_number(number, style),
    )


def _has_possible_length(number: phonenumbers.PhoneNumber) -> bool:
    """Whether a person can have a number this long; Japanese ones have 9 or 10 digits after the 0.

    Source: 電気通信番号計画 (令和元年総務省告示第6号).
    """
    if number.country_code == _JAPAN:
        return len(str(number.national_number)) in (9, 10)
    reason = phonenumbers.is_possible_number_with_reason(number)
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)
