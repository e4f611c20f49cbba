"""A gift whose wished day is near puts its case on top, whether or not the customer wrote of the day."""

from __future__ import annotations

from datetime import date, timedelta

from anshin.cases.models import Case, OrderLink
from anshin.language.topics.urgency import HURRIED_DAYS, Urgency, UrgentKind


def gift_urgency(case: Case, *, today: date) -> Urgency | None:
    """The urgency that an order beside the case gives it: a gift, not cancelled and not delivered, wished for a day
    from today until HURRIED_DAYS later. One query, none without an order.
    """
    if not case.order_label:
        return None
    near = OrderLink.objects.filter(
        case=case,
        order__is_gift=True,
        order__cancelled_at=None,
        order__wished_on__range=(today, today + timedelta(days=HURRIED_DAYS)),
    ).exclude(order__shipments__delivered_at__isnull=False)
    found = near.order_by("order__wished_on").values_list("order__number", "order__wished_on").first()
    return Urgency(UrgentKind.GIFT_DATE, *found) if found else None
