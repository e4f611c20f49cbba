"""Reading of the shops room: who somebody is in a shop, when the shop is open."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.prepared import Prepared
from anshin.shops import rules
from anshin.shops.models import Holiday, Membership, OpeningHours, OpenSession, Person, Shop
from anshin.shops.terms import Permission, Role

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_BY_ID = Prepared(lambda shop: Shop.objects.filter(pk=shop), shop=int)
_BY_SLUG = Prepared(lambda slug: Shop.objects.filter(slug=slug), slug=str)
_HOURS = Prepared(
    lambda shop: OpeningHours.objects.filter(shop_id=shop).values_list("weekday", "opens", "closes"), shop=int
)
_HOLIDAYS = Prepared(lambda shop: Holiday.objects.filter(shop_id=shop).values_list("on"), shop=int)
_MEMBERSHIPS = Prepared(
    lambda person: (
        Membership.objects.select_related("person", "shop")
        .filter(person_id=person, is_active=True, person__is_active=True)
        .order_by("shop__name", "id")
    ),
    person=int,
)
_COLLEAGUES = Prepared(
    lambda shop: Membership.objects.select_related("person").filter(shop_id=shop, is_active=True).order_by("id"),
    shop=int,
)


def shop_by_slug(slug: str) -> Shop | None:
    """The shop behind an address of the desk or of a public form."""
    return _BY_SLUG.first(slug=slug)


def shop_by_id(shop_id: int) -> Shop:
    """The shop of this number; for jobs and reactions, which get numbers only."""
    found = _BY_ID.first(shop=shop_id)
    if found is None:
        raise Shop.DoesNotExist(shop_id)
    return found


def all_shops() -> QuerySet[Shop]:
    """Every shop of the installation; for upkeep jobs and commands only, never for a screen."""
    return Shop.objects.order_by("id")


def membership_of(person_id: int, slug: str, *, now: datetime) -> Membership | None:
    """The active membership of a person in the shop with `slug`, with shop and person loaded: one query.

    None also where the shop wants a second factor that the person does not have.
    """
    every = Membership.objects.select_related("shop", "person")
    found = every.filter(person_id=person_id, shop__slug=slug, is_active=True, person__is_active=True).first()
    if found and _wants_factor(found, now) and not has_second_factor(person_id):
        return None
    return found


def signed_in_person(person_id: int, *, now: datetime) -> Person | None:
    """The person behind a session with their active memberships and shops in `desk_memberships`: one query.

    Where a shop wants a second factor, a second one; memberships of such shops stand in `locked_memberships` while the
    person has none.
    """
    memberships = _MEMBERSHIPS.rows(person=person_id)
    if not memberships:
        return Person.objects.filter(pk=person_id, is_active=True).first()
    person = memberships[0].person
    for membership in memberships:
        membership.person = person
    locked = [each for each in memberships if _wants_factor(each, now)]
    if locked and has_second_factor(person_id):
        locked = []
    person.locked_memberships = tuple(locked)
    person.desk_memberships = tuple(each for each in memberships if each not in locked)
    return person


def _wants_factor(membership: Membership, now: datetime) -> bool:
    since = membership.shop.second_factor_from
    return since is not None and since <= now


def has_second_factor(person_id: int) -> bool:
    """Whether somebody has an app or a passkey; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=person_id, type__in=SECOND_FACTORS).exists())


def second_factors_of(shop: Shop) -> dict[int, set[str]]:
    """For each active person of a shop with a second factor, of which kinds: one query."""
    people = staff_of(shop).values("person_id")
    kinds: dict[int, set[str]] = {}
    for person_id, kind in Authenticator.objects.filter(user_id__in=people, type__in=SECOND_FACTORS).values_list(
        "user_id", "type"
    ):
        kinds.setdefault(person_id, set()).add(kind)
    return kinds


def shops_that_want_a_factor(person: Person) -> list[Shop]:
    """The shops in which somebody without a second factor cannot work any more, or soon; the soonest first."""
    if has_second_factor(person.pk):
        return []
    wanting = Shop.objects.filter(
        memberships__person=person, memberships__is_active=True, second_factor_from__isnull=False
    )
    return list(wanting.order_by("second_factor_from", "id"))


def open_sessions(person: Person, *, now: datetime, most: int = 50) -> list[OpenSession]:
    """Where somebody is signed in, the latest seen first: two queries."""
    idle, longest = timedelta(seconds=settings.SESSION_IDLE_SECONDS), timedelta(seconds=settings.SESSION_COOKIE_AGE)
    lasting = OpenSession.objects.filter(person=person, seen_at__gt=now - idle, began_at__gt=now - longest)
    rows = list(lasting.order_by("-seen_at", "-id")[:most])
    keys = [row.key for row in rows]
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True))
    return [row for row in rows if row.key in alive]


def person_by_mail(mail: str) -> Person | None:
    """The person who signs in with this address."""
    return Person.objects.filter(email=mail.strip().lower(), is_active=True).first()


def people_with_mails(mails: Collection[str]) -> dict[str, Person]:
    """Active people by mail address: one query. For the demo's sign-in page."""
    return {person.email: person for person in Person.objects.filter(email__in=mails, is_active=True)}


def week_of(shop: Shop) -> dict[int, tuple[time, time]]:
    """Opening and closing time by weekday (0 = Monday); closed days are missing."""
    return {row.weekday: (row.opens, row.closes) for row in OpeningHours.objects.filter(shop=shop)}


def holidays_of(shop: Shop, *, since: date) -> QuerySet[Holiday]:
    """The shop's own holidays from a day on, soonest first."""
    return Holiday.objects.filter(shop=shop, on__gte=since).order_by("on")


def next_national_holidays(today: date, *, language: str, most: int = 3) -> list[tuple[date, str]]:
    """The days on which every shop of Japan counts as closed, soonest first, with their names."""
    years = (today.year, today.year + 1)
    known = holidays.country_holidays("JP", years=years, language="ja" if language == "ja" else "en_US")
    return sorted((day, name) for day, name in known.items() if day >= today)[:most]


def shops_of(person: Person) -> QuerySet[Membership]:
    """Active memberships of a person, by shop name."""
    return Membership.objects.select_related("shop").filter(person=person, is_active=True).order_by("shop__name", "id")


def staff_of(shop: Shop) -> QuerySet[Membership]:
    """Active memberships of a shop, with people, in the order of joining."""
    return Membership.objects.select_related("person").filter(shop=shop, is_active=True).order_by("id")


def everybody_of(shop: Shop) -> QuerySet[Membership]:
    """Memberships of a shop, ended ones too, with people: whoever may stand in its journal."""
    return Membership.objects.select_related("person").filter(shop=shop).order_by("-is_active", "id")


def colleagues(shop: Shop) -> list[Membership]:
    """`staff_of` as a list: one query, put together beforehand, for every page's menus."""
    return _COLLEAGUES.rows(shop=shop.pk)


def may(by: Membership, permission: Permission) -> bool:
    """Whether this member of staff may do that in their shop."""
    return by.is_active and rules.may(by.role, permission)


def rights() -> list[tuple[str, list[bool]]]:
    """What can be allowed, and for each role in the order of Role whether it is; from the table that actions ask."""
    return [(str(each.label), [rules.may(role, each) for role in Role]) for each in Permission]


def actor(by: Membership) -> Actor:
    """How this member of staff is written into the journal, with the key where a program acts for them."""
    name = f"{by.person} · {by.through}" if by.through else str(by.person)
    return Actor(kind="staff", id=by.pk, name=name)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a shop is open: its week, its holidays and the nation's. One that is never open counts plain time."""

    hours: Mapping[int, tuple[time, time]]
    is_holiday: Callable[[date], bool]
    zone: ZoneInfo

    def after(self, start: datetime, left: timedelta) -> datetime:
        """The moment when so much opening time has passed since `start`."""
        try:
            return rules.after_business_time(start, left, hours=self.hours, is_holiday=self.is_holiday, zone=self.zone)
        except rules.NeverOpen:
            return start + left

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much opening time lies between two moments; none when the second is not the later one."""
        if not self.hours:
            return max(end - begin, timedelta(0))
        return sum((last - first for first, last in self.spans(begin, end)), timedelta(0))

    def closing(self, start: datetime, days: int) -> datetime:
        """When the shop closes on the so-manieth business day after the day of `start`; plain days, to midnight, for
        a shop that is never open."""
        day = start.astimezone(self.zone).date()
        left, latest = days, day + timedelta(days=370)
        while left and day < latest:
            day += timedelta(days=1)
            if not self.hours or (day.weekday() in self.hours and not self.is_holiday(day)):
                left -= 1
        closes = self.hours[day.weekday()][1] if day.weekday() in self.hours else time(23, 59)
        return datetime.combine(day, closes, self.zone).astimezone(UTC)

    def spans(self, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of opening time between two moments, in UTC, oldest first."""
        return rules.open_spans(begin, end, hours=self.hours, is_holiday=self.is_holiday, zone=self.zone)


def calendar_of(shop: Shop) -> Calendar:
    """When the shop is open: two queries, however much is counted with it."""
    hours = {weekday: (opens, closes) for weekday, opens, closes in _HOURS.tuples(shop=shop.pk)}
    return Calendar(hours, _holidays_of(shop), ZoneInfo(shop.zone))


def due_moment(shop: Shop, start: datetime, minutes: int) -> datetime:
    """When `minutes` of the shop's opening time have passed since `start`; plain time if it is never open."""
    return calendar_of(shop).after(start, timedelta(minutes=minutes))


def open_spans(shop: Shop, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches of opening time between two moments, oldest first; days without holidays where it is never open."""
    return calendar_of(shop).spans(begin, end)


def owners_of(shop: Shop) -> QuerySet[Membership]:
    """The active owners of a shop, with people."""
    return staff_of(shop).filter(role=Role.OWNER, person__is_active=True)


def _holidays_of(shop: Shop) -> Callable[[date], bool]:
    closed = {on for (on,) in _HOLIDAYS.tuples(shop=shop.pk)}
    return lambda day: day in closed or day in _national_holidays(day.year)


@lru_cache(maxsize=16)
def _national_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))
