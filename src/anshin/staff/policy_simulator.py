"""Trying other terms on what customers asked for in the past, before anybody is bound by them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.plumbing import clock
from anshin.returns.queries import policies as queries
from anshin.returns.queries.policy_past import Trial, try_on_the_past
from anshin.returns.terms import Payer
from anshin.shops.terms import Permission
from anshin.staff.desk import desk, is_fragment
from anshin.staff.policies import SECTION, found, name_of

if TYPE_CHECKING:
    from anshin.returns.queries.policies import PolicyContent
    from anshin.shops.models import Membership

_MONTHS = ((3, gettext_lazy("3 months")), (12, gettext_lazy("1 year")), (36, gettext_lazy("3 years")))


class TrialForm(forms.Form):
    """The terms that shops turn over most; the rest stays as the version says."""

    days = forms.IntegerField(
        label=gettext_lazy("Change of mind within (days)"),
        min_value=1,
        max_value=3650,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )
    payer = forms.ChoiceField(
        label=gettext_lazy("Postage of the return is paid by"), choices=Payer.choices, required=False
    )
    allows_opened = forms.BooleanField(label=gettext_lazy("Opened is fine if it was not used"), required=False)
    months = forms.ChoiceField(label=gettext_lazy("Requests of the last"), choices=_MONTHS)


@desk(Permission.SET_POLICY)
def simulator(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A version, with some of its terms changed, against the version in force (or the law, where there is none)."""
    version = found(by, pk)
    content = queries.content_of(version)
    now = clock.now()
    current = queries.policy_at(by.shop, now)
    before = queries.content_of(current) if current else None
    asked = TrialForm(request.GET) if "months" in request.GET else TrialForm(initial=_initial(content))
    after, months = content, 12
    if asked.is_bound and asked.is_valid():
        after, months = _changed(content, asked.cleaned_data), int(asked.cleaned_data["months"])
    trial = try_on_the_past(by.shop, before=before, after=after, since=now - timedelta(days=months * 30.44))
    context = {
        "policy": version,
        "name": name_of(version),
        "form": asked,
        "before": name_of(current) if current else _("the law alone (8 days)"),
        "trial": trial,
        "found": trial.comparison,
        "sentence": _sentence(before, after, trial),
        "changes": queries.changes_between(before, after) if before else [],
    }
    request.desk_section = SECTION  # type: ignore[attr-defined]
    template = "staff/_policy_trial.html" if is_fragment(request) else "staff/policy_simulator.html"
    return render(request, template, context, status=422 if asked.errors else 200)


def _initial(content: PolicyContent) -> dict[str, Any]:
    return {"days": content.days, "payer": content.payer, "allows_opened": content.allows_opened, "months": 12}


def _changed(content: PolicyContent, given: dict[str, Any]) -> PolicyContent:
    """The version with what was filled in; no days: it takes nothing back for a change of mind."""
    values = asdict(content) | {
        "days": given["days"],
        "accepts": given["days"] is not None,
        "start": content.start or "delivery",
        "payer": given["payer"],
        "allows_opened": given["allows_opened"],
        "excludes_opened": content.excludes_opened and not given["allows_opened"],
    }
    return queries.as_content(values)


def _sentence(before: PolicyContent | None, after: PolicyContent, trial: Trial) -> str:
    """“30 → 14 days: 12 of 240 past requests would have been refused.”"""
    figures = trial.comparison
    values = {
        "before": _days(before),
        "after": _days(after),
        "count": figures.milder if figures.milder > figures.stricter else figures.stricter,
        "total": figures.total,
    }
    if figures.milder > figures.stricter:
        return _("%(before)s → %(after)s: %(count)s of %(total)s past requests would not have been refused.") % values
    return _("%(before)s → %(after)s: %(count)s of %(total)s past requests would have been refused.") % values


def _days(content: PolicyContent | None) -> str:
    if content is None:
        return _("8 days by law")
    if not content.accepts or content.days is None:
        return _("no returns")
    return _("%(days)s days") % {"days": content.days}
