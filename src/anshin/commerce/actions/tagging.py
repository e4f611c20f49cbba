"""The words by which a shop groups its customers: a regular, a reseller, one who is served by a certain colleague."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.commerce import events
from anshin.commerce.models import Customer
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Membership, Shop

LONGEST_TAG = 40
MOST_TAGS = 20


class CustomerNotTagged(Refused):
    """The customer is not there or was erased, or has enough tags; `str(error)` says which."""


@transaction.atomic
def set_customer_tags(*, by: Membership, customer_id: int, names: Iterable[str], now: datetime) -> Customer:
    """Let the customer have exactly these tags. Raises NotAllowed, CustomerNotTagged."""
    require(by, Permission.TRIAGE)
    customer = _locked(by.shop_id, customer_id)
    if customer is None or customer.erased_at:
        raise CustomerNotTagged(_("This customer is no longer there."))
    wanted = {name.strip()[:LONGEST_TAG] for name in names if name.strip()}
    if len(wanted) > MOST_TAGS:
        raise CustomerNotTagged(_("A customer has at most %(most)d tags. Remove one first.") % {"most": MOST_TAGS})
    _put(customer, wanted, shops.actor(by), now=now)
    return customer


@transaction.atomic
def change_customer_tags(
    *,
    shop: Shop,
    customer_id: int,
    by: Actor,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    case_id: int | None = None,
    now: datetime,
) -> tuple[str, ...]:
    """Add and remove tags for a rule that acts in a case; which were added. Nothing for an erased customer."""
    customer = _locked(shop.pk, customer_id)
    if customer is None or customer.erased_at:
        return ()
    present = set(customer.tags)
    room = max(0, MOST_TAGS - len(present))
    added = [name for name in dict.fromkeys(name.strip()[:LONGEST_TAG] for name in add) if name not in present][:room]
    _put(customer, (present | set(added)) - set(remove), by, case_id=case_id, now=now)
    return tuple(added)


def _locked(shop_id: int, customer_id: int) -> Customer | None:
    return Customer.objects.select_for_update().filter(shop_id=shop_id, pk=customer_id).first()


def _put(customer: Customer, wanted: set[str], by: Actor, *, case_id: int | None = None, now: datetime) -> None:
    present = set(customer.tags)
    if wanted == present:
        return
    customer.tags = sorted(wanted)
    customer.save(update_fields=["tags"])
    fact = events.CustomerTagged(
        customer_id=customer.pk,
        added=", ".join(sorted(wanted - present)),
        removed=", ".join(sorted(present - wanted)),
    )
    record(fact, shop_id=customer.shop_id, by=by, now=now, case_id=case_id)
