"""Verbs of the shops room: open a shop, invite staff, change roles."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import events, queries
from anshin.shops.models import Membership, OpeningHours, Person, Shop
from anshin.shops.terms import Permission, Role

SYSTEM = Actor(kind="system", id=None, name="anshin")
_WEEKDAYS = range(5)


class Refused(Exception):
    """An expected refusal; `str(error)` is a sentence for the person who asked."""


class NotAllowed(Refused):
    """The role of this person does not include what they asked for."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__(
            _("Your role does not allow this (%(what)s). Ask the owner of the shop.") % {"what": permission.label}
        )


class SlugTaken(Refused):
    """Another shop already uses this short name."""


class LastOwner(Refused):
    """A shop must keep at least one owner."""


def require(by: Membership, permission: Permission) -> None:
    """Raise NotAllowed unless this member of staff holds the permission."""
    if not queries.may(by, permission):
        raise NotAllowed(permission)


@transaction.atomic
def open_shop(
    *,
    slug: str,
    name: str,
    contact_mail: str,
    now: datetime,
    name_en: str = "",
    order_formats: tuple[str, ...] = (),
) -> Shop:
    """A new shop, open Monday to Friday from 10 to 18. Raises SlugTaken."""
    if Shop.objects.filter(slug=slug).exists():
        raise SlugTaken(_("The short name “%(slug)s” is taken. Choose another one.") % {"slug": slug})
    shop = Shop.objects.create(
        slug=slug,
        name=name,
        name_en=name_en,
        contact_mail=contact_mail,
        order_formats=list(order_formats),
        created_at=now,
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(shop=shop, weekday=day, opens=time(10), closes=time(18)) for day in _WEEKDAYS
    )
    record(events.ShopOpened(slug=slug), shop_id=shop.pk, by=SYSTEM, now=now)
    return shop


@transaction.atomic
def invite_staff(
    *,
    shop: Shop,
    email: str,
    name: str,
    role: Role,
    by: Membership | None,
    now: datetime,
    name_en: str = "",
    password: str | None = None,
) -> Membership:
    """A membership for the person with this address, who is created when unknown; asked twice: the same row.

    `by` is None only when a shop is set up on the command line. Raises NotAllowed.
    """
    if by is not None:
        require(by, Permission.RUN_SHOP)
    address = email.strip().lower()
    person = Person.objects.filter(email=address).first()
    if person is None:
        person = Person.objects.create_user(address, password, name=name, name_en=name_en, joined_at=now)
    membership, created = Membership.objects.get_or_create(
        shop=shop, person=person, defaults={"role": role, "created_at": now}
    )
    if created:
        record(
            events.StaffInvited(membership_id=membership.pk, role=role),
            shop_id=shop.pk,
            by=queries.actor(by) if by else SYSTEM,
            now=now,
        )
    return membership


@transaction.atomic
def grant_role(*, membership: Membership, role: Role, by: Membership, now: datetime) -> None:
    """Give a member of staff another role. Raises NotAllowed, LastOwner."""
    require(by, Permission.RUN_SHOP)
    _same_shop(membership, by)
    if membership.role == role:
        return
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    former, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(
        events.RoleGranted(membership_id=membership.pk, former=former, role=role),
        shop_id=membership.shop_id,
        by=queries.actor(by),
        now=now,
    )


@transaction.atomic
def end_membership(*, membership: Membership, by: Membership, now: datetime) -> None:
    """Close a person's access to the shop; their past work stays theirs. Raises NotAllowed, LastOwner."""
    require(by, Permission.RUN_SHOP)
    _same_shop(membership, by)
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    record(
        events.StaffLeft(membership_id=membership.pk),
        shop_id=membership.shop_id,
        by=queries.actor(by),
        now=now,
    )


def _same_shop(membership: Membership, by: Membership) -> None:
    if membership.shop_id != by.shop_id:
        raise NotAllowed(Permission.RUN_SHOP)


def _keep_an_owner(leaving: Membership) -> None:
    owners = Membership.objects.filter(shop_id=leaving.shop_id, role=Role.OWNER, is_active=True)
    if not owners.exclude(pk=leaving.pk).exists():
        raise LastOwner(_("A shop needs at least one owner. Make somebody else an owner first."))
