"""Those whom no mail reaches, as lists: to be called, to be written to, without a way, told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Max, Q

from anshin.commerce import queries as commerce
from anshin.commerce.terms import ContactKind, Recipient
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.safety.models import Approach, LetterBundle, Notice, PersonToTell
from anshin.safety.queries.mails import Bought
from anshin.safety.rules import telling
from anshin.safety.terms import CALL_LASTS, Standing, TellState

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership

PAGE: Final = 50
MOST_BUNDLES: Final = 50
PORTION: Final = 500

_OPEN: Final = Q(state=TellState.OPEN)
LISTS: Final[Mapping[str, Q]] = {
    "phone": _OPEN & Q(way=Standing.BY_PHONE),
    "letter": _OPEN & Q(way=Standing.BY_LETTER),
    "none": _OPEN & Q(way=Standing.UNREACHABLE),
    "told": Q(state=TellState.TOLD),
}
"""Name of a list, as it stands in its address, to who is on it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One person as a list shows them. `phones` as they were written; `place` has no lines where none is known."""

    person: PersonToTell
    name: str
    kana: str
    language: str
    phones: tuple[str, ...]
    place: Recipient
    bought: tuple[Bought, ...]
    last: Approach | None


@dataclass(frozen=True, slots=True)
class ToldByHand:
    """How many people are on each list of `LISTS`, and how many letters are printed or not."""

    on: Mapping[str, int]
    unprinted: int
    printed: int  # and not posted yet

    @property
    def all(self) -> int:
        """Everybody whom no mail reaches and who has to be told."""
        return sum(self.on.values())

    @property
    def open(self) -> int:
        """Those who are still to be told."""
        return self.all - self.on["told"]


def told_by_hand(advisory: Advisory) -> ToldByHand:
    """One query."""
    letters = LISTS["letter"]
    wanted = {name: Count("pk", filter=which) for name, which in LISTS.items()}
    found = PersonToTell.objects.filter(advisory=advisory).aggregate(
        **wanted,
        unprinted=Count("pk", filter=letters & Q(bundle=None)),
        printed=Count("pk", filter=letters & Q(bundle__isnull=False)),
    )
    return ToldByHand({name: found[name] for name in LISTS}, found["unprinted"], found["printed"])


def people_page(advisory: Advisory, which: str, *, cursor: str = "") -> Page[PersonToTell]:
    """One page of a list, the latest purchase first. Raises KeyError for no list of ours, BadCursor."""
    found = PersonToTell.objects.filter(LISTS[which], advisory=advisory).select_related("bundle", "called_by__person")
    return page_of(found, order=("-rank", "id"), size=PAGE, cursor=cursor)


def every_listed(advisory: Advisory, which: str) -> Iterator[Listed]:
    """The whole of a list, read in portions. Raises KeyError."""
    cursor = ""
    found = PersonToTell.objects.filter(LISTS[which], advisory=advisory)
    while True:
        page = page_of(found, order=("-rank", "id"), size=PORTION, cursor=cursor)
        yield from listed(advisory, page.items)
        cursor = page.next
        if not cursor:
            return


def listed(advisory: Advisory, people: Sequence[PersonToTell]) -> list[Listed]:
    """These people with what is needed to call them or write to them, in their order. Five queries."""
    if not people:
        return []
    ids = [each.customer_id for each in people]
    customers, contacts = commerce.customers_among(advisory.shop_id, ids), _phones(advisory.shop_id, ids)
    places, orders = commerce.places_of_customers(advisory.shop_id, ids), _orders(advisory, ids)
    last = _last_approaches(people)
    found = []
    for person in people:
        customer, bought = customers[person.customer_id], orders.get(person.customer_id, [])
        own = [each.place for each in bought if not each.bought.is_gift]
        gifts = [each.place for each in bought if each.bought.is_gift]
        found.append(
            Listed(
                person=person,
                name=customer.name,
                kana=customer.kana,
                language=customer.language or "ja",
                phones=tuple(contacts.get(customer.pk, ())),
                place=telling.place_for(customer.name, own, gifts, places.get(customer.pk, ())),
                bought=tuple(each.bought for each in bought),
                last=last.get(person.pk),
            )
        )
    return found


def person_in(advisory: Advisory, person_id: int) -> PersonToTell | None:
    """One of those whom no mail reaches."""
    found = PersonToTell.objects.filter(advisory=advisory, pk=person_id)
    return found.select_related("customer", "bundle", "called_by__person").first()


def is_on(person: PersonToTell, which: str) -> bool:
    """Whether the person is on that list now. One query. Raises KeyError."""
    return PersonToTell.objects.filter(LISTS[which], pk=person.pk).exists()


def newest_person(advisory: Advisory) -> int:
    """Number of whoever came onto the lists last; 0 while they are empty."""
    return PersonToTell.objects.filter(advisory=advisory).aggregate(last=Max("pk"))["last"] or 0


def came_since(advisory: Advisory, which: str, newest: int) -> int:
    """How many came onto that list after the person of that number. Raises KeyError."""
    return PersonToTell.objects.filter(LISTS[which], advisory=advisory, pk__gt=newest).count()


def caller_of(person: PersonToTell, *, now: datetime) -> Membership | None:
    """Who is calling this person now."""
    if person.called_at is None or person.called_at < now - CALL_LASTS:
        return None
    return person.called_by


def bundles_of(advisory: Advisory) -> list[LetterBundle]:
    """The letters that were printed together, newest first; the newest fifty."""
    people = ("made_by__person", "posted_by__person")
    found = LetterBundle.objects.filter(advisory=advisory).select_related("advisory", *people)
    return list(found.order_by("-number")[:MOST_BUNDLES])


def bundle_by_number(advisory: Advisory, number: int) -> LetterBundle | None:
    """One of them."""
    found = LetterBundle.objects.filter(advisory=advisory, number=number)
    return found.select_related("advisory").first()


def people_in(bundle: LetterBundle) -> list[PersonToTell]:
    """Those whose letters are in it, in the order in which they were printed."""
    return list(bundle.people.order_by("-rank", "id"))


@dataclass(frozen=True, slots=True)
class _Order:
    bought: Bought
    place: Recipient


def _orders(advisory: Advisory, customer_ids: Sequence[int]) -> dict[int, list[_Order]]:
    """Affected orders by customer, the latest first."""
    told = Notice.objects.filter(advisory=advisory, customer__in=customer_ids)
    told = told.filter(standing__in=[each for each in Standing if each.is_told])
    columns = ("order__ordered_at", "order__channel", "order__number", "quantity", "is_gift")
    place = ("order__recipient_name", "order__recipient_postcode", "order__recipient_lines")
    rows = told.order_by("-order__ordered_at", "-order_id").values_list("customer_id", *columns, *place)
    found: dict[int, list[_Order]] = {}
    for customer_id, *row in rows:
        found.setdefault(customer_id, []).append(_Order(Bought(*row[:5]), Recipient(*row[5:])))
    return found


def _phones(shop_id: int, ids: Sequence[int]) -> dict[int, list[str]]:
    points = commerce.contacts_of_customers(shop_id, ids)
    return {each: [point.value for point in points[each] if point.kind == ContactKind.PHONE] for each in points}


def _last_approaches(people: Sequence[PersonToTell]) -> dict[int, Approach]:
    """By person the newest one; nobody is called very often, so that all of them are read."""
    found = Approach.objects.filter(person__in=[each.pk for each in people]).select_related("by__person")
    return {each.person_id: each for each in found.order_by("pk")}
