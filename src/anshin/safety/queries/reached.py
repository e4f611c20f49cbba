"""Whom a public advisory reached, counted from the notices that were written at the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from anshin.safety.models import Edition, Notice
from anshin.safety.queries.audience import Audience, Group, audience, matched_products
from anshin.safety.rules import reaching
from anshin.safety.terms import Standing

if TYPE_CHECKING:
    from anshin.safety.models import Advisory


def audience_to_show(advisory: Advisory) -> Audience:
    """Before the release, and while a correction is written, whom it would reach now; otherwise whom it reached.

    What was bought, returned or cancelled since the release changes nothing about whom it reached.
    """
    is_corrected = (advisory.approved_version or 0) < advisory.facts_version
    return audience(advisory) if advisory.number is None or is_corrected else reached(advisory)


def reached(advisory: Advisory) -> Audience:
    """The notices of a public advisory, grouped. The language is that of the mail, "" without one. Three queries."""
    edition = Edition.objects.filter(advisory=advisory, live_at__isnull=False).order_by("-id").first()
    sought = reaching.from_json(edition.reach) if edition else ()
    names_lots = any(each.lots for each in sought)
    written = Notice.objects.filter(advisory=advisory).values_list(
        "standing", "order__channel", "mail__language", "is_gift", "is_lot_known"
    )
    counted = written.annotate(orders=Count("order_id", distinct=True))
    groups = tuple(
        Group(
            standing=Standing(standing),
            sales_channel=channel,
            language=language or "",
            is_gift=is_gift,
            is_lot_unknown=names_lots and not is_lot_known,
            orders=orders,
        )
        for standing, channel, language, is_gift, is_lot_known, orders in counted.order_by()
    )
    mails = Notice.objects.filter(advisory=advisory).aggregate(mails=Count("mail_id", distinct=True))["mails"]
    return Audience(groups, mails, matched_products(sought), catalogue=0, asks_twice=False)
