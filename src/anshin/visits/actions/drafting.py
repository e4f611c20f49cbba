"""A request for a return, step by step. Each step keeps what is fit and names what is missing; nothing is lost."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.queries import order_of_customer
from anshin.returns.queries import left_to_return
from anshin.returns.terms import Condition, Reason, SubReason, Wish
from anshin.visits.models import ReturnDraft
from anshin.visits.terms import LONGEST_WANTED, LONGEST_WORDS, DraftFault

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop


class UnknownDraft(Exception):
    """There is no such draft of this customer, or it was sent already (`number` of the return)."""

    def __init__(self, number: int | None = None) -> None:
        super().__init__(str(number))
        self.number = number


class Unfit(Exception):
    """The step cannot be left yet; what was told is kept. `faults` say why; `left` is how many there are to return."""

    def __init__(self, *faults: DraftFault, left: int = 0) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults
        self.left = left


@transaction.atomic
def begin_draft(*, shop: Shop, customer: Customer, order_id: int, now: datetime) -> ReturnDraft:
    """A fresh draft about an order of the customer. Raises UnknownDraft for everybody else's order."""
    order = order_of_customer(shop, customer, order_id)
    if order is None:
        raise UnknownDraft
    return ReturnDraft.objects.create(
        shop=shop, customer=customer, order=order, nonce=secrets.token_urlsafe(18), began_at=now, changed_at=now
    )


def choose_items(
    *, shop: Shop, customer: Customer, nonce: str, quantities: Mapping[int, int], now: datetime
) -> ReturnDraft:
    """So many of each position of the order. Raises UnknownDraft, Unfit (no item, too many)."""
    with transaction.atomic():
        draft = open_draft(shop, customer, nonce)
        left = left_to_return(draft.order)
        wanted = {place: number for place, number in quantities.items() if number > 0 and place in left}
        draft.quantities = {str(place): number for place, number in wanted.items()}
        _keep(draft, now, "quantities")
    if not wanted:
        raise Unfit(DraftFault.NO_ITEM)
    over = [place for place, number in wanted.items() if number > left[place]]
    if over:
        raise Unfit(DraftFault.TOO_MANY, left=max(0, left[over[0]]))
    return draft


def tell_reason(
    *,
    shop: Shop,
    customer: Customer,
    nonce: str,
    reason: str,
    sub_reason: str,
    condition: str,
    accessories: Collection[str],
    now: datetime,
) -> ReturnDraft:
    """Why, in what state, and which of its accessories are there. Raises UnknownDraft, Unfit."""
    with transaction.atomic():
        draft = open_draft(shop, customer, nonce)
        draft.reason = reason if reason in Reason.values else ""
        pictured = draft.reason == Reason.NOT_AS_PICTURED
        draft.sub_reason = sub_reason if pictured and sub_reason in SubReason.values else ""
        draft.condition = condition if condition in Condition.values else ""
        draft.accessories = sorted(set(accessories) & set(accessories_of(draft)))
        _keep(draft, now, "reason", "sub_reason", "condition", "accessories")
    faults = reason_faults(draft)
    if faults:
        raise Unfit(*faults)
    return draft


def tell_wish(
    *, shop: Shop, customer: Customer, nonce: str, wish: str, wanted: str, words: str, now: datetime
) -> ReturnDraft:
    """What the customer would like, and what else there is to say. Raises UnknownDraft, Unfit."""
    with transaction.atomic():
        draft = open_draft(shop, customer, nonce)
        draft.wish = wish if wish in Wish.values else ""
        draft.wanted = " ".join(wanted.replace("\x00", "").split())[:LONGEST_WANTED]
        draft.words = words.replace("\x00", "").strip()[:LONGEST_WORDS]
        _keep(draft, now, "wish", "wanted", "words")
    faults = wish_faults(draft)
    if faults:
        raise Unfit(*faults)
    return draft


def reason_faults(draft: ReturnDraft) -> list[DraftFault]:
    """What the step of the reason still needs."""
    needs_part = draft.reason == Reason.NOT_AS_PICTURED and not draft.sub_reason
    missing = {
        DraftFault.NO_REASON: not draft.reason,
        DraftFault.NO_SUB_REASON: needs_part,
        DraftFault.NO_CONDITION: not draft.condition,
    }
    return [fault for fault, is_missing in missing.items() if is_missing]


def wish_faults(draft: ReturnDraft) -> list[DraftFault]:
    """What the last step still needs."""
    if not draft.wish:
        return [DraftFault.NO_WISH]
    return [DraftFault.NO_VARIANT] if draft.wish == Wish.EXCHANGE and not draft.wanted else []


def accessories_of(draft: ReturnDraft) -> list[str]:
    """What belongs to the items chosen and has to come back with them."""
    chosen = draft.order.lines.select_related("product").filter(position__in=[int(each) for each in draft.quantities])
    names = [name for line in chosen if line.product for name in line.product.accessories]
    return list(dict.fromkeys(str(name) for name in names))


def open_draft(shop: Shop, customer: Customer, nonce: str) -> ReturnDraft:
    """The customer's draft, locked until the transaction ends. Raises UnknownDraft."""
    rows = ReturnDraft.objects.select_for_update(of=("self",)).select_related("order")
    draft = rows.filter(shop=shop, customer=customer, nonce=nonce).first()
    if draft is None or draft.sent_at is not None:
        raise UnknownDraft(draft.return_number if draft else None)
    return draft


def _keep(draft: ReturnDraft, now: datetime, *columns: str) -> None:
    draft.changed_at = now
    draft.save(update_fields=[*columns, "changed_at"])
