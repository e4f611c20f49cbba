"""What the returns room's facts mean, for the journal's page and a case's timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anshin.commerce.terms import Carrier, Fault
from anshin.returns.terms import (
    Approval,
    Axis,
    BulkVerb,
    Disposition,
    ExchangeState,
    Grade,
    ImprovementState,
    InspectionState,
    MoneyState,
    ParcelState,
    Reason,
    Verdict,
)

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]
_STATES: tuple[type[TextChoices], ...] = (Approval, ParcelState, InspectionState, MoneyState, ExchangeState)


def _of(choices: type[TextChoices]) -> Callable[[Any], Words]:
    return lambda value: choices(value).label if value in choices.values else str(value)


def _number(value: Any) -> Words:
    return f"R-{int(value):04}"


def _yen(value: Any) -> Words:
    return f"¥{int(value):,}"


def _yes_no(value: Any) -> Words:
    return _("Yes") if value else _("No")


def state_words(axis: str, state: str) -> Words:
    """What a state of an axis is called."""
    choices = dict(zip(Axis, _STATES, strict=True))[Axis(axis)]
    return choices(state).label


def _state(value: Any) -> Words:
    return next((choices(value).label for choices in _STATES if value in choices.values), str(value))


_NUMBER: Piece = ("number", "", _number)
RETURN_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "return.requested": (_("A return was asked for"), (_NUMBER, ("verdict", _("Policy"), _of(Verdict)))),
    "return.stepped": (
        _("A return went on"),
        (_NUMBER, ("axis", "", _of(Axis)), ("former", _("Before"), _state), ("state", _("Now"), _state)),
    ),
    "return.fault_decided": (
        _("Whose doing it was"),
        (_NUMBER, ("former", _("Before"), _of(Fault)), ("fault", _("Now"), _of(Fault)), ("why", "", str)),
    ),
    "return.parcel_booked_in": (
        _("A parcel was booked in"),
        (("is_announced", _("Announced and approved"), _yes_no),),
    ),
    "return.item_inspected": (
        _("An item was inspected"),
        (_NUMBER, ("grade", "", _of(Grade)), ("disposition", "", _of(Disposition))),
    ),
    "return.settlement_confirmed": (
        _("A refund was confirmed"),
        (_NUMBER, ("total_yen", _("Amount"), _yen), ("points", _("Points"), str)),
    ),
    "return.bulk_begun": (
        _("One step for several returns"),
        (("verb", "", _of(BulkVerb)), ("count", _("Returns"), str)),
    ),
    "return.number_given": (_("Wrote down a slip’s number"), (_NUMBER, ("carrier", "", _of(Carrier)))),
    "return.page_task_opened": (
        _("A product’s page should be looked at"),
        (
            ("product", "", str),
            ("reason", "", _of(Reason)),
            ("returns", _("Number of returns"), str),
            ("sold", _("Sold"), str),
            ("again", _("Again"), _yes_no),
        ),
    ),
    "return.page_task_finished": (
        _("A product’s page was dealt with"),
        (("product", "", str), ("state", "", _of(ImprovementState))),
    ),
    "return.place_saved": (_("Wrote down where returns go"), (("place", "", str),)),
    "return.place_retired": (_("Took a place for returns out of use"), (("place", "", str),)),
    "return.directed": (_("Chose where a return goes"), (_NUMBER, ("place", "", str))),
    "return.parcel_reminded": (
        _("A customer was reminded of the parcel"),
        (_NUMBER, ("place", pgettext_lazy("reminder", "No."), str)),
    ),
    "return.invoice_voided": (_("A return invoice became void"), (_NUMBER, ("invoice", "", str))),
    "return.invoice_issued": (
        _("A return invoice was given"),
        (_NUMBER, ("invoice", "", str), ("total_yen", _("Amount"), _yen)),
    ),
    "return.setting_changed": (_("Changed the times or the address of returns"), (("what", "", str),)),
}
