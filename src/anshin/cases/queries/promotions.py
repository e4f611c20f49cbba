"""Whether a case looks like goods bought for a promised reward: what its page says, and what its customer wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.cases import rules
from anshin.cases.models import Message
from anshin.cases.terms import Bought, Direction, PromotionAlert, Status
from anshin.language.promotions import promotion_signs, speaks_of_offer

if TYPE_CHECKING:
    from anshin.cases.queries.case_page import CasePage
    from anshin.shops.models import Shop

_MOST_READ = 20


def promotion_alert_of(page: CasePage) -> PromotionAlert | None:
    """The alert for a case that is not closed, from what its page holds already: no query."""
    case = page.case
    if case.customer is None or case.status in {Status.CLOSED, Status.SPAM}:
        return None
    bought = [
        Bought(each.order.number, each.order.total_yen, sum(line.quantity for line in each.parts.lines))
        for each in page.orders
        if each.order.customer_id == case.customer_id and each.order.cancelled_at is None
    ]
    if not bought:
        return None
    came = [each.text for each in page.messages if each.direction == Direction.IN][:_MOST_READ]
    signs = promotion_signs("\n".join([case.subject, *came]))
    return rules.promotion_alert(bought, signs, order_count=case.customer.order_count)


def tells_of_promotion(shop: Shop, case_id: int, subject: str) -> bool:
    """Whether the customer's own words tell of the offer, with an order beside the case or without. One query."""
    came = Message.objects.filter(shop=shop, case_id=case_id, direction=Direction.IN).order_by("at", "id")
    texts = came.values_list("text", flat=True)[:_MOST_READ]
    return speaks_of_offer(promotion_signs("\n".join([subject, *texts])))
