"""Sends refunds to the payment provider, at most once each: asked for, committed, asked of the provider, written down.

The state is committed before the provider is asked, and the provider's key stays the same for every repetition; so a
process that is killed in between asks again and is told what the first question did.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions import refund_steps as steps
from anshin.commerce.models import PaymentAccount, Refund
from anshin.commerce.ports import (
    NotYet,
    PaymentTrouble,
    ProviderAccount,
    ProviderAnswer,
    RefundQuestion,
    TooLate,
    Unsure,
    payments,
)
from anshin.commerce.rules import refund_steps
from anshin.commerce.terms import PaymentProvider, RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.plumbing.jobs import queue
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.commerce.ports import Payments

LOOK_AGAIN = timedelta(hours=6)
ASKING_TAKES = timedelta(minutes=2)
"""Longer than a provider is waited for; a process that died leaves the refund busy for as long."""
PROVIDER = Actor.system("payments")
_ASKED_OF_THE_PROVIDER = frozenset({RefundState.SENDING, RefundState.UNSURE})


def start(refund: Refund, *, now: datetime) -> None:
    """Set a held refund on its way where the program can: by a job, after the commit. Else a person pays it back."""
    if is_automatic(refund):
        queue.enqueue(
            "anshin.commerce.jobs.send_refund",
            refund.pk,
            now=now,
            shop_id=refund.shop_id,
            unique_key=f"refund {refund.pk}",
        )


def is_automatic(refund: Refund) -> bool:
    """Whether the provider can be asked: the payment's number is known, and the shop has an account with a provider."""
    if refund.way != RefundWay.ORIGINAL or refund.payment is None or not refund.payment.reference:
        return False
    return PaymentAccount.objects.filter(shop_id=refund.shop_id).exists()


def send_refund(*, shop_id: int, refund_id: int, clock: Callable[[], datetime]) -> None:
    """Ask the provider about one refund and write its answer down; nothing when it is not to be sent any more.

    Raises NotYet and Unsure, for the job to try again; the refund says so meanwhile.
    """
    account, question, reference = _begin(shop_id, refund_id, clock())
    if question is None:
        return
    try:
        if account is None:
            raise NotYet(_("The key of the payment provider is missing. Enter it in the settings under Refunds."))
        answer = _ask(payments.get(), account, question, reference)
    except PaymentTrouble as trouble:
        note_trouble(shop_id, refund_id, question.key, trouble, clock())
        if not trouble.permanent:
            raise
    else:
        note_answer(shop_id, refund_id, question.key, answer, clock())


@transaction.atomic
def _begin(shop_id: int, refund_id: int, now: datetime) -> tuple[ProviderAccount | None, RefundQuestion | None, str]:
    """What the provider is to be asked, committed as under way before it is."""
    refund = steps.held_refund(shop_id, refund_id)
    if refund.state not in {RefundState.READY, RefundState.SENDING, RefundState.UNSURE} or not refund.payment:
        return None, None, ""
    question = RefundQuestion(
        charge=refund.payment.reference,
        amount_yen=refund.amount_yen,
        key=refund.provider_key,
        is_again=refund.sent_at is not None,
    )
    if refund.state == RefundState.READY:
        steps.take_step(refund, RefundState.SENDING)
    refund.sent_at, refund.busy_until_at = refund.sent_at or now, now + ASKING_TAKES
    refund.save(update_fields=["state", "sent_at", "busy_until_at"])
    return provider_account(shop_id), question, refund.reference


def provider_account(shop_id: int) -> ProviderAccount | None:
    """With whom the shop takes payments, with the key; None when there is none, or it cannot be read any more."""
    kept = PaymentAccount.objects.filter(shop_id=shop_id).first()
    if kept is None:
        return None
    try:
        return ProviderAccount(PaymentProvider(kept.provider), secrets.unseal(kept.key_sealed))
    except secrets.Unreadable:
        return None


def _ask(provider: Payments, account: ProviderAccount, question: RefundQuestion, reference: str) -> ProviderAnswer:
    return provider.look(account, reference) if reference else provider.refund(account, question)


@transaction.atomic
def note_answer(shop_id: int, refund_id: int, key: str, answer: ProviderAnswer, now: datetime) -> None:
    """Write down what the provider said about the question with this key; nothing when a newer one was asked since, or
    when it is known already how that one ended: answers may overtake each other."""
    refund = steps.held_refund(shop_id, refund_id)
    if refund.provider_key != key or refund.state not in _ASKED_OF_THE_PROVIDER:
        return
    refund.busy_until_at = None
    refund.reference, refund.answer = answer.reference, answer.words[: steps.LONGEST_WORDS] or answer.reference
    if not answer.is_final:
        if refund.state == RefundState.UNSURE:
            steps.take_step(refund, RefundState.SENDING)
            refund.failure = ""
        refund.save(update_fields=["state", "failure", "reference", "answer", "busy_until_at"])
        queue.enqueue(
            "anshin.commerce.jobs.send_refund",
            refund.pk,
            now=now,
            run_at=now + LOOK_AGAIN,
            shop_id=shop_id,
            unique_key=f"refund {refund.pk}",
        )
        return
    refund.moved_on = now.astimezone(ZoneInfo(refund.order.shop.zone)).date()
    refund.operator = refund.operator or refund.approved_by or refund.asked_by
    steps.settle(refund, now=now, by=PROVIDER, is_by_hand=False)


@transaction.atomic
def note_trouble(shop_id: int, refund_id: int, key: str, trouble: PaymentTrouble, now: datetime) -> None:
    """Write down that the provider could not, or would not, or has taken it back; nothing when a newer question was
    asked since."""
    refund = steps.held_refund(shop_id, refund_id)
    if refund.provider_key != key:
        return
    refund.busy_until_at = None
    why = str(trouble)
    if trouble.permanent and refund_steps.may_follow(refund.state, RefundState.FAILED):
        if isinstance(trouble, TooLate):
            why = _("%(why)s Ask the customer for a bank account and pay it back there.") % {"why": why}
        steps.fail(refund, why, now=now, by=PROVIDER)
    elif isinstance(trouble, Unsure) and refund.state == RefundState.SENDING:
        steps.take_step(refund, RefundState.UNSURE)
        refund.failure = why[: steps.LONGEST_WORDS]
        refund.save(update_fields=["state", "failure", "busy_until_at"])
        unsure = events.RefundUnsure(refund_id=refund.pk, amount_yen=refund.amount_yen)
        steps.tell(refund, unsure, now=now, by=PROVIDER)
    elif refund.state in {RefundState.SENDING, RefundState.UNSURE}:
        refund.failure = why[: steps.LONGEST_WORDS]
        refund.save(update_fields=["failure", "busy_until_at"])
