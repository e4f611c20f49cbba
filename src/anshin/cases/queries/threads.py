"""Which cases incoming messages could belong to: looked up for several messages at once, placed one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from anshin.cases import rules
from anshin.cases.models import Case, Message, TrustedSender
from anshin.cases.rules import Candidate, Place, place_of
from anshin.cases.terms import IncomingMessage
from anshin.commerce import queries as commerce
from anshin.commerce.terms import ContactKind
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


def is_trusted_sender(shop: Shop, mail: str) -> bool:
    """Whether a person took mail of this address out of the spam folder."""
    return bool(mail) and TrustedSender.objects.filter(shop=shop, mail_key=mail_key(mail)[:320]).exists()


class Threads:
    """The cases that messages of one portion could join, and what the portion itself has put into them so far.

    `customers` are who wrote them. Whoever uses this tells of each case that it opens or locks and of each message
    that it adds; then the next message is placed as if all that were in the database.
    """

    def __init__(
        self, shop: Shop, messages: Sequence[IncomingMessage], customers: Iterable[Customer], *, now: datetime
    ) -> None:
        self.shop, self.messages, self.now = shop, messages, now
        self._customer_ids = {customer.pk for customer in customers}
        self._cases: dict[int, Case] = {}
        self._of_customer: dict[int, set[int]] = {}
        self._looked_at: set[int] = set()  # customers whose cases of the last days are among these
        self._case_of_key: dict[str, int] | None = None
        self._said: dict[int, set[str]] = {}  # by case: parties of what the portion added
        self._said_in: dict[str, int] = {}  # by message key: the case to which the portion added it
        self._wrote: dict[int, set[str]] = {}  # by case: parties of what was there before
        self._mails: dict[int, set[str]] = {}  # by customer

    def place_for(self, message: IncomingMessage, *, customer: Customer | None) -> Place:
        """Where `message` goes, with the reason; see rules.place_of."""
        if not message.sender.mail:
            return Place(None, None, "new")
        token = self._newest([message.token_case_id]) if message.token_case_id else []
        return place_of(
            sender_key=mail_key(message.sender.mail),
            subject_key=rules.bare_subject(message.subject),
            now=self.now,
            by_token=self._candidate(token[0]) if token else None,
            by_reference=[self._candidate(case) for case in self._referred(message)],
            by_sender=[_of_sender(case) for case in self._recent(customer)],
        )

    def open(self, case: Case) -> None:
        """The portion has opened this case."""
        self._wrote[case.pk] = set()
        self.keep(case)

    def keep(self, case: Case) -> None:
        """This is how the case stands now that the portion has locked it."""
        self._cases[case.pk] = case
        if case.customer_id:
            self._of_customer.setdefault(case.customer_id, set()).add(case.pk)

    def add(self, case: Case, row: Message) -> None:
        """The portion has added this message to the case."""
        self._said.setdefault(case.pk, set()).update(_parties(row.sender_mail, row.to, row.cc))
        self._said_in[row.message_key] = case.pk

    def _recent(self, customer: Customer | None) -> list[Case]:
        """The customer's cases of the last days, the newest first."""
        if customer is None:
            return []
        if customer.pk not in self._looked_at:
            self._look_up_recent({customer.pk, *self._customer_ids} - self._looked_at)
        since = self._since
        found = [self._cases[pk] for pk in self._of_customer.get(customer.pk, ())]
        fitting = [case for case in found if case.last_activity_at >= since and case.merged_into_id is None]
        return sorted(fitting, key=_age)[:_MOST_RECENT]

    @property
    def _since(self) -> datetime:
        return self.now - rules.SAME_SUBJECT_WITHIN

    def _look_up_recent(self, customer_ids: set[int]) -> None:
        if len(customer_ids) == 1:
            (customer_id,) = customer_ids
            found = _RECENT.rows(shop=self.shop.pk, customer=customer_id, since=self._since)
        else:
            rows = Case.objects.filter(
                shop=self.shop, customer_id__in=customer_ids, last_activity_at__gte=self._since, merged_into=None
            )
            order = [F("last_activity_at").desc(), F("id").desc()]
            place = Window(RowNumber(), partition_by=[F("customer_id")], order_by=order)
            found = list(rows.annotate(place=place).filter(place__lte=_MOST_RECENT))
        for case in found:
            if case.pk not in self._cases:
                self.keep(case)
        self._looked_at |= customer_ids

    def _referred(self, message: IncomingMessage) -> list[Case]:
        wanted = message.refers_to[:_MOST_REFERENCES]
        if not wanted:
            return []
        known = self._look_up_references()
        ids = dict.fromkeys(self._said_in.get(key) or known.get(key) for key in wanted)
        return self._newest([pk for pk in ids if pk])

    def _look_up_references(self) -> dict[str, int]:
        """By key: the cases of all messages that any of the portion names."""
        if self._case_of_key is None:
            keys = {key for message in self.messages for key in message.refers_to[:_MOST_REFERENCES]}
            found = Message.objects.filter(shop=self.shop, message_key__in=keys)
            self._case_of_key = dict(found.values_list("message_key", "case_id"))
            self._look_up(self._case_of_key.values())
        return self._case_of_key

    def _newest(self, ids: Sequence[int]) -> list[Case]:
        """Those of these cases where something happened last, in the order in which they were named.

        A merged one is replaced by the case that goes on.
        """
        self._look_up(ids)
        found = [self._cases[pk] for pk in ids if pk in self._cases]
        newest = {case.pk for case in sorted(found, key=_age)[:_MOST_RECENT]}
        return [self._going_on(case) for case in found if case.pk in newest]

    def _going_on(self, case: Case) -> Case:
        target = case.merged_into
        return self._cases.get(target.pk, target) if target else case

    def _look_up(self, ids: Iterable[int]) -> None:
        """Cases by number, and who takes part in them, for those not looked up yet."""
        absent = set(ids) - self._cases.keys()
        if absent:
            rows = Case.objects.filter(shop=self.shop, pk__in=absent).select_related("merged_into")
            for case in rows:
                self.keep(case)
            self._look_up_parties({self._going_on(self._cases[pk]).pk for pk in absent & self._cases.keys()})

    def _look_up_parties(self, case_ids: set[int]) -> None:
        self._wrote |= {pk: set() for pk in case_ids}
        rows = Message.objects.filter(case_id__in=case_ids).values_list("case_id", "sender_mail", "to", "cc")
        for case_id, sender, to, cc in rows:
            self._wrote[case_id] |= _parties(sender, to, cc)

    def _candidate(self, case: Case) -> Candidate:
        """The case with its parties: the customer's addresses, and everybody who was written to or wrote in it."""
        if case.pk not in self._wrote:
            self._look_up_parties({case.pk})
        mails = self._mails_of(case.customer_id) if case.customer_id else set()
        parties = frozenset(mails | self._wrote[case.pk] | self._said.get(case.pk, set()))
        return _as_candidate(case, parties)

    def _mails_of(self, customer_id: int) -> set[str]:
        if customer_id not in self._mails:
            cases = (self._going_on(case) for case in self._cases.values())
            wanted = {customer_id, *(case.customer_id for case in cases if case.customer_id)} - self._mails.keys()
            self._mails |= {pk: set() for pk in wanted}
            for pk, contacts in commerce.contacts_of_customers(self.shop.pk, wanted).items():
                self._mails[pk] = {mail_key(each.value) for each in contacts if each.kind == ContactKind.MAIL}
        return self._mails[customer_id]


def _of_sender(case: Case) -> Candidate:
    """The sender is its customer; nobody asks for further parties."""
    return _as_candidate(case, frozenset())


def _as_candidate(case: Case, parties: frozenset[str]) -> Candidate:
    return Candidate(
        case_id=case.pk,
        is_closed=case.status == "closed",
        last_activity_at=case.last_activity_at,
        parties=parties,
        subject_key=rules.bare_subject(case.subject),
    )


def _parties(sender: str, to: Iterable[Sequence[str]], cc: Iterable[Sequence[str]]) -> set[str]:
    return {mail_key(mail) for mail in (sender, *(party[1] for party in [*to, *cc])) if mail}


def _age(case: Case) -> tuple[float, int]:
    """Sorts the case where something happened last to the front."""
    return -case.last_activity_at.timestamp(), -case.pk
