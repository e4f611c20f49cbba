"""A cardholder disputes a payment of which something is returned: people are told before money goes back twice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import call_back
from anshin.commerce.queries import dispute_by_id
from anshin.commerce.terms import DisputeState
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import telling
from anshin.returns.models import Return
from anshin.returns.terms import Approval

if TYPE_CHECKING:
    from anshin.commerce.models import Dispute

DISPUTES = Actor.system("refunds")
_GOES_ON = (Approval.ASKED, Approval.APPROVED)


def follow_dispute(*, shop_id: int, dispute_id: int, now: datetime) -> list[Return]:
    """The cases of this order's returns on top of the inbox with what to do; twice, the note stands there twice.

    Nothing for a dispute that ended well for the shop, or of an order without returns.
    """
    dispute = dispute_by_id(shop_id, dispute_id)
    if dispute is None or dispute.state not in {DisputeState.ENQUIRY, DisputeState.OPEN, DisputeState.LOST}:
        return []
    found = Return.objects.select_related("shop").filter(
        shop_id=shop_id, lines__order_id=dispute.order_id, approval__in=_GOES_ON
    )
    called = list(found.distinct().order_by("id"))
    for returned in called:
        with translation.override("ja"):
            call_back(
                shop=returned.shop,
                case_id=returned.case_id,
                by=DISPUTES,
                note=_note(returned, dispute),
                signed=pgettext("room", "Returns"),
                now=now,
            )
    return called


def _note(returned: Return, dispute: Dispute) -> str:
    told = {
        "number": returned,
        "order": dispute.order.number,
        "amount": f"¥{dispute.amount_yen:,}",
        "reference": dispute.reference,
        "day": _day(returned, dispute),
    }
    if dispute.state == DisputeState.ENQUIRY:
        words = _(
            "The customer’s bank asks about the payment of order %(order)s (%(amount)s, %(reference)s). Answer it on "
            "the provider’s page by %(day)s. If the refund of %(number)s was paid, answer with its number."
        )
    elif dispute.state == DisputeState.LOST:
        words = _(
            "The dispute about order %(order)s was decided for the customer: their bank paid them %(amount)s "
            "(%(reference)s). That much does not go back for %(number)s a second time."
        )
    else:
        words = _(
            "The customer disputes the payment of order %(order)s, and their bank holds %(amount)s (%(reference)s). "
            "That much cannot go back for %(number)s now. If a refund has been paid already, say so on the provider’s "
            "page by %(day)s, with its number; else the money goes back twice."
        )
    return words % told


def _day(returned: Return, dispute: Dispute) -> str:
    if dispute.respond_by is None:
        return _("the day that stands there")
    day = dispute.respond_by.astimezone(ZoneInfo(returned.shop.zone)).date()
    return telling.day_words(day, "ja")
