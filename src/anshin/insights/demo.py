"""This room's part of the demo shop: a ledger of consultations over two years, and a law that came into force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from anshin.insights import actions
from anshin.shops.terms import Role

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_HEADINGS = "受付番号,受付日,会員区分,大分類,小分類,件数"
_COUNTS = (
    ("顧客対応", "過剰要求", (48, 81, 88)),
    ("顧客対応", "個人情報管理", (20, 28, 31)),
    ("顧客対応", "悪質顧客対応", (25, 37, 41)),
    ("顧客対応", "返品・交換", (96, 104, 99)),
    ("顧客対応以外", "法規制情報", (90, 111, 72)),
    ("顧客対応以外", "物流", (175, 100, 94)),
)
_FIRST = 2023
_LAW = (date(2024, 6, 1), "表示の改正法 施行")


def fill(shop: Shop, *, staff: Mapping[str, Membership], now: datetime) -> None:
    """Read in as a person would, by the shop's first manager or owner."""
    by = next((each for each in staff.values() if each.role in (Role.MANAGER, Role.OWNER)), None)
    if by is None or by.shop_id != shop.pk:
        return
    content = "\r\n".join([_HEADINGS, *_rows()]).encode("cp932")
    actions.read_ledger(by=by, content=content, file_name="相談台帳.csv", now=now)
    actions.note_occasion(by=by, happened_on=_LAW[0], kind="law", title=_LAW[1], now=now)


def _rows() -> list[str]:
    return [
        f"{_FIRST + year}-{place}{who[:1]},{_FIRST + year}-10-{place + 1:02},{who},{branch},{category},{count}"
        for place, (branch, category, counts) in enumerate(_COUNTS)
        for year, whole in enumerate(counts)
        for who, count in (("会員", whole - whole // 4), ("非会員", whole // 4))
    ]
