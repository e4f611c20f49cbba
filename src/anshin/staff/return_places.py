"""Where returns go beside the usual address: the settings, and the choice for one return."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from anshin.plumbing import clock
from anshin.returns import actions
from anshin.returns.queries import destination, place_by_id, places_of
from anshin.returns.terms import ParcelState
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.address_words import address_doubt
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.returns.models import Return, ReturnPlace
    from anshin.shops.models import Membership

_NOT_SENT = frozenset({ParcelState.NOT_YET, ParcelState.AWAITED})


class PlaceForm(forms.Form):
    """One place. Product numbers are separated by commas or lines."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("How you call it, such as the warehouse."),
    )
    address_name = forms.CharField(label=pgettext_lazy("returns", "Recipient"), max_length=200)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16)
    lines = forms.CharField(label=pgettext_lazy("postal", "Address"), max_length=400)
    phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=40)
    sku_starts = forms.CharField(
        label=gettext_lazy("Product numbers that begin so go there by themselves"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Separated by commas. Empty: only where somebody chooses it in a return."),
    )

    def clean_sku_starts(self) -> list[str]:
        """Each beginning by itself."""
        return [each.strip() for each in re.split(r"[,、，\n]", self.cleaned_data["sku_starts"]) if each.strip()]


@require_http_methods(["GET", "POST"])
@desk(Permission.RUN_SHOP)
def settings_places(request: HttpRequest, by: Membership, pk: int | None = None) -> HttpResponseBase:
    """The places in use, and the form for a new one or for `pk`."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    place = _place(by, pk) if pk else None
    form = PlaceForm(request.POST or None, initial=_initial(place))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        starts = values.pop("sku_starts")
        try:
            actions.save_place(by=by, values=values, sku_starts=starts, place_id=pk, now=clock.now())
        except actions.PlaceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:settings_places", by.shop.slug)
    context = {
        "form": form,
        "place": place,
        "places": [
            {"place": each, "starts": "、".join(each.sku_starts), "doubt": address_doubt(each.postcode, each.lines)}
            for each in places_of(by.shop)
        ],
    }
    return render(request, "staff/settings_places.html", context, status=422 if form.is_bound else 200)


@require_POST
@desk(Permission.RUN_SHOP)
def retire(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take a place out of use."""
    _place(by, pk)
    actions.retire_place(by=by, place_id=pk, now=clock.now())
    messages.success(request, _("Taken out of use. Parcels on their way there keep it."))
    return redirect("staff:settings_places", by.shop.slug)


def place_panel(by: Membership, returned: Return) -> dict[str, Any]:
    """Where this return goes; `choices` [{value, label, on}] while it may be changed and there is another place."""
    there = destination(returned)
    is_open = returned.parcel in _NOT_SENT and not returned.tracking_number and returned.closed_at is None
    places = places_of(by.shop) if is_open and may(by, Permission.HANDLE_RETURNS) else []
    usual = {"value": "", "label": _("The usual address"), "on": returned.place_id is None}
    others = [{"value": each.pk, "label": each.name, "on": each.pk == returned.place_id} for each in places]
    code = f"〒{there.postcode} " if there.postcode else ""
    return {
        "words": f"{code}{there.lines} {there.name}".strip() if there.lines else "",
        "name": returned.place.name if returned.place else "",
        "choices": [usual, *others] if others else [],
        "url": address("return_place", by.shop.slug, returned.number),
    }


def _place(by: Membership, pk: int) -> ReturnPlace:
    found = place_by_id(by.shop, pk) if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _initial(place: ReturnPlace | None) -> dict[str, str]:
    if place is None:
        return {}
    names = ("name", "address_name", "postcode", "lines", "phone")
    return {name: getattr(place, name) for name in names} | {"sku_starts": ", ".join(place.sku_starts)}
