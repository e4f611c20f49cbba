"""Returned mails on screens: at the message that came back, at the address, and before the next reply is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anshin.cases.terms import Delivery
from anshin.commerce.terms import BounceKind, ContactKind, Reach
from anshin.plumbing.pages import dates
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address as desk_address
from anshin.staff.bounce_words import advice, reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from anshin.cases.models import BounceReport, Message
    from anshin.commerce.models import ContactPoint
    from anshin.shops.models import Membership, Shop


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands at a message that came back; `report_id` is the newest report that can be had, None without one."""

    trouble: dict[str, str]
    report_id: int | None


def trouble_of(message: Message, *, by: Membership, retry_url: str) -> Trouble:
    """Why it came back, what to do, and the server's own words."""
    reports = [report for report in _reports(message) if report.given_up]
    said = message.server_words or "-"
    trouble = {"retry_url": retry_url, "do": _("Send again")}
    if not reports:
        words = _("This reply came back (%(words)s). Check the address, or call the customer.") % {"words": said}
        return Trouble(trouble | {"words": words}, None)
    newest = reports[-1]
    domain = own_domain(by.shop, message.sender_mail)
    told = " ".join(dict.fromkeys(reason(each.kind, each.address) for each in reports[-3:]))
    what = (
        _("This reply could not be sent. %(reason)s")
        if message.delivery == Delivery.FAILED
        else _("This reply came back. %(reason)s")
    )
    trouble |= {
        "words": what % {"reason": told},
        "advice": advice(newest.kind, newest.address, own_domain=domain),
        "detail": _("The server’s words: %(words)s") % {"words": said},
    }
    return Trouble(trouble, newest.pk if newest.raw_blob_id else None)


def waiting_report(message: Message) -> BounceReport | None:
    """The newest report when it says that the other server still tries to hand the message on."""
    if message.delivery != Delivery.SENT or not message.report_count:
        return None
    since = [report for report in _reports(message) if message.sent_at is None or report.at >= message.sent_at]
    return since[-1] if since and not since[-1].given_up else None


def mark_of(contact: ContactPoint, *, by: Membership, now: datetime, language: str) -> dict[str, str]:
    """The mark at an address to which mail does not (always) arrive; empty for all others."""
    if contact.reach == Reach.OK or contact.bounced_since_at is None:
        return {}
    since = dates.when(contact.bounced_since_at, now=now, language=language)
    return {
        "kind": "bad" if contact.reach == Reach.UNREACHABLE else "warn",
        "words": str(Reach(contact.reach).label),
        "why": _("since %(at)s: %(reason)s") % {"at": since, "reason": BounceKind(contact.bounce_kind).label},
        "advice": advice(contact.bounce_kind, contact.value, own_domain=own_domain(by.shop)),
        "trust_url": desk_address("address_trust", by.shop.slug, contact.pk) if may(by, Permission.ANSWER) else "",
    }


def warnings_before_writing(contacts: Iterable[ContactPoint], *, chosen: str) -> list[dict[str, Any]]:
    """What the composer says when a marked address is chosen, with the other known addresses to choose instead."""
    known = [contact for contact in contacts if contact.kind == ContactKind.MAIL]
    good = [contact.value for contact in known if contact.reach == Reach.OK]
    return [
        {
            "mail": marked.value,
            "on": marked.value.lower() == chosen.lower(),
            "words": _("Mail to this address did not arrive (%(reason)s).")
            % {"reason": BounceKind(marked.bounce_kind).label},
            "others": [{"value": mail, "do": _("Write to %(mail)s") % {"mail": mail}} for mail in good],
        }
        for marked in known
        if marked.reach != Reach.OK
    ]


def own_domain(shop: Shop, sender_mail: str = "") -> str:
    """The domain from which the shop writes."""
    return (sender_mail or shop.contact_mail).rpartition("@")[2] or shop.name


def _reports(message: Message) -> list[BounceReport]:
    return list(message.bounce_reports.all()) if message.report_count else []
