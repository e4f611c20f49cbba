"""This room's part of the demo shop: nine returns, each at another place of its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.queries import thread_of
from anshin.commerce.queries import order_by_number
from anshin.commerce.terms import Carrier, Fault
from anshin.delivery.actions import hold_exchange
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions import exchange_steps, settling, stepping
from anshin.returns.actions.deciding import take_over_fault
from anshin.returns.actions.inspecting import Checked, inspect
from anshin.returns.actions.requesting import Asked, consider, line_of
from anshin.returns.models import Return, ReturnLine, ReturnNumbering, ReturnPhoto, ReturnSetting
from anshin.returns.queries.exchanges import key_of
from anshin.returns.rules import requests
from anshin.returns.terms import (
    Approval,
    Axis,
    CheckResult,
    Condition,
    Disposition,
    ExchangeState,
    Grade,
    InspectionState,
    MoneyState,
    ParcelState,
    PhotoStage,
    Reason,
    SubReason,
    WaitsFor,
    Wish,
)
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_DAY = timedelta(days=1)
_THIS_MORNING = timedelta(hours=3)
_SEEN = Checked(
    appearance=CheckResult.OK,
    appearance_note="汚れ・傷なし",
    accessories=CheckResult.OK,
    accessories_note="下げ札・外袋あり",
    operation=CheckResult.DOES_NOT_APPLY,
    grade=Grade.A,
    disposition=Disposition.RESTOCK,
)
_CHIPPED = Checked(
    appearance=CheckResult.BAD,
    appearance_note="ふちに1cmの欠け",
    accessories=CheckResult.OK,
    operation=CheckResult.OK,
    grade=Grade.D,
    disposition=Disposition.SCRAP,
)
_BEGUN = Checked(appearance=CheckResult.OK, appearance_note="編み目の乱れなし")


@dataclass(frozen=True, slots=True)
class _Told:
    """One return of the story: what was asked, how many days ago, and the steps so far (axis, state, days ago)."""

    number: int
    order: str
    case: int
    reason: Reason
    wish: Wish
    asked: float
    words: str
    condition: Condition = Condition.UNUSED
    sub_reason: str = ""
    wanted: str = ""
    fault: Fault | None = None
    steps: tuple[tuple[Axis, str, float], ...] = ()
    checked: Checked | None = None
    is_exchanged: bool = False
    has_run_out: bool = False
    carrier: str = ""
    tracking: str = ""


_APPROVED = (Axis.APPROVAL, Approval.APPROVED)
_AWAITED = (Axis.PARCEL, ParcelState.AWAITED)
_SENT = (Axis.PARCEL, ParcelState.ON_ITS_WAY)
_HERE = (Axis.PARCEL, ParcelState.HERE)
_TOLD = (
    _Told(
        299,
        "KM-20371",
        1019,
        Reason.ORDERED_WRONG,
        Wish.REFUND,
        5,
        "Lを頼むつもりでMを注文してしまいました。",
        steps=((*_APPROVED, 5), (*_AWAITED, 5), (*_SENT, 3), (*_HERE, 1)),
        checked=_BEGUN,
        carrier=Carrier.YAMATO,
        tracking="444413758703",
    ),
    _Told(
        301,
        "KM-20198",
        985,
        Reason.DEFECT,
        Wish.EXCHANGE,
        25,
        "四本の脚がそろわず、座るとがたつきます。",
        fault=Fault.SHOP,
        steps=((*_APPROVED, 25), (*_AWAITED, 25), (*_HERE, 22)),
        checked=_CHIPPED,
        is_exchanged=True,
    ),
    _Told(
        304,
        "KM-19742",
        989,
        Reason.CHANGED_MIND,
        Wish.REFUND,
        24,
        "思ったより大きかったので返したいです。",
        condition=Condition.USED,
        steps=((Axis.APPROVAL, Approval.REFUSED, 24),),
    ),
    _Told(
        305,
        "KM-20322",
        1010,
        Reason.MISSING_PART,
        Wish.REPAIR,
        9,
        "木ねじが6本しか入っていませんでした。",
        fault=Fault.SHOP,
        steps=(
            (*_APPROVED, 8.8),
            (Axis.PARCEL, ParcelState.NOT_NEEDED, 8.8),
            (Axis.INSPECTION, InspectionState.NOT_NEEDED, 8.8),
        ),
    ),
    _Told(
        307,
        "250-7730184-5521093",
        1011,
        Reason.DAMAGED,
        Wish.REFUND,
        8,
        "箱を開けたら割れていました。",
        fault=Fault.CARRIER,
        steps=(
            (*_APPROVED, 7.5),
            (Axis.PARCEL, ParcelState.NOT_NEEDED, 7.5),
            (Axis.INSPECTION, InspectionState.NOT_NEEDED, 7.5),
        ),
    ),
    _Told(
        308,
        "KM-20348",
        1014,
        Reason.NOT_AS_PICTURED,
        Wish.EXCHANGE,
        6,
        "写真より黄色っぽく見えます。灰色と交換したいです。",
        wanted="灰色",
        has_run_out=True,
        sub_reason=SubReason.COLOUR,
        steps=((*_APPROVED, 5.5), (*_AWAITED, 5.5), (*_SENT, 2)),
        carrier=Carrier.SAGAWA,
        tracking="512547514334",
    ),
    _Told(
        310,
        "KM-20377",
        1041,
        Reason.ORDERED_WRONG,
        Wish.EXCHANGE,
        0.2,
        "26cmでは大きかったので、25cmに替えたいです。",
        wanted="25cm",
    ),
    _Told(
        311,
        "KM-20166",
        1007,
        Reason.DEFECT,
        Wish.REFUND,
        13,
        "底に初めから傷があり、黒ずんでいました。",
        fault=Fault.SHOP,
        steps=((*_APPROVED, 12.8), (*_AWAITED, 12.8), (*_SENT, 9), (*_HERE, 4)),
        checked=_CHIPPED,
        carrier=Carrier.JAPAN_POST,
        tracking="405548424886",
    ),
    _Told(
        312,
        "KM-20417",
        1042,
        Reason.NOT_AS_PICTURED,
        Wish.REFUND,
        0.1,
        "生成りを頼みましたが、濃い灰色の品が届きました。",
        sub_reason=SubReason.COLOUR,
        steps=((*_APPROVED, 0.05), (*_AWAITED, 0.05)),
    ),
)


@transaction.atomic
def fill(shop: Shop, *, staff: Mapping[str, Membership], cases: Mapping[int, int], now: datetime) -> None:
    """The returns of the story, in cases that are there. `cases`: number in the story to id; `staff`: by key."""
    ReturnSetting.objects.create(
        shop=shop,
        address_name="こもれび雑貨店 返品係",
        address_postcode="390-0874",
        address_lines="長野県松本市大手99-12-3",
        address_phone="0263-00-0000",
        product_page="https://komorebi.example/items/{sku}",
        improve_returns=2,
        registration_number="T7123456789012",
    )
    for told in _TOLD:
        _tell(shop, told, cases[told.case], staff, now)
    ReturnNumbering.objects.create(shop=shop, last_number=max(told.number for told in _TOLD))


def _tell(shop: Shop, told: _Told, case_id: int, staff: Mapping[str, Membership], now: datetime) -> None:
    agent, warehouse = staff["takeuchi"], staff["kurata"]
    asked_at = now - told.asked * _DAY
    returned = _asked(shop, told, case_id, asked_at)
    for axis, state, days in told.steps:
        by = warehouse if state == ParcelState.HERE else agent
        stepping.step(returned, axis, state, by=shops.actor(by), member=by, now=now - days * _DAY)
    if told.fault is not None:
        take_over_fault(returned, told.fault, by=shops.actor(agent), now=asked_at)
    if told.checked is not None:
        returned.lines.update(quantity_here=1)
        line_id = returned.lines.values_list("pk", flat=True)[0]
        inspect(by=warehouse, line_id=line_id, checked=told.checked, now=now - _THIS_MORNING)
        returned.refresh_from_db()
    elif returned.inspection == InspectionState.NOT_NEEDED:
        settling.propose(returned, now=now - _DAY)
    if told.has_run_out:
        _run_out(returned, agent, now)
    if told.is_exchanged:
        ended_at = now - 15 * _DAY
        stepping.step(returned, Axis.MONEY, MoneyState.NOT_DUE, by=shops.actor(agent), member=agent, now=ended_at)


def _run_out(returned: Return, agent: Membership, now: datetime) -> None:
    """The parcel of the exchange was opened with the approval; since this morning its stock is gone."""
    who = shops.actor(agent)
    exchange_steps.begin(returned, by=who, member=agent, now=now - 5 * _DAY)
    at = now - _THIS_MORNING
    hold_exchange(shop=returned.shop, key=key_of(returned), actor=who, now=at)
    why = "灰色は入荷の予定がありません。"
    stepping.step(returned, Axis.EXCHANGE, ExchangeState.OUT_OF_STOCK, by=who, member=agent, why=why, now=at)


def _asked(shop: Shop, told: _Told, case_id: int, asked_at: datetime) -> Return:
    order = order_by_number(shop, told.order)
    if order is None:
        raise LookupError(told.order)
    asked = Asked(order.pk, 1, 1, told.reason, told.condition, told.sub_reason)
    considered = consider(shop=shop, customer=order.customer, asked=[asked], photographed=[0], now=asked_at)
    judged = [each.judged for each in considered]
    returned = Return.objects.create(
        shop=shop,
        number=told.number,
        case_id=case_id,
        customer=order.customer,
        asked_at=asked_at,
        is_by_customer=True,
        nonce=f"demo-{told.number}",
        wish=told.wish,
        wanted=told.wanted,
        words=told.words,
        verdict=requests.verdict_of(judged),
        payer=requests.payer_of(judged),
        fault=requests.fault_at_first([told.reason]),
        waits_for=WaitsFor.STAFF,
        waits_since=asked_at,
        due_at=stepping.due_moment(shop, WaitsFor.STAFF, asked_at),
        carrier=told.carrier,
        tracking_number=told.tracking,
    )
    ReturnLine.objects.bulk_create([line_of(returned, 1, considered[0])])
    who = Actor.customer(order.customer_id, order.customer.name)
    fact = events.ReturnRequested(return_id=returned.pk, number=returned.number, verdict=str(returned.verdict))
    record(fact, shop_id=shop.pk, by=who, now=asked_at, case_id=case_id)
    stepping.begin_step(returned, Axis.APPROVAL, by=who, now=asked_at)
    _pictures(returned, asked_at)
    return returned


def _pictures(returned: Return, at: datetime) -> None:
    """What the customer sent with their mails."""
    files = [file for message in thread_of(returned.shop, returned.case_id) for file in message.attachments.all()]
    ReturnPhoto.objects.bulk_create(
        ReturnPhoto(
            shop_id=returned.shop_id,
            returned=returned,
            blob_id=file.blob_id,
            name=file.name[:200],
            stage=PhotoStage.REQUEST,
            at=at,
        )
        for file in files[:4]
        if file.blob_id
    )
