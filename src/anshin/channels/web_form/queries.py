"""Reading of the contact form's rows: how much was sent lately, and what waits for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from anshin.channels.web_form.models import Submission
from anshin.channels.web_form.terms import Fate

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def submission_by_nonce(shop: Shop, nonce: str) -> Submission | None:
    """What was sent from the page with this nonce, if anything."""
    return Submission.objects.filter(shop=shop, nonce=nonce).first()


def submission_by_id(shop: Shop, submission_id: int) -> Submission | None:
    """One submission of the shop with the case it became."""
    return Submission.objects.select_related("message__case").filter(shop=shop, pk=submission_id).first()


def sent_from_address(shop: Shop, address_key: str, *, since: datetime, except_nonce: str) -> int:
    """How many other pages were sent from this network address since then."""
    rows = Submission.objects.filter(shop=shop, address_key=address_key, received_at__gte=since)
    return rows.exclude(nonce=except_nonce).count()


def sent_by_mail(shop: Shop, mail_key: str, *, since: datetime, except_nonce: str) -> int:
    """How many other pages were sent under this mail address since then."""
    rows = Submission.objects.filter(shop=shop, mail_key=mail_key, received_at__gte=since)
    return rows.exclude(nonce=except_nonce).count()


class KeptAnswers:
    """Fills cases.filled_forms: nothing of erased forms."""

    def answers(self, shop_id: int, message_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
        """The fields as they were sent, by message. One query."""
        rows = Submission.objects.filter(shop_id=shop_id, message__in=message_ids).exclude(fields={})
        return {pk: fields for pk, fields in rows.values_list("message_id", "fields") if pk}


def not_taken_in(shop: Shop) -> QuerySet[Submission]:
    """What was sent and is no case, newest first: kept, sent back, or failed."""
    return Submission.objects.filter(shop=shop).exclude(fate=Fate.TAKEN_IN).order_by("-id")
