"""“I am calling now”: one clerk at a time calls a person, and every open list shows who."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from anshin.safety.actions.keeping import tell_person
from anshin.safety.actions.refusals import BeingCalled, IllegalStep, NoSuchPerson, ToldMeanwhile, UnknownAdvisory
from anshin.safety.models import PersonToTell
from anshin.safety.queries import LISTS, advisories
from anshin.safety.terms import CALL_LASTS, AdvisoryState
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership


@transaction.atomic
def claim_call(*, by: Membership, advisory_id: int, person_id: int, now: datetime) -> PersonToTell:
    """Whoever says so first calls; for CALL_LASTS, or until something is written down. Said again it begins anew.

    One UPDATE decides, so that of two at the same moment one is refused. Raises NotAllowed, UnknownAdvisory,
    NoSuchPerson, IllegalStep (it was closed), ToldMeanwhile (not to be called any more), BeingCalled.
    """
    advisory = public_advisory(by, advisory_id)
    if advisory.state == AdvisoryState.CLOSED:
        raise IllegalStep
    person = PersonToTell.objects.filter(advisory=advisory, pk=person_id)
    is_free = Q(called_by=None) | Q(called_by=by) | Q(called_at__lt=now - CALL_LASTS)
    taken = person.filter(LISTS["phone"]).filter(is_free).update(called_by=by, called_at=now)
    found = person.select_related("called_by__person").first()
    if found is None:
        raise NoSuchPerson
    if not taken:
        if found.called_by is not None and person.filter(LISTS["phone"]).exists():
            raise BeingCalled(str(found.called_by.person))
        raise ToldMeanwhile
    tell_person(found, now=now)
    return found


@transaction.atomic
def release_call(*, by: Membership, advisory_id: int, person_id: int, now: datetime) -> None:
    """Not calling after all. Somebody else's call stays as it is. Raises NotAllowed, UnknownAdvisory."""
    advisory = public_advisory(by, advisory_id)
    person = PersonToTell.objects.filter(advisory=advisory, pk=person_id, called_by=by).first()
    if person is None:
        return
    person.called_by, person.called_at = None, None
    person.save(update_fields=["called_by", "called_at"])
    tell_person(person, now=now)


def public_advisory(by: Membership, advisory_id: int, permission: Permission = Permission.ANSWER) -> Advisory:
    """A public advisory. A sealed one has no lists yet: nobody is told before the release."""
    found = advisories(by).select_related("shop").filter(pk=advisory_id, number__isnull=False).first()
    if found is None:
        raise UnknownAdvisory
    require(by, permission)
    return found
