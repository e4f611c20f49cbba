"""Takes in what payment providers report by themselves, and looks up at the provider what it is about.

A notice is kept before it is read, once by its number. What it says of the state counts for nothing: notices come late,
twice and in any order, so the provider is asked how the refund or dispute stands now, and that is written down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions import refund_steps as steps
from anshin.commerce.actions.sending_refunds import PROVIDER, note_answer, note_trouble, provider_account
from anshin.commerce.models import Dispute, Payment, PaymentNotice, Refund
from anshin.commerce.ports import Declined, NotYet, ProviderAccount, ProviderDispute, ProviderNotice, payments
from anshin.commerce.rules import refund_steps
from anshin.commerce.terms import NoticeKind, NoticeOutcome, PaymentProvider
from anshin.plumbing.jobs import queue
from anshin.plumbing.journal.actions import record

if TYPE_CHECKING:
    from anshin.commerce.models import Order

KEPT = timedelta(days=90)
"""So long a notice is kept: disputes are decided within two months and a half."""


def keep_notice(*, shop_id: int, provider: PaymentProvider, number: str, body: bytes, now: datetime) -> bool:
    """A proved notice kept with the job that reads it, in one commit; False when it was here before."""
    try:
        with transaction.atomic():
            notice = PaymentNotice.objects.create(
                shop_id=shop_id, provider=provider, number=number, body=body, came_at=now
            )
            queue.enqueue("anshin.commerce.jobs.follow_notice", notice.pk, now=now, shop_id=shop_id)
    except IntegrityError:
        return False
    return True


def follow_notice(*, shop_id: int, notice_id: int, clock: Callable[[], datetime]) -> NoticeOutcome | None:
    """What the notice is about as it stands at the provider now, written down; run again nothing happens.

    Raises NotYet, for the job to try again.
    """
    notice = PaymentNotice.objects.filter(shop_id=shop_id, pk=notice_id, read_at=None).first()
    if notice is None:
        return None
    account = provider_account(shop_id)
    if account is None or account.provider != notice.provider:
        outcome = NoticeOutcome.NOT_OURS
    else:
        told = payments.get().notice(account, bytes(notice.body))
        follow = {NoticeKind.REFUND: _follow_refund, NoticeKind.DISPUTE: _follow_dispute}.get(told.kind, _nothing)
        outcome = follow(shop_id, account, told, clock)
    PaymentNotice.objects.filter(pk=notice.pk).update(read_at=clock(), outcome=outcome)
    return outcome


def forget_notices(*, now: datetime) -> int:
    """Delete notices that were read long ago: how many."""
    old = PaymentNotice.objects.filter(read_at__isnull=False, came_at__lt=now - KEPT)
    return old.delete()[0]


def _nothing(
    shop_id: int,  # noqa: ARG001  the shape of those that do something
    account: ProviderAccount,  # noqa: ARG001
    told: ProviderNotice,  # noqa: ARG001
    clock: Callable[[], datetime],  # noqa: ARG001
) -> NoticeOutcome:
    return NoticeOutcome.NOT_OURS


def _follow_refund(
    shop_id: int, account: ProviderAccount, told: ProviderNotice, clock: Callable[[], datetime]
) -> NoticeOutcome:
    """Ask how the refund stands that was asked for with this key; one that was tried again since is another one."""
    refund = Refund.objects.filter(shop_id=shop_id, provider_key=told.key).first() if told.key else None
    if refund is None or (refund.reference and refund.reference != told.reference):
        return NoticeOutcome.NOT_OURS
    try:
        answer = payments.get().look(account, told.reference)
    except Declined as trouble:
        note_trouble(shop_id, refund.pk, told.key, trouble, clock())
    else:
        note_answer(shop_id, refund.pk, told.key, answer, clock())
    return NoticeOutcome.FOLLOWED


def _follow_dispute(
    shop_id: int, account: ProviderAccount, told: ProviderNotice, clock: Callable[[], datetime]
) -> NoticeOutcome:
    found = payments.get().dispute(account, told.reference)
    if found.reference != told.reference:
        raise NotYet(_("The provider showed another dispute than the one that was asked for."))
    payment = Payment.objects.filter(shop_id=shop_id, reference__in=[each for each in found.charges if each]).first()
    if payment is None:
        return NoticeOutcome.NOT_OURS
    _note_dispute(shop_id, payment, found, clock())
    return NoticeOutcome.FOLLOWED


@transaction.atomic
def _note_dispute(shop_id: int, payment: Payment, found: ProviderDispute, now: datetime) -> None:
    order = steps.held_order(shop_id, payment.order_id)
    known = Dispute.objects.filter(shop_id=shop_id, reference=found.reference).first()
    if known is not None and (known.state, known.amount_yen) == (found.state, found.amount_yen):
        return
    row = known or Dispute(shop_id=shop_id, order=order, reference=found.reference, told_at=now)
    row.payment, row.amount_yen, row.state = payment, found.amount_yen, found.state
    row.reason, row.respond_by, row.changed_at = found.reason[:80], found.respond_by, now
    row.save()
    _count(order)
    fact = events.PaymentDisputed(
        dispute_id=row.pk, amount_yen=row.amount_yen, state=row.state, reference=row.reference
    )
    record(fact, shop_id=shop_id, by=PROVIDER, now=now, order_id=order.pk)


def _count(order: Order) -> None:
    """Keep what the held order's payments are disputed by beside what goes back of it."""
    taken = Dispute.objects.filter(order=order, state__in=refund_steps.TAKES_MONEY).aggregate(yen=Sum("amount_yen"))
    order.disputed_yen = taken["yen"] or 0
    order.save(update_fields=["disputed_yen"])
