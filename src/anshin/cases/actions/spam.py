"""Spam: put away by the provider's judgement or by a person, out again by one click. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, standing
from anshin.cases.models import Case, Message, SpamMark, TrustedSender
from anshin.cases.terms import BY_HAND, Direction, IncomingMessage, Status
from anshin.commerce.actions import recognise_customer
from anshin.language.mails import looks_like_mail, mail_key
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop


@transaction.atomic
def mark_spam(*, by: Membership, case_id: int, now: datetime) -> None:
    """Put the case into the spam folder; its senders are trusted no longer. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    if case.status == Status.SPAM:
        return
    rules.check_step(case.status, Status.SPAM)
    before = {
        "shop_id": case.shop_id,
        "reason": BY_HAND,
        "score": "",
        "marked_at": now,
        "marked_by": by,
        "former_status": case.status,
        "former_resolution": case.resolution,
        "former_due_at": case.due_at,
        "former_waiting_since_at": case.waiting_since_at,
        "former_snoozed_until_at": case.snoozed_until_at,
        "former_closed_at": case.closed_at,
        "former_trusted": _trusted(case),
    }
    SpamMark.objects.update_or_create(case=case, defaults=before)
    TrustedSender.objects.filter(shop_id=case.shop_id, mail_key__in=_sender_keys(case)).delete()
    standing.change(
        case,
        status=Status.SPAM,
        resolution="",
        **clocks.AT_REST,
        waiting_since_at=None,
        snoozed_until_at=None,
        closed_at=None,
        is_unread=False,
    )
    _told(case, events.SpamMarked(reason=BY_HAND), shops.actor(by), now)


@transaction.atomic
def undo_spam(*, by: Membership, case_id: int, now: datetime) -> None:
    """Take a `mark_spam` back: the case stands as before, its senders are trusted as before.

    A case that a provider put there, or that is no spam any more, is left alone. Raises NotAllowed, WrongCase.
    """
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    mark = SpamMark.objects.filter(case=case, reason=BY_HAND).first()
    if case.status != Status.SPAM or mark is None:
        return
    standing.change(
        case,
        status=mark.former_status,
        resolution=mark.former_resolution,
        **clocks.restored(case, due_at=mark.former_due_at, now=now),
        waiting_since_at=mark.former_waiting_since_at,
        snoozed_until_at=mark.former_snoozed_until_at,
        closed_at=mark.former_closed_at,
    )
    for key in mark.former_trusted:
        _trust(case.shop_id, str(key), by, now)
    mark.delete()
    _told(case, events.SpamCleared(why="undone"), shops.actor(by), now)


@transaction.atomic
def not_spam(*, by: Membership, case_id: int, now: datetime) -> None:
    """Bring the case into the inbox as a new one, and trust its senders from now on. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    if case.status != Status.SPAM:
        return
    for key in _sender_keys(case):
        _trust(case.shop_id, key, by, now)
    first = Message.objects.filter(case=case, direction=Direction.IN).order_by("at", "id").first()
    if case.customer_id is None and first and looks_like_mail(first.sender_mail):
        customer = recognise_customer(shop=by.shop, mail=first.sender_mail, name=first.sender_name, now=now)
        standing.change(case, customer_id=customer.pk)
    take_out(case, by.shop, now=now)
    _told(case, events.SpamCleared(why="by_hand"), shops.actor(by), now)


def take_out(case: Case, shop: Shop, *, now: datetime) -> None:
    """Let a locked spam case wait for us like a new one. Inside the caller's transaction, which says why."""
    SpamMark.objects.filter(case=case).delete()
    standing.change(
        case,
        status=Status.OPEN,
        is_unread=True,
        last_activity_at=now,
        waiting_since_at=now,
        **clocks.afresh(case, shop, since=now),
    )


def put_away(case: Case, message: IncomingMessage, *, now: datetime) -> None:
    """Note why a new case was opened as spam. Inside the caller's transaction."""
    SpamMark.objects.create(
        shop_id=case.shop_id,
        case=case,
        reason=message.spam_by,
        score=message.sender_checks.get("spam_score", "")[:20],
        marked_at=now,
        former_status=Status.OPEN,
    )
    fact = events.SpamMarked(reason=message.spam_by)
    record(fact, shop_id=case.shop_id, by=standing.SYSTEM, now=now, case_id=case.pk)


def leave_by_message(case: Case, shop: Shop, message: IncomingMessage, *, now: datetime) -> None:
    """A later message brings a case out that only a provider had put away. Inside the caller's transaction."""
    mark = SpamMark.objects.filter(case=case).first()
    if rules.message_clears_spam(
        reason=mark.reason if mark else BY_HAND,
        is_judged_spam=bool(message.spam_by),
        is_automatic=message.is_automatic,
    ):
        take_out(case, shop, now=now)
        fact = events.SpamCleared(why="message")
        record(fact, shop_id=shop.pk, by=standing.SYSTEM, now=now, case_id=case.pk)


def _sender_keys(case: Case) -> list[str]:
    rows = Message.objects.filter(case=case, direction=Direction.IN).values_list("sender_mail", flat=True)
    return sorted({mail_key(mail)[:320] for mail in rows if looks_like_mail(mail)})


def _trusted(case: Case) -> list[str]:
    rows = TrustedSender.objects.filter(shop_id=case.shop_id, mail_key__in=_sender_keys(case))
    return sorted(rows.values_list("mail_key", flat=True))


def _trust(shop_id: int, key: str, by: Membership, now: datetime) -> None:
    known = {"trusted_at": now, "trusted_by": by}
    TrustedSender.objects.get_or_create(shop_id=shop_id, mail_key=key, defaults=known)


def _told(case: Case, fact: events.SpamMarked | events.SpamCleared, by: Actor, now: datetime) -> None:
    record(fact, shop_id=case.shop_id, by=by, now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.status", now=now)
