"""What every verb of the room does first and last: find and lock, ask who may, write down what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.live.actions import publish_on
from anshin.safety.actions.refusals import IllegalStep, UnknownAdvisory
from anshin.safety.models import Advisory, Insider, PersonToTell, SealedFact
from anshin.safety.rules import steps
from anshin.safety.terms import AdvisoryState
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Membership

PROGRAM = Actor.system("safety")


def locked(by: Membership, advisory_id: int, permission: Permission) -> Advisory:
    """The advisory, locked until the transaction ends, for somebody who is named on it and may do this.

    Raises UnknownAdvisory when it is not there or not for them, NotAllowed. Who is not named learns nothing, whatever
    their role: that is asked first.
    """
    found = Advisory.objects.select_for_update().filter(shop_id=by.shop_id, pk=advisory_id).first()
    named = Insider.objects.filter(advisory_id=advisory_id, membership=by, removed_at=None)
    if found is None or (found.number is None and not named.exists()):
        raise UnknownAdvisory
    require(by, permission)
    return found


def step(advisory: Advisory, state: AdvisoryState) -> None:
    """Move a locked advisory, without saving it. Raises IllegalStep."""
    if not steps.may_become(AdvisoryState(advisory.state), state):
        raise IllegalStep
    advisory.state = state


def note(advisory: Advisory, fact: Event, *, by: Membership | None, now: datetime) -> None:
    """Write a fact down: on the advisory while it has never been public, else in everybody's journal.

    `by` None: the program itself. Pages of the insiders are told either way, on their own channels.
    """
    if advisory.number is None:
        SealedFact.objects.create(
            shop_id=advisory.shop_id, advisory=advisory, event=fact.name, payload=fact.to_payload(), by=by, at=now
        )
        channels = [f"person:{each}" for each in _people_of(advisory)]
    else:
        record(fact, shop_id=advisory.shop_id, by=shops.actor(by) if by else PROGRAM, now=now)
        channels = ["shop"]
    if channels:
        publish_on(
            shop_id=advisory.shop_id,
            channels=channels,
            kind="safety.changed",
            payload={"safety_id": advisory.key},
            now=now,
        )


def tell_progress(advisory: Advisory, *, now: datetime) -> None:
    """Pages of a public notice fetch their figures again."""
    publish_on(
        shop_id=advisory.shop_id,
        channels=["shop"],
        kind="safety.progress",
        payload={"progress_id": advisory.key},
        now=now,
    )


def tell_person(person: PersonToTell, *, now: datetime) -> None:
    """Open lists of those whom no mail reaches fetch this person again, and count anew."""
    publish_on(shop_id=person.shop_id, channels=["shop"], kind="safety.person", payload={"told_id": person.pk}, now=now)


def tell_gone(advisory: Advisory, *, person_id: int, now: datetime) -> None:
    """Open pages of somebody who may not see a sealed notice any more ask whether they may stay, and leave."""
    publish_on(
        shop_id=advisory.shop_id,
        channels=[f"person:{person_id}"],
        kind="safety.gone",
        payload={"gone_id": advisory.key},
        now=now,
    )


def _people_of(advisory: Advisory) -> list[int]:
    named = Insider.objects.filter(advisory=advisory, removed_at=None)
    return sorted(named.values_list("membership__person_id", flat=True))
