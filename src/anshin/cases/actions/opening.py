"""A new case with its number."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from anshin.cases import events, rules
from anshin.cases.actions import standing
from anshin.cases.actions.refusals import NoRecipient
from anshin.cases.models import Case, CaseNumbering
from anshin.cases.terms import PHISHING_TOPIC, Channel, IncomingMessage, Party, Status
from anshin.commerce.actions import recognise_customer
from anshin.language.mails import looks_like_mail
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership, Shop


def open_case(
    *,
    shop: Shop,
    message: IncomingMessage,
    customer: Customer | None,
    related_case_id: int | None,
    by: Actor,
    now: datetime,
    status: Status = Status.OPEN,
) -> Case:
    """A case for this first message, open or in the spam folder, numbered and counted. In the caller's transaction."""
    is_open = status == Status.OPEN
    case = Case.objects.create(
        shop=shop,
        number=next_number(shop),
        subject=masked(message.subject)[:300],
        channel=message.channel,
        topic=message.topic or (PHISHING_TOPIC if message.sender_warnings else ""),
        customer=customer,
        hold=message.hold,
        status=status,
        created_at=message.received_at,
        last_activity_at=message.received_at,
        waiting_since_at=message.received_at if is_open else None,
        due_at=shops.due_moment(shop, message.received_at, shop.reply_target_minutes) if is_open else None,
        last_line=rules.one_line(message.text),
    )
    standing.count(shop.pk, {(status, standing.NOBODY): +1})
    record(
        events.CaseOpened(number=case.number, channel=case.channel, related_case_id=related_case_id),
        shop_id=shop.pk,
        by=by,
        now=now,
        case_id=case.pk,
    )
    return case


def next_number(shop: Shop, *, how_many: int = 1) -> int:
    """The first of `how_many` consecutive fresh case numbers of the shop. Inside a transaction."""
    row = CaseNumbering.objects.filter(shop=shop)
    if not row.update(last_number=F("last_number") + how_many):
        CaseNumbering.objects.bulk_create([CaseNumbering(shop=shop)], ignore_conflicts=True)
        row.update(last_number=F("last_number") + how_many)
    return row.values_list("last_number", flat=True).get() - how_many + 1


@transaction.atomic
def start_case(*, by: Membership, to: Party, subject: str, now: datetime) -> Case:
    """An empty case with a customer, for somebody who writes first; `reply` then sends the first message.

    Raises NotAllowed, NoRecipient.
    """
    require(by, Permission.ANSWER)
    if not looks_like_mail(to.mail):
        raise NoRecipient
    customer = recognise_customer(shop=by.shop, mail=to.mail, name=to.name, now=now)
    case = Case.objects.create(
        shop_id=by.shop_id,
        number=next_number(by.shop),
        subject=subject.strip()[:300],
        channel=Channel.EMAIL,
        customer=customer,
        owner=by,
        is_unread=False,
        created_at=now,
        last_activity_at=now,
    )
    standing.count(by.shop_id, {(Status.OPEN, by.pk): +1})
    fact = events.CaseOpened(number=case.number, channel=Channel.EMAIL)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    return case
