"""Who comes onto the lists of those whom no mail reaches, and who leaves them without a call or letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.commerce import queries as commerce
from anshin.plumbing.bulk import insert_many
from anshin.safety.actions.keeping import tell_person, tell_progress
from anshin.safety.models import Acknowledgement, Advisory, Notice, PersonToTell
from anshin.safety.rules import telling
from anshin.safety.terms import MailRound, Standing, TellState

if TYPE_CHECKING:
    from anshin.safety.models import SafetyMail
    from anshin.safety.queries import Judged

_WAYS = (Standing.BY_PHONE, Standing.BY_LETTER, Standing.UNREACHABLE)


def list_without_mail(advisory: Advisory, rows: Iterable[Judged], *, now: datetime) -> None:
    """Put the buyers of these judged orders onto the lists who have no mail address; once each. A way that a further
    order shows (a place) is better than none. Two queries and one insert, none where everybody has mail."""
    best: dict[int, Judged] = {}
    for row in rows:
        if row.standing in _WAYS:
            known = best.get(row.customer_id)
            if known is None or _WAYS.index(row.standing) < _WAYS.index(known.standing):
                best[row.customer_id] = row
    if not best:
        return
    there = dict(
        PersonToTell.objects.filter(advisory=advisory, customer__in=list(best)).values_list("customer_id", "way")
    )
    insert_many([_person(advisory, row, now=now) for key, row in best.items() if key not in there])
    found = [
        key for key, way in there.items() if way == Standing.UNREACHABLE and best[key].standing == Standing.BY_LETTER
    ]
    if found:
        PersonToTell.objects.filter(advisory=advisory, customer__in=found).update(way=Standing.BY_LETTER)


def list_for_lost_mail(mail: SafetyMail, *, now: datetime) -> None:
    """A mail came back or was refused: its buyers are to be called or written to, unless they have answered. A reminder
    that comes back is no news: the first mail had told them."""
    if mail.round == MailRound.REMINDER:
        return
    told = Notice.objects.filter(advisory_id=mail.advisory_id, address_key=mail.address_key)
    answered = Acknowledgement.objects.filter(notice__in=told).values_list("notice__customer_id", flat=True)
    ids = set(told.values_list("customer_id", flat=True)) - set(answered)
    if not ids:
        return
    by_phone, by_letter = commerce.with_phone(mail.shop_id, ids), commerce.with_place(mail.shop_id, ids)
    for customer_id in sorted(ids):
        way = telling.way_of(has_phone=customer_id in by_phone, has_place=customer_id in by_letter)
        told_next = {"round": mail.round, "state": TellState.OPEN, "has_lost_mail": True, "bundle": None}
        fresh = {"shop_id": mail.shop_id, "way": way, "rank": mail.rank, "added_at": now}
        fresh["version"] = 0 if mail.round == MailRound.FIRST else 1  # else an earlier mail had told older facts
        person, is_new = PersonToTell.objects.get_or_create(
            advisory_id=mail.advisory_id, customer_id=customer_id, defaults=told_next | fresh
        )
        if not is_new and person.state == TellState.TOLD and mail.round != MailRound.FIRST:
            PersonToTell.objects.filter(pk=person.pk).update(**told_next)
            tell_person(person, now=now)
    tell_progress(mail.advisory, now=now)


def tell_anew(advisory: Advisory, *, version: int) -> int:
    """After a correction: who was told older facts is to be told again; who was not yet hears the new ones."""
    told = PersonToTell.objects.filter(advisory=advisory, state=TellState.TOLD, version__gt=0, version__lt=version)
    return told.update(state=TellState.OPEN, round=MailRound.CORRECTION, bundle=None)


def tell_of_end(advisory: Advisory) -> int:
    """After a withdrawal: who was told hears of it, in the same way; nobody else is told any more."""
    people = PersonToTell.objects.filter(advisory=advisory).exclude(round=MailRound.WITHDRAWAL)
    people.filter(state=TellState.OPEN, version=0).update(state=TellState.DROPPED)
    return people.filter(version__gt=0).update(state=TellState.OPEN, round=MailRound.WITHDRAWAL, bundle=None)


def another_way(person: PersonToTell) -> Standing:
    """How somebody is told whose number is wrong or whose letter came back."""
    has_place = person.way == Standing.BY_PHONE and bool(commerce.with_place(person.shop_id, [person.customer_id]))
    return telling.way_of(has_phone=False, has_place=has_place)


def _person(advisory: Advisory, row: Judged, *, now: datetime) -> PersonToTell:
    return PersonToTell(
        shop_id=advisory.shop_id,
        advisory_id=advisory.pk,
        customer_id=row.customer_id,
        way=row.standing,
        rank=row.rank,
        added_at=now,
    )
