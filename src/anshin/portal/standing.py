"""Where a return stands, as its customer reads it: one state with a next day, and six steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from anshin.returns.terms import Approval, Axis, ExchangeState, InspectionState, MoneyState, ParcelState, Wish

if TYPE_CHECKING:
    from anshin.portal.pages import Page
    from anshin.returns.models import Return
    from anshin.returns.queries import ReturnPage

_SETTLING: Final = frozenset({MoneyState.NOT_YET, MoneyState.TO_CONFIRM, MoneyState.SECOND})
_LOOKED_AT: Final = frozenset({InspectionState.GOOD, InspectionState.DIFFERS})
_HERE: Final = frozenset({ParcelState.HERE, ParcelState.PARTLY_HERE})
_BY_MONEY: Final = {
    MoneyState.PAID: "paid",
    MoneyState.NOT_DUE: "over",
    MoneyState.FAILED: "failed",
    MoneyState.SENDING: "sending",
}
_BY_PARCEL: Final = {
    ParcelState.LOST: "lost",
    ParcelState.PARTLY_HERE: "partly",
    ParcelState.ON_ITS_WAY: "on_way",
    ParcelState.AWAITED: "to_send",
    ParcelState.NOT_YET: "to_send",
}
STEP_OF: Final = {
    "asked": 2, "refused": 2, "withdrawn": 2, "to_send": 3, "on_way": 4, "partly": 4, "lost": 4, "inspecting": 5,
    "settling": 6, "replacing": 6, "sending": 6, "failed": 6, "paid": 6, "over": 6,
}  # fmt: skip
"""At which of the six steps each state is."""
_SENDING, _ARRIVAL, _INSPECTION, _LAST = 3, 4, 5, 6
_NO_MONEY: Final = frozenset({MoneyState.NOT_YET, MoneyState.NOT_DUE})
_REPLACED: Final = frozenset({Wish.EXCHANGE, Wish.REPAIR})
ENDED: Final = frozenset({"refused", "withdrawn", "paid", "over"})


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the six steps. `state`: done, now, todo, stopped or skipped."""

    label: str
    state: str
    day: str
    why: str = ""


def state_of(returned: Return) -> str:
    """The one word for where the return stands: how far it is on its way, unless its exchange is out of stock and
    nobody looks at the item just now."""
    journey = journey_of(returned)
    is_looked_at = journey in {"inspecting", "partly"}
    return "out_of_stock" if returned.exchange == ExchangeState.OUT_OF_STOCK and not is_looked_at else journey


def journey_of(returned: Return) -> str:
    """How far the return is on its way, whatever becomes of its exchange."""
    if returned.approval != Approval.APPROVED:
        return {Approval.REFUSED: "refused", Approval.WITHDRAWN: "withdrawn"}.get(Approval(returned.approval), "asked")
    if returned.money in _BY_MONEY:
        return _BY_MONEY[MoneyState(returned.money)]
    if returned.inspection in {*_LOOKED_AT, InspectionState.NOT_NEEDED}:
        return "replacing" if is_replaced(returned) else "settling"
    if returned.parcel == ParcelState.HERE:
        return "inspecting"
    return _BY_PARCEL.get(ParcelState(returned.parcel), "settling")


def is_replaced(returned: Return) -> bool:
    """Whether the customer gets something else instead of money: an exchange or a repair, unless money is due after
    all."""
    return returned.wish in _REPLACED and returned.money in _NO_MONEY


def stages(page: Page, shown: ReturnPage, words: dict[str, Any]) -> list[Stage]:
    """The six steps with the days on which they were taken, or by which they will be."""
    returned = shown.returned
    due = page.words("status", day=page.day(returned.due_at))["until"] if returned.due_at else ""
    moments = _moments(shown)
    found = []
    for place in range(1, _LAST + 1):
        how = _how(place, returned)
        if how == "now" and place != _LAST and state_of(returned) == "out_of_stock":
            due = ""  # it is the shop's day, not the customer's
        days = {"now": due, "skipped": words["not_needed"], "todo": ""}
        day = days.get(how, page.day(moments[place]) if place in moments else "")
        why = words["step_5_why"] if place == _INSPECTION and how == "now" else ""
        found.append(Stage(_label(place, how, returned, words), how, day, why))
    return found


def place_of(returned: Return) -> int:
    """Which of the six steps it is."""
    return STEP_OF[journey_of(returned)]


def _label(place: int, how: str, returned: Return, words: dict[str, Any]) -> str:
    if how == "stopped":
        return str(words["step_4_lost" if place == _ARRIVAL else f"step_2_{journey_of(returned)}"])
    if place == _ARRIVAL and how == "now" and returned.parcel == ParcelState.PARTLY_HERE:
        return str(words["h_partly"])
    if place == _LAST and is_replaced(returned):
        return str(words["step_6_replace"])
    plain = words[f"step_{place}"]
    return str(plain if how == "done" else words.get(f"step_{place}_{how}") or words.get(f"step_{place}_todo") or plain)


def _how(place: int, returned: Return) -> str:
    state = journey_of(returned)
    at = STEP_OF[state]
    if state in {"refused", "withdrawn"}:
        return "done" if place < at else "stopped" if place == at else "todo"
    if returned.parcel == ParcelState.NOT_NEEDED and place in {_SENDING, _ARRIVAL, _INSPECTION}:
        return "skipped"
    if returned.parcel == ParcelState.LOST and place in {_ARRIVAL, _INSPECTION}:
        return "stopped" if place == _ARRIVAL else "skipped"
    if place < at or (place == at and state in {"paid", "over"}):
        return "done"
    return "now" if place == at else "todo"


def _moments(shown: ReturnPage) -> dict[int, datetime]:
    """When each step was taken, as far as it was."""
    found: dict[int, datetime] = {1: shown.returned.asked_at}
    for step in shown.steps:
        place = _place(step.axis, step.state)
        if place:
            found[place] = step.at
    return found


def _place(axis: str, state: str) -> int:
    if axis == Axis.APPROVAL:
        return 2 if state != Approval.ASKED else 0
    if axis == Axis.PARCEL:
        return _SENDING if state == ParcelState.ON_ITS_WAY else _ARRIVAL if state in {*_HERE, ParcelState.LOST} else 0
    if axis == Axis.INSPECTION:
        return 5 if state in _LOOKED_AT else 0
    return 6 if state in {MoneyState.PAID, MoneyState.NOT_DUE} else 0
