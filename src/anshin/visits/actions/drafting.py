"""A request for a return, step by step. Each step keeps what is fit and names what is missing; nothing is lost."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.queries import load_details, order_of_customer
from anshin.returns.queries import left_to_return
from anshin.returns.terms import Condition, Reason, SubReason, Wish
from anshin.visits.models import ReturnDraft
from anshin.visits.rules import parts as rules
from anshin.visits.terms import LONGEST_WANTED, LONGEST_WORDS, DraftFault, Part

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop


class UnknownDraft(Exception):
    """There is no such draft of this customer, or it was sent already (`number` of the return)."""

    def __init__(self, number: int | None = None) -> None:
        super().__init__(str(number))
        self.number = number


class Unfit(Exception):
    """The step cannot be left yet; what was told is kept. `faults` say why; `left` is how many there are to return,
    `part` the key of the part that lacks something, 0 for all."""

    def __init__(self, *faults: DraftFault, left: int = 0, part: int = 0) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults
        self.left = left
        self.part = part


@dataclass(frozen=True, slots=True)
class ToldReason:
    """What a customer told at the step of the reason, as it came: codes, and names of accessories."""

    reason: str
    sub_reason: str
    condition: str
    accessories: Collection[str]


@dataclass(frozen=True, slots=True)
class ToldWish:
    """What a customer would like, as it came."""

    wish: str
    wanted: str = ""


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
        before = draft.parts
        parts = rules.chosen(before, wanted)
        several = rules.can_be_parted(parts)
        draft.has_own_reasons = draft.has_own_reasons and several
        draft.has_own_wishes = draft.has_own_wishes and several
        parts = parts if draft.has_own_reasons else rules.joined(parts, before)
        _keep(draft, now, parts if draft.has_own_wishes else rules.wishes_joined(parts, before))
    if not wanted:
        raise Unfit(DraftFault.NO_ITEM)
    over = [place for place, number in wanted.items() if number > left[place]]
    if over:
        raise Unfit(DraftFault.TOO_MANY, left=max(0, left[over[0]]))
    return draft


def tell_reason(*, shop: Shop, customer: Customer, nonce: str, told: ToldReason, now: datetime) -> ReturnDraft:
    """Why, in what state, and which accessories are there, for everything that comes back. Raises UnknownDraft,
    Unfit."""
    with transaction.atomic():
        draft = open_draft(shop, customer, nonce)
        draft.has_own_reasons = False
        own = own_accessories(draft)
        parts = [_with_reason(part, told, own) for part in rules.joined(draft.parts)]
        _keep(draft, now, parts if draft.has_own_wishes else rules.wishes_joined(parts))
    _complain(draft)
    return draft


def tell_own_reason(
    *, shop: Shop, customer: Customer, nonce: str, key: int, quantity: int, told: ToldReason, now: datetime
) -> ReturnDraft:
    """The same for one part; pieces beyond `quantity` become a part of their own. Raises UnknownDraft (no such part),
    Unfit."""
    with transaction.atomic():
        draft = open_draft(shop, customer, nonce)
        own = own_accessories(draft)
        if key not in {part.key for part in draft.parts}:
            raise UnknownDraft
        draft.has_own_reasons = True
        parts = rules.parted(draft.parts, key, quantity)
        _keep(draft, now, [_with_reason(part, told, own) if part.key == key else part for part in parts])
    _complain(draft, key)
    return draft


@transaction.atomic
def part_reasons(*, shop: Shop, customer: Customer, nonce: str, told: ToldReason, now: datetime) -> ReturnDraft:
    """Each part has its own reason from here on, at first what was told for all. Raises UnknownDraft."""
    draft = open_draft(shop, customer, nonce)
    own = own_accessories(draft)
    draft.has_own_reasons = rules.can_be_parted(draft.parts)
    _keep(draft, now, [_with_reason(part, told, own) for part in draft.parts])
    return draft


@transaction.atomic
def join_reasons(*, shop: Shop, customer: Customer, nonce: str, now: datetime) -> ReturnDraft:
    """One reason for all again: that of the first part. Raises UnknownDraft."""
    draft = open_draft(shop, customer, nonce)
    draft.has_own_reasons = False
    parts = rules.joined(draft.parts)
    _keep(draft, now, parts if draft.has_own_wishes else rules.wishes_joined(parts))
    return draft


def tell_wish(
    *, shop: Shop, customer: Customer, nonce: str, told: Mapping[int, ToldWish], words: str, now: datetime
) -> ReturnDraft:
    """What the customer would like, by key of the part (0: for all), and what else there is to say. Raises
    UnknownDraft, Unfit."""
    draft = keep_wish(shop=shop, customer=customer, nonce=nonce, told=told, words=words, now=now)
    for part in draft.parts:
        faults = wish_faults([part])
        if faults:
            raise Unfit(*faults, part=part.key if draft.has_own_wishes else 0)
    return draft


@transaction.atomic
def keep_wish(
    *, shop: Shop, customer: Customer, nonce: str, told: Mapping[int, ToldWish], words: str, now: datetime
) -> ReturnDraft:
    """The same, fit or not: each part has its own wish from here on unless one is told for all. Raises
    UnknownDraft."""
    draft = open_draft(shop, customer, nonce)
    draft.has_own_wishes = 0 not in told and rules.can_be_parted(draft.parts)
    parts = [_with_wish(part, told.get(part.key, told.get(0))) for part in draft.parts]
    draft.words = words.replace("\x00", "").strip()[:LONGEST_WORDS]
    _keep(draft, now, parts)
    return draft


def reason_faults(parts: Sequence[Part]) -> list[DraftFault]:
    """What the step of the reason still needs for these parts; nothing chosen is told by another step."""
    missing = {
        DraftFault.NO_REASON: any(not part.reason for part in parts),
        DraftFault.NO_SUB_REASON: any(part.reason == Reason.NOT_AS_PICTURED and not part.sub_reason for part in parts),
        DraftFault.NO_CONDITION: any(not part.condition for part in parts),
    }
    return [fault for fault, is_missing in missing.items() if is_missing]


def wish_faults(parts: Sequence[Part]) -> list[DraftFault]:
    """What the last step still needs for these parts."""
    if any(not part.wish for part in parts):
        return [DraftFault.NO_WISH]
    return [DraftFault.NO_VARIANT] if any(part.wish == Wish.EXCHANGE and not part.wanted for part in parts) else []


def own_accessories(draft: ReturnDraft) -> dict[int, list[str]]:
    """By position of the order's lines, what belongs to the item and has to come back with it. One query, none once
    the order's lines are loaded."""
    lines = load_details(draft.order, "lines").lines.all()
    return {line.position: [str(name) for name in line.product.accessories] if line.product else [] for line in lines}


def open_draft(shop: Shop, customer: Customer, nonce: str) -> ReturnDraft:
    """The customer's draft, locked until the transaction ends. Raises UnknownDraft."""
    rows = ReturnDraft.objects.select_for_update(of=("self",)).select_related("order")
    draft = rows.filter(shop=shop, customer=customer, nonce=nonce).first()
    if draft is None or draft.sent_at is not None:
        raise UnknownDraft(draft.return_number if draft else None)
    return draft


def _with_reason(part: Part, told: ToldReason, own: Mapping[int, Collection[str]]) -> Part:
    reason = told.reason if told.reason in Reason.values else ""
    is_pictured = reason == Reason.NOT_AS_PICTURED
    return replace(
        part,
        reason=reason,
        sub_reason=told.sub_reason if is_pictured and told.sub_reason in SubReason.values else "",
        condition=told.condition if told.condition in Condition.values else "",
        accessories=tuple(sorted(set(told.accessories) & set(own.get(part.position, ())))),
    )


def _with_wish(part: Part, told: ToldWish | None) -> Part:
    if told is None:
        return part
    wanted = " ".join(told.wanted.replace("\x00", "").split())[:LONGEST_WANTED]
    return replace(part, wish=told.wish if told.wish in Wish.values else "", wanted=wanted)


def _complain(draft: ReturnDraft, key: int = 0) -> None:
    faults = reason_faults([part for part in draft.parts if key in {0, part.key}])
    if faults:
        raise Unfit(*faults, part=key)


def _keep(draft: ReturnDraft, now: datetime, parts: Sequence[Part]) -> None:
    """Save it; photos of parts that are gone show all, and so do all where one reason stands for all."""
    draft.told = [part.stored() for part in parts]
    draft.changed_at = now
    draft.save(update_fields=["told", "has_own_reasons", "has_own_wishes", "words", "changed_at"])
    kept = [part.key for part in parts] if draft.has_own_reasons else []
    for photo in draft.photos.exclude(part__in=[0, *kept]):
        if draft.photos.filter(part=0, blob_id=photo.blob_id).exists():
            photo.delete()
        else:
            photo.part = 0
            photo.save(update_fields=["part"])
