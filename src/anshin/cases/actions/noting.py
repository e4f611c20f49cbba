"""Internal notes. Nothing here knows how to reach a customer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import indexing, standing
from anshin.cases.actions.refusals import EmptyText
from anshin.cases.models import Draft, Note
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership


@transaction.atomic
def add_note(*, by: Membership, case_id: int, text: str, now: datetime) -> Note:
    """A note on the case; the writer's note draft is used up. Raises NotAllowed, EmptyText, WrongCase."""
    require(by, Permission.WRITE_NOTES)
    if not text.strip():
        raise EmptyText
    case = standing.locked_case(by.shop_id, case_id)
    if not by.through:  # a program has no draft
        Draft.objects.filter(case=case, author=by, is_note=True).delete()
    return write_note(case, by=by, text=text, now=now)


def write_note(case: Case, *, by: Membership, text: str, now: datetime) -> Note:
    """A note on a locked case; what its writer has begun to write stays. Inside a transaction."""
    note = Note.objects.create(shop_id=case.shop_id, case=case, author=by, at=now, text=text.strip())
    record(events.NoteAdded(note_id=note.pk), shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.note", now=now)
    return note
