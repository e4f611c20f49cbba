"""What a case's head says when goods look bought for a reward that a third party promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anshin.cases.queries import promotion_alert_of
from anshin.plumbing.pages.templatetags.pages import yen
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.cases.queries import CasePage
    from anshin.shops.models import Membership


def promotion_notices(by: Membership, page: CasePage) -> list[dict[str, str]]:
    """`notices` of staff/_case_head.html about it: one with its reason, or none. No query."""
    alert = promotion_alert_of(page)
    if alert is None:
        return []
    pieces = ngettext("%(count)s piece", "%(count)s pieces", alert.order.pieces) % {"count": alert.order.pieces}
    said = _(
        "This may be a case of “buy, promote on social media, get money and a reward back”: the first purchase "
        "(%(order)s) is %(pieces)s for %(total)s, and the customer writes “%(words)s”. Wait with sending until this is "
        "clear; the customer may be a victim."
    )
    values = {
        "order": alert.order.number,
        "pieces": pieces,
        "total": yen(alert.order.total_yen),
        "words": "、".join(alert.words),
    }
    notice = {"kind": "bad", "text": said % values}
    if may(by, Permission.ANSWER):
        url = address("case_referrals", by.shop.slug, page.case.number)
        notice |= {"url": url, "do": _("Where the customer can turn")}
    return [notice]
