"""What may be taken off a refund because accessories are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.commerce.terms import Fault
from anshin.returns.queries.lists import setting_of
from anshin.returns.rules.deducting import Deduction, Lacking, deduction_for
from anshin.returns.terms import ItemKind, MoneyState

if TYPE_CHECKING:
    from anshin.returns.queries.pages import ReturnPage


def proposed_deduction(page: ReturnPage) -> Deduction | None:
    """For a calculation that nobody has confirmed and that has no deduction yet; one query, none without need."""
    returned = page.returned
    if returned.money != MoneyState.TO_CONFIRM or returned.fault != Fault.CUSTOMER:
        return None
    if any(item.kind == ItemKind.DEDUCTION for row in page.current for item in row.items.all()):
        return None
    items = [
        Lacking(line.reason, line.unit_price_yen, look.quantity or line.quantity, tuple(look.missing))
        for line in page.lines
        for look in line.inspections.all()
        if look.finished_at and look.missing
    ]
    if not items:
        return None
    percent = setting_of(returned.shop).deduct_missing_percent
    return deduction_for(items, fault=Fault(returned.fault), percent=percent)
