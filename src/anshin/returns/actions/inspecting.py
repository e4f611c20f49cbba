"""Looking at what came back: three checks, a grade, what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.actions import counting, rounds, stepping
from anshin.returns.actions.refusals import IllegalStep, UnknownReturn
from anshin.returns.models import Inspection, Return, ReturnLine, ReturnPhoto
from anshin.returns.queries.parts import parts_of
from anshin.returns.terms import CheckResult, Disposition, Grade, PhotoStage
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.returns.actions.requesting import KeptPhoto
    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; "" for a check that is still to be done. `missing` are accessories that did not come back."""

    appearance: CheckResult | str = ""
    appearance_note: str = ""
    accessories: CheckResult | str = ""
    accessories_note: str = ""
    missing: tuple[str, ...] = ()
    operation: CheckResult | str = ""
    operation_note: str = ""
    grade: Grade | str = ""
    disposition: Disposition | str = ""
    note: str = ""


@transaction.atomic
def inspect(
    *, by: Membership, line_id: int, checked: Checked, photos: Sequence[KeptPhoto] = (), now: datetime
) -> Inspection:
    """Write down what was found, also half of it; with all three results and a disposition the item is done, and with
    the last item the return.

    Raises NotAllowed, UnknownReturn, IllegalStep (it is not here, or its money has moved).
    """
    require(by, Permission.RECEIVE_GOODS)
    line = ReturnLine.objects.filter(shop_id=by.shop_id, pk=line_id).first()
    if line is None:
        raise UnknownReturn
    returned = stepping.locked_return(by.shop_id, line.returned_id)
    if line.quantity_here is None:
        raise IllegalStep
    row = _row_for(returned, line, by, now)
    is_done = all([checked.appearance, checked.accessories, checked.operation, checked.disposition])
    for name in Checked.__slots__:
        value = getattr(checked, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.inspected_by, row.finished_at = by, now if is_done else None
    row.quantity = row.quantity if is_done else 0
    row.save()
    _keep_photos(returned, line, photos, now)
    if is_done:
        fact = events.ItemInspected(
            return_id=returned.pk,
            number=returned.number,
            line_id=line.pk,
            grade=str(row.grade),
            disposition=str(row.disposition),
        )
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=returned.case_id)
    rounds.follow_inspection(returned, by=shops.actor(by), member=by, now=now)
    return row


def _row_for(returned: Return, line: ReturnLine, by: Membership, now: datetime) -> Inspection:
    """The part that is begun, a new one for what has arrived since, or the newest while nothing was paid for it.

    Raises IllegalStep.
    """
    parts = parts_of(line)
    row = parts.shown
    if row is None:
        last = len(parts.finished)
        row = Inspection(shop_id=by.shop_id, line=line, part=last + 1, begun_at=now)
    elif row.finished_at is not None and row.part <= counting.settled_part(returned, line):
        raise IllegalStep
    row.quantity = (line.quantity_here or 0) - sum(each.quantity for each in parts.finished if each.part != row.part)
    return row


def _keep_photos(returned: Return, line: ReturnLine, photos: Sequence[KeptPhoto], now: datetime) -> None:
    ReturnPhoto.objects.bulk_create(
        ReturnPhoto(
            shop_id=returned.shop_id,
            returned=returned,
            line=line,
            blob_id=photo.blob_id,
            name=photo.name[:200],
            stage=PhotoStage.INSPECTION,
            at=now,
        )
        for photo in photos
    )
