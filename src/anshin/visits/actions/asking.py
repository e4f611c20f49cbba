"""Asking for a code, and the code's way into the customer's mailbox.

Whether the order exists is looked at by a job, never by the page: what the visitor sees, and how long it takes, is the
same for everybody.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.crypto import salted_hmac

from anshin.commerce.queries import customer_of_order
from anshin.language.mails import mail_key
from anshin.language.order_numbers import key as number_key
from anshin.language.phones import read_phone
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.visits import events, letters, rules
from anshin.visits.actions.refusals import TooOften
from anshin.visits.models import CodeRequest
from anshin.visits.ports import CustomerLetter
from anshin.visits.queries import key_of
from anshin.visits.terms import CODE_DIGITS, CODE_LASTS

if TYPE_CHECKING:
    from anshin.shops.models import Shop

VISITOR = Actor.system("portal")
_SEND = "anshin.visits.jobs.send_code"
_LONGEST_NUMBER, _LONGEST_CONTACT = 80, 320


def ask_for_code(
    *, shop: Shop, number: str, contact: str, visitor: str, is_inner: bool, language: str, now: datetime
) -> str:
    """The word for the visitor's cookie, by which their code is known later.

    `number` and `contact` (a mail address or phone number) as typed; `visitor` is the network address as it is counted,
    `is_inner` whether a whole office may stand behind it. Raises TooOften; that does not depend on what exists.
    """
    number, contact = number.replace("\x00", "")[:_LONGEST_NUMBER], contact.replace("\x00", "")[:_LONGEST_CONTACT]
    handle = secrets.token_urlsafe(32)
    request = CodeRequest(
        shop=shop,
        handle_key=key_of(handle),
        number=number,
        contact=contact,
        order_key=_counted("order", number_key(number) or number),
        contact_key=_counted("contact", _contact_key(contact)),
        visitor_key=_counted("visitor", visitor),
        language=letters.known(language),
        asked_at=now,
    )
    with transaction.atomic():
        limit = rules.limit_reached(_counts(request, is_inner=is_inner, now=now))
        if not limit:
            request.save()
            enqueue(_SEND, request.pk, shop_id=shop.pk, now=now)
    if limit:
        _write_down(request, limit, now)
        raise TooOften
    return handle


@transaction.atomic
def make_code(*, request_id: int, now: datetime) -> CustomerLetter | None:
    """The letter with a fresh code; None when nobody is found, or when the letter was handed over before."""
    found = CodeRequest.objects.select_for_update().filter(pk=request_id)
    request = found.select_related("shop").first()
    if request is None or request.handed_at is not None or (request.ready_at and not request.code_key):
        return None
    shop = request.shop
    whom = customer_of_order(shop, number=request.number, contact=request.contact)
    request.ready_at, request.customer = now, whom.customer if whom else None
    if whom is None or not whom.mail:
        request.customer, request.number, request.contact = None, "", ""
        request.save(update_fields=["ready_at", "number", "contact", "customer"])
        return None
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    request.code_key = code_key(request.handle_key, code)
    request.save(update_fields=["ready_at", "customer", "code_key"])
    written = letters.code(
        shop=shop.name if request.language == "ja" else shop.name_en or shop.name,
        code=code,
        minutes=int(CODE_LASTS.total_seconds() // 60),
        language=request.language,
    )
    return CustomerLetter(shop.pk, whom.mail, whom.customer.name, written.subject, written.text)


def hand_over_code(request_id: int, *, now: datetime) -> None:
    """Note, right before the server takes it, that the letter leaves. Commits by itself, outside of any transaction."""
    CodeRequest.objects.filter(pk=request_id).update(handed_at=now)


def take_code_back(request_id: int) -> None:
    """The server certainly did not take it: it may be sent again."""
    CodeRequest.objects.filter(pk=request_id).update(handed_at=None)


def code_left(request_id: int) -> None:
    """The letter is on its way: what was typed is not needed any more."""
    CodeRequest.objects.filter(pk=request_id).update(number="", contact="")


def code_key(handle_key: str, code: str) -> str:
    """Under what a code is kept: a keyed hash that differs for each request."""
    return salted_hmac("visits.code", f"{handle_key}:{code}", algorithm="sha256").hexdigest()


def _contact_key(contact: str) -> str:
    number = None if "@" in contact else read_phone(contact)
    return number.key if number else mail_key(contact)


def _counted(what: str, value: str) -> str:
    return salted_hmac(f"visits.{what}", value, algorithm="sha256").hexdigest()


def _counts(request: CodeRequest, *, is_inner: bool, now: datetime) -> dict[str, int]:
    rows = CodeRequest.objects.filter(shop=request.shop, asked_at__gt=now - rules.RATE_WINDOW)
    return {
        "order": rows.filter(order_key=request.order_key).count(),
        "contact": rows.filter(contact_key=request.contact_key).count(),
        "inner_visitor" if is_inner else "visitor": rows.filter(visitor_key=request.visitor_key).count(),
    }


@transaction.atomic
def _write_down(request: CodeRequest, limit: str, now: datetime) -> None:
    """One entry an hour, however often somebody knocks."""
    former = JournalEntry.objects.filter(shop_id=request.shop_id, event=events.TooManyRequests.name).order_by("-id")
    told_at = former.values_list("at", flat=True).first()
    if told_at is None or now - told_at > rules.RATE_WINDOW:
        record(events.TooManyRequests(limit=limit), shop_id=request.shop_id, by=VISITOR, now=now)
