"""Whom a link means: the buyer behind a mail, or behind a letter, with the notices that told them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from anshin.plumbing.mail.threading import make_token, read_token
from anshin.safety.models import Notice, PersonToTell, SafetyMail
from anshin.safety.queries.mails import answer_key

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.commerce.models import Customer
    from anshin.safety.models import Advisory
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Addressee:
    """A buyer who was told. `mail` is their address, "" without one; `key` names them within the advisory."""

    advisory: Advisory
    customer: Customer
    mail: str
    key: str
    language: str
    notices: QuerySet[Notice]


def addressee_of(shop: Shop, token: str) -> Addressee | None:
    """Who has this word in a mail or letter; None for a made-up one, or another shop's."""
    told = read_token(token, keys=[answer_key()]) or ""
    if not told[1:].isdecimal():
        return None
    if told[0] == "s":
        mail = SafetyMail.objects.select_related("advisory__shop", "customer").filter(shop=shop, pk=told[1:]).first()
        return of_mail(mail) if mail else None
    if told[0] == "t":
        found = PersonToTell.objects.select_related("advisory__shop", "customer")
        person = found.filter(shop=shop, pk=told[1:]).first()
        return of_person(person) if person else None
    return None


def of_mail(mail: SafetyMail) -> Addressee:
    """The buyer to whom a mail went; a reminder tells of the same orders as the first mail."""
    notices = Notice.objects.filter(advisory_id=mail.advisory_id, address_key=mail.address_key).order_by("pk")
    return Addressee(mail.advisory, mail.customer, mail.address, mail.address_key, mail.language, notices)


def of_person(person: PersonToTell) -> Addressee:
    """A buyer who is called or written to: all of their affected orders."""
    notices = Notice.objects.filter(advisory_id=person.advisory_id, customer=person.customer_id).order_by("pk")
    language = person.customer.language or "ja"
    return Addressee(person.advisory, person.customer, "", f"customer:{person.customer_id}", language, notices)


def link_in_letter(person: PersonToTell, slug: str) -> str:
    """Where somebody who got a letter answers without signing in."""
    return f"{settings.ANSHIN_ADDRESS}/p/{slug}/safety/{make_token(f't{person.pk}', key=answer_key())}/"
