"""A new case with its number."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, standing
from anshin.cases.actions.refusals import NoRecipient
from anshin.cases.models import Case, CaseNumbering
from anshin.cases.terms import PHISHING_TOPIC, Channel, IncomingMessage, Party, Status
from anshin.commerce.actions import recognise_customer
from anshin.language.mails import looks_like_mail
from anshin.language.sensitive_numbers import masked
from anshin.language.topics.codes import TopicSource, base_code
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership, Shop


def new_case(
    *,
    shop: Shop,
    message: IncomingMessage,
    customer: Customer | None,
    case_id: int,
    number: int,
    clock: clocks.Values,
    status: Status,
) -> Case:
    """A case for this first message, open or in the spam folder, not written yet."""
    case = Case(
        pk=case_id,
        shop=shop,
        number=number,
        subject=masked(message.subject)[:300],
        channel=message.channel,
        **given_topic(message),
        customer=customer,
        hold=message.hold,
        status=status,
        created_at=message.received_at,
        last_activity_at=message.received_at,
        waiting_since_at=message.received_at if status == Status.OPEN else None,
        last_line=rules.one_line(message.text),
        **clock,
    )
    case.rank_at = standing.rank(case)
    return case


class Numbering:
    """Case numbers for a portion, of which nobody knows beforehand how many it needs.

    Drawn together at the first that is needed; what is left goes back before the transaction ends, in which nobody
    else can draw any.
    """

    def __init__(self, shop: Shop, *, most: int) -> None:
        self.shop, self.most = shop, most
        self._next = self._end = 0

    def draw(self) -> int:
        """The next case number."""
        if not self._end:
            self._next = next_number(self.shop, how_many=self.most)
            self._end = self._next + self.most
        self._next += 1
        return self._next - 1

    def give_back(self) -> None:
        """Return what was not needed. The last call."""
        if self._next != self._end:
            _raised(self.shop.pk, self._next - self._end)
            self._end = self._next


def given_topic(message: IncomingMessage) -> dict[str, object]:
    """The topic that a form or a doubtful sender gives a case; the classifier leaves it alone."""
    if base_code(message.topic):
        return {"topic": message.topic, "topic_source": TopicSource.FORM.value, "topics": [[message.topic, None]]}
    if message.sender_warnings:
        source = TopicSource.SENDER.value
        return {"topic": PHISHING_TOPIC, "topic_source": source, "topics": [[PHISHING_TOPIC, None]]}
    return {}


def next_number(shop: Shop, *, how_many: int = 1) -> int:
    """The first of `how_many` consecutive fresh case numbers of the shop. Inside a transaction."""
    last = _raised(shop.pk, how_many)
    if last is None:
        CaseNumbering.objects.bulk_create([CaseNumbering(shop=shop)], ignore_conflicts=True)
        last = _raised(shop.pk, how_many)
    return (last or how_many) - how_many + 1


def _raised(shop_id: int, how_many: int) -> int | None:
    """The last number given, raised by so many; None without a row. Plain SQL, as in standing.py."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [how_many, shop_id])
        row = cursor.fetchone()
    return int(row[0]) if row else None


_RAISE = "UPDATE cases_casenumbering SET last_number = last_number + %s WHERE shop_id = %s RETURNING last_number"


@transaction.atomic
def start_case(*, by: Membership, to: Party, subject: str, now: datetime) -> Case:
    """An empty case with a customer, for somebody who writes first; `reply` then sends the first message.

    Raises NotAllowed, NoRecipient.
    """
    require(by, Permission.ANSWER)
    if not looks_like_mail(to.mail):
        raise NoRecipient
    customer = recognise_customer(shop=by.shop, mail=to.mail, name=to.name, now=now)
    case = Case(
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
    case.rank_at = standing.rank(case)
    case.save()
    standing.count(by.shop_id, {(Status.OPEN, by.pk): +1})
    fact = events.CaseOpened(number=case.number, channel=Channel.EMAIL)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=by.shop_id, now=now)
    return case
