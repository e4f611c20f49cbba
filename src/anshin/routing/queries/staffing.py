"""Who works in a shop, what they can do, whether they are there, and how many cases wait for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.cases.queries import open_loads
from anshin.plumbing.prepared import Prepared
from anshin.routing.models import Attendance, Skill
from anshin.routing.rules import Colleague, next_colleague
from anshin.routing.terms import MANAGER, PathStep
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission, Role

if TYPE_CHECKING:
    from anshin.cases.models import Case
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


def who_gets(shop: Shop, case: Case, value: str, *, now: datetime) -> Membership | None:
    """Whom a value of Effect.ESCALATE or a PathStep means now: a named person; the manager with the fewest cases, else
    an owner; an owner, present or not; else who has that skill and the fewest. Four queries."""
    places = places_of(shop, now=now)
    if value.isdecimal():
        return next((place.member for place in places if place.member.pk == int(value)), None)
    skill = "" if value in {MANAGER, PathStep.SHOP_OWNER} else value
    if value == MANAGER:
        places = _of_role(places, Role.MANAGER) or _of_role(places, Role.OWNER)
    if value == PathStep.SHOP_OWNER:
        owners = [place for place in places if place.member.role == Role.OWNER]
        places = _of_role(owners, Role.OWNER) or owners
        return min(places, key=lambda place: place.load).member if places else None
    chosen = next_colleague(
        [place.as_colleague() for place in places],
        skill=skill,
        language=case.language,
        topics=[code for code, _share in case.topics],
    )
    return next((place.member for place in places if place.member.pk == chosen), None)


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


def _of_role(places: list[Place], role: Role) -> list[Place]:
    return [place for place in places if place.member.role == role and not place.is_away]


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
