"""What is refused about promoters, the one that is locked while something is done, and addresses as they are kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.journal.actions import record
from anshin.promoters.models import Promoter
from anshin.promoters.terms import LONGEST_ADDRESS
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Membership


class PromoterRefused(Refused):
    """It cannot be written down like this; the sentence says what to change."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))


class UnknownPromoter(Refused):
    """The promoter is not in this shop's register any more."""

    def __init__(self) -> None:
        super().__init__(str(_("This promoter is not in the register any more.")))


class NotVerified(Refused):
    """Nothing is sent to whom nobody has verified, or whose verification has run out."""

    def __init__(self) -> None:
        super().__init__(str(_("Samples go to verified promoters only. Check the followers first.")))


def locked(by: Membership, promoter_id: int) -> Promoter:
    """The promoter, locked. Inside a transaction. Raises NotAllowed, UnknownPromoter."""
    require(by, Permission.KEEP_PROMOTERS)
    found = Promoter.objects.select_for_update().filter(shop_id=by.shop_id, pk=promoter_id).first()
    if found is None:
        raise UnknownPromoter
    return found


def web_address(typed: str) -> str:
    """The address as it is kept: https only, for it becomes a link. Raises PromoterRefused."""
    address = typed.strip()
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and not parts.username and not parts.password
    except ValueError:
        is_whole = False
    if not is_whole or len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise PromoterRefused(_("Write the whole address of the page. It begins with https://."))
    return f"https{address[5:]}"  # the scheme may have been typed in capitals


def day_of(by: Membership, now: datetime) -> date:
    """The shop's own day at that moment."""
    return now.astimezone(ZoneInfo(by.shop.zone)).date()


def write_down(fact: Event, *, by: Membership, now: datetime) -> None:
    """Into the journal."""
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
