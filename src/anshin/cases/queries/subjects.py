"""Cases as rules look at them: with the customer's message, the orders and the customer's other cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from anshin.cases.models import Case, Counter, Message, OrderLink
from anshin.cases.terms import Delivery, Direction, Status
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.commerce.models import Order
    from anshin.shops.models import Shop

_CASE = Prepared(
    lambda shop, case: Case.objects.select_related("customer", "shop").filter(shop_id=shop, pk=case, merged_into=None),
    shop=int,
    case=int,
)
_NEWEST_IN = Prepared(
    lambda case: Message.objects.filter(case_id=case, direction=Direction.IN).order_by("-at", "-id")[:1], case=int
)
_MESSAGE = Prepared(
    lambda case, message: Message.objects.filter(pk=message, case_id=case, direction=Direction.IN),
    case=int,
    message=int,
)
_LOADS = Prepared(
    lambda shop: (
        Counter.objects.filter(shop_id=shop, status=Status.OPEN).exclude(owner_id=0).values_list("owner_id", "count")
    ),
    shop=int,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A case with the message of the customer that is looked at, None where there is none."""

    case: Case
    message: Message | None


def subject_of(shop_id: int, case_id: int, *, message_id: int = 0) -> Subject | None:
    """A case, its shop and customer loaded, with this message of it, or with the customer's newest; None for one that
    was merged away. Two queries."""
    case = _CASE.first(shop=shop_id, case=case_id)
    if case is None:
        return None
    message = _MESSAGE.first(case=case_id, message=message_id) if message_id else None
    return Subject(case, message or _NEWEST_IN.first(case=case_id))


def case_by_id(shop: Shop, case_id: int) -> Case | None:
    """A case of the shop with its customer; None for another shop's, or one that was merged away."""
    return _CASE.first(shop=shop.pk, case=case_id)


def thread_of(shop: Shop, case_id: int) -> list[Message]:
    """What was said in a case, oldest first, with files: two queries."""
    rows = Message.objects.filter(shop=shop, case_id=case_id).exclude(delivery=Delivery.TAKEN_BACK)
    return list(rows.prefetch_related("attachments").order_by("at", "id"))


def newest_subjects(shop: Shop, *, most: int) -> list[Subject]:
    """The shop's newest cases, each with the customer's first message: two queries. Spam is none of them."""
    rows = Case.objects.select_related("customer").filter(shop=shop, merged_into=None).exclude(status=Status.SPAM)
    cases = list(rows.order_by("-id")[:most])
    first = {message.case_id: message for message in _first_messages([case.pk for case in cases])}
    return [Subject(case, first.get(case.pk)) for case in cases]


def orders_of_cases(shop: Shop, case_ids: Collection[int]) -> Mapping[int, list[Order]]:
    """The orders that stand beside these cases for certain: one query."""
    found: dict[int, list[Order]] = {case_id: [] for case_id in case_ids}
    links = OrderLink.objects.filter(shop=shop, case_id__in=case_ids, is_proposed=False).select_related("order")
    for link in links.order_by("id"):
        found[link.case_id].append(link.order)
    return found


def case_counts(shop: Shop, customer_ids: Collection[int]) -> Mapping[int, int]:
    """How many cases each of these customers has had: one query."""
    rows = Case.objects.filter(shop=shop, customer_id__in=customer_ids, merged_into=None).order_by()
    return dict(rows.values_list("customer_id").annotate(Count("id")))


def open_loads(shop: Shop) -> Mapping[int, int]:
    """How many cases wait for us with each owner, from the counters: one query."""
    return dict(_LOADS.tuples(shop=shop.pk))


def automatic_answers_since(shop: Shop, *, since: datetime, customer_id: int | None = None) -> int:
    """How many mails no person wrote since a moment: to a customer, or of the whole shop."""
    rows = Message.objects.filter(shop=shop, direction=Direction.OUT, is_automatic=True, at__gte=since)
    return rows.filter(case__customer_id=customer_id).count() if customer_id else rows.count()


def _first_messages(case_ids: Sequence[int]) -> list[Message]:
    place = Window(RowNumber(), partition_by=F("case_id"), order_by=[F("at").asc(), F("id").asc()])
    rows = Message.objects.filter(case_id__in=case_ids, direction=Direction.IN).annotate(place=place)
    return list(rows.filter(place=1))
