"""A case in short for somebody who has not read it: quoted from what is there, nothing made up."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from anshin.cases.queries import orders_of_cases, thread_of
from anshin.language.promises import promises_in
from anshin.language.sensitive_numbers import masked
from anshin.routing.terms import Summary

if TYPE_CHECKING:
    from anshin.cases.models import Case, Message
    from anshin.shops.models import Shop

_LONGEST_QUOTE = 400
_MOST_FILES = 8
_MOST_PROMISES = 3


def summary_of(shop: Shop, case: Case) -> dict[str, Any]:
    """The case's summary as JSON holds it: three queries."""
    messages = thread_of(shop, case.pk)
    asked = next((each for each in reversed(messages) if each.direction == "in"), None)
    said = [each for each in messages if each.direction == "out" and not each.is_automatic]
    orders = orders_of_cases(shop, [case.pk])[case.pk]
    customer = case.customer
    summary = Summary(
        customer=customer.name if customer else (asked.sender_name or asked.sender_mail if asked else ""),
        order_count=customer.order_count if customer else 0,
        orders=tuple(f"{order.number} ¥{order.total_yen:,}" for order in orders),
        topics=tuple(code for code, _share in case.topics),
        opened_at=case.created_at.isoformat(),
        message_count=len(messages),
        asked=_quote(asked),
        asked_at=asked.at.isoformat() if asked else "",
        answered=_quote(said[-1]) if said else "",
        answered_at=said[-1].at.isoformat() if said else "",
        promises=tuple(masked(sentence) for each in said for sentence in _promised(each, shop))[-_MOST_PROMISES:],
        files=tuple(file.name for each in messages if each.direction == "in" for file in each.attachments.all())[
            :_MOST_FILES
        ],
        due_at=case.due_at.isoformat() if case.due_at else "",
    )
    return asdict(summary)


def _promised(message: Message, shop: Shop) -> list[str]:
    """What was promised, word for word, as the list of promises reads it."""
    today = message.at.astimezone(ZoneInfo(shop.zone)).date()
    return [each.quote for each in promises_in(_own(message), today=today)]


def _own(message: Message) -> str:
    said = message.text[: message.quoted_from] if message.quoted_from else message.text
    return said if said.strip() else message.text


def _quote(message: Message | None) -> str:
    if message is None:
        return ""
    said = masked(" ".join(_own(message)[:4000].split()))
    return said if len(said) <= _LONGEST_QUOTE else f"{said[:_LONGEST_QUOTE].rstrip()}…"
