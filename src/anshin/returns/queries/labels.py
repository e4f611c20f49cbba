"""What a return's label says, gathered for whoever prints it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from anshin.commerce.terms import Recipient
from anshin.returns.models import Return, ReturnLine, ReturnSetting
from anshin.returns.ports import LabelFacts, LabelLine
from anshin.returns.terms import BarCode, LabelPaper, Payer, WaitsFor

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def label_paper(shop: Shop) -> LabelPaper:
    """On what the desk prints labels: one query."""
    setting = ReturnSetting.objects.filter(shop=shop).first() or ReturnSetting(shop=shop)
    return LabelPaper(setting.label_paper)


def label_facts(returned: Return, *, language: str = "") -> LabelFacts:
    """The facts of one label: two queries. `language` "" is the one in which the customer asked.

    Where the shop has set no address for returns, its name stands alone: the customer knows the shop's address, and a
    wrong one would send the parcel away.
    """
    lines = list(returned.lines.select_related("order"))
    setting = ReturnSetting.objects.filter(shop_id=returned.shop_id).first() or ReturnSetting(shop=returned.shop)
    return _facts(returned, lines, setting, language or returned.language)


def facts_of_labels(shop: Shop, return_ids: Sequence[int]) -> list[LabelFacts]:
    """The facts of these returns' labels in that order, each in its customer's language: three queries."""
    lines = Prefetch("lines", queryset=ReturnLine.objects.select_related("order").order_by("place"))
    found = Return.objects.select_related("shop", "customer").prefetch_related(lines).filter(shop=shop)
    returns = found.in_bulk(list(return_ids))
    setting = ReturnSetting.objects.filter(shop=shop).first() or ReturnSetting(shop=shop)
    rows = [returns[return_id] for return_id in return_ids if return_id in returns]
    return [_facts(each, list(each.lines.all()), setting, each.language) for each in rows]


def _facts(returned: Return, lines: Sequence[ReturnLine], setting: ReturnSetting, language: str) -> LabelFacts:
    order = lines[0].order
    name = returned.customer.name if returned.customer else ""
    return LabelFacts(
        number=str(returned),
        order_number=order.number,
        return_to=Recipient(
            setting.address_name or returned.shop.name,
            setting.address_postcode,
            setting.address_lines,
            setting.address_phone,
        ),
        sender=Recipient(
            name or order.recipient_name, order.recipient_postcode, order.recipient_lines, order.recipient_phone
        ),
        lines=tuple(LabelLine(line.name, line.quantity, line.variant) for line in lines),
        payer=Payer(returned.payer),
        language=language,
        fee_yen=sum(line.fee_yen for line in lines),
        send_by=_send_by(returned),
        bar_code=BarCode(setting.label_bar_code),
    )


def _send_by(returned: Return) -> date | None:
    """The last day on which it may be sent, while it is the customer's turn."""
    if returned.waits_for != WaitsFor.CUSTOMER or returned.due_at is None:
        return None
    return returned.due_at.astimezone(ZoneInfo(returned.shop.zone)).date()
