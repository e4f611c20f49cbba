"""A person is erased: everything they wrote and everything that names them; what the books and the figures need stays.

Source: 個人情報保護法 第35条 (利用停止等: a person may ask that their data are no longer used or are erased), 第22条
(data that are no longer needed are to be erased without delay); e-Gov, read 2026-11-26.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anshin.cases import events
from anshin.cases.actions import indexing, standing
from anshin.cases.actions.emptying import empty_cases, empty_messages, erased_words
from anshin.cases.actions.refusals import CannotErase
from anshin.cases.models import Attachment, Case, Message, Note, SpamMark, TrustedSender
from anshin.cases.ports import keepers
from anshin.cases.terms import ErasureGround, Status
from anshin.commerce import queries as commerce
from anshin.commerce.actions import erase_customer_facts, orders_under_way
from anshin.language.mails import mail_key
from anshin.plumbing.files import removal
from anshin.plumbing.journal.actions import Fact, forget_customer, record_many
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership, Shop

_MOST_NAMED = 200
_FINISHED = (Status.CLOSED, Status.SPAM)


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What goes and what stays. `open_numbers`: cases that must be finished first."""

    case_count: int
    message_count: int
    file_count: int
    note_count: int
    contact_count: int
    order_count: int
    under_way: tuple[str, ...]
    open_numbers: tuple[int, ...]


def preview_erasure(*, by: Membership, customer_id: int, now: datetime) -> ErasurePreview:
    """What erasing this customer would do. Changes nothing. Raises NotAllowed, CannotErase."""
    require(by, Permission.STRIKE)
    customer = _customer(by.shop, customer_id)
    mails = commerce.mails_of(by.shop, customer.pk)
    cases = _cases(by.shop, customer)
    messages = _messages(by.shop, cases.values("pk"), mails)
    open_ones = cases.exclude(status__in=_FINISHED).order_by("number")
    return ErasurePreview(
        case_count=cases.count(),
        message_count=messages.count(),
        file_count=Attachment.objects.filter(message__in=messages.values("pk")).count(),
        note_count=Note.objects.filter(case__in=cases.values("pk")).count(),
        contact_count=commerce.contacts_of(by.shop, customer).count(),
        order_count=commerce.orders_of(by.shop, customer).count(),
        under_way=tuple(order.number for order in orders_under_way(by.shop, customer, now=now)),
        open_numbers=tuple(open_ones.values_list("number", flat=True)),
    )


def erase_customer(
    *, by: Membership, customer_id: int, ground: ErasureGround, requested_on: date, now: datetime
) -> None:
    """Erase this customer for ever. Asked twice: nothing more happens.

    Cases keep number, dates, topic, tags, status and resolution; orders keep number, day, goods and amounts. A later
    mail from the same address makes a new customer. Raises NotAllowed; CannotErase while a case is not closed.
    """
    require(by, Permission.STRIKE)
    _erase(by.shop, customer_id, who=shops.actor(by), ground=ground, requested_on=requested_on, now=now)


def erase_for_age(*, shop: Shop, customer_id: int, who: Actor, on: date, now: datetime) -> None:
    """Erase a customer of whom nothing was heard for longer than the owner keeps people. Raises CannotErase."""
    _erase(shop, customer_id, who=who, ground=ErasureGround.PERIOD, requested_on=on, now=now)


def _erase(
    shop: Shop, customer_id: int, *, who: Actor, ground: ErasureGround, requested_on: date, now: datetime
) -> None:
    with removal.without_traces(), transaction.atomic():
        customer = _customer(shop, customer_id)
        if customer.erased_at:
            return
        cases = list(_cases(shop, customer).select_for_update(of=("self",)).order_by("id"))
        _refuse_open(cases)
        mails = commerce.mails_of(shop, customer.pk)
        case_ids = [case.pk for case in cases]
        messages = dict(_messages(shop, case_ids, mails).order_by("id").values_list("pk", "case_id"))
        words, name = erased_words()
        freed = empty_messages(tuple(messages), words=words) + empty_cases(case_ids, words=words, now=now)
        for keeper in keepers.get():
            freed += keeper.erase(
                shop_id=shop.pk, message_ids=tuple(messages), mail_keys=tuple(map(mail_key, mails)), now=now
            )
        TrustedSender.objects.filter(shop=shop, mail_key__in=[mail_key(mail) for mail in mails]).delete()
        SpamMark.objects.filter(shop=shop, case_id__in=case_ids).update(former_trusted=[])
        order_count = commerce.orders_of(shop, customer).count()
        freed += erase_customer_facts(shop=shop, customer=customer, name=name, now=now)
        touched = sorted({*case_ids, *messages.values()})
        forget_customer(shop_id=shop.pk, customer_id=customer.pk, case_ids=touched)
        asked = events.CustomerErased(
            customer_id=customer.pk,
            ground=ground,
            requested_on=requested_on.isoformat(),
            case_count=len(cases),
            message_count=len(messages),
            order_count=order_count,
        )
        _record(asked, messages, touched, shop=shop, who=who, now=now)
        indexing.forget(touched, shop_id=shop.pk, now=now)
        removal.let_go(freed, shop_id=shop.pk, now=now)


def _customer(shop: Shop, customer_id: int) -> Customer:
    card = commerce.customer_card(shop, customer_id)
    if card is None:
        raise CannotErase(_("This customer does not exist any more. Go back to the list."))
    return card.customer


def _cases(shop: Shop, customer: Customer) -> QuerySet[Case]:
    return Case.objects.filter(Q(customer=customer) | Q(merged_into__customer=customer), shop=shop)


def _messages(shop: Shop, case_ids: Any, mails: list[str]) -> QuerySet[Message]:
    """The messages of these cases, and what came from these addresses into others."""
    theirs = Q(case_id__in=case_ids)
    for mail in mails:
        theirs |= Q(sender_mail__iexact=mail)
    return Message.objects.filter(theirs, shop=shop)


def _refuse_open(cases: list[Case]) -> None:
    numbers = [f"#{case.number}" for case in cases if case.status not in _FINISHED]
    if numbers:
        said = _("Close these cases first, then erase the customer: %(numbers)s")
        raise CannotErase(said % {"numbers": ", ".join(numbers[:20])})


def _record(
    asked: events.CustomerErased,
    messages: dict[int, int],
    case_ids: list[int],
    *,
    shop: Shop,
    who: Actor,
    now: datetime,
) -> None:
    facts = [Fact(asked, who, now)]
    for case_id in case_ids:
        mine = tuple(pk for pk, owner in messages.items() if owner == case_id)[:_MOST_NAMED]
        facts.append(Fact(events.CaseEmptied(message_ids=mine, why="erased"), who, now, case_id=case_id))
    record_many(facts, shop_id=shop.pk, now=now)
    for case in Case.objects.filter(pk__in=case_ids):
        standing.announce(case, "case.message", now=now)
