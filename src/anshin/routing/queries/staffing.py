"""Who works in a shop, what they can do, whether they are there, and how many cases wait for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.cases.queries import open_loads
from anshin.plumbing.prepared import Prepared
from anshin.routing.models import Attendance, Skill
from anshin.routing.rules import Colleague
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_ON_CALL = Prepared(
    lambda shop: Attendance.objects.filter(shop_id=shop, is_on_call=True).values_list("id")[:1], shop=int
)


@dataclass(frozen=True, slots=True)
class Place:
    """A member of staff with all that assignment asks. `away_until_at` None while away: until they come back."""

    member: Membership
    load: int
    skills: tuple[tuple[str, str], ...]
    is_away: bool
    away_until_at: datetime | None
    is_on_call: bool

    def as_colleague(self) -> Colleague:
        """What the decision needs of it."""
        return Colleague(self.member.pk, self.load, self.is_away, frozenset(self.skills))


def places_of(shop: Shop, *, now: datetime) -> list[Place]:
    """Everybody who answers customers, in the order of joining: four queries."""
    loads = open_loads(shop)
    skills: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for skill in Skill.objects.filter(shop=shop).order_by("kind", "value"):
        skills[skill.member_id].append((skill.kind, skill.value))
    attendances = {each.member_id: each for each in Attendance.objects.filter(shop=shop)}
    return [
        _place(member, loads.get(member.pk, 0), skills[member.pk], attendances.get(member.pk), now)
        for member in colleagues(shop)
        if may(member, Permission.ANSWER)
    ]


def has_on_call(shop_id: int) -> bool:
    """Whether anybody of the shop is on call: one small query."""
    return bool(_ON_CALL.tuples(shop=shop_id))


def is_away(by: Membership, *, now: datetime) -> bool:
    """Whether this member of staff is away: one query."""
    return is_away_at(Attendance.objects.filter(member=by).first(), now)


def skills_of(shop: Shop) -> list[tuple[str, str]]:
    """Every skill that somebody of the shop has, each once."""
    rows = Skill.objects.filter(shop=shop).order_by("kind", "value")
    return list(dict.fromkeys(rows.values_list("kind", "value")))


def _place(
    member: Membership, load: int, skills: list[tuple[str, str]], attendance: Attendance | None, now: datetime
) -> Place:
    is_away = is_away_at(attendance, now)
    return Place(
        member=member,
        load=load,
        skills=tuple(skills),
        is_away=is_away,
        away_until_at=attendance.away_until_at if attendance and is_away else None,
        is_on_call=bool(attendance and attendance.is_on_call),
    )


def is_away_at(attendance: Attendance | None, now: datetime) -> bool:
    """Whether somebody is away at a moment; who said until when is back by themselves."""
    if attendance is None or attendance.away_since_at is None:
        return False
    return attendance.away_until_at is None or attendance.away_until_at > now
