"""What the returns screens say and show: marks of the four axes, deadlines, who did something."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from anshin.plumbing.pages import dates
from anshin.plumbing.pages.markup import icon_markup
from anshin.returns.terms import FOUR_AXES, Approval, Axis, MoneyState, WaitsFor
from anshin.returns.terms import InspectionState as Inspected
from anshin.returns.terms import ParcelState as Parcel
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.return_journal_words import state_words

if TYPE_CHECKING:
    from anshin.returns.models import Return, Step
    from anshin.shops.models import Membership

Words = str | Promise
NONE, RUN, DONE, YOURS, NO, NA = "none", "run", "ok", "act", "no", "na"
ICONS = {NONE: "minus", RUN: "circle-dot-dashed", DONE: "check", YOURS: "user-round", NO: "x", NA: "slash"}
_MARKS: dict[str, dict[str, tuple[str, str]]] = {
    Axis.APPROVAL: {
        Approval.ASKED: (YOURS, ""),
        Approval.APPROVED: (DONE, ""),
        Approval.REFUSED: (NO, ""),
        Approval.WITHDRAWN: (NA, "undo-2"),
    },
    Axis.PARCEL: {
        Parcel.NOT_YET: (NONE, ""),
        Parcel.AWAITED: (RUN, ""),
        Parcel.ON_ITS_WAY: (RUN, "truck"),
        Parcel.PARTLY_HERE: (RUN, "package"),
        Parcel.HERE: (DONE, ""),
        Parcel.LOST: (NO, "circle-help"),
        Parcel.NOT_NEEDED: (NA, ""),
    },
    Axis.INSPECTION: {
        Inspected.NOT_YET: (NONE, ""),
        Inspected.UNDER_WAY: (RUN, ""),
        Inspected.GOOD: (DONE, ""),
        Inspected.DIFFERS: (NO, "triangle-alert"),
        Inspected.NOT_NEEDED: (NA, ""),
    },
    Axis.MONEY: {
        MoneyState.NOT_YET: (NONE, ""),
        MoneyState.TO_CONFIRM: (YOURS, ""),
        MoneyState.SECOND: (RUN, "hourglass"),
        MoneyState.SENDING: (RUN, ""),
        MoneyState.PAID: (DONE, ""),
        MoneyState.FAILED: (NO, "circle-alert"),
        MoneyState.NOT_DUE: (NA, ""),
    },
}
LEGEND: tuple[tuple[str, Words], ...] = (
    (NONE, pgettext_lazy("mark", "Not yet")),
    (RUN, pgettext_lazy("mark", "Under way")),
    (DONE, pgettext_lazy("mark", "Done")),
    (YOURS, pgettext_lazy("mark", "Your turn")),
    (NO, pgettext_lazy("mark", "Refused")),
    (NA, pgettext_lazy("mark", "Not needed")),
)
CHECKS: dict[str, Words] = {
    "in_time": gettext_lazy("In time"),
    "unused": pgettext_lazy("check", "Not used"),
    "unopened": gettext_lazy("Not opened"),
    "returnable": gettext_lazy("May come back"),
    "accessories": gettext_lazy("Accessories"),
    "photos": gettext_lazy("Photos as evidence"),
    "stated": gettext_lazy("Terms were shown"),
    "by_person": gettext_lazy("A person looks at this reason"),
    "channel": gettext_lazy("A person looks at this sales channel"),
    "amount": gettext_lazy("A person looks at this amount"),
    "gift": gettext_lazy("Was a gift"),
}
_SYSTEM = {
    "policy": gettext_lazy("By the policy"),
    "settlement": gettext_lazy("Calculated by itself"),
    "refunds": gettext_lazy("Bank or payment provider"),
    "delivery": gettext_lazy("Delivery trouble"),
    "exchange": gettext_lazy("When the exchange left"),
}


def marks(returned: Return, by: Membership) -> list[dict[str, Any]]:
    """The four marks in order: {axis, label, state, kind, icon}; "your turn" only for who may take the step."""
    return [_mark(returned, axis, by) for axis in FOUR_AXES]


def marks_markup(returned: Return, by: Membership) -> list[SafeString]:
    """The four marks as HTML."""
    language = get_language()
    return [_kept_markup(axis, *_looks(returned, axis, by), language) for axis in FOUR_AXES]


@lru_cache(maxsize=512)
def _kept_markup(axis: Axis, state: str, kind: str, icon: str, language: str | None) -> SafeString:  # noqa: ARG001
    return mark_markup(_told(axis, state, kind, icon))


def mark_markup(mark: dict[str, Any]) -> SafeString:
    """A mark with its words for screen readers and on hover."""
    html = '<span class="mk mk-{}" title="{}: {}">{}<span class="sr-only">{}: {}</span></span>'
    words = (mark["label"], mark["state"])
    return format_html(html, mark["kind"], *words, icon_markup(mark["icon"]), *words)


def legend() -> list[dict[str, Any]]:
    """What the marks mean, for the foot of the list."""
    return [{"kind": kind, "icon": ICONS[kind], "label": label} for kind, label in LEGEND]


def _mark(returned: Return, axis: Axis, by: Membership) -> dict[str, Any]:
    return _told(axis, *_looks(returned, axis, by))


def _looks(returned: Return, axis: Axis, by: Membership) -> tuple[str, str, str]:
    """State, kind and icon of a mark."""
    state = getattr(returned, axis.value)
    kind, icon = _MARKS[axis][state]
    if kind == NONE and returned.approval in {Approval.REFUSED, Approval.WITHDRAWN}:
        kind = NA
    if axis == Axis.INSPECTION and state == Inspected.NOT_YET and returned.waits_for == WaitsFor.WAREHOUSE:
        kind = RUN if may(by, Permission.HANDLE_RETURNS) else YOURS
    if axis == Axis.MONEY and state == MoneyState.SECOND and may(by, Permission.APPROVE_REFUNDS):
        kind, icon = YOURS, ""
    if kind == YOURS and not _is_mine(axis, by):
        kind = RUN
    return str(state), kind, icon or ICONS[kind]


def _told(axis: Axis, state: str, kind: str, icon: str) -> dict[str, Any]:
    return {
        "axis": axis.value,
        "label": axis.label,
        "state": state_words(axis, state),
        "kind": kind,
        "icon": icon,
    }


def _is_mine(axis: Axis, by: Membership) -> bool:
    return may(by, Permission.RECEIVE_GOODS if axis == Axis.INSPECTION else Permission.HANDLE_RETURNS)


def due(returned: Return, now: datetime) -> dict[str, str]:
    """The deadline: {text, kind} with kind over, near or "". Days for the customer, minutes for the shop."""
    if returned.closed_at is not None:
        return {"text": pgettext("return", "Finished"), "kind": ""}
    if returned.due_at is None:
        return {"text": _("Bank or payment provider"), "kind": ""}
    language = get_language() or "ja"
    if returned.due_at <= now:
        return {"text": dates.left(returned.due_at, now=now, language=language), "kind": "over"}
    due_on, today = _local(returned.due_at), _local(now)
    if due_on == today:
        return {"text": dates.when(returned.due_at, now=now, language=language), "kind": "near"}
    return {"text": dates.day(due_on, today=today, language=language), "kind": ""}


def who(step: Step) -> str:
    """Who took a step: a person of the shop, the customer, or the part of the system by its name."""
    if step.by is not None:
        return str(step.by.person)
    return str(_SYSTEM.get(step.by_name, step.by_name))


def day_of(moment: datetime | None, now: datetime) -> str:
    """今日, or the day."""
    return dates.day(_local(moment), today=_local(now), language=get_language() or "ja") if moment else ""


def when_of(moment: datetime | None, now: datetime) -> str:
    """Day and minute."""
    return dates.when(moment, now=now, language=get_language() or "ja") if moment else ""


def _local(moment: datetime) -> date:
    return timezone.localdate(moment)
