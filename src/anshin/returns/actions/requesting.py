"""Asking for a return: judged by the policy of the order, answered at once where that is clear."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum

from anshin.commerce.queries import load_details, order_with_details
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions import exchange_steps, settling, stepping, telling
from anshin.returns.actions.conversation import case_for
from anshin.returns.actions.places import place_of_new
from anshin.returns.actions.refusals import NothingToReturn, PhotosNeeded, TooMany, UnknownReturn
from anshin.returns.models import Return, ReturnLine, ReturnNumbering, ReturnPhoto
from anshin.returns.queries import policies
from anshin.returns.rules import axes, requests
from anshin.returns.terms import (
    Approval,
    Axis,
    Clause,
    Condition,
    InspectionState,
    Judged,
    ParcelState,
    Payer,
    PhotoStage,
    Reason,
    Standing,
    SubReason,
    Verdict,
    WaitsFor,
    Wish,
)
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer, Order, OrderLine
    from anshin.shops.models import Membership, Shop

POLICY = Actor.system("policy")
_LIVE = (Approval.ASKED, Approval.APPROVED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One item that is to come back: so many of the line at `position` of an order."""

    order_id: int
    position: int
    quantity: int
    reason: Reason
    condition: Condition
    sub_reason: SubReason | str = ""
    accessories_kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A picture whose bytes are kept already; `place` is the item it shows, counted from 1, 0 for all."""

    blob_id: int
    name: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Considered:
    """An item as asked for, the order's line it means, and what the policy says about it."""

    asked: Asked
    order: Order
    line: OrderLine
    judged: Judged
    told: Clause
    is_photographed: bool = False

    @property
    def lacks_photo(self) -> bool:
        """Whether the policy asks for a photo of it and there is none."""
        return self.judged.needs_photos and not self.is_photographed


@transaction.atomic
def request(
    *,
    shop: Shop,
    customer: Customer,
    asked: Sequence[Asked],
    wish: Wish,
    wanted: str = "",
    words: str = "",
    photos: Sequence[KeptPhoto] = (),
    language: str = "ja",
    nonce: str,
    by: Membership | None = None,
    case_id: int | None = None,
    previous_id: int | None = None,
    along_with: Return | None = None,
    now: datetime,
) -> Return:
    """The return with its case, approved or refused already where the policy is clear; the same nonce again is the
    same return.

    `by` None: the customer asks on their own page, and only about their own orders. `case_id`: the conversation in
    which staff open it; without one a case is opened. `along_with`: a return that was made of the same request just
    before; both have one case and one parcel, so its fee is not taken again, and where the shop pays its postage it
    pays for this one, too.
    Raises NothingToReturn, UnknownReturn (not their order), TooMany, PhotosNeeded, NotAllowed.
    """
    if by is not None:
        require(by, Permission.HANDLE_RETURNS)
    number = next_number(shop)  # from here on requests of this shop wait for each other
    known = Return.objects.filter(shop=shop, nonce=nonce).first()
    if known is not None:
        return known
    considered = consider(
        shop=shop,
        customer=customer,
        asked=asked,
        photographed={photo.place for photo in photos},
        language=language,
        is_staff=by is not None,
        now=now,
    )
    _look_over(considered, is_own=by is None)
    considered = _without_second_fee(considered, along_with)
    judged = [each.judged for each in considered]
    returned = Return(
        shop=shop,
        number=number,
        customer=customer,
        previous_id=_previous(shop, previous_id),
        asked_at=now,
        is_by_customer=by is None,
        nonce=nonce,
        language=language,
        wish=wish,
        wanted=wanted[:200],
        words=words,
        verdict=requests.verdict_of(judged),
        payer=requests.payer_of(judged, Payer(along_with.payer) if along_with else None),
        fault=requests.fault_at_first([each.asked.reason for each in considered]),
        waits_for=WaitsFor.STAFF,
        waits_since=now,
        due_at=stepping.due_moment(shop, WaitsFor.STAFF, now),
    )
    _begin(returned, considered, photos, case_id=case_id, along_with=along_with, by=by, now=now)
    return returned


def _begin(
    returned: Return,
    considered: Sequence[Considered],
    photos: Sequence[KeptPhoto],
    *,
    case_id: int | None,
    along_with: Return | None,
    by: Membership | None,
    now: datetime,
) -> None:
    """Save it with its case and everything that hangs on it, and give the answer of the policy."""
    skus = [each.line.sku for each in considered]
    returned.place_id = along_with.place_id if along_with else place_of_new(returned.shop, skus)
    returned.case_id = case_for(returned, considered, photos, case_id=case_id, along_with=along_with, by=by, now=now)
    returned.save()
    who = shops.actor(by) if by else Actor.customer(returned.customer_id, str(returned.customer or ""))
    lines = ReturnLine.objects.bulk_create([line_of(returned, place, each) for place, each in enumerate(considered, 1)])
    _keep_photos(returned, lines, photos, now)
    fact = events.ReturnRequested(return_id=returned.pk, number=returned.number, verdict=str(returned.verdict))
    record(fact, shop_id=returned.shop_id, by=who, now=now, case_id=returned.case_id)
    stepping.begin_step(returned, Axis.APPROVAL, by=who, member=by, now=now)
    _answer_at_once(returned, now)


def consider(
    *,
    shop: Shop,
    customer: Customer,
    asked: Sequence[Asked],
    photographed: Collection[int],
    now: datetime,
    language: str = "ja",
    is_staff: bool = False,
    loaded: Order | None = None,
) -> list[Considered]:
    """What the policy says about each item, with nothing written.

    `photographed`: the places of the items that a photo shows, counted from 1, 0 for all. `loaded`: an order of the
    shop that was read already. Raises NothingToReturn, UnknownReturn, TooMany.
    """
    if not asked:
        raise NothingToReturn
    orders = {order_id: _order(shop, order_id, loaded) for order_id in {each.order_id for each in asked}}
    considered = []
    for place, each in enumerate(asked, 1):
        order = orders[each.order_id]
        if order is None or (order.customer_id != customer.pk and not is_staff):
            raise UnknownReturn
        line = next((line for line in order.lines.all() if line.position == each.position), None)
        if line is None:
            raise UnknownReturn
        if not 0 < each.quantity <= line.quantity:
            raise TooMany(line.name, line.quantity)
        is_shown = 0 in photographed or place in photographed
        judge = partial(_judged, shop, each, order, line, has_photos=is_shown, now=now)
        judged = judge(language="ja")
        told = judged if language == "ja" else judge(language=language)
        considered.append(Considered(each, order, line, judged, told.clause, is_shown))
    return considered


def _order(shop: Shop, order_id: int, loaded: Order | None) -> Order | None:
    if loaded is not None and loaded.pk == order_id and loaded.shop_id == shop.pk:
        return load_details(loaded, "lines", "shipments")
    return order_with_details(shop, order_id)


def _without_second_fee(considered: list[Considered], along_with: Return | None) -> list[Considered]:
    """The fee of a request is taken once, with the first of its returns that has one."""
    if along_with is None or not any(line.fee_yen for line in along_with.lines.all()):
        return considered
    return [replace(each, judged=replace(each.judged, fee_yen=0)) for each in considered]


def _judged(
    shop: Shop, asked: Asked, order: Order, line: OrderLine, *, has_photos: bool, language: str, now: datetime
) -> Judged:
    wanted = set(line.product.accessories) if line.product else set()
    return policies.judge(
        shop,
        order=order,
        line=line,
        quantity=asked.quantity,
        reason=Reason(asked.reason),
        condition=Condition(asked.condition),
        has_photos=has_photos,
        accessories_kept=wanted <= set(asked.accessories_kept),
        now=now,
        language=language,
    )


def left_of(order_id: int, position: int, quantity: int) -> int:
    """How many of an order's line are neither back nor on their way back."""
    taken = ReturnLine.objects.filter(order_id=order_id, position=position, returned__approval__in=_LIVE)
    return quantity - (taken.aggregate(all=Sum("quantity"))["all"] or 0)


def _look_over(considered: Sequence[Considered], *, is_own: bool) -> None:
    """Raises PhotosNeeded for what a customer asks for on their own page, TooMany."""
    if is_own and any(each.lacks_photo for each in considered):
        raise PhotosNeeded
    wanted: dict[tuple[int, int], int] = {}
    for each in considered:
        place = (each.asked.order_id, each.asked.position)
        wanted[place] = wanted.get(place, 0) + each.asked.quantity
        left = left_of(*place, each.line.quantity)
        if wanted[place] > left:
            raise TooMany(each.line.name, max(left, 0))


def _answer_at_once(returned: Return, now: datetime) -> None:
    """Approve or refuse where the policy is clear, and tell the customer what happens next."""
    if returned.verdict == Verdict.ALLOWED:
        approve(returned, by=POLICY, now=now)
    elif returned.verdict == Verdict.REFUSED and returned.is_by_customer:
        stepping.step(returned, Axis.APPROVAL, Approval.REFUSED, by=POLICY, now=now)
        telling.tell(returned, "refused", now=now)
    elif returned.is_by_customer:
        telling.tell(returned, "received", now=now)
    if axes.is_over(Standing(approval=Approval(returned.approval))):
        return
    stepping.announce(returned, now=now)


def approve(
    returned: Return, *, by: Actor, member: Membership | None = None, why: str = "", keeps: bool = False, now: datetime
) -> None:
    """Take it back; `keeps`: the customer keeps the item, so nothing is sent or inspected."""
    stepping.step(returned, Axis.APPROVAL, Approval.APPROVED, by=by, member=member, why=why, now=now)
    exchange_steps.begin(returned, by=by, member=member, now=now)
    if returned.parcel not in {ParcelState.NOT_YET, ParcelState.NOT_NEEDED}:
        return  # it came before anybody had approved it
    if keeps or returned.wish == Wish.KEEP:
        stepping.step(returned, Axis.PARCEL, ParcelState.NOT_NEEDED, by=by, member=member, now=now)
        stepping.step(returned, Axis.INSPECTION, InspectionState.NOT_NEEDED, by=by, member=member, now=now)
        if returned.wish == Wish.REFUND:
            settling.propose(returned, now=now)
    else:
        stepping.step(returned, Axis.PARCEL, ParcelState.AWAITED, by=by, member=member, now=now)
    telling.tell(returned, "kept" if keeps or returned.wish == Wish.KEEP else "approved", now=now)


def line_of(returned: Return, place: int, each: Considered) -> ReturnLine:
    """An item as the return keeps it, with what decided about it; not saved."""
    line, judged = each.line, each.judged
    return ReturnLine(
        shop=returned.shop,
        returned=returned,
        place=place,
        order=each.order,
        position=line.position,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        variant=line.variant,
        unit_price_yen=line.unit_price_yen,
        tax_rate=line.tax_rate,
        quantity=each.asked.quantity,
        reason=each.asked.reason,
        sub_reason=each.asked.sub_reason,
        condition=each.asked.condition,
        accessories_kept=list(each.asked.accessories_kept),
        verdict=judged.verdict,
        payer=judged.payer,
        policy=judged.policy_id,
        policy_label=judged.policy_label,
        clause_number=judged.clause.number,
        clause_text=judged.clause.text,
        clause_told=f"{each.told.number} {each.told.text}".strip(),
        checks=[[check.code, check.ok, check.detail] for check in judged.checks],
        is_by_law=judged.is_by_law,
        fee_yen=judged.fee_yen,
        until=judged.until,
    )


def _keep_photos(returned: Return, lines: Sequence[ReturnLine], photos: Sequence[KeptPhoto], now: datetime) -> None:
    by_place = {line.place: line for line in lines}
    ReturnPhoto.objects.bulk_create(
        ReturnPhoto(
            shop_id=returned.shop_id,
            returned=returned,
            line=by_place.get(photo.place),
            blob_id=photo.blob_id,
            name=photo.name[:200],
            stage=PhotoStage.REQUEST,
            at=now,
        )
        for photo in photos
    )


def _previous(shop: Shop, previous_id: int | None) -> int | None:
    return (
        Return.objects.filter(shop=shop, pk=previous_id).values_list("pk", flat=True).first() if previous_id else None
    )


def next_number(shop: Shop) -> int:
    """A fresh number; the row stays locked until the transaction ends."""
    if not ReturnNumbering.objects.filter(shop=shop).update(last_number=F("last_number") + 1):
        ReturnNumbering.objects.bulk_create([ReturnNumbering(shop=shop)], ignore_conflicts=True)
        ReturnNumbering.objects.filter(shop=shop).update(last_number=F("last_number") + 1)
    return ReturnNumbering.objects.values_list("last_number", flat=True).get(shop=shop)


__all__ = ["Asked", "Considered", "KeptPhoto", "approve", "consider", "left_of", "line_of", "next_number", "request"]
