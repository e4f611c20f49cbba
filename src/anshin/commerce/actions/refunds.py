"""Pays money back: asked for, confirmed by a second person above the shop's limit, settled with its record."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions import refund_steps as steps
from anshin.commerce.actions.refund_refusals import (
    AccountRefused,
    KeyTaken,
    ReasonMissing,
    RecordMissing,
    SamePerson,
    StepRefused,
    TooMuch,
    WayImpossible,
)
from anshin.commerce.actions.sending_refunds import start
from anshin.commerce.models import BankAccount, Order, Refund, TransferLine
from anshin.commerce.queries.refunds import refund_setting, route_of
from anshin.commerce.rules import refund_routes
from anshin.commerce.rules import refund_steps as rules
from anshin.commerce.terms import LineState, RefundKind, RefundState, RefundWay
from anshin.plumbing.files.limits import check_file
from anshin.plumbing.files.store import keep
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LONGEST_KEY = 80
_LONGEST_REFERENCE = 120


@transaction.atomic
def issue_refund(
    *,
    by: Membership,
    order_id: int,
    amount_yen: int,
    way: RefundWay,
    key: str,
    reason: str,
    now: datetime,
    account_id: int | None = None,
    kind: RefundKind = RefundKind.GOODS,
) -> Refund:
    """The refund that was asked for; the money moves later, by a job, a batch of transfers or a person's hand.

    `key` names the refund once and for all: asked again with the same order, amount and way it is that one, and nothing
    happens; one that was withdrawn is refused, for no money would move. `reason`: a person's words why it is this way,
    needed when it is not the one of `queries.route_of`; else it may be empty. Whoever may not pay back only asks, as
    does everybody above the shop's limit (counted over the order): the refund then waits for `approve_refund`.
    `kind` EXPENSE: what the customer laid out. It is no part of what was paid, so it is not bounded by that, and never
    goes to the card.
    Raises NotAllowed, UnknownOrder, TooMuch, KeyTaken, WayImpossible, ReasonMissing, AccountRefused.
    """
    require(by, Permission.ANSWER)
    order = steps.held_order(by.shop_id, order_id)
    known = Refund.objects.filter(shop_id=by.shop_id, key=key).first()
    if known is not None:
        return _same(known, order, amount_yen, way)
    if amount_yen <= 0:
        raise TooMuch(_("Write an amount of at least 1 yen."))
    if kind == RefundKind.GOODS:
        steps.refuse_too_much(order, amount_yen)
        found = route_of(order, amount_yen=amount_yen, today=now.astimezone(ZoneInfo(order.shop.zone)).date())
    else:
        found = refund_routes.EXPENSES
    _refuse_way(way, found, reason)
    needs_second = rules.needs_second_person(
        amount_yen=amount_yen,
        held_yen=order.refunded_yen + order.expenses_yen,
        limit_yen=refund_setting(by.shop_id).second_person_above_yen,
    )
    is_waiting = needs_second or not shops.may(by, Permission.PAY_BACK)
    refund = Refund(
        amount_yen=amount_yen,
        kind=kind,
        way=way,
        key=key[:LONGEST_KEY],
        reason=reason.strip()[: steps.LONGEST_WORDS],
        account=_account(order, way, account_id),
        payment_id=found.payment_id if way == RefundWay.ORIGINAL else None,
        method=found.method,
        state=RefundState.ASKED if is_waiting else RefundState.READY,
        needs_second=needs_second,
        operator=None if is_waiting else by,
    )
    _ask(refund, order, by, now)
    if not is_waiting:
        start(refund, now=now)
    return refund


def _ask(refund: Refund, order: Order, by: Membership, now: datetime) -> None:
    """Save a refund that begins, with its amount in what goes back of the held order."""
    refund.shop_id, refund.order, refund.customer_id = order.shop_id, order, order.customer_id
    refund.provider_key, refund.asked_by, refund.asked_at = uuid.uuid4().hex, by, now
    steps.expect(refund, now)
    steps.hold(refund, refund.amount_yen)
    refund.save()
    asked = events.RefundAsked(
        refund_id=refund.pk,
        amount_yen=refund.amount_yen,
        way=refund.way,
        is_waiting=refund.state == RefundState.ASKED,
    )
    steps.tell(refund, asked, now=now, by=shops.actor(by))


@transaction.atomic
def approve_refund(*, by: Membership, refund_id: int, now: datetime) -> Refund:
    """The refund on its way, because a second person agrees.

    Raises NotAllowed, UnknownRefund, SamePerson, StepRefused.
    """
    require(by, Permission.APPROVE_REFUNDS)
    refund = steps.held_refund(by.shop_id, refund_id)
    if refund.asked_by_id == by.pk:
        raise SamePerson(_("You asked for this refund yourself. Somebody else has to confirm it."))
    if refund.approved_by_id == by.pk and refund.state != RefundState.ASKED:
        return refund
    steps.take_step(refund, RefundState.READY)
    refund.approved_by, refund.approved_at, refund.operator = by, now, by
    steps.expect(refund, now)
    refund.save()
    approved = events.RefundApproved(refund_id=refund.pk, amount_yen=refund.amount_yen, way=refund.way)
    steps.tell(refund, approved, now=now, by=shops.actor(by))
    start(refund, now=now)
    return refund


@transaction.atomic
def withdraw_refund(*, by: Membership, refund_id: int, reason: str, now: datetime) -> Refund:
    """The refund given up before anything went out; whoever asked may do so, and whoever may pay back.

    Raises NotAllowed, UnknownRefund, ReasonMissing, StepRefused.
    """
    refund = steps.held_refund(by.shop_id, refund_id)
    if refund.asked_by_id != by.pk:
        require(by, Permission.PAY_BACK)
    why = _words(reason)
    steps.take_step(refund, RefundState.WITHDRAWN)
    refund.save(update_fields=["state"])
    withdrawn = events.RefundWithdrawn(refund_id=refund.pk, amount_yen=refund.amount_yen, way=refund.way, why=why)
    steps.tell(refund, withdrawn, now=now, by=shops.actor(by))
    return refund


@transaction.atomic
def retry_refund(*, by: Membership, refund_id: int, now: datetime, account_id: int | None = None) -> Refund:
    """The refund tried again: a failed one anew, under a new key of the provider; an unsure one under its old key.

    With `account_id` a transfer goes to this account of the customer.
    Raises NotAllowed, UnknownRefund, StepRefused, TooMuch, AccountRefused.
    """
    require(by, Permission.PAY_BACK)
    refund = steps.held_refund(by.shop_id, refund_id)
    if account_id is not None:
        refund.account = _account(refund.order, refund.way, account_id)
    if refund.state == RefundState.FAILED:
        steps.take_step(refund, RefundState.READY)
        refund.provider_key, refund.sent_at, refund.operator = uuid.uuid4().hex, None, by
    elif refund.state != RefundState.UNSURE and not (refund.state == RefundState.SENDING and refund.failure):
        raise StepRefused(_("Only a refund that failed, or of which nothing is known, can be tried again."))
    refund.failure = ""
    steps.expect(refund, now)
    refund.save()
    retried = events.RefundRetried(refund_id=refund.pk, amount_yen=refund.amount_yen, way=refund.way)
    steps.tell(refund, retried, now=now, by=shops.actor(by))
    start(refund, now=now)
    return refund


@transaction.atomic
def settle_by_hand(
    *,
    by: Membership,
    refund_id: int,
    reference: str,
    proof: bytes,
    proof_name: str,
    moved_on: date,
    now: datetime,
) -> Refund:
    """The refund paid back by a person outside of Anshin: with the number the bank or provider gave, and a proof.

    Raises NotAllowed, UnknownRefund, RecordMissing, StepRefused, TooMuch; FileRefused for a file that is not taken;
    StorageTrouble.
    """
    require(by, Permission.PAY_BACK)
    refund = steps.held_refund(by.shop_id, refund_id)
    if not reference.strip():
        raise RecordMissing(_("Write the number of the transfer or repayment, as the bank or provider shows it."))
    if not proof:
        raise RecordMissing(_("Add the proof: a picture or PDF of the transfer or repayment."))
    if moved_on > now.astimezone(ZoneInfo(refund.order.shop.zone)).date():
        raise RecordMissing(_("The day on which the money left cannot lie ahead."))
    _refuse_while_under_way(refund, now)
    blob = keep(by.shop_id, proof, now=now)
    check_file(name=proof_name, kind=blob.kind, size_bytes=blob.size_bytes)
    refund.reference, refund.moved_on = reference.strip()[:_LONGEST_REFERENCE], moved_on
    refund.proof, refund.proof_name, refund.operator = blob, proof_name[:200], by
    steps.settle(refund, now=now, by=shops.actor(by), is_by_hand=True)
    return refund


@transaction.atomic
def fail_refund(*, by: Membership, refund_id: int, reason: str, now: datetime) -> Refund:
    """The refund marked as failed: the money came back, or the provider's own page shows that it never left.

    Raises NotAllowed, UnknownRefund, ReasonMissing, StepRefused.
    """
    require(by, Permission.PAY_BACK)
    refund = steps.held_refund(by.shop_id, refund_id)
    why = _words(reason)
    _refuse_while_under_way(refund, now)
    done = TransferLine.objects.filter(refund=refund, state=LineState.DONE)
    done.update(state=LineState.FAILED, failure=why, marked_by=by, marked_at=now)
    steps.fail(refund, why, now=now, by=shops.actor(by))
    return refund


def _same(known: Refund, order: Order, amount_yen: int, way: RefundWay) -> Refund:
    if known.state == RefundState.WITHDRAWN:
        raise KeyTaken(_("This refund was withdrawn. Load the page again and ask for it anew."))
    if (known.order_id, known.amount_yen, known.way) != (order.pk, amount_yen, way):
        raise KeyTaken(_("A refund was asked for already. Load the page again to see it."))
    return known


def _refuse_way(way: RefundWay, found: refund_routes.Route, reason: str) -> None:
    if not refund_routes.is_possible(way, found):
        raise WayImpossible(
            _("This cannot go back to the payment (%(why)s) Pay it back by bank or as points.")
            % {"why": found.why.label}
        )
    if refund_routes.needs_reason(way, found) and not reason.strip():
        raise ReasonMissing(
            _("Usually this goes back “%(way)s”. Write why it shall go another way.") % {"way": found.way.label}
        )


def _account(order: Order, way: str, account_id: int | None) -> BankAccount | None:
    if account_id is None:
        return None
    if way != RefundWay.BANK:
        raise AccountRefused(_("Only a transfer goes to a bank account. Choose the bank as the way."))
    kept = BankAccount.objects.filter(shop_id=order.shop_id, customer_id=order.customer_id, purged_at=None)
    account = kept.filter(pk=account_id).first()
    if account is None:
        raise AccountRefused(_("This bank account is not known any more. Ask the customer for it again."))
    return account


def _refuse_while_under_way(refund: Refund, now: datetime) -> None:
    """Nobody decides by hand what the provider, or a batch of transfers, is about to answer."""
    is_busy = refund.busy_until_at is not None and refund.busy_until_at > now
    if refund.state == RefundState.SENDING or is_busy:
        raise StepRefused(_("This refund is under way. Wait until it is known what became of it."))


def _words(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(_("Write a few words why."))
    return reason.strip()[: steps.LONGEST_WORDS]
