"""Who is there, who can do what, and who is called at night."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.events import Event
from anshin.routing import events
from anshin.routing.actions.refusals import RuleRefused
from anshin.routing.models import Attendance, Skill
from anshin.routing.terms import SkillKind
from anshin.shops import queries as shops
from anshin.shops.actions import NotAllowed, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONGEST_SKILL = 40
_MOST_SKILLS = 40


@transaction.atomic
def be_away(*, by: Membership, until: datetime | None, now: datetime) -> None:
    """Say that one is away, until a moment or until one comes back: no rule gives one a case. Raises RuleRefused."""
    require(by, Permission.READ_CASES)
    if until is not None and until <= now:
        raise RuleRefused(_("Choose a time in the future."))
    Attendance.objects.update_or_create(
        member=by, defaults={"shop_id": by.shop_id, "away_since_at": now, "away_until_at": until}
    )
    _told(by, events.WentAway(member_id=by.pk, until=until.isoformat() if until else ""), now)


@transaction.atomic
def be_back(*, by: Membership, now: datetime) -> None:
    """Say that one is there again; nothing for who never left."""
    require(by, Permission.READ_CASES)
    rows = Attendance.objects.filter(member=by, away_since_at__isnull=False)
    if rows.update(away_since_at=None, away_until_at=None):
        _told(by, events.CameBack(member_id=by.pk), now)


@transaction.atomic
def set_skills(*, by: Membership, member: Membership, skills: Iterable[tuple[SkillKind, str]], now: datetime) -> None:
    """Let somebody have exactly these skills. Raises NotAllowed, RuleRefused."""
    _may_tell(by, member)
    wanted = {(SkillKind(kind).value, value.strip()[:_LONGEST_SKILL]) for kind, value in skills if value.strip()}
    if len(wanted) > _MOST_SKILLS:
        raise RuleRefused(_("At most %(most)s skills a person. Take some away.") % {"most": _MOST_SKILLS})
    rows = Skill.objects.filter(member=member)
    present = set(rows.values_list("kind", "value"))
    if wanted == present:
        return
    for kind, value in present - wanted:
        rows.filter(kind=kind, value=value).delete()
    Skill.objects.bulk_create(
        Skill(shop_id=by.shop_id, member=member, kind=kind, value=value) for kind, value in sorted(wanted - present)
    )
    fact = events.SkillsSet(
        member_id=member.pk, who=str(member.person), skills=", ".join(value for _kind, value in sorted(wanted))[:500]
    )
    _told(by, fact, now)


@transaction.atomic
def set_on_call(*, by: Membership, member: Membership, is_on_call: bool, now: datetime) -> None:
    """Say whether somebody is called when a message cannot wait for the opening. Raises NotAllowed."""
    _may_tell(by, member)
    attendance, _made = Attendance.objects.get_or_create(member=member, defaults={"shop_id": by.shop_id})
    if attendance.is_on_call != is_on_call:
        attendance.is_on_call = is_on_call
        attendance.save(update_fields=["is_on_call"])
        _told(by, events.OnCallSet(member_id=member.pk, who=str(member.person), is_on_call=is_on_call), now)


def _may_tell(by: Membership, member: Membership) -> None:
    require(by, Permission.MAKE_RULES)
    if member.shop_id != by.shop_id:
        raise NotAllowed(Permission.MAKE_RULES)


def _told(by: Membership, fact: Event, now: datetime) -> None:
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
