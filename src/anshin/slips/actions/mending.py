"""Mending what stands on one parcel's slip, where the order's address cannot be written."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.terms import Recipient
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission
from anshin.slips import events
from anshin.slips.actions.refusals import ParcelGone
from anshin.slips.models import ParcelAddress
from anshin.slips.queries.parcels import parcel_of

if TYPE_CHECKING:
    from anshin.shops.models import Membership
    from anshin.slips.terms import ParcelKey

_LONGEST = {"name": 200, "postcode": 16, "lines": 400, "phone": 40}


@transaction.atomic
def mend_address(*, by: Membership, key: ParcelKey, address: Recipient, now: datetime) -> ParcelAddress:
    """The customer's side of this parcel's slip; the order keeps its own. Raises NotAllowed, ParcelGone."""
    require(by, Permission.WRITE_SLIPS)
    parcel = parcel_of(by.shop, key)
    if parcel is None:
        raise ParcelGone
    told = {name: " ".join(getattr(address, name).split())[:longest] for name, longest in _LONGEST.items()}
    changed = tuple(name for name, value in told.items() if getattr(parcel.customer, name) != value)
    mended, _is_new = ParcelAddress.objects.update_or_create(
        shop_id=by.shop_id,
        kind=key.kind,
        parcel_id=key.id,
        defaults=told | {"case_id": parcel.case_id, "mended_by": by, "mended_at": now},
    )
    if changed:
        fact = events.AddressMended(parcel=parcel.number, fields=changed)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=parcel.case_id)
    return mended
