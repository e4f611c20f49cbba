"""The rest of a return arrives after part of it was looked at, or even paid for: it is looked at and paid by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import WrongCase, carry_out
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import counting, settling, stepping
from anshin.returns.models import Return, ReturnLine
from anshin.returns.queries.parts import parts_of
from anshin.returns.terms import Axis, CheckResult, Disposition, InspectionState, MoneyState

if TYPE_CHECKING:
    from anshin.shops.models import Membership

IN_FLIGHT = (MoneyState.SECOND, MoneyState.SENDING, MoneyState.FAILED)
_LOOKED_AT = (InspectionState.GOOD, InspectionState.DIFFERS)


def follow_arrival(returned: Return, *, by: Actor, member: Membership | None = None, now: datetime) -> None:
    """Where pieces of a locked return are here that nobody has looked at: let the warehouse look, and calculate anew.

    While money of the first part is under way nothing moves; this is called again when it has arrived. What was paid
    for as lost needs no second payment: a note in the case tells people that it came after all.
    """
    if returned.inspection == InspectionState.NOT_NEEDED:
        if returned.money in {*IN_FLIGHT, MoneyState.PAID}:
            _tell_it_came(returned, now)
        else:
            stepping.step(returned, Axis.INSPECTION, InspectionState.NOT_YET, by=by, member=member, now=now)
        return
    if returned.inspection not in _LOOKED_AT or returned.money in IN_FLIGHT:
        return
    lines = list(returned.lines.prefetch_related("inspections"))
    is_pending = any(parts_of(line).is_pending for line in lines)
    if is_pending or (returned.money == MoneyState.PAID and any(_has_unpaid_part(returned, line) for line in lines)):
        _begin(returned, by=by, member=member, now=now)
        follow_inspection(returned, by=by, member=member, now=now)


def follow_inspection(returned: Return, *, by: Actor, member: Membership | None = None, now: datetime) -> None:
    """Move inspection and money by what was looked at and what is still to be; nothing while money is under way."""
    if returned.money in IN_FLIGHT:
        return
    lines = list(returned.lines.prefetch_related("inspections"))
    is_complete = not any(parts_of(line).is_pending for line in lines)
    if returned.money == MoneyState.TO_CONFIRM:
        stepping.step(returned, Axis.MONEY, MoneyState.NOT_YET, by=by, member=member, now=now)
    state = _state(lines) if is_complete else InspectionState.UNDER_WAY
    if returned.inspection != state or is_complete:
        stepping.step(returned, Axis.INSPECTION, state, by=by, member=member, now=now)
    if is_complete:
        settling.propose(returned, now=now)


def count_anew(returned: Return, *, by: Actor, now: datetime) -> None:
    """Calculate again what is not paid yet, where the inspection has got so far; no money is under way."""
    _begin(returned, by=by, member=None, now=now)
    if returned.inspection == InspectionState.NOT_NEEDED:
        settling.propose(returned, now=now)
    else:
        follow_inspection(returned, by=by, now=now)


def _begin(returned: Return, *, by: Actor, member: Membership | None, now: datetime) -> None:
    """Put what was calculated so far aside, if it is over, and wait for the next calculation."""
    if returned.money in {MoneyState.PAID, MoneyState.NOT_DUE}:
        returned.settlements.filter(is_current=True).update(is_current=False, is_closed=True)
    if returned.money != MoneyState.NOT_YET:
        stepping.step(returned, Axis.MONEY, MoneyState.NOT_YET, by=by, member=member, now=now)


def _has_unpaid_part(returned: Return, line: ReturnLine) -> bool:
    newest = max((part.part for part in parts_of(line).finished), default=0)
    return newest > counting.settled_part(returned, line)


def _state(lines: Sequence[ReturnLine]) -> InspectionState:
    """What the finished parts say together; a piece that was missing and came after all no longer counts as such."""
    rows = [(line, part) for line in lines for part in parts_of(line).finished]
    results = {result for _line, row in rows for result in (row.appearance, row.accessories, row.operation)}
    is_missing = any(
        row.disposition == Disposition.MISSING and (row.quantity or (line.quantity_here or 0) < line.quantity)
        for line, row in rows
    )
    return InspectionState.DIFFERS if CheckResult.BAD in results or is_missing else InspectionState.GOOD


def _tell_it_came(returned: Return, now: datetime) -> None:
    with translation.override("ja"):
        note = _("%(number)s was paid back without its goods, and now they have arrived. See what becomes of them.")
        try:
            carry_out(
                shop=returned.shop,
                case_id=returned.case_id,
                by=Actor.system("returns"),
                note=note % {"number": returned},
                rule_name=pgettext("room", "Returns"),
                now=now,
            )
        except WrongCase:
            return
