"""Context processor: what owner and manager must know of their mailboxes, as the desk's notices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from anshin.channels.email import queries
from anshin.channels.email.alerts import alert_words
from anshin.shops import queries as shops
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


def notices(request: HttpRequest) -> dict[str, Any]:
    """`desk_notices` for the frame of the desk: one query, for those who watch over mail, where it is drawn."""
    by = getattr(request, "by", None)
    if by is None or not shops.may(by, Permission.WATCH_MAIL):
        return {}
    return {"desk_notices": SimpleLazyObject(partial(_notices, by))}


def _notices(by: Membership) -> list[dict[str, str]]:
    return [
        {
            "text": alert_words.title(alert),
            "url": reverse("email:sheet", args=[by.shop.slug, alert.mailbox_id]),
        }
        for alert in queries.lasting_alerts(by.shop)
    ]
