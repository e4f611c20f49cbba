"""The owner's page about keys of other programs: make one, see which are used, end one."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anshin.integrations import actions, queries
from anshin.integrations.terms import ROLES, Scope
from anshin.plumbing import clock
from anshin.shops.queries import staff_of
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.integrations.models import ApiKey
    from anshin.shops.models import Membership

_NOUNS = {
    "cases": gettext_lazy("Cases"),
    "messages": gettext_lazy("Messages"),
    "customers": gettext_lazy("Customers"),
    "orders": gettext_lazy("Orders"),
}


class KeyForm(forms.Form):
    """What a new key is for and what it may do."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("The program’s name, such as “Warehouse”. It stands in the journal."),
    )
    member = forms.ChoiceField(
        label=gettext_lazy("Works for"),
        help_text=gettext_lazy("It may do at most what this person may, and ends when they leave."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput({"type": "date"})
    )
    scopes = forms.MultipleChoiceField(choices=Scope.choices, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.members = {str(each.pk): each for each in staff_of(by.shop) if each.role in ROLES}
        choices = [(pk, f"{each.person} · {each.get_role_display()}") for pk, each in self.members.items()]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
        self.fields["member"].initial = str(by.pk)

    def expires_at(self) -> datetime | None:
        """The end of the chosen day on the shop's clock."""
        day = self.cleaned_data["expires_on"]
        return datetime.combine(day, time(23, 59, 59), ZoneInfo(self.by.shop.zone)) if day else None


@desk(Permission.RUN_SHOP)
def api_keys(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The keys; a new one's secret is shown once, on the page that answers the button."""
    request.desk_section = "api"  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, by, KeyForm(by=by))
    form = KeyForm(request.POST, by=by)
    if not form.is_valid():
        return _page(request, by, form)
    values = form.cleaned_data
    try:
        _key, secret = actions.make_key(
            by=by,
            name=values["name"],
            scopes=[Scope(each) for each in values["scopes"]],
            member=form.members[values["member"]],
            expires_at=form.expires_at(),
            now=clock.now(),
        )
    except actions.BadKey as refusal:
        form.add_error(None, str(refusal))
        return _page(request, by, form)
    return _page(request, by, KeyForm(by=by), secret=secret)


@require_POST
@desk(Permission.RUN_SHOP)
def revoke_key(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """End a key for good."""
    found = next((each for each in queries.keys_of(by.shop) if each.pk == pk), None)
    if found is None:
        raise Http404
    actions.revoke_key(by=by, key_id=pk, now=clock.now())
    messages.success(request, _("The key “%(name)s” has ended.") % {"name": found.name})
    return redirect("staff:settings_api", by.shop.slug)


def _page(request: HttpRequest, by: Membership, form: KeyForm, *, secret: str = "") -> HttpResponseBase:
    now = clock.now()
    chosen = set(form["scopes"].value() or ())
    rows = [_row(each, now) for each in queries.keys_of(by.shop)]
    context = {
        "form": form,
        "secret": secret,
        "present": [row for row in rows if row["is_live"]],
        "former": [row for row in rows if not row["is_live"]],
        "nouns": [
            {
                "label": label,
                "scopes": [
                    {"code": scope.value, "label": scope.label, "on": scope.value in chosen}
                    for scope in Scope
                    if scope.value.startswith(f"{noun}:")
                ],
            }
            for noun, label in _NOUNS.items()
        ],
    }
    return render(request, "staff/settings_api.html", context, status=422 if form.errors else 200)


def _row(key: ApiKey, now: datetime) -> dict[str, Any]:
    is_over = key.expires_at is not None and key.expires_at <= now
    member = key.member
    has_left = not member.is_active or not member.person.is_active or member.role not in ROLES
    why = _("Ended") if key.revoked_at else _("Time is over") if is_over else _("The person left") if has_left else ""
    return {
        "key": key,
        "is_live": not why,
        "why": why,
        "scopes": [Scope(code).label for code in key.scopes if code in Scope.values],
    }
