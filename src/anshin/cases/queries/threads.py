"""Which cases an incoming message could belong to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from anshin.cases import rules
from anshin.cases.models import Case, Message, TrustedSender
from anshin.cases.rules import Candidate, Place, place_of
from anshin.cases.terms import IncomingMessage
from anshin.commerce import queries as commerce
from anshin.language.mails import mail_key
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

_MOST_REFERENCES = 20
_MOST_RECENT = 10
_RECENT = Prepared(
    lambda shop, customer, since: Case.objects.filter(
        shop_id=shop, customer_id=customer, last_activity_at__gte=since, merged_into=None
    ).order_by("-last_activity_at", "-id")[:_MOST_RECENT],
    shop=int,
    customer=int,
    since=datetime,
)


def place_for(shop: Shop, message: IncomingMessage, *, customer: Customer | None, now: datetime) -> Place:
    """Where `message` goes, with the reason; see rules.place_of."""
    if not message.sender.mail:
        return Place(None, None, "new")
    token = _cases(shop, Q(pk=message.token_case_id)) if message.token_case_id else []
    referred = _referred(shop, message.refers_to) if message.refers_to else []
    return place_of(
        sender_key=mail_key(message.sender.mail),
        subject_key=_subject_key(message.subject),
        now=now,
        by_token=_candidate(shop, token[0]) if token else None,
        by_reference=[_candidate(shop, case) for case in referred],
        by_sender=[_candidate(shop, case) for case in _of_customer(shop, customer, now)],
    )


def is_trusted_sender(shop: Shop, mail: str) -> bool:
    """Whether a person took mail of this address out of the spam folder."""
    return bool(mail) and TrustedSender.objects.filter(shop=shop, mail_key=mail_key(mail)[:320]).exists()


def _referred(shop: Shop, keys: tuple[str, ...]) -> list[Case]:
    wanted = keys[:_MOST_REFERENCES]
    found = dict(Message.objects.filter(shop=shop, message_key__in=wanted).values_list("message_key", "case_id"))
    ids = list(dict.fromkeys(found[key] for key in wanted if key in found))
    by_id = {case.pk: case for case in _cases(shop, Q(pk__in=ids))}
    return [by_id[pk] for pk in ids if pk in by_id]


def _of_customer(shop: Shop, customer: Customer | None, now: datetime) -> list[Case]:
    if customer is None:
        return []
    return _RECENT.rows(shop=shop.pk, customer=customer.pk, since=now - rules.SAME_SUBJECT_WITHIN)


def _cases(shop: Shop, wanted: Q) -> list[Case]:
    """The cases meant; a merged one is replaced by the case that goes on."""
    rows = Case.objects.filter(wanted, shop=shop).select_related("merged_into").order_by("-last_activity_at", "-id")
    return [case.merged_into or case for case in rows[:_MOST_RECENT]]


def _candidate(shop: Shop, case: Case) -> Candidate:
    """The case with its parties: the customer's addresses, and everybody who was written to or wrote in it."""
    parties = {mail_key(mail) for mail in commerce.mails_of(shop, case.customer_id)} if case.customer_id else set()
    for sender, to, cc in Message.objects.filter(case=case).values_list("sender_mail", "to", "cc"):
        parties |= {mail_key(mail) for mail in (sender, *(party[1] for party in [*to, *cc])) if mail}
    return Candidate(
        case_id=case.pk,
        is_closed=case.status == "closed",
        last_activity_at=case.last_activity_at,
        parties=frozenset(parties),
        subject_key=_subject_key(case.subject),
    )


def _subject_key(subject: str) -> str:
    return rules.bare_subject(subject)
