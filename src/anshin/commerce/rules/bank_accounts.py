"""Decides how the number of a bank account is written, and what ゆうちょ's own numbers mean to other banks.

Source: ゆうちょ銀行, 記号番号から振込用の店名・預金種目・口座番号への変換 (記号 1xxxx: 店番 is its second and third
digit and 8, the number loses its last digit; 記号 0xxxx: 店番 ends with 9, the number stays); general knowledge, not
fetched.
"""

import re
from typing import NamedTuple

from anshin.commerce.terms import AccountKind
from anshin.language.folding import half_width

YUCHO = "9900"
DIGITS = 7
_SYMBOL = re.compile(r"([01])(\d)(\d)\d0-?\d?-(\d{1,8})")
_LAST_DIGIT_OF_ORDINARY = "1"


class YuchoAccount(NamedTuple):
    """An account of ゆうちょ as other banks pay into it."""

    branch_code: str
    kind: AccountKind
    number: str


def account_number(typed: str) -> str | None:
    """Seven digits with zeros in front, or None when it is no account number."""
    digits = re.sub(r"[\s-]", "", half_width(typed))
    if not digits.isascii() or not digits.isdecimal() or len(digits) > DIGITS or not int(digits):
        return None
    return digits.zfill(DIGITS)


def yucho_account(typed: str) -> YuchoAccount | None:
    """記号 and 番号 with a hyphen or space between, such as 10140-12345671; None when it is not of that form."""
    joined = re.sub(r"[\s-]+", "-", half_width(typed).strip())
    found = _SYMBOL.fullmatch(joined)
    if found is None:
        return None
    sort, second, third, number = found.groups()
    if sort == "0":
        return YuchoAccount(f"{second}{third}9", AccountKind.CURRENT, number.zfill(DIGITS)) if len(number) < 8 else None
    if not number.endswith(_LAST_DIGIT_OF_ORDINARY) or len(number) < 2:
        return None
    return YuchoAccount(f"{second}{third}8", AccountKind.ORDINARY, number[:-1].zfill(DIGITS))
