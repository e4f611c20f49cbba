"""What is missing before a case can be answered, as far as its messages, files and orders tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from anshin.cases.queries import CasePage
from anshin.cases.terms import Channel, Direction, Status
from anshin.language.topics.codes import Need
from anshin.language.topics.features import said
from anshin.language.topics.needs import missing, need_words, said_in
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.shops.models import Membership


def needs_of(page: CasePage) -> list[Need]:
    """What the case's topics need and nobody has told yet; nothing once we have answered. No query."""
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
    known: set[Need] = set()
    for message in came:
        read = said(message.subject, message.text)
        known |= said_in([read.subject, *read.sentences])
        if message.file_count and any(file.blob.kind.startswith("image/") for file in message.attachments.all()):
            known |= {Need.PHOTO, Need.SCREEN}
    if page.orders:
        known |= {Need.ORDER_NUMBER, Need.MODEL}
    if page.case.channel != Channel.PHONE:
        known.add(Need.MAIL_ADDRESS)
    return known
