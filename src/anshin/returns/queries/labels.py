"""What a return's label says, gathered for whoever prints it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from anshin.commerce.terms import Recipient
from anshin.returns.models import Return, ReturnLine, ReturnSetting
from anshin.returns.ports import LabelFacts, LabelLine
from anshin.returns.queries.places import destination, usual_place
from anshin.returns.terms import BarCode, LabelPaper, Payer, WaitsFor

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def label_paper(shop: Shop) -> LabelPaper:
    """On what the desk prints labels: one query."""
    setting = ReturnSetting.objects.filter(shop=shop).first() or ReturnSetting(shop=shop)
    return LabelPaper(setting.label_paper)


def label_facts(returned: Return, *, language: str = "", setting: ReturnSetting | None = None) -> LabelFacts:
    """The facts of one label: two queries, none with a `setting` and lines that were loaded with their orders.

    `language` "" is the one in which the customer asked.
    """
    lines = list(returned.lines.all() if setting else returned.lines.select_related("order"))
    setting = (
        setting or ReturnSetting.objects.filter(shop_id=returned.shop_id).first() or ReturnSetting(shop=returned.shop)
    )
    return _facts(returned, lines, setting, language or returned.language)


def facts_of_labels(shop: Shop, return_ids: Sequence[int]) -> list[LabelFacts]:
    """The facts of these returns' labels in that order, each in its customer's language: three queries."""
    lines = Prefetch("lines", queryset=ReturnLine.objects.select_related("order").order_by("place"))
    found = Return.objects.select_related("shop", "customer", "place").prefetch_related(lines).filter(shop=shop)
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
        return_to=destination(returned, setting),
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


def sample_label(shop: Shop, *, language: str, today: date) -> LabelFacts:
    """A label of a return that there is not, as the shop's settings print it: one query."""
    setting = ReturnSetting.objects.filter(shop=shop).first() or ReturnSetting(shop=shop)
    return LabelFacts(
        number="R-0000",
        order_number="SAMPLE-0000",
        return_to=usual_place(shop, setting),
        sender=Recipient("見本 花子", "000-0000", "見本県見本市見本町0-0-0", "00-0000-0000"),
        lines=(LabelLine("見本の商品", 1, "生成り"),),
        payer=Payer.SHOP,
        language=language,
        send_by=today + timedelta(days=setting.days_to_send),
        bar_code=BarCode(setting.label_bar_code),
    )


def _send_by(returned: Return) -> date | None:
    """The last day on which it may be sent, while it is the customer's turn."""
    if returned.waits_for != WaitsFor.CUSTOMER or returned.due_at is None:
        return None
    return returned.due_at.astimezone(ZoneInfo(returned.shop.zone)).date()
