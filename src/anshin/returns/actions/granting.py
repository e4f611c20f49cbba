"""What the shop has promised outside its policy: no window, no postage; a remedy of a safety notice is granted so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.queries import order_with_details
from anshin.commerce.terms import Fault
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions import stepping
from anshin.returns.actions.conversation import case_for
from anshin.returns.actions.places import place_of_new
from anshin.returns.actions.requesting import Asked, Considered, approve, left_of, line_of, next_number
from anshin.returns.models import Return, ReturnLine
from anshin.returns.terms import (
    Approval,
    Axis,
    Clause,
    Condition,
    Judged,
    Payer,
    Reason,
    Verdict,
    WaitsFor,
    Wish,
)

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

_OVER = (Approval.REFUSED, Approval.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why it is granted: the number of what promised it (S-0007), in words for the desk and in the customer's."""

    number: str
    text: str
    told: str


@dataclass(frozen=True, slots=True)
class Piece:
    """So many of the line at `position` of an order."""

    order_id: int
    position: int
    quantity: int


@transaction.atomic
def grant(
    *,
    shop: Shop,
    customer: Customer,
    pieces: Sequence[Piece],
    wish: Wish,
    ground: Ground,
    keeps: bool,
    words: str = "",
    language: str = "ja",
    nonce: str,
    by: Actor,
    now: datetime,
) -> Return | None:
    """The approved return of what the customer still has of these pieces; None when nothing is left of them.

    The shop bears all of it, whatever the policy says and however long ago it was bought. `keeps`: the item need not
    come back. The same nonce again is the same return, unless that one was refused or withdrawn.
    """
    number = next_number(shop)  # from here on requests of this shop wait for each other
    free, known = _nonce(shop, nonce)
    if known is not None:
        return known
    considered = _considered(shop, customer, pieces, ground)
    if not considered:
        return None
    returned = Return(
        shop=shop,
        number=number,
        customer=customer,
        asked_at=now,
        is_by_customer=True,
        nonce=free,
        language=language,
        wish=wish,
        words=words,
        ground=ground.number,
        verdict=Verdict.ALLOWED,
        payer=Payer.SHOP,
        fault=Fault.SHOP,
        waits_for=WaitsFor.STAFF,
        waits_since=now,
        due_at=stepping.due_moment(shop, WaitsFor.STAFF, now),
    )
    returned.place_id = place_of_new(shop, [each.line.sku for each in considered])
    returned.case_id = case_for(returned, considered, (), case_id=None, along_with=None, by=None, now=now)
    returned.save()
    ReturnLine.objects.bulk_create([line_of(returned, place, each) for place, each in enumerate(considered, 1)])
    who = Actor.customer(customer.pk, customer.name)
    fact = events.ReturnRequested(return_id=returned.pk, number=returned.number, verdict=str(returned.verdict))
    record(fact, shop_id=shop.pk, by=who, now=now, case_id=returned.case_id)
    stepping.begin_step(returned, Axis.APPROVAL, by=who, now=now)
    approve(returned, by=by, why=ground.text, keeps=keeps, now=now)
    stepping.announce(returned, now=now)
    return returned


def _nonce(shop: Shop, nonce: str) -> tuple[str, Return | None]:
    """A nonce that nobody has used, or the return that goes on under one."""
    for turn in count(1):
        tried = nonce if turn == 1 else f"{nonce}.{turn}"
        known = Return.objects.filter(shop=shop, nonce=tried).first()
        if known is None:
            return tried, None
        if known.approval not in _OVER:
            return tried, known
    raise AssertionError("numbers do not end")


def _considered(shop: Shop, customer: Customer, pieces: Sequence[Piece], ground: Ground) -> list[Considered]:
    judged = Judged(Verdict.ALLOWED, Payer.SHOP, Clause(ground.number, ground.text))
    found = []
    for piece in pieces:
        order = order_with_details(shop, piece.order_id)
        if order is None or order.customer_id != customer.pk:
            continue
        line = next((line for line in order.lines.all() if line.position == piece.position), None)
        left = min(piece.quantity, left_of(order.pk, piece.position, line.quantity)) if line else 0
        if line is not None and left > 0:
            asked = Asked(order.pk, piece.position, left, Reason.OTHER, Condition.USED)
            found.append(Considered(asked, order, line, judged, Clause(ground.number, ground.told)))
    return found
