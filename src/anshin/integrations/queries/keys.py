"""Keys: the one that was presented, and a shop's list of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from anshin.integrations import rules
from anshin.integrations.models import ApiKey
from anshin.integrations.models.keys import LIVE
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_NOBODYS = rules.digest("")
_BY_PREFIX = Prepared(
    lambda prefix: ApiKey.objects.filter(LIVE, prefix=prefix).select_related("member__person", "member__shop"),
    prefix=str,
)


def find_key(presented: str, *, now: datetime) -> ApiKey | None:
    """The key that works now, with its member of staff and shop; None for every other word. One query.

    Whether there is a key of this prefix cannot be told from the time that the answer takes: a digest is always made
    and compared.
    """
    prefix = rules.prefix_of(presented)
    found = _BY_PREFIX.first(prefix=prefix or "none")
    is_right = rules.fits(presented, found.digest if found else _NOBODYS)
    if found is None or not is_right or (found.expires_at is not None and found.expires_at <= now):
        return None
    found.member.through = found.name
    return found


def keys_of(shop: Shop) -> list[ApiKey]:
    """The shop's keys, the newest first, with whom they work for; ended ones too. One query."""
    rows = ApiKey.objects.filter(shop=shop).select_related("member__person").order_by("-id")
    return list(rows[:200])
