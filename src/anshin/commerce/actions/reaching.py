"""Whether mail to a customer's address arrives: marked when it comes back, cleared when it is shown to arrive again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.commerce import events, rules
from anshin.commerce.actions.customers import ContactRefused
from anshin.commerce.models import ContactPoint
from anshin.commerce.terms import BounceKind, Cleared, ContactKind, Reach
from anshin.language.mails import mail_key
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

POST = Actor(kind="system", id=None, name="mail")


@transaction.atomic
def mark_bounced(*, shop: Shop, mail: str, kind: BounceKind, at: datetime, now: datetime) -> ContactPoint | None:
    """The address with its mark after a mail sent to it came back at `at`; None when nobody has this address.

    A mail that was too large, or a shop that is not trusted, says nothing about the address: it stays as it is.
    """
    contact = _locked(shop.pk, key=mail_key(mail), kind=ContactKind.MAIL)
    if contact is None or not rules.speaks_against_the_address(kind):
        return contact
    former = contact.reach
    if former == Reach.OK:
        contact.bounced_since_at, contact.bounce_count = at, 0
    contact.bounce_count += 1
    contact.bounce_kind = BounceKind(kind).value
    contact.last_bounced_at = max(at, contact.last_bounced_at or at)
    contact.reach = rules.reach_after(kind, contact.bounce_count)
    contact.save(update_fields=["reach", "bounce_kind", "bounced_since_at", "last_bounced_at", "bounce_count"])
    fact = events.AddressBounced(
        customer_id=contact.customer_id, contact_id=contact.pk, kind=kind, former=former, reach=contact.reach
    )
    record(fact, shop_id=shop.pk, by=POST, now=now)
    return contact


@transaction.atomic
def clear_address(*, shop: Shop, contact_id: int, why: Cleared, at: datetime, now: datetime) -> bool:
    """Take the mark off an address because of something seen at `at`; False when that proves nothing.

    What was seen before the last mail came back proves nothing, nor does a mail from an address that refuses ours.
    """
    contact = _locked(shop.pk, pk=contact_id)
    if contact is None or contact.reach == Reach.OK or contact.last_bounced_at is None:
        return False
    if at <= contact.last_bounced_at or not rules.clears(contact.bounce_kind, why):
        return False
    _clear(contact, why, by=POST, now=now)
    return True


@transaction.atomic
def trust_address(*, by: Membership, contact_id: int, now: datetime) -> ContactPoint:
    """A person says that mail arrives. Asked twice: no second entry. Raises NotAllowed, ContactRefused."""
    contact = _own(by, contact_id)
    if contact.reach != Reach.OK:
        _clear(contact, Cleared.BY_HAND, by=shops.actor(by), now=now)
    return contact


@transaction.atomic
def mark_again(*, by: Membership, contact_id: int, now: datetime) -> ContactPoint:
    """Take back what `trust_address` did. Raises NotAllowed, ContactRefused."""
    contact = _own(by, contact_id)
    if contact.reach != Reach.OK or not contact.bounce_kind:
        return contact
    contact.reach = rules.reach_after(contact.bounce_kind, contact.bounce_count)
    contact.save(update_fields=["reach"])
    fact = events.AddressMarkedAgain(customer_id=contact.customer_id, contact_id=contact.pk, reach=contact.reach)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return contact


def _clear(contact: ContactPoint, why: Cleared, *, by: Actor, now: datetime) -> None:
    former, contact.reach = contact.reach, Reach.OK
    contact.save(update_fields=["reach"])
    fact = events.AddressCleared(customer_id=contact.customer_id, contact_id=contact.pk, former=former, why=why)
    record(fact, shop_id=contact.shop_id, by=by, now=now)


def _own(by: Membership, contact_id: int) -> ContactPoint:
    require(by, Permission.ANSWER)
    contact = _locked(by.shop_id, pk=contact_id)
    if contact is None:
        raise ContactRefused(_("This address does not exist any more. Reload the page."))
    return contact


def _locked(shop_id: int, **wanted: object) -> ContactPoint | None:
    return ContactPoint.objects.select_for_update().filter(shop_id=shop_id, **wanted).order_by("id").first()
