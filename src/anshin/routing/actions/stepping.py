"""A deadline is near or past: whoever the channel's escalation path names is told, or gets the case put before them.

Asked twice for one entry of the journal, it is done once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anshin.cases.queries import subject_of
from anshin.cases.terms import Channel, Status
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.pages import dates
from anshin.routing import events, queries, rules
from anshin.routing.actions.asking import is_for_machines
from anshin.routing.actions.escalating import deadline_title, escalate_by_path
from anshin.routing.models import PathRun
from anshin.routing.terms import PATH_ACTOR, PathDid, PathStep, Trigger
from anshin.shops.actions import tell

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership, Shop


def follow_path(
    *, shop_id: int, case_id: int, moment: Trigger, due_at: datetime, entry_id: int, now: datetime
) -> PathRun | None:
    """What the path of the case's channel did about the deadline `due_at`. Inside a transaction.

    None where nothing is to do: the deadline is another by now, the path names nobody, or they have it already.
    """
    subject = subject_of(shop_id, case_id)
    if subject is None or not is_for_machines(subject, now):
        return None
    case = subject.case
    if case.due_at != due_at or case.status not in {Status.OPEN, Status.SNOOZED, Status.WAITING}:
        return None
    if PathRun.objects.filter(case_id=case_id, entry_id=entry_id).exists():
        return None
    step = queries.step_for(case.shop, case, moment)
    receiver = queries.step_receiver(case.shop, case, step, now=now)
    if receiver is None:
        return None
    did = _step(case.shop, case, receiver, moment, is_put=step != PathStep.HOLDER, now=now)
    if did is None:
        return None
    return PathRun.objects.create(
        shop_id=shop_id, case=case, entry_id=entry_id, moment=moment, receiver=receiver, did=did, due_at=due_at, at=now
    )


def _step(
    shop: Shop, case: Case, receiver: Membership, moment: Trigger, *, is_put: bool, now: datetime
) -> PathDid | None:
    """What became of it; None where the case is before this person already."""
    lately = PathRun.objects.filter(receiver=receiver, at__gt=now - timedelta(hours=1)).exclude(did=PathDid.LISTED)
    if lately.count() >= rules.MOST_STEPS_AN_HOUR:
        return PathDid.LISTED
    words = _words(shop, case, receiver)
    if is_put and receiver.pk != case.owner_id:
        if escalate_by_path(shop=shop, case_id=case.pk, receiver=receiver, moment=moment, reason=words, now=now):
            return PathDid.PUT
        before = queries.escalation_of_case(receiver, case.pk)
        if before is not None and before.receiver_id == receiver.pk:
            return None
    _tell(case, receiver, moment, words, now)
    return PathDid.TOLD


def _tell(case: Case, receiver: Membership, moment: Trigger, words: str, now: datetime) -> None:
    shop = case.shop
    fact = events.PathTold(moment=moment.value, receiver_id=receiver.pk, receiver=str(receiver.person))
    record(fact, shop_id=shop.pk, by=Actor.system(PATH_ACTOR), now=now, case_id=case.pk)
    path = f"/s/{shop.slug}/c/{case.number}"
    tell(
        members=[receiver],
        words=lambda _language: (deadline_title(moment, case.number), words),
        path=path,
        now=now,
    )


def _words(shop: Shop, case: Case, receiver: Membership) -> str:
    """Mail, due Nov 22 (Sun) 10:40, with 竹内 涼: in the receiver's language, on the shop's clock."""
    language = receiver.person.language
    with translation.override(language), timezone.override(ZoneInfo(shop.zone)):
        values = {
            "channel": Channel(case.channel).label,
            "at": dates.exactly(case.due_at, language=language) if case.due_at else "",
            "name": case.owner.person if case.owner else "",
        }
        if case.owner:
            return _("%(channel)s, due %(at)s. %(name)s has the case.") % values
        return _("%(channel)s, due %(at)s. Nobody has the case yet.") % values
