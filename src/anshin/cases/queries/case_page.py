"""Everything that one case's screen shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from anshin.cases import rules
from anshin.cases.models import (
    Attachment,
    BounceReport,
    Case,
    Draft,
    DraftFile,
    Message,
    Note,
    OrderLink,
    ShopTopic,
    SpamMark,
)
from anshin.cases.terms import Status
from anshin.commerce import queries as commerce
from anshin.commerce.queries import OrderParts
from anshin.plumbing.journal import queries as journal
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.commerce.models import ContactPoint, Order
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.shops.models import Membership, Shop

_MOST_PAST_CASES = 5
_LARGEST_NUMBER = 2**31 - 1
_CASE = Prepared(
    lambda shop, number: (
        Case.objects.select_related("customer", "owner__person", "first_case")
        .filter(shop_id=shop, number=number)
        .annotate(
            has_notes=Exists(Note.objects.filter(case=OuterRef("pk"))),
            has_drafts=Exists(Draft.objects.filter(case=OuterRef("pk"))),
            has_orders=Exists(OrderLink.objects.filter(case=OuterRef("pk"))),
            has_own_topics=Exists(ShopTopic.objects.filter(shop=OuterRef("shop"))),
        )
    ),
    shop=int,
    number=int,
)
_MESSAGES = Prepared(
    lambda case: Message.objects.filter(case_id=case).select_related("author__person").order_by("at", "id"), case=int
)
_NOTES = Prepared(
    lambda case: Note.objects.filter(case_id=case).select_related("author__person").order_by("at", "id"), case=int
)
_DRAFTS = Prepared(lambda case, author: Draft.objects.filter(case_id=case, author_id=author), case=int, author=int)
_LINKS = Prepared(
    lambda case: OrderLink.objects.filter(case_id=case).select_related("order").order_by("is_proposed", "id"), case=int
)
_PAST_CASES = Prepared(
    lambda shop, customer: (
        Case.objects.filter(shop_id=shop, customer_id=customer, merged_into=None)
        .only("number", "subject", "status", "last_activity_at")
        .order_by("-last_activity_at")[: _MOST_PAST_CASES + 1]
    ),
    shop=int,
    customer=int,
)


_SPAM_MARK = Prepared(lambda case: SpamMark.objects.filter(case_id=case).select_related("marked_by__person"), case=int)


@dataclass(frozen=True, slots=True)
class LinkedOrder:
    """An order beside a case, and why it stands there."""

    link_id: int
    reason: str
    is_proposed: bool
    order: Order
    parts: OrderParts


@dataclass(frozen=True, slots=True)
class PastCase:
    """One earlier case of the same customer."""

    number: int
    subject: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with its thread, notes, facts, customer, orders and the reader's drafts."""

    case: Case
    messages: Sequence[Message]
    notes: Sequence[Note]
    facts: Sequence[JournalEntry]
    contacts: Sequence[ContactPoint]
    orders: Sequence[LinkedOrder]
    past_cases: Sequence[PastCase]
    drafts: dict[bool, Draft]

    @property
    def reply_subject(self) -> str:
        """The subject under which the next reply leaves unless the writer changes it."""
        return rules.answering(self.case.subject, is_first=not self.messages)


def case_by_number(shop: Shop, number: int) -> Case | None:
    """The case of this shop with that number; a merged one names the case that goes on.

    It also knows whether it has notes, drafts and orders at all, so that its page need not ask in vain.
    """
    return _CASE.first(shop=shop.pk, number=number) if number <= _LARGEST_NUMBER else None


def case_page(by: Membership, case: Case) -> CasePage:
    """What `by` sees of `case`: four to ten queries, however long the thread is."""
    shop = by.shop
    messages = _MESSAGES.rows(case=case.pk)
    _look_up_files(messages)
    if any(message.report_count for message in messages):
        reports = BounceReport.objects.order_by("id")
        prefetch_related_objects(messages, Prefetch("bounce_reports", queryset=reports))
    drafts = _DRAFTS.rows(case=case.pk, author=by.pk) if getattr(case, "has_drafts", True) else []
    if drafts:
        prefetch_related_objects(drafts, Prefetch("files", queryset=DraftFile.objects.select_related("blob")))
    return CasePage(
        case=case,
        messages=messages,
        notes=_NOTES.rows(case=case.pk) if getattr(case, "has_notes", True) else [],
        facts=journal.facts_of_case(shop.pk, case.pk),
        contacts=commerce.contact_points(shop, case.customer_id) if case.customer_id else [],
        orders=_orders(shop, case),
        past_cases=_past_cases(shop, case),
        drafts={draft.is_note: draft for draft in drafts},
    )


def orders_of_case(case_id: int) -> list[Order]:
    """The orders that a person or a number in the text has linked, without mere proposals. One query."""
    return [link.order for link in _LINKS.rows(case=case_id) if not link.is_proposed]


def page_after_reply(page: CasePage, message: Message) -> CasePage:
    """The page with the reply that has just been written on it, the case as that left it, and the draft used up.

    No query but for files. What colleagues did in the same moment is not in it; a hint brings it to the open page.
    """
    case, former = message.case, page.case
    if case.customer_id == former.customer_id:
        case.customer = former.customer
    if message.author and case.owner_id == message.author.pk:
        case.owner = message.author
    elif case.owner_id == former.owner_id:
        case.owner = former.owner
    case.has_own_topics = getattr(former, "has_own_topics", True)  # type: ignore[attr-defined]
    _look_up_files([message])
    drafts: dict[bool, Draft] = {is_note: draft for is_note, draft in page.drafts.items() if is_note}
    return replace(page, case=case, messages=[*page.messages, message], drafts=drafts)


def spam_mark_of(case: Case) -> SpamMark | None:
    """Why the case lies in the spam folder; no query for one that does not."""
    return _SPAM_MARK.first(case=case.pk) if case.status == Status.SPAM else None


def _look_up_files(messages: Sequence[Message]) -> None:
    if any(message.file_count for message in messages):
        files = Attachment.objects.select_related("blob").order_by("id")
        prefetch_related_objects(messages, Prefetch("attachments", queryset=files))


def _orders(shop: Shop, case: Case) -> list[LinkedOrder]:
    links = _LINKS.rows(case=case.pk) if getattr(case, "has_orders", True) else []
    if not links:
        return []
    parts = commerce.order_parts(shop, [link.order_id for link in links])
    return [
        LinkedOrder(
            link_id=link.pk,
            reason=link.reason,
            is_proposed=link.is_proposed,
            order=link.order,
            parts=parts[link.order_id],
        )
        for link in links
    ]


def _past_cases(shop: Shop, case: Case) -> list[PastCase]:
    if case.customer_id is None:
        return []
    rows = _PAST_CASES.rows(shop=shop.pk, customer=case.customer_id)
    others = [row for row in rows if row.pk != case.pk][:_MOST_PAST_CASES]
    return [PastCase(row.number, row.subject, row.status, row.last_activity_at) for row in others]
