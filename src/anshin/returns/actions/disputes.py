"""A cardholder disputes a payment: a case with the day on which the card company wants the evidence, and a reminder.

Where something of the order is returned the return's case says so, because the money could go back twice; else the
dispute gets a case of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import bring_up, call_back, raise_case
from anshin.cases.terms import UrgentWhy
from anshin.commerce.queries import dispute_by_id
from anshin.commerce.terms import DisputeState
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import telling
from anshin.returns.models import DisputeCase, Return
from anshin.returns.terms import Approval
from anshin.shops.queries import shop_by_id

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.commerce.models import Dispute
    from anshin.shops.models import Shop

DISPUTES = Actor.system("refunds")
REMINDED_BEFORE: Final = (timedelta(days=3), timedelta(days=1))
"""So long before the evidence is due the case comes up again, where nobody has answered the card company yet."""
_GOES_ON = (Approval.ASKED, Approval.APPROVED)
_WANTS_ANSWER = (DisputeState.ENQUIRY, DisputeState.OPEN)
_GOES_AGAINST_US = frozenset({*_WANTS_ANSWER, DisputeState.LOST})


@transaction.atomic
def follow_dispute(*, shop_id: int, dispute_id: int, now: datetime) -> None:
    """The case of the dispute on top of the inbox with what to do; twice, the note stands there twice.

    The cases of the order's returns, else one of its own, which is opened once. A dispute that ended well for the
    shop calls nobody, but is said in a case of its own; one that did so before anybody heard of it opens none.
    """
    dispute, shop = dispute_by_id(shop_id, dispute_id), shop_by_id(shop_id)
    if dispute is None:
        return
    returns = _returns_of(dispute) if dispute.state in _GOES_AGAINST_US else []
    known = DisputeCase.objects.filter(dispute=dispute).first()
    with translation.override("ja"):
        for returned in returns:
            note = _note(shop, dispute, str(returned))
            call_back(shop=shop, case_id=returned.case_id, by=DISPUTES, note=note, signed=_signed(), now=now)
        if known is None and returns:
            DisputeCase.objects.create(shop=shop, dispute=dispute, case_id=returns[0].case_id, is_own=False)
        elif known is None and dispute.state in _GOES_AGAINST_US:
            _open(shop, dispute, now)
        elif known is not None and known.is_own:
            bring_up(
                shop=shop, case_id=known.case_id, by=DISPUTES, note=_note(shop, dispute), signed=_signed(), now=now
            )


def remind_of_disputes(*, shop: Shop, now: datetime) -> int:
    """Bring up the cases of disputes whose evidence is due soon; how many. Each once for each of REMINDED_BEFORE."""
    return sum(_remind(shop, pk, now) for pk in _due(shop, now).values_list("pk", flat=True))


def _due(shop: Shop, now: datetime) -> QuerySet[DisputeCase]:
    return DisputeCase.objects.filter(
        shop=shop,
        dispute__state__in=_WANTS_ANSWER,
        dispute__respond_by__range=(now, now + REMINDED_BEFORE[0]),
        reminders__lt=len(REMINDED_BEFORE),
    ).order_by("pk")


@transaction.atomic
def _remind(shop: Shop, pk: int, now: datetime) -> int:
    """Once more asked under the lock, because another worker may have done it."""
    row = _due(shop, now).select_for_update(of=("self",)).select_related("dispute__order").filter(pk=pk).first()
    if row is None or row.dispute.respond_by is None:
        return 0
    left = row.dispute.respond_by - now
    passed = sum(left <= before for before in REMINDED_BEFORE)
    if passed <= row.reminders:
        return 0
    with translation.override("ja"):
        note = _note(shop, row.dispute)
        call_back(shop=shop, case_id=row.case_id, by=DISPUTES, note=note, signed=_signed(), now=now)
    row.reminders = passed
    row.save(update_fields=["reminders"])
    return 1


def _returns_of(dispute: Dispute) -> list[Return]:
    found = Return.objects.filter(shop_id=dispute.shop_id, lines__order_id=dispute.order_id, approval__in=_GOES_ON)
    return list(found.distinct().order_by("id"))


def _open(shop: Shop, dispute: Dispute, now: datetime) -> None:
    case = raise_case(
        shop=shop,
        order=dispute.order,
        subject=_("Payment of order %(order)s is disputed (%(amount)s)")
        % {"order": dispute.order.number, "amount": f"¥{dispute.amount_yen:,}"},
        note=_note(shop, dispute),
        signed=_signed(),
        why=UrgentWhy.EVIDENCE,
        by=DISPUTES,
        due_at=dispute.respond_by if dispute.state in _WANTS_ANSWER else None,
        now=now,
    )
    DisputeCase.objects.create(shop=shop, dispute=dispute, case=case, is_own=True)


def _signed() -> str:
    return pgettext("room", "Returns")


def _note(shop: Shop, dispute: Dispute, returned: str = "") -> str:
    words = _beside_a_return(dispute) if returned else _of_the_order(dispute)
    return words % {
        "number": returned,
        "order": dispute.order.number,
        "amount": f"¥{dispute.amount_yen:,}",
        "reference": dispute.reference,
        "day": _day(shop, dispute),
    }


def _beside_a_return(dispute: Dispute) -> str:
    if dispute.state == DisputeState.ENQUIRY:
        return _(
            "The customer’s bank asks about the payment of order %(order)s (%(amount)s, %(reference)s). Answer it on "
            "the provider’s page by %(day)s. If the refund of %(number)s was paid, answer with its number."
        )
    if dispute.state == DisputeState.LOST:
        return _(
            "The dispute about order %(order)s was decided for the customer: their bank paid them %(amount)s "
            "(%(reference)s). That much does not go back for %(number)s a second time."
        )
    return _(
        "The customer disputes the payment of order %(order)s, and their bank holds %(amount)s (%(reference)s). "
        "That much cannot go back for %(number)s now. If a refund has been paid already, say so on the provider’s "
        "page by %(day)s, with its number; else the money goes back twice."
    )


def _of_the_order(dispute: Dispute) -> str:
    if dispute.state == DisputeState.ENQUIRY:
        return _(
            "The customer’s bank asks about the payment of order %(order)s (%(amount)s, %(reference)s). Answer it on "
            "the provider’s page by %(day)s, with what shows that the order was delivered."
        )
    if dispute.state == DisputeState.OPEN:
        return _(
            "The customer disputes the payment of order %(order)s, and their bank holds %(amount)s (%(reference)s). "
            "Send the evidence on the provider’s page by %(day)s: the order, the tracking number, what the customer "
            "wrote. Do not pay the same money back as well."
        )
    if dispute.state == DisputeState.LOST:
        return _(
            "The dispute about order %(order)s was decided for the customer: their bank paid them %(amount)s "
            "(%(reference)s). Nothing more goes back for it."
        )
    if dispute.state == DisputeState.WON:
        return _(
            "The dispute about order %(order)s was decided for the shop: %(amount)s stay here (%(reference)s). "
            "Nothing is left to do; the case can be closed."
        )
    return _(
        "The dispute about order %(order)s (%(amount)s, %(reference)s) ended without a decision. Look on the "
        "provider’s page whether anything is left to do."
    )


def _day(shop: Shop, dispute: Dispute) -> str:
    if dispute.respond_by is None:
        return _("the day that stands there")
    return telling.day_words(dispute.respond_by.astimezone(ZoneInfo(shop.zone)).date(), "ja")
