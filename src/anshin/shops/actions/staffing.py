"""Staff of a shop: inviting, roles, the end of a membership, and what everybody may change of themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.shops import events, queries
from anshin.shops.actions.opening import SYSTEM
from anshin.shops.actions.refusals import AlreadyHere, LastOwner, NotAllowed, require
from anshin.shops.actions.signing_in import end_sessions
from anshin.shops.models import Membership, Person, Shop
from anshin.shops.terms import Permission, Role


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
    language: str = "ja",
    password: str | None = None,
) -> Membership:
    """A membership for the person with this address, who is created when unknown; asked twice: the same row.

    Somebody who left comes back with the new role. `by` is None only when a shop is set up on the command line.
    Raises NotAllowed.
    """
    if by is not None:
        require(by, Permission.RUN_SHOP)
        _same_shop(shop.pk, by)
    address = email.strip().lower()
    person = Person.objects.filter(email=address).first()
    if person is None:
        person = Person.objects.create_user(
            address, password, name=name, name_en=name_en, language=language, joined_at=now
        )
    membership, created = Membership.objects.get_or_create(
        shop=shop, person=person, defaults={"role": role, "created_at": now}
    )
    if not created and not membership.is_active:
        membership.is_active, membership.role, created = True, role, True
        membership.save(update_fields=["is_active", "role"])
    if created:
        record(
            events.StaffInvited(membership_id=membership.pk, role=role, who=str(person)),
            shop_id=shop.pk,
            by=queries.actor(by) if by else SYSTEM,
            now=now,
        )
    return membership


@transaction.atomic
def invite_by_mail(
    *, by: Membership, email: str, name: str, role: Role, language: str, link: str, now: datetime
) -> Membership:
    """Invite somebody to one's own shop and tell them by mail; `link` is the page on which a code is asked for.

    Raises NotAllowed; AlreadyHere, then nothing is sent.
    """
    require(by, Permission.RUN_SHOP)
    if queries.staff_of(by.shop).filter(person__email=email.strip().lower()).exists():
        raise AlreadyHere(_("This person works in your shop already. Change the role in the list instead."))
    membership = invite_staff(shop=by.shop, email=email, name=name, role=role, language=language, by=by, now=now)
    send_invitation(by=by, membership=membership, link=link, now=now)
    return membership


@transaction.atomic
def send_invitation(*, by: Membership, membership: Membership, link: str, now: datetime) -> None:
    """Send the invitation of a member of staff (again). Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    _same_shop(membership.shop_id, by)
    enqueue(
        "anshin.shops.jobs.send_invitation",
        membership_id=membership.pk,
        inviter=str(by.person),
        link=link,
        unique_key=f"shops.invitation {membership.pk}",
        shop_id=membership.shop_id,
        now=now,
    )
    record(
        events.InvitationSent(membership_id=membership.pk, who=str(membership.person)),
        shop_id=membership.shop_id,
        by=queries.actor(by),
        now=now,
    )


@transaction.atomic
def grant_role(*, membership: Membership, role: Role, by: Membership, now: datetime) -> None:
    """Give a member of staff another role. Raises NotAllowed, LastOwner."""
    require(by, Permission.RUN_SHOP)
    _same_shop(membership.shop_id, by)
    if membership.role == role:
        return
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    former, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(
        events.RoleGranted(membership_id=membership.pk, former=former, role=role, who=str(membership.person)),
        shop_id=membership.shop_id,
        by=queries.actor(by),
        now=now,
    )


@transaction.atomic
def set_approval(*, membership: Membership, is_needed: bool, by: Membership, now: datetime) -> None:
    """Let the replies of a member of staff wait for approval, or no longer. What waits already goes on waiting.

    Raises NotAllowed, also for whoever would free or bind themselves.
    """
    require(by, Permission.APPROVE)
    _same_shop(membership.shop_id, by)
    if membership.pk == by.pk:
        raise NotAllowed(Permission.APPROVE)
    if membership.needs_approval == is_needed:
        return
    membership.needs_approval = is_needed
    membership.save(update_fields=["needs_approval"])
    fact = events.ApprovalSet(membership_id=membership.pk, who=str(membership.person), is_needed=is_needed)
    record(fact, shop_id=membership.shop_id, by=queries.actor(by), now=now)


@transaction.atomic
def end_membership(*, membership: Membership, by: Membership, now: datetime) -> None:
    """Close a person's access to the shop; their past work stays theirs. Who has no other shop is signed out.

    Raises NotAllowed, LastOwner.
    """
    require(by, Permission.RUN_SHOP)
    _same_shop(membership.shop_id, by)
    if not membership.is_active:
        return
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    if not queries.shops_of(membership.person).exists():
        end_sessions(person=membership.person)
    record(
        events.StaffLeft(membership_id=membership.pk, who=str(membership.person)),
        shop_id=membership.shop_id,
        by=queries.actor(by),
        now=now,
    )


@transaction.atomic
def change_account(*, by: Membership, name: str, name_en: str, language: str, signature: str, now: datetime) -> None:
    """What a person sees and signs with: name and language everywhere, the signature in this shop."""
    wanted = {"name": name.strip(), "name_en": name_en.strip(), "language": language}
    changed = [column for column, value in wanted.items() if getattr(by.person, column) != value]
    if changed:
        for column in changed:
            setattr(by.person, column, wanted[column])
        by.person.save(update_fields=changed)
    if by.signature != signature:
        by.signature = signature
        by.save(update_fields=["signature"])
        changed.append("signature")
    if changed:
        fact = events.AccountChanged(membership_id=by.pk, what=",".join(changed))
        record(fact, shop_id=by.shop_id, by=queries.actor(by), now=now)


def send_sign_in_code(*, mail: str, code: str, now: datetime) -> None:
    """Mail a sign-in code to the person with this address, if there is one."""
    person = queries.person_by_mail(mail)
    if person:
        enqueue("anshin.shops.jobs.send_sign_in_code", person_id=person.pk, code=code, now=now)


def send_new_password_link(*, mail: str, link: str, now: datetime) -> None:
    """Mail the link for a new password to the person with this address, if there is one."""
    person = queries.person_by_mail(mail)
    if person:
        enqueue("anshin.shops.jobs.send_new_password_link", person_id=person.pk, link=link, now=now)


def _same_shop(shop_id: int, by: Membership) -> None:
    if shop_id != by.shop_id:
        raise NotAllowed(Permission.RUN_SHOP)


def _keep_an_owner(leaving: Membership) -> None:
    """Owners are locked, so that two who leave at once do not leave nobody behind."""
    owners = Membership.objects.filter(shop_id=leaving.shop_id, role=Role.OWNER, is_active=True)
    if not [pk for pk in owners.select_for_update().values_list("pk", flat=True) if pk != leaving.pk]:
        raise LastOwner(_("A shop needs at least one owner. Make somebody else an owner first."))
