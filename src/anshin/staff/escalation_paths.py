"""Escalation paths: by channel, who is to know of a deadline that is near or past; and where one case would go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from anshin.cases.terms import Channel, DueState
from anshin.plumbing.pages import dates
from anshin.routing import queries
from anshin.routing.terms import PATH_MOMENTS, EscalationSteps, PathDid, PathStep, Trigger
from anshin.shops.queries import may, staff_of
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.routing.models import PathRun
    from anshin.shops.models import Membership

_SHOWN = (Channel.PHONE, Channel.EMAIL, Channel.WEB_FORM, Channel.PORTAL, Channel.DESK)


class PathsForm(forms.Form):
    """Two choices a channel: `<channel>_soon` and `<channel>_overdue`."""

    def __init__(self, data: Any = None, *, by: Membership) -> None:
        super().__init__(data)
        people = [(str(each.pk), _put_before(each)) for each in staff_of(by.shop) if may(each, Permission.ANSWER)]
        steps = [*PathStep.choices, (gettext_lazy("Put it before somebody by name"), people)]
        for channel, path in queries.paths_of(by.shop).items():
            for name, value in (("soon", path.soon), ("overdue", path.overdue)):
                self.fields[f"{channel}_{name}"] = forms.ChoiceField(
                    label=_LABELS[name], choices=steps, initial=_known(value, people)
                )

    def rows(self) -> list[dict[str, Any]]:
        """A row for each channel: its name and its two fields."""
        return [
            {"name": channel.label, "soon": self[f"{channel}_soon"], "overdue": self[f"{channel}_overdue"]}
            for channel in _SHOWN
        ]

    def paths(self) -> dict[str, EscalationSteps]:
        """What was chosen, as the action takes it."""
        values = self.cleaned_data
        return {each: EscalationSteps(values[f"{each}_soon"], values[f"{each}_overdue"]) for each in Channel.values}


def path_rows(by: Membership, case: Case, *, now: datetime) -> list[dict[str, Any]]:
    """What the path did about this case, oldest first, and what it would do next. For the popover of the clock."""
    return [*_done(by, case, now), *_ahead(by, case, now)]


def _done(by: Membership, case: Case, now: datetime) -> list[dict[str, Any]]:
    language = get_language() or "ja"
    return [
        {"is_done": True, "words": _DID[PathDid(run.did)] % _said(run, now, language)}
        for run in reversed(queries.path_runs_of(by, case.pk))
    ]


def _said(run: PathRun, now: datetime, language: str) -> dict[str, str]:
    return {"at": dates.when(run.at, now=now, language=language), "name": str(run.receiver.person)}


def _ahead(by: Membership, case: Case, now: datetime) -> list[dict[str, Any]]:
    if not case.runs or case.due_at is None:
        return []
    rows = []
    for moment in _LEFT[case.due_state or ""]:
        step = queries.step_for(by.shop, case, moment)
        receiver = queries.step_receiver(by.shop, case, step, now=now)
        if receiver is None:
            rows.append({"is_done": False, "words": _NOBODY[moment]})
            continue
        is_told = step == PathStep.HOLDER or receiver.pk == case.owner_id
        rows.append({"is_done": False, "words": _AHEAD[moment, is_told] % {"name": receiver.person}})
    return rows


def _known(value: str, people: list[tuple[str, str]]) -> str:
    """The step as it is chosen; a manager in place of somebody who has left, as it would happen."""
    return value if value in {*PathStep.values, *(pk for pk, _name in people)} else PathStep.MANAGER


def _put_before(member: Membership) -> str:
    return f"{member.person} ({member.get_role_display()})"


_LEFT = {"": PATH_MOMENTS, DueState.SOON.value: PATH_MOMENTS[1:], DueState.OVERDUE.value: ()}
_LABELS = {"soon": gettext_lazy("When the deadline is near"), "overdue": gettext_lazy("When it is past")}
_DID = {
    PathDid.TOLD: gettext_lazy("%(at)s: %(name)s was told"),
    PathDid.PUT: gettext_lazy("%(at)s: put before %(name)s"),
    PathDid.LISTED: gettext_lazy("%(at)s: only in the list, %(name)s had many at once"),
}
_AHEAD = {
    (Trigger.DUE_SOON, True): gettext_lazy("When it is near, %(name)s is told"),
    (Trigger.DUE_SOON, False): gettext_lazy("When it is near, it is put before %(name)s"),
    (Trigger.OVERDUE, True): gettext_lazy("When it is past, %(name)s is told"),
    (Trigger.OVERDUE, False): gettext_lazy("When it is past, it is put before %(name)s"),
}
_NOBODY = {
    Trigger.DUE_SOON: gettext_lazy("When it is near, nobody is told"),
    Trigger.OVERDUE: gettext_lazy("When it is past, nobody is told"),
}
