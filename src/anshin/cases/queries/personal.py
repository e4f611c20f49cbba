"""Who is meant in some cases, by every word that could tell; and whether somebody is shown one of them right now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from anshin.cases.models import Attachment, Case, Message, OrderLink, Reveal
from anshin.cases.terms import Direction
from anshin.commerce import queries as commerce
from anshin.language.personal import Known, PersonalKind, Shapes, Veil
from anshin.shops.queries import may
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class Named:
    """What a page names: cases by number and by id, orders and customers by id."""

    case_numbers: frozenset[int] = frozenset()
    case_ids: frozenset[int] = frozenset()
    order_ids: frozenset[int] = frozenset()
    customer_ids: frozenset[int] = frozenset()


@dataclass(slots=True)
class PersonalWords:
    """Words that tell of people: of customers, and of whoever wrote in a case."""

    of_customers: dict[int, list[Known]] = field(default_factory=dict)
    of_cases: dict[int, list[Known]] = field(default_factory=dict)

    def all(self) -> set[Known]:
        """Every word."""
        return {word for words in (*self.of_customers.values(), *self.of_cases.values()) for word in words}

    def but_of(self, shown: Reveal) -> set[Known]:
        """Every word that does not belong to whom this shows."""
        own = {*self.of_customers.get(shown.customer_id or 0, ()), *self.of_cases.get(shown.case_id, ())}
        return self.all() - own


def personal_words(shop_id: int, named: Named) -> PersonalWords:
    """The words of everybody who belongs to what is named: the cases' customers, writers and receivers, and the
    customers of the orders of these cases. Nine queries at most."""
    customers, case_ids = set(named.customer_ids), set(named.case_ids)
    if named.case_numbers or case_ids:
        numbered = Case.objects.filter(shop_id=shop_id, number__in=named.case_numbers)
        known = Case.objects.filter(shop_id=shop_id, pk__in=case_ids)
        for rows in (numbered, known):
            for pk, customer_id in rows.values_list("pk", "customer_id"):
                case_ids.add(pk)
                customers.add(customer_id)
        links = OrderLink.objects.filter(shop_id=shop_id, case_id__in=case_ids)
        customers.update(links.values_list("order__customer_id", flat=True))
    customers.update(commerce.customers_of_orders(shop_id, named.order_ids).values())
    customers.discard(None)
    return PersonalWords(commerce.personal_words(shop_id, customers), _writers(shop_id, case_ids))


def words_of_cases(shop_id: int, cases: Iterable[tuple[int, int | None]]) -> dict[int, set[Known]]:
    """For each (case, its customer) the words of whoever belongs to it, orders of others included: seven queries."""
    given = dict(cases)
    customers: dict[int, set[int]] = {pk: {customer} if customer else set() for pk, customer in given.items()}
    links = OrderLink.objects.filter(shop_id=shop_id, case_id__in=given)
    for pk, customer_id in links.values_list("case_id", "order__customer_id"):
        customers[pk].add(customer_id)
    words = commerce.personal_words(shop_id, set().union(*customers.values()) if customers else set())
    writers = _writers(shop_id, given)
    return {
        pk: {*writers.get(pk, ()), *(word for each in theirs for word in words.get(each, ()))}
        for pk, theirs in customers.items()
    }


def as_told_to(member: Membership, case: Case, text: str) -> str:
    """Words about a case for a letter to a member of staff: with marks for who may not know customers, even while they
    are shown this one, since a letter stays."""
    if may(member, Permission.SEE_PERSONAL):
        return text
    return Veil(words_of_cases(case.shop_id, [(case.pk, case.customer_id)])[case.pk]).over(text)


def unnamed(case: Case, text: str) -> str:
    """A text of ours as somebody may have it who may not know customers: the customer's name and address as the
    placeholders that stand for them, everything else of people as marks."""
    words = commerce.personal_words(case.shop_id, {case.customer_id} if case.customer_id else set())
    own = words.get(case.customer_id or 0, [])
    names = [word for word in own if word.kind == PersonalKind.NAME][:1]
    mails = [word for word in own if word.kind == PersonalKind.MAIL][:1]
    placeholders = {PersonalKind.NAME: "{{customer.name}}", PersonalKind.MAIL: "{{customer.mail}}"}
    named = Veil([*names, *mails], marks=placeholders, shapes=Shapes.LEFT).over(text)
    every = words_of_cases(case.shop_id, [(case.pk, case.customer_id)])[case.pk]
    return Veil(every).over(named)


def reveal_of(by: Membership, case: Case, *, now: datetime) -> Reveal | None:
    """What shows this person the case's customer right now, the one that lasts longest. One query."""
    same = Q(customer_id=case.customer_id) if case.customer_id else Q(customer__isnull=True)
    rows = Reveal.objects.filter(same, case_id=case.pk, member_id=by.pk, until_at__gt=now)
    return rows.order_by("-until_at").first()


def _writers(shop_id: int, case_ids: Collection[int]) -> dict[int, list[Known]]:
    """Who wrote to the shop in these cases, to whom the shop wrote, and how the customers' files are called."""
    found: dict[int, set[Known]] = defaultdict(set)
    if not case_ids:
        return {}
    rows = Message.objects.filter(shop_id=shop_id, case_id__in=case_ids)
    for case_id, direction, name, mail, to, cc in rows.values_list(
        "case_id", "direction", "sender_name", "sender_mail", "to", "cc"
    ):
        parties: Sequence[Sequence[str]] = [(name, mail)] if direction == Direction.IN else [*to, *cc]
        for party_name, party_mail in parties:
            if party_name and "@" not in party_name:
                found[case_id].add(Known(PersonalKind.NAME, party_name))
            if party_mail:
                found[case_id].add(Known(PersonalKind.MAIL, party_mail))
    files = Attachment.objects.filter(shop_id=shop_id, message__case_id__in=case_ids, message__direction=Direction.IN)
    for case_id, name in files.values_list("message__case_id", "name"):
        found[case_id].add(Known(PersonalKind.FILE, name))
    return {case_id: list(words) for case_id, words in found.items()}
