"""The four records of a 総合振込 file, 120 bytes each, in JIS X 0201. Pure.

Source: 全銀協制定ファイルフォーマット 総合振込, as published by 群馬銀行 (items, lengths, filling), read 2026-11-26,
and the offsets of zengin4j's documentation as kept in the project's domain notes; both agree.
"""

from collections.abc import Sequence
from datetime import date

from anshin.commerce.ports import Debtor, Transfer
from anshin.commerce.terms import AccountKind
from anshin.language.zengin_letters import fit, is_allowed, zengin_letters

RECORD_BYTES = 120
MOST_LINES = 999_999
_ENCODING = "cp932"  # of half-width kana and ASCII it makes the bytes of JIS X 0201
_KINDS = {AccountKind.ORDINARY: "1", AccountKind.CURRENT: "2", AccountKind.SAVINGS: "4"}


class UnfitForRecord(ValueError):
    """A value does not fit its field; the text names the field."""


def header(debtor: Debtor, transfer_on: date) -> bytes:
    """Record 1: who transfers, from which account, on which day (month and day only)."""
    return _record(
        "1",  # データ区分
        "21",  # 種別コード: 総合振込
        "0",  # コード区分: JIS
        number(debtor.client_code, 10, "client_code"),
        letters(debtor.client_name, 40, "client_name"),
        f"{transfer_on:%m%d}",
        number(debtor.bank_code, 4, "bank_code"),
        letters(debtor.bank_kana, 15, "bank_kana"),
        number(debtor.branch_code, 3, "branch_code"),
        letters(debtor.branch_kana, 15, "branch_kana"),
        _KINDS[debtor.kind],
        number(debtor.number, 7, "number"),
        " " * 17,
    )


def data(transfer: Transfer) -> bytes:
    """Record 2: one transfer. The number of the line stands in 顧客コード1, so that answers can be matched."""
    return _record(
        "2",
        number(transfer.bank_code, 4, "bank_code"),
        letters(transfer.bank_kana, 15, "bank_kana"),
        number(transfer.branch_code, 3, "branch_code"),
        letters(transfer.branch_kana, 15, "branch_kana"),
        "0000",  # 手形交換所番号: not used
        _KINDS[transfer.kind],
        number(transfer.number, 7, "number"),
        letters(transfer.holder, 30, "holder"),
        number(str(transfer.amount_yen), 10, "amount_yen"),
        "0",  # 新規コード: other
        number(str(transfer.line), 10, "line"),  # 顧客コード1
        "0" * 10,  # 顧客コード2
        "7",  # 振込指定区分: 電信振込
        " ",  # 識別表示: the two numbers above are no EDI
        " " * 7,
    )


def trailer(amounts_yen: Sequence[int]) -> bytes:
    """Record 8: how many transfers and how much altogether."""
    return _record("8", number(str(len(amounts_yen)), 6, "count"), number(str(sum(amounts_yen)), 12, "sum"), " " * 101)


def end() -> bytes:
    """Record 9."""
    return _record("9", " " * 119)


def number(value: str, width: int, field: str) -> str:
    """Digits, to the right, zeros in front. Raises UnfitForRecord."""
    if not value.isascii() or not value.isdecimal() or len(value) > width:
        raise UnfitForRecord(field)
    return value.zfill(width)


def letters(value: str, width: int, field: str) -> str:
    """Letters of banks, to the left, spaces behind; what is too long is cut, never a ﾞ off its kana.

    Raises UnfitForRecord.
    """
    written = zengin_letters(value)
    if not is_allowed(written):
        raise UnfitForRecord(field)
    return fit(written, width).ljust(width)


def _record(*fields: str) -> bytes:
    record = "".join(fields).encode(_ENCODING)
    if len(record) != RECORD_BYTES:
        raise UnfitForRecord(f"{len(record)} bytes")
    return record
