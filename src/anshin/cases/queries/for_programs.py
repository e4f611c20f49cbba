"""What other programs are shown: lists of cases by what an index knows, and the messages of a case, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from anshin.cases.models import Attachment, Case, Message
from anshin.cases.terms import Delivery, Status
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_PEOPLE = ("customer", "owner__person")


def cases_for_programs(
    shop: Shop,
    *,
    status: Status | None = None,
    owner_id: int | None = None,
    customer_id: int | None = None,
    since: datetime | None = None,
    cursor: str = "",
    size: int = 50,
) -> Page[Case]:
    """The shop's cases that fit, those with the newest message first, with customers and owners: one query.

    Spam only where it is asked for; merged ones never. `since`: whose newest message is not older. An owner is asked
    for with a status only, for which there is an index. Raises BadCursor.
    """
    rows = Case.objects.filter(shop=shop, merged_into=None).select_related(*_PEOPLE)
    rows = rows.exclude(status=Status.SPAM) if status is None else rows.filter(status=status)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if since is not None:
        rows = rows.filter(last_activity_at__gte=since)
    return page_of(rows, order=("-last_activity_at", "-id"), size=size, cursor=cursor)


def case_for_programs(shop: Shop, number: int) -> Case | None:
    """The case of this number with customer and owner; also one that was merged, which names the other. One query."""
    rows = Case.objects.select_related(*_PEOPLE, "merged_into")
    return rows.filter(shop=shop, number=number).first()


def messages_for_programs(shop: Shop, case_id: int, *, cursor: str = "", size: int = 50) -> Page[Message]:
    """One page of what was said in a case, the oldest first, with authors and files: two queries. Raises BadCursor."""
    files = Prefetch("attachments", queryset=Attachment.objects.select_related("blob").order_by("id"))
    rows = Message.objects.filter(shop=shop, case_id=case_id).exclude(delivery=Delivery.TAKEN_BACK)
    return page_of(
        rows.select_related("author__person").prefetch_related(files), order=("at", "id"), size=size, cursor=cursor
    )
