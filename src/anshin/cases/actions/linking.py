"""Orders beside a case: proposed from what the customer wrote, confirmed or removed by a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import indexing, standing, topics
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.models import Case, OrderLink
from anshin.commerce import queries as commerce
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.prepared import Prepared
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Order
    from anshin.shops.models import Membership

_LABEL = Prepared(
    lambda case: OrderLink.objects.filter(case_id=case).order_by("is_proposed", "id").values_list("order__number")[:1],
    case=int,
)


@transaction.atomic
def link_order(*, by: Membership, case_id: int, order_number: str, now: datetime) -> None:
    """Put an order of the shop beside the case. Raises NotAllowed, WrongCase with a sentence for an unknown number."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    order = commerce.order_by_number(by.shop, order_number)
    if order is None:
        raise WrongCase(unknown_order(order_number))
    _link(case, order, reason="by_hand", is_proposed=False, by=shops.actor(by), now=now)
    _relabel(case)
    topics.look_for_gift(case, now=now)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.orders", now=now)


@transaction.atomic
def confirm_order(*, by: Membership, case_id: int, order_id: int, now: datetime) -> None:
    """Say that a proposed order is the right one. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    if OrderLink.objects.filter(case=case, order_id=order_id, is_proposed=True).update(is_proposed=False):
        _relabel(case)
        standing.announce(case, "case.orders", now=now)


@transaction.atomic
def unlink_order(*, by: Membership, case_id: int, order_id: int, now: datetime) -> None:
    """Take an order away from the case; taking it away twice changes nothing. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    link = OrderLink.objects.select_related("order").filter(case=case, order_id=order_id).first()
    if link is None:
        return
    number = link.order.number
    link.delete()
    _relabel(case)
    fact = events.OrderUnlinked(order_id=order_id, number=number)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk, order_id=order_id)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.orders", now=now)


def unknown_order(number: str) -> str:
    """The sentence for a number that no order of the shop has."""
    from django.utils.translation import gettext as _

    return _("There is no order “%(number)s” in this shop. Check the number, or import the newest orders.") % {
        "number": number
    }


def _link(case: Case, order: Order, *, reason: str, is_proposed: bool, by: Actor, now: datetime) -> None:
    link, created = OrderLink.objects.get_or_create(
        case=case,
        order=order,
        defaults={"shop_id": case.shop_id, "reason": reason, "is_proposed": is_proposed, "linked_at": now},
    )
    if created:
        fact = events.OrderLinked(order_id=order.pk, number=order.number, reason=reason)
        record(fact, shop_id=case.shop_id, by=by, now=now, case_id=case.pk, order_id=order.pk)
    elif link.is_proposed and not is_proposed:
        link.is_proposed = False
        link.save(update_fields=["is_proposed"])


def _relabel(case: Case) -> None:
    """Keep the list's order label: the first confirmed order, else the first proposed one."""
    label = next((number for (number,) in _LABEL.tuples(case=case.pk)), "")
    if case.order_label != label:
        standing.change(case, order_label=label)


def label_of(links: Iterable[OrderLink]) -> str:
    """The same label for links that are in memory, in the order of their numbers."""
    first = min(links, key=lambda link: link.is_proposed, default=None)
    return first.order.number if first else ""
