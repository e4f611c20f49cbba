"""Write, publish and take back versions of the policy; tell where the terms are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.models import Policy, PolicyShowing
from anshin.returns.queries import policies as queries
from anshin.returns.rules import policy_checks, policy_content
from anshin.returns.rules.policy_checks import Flaw
from anshin.returns.rules.policy_window import day_of
from anshin.returns.terms import PolicyState, ShownPlace
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

MOST_DRAFTS = 20
LONGEST_PROOF = 400


class PolicyGone(Refused):
    """The version is none of this shop's, or was thrown away."""

    def __init__(self) -> None:
        super().__init__(_("This version does not exist any more. Go back to the list."))


class NotADraft(Refused):
    """A published version does not change."""

    def __init__(self) -> None:
        super().__init__(_("This version is published and does not change any more. Write a new one from it."))


class TooManyDrafts(Refused):
    """Somebody begins one draft after another."""

    def __init__(self) -> None:
        super().__init__(_("There are many drafts already. Throw one away, or go on with one of them."))


class HasFlaws(Refused):
    """The draft cannot be published yet; `flaws` says why."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__(_("Put right what is marked in red first. Then the policy can be published."))


class StartsTooEarly(Refused):
    """A version that begins in the past would judge orders that were sold under another one."""

    def __init__(self) -> None:
        super().__init__(_("Choose today or a later day. Orders of the past keep the version they were sold under."))


class DayTaken(Refused):
    """Two versions begin at the same moment."""

    def __init__(self) -> None:
        super().__init__(_("Another version begins on this day already. Withdraw it first, or choose another day."))


class InForce(Refused):
    """Orders may have been judged by it."""

    def __init__(self) -> None:
        super().__init__(_("This version is in force already and cannot be withdrawn. Publish a new one instead."))


class WrongContent(Refused):
    """A value that the policy cannot have."""

    def __init__(self) -> None:
        super().__init__(_("Something in the form is not possible. Look at the days, the amounts and the length."))


@transaction.atomic
def start_draft(*, by: Membership, source_id: int | None = None, now: datetime) -> Policy:
    """A new draft, with the content of another version or empty. Raises NotAllowed, PolicyGone, TooManyDrafts."""
    require(by, Permission.SET_POLICY)
    if Policy.objects.filter(shop=by.shop, state=PolicyState.DRAFT).count() >= MOST_DRAFTS:
        raise TooManyDrafts
    source = _found(by.shop, source_id) if source_id else None
    content = source.content if source else policy_content.write(policy_content.PolicyContent())
    policy = Policy.objects.create(shop=by.shop, content=content, created_by=by, created_at=now, changed_at=now)
    _record(events.PolicyDrafted(policy_id=policy.pk, source_id=source.pk if source else 0), by=by, now=now)
    return policy


@transaction.atomic
def save_draft(*, by: Membership, policy_id: int, content: Mapping[str, Any], now: datetime) -> Policy:
    """Keep what a draft says now; the same again writes nothing.

    Raises NotAllowed, PolicyGone, NotADraft, WrongContent.
    """
    require(by, Permission.SET_POLICY)
    policy = _draft(by.shop, policy_id)
    read = policy_content.read(content)
    if not policy_content.is_possible(read):
        raise WrongContent
    written = policy_content.write(read)
    former = policy_content.write(policy_content.read(policy.content))
    changed = tuple(name for name, value in written.items() if former[name] != value)
    if changed:
        policy.content, policy.changed_at = written, now
        policy.save(update_fields=["content", "changed_at"])
        _record(events.PolicySaved(policy_id=policy.pk, fields=changed), by=by, now=now)
    return policy


@transaction.atomic
def remove_draft(*, by: Membership, policy_id: int, now: datetime) -> None:
    """Throw a draft away. Raises NotAllowed, PolicyGone, NotADraft."""
    require(by, Permission.SET_POLICY)
    policy = _draft(by.shop, policy_id)
    _record(events.PolicyRemoved(policy_id=policy.pk), by=by, now=now)
    policy.delete()


@transaction.atomic
def publish(*, by: Membership, policy_id: int, valid_from: date, now: datetime) -> Policy:
    """Put a draft in force from a day on: today from this moment, a later day from its first minute.

    Only a shop's first version may begin in the past: it writes down what the shop said before.
    Raises NotAllowed, PolicyGone, NotADraft, HasFlaws, StartsTooEarly, DayTaken.
    """
    require(by, Permission.SET_POLICY)
    policy = _draft(by.shop, policy_id)
    shown = queries.shown_of(policy)
    grave = policy_checks.grave_flaws(policy_content.read(policy.content), shown.cart_on, shown.final_page_on)
    if grave:
        raise HasFlaws(grave)
    zone = ZoneInfo(by.shop.zone)
    others = Policy.objects.filter(shop=by.shop, state=PolicyState.PUBLISHED)
    is_past = valid_from < day_of(now, zone)
    if is_past and others.exists():
        raise StartsTooEarly
    midnight = datetime.combine(valid_from, time.min, zone)
    in_force_at = midnight if is_past else max(midnight, now)
    if others.filter(in_force_at=in_force_at).exists():
        raise DayTaken
    policy.state, policy.valid_from, policy.in_force_at = PolicyState.PUBLISHED, valid_from, in_force_at
    policy.place = others.filter(valid_from=valid_from).count() + 1
    policy.published_by, policy.published_at = by, now
    policy.save()
    label = queries.label_of(policy)
    _record(events.PolicyPublished(policy_id=policy.pk, label=label, in_force_at=in_force_at), by=by, now=now)
    return policy


@transaction.atomic
def withdraw(*, by: Membership, policy_id: int, now: datetime) -> Policy:
    """Make a draft again of a version that has not begun. Raises NotAllowed, PolicyGone, InForce."""
    require(by, Permission.SET_POLICY)
    policy = _found(by.shop, policy_id)
    if policy.in_force_at is None:
        return policy
    if policy.in_force_at <= now:
        raise InForce
    label = queries.label_of(policy)
    policy.state, policy.valid_from, policy.in_force_at, policy.place = PolicyState.DRAFT, None, None, 1
    policy.published_by, policy.published_at, policy.changed_at = None, None, now
    policy.save()
    _record(events.PolicyWithdrawn(policy_id=policy.pk, label=label), by=by, now=now)
    return policy


@transaction.atomic
def tell_showing(
    *, by: Membership, policy_id: int, where: str, since_on: date | None, proof: str = "", now: datetime
) -> None:
    """Since when the terms of a version stand near the cart or on the final page; None: they do not stand there.

    A version in force may be told of, too: where terms are shown is a fact about the shop's pages, not one of the
    terms. Raises NotAllowed, PolicyGone, WrongContent.
    """
    require(by, Permission.SET_POLICY)
    policy = _found(by.shop, policy_id)
    if where not in ShownPlace.values or len(proof) > LONGEST_PROOF:
        raise WrongContent
    row = PolicyShowing.objects.filter(policy=policy, where=where).first()
    former = row.since_on if row else None
    if (former, row.proof if row else "") == (since_on, proof if since_on else ""):
        return
    if since_on is None:
        PolicyShowing.objects.filter(policy=policy, where=where).delete()
    else:
        told = {"shop": by.shop, "since_on": since_on, "proof": proof, "told_by": by, "told_at": now}
        PolicyShowing.objects.update_or_create(policy=policy, where=where, defaults=told)
    told_event = events.PolicyShowingTold(policy_id=policy.pk, where=where, former=former, since_on=since_on)
    _record(told_event, by=by, now=now)


def _found(shop: Shop, policy_id: int) -> Policy:
    policy = Policy.objects.select_for_update().filter(shop=shop, pk=policy_id).first()
    if policy is None:
        raise PolicyGone
    return policy


def _draft(shop: Shop, policy_id: int) -> Policy:
    policy = _found(shop, policy_id)
    if policy.state != PolicyState.DRAFT:
        raise NotADraft
    return policy


def _record(event: events.Event, *, by: Membership, now: datetime) -> None:
    record(event, shop_id=by.shop_id, by=shops.actor(by), now=now)
