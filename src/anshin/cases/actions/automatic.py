"""What happens to a case without a person: what a rule decides.

`by` is the actor under whose name it stands in the journal: the system, named after the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import indexing, standing, topics, triage
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.models import Case, Note
from anshin.cases.terms import Status
from anshin.plumbing.journal.actions import record

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Membership, Shop


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What differs from before. `former_owner_id` counts only if `owner_changed`."""

    owner_changed: bool = False
    former_owner_id: int | None = None
    added_tags: tuple[str, ...] = ()
    urgency_changed: bool = False
    was_snoozed: bool = False
    note_id: int | None = None


@transaction.atomic
def carry_out(
    *,
    shop: Shop,
    case_id: int,
    by: Actor,
    owner: Membership | None = None,
    tags: Sequence[str] = (),
    is_urgent: bool | None = None,
    snoozed_until: datetime | None = None,
    note: str = "",
    rule_name: str = "",
    now: datetime,
) -> CarriedOut:
    """Do to the case what a rule decided; what is so already, or cannot be any more, is left alone.

    `owner` None leaves the owner as it is. A note is signed with `rule_name`. Raises WrongCase for a case of another
    shop, one that was merged away, one in the spam folder.
    """
    case = standing.locked_case(shop.pk, case_id)
    if case.status == Status.SPAM:
        raise WrongCase
    former_owner_id = case.owner_id
    if owner is not None:
        triage.give(case, owner, by, now)
    added = tuple(name for name in dict.fromkeys(tags) if name not in case.tag_names)
    if added:
        triage.put_tags(case, [*case.tag_names, *added], by, now)
    return CarriedOut(
        owner_changed=case.owner_id != former_owner_id,
        former_owner_id=former_owner_id,
        added_tags=added,
        urgency_changed=is_urgent is not None and _set_urgent(case, is_urgent, by, now),
        was_snoozed=snoozed_until is not None and _snooze(case, snoozed_until, by, now),
        note_id=_note(case, note, rule_name, by, now) if note.strip() else None,
    )


@transaction.atomic
def take_back_by_rule(
    *,
    shop: Shop,
    case_id: int,
    by: Actor,
    owner_id: int | None,
    former: Membership | None,
    tags: Sequence[str],
    now: datetime,
) -> bool:
    """Take off what a rule did: its tags, and its owner if the case is still `owner_id`'s; whether anything changed.

    Raises WrongCase.
    """
    case = standing.locked_case(shop.pk, case_id)
    kept = [name for name in case.tag_names if name not in tags]
    changed = bool(kept != case.tag_names)
    triage.put_tags(case, kept, by, now)
    if owner_id is not None and case.owner_id == owner_id:
        triage.give(case, former, by, now)
        changed = True
    return changed


def _set_urgent(case: Case, is_urgent: bool, by: Actor, now: datetime) -> bool:
    if case.is_urgent == is_urgent:
        return False
    topics.change(case, {"is_urgent": is_urgent, "urgent_kind": "", "urgent_on": None})
    triage.tell(case, events.UrgencySet(is_urgent=is_urgent), by, now)
    return True


def _snooze(case: Case, until: datetime, by: Actor, now: datetime) -> bool:
    """Only what waits for us or for the customer is put away; what is put away already stays so."""
    if until <= now or case.status not in {Status.OPEN, Status.WAITING}:
        return False
    standing.change(case, status=Status.SNOOZED, snoozed_until_at=until)
    triage.tell(case, events.CaseSnoozed(until=until.isoformat()), by, now)
    return True


def _note(case: Case, text: str, rule_name: str, by: Actor, now: datetime) -> int:
    note = Note.objects.create(shop_id=case.shop_id, case=case, at=now, text=text.strip(), rule_name=rule_name[:80])
    record(events.NoteAdded(note_id=note.pk), shop_id=case.shop_id, by=by, now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.note", now=now)
    return note.pk
