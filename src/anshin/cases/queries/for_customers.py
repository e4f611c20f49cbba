"""A customer's own cases, as that customer may read them: nothing that staff wrote to each other or to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from anshin.cases.models import Case, Message
from anshin.cases.terms import Delivery, Direction, Status
from anshin.commerce.queries import mails_of
from anshin.language.mails import mail_key
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.prepared import Prepared, PreparedIn

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_LEFT: Final = (Delivery.RECEIVED, Delivery.SENT, Delivery.UNSURE, Delivery.BOUNCED)
_MOST_CASES: Final = 20
_MOST_MESSAGES: Final = 200
_COLUMNS: Final = ("case_id", "direction", "at", "sender_mail", "to", "cc", "text", "quoted_from")
_CASES = Prepared(
    lambda shop, customer: (
        Case.objects.filter(shop_id=shop, customer_id=customer, merged_into=None, emptied_at=None)
        .exclude(status=Status.SPAM)
        .order_by("-last_activity_at", "-id")[:_MOST_CASES]
    ),
    shop=int,
    customer=int,
)
_SAID: Final[PreparedIn[Message]] = PreparedIn(
    lambda cases, shop: (
        Message.objects.filter(shop_id=shop, case_id__in=cases, delivery__in=_LEFT, is_automatic=False)
        .only(*_COLUMNS)
        .order_by("-at", "-id")[:_MOST_MESSAGES]
    ),
    most=_MOST_CASES,
    shop=int,
)


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case with the newest words between the customer and the shop; `words` "" when there are none to show."""

    number: int
    subject: str
    status: str
    at: datetime
    words: str
    is_ours: bool


def cases_for_customer(shop: Shop, customer_id: int) -> list[OwnCase]:
    """The customer's newest cases, at most twenty: three queries.

    Of the messages only those that came from one of the customer's addresses (or without one: the form, the telephone)
    or left to one of them; nothing held back, taken back or automatic. Spam, merged and emptied cases are left out.
    """
    cases = _CASES.rows(shop=shop.pk, customer=customer_id)
    newest = _newest(shop, cases, {mail_key(mail) for mail in mails_of(shop, customer_id)})
    return [_own(case, newest.get(case.pk)) for case in cases]


def _newest(shop: Shop, cases: list[Case], own: set[str]) -> dict[int, Message]:
    found: dict[int, Message] = {}
    for message in _SAID.rows([case.pk for case in cases], shop=shop.pk):
        if message.case_id not in found and _is_own(message, own):
            found[message.case_id] = message
    return found


def _is_own(message: Message, own: set[str]) -> bool:
    if message.direction == Direction.IN:
        return not message.sender_mail or mail_key(message.sender_mail) in own
    recipients = [mail for _name, mail in (*message.to, *message.cc)]
    return not recipients or any(mail_key(mail) in own for mail in recipients)


def _own(case: Case, message: Message | None) -> OwnCase:
    text = message.text[: message.quoted_from] if message else ""
    return OwnCase(
        number=case.number,
        subject=masked(case.subject),
        status=case.status,
        at=message.at if message else case.last_activity_at,
        words=masked(text.strip()),
        is_ours=bool(message and message.direction == Direction.OUT),
    )
