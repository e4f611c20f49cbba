"""Calls and letters to those whom no mail reaches: what came of each is written down, and who knows leaves the list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F

from anshin.plumbing.bulk import insert_many
from anshin.safety import events
from anshin.safety.actions.answering import keep_answer
from anshin.safety.actions.claiming import public_advisory
from anshin.safety.actions.keeping import note, tell_person, tell_progress
from anshin.safety.actions.listing import another_way
from anshin.safety.actions.refusals import (
    IllegalStep,
    NextTryOutOfReach,
    NoSuchPerson,
    NothingToPrint,
    ToldMeanwhile,
    UnknownAdvisory,
)
from anshin.safety.models import Advisory, Approach, LetterBundle, PersonToTell
from anshin.safety.queries import LISTS, live_version, of_person
from anshin.safety.terms import LATEST_NEXT_TRY, AdvisoryState, Answer, Outcome, TellState
from anshin.shops import queries as shops
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

BUNDLE: Final = 200
"""So many letters at most are printed together: what an office printer takes in one go, and one PDF in seconds."""

_MOVED: Final = ("tries", "state", "told_at", "version", "way", "bundle")


@transaction.atomic
def approach(
    *,
    by: Membership,
    advisory_id: int,
    person_id: int,
    outcome: Outcome,
    seen: int,
    said: Answer | None = None,
    words: str = "",
    next_try_at: datetime | None = None,
    now: datetime,
) -> PersonToTell:
    """Write down a call, or that a letter came back. Who knows now leaves the list; who was not found stays, or goes to
    the next way. `said`: what they answered, kept as if behind the link. `seen`: id of the newest attempt that the page
    showed, 0 for none; the same again changes nothing. `next_try_at`: when nobody picked up, before when not to call.
    Whoever was calling is not calling any more.

    Raises NotAllowed, UnknownAdvisory, NoSuchPerson, ToldMeanwhile, IllegalStep (it was closed), NextTryOutOfReach.
    """
    advisory = public_advisory(by, advisory_id)
    person = PersonToTell.objects.select_for_update().filter(advisory=advisory, pk=person_id).first()
    if person is None:
        raise NoSuchPerson
    outcome = Outcome.ANSWERED if said else outcome
    last = Approach.objects.filter(person=person).order_by("-pk").first()
    if last is not None and last.pk != seen:
        if (last.by_id, last.outcome, last.answer) == (by.pk, outcome, said or ""):
            return person
        raise ToldMeanwhile
    if advisory.state == AdvisoryState.CLOSED:
        raise IllegalStep
    next_try_at = next_try_at if outcome == Outcome.NO_ONE else None
    if next_try_at is not None and not now < next_try_at <= now + LATEST_NEXT_TRY:
        raise NextTryOutOfReach
    if said:
        keep_answer(by.shop, of_person(person), said, by=shops.actor(by), now=now)
    Approach.objects.create(
        shop_id=by.shop_id, person=person, outcome=outcome, answer=said or "", words=words.strip()[:300], by=by, at=now
    )
    _move(advisory, person, outcome, next_try_at, now=now)
    fact = events.PersonApproached(
        advisory_id=advisory.pk, number=advisory.number or 0, person_id=person.pk, outcome=str(outcome)
    )
    note(advisory, fact, by=by, now=now)
    tell_person(person, now=now)
    return person


def _move(
    advisory: Advisory, person: PersonToTell, outcome: Outcome, next_try_at: datetime | None, *, now: datetime
) -> None:
    person.tries += 1
    person.called_by, person.called_at, person.next_try_at = None, None, next_try_at
    if outcome.tells:
        person.state, person.told_at, person.version = TellState.TOLD, now, live_version(advisory)
    elif outcome in {Outcome.WRONG, Outcome.RETURNED}:
        person.way, person.state, person.bundle = another_way(person), TellState.OPEN, None
    person.save(update_fields=[*_MOVED, "called_by", "called_at", "next_try_at"])


@transaction.atomic
def print_letters(*, by: Membership, advisory_id: int, now: datetime) -> LetterBundle:
    """Put the next letters together, the latest purchases first; they are printed as often as one likes.

    Raises NotAllowed, UnknownAdvisory, NothingToPrint.
    """
    advisory = public_advisory(by, advisory_id)
    Advisory.objects.select_for_update(no_key=True).get(pk=advisory.pk)  # two at once print different letters
    waiting = PersonToTell.objects.filter(LISTS["letter"], advisory=advisory, bundle=None)
    ids = list(waiting.order_by("-rank", "id").values_list("pk", flat=True)[:BUNDLE])
    if not ids or advisory.state == AdvisoryState.CLOSED:
        raise NothingToPrint
    last = LetterBundle.objects.filter(advisory=advisory).order_by("-number").values_list("number", flat=True).first()
    made = LetterBundle.objects.create(
        shop_id=by.shop_id, advisory=advisory, number=(last or 0) + 1, letters=len(ids), made_at=now, made_by=by
    )
    PersonToTell.objects.filter(pk__in=ids).update(bundle=made)
    fact = events.LettersPrinted(
        advisory_id=advisory.pk, number=advisory.number or 0, bundle=made.number, letters=made.letters
    )
    note(advisory, fact, by=by, now=now)
    return made


@transaction.atomic
def post_letters(*, by: Membership, advisory_id: int, number: int, now: datetime) -> LetterBundle:
    """The letters of a bundle are with the post: their readers count as told. Twice is once.

    Raises NotAllowed, UnknownAdvisory for a bundle that is not there.
    """
    advisory = public_advisory(by, advisory_id)
    bundle = LetterBundle.objects.select_for_update().filter(advisory=advisory, number=number).first()
    if bundle is None:
        raise UnknownAdvisory
    if bundle.posted_at is not None:
        return bundle
    bundle.posted_at, bundle.posted_by = now, by
    bundle.save(update_fields=["posted_at", "posted_by"])
    people = PersonToTell.objects.filter(bundle=bundle, state=TellState.OPEN)
    ids = list(people.select_for_update().values_list("pk", flat=True))
    insert_many([Approach(shop_id=by.shop_id, person_id=each, outcome=Outcome.POSTED, by=by, at=now) for each in ids])
    told = PersonToTell.objects.filter(pk__in=ids)
    told.update(state=TellState.TOLD, told_at=now, version=live_version(advisory), tries=F("tries") + 1)
    fact = events.LettersPosted(
        advisory_id=advisory.pk, number=advisory.number or 0, bundle=bundle.number, letters=len(ids)
    )
    note(advisory, fact, by=by, now=now)
    tell_progress(advisory, now=now)
    return bundle


@transaction.atomic
def take_list(*, by: Membership, advisory_id: int, which: str, now: datetime) -> None:
    """Write down that somebody takes a list with telephone numbers or addresses out of the program.

    Raises NotAllowed, UnknownAdvisory.
    """
    advisory = public_advisory(by, advisory_id, Permission.EXPORT)
    fact = events.TellListTaken(advisory_id=advisory.pk, number=advisory.number or 0, which=which)
    note(advisory, fact, by=by, now=now)
