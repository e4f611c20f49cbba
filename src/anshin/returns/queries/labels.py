"""What a return's label says, gathered for whoever prints it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.commerce.terms import Recipient
from anshin.returns.models import ReturnSetting
from anshin.returns.ports import LabelFacts, LabelLine
from anshin.returns.terms import BarCode, LabelPaper, Payer, WaitsFor

if TYPE_CHECKING:
    from anshin.returns.models import Return
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
    order = lines[0].order
    setting = ReturnSetting.objects.filter(shop_id=returned.shop_id).first() or ReturnSetting(shop=returned.shop)
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
        language=language or returned.language,
        fee_yen=sum(line.fee_yen for line in lines),
        send_by=_send_by(returned),
        bar_code=BarCode(setting.label_bar_code),
    )


def _send_by(returned: Return) -> date | None:
    """The last day on which it may be sent, while it is the customer's turn."""
    if returned.waits_for != WaitsFor.CUSTOMER or returned.due_at is None:
        return None
    return returned.due_at.astimezone(ZoneInfo(returned.shop.zone)).date()
