"""Who works on a case, and where it stands: assign, tag, snooze, close, reopen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import clocks, standing
from anshin.cases.actions.following_up import moment_after_closing
from anshin.cases.actions.refusals import CannotClose, WrongCase
from anshin.cases.models import Case, CaseTag, Tag
from anshin.cases.ports import closing_checks
from anshin.cases.terms import Resolution, Status
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.events import Event
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

SYSTEM = Actor(kind="system", id=None, name="anshin")
_LONGEST_TAG = 40


@transaction.atomic
def assign(*, by: Membership, case_id: int, owner: Membership | None, now: datetime) -> None:
    """Give the case to `owner`, or to nobody. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    if owner is not None and (owner.shop_id != by.shop_id or not shops.may(owner, Permission.READ_CASES)):
        raise WrongCase(_("This person does not work in this shop. Choose somebody else."))
    give(standing.locked_case(by.shop_id, case_id), owner, shops.actor(by), now)


@transaction.atomic
def close(*, by: Membership, case_id: int, resolution: Resolution, now: datetime) -> None:
    """End the case with how it was resolved; some are asked after later.

    Raises NotAllowed, WrongCase, InSpam, IllegalStep, CannotClose.
    """
    require(by, Permission.TRIAGE)
    case = standing.workable_case(by.shop_id, case_id)
    if case.status == Status.CLOSED:
        return
    rules.check_step(case.status, Status.CLOSED)
    _ask_who_objects(case)
    standing.change(
        case,
        status=Status.CLOSED,
        resolution=Resolution(resolution).value,
        closed_at=now,
        snoozed_until_at=None,
        waiting_since_at=None,
        **clocks.ended(case, at=now),
        follow_up_at=moment_after_closing(case, by.shop, Resolution(resolution), now=now),
        is_unread=False,
        owner_id=case.owner_id or by.pk,
    )
    _told(case, events.CaseClosed(resolution=resolution), by, now)


@transaction.atomic
def reopen(*, by: Membership, case_id: int, now: datetime) -> None:
    """Work on a closed case again; also the undo of `close`. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    if case.status != Status.CLOSED:
        return
    _open(case, by, now)
    _told(case, events.CaseReopened(why="by_hand"), by, now)


@transaction.atomic
def wait_for_customer(*, by: Membership, case_id: int, now: datetime) -> None:
    """Say that the customer's answer is needed next. Raises NotAllowed, WrongCase, InSpam, IllegalStep."""
    require(by, Permission.TRIAGE)
    case = standing.workable_case(by.shop_id, case_id)
    if case.status == Status.WAITING:
        return
    former = case.status
    rules.check_step(former, Status.WAITING)
    standing.change(
        case,
        status=Status.WAITING,
        resolution="",
        closed_at=None,
        snoozed_until_at=None,
        waiting_since_at=None,
        **clocks.stopped(case, at=now),
    )
    _told(case, events.StatusSet(former=former, status=Status.WAITING), by, now)


@transaction.atomic
def take_up(*, by: Membership, case_id: int, now: datetime) -> None:
    """Say that it is our turn. Raises NotAllowed, WrongCase, InSpam."""
    require(by, Permission.TRIAGE)
    case = standing.workable_case(by.shop_id, case_id)
    if case.status == Status.OPEN:
        return
    former = case.status
    _open(case, by, now)
    _told(case, events.StatusSet(former=former, status=Status.OPEN), by, now)


@transaction.atomic
def snooze(*, by: Membership, case_id: int, until: datetime, now: datetime) -> None:
    """Put the case away until a moment in the future. Raises NotAllowed, WrongCase, InSpam, IllegalStep."""
    require(by, Permission.TRIAGE)
    if until <= now:
        raise WrongCase(_("Choose a time in the future."))
    case = standing.workable_case(by.shop_id, case_id)
    rules.check_step(case.status, Status.SNOOZED)
    standing.change(case, status=Status.SNOOZED, snoozed_until_at=until)
    _told(case, events.CaseSnoozed(until=until.isoformat()), by, now)


@transaction.atomic
def wake(*, by: Membership, case_id: int, now: datetime) -> None:
    """Bring a snoozed case back at once. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    if case.status == Status.SNOOZED:
        _open(case, by, now)
        _told(case, events.CaseWoken(why="by_hand"), by, now)


@transaction.atomic
def wake_due(*, shop_id: int, case_id: int, now: datetime) -> None:
    """Bring back a case whose time has come; called by the timetable. A case woken before is left alone."""
    rows = Case.objects.select_for_update().filter(shop_id=shop_id, pk=case_id, status=Status.SNOOZED)
    case = rows.filter(snoozed_until_at__lte=now).first()
    if case is None:
        return
    standing.change(
        case,
        status=Status.OPEN,
        snoozed_until_at=None,
        is_unread=True,
        waiting_since_at=case.waiting_since_at or now,
        last_activity_at=now,
        **clocks.running(case, case.shop, since=now),
    )
    record(events.CaseWoken(why="time"), shop_id=shop_id, by=SYSTEM, now=now, case_id=case.pk)
    standing.announce(case, "case.status", now=now)


@transaction.atomic
def set_tags(*, by: Membership, case_id: int, names: Iterable[str], now: datetime) -> None:
    """Let the case have exactly these tags. Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    put_tags(standing.locked_case(by.shop_id, case_id), names, shops.actor(by), now)


@transaction.atomic
def mark_read(*, by: Membership, case_id: int) -> None:
    """Take the unread mark away once the owner, or anybody of an unassigned case, has looked at it."""
    require(by, Permission.READ_CASES)
    mine_or_nobodys = Q(owner_id=by.pk) | Q(owner_id=None)
    Case.objects.filter(mine_or_nobodys, shop_id=by.shop_id, pk=case_id, is_unread=True).update(is_unread=False)


def give(case: Case, owner: Membership | None, by: Actor, now: datetime) -> None:
    """Let a locked case be `owner`'s, or nobody's."""
    owner_id = owner.pk if owner else None
    if case.owner_id == owner_id:
        return
    fact = events.CaseAssigned(
        former_owner_id=case.owner_id, owner_id=owner_id, owner_name=str(owner.person) if owner else ""
    )
    standing.change(case, owner_id=owner_id)
    tell(case, fact, by, now)


def put_tags(case: Case, names: Iterable[str], by: Actor, now: datetime) -> None:
    """Let a locked case have exactly these tags."""
    wanted = {name.strip()[:_LONGEST_TAG] for name in names if name.strip()}
    present = set(case.tag_names)
    if wanted == present:
        return
    for name in sorted(wanted - present):
        tag, _created = Tag.objects.get_or_create(shop_id=case.shop_id, name=name)
        CaseTag.objects.get_or_create(case=case, tag=tag, defaults={"shop_id": case.shop_id})
    CaseTag.objects.filter(case=case, tag__name__in=present - wanted).delete()
    standing.change(case, tag_names=sorted(wanted))
    fact = events.CaseTagged(added=", ".join(sorted(wanted - present)), removed=", ".join(sorted(present - wanted)))
    tell(case, fact, by, now)


def tell(case: Case, fact: Event, by: Actor, now: datetime) -> None:
    """Put a fact about the case into the journal and tell open pages."""
    record(fact, shop_id=case.shop_id, by=by, now=now, case_id=case.pk)
    standing.announce(case, "case.status", now=now)


def _ask_who_objects(case: Case) -> None:
    reasons = tuple(filter(None, (check.why_not(case.shop_id, case.pk) for check in closing_checks.get())))
    if reasons:
        raise CannotClose(reasons)


def _open(case: Case, by: Membership, now: datetime) -> None:
    standing.change(
        case,
        status=Status.OPEN,
        resolution="",
        closed_at=None,
        snoozed_until_at=None,
        waiting_since_at=now,
        **clocks.running(case, by.shop, since=now),
    )


def _told(case: Case, fact: Event, by: Membership, now: datetime) -> None:
    tell(case, fact, shops.actor(by), now)
