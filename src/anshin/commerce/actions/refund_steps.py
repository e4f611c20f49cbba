"""What every verb about a refund does first and last: holds the rows, takes the step, keeps the order's sum right."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions.refund_refusals import (
    StepRefused,
    TooMuch,
    UnknownOrder,
    UnknownRefund,
)
from anshin.commerce.models import Order, Refund
from anshin.commerce.queries.refunds import expected_on, refundable_yen
from anshin.commerce.rules import refund_steps
from anshin.commerce.terms import RefundKind, RefundState
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.events import Event

LONGEST_WORDS = 400


def held_order(shop_id: int, order_id: int) -> Order:
    """The order, held until the transaction ends; whoever changes what goes back of it holds it first.

    Raises UnknownOrder.
    """
    held = Order.objects.select_for_update(of=("self",)).select_related("shop", "customer")
    order = held.filter(shop_id=shop_id, pk=order_id).first()
    if order is None:
        raise UnknownOrder(_("This order is not in the shop. Open it again from the list."))
    return order


def held_refund(shop_id: int, refund_id: int) -> Refund:
    """The refund with its order, both held until the transaction ends. Raises UnknownRefund."""
    order_id = Refund.objects.filter(shop_id=shop_id, pk=refund_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise UnknownRefund(_("This refund is not in the shop. Open it again from the list."))
    order = held_order(shop_id, order_id)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("account", "payment").get(pk=refund_id)
    refund.order = order
    return refund


def take_step(refund: Refund, state: RefundState) -> None:
    """Put the held refund into this state and its amount into, or out of, what goes back of the order; not saved.

    Raises StepRefused; TooMuch when by now something else goes back instead.
    """
    if not refund_steps.may_follow(refund.state, state):
        raise StepRefused(
            _("This is not possible any more: the refund is “%(state)s” now.")
            % {"state": RefundState(refund.state).label}
        )
    change_yen = refund_steps.change_of_held_yen(refund.state, state, refund.amount_yen)
    if change_yen > 0 and refund.kind == RefundKind.GOODS:
        refuse_too_much(refund.order, change_yen)
    hold(refund, change_yen)
    refund.state = state


def hold(refund: Refund, change_yen: int) -> None:
    """Count so much more, or less, among what goes back of the held order: its price, or expenses beside it."""
    if not change_yen:
        return
    column = "refunded_yen" if refund.kind == RefundKind.GOODS else "expenses_yen"
    setattr(refund.order, column, getattr(refund.order, column) + change_yen)
    refund.order.save(update_fields=[column])


def refuse_too_much(order: Order, amount_yen: int) -> None:
    """Raise TooMuch when so much may not go back of the held order any more."""
    most = refundable_yen(order)
    if amount_yen <= most:
        return
    if most == 0:
        raise TooMuch(_("Nothing can go back of this order: what was paid has gone back, or no payment is known."))
    raise TooMuch(_("At most %(most)s yen can still go back of this order.") % {"most": f"{most:,}"})


def expect(refund: Refund, now: datetime) -> None:
    """Write down by which day the customer should have the money when it is on its way from now on; not saved."""
    today = now.astimezone(ZoneInfo(refund.order.shop.zone)).date()
    refund.expected_on = expected_on(way=refund.way, method=refund.method, since=today)


def settle(refund: Refund, *, now: datetime, by: Actor, is_by_hand: bool) -> None:
    """Save a held refund as paid back; reference, day, operator and proof or answer are on it already."""
    take_step(refund, RefundState.SETTLED)
    refund.settled_at, refund.failure = now, ""
    refund.save()
    settled = events.RefundSettled(
        refund_id=refund.pk,
        amount_yen=refund.amount_yen,
        way=refund.way,
        reference=refund.reference,
        is_by_hand=is_by_hand,
    )
    tell(refund, settled, now=now, by=by)


def fail(refund: Refund, why: str, *, now: datetime, by: Actor) -> None:
    """Save a held refund as failed; its amount may go back in another way."""
    take_step(refund, RefundState.FAILED)
    refund.failure = why[:LONGEST_WORDS]
    refund.reference, refund.answer, refund.moved_on, refund.settled_at = "", "", None, None
    refund.proof, refund.proof_name = None, ""
    refund.save()
    failed = events.RefundFailed(refund_id=refund.pk, amount_yen=refund.amount_yen, way=refund.way, why=refund.failure)
    tell(refund, failed, now=now, by=by)


def tell(refund: Refund, event: Event, *, now: datetime, by: Actor) -> None:
    """Write the fact into the journal, with the order."""
    record(event, shop_id=refund.shop_id, by=by, now=now, order_id=refund.order_id)
