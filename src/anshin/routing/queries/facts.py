"""What is known of cases when rules look at them; only what some rule asks is looked up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.cases.queries import Subject, case_counts, orders_of_cases
from anshin.commerce.queries import order_parts, order_state
from anshin.language.search_text import plain
from anshin.routing.terms import NOBODY, Facts, Field
from anshin.shops.queries import open_spans

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.commerce.models import Order
    from anshin.shops.models import Shop

_LONGEST_TEXT = 20_000
_ORDERS = frozenset({Field.ORDER_TOTAL, Field.ORDER_STATE, Field.ORDER_GIFT})
_CLOCK = frozenset({Field.OPENING})


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """What was asked once for all the cases."""

    orders: Mapping[int, list[Order]] = field(default_factory=dict)
    states: Mapping[int, str] = field(default_factory=dict)
    case_counts: Mapping[int, int] = field(default_factory=dict)
    spans: tuple[tuple[datetime, datetime], ...] = ()


def facts_of(shop: Shop, subjects: Iterable[Subject], needs: Collection[Field]) -> list[Facts]:
    """The facts of each case, in their order: at most six queries for any number of them, none for the usual rules."""
    found = list(subjects)
    wanted = frozenset(needs)
    looked_up = _look_up(shop, found, wanted)
    return [_facts(shop, subject, wanted, looked_up) for subject in found]


def moment_of(subject: Subject) -> datetime:
    """When the customer wrote, else when the case was opened."""
    return subject.message.at if subject.message else subject.case.created_at


def own_words(message: Message | None) -> str:
    """Subject and text that the customer wrote, without the history below, unless there is nothing else."""
    if message is None:
        return ""
    said = message.text[: message.quoted_from] if message.quoted_from else message.text
    return f"{message.subject}\n{(said if said.strip() else message.text)[:_LONGEST_TEXT]}"


def _look_up(shop: Shop, subjects: list[Subject], wanted: frozenset[Field]) -> _LookedUp:
    orders: Mapping[int, list[Order]] = {}
    states: dict[int, str] = {}
    if wanted & _ORDERS:
        orders = orders_of_cases(shop, [subject.case.pk for subject in subjects])
    if Field.ORDER_STATE in wanted:
        every = {order.pk: order for linked in orders.values() for order in linked}
        parts = order_parts(shop, list(every))
        states = {pk: order_state(order, parts[pk]).value for pk, order in every.items()}
    customers = {subject.case.customer_id for subject in subjects if subject.case.customer_id}
    return _LookedUp(
        orders=orders,
        states=states,
        case_counts=case_counts(shop, customers) if Field.CASE_COUNT in wanted and customers else {},
        spans=_spans(shop, subjects) if wanted & _CLOCK else (),
    )


def _spans(shop: Shop, subjects: list[Subject]) -> tuple[tuple[datetime, datetime], ...]:
    moments = [moment_of(subject) for subject in subjects]
    if not moments:
        return ()
    return tuple(open_spans(shop, min(moments), max(moments) + timedelta(seconds=1)))


def _facts(shop: Shop, subject: Subject, wanted: frozenset[Field], looked_up: _LookedUp) -> Facts:
    case, message, at = subject.case, subject.message, moment_of(subject)
    orders = looked_up.orders.get(case.pk, [])
    customer = case.customer
    return Facts(
        channel=message.channel if message else case.channel,
        topics=frozenset(code for code, _share in case.topics),
        language=case.language,
        is_urgent=case.is_urgent,
        text=plain(own_words(message)) if Field.WORDS in wanted else "",
        domain=message.sender_mail.rpartition("@")[2].lower() if message else "",
        is_open_hour=any(begin <= at < end for begin, end in looked_up.spans),
        weekday=at.astimezone(ZoneInfo(shop.zone)).weekday(),
        tags=frozenset(case.tag_names),
        owner=str(case.owner_id or NOBODY),
        status=case.status,
        customer_tags=frozenset(customer.tags if customer else ()),
        case_count=looked_up.case_counts.get(case.customer_id or 0, 0),
        order_count=customer.order_count if customer else 0,
        order_totals_yen=tuple(order.total_yen for order in orders),
        order_states=frozenset(looked_up.states[order.pk] for order in orders if order.pk in looked_up.states),
        has_gift=any(order.is_gift for order in orders),
    )
