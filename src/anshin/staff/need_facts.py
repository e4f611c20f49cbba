"""What is missing before a case can be answered, as far as its messages, files and orders tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language

from anshin.cases.ports import filled_forms
from anshin.cases.queries import CasePage
from anshin.cases.terms import Channel, Direction, Status
from anshin.commerce.queries import is_named
from anshin.language.topics.codes import Need
from anshin.language.topics.features import said
from anshin.language.topics.needs import missing, need_words, said_in
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.shops.models import Membership

_FIELDS: Final = {"order_number": Need.ORDER_NUMBER, "product": Need.MODEL, "since": Need.SINCE}


def needs_of(page: CasePage) -> list[Need]:
    """What the case's topics need and nobody has told yet; nothing once we have answered.

    One query where something came by the form, else none.
    """
    case = page.case
    if case.status in {Status.CLOSED, Status.SPAM} or not case.topics:
        return []
    if any(message.direction == Direction.OUT for message in page.messages):
        return []
    return missing([code for code, _share in case.topics], _known(page))


def need_facts(by: Membership, page: CasePage) -> dict[str, Any] | None:
    """What staff/_facts.html shows of it."""
    needs = needs_of(page)
    if not needs:
        return None
    language = get_language() or "ja"
    can_answer = may(by, Permission.ANSWER)
    url = address("ask_needs", by.shop.slug, page.case.number) if can_answer else ""
    return {"words": [need_words(need, language) for need in needs], "ask_url": url}


def _known(page: CasePage) -> set[Need]:
    came = [message for message in page.messages if message.direction == Direction.IN]
    forms = _forms(page, came)
    known: set[Need] = set()
    for message in came:
        filled = forms.get(message.pk)
        known |= _told(message.subject, message.text if filled is None else str(filled.get("text", "")))
        known |= {need for name, need in _FIELDS.items() if filled and str(filled.get(name, "")).strip()}
        if message.file_count and any(file.blob.kind.startswith("image/") for file in message.attachments.all()):
            known |= {Need.PHOTO, Need.SCREEN}
    if page.orders:
        known.add(Need.ORDER_NUMBER)
        if _is_clear_item(page, came):
            known.add(Need.MODEL)
    if page.case.channel != Channel.PHONE:
        known.add(Need.MAIL_ADDRESS)
    return known


def _told(subject: str, text: str) -> set[Need]:
    read = said(subject, text)
    return said_in([read.subject, *read.sentences])


def _forms(page: CasePage, came: list[Message]) -> Mapping[int, Mapping[str, Any]]:
    """What was filled in where; the lines below a form's text would be taken for words: 購入日: 先週 is no 先週から."""
    sent = [message.pk for message in came if message.channel == Channel.WEB_FORM]
    return filled_forms.get().answers(page.case.shop_id, sent) if sent else {}


def _is_clear_item(page: CasePage, came: list[Message]) -> bool:
    """Whether the orders hold one item only, or one of theirs is named."""
    names = {line.name for each in page.orders for line in each.parts.lines}
    words = "\n".join(f"{message.subject}\n{message.text}" for message in came)
    return len(names) == 1 or any(is_named(name, words) for name in names)
