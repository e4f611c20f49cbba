"""The owner decides of sign-in: a second factor as a duty, a lost one taken away, a suspicious password ended."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import events, queries
from anshin.shops.actions.opening import SYSTEM
from anshin.shops.actions.refusals import FactorElsewhere, NotAllowed, OwnFactor, require
from anshin.shops.actions.signing_in import end_sessions
from anshin.shops.models import Membership, Person, Shop
from anshin.shops.terms import Permission, Role

_SIGN_IN, _FORGOTTEN = "/account/login/", "/account/password/reset/"


@transaction.atomic
def require_second_factor(*, by: Membership, grace_days: int, now: datetime) -> datetime:
    """The moment, in `grace_days`, from which nobody works in the shop without a second factor. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    since = now + timedelta(days=grace_days)
    Shop.objects.filter(pk=by.shop_id).update(second_factor_from=since)
    record(events.SecondFactorRequired(since=since), shop_id=by.shop_id, by=queries.actor(by), now=now)
    return since


@transaction.atomic
def free_of_second_factor(*, by: Membership, now: datetime) -> None:
    """Nobody needs a second factor any more; nothing when nobody did. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    if Shop.objects.filter(pk=by.shop_id, second_factor_from__isnull=False).update(second_factor_from=None):
        record(events.SecondFactorFreed(), shop_id=by.shop_id, by=queries.actor(by), now=now)


@transaction.atomic
def take_factor_away(*, by: Membership, membership: Membership, now: datetime) -> None:
    """Take app, passkeys and recovery codes from a member who lost them, sign them out, and tell them by mail.

    Nothing when they have none. Raises NotAllowed, OwnFactor; FactorElsewhere when the person also works in a shop of
    which the asker is not an owner: an owner could otherwise invite anybody and disarm them.
    """
    person = _only_ours(by, membership)
    if not _remove(person):
        return
    record(
        events.FactorTaken(membership_id=membership.pk, who=str(person)),
        shop_id=by.shop_id,
        by=queries.actor(by),
        now=now,
    )
    enqueue(
        "anshin.shops.jobs.send_factor_taken",
        membership_id=membership.pk,
        owner=str(by.person),
        link=f"{settings.ANSHIN_ADDRESS}{_SIGN_IN}",
        shop_id=by.shop_id,
        now=now,
    )


@transaction.atomic
def end_password(*, by: Membership, membership: Membership, now: datetime) -> None:
    """On a suspicion: make a member's password void, sign them out everywhere, and mail them how to set a new one.

    Raises what `take_factor_away` raises, for the same reasons.
    """
    person = _only_ours(by, membership)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_sessions(person=person)
    fact = events.PasswordEnded(membership_id=membership.pk, who=str(person))
    record(fact, shop_id=by.shop_id, by=queries.actor(by), now=now)
    enqueue(
        "anshin.shops.jobs.send_password_ended",
        membership_id=membership.pk,
        owner=str(by.person),
        link=f"{settings.ANSHIN_ADDRESS}{_FORGOTTEN}",
        shop_id=by.shop_id,
        now=now,
    )


@transaction.atomic
def take_factor_away_at_the_server(*, mail: str, now: datetime) -> bool:
    """The same for the operator, of anybody; whether there was one. It stands in the journal of each of their shops."""
    person = queries.person_by_mail(mail)
    if person is None or not _remove(person):
        return False
    by: Actor = SYSTEM
    for membership in queries.shops_of(person):
        fact = events.FactorTaken(membership_id=membership.pk, who=str(person))
        record(fact, shop_id=membership.shop_id, by=by, now=now)
    return True


def _only_ours(by: Membership, membership: Membership) -> Person:
    """The member, of whose sign-in an owner may decide. Raises as said in `take_factor_away`."""
    require(by, Permission.RUN_SHOP)
    if membership.shop_id != by.shop_id:
        raise NotAllowed(Permission.RUN_SHOP)
    person = membership.person
    if person.pk == by.person_id:
        raise OwnFactor(_("Your own sign-in you change under “Your account”."))
    own = Membership.objects.filter(person=by.person_id, role=Role.OWNER, is_active=True).values("shop_id")
    if Membership.objects.filter(person=person, is_active=True).exclude(shop_id__in=own).exists():
        words = _("This person’s sign-in opens another shop, too. Ask them, or whoever runs the server.")
        raise FactorElsewhere(words)
    return person


def _remove(person: Person) -> bool:
    removed, _kinds = Authenticator.objects.filter(user_id=person.pk).delete()
    if removed:
        end_sessions(person=person)
    return bool(removed)
