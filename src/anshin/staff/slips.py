"""Slips of carriers: which parcels need one, what a file would hold, the address on one slip, and writing the file."""

from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.commerce.terms import Recipient
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.slips import actions, queries
from anshin.slips.terms import MOST_PARCELS, ParcelKey, SlipKind
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.slip_words import KIND_ICONS, key_from, parcel_row, problems

if TYPE_CHECKING:
    from anshin.shops.models import Membership
    from anshin.slips.queries import Checked, SlipParcel

_PER_PAGE = 50


class MendForm(forms.Form):
    """The customer's side of one slip."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=16)
    lines = forms.CharField(label=pgettext_lazy("postal", "Address"), max_length=400)
    phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=40)


@require_GET
@desk(Permission.WRITE_SLIPS)
def slips(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The parcels of one kind that need a slip, or (?show=written) those that stand in a file and wait for a number."""
    kind, written = request.GET.get("kind", ""), request.GET.get("show") == "written"
    counts = queries.waiting_counts(by.shop, written=written)
    chosen = SlipKind(kind) if kind in SlipKind.values else next((each for each in SlipKind if counts[each]), None)
    chosen = chosen or SlipKind.RESHIPMENT
    try:
        page = queries.waiting(by.shop, chosen, written=written, cursor=request.GET.get("page", ""), size=_PER_PAGE)
    except BadCursor as error:
        raise Http404 from error
    context = tabs(request, by, "written" if written else "open") | _form(by) | {
        "kinds": [
            {
                "label": each.label,
                "icon": KIND_ICONS[each],
                "count": counts[each],
                "on": each == chosen,
                "url": f"?{urlencode({'kind': each.value} | ({'show': 'written'} if written else {}))}",
            }
            for each in SlipKind
        ],
        "rows": [
            parcel_row(by, each.parcel)
            | {
                "key": f"{each.parcel.key}@{each.written_id}",
                "file_url": address("slip_file", by.shop.slug, each.written_id) if each.written_id else "",
            }
            for each in page.items
        ],
        "page": page,
        "query": f"{urlencode({'kind': chosen.value} | ({'show': 'written'} if written else {}))}&",
        "is_written": written,
    }  # fmt: skip
    return render(request, "staff/slips.html", context)


@require_GET
@desk(Permission.WRITE_SLIPS)
def check(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What the file would hold: rows that can be written, and rows that have to be mended first."""
    account = queries.account_by_id(by.shop, _number(request.GET.get("account", "")))
    ship_on = parse_day(request.GET.get("ship_on", ""))
    chosen = _chosen(request.GET.getlist("p"))
    if account is None or ship_on is None or not chosen:
        messages.error(request, _missing(has_account=account is not None, has_day=ship_on is not None))
        return redirect("staff:slips", by.shop.slug)
    parcels = queries.parcels_of(by.shop, chosen)
    checked = queries.check(account, parcels, ship_on=ship_on)
    here = {"account": account, "program": queries.formats()[account.format], "ship_on": ship_on}
    return _check_page(request, by, chosen, checked, here)


@require_POST
@desk(Permission.WRITE_SLIPS)
def write(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Write the file of the parcels that were looked at."""
    ship_on = parse_day(request.POST.get("ship_on", ""))
    try:
        written = actions.write_file(
            by=by,
            account_id=_number(request.POST.get("account", "")),
            chosen=_chosen(request.POST.getlist("p")),
            ship_on=ship_on or date.min,
            nonce=request.POST.get("nonce", "")[:40] or secrets.token_urlsafe(16),
            now=clock.now(),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:slips", by.shop.slug)
    return redirect("staff:slip_file", by.shop.slug, written.pk)


@require_http_methods(["GET", "POST"])
@desk(Permission.WRITE_SLIPS)
def mend(request: HttpRequest, by: Membership, kind: str, pk: int) -> HttpResponseBase:
    """The customer's address on one slip."""
    if kind not in SlipKind.values:
        raise Http404
    key = ParcelKey(SlipKind(kind), pk)
    parcel = queries.parcel_of(by.shop, key)
    if parcel is None:
        raise Http404
    back = (request.POST.get("back") or request.GET.get("back", ""))[:4000]
    there = parcel.customer
    initial = {"name": there.name, "postcode": there.postcode, "lines": there.lines, "phone": there.phone}
    form = MendForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.mend_address(by=by, key=key, address=Recipient(**form.cleaned_data), now=clock.now())
        messages.success(request, _("Saved for this slip. The order keeps its own address."))
        here = address("slip_check", by.shop.slug) if back else address("slips", by.shop.slug)
        return redirect(f"{here}?{back}" if back else here)
    context = tabs(request, by, "open") | {"form": form, "parcel": parcel_row(by, parcel), "back": back}
    return render(request, "staff/slip_mend.html", context, status=422 if form.is_bound else 200)


def tabs(request: HttpRequest, by: Membership, on: str) -> dict[str, Any]:
    """The tabs of the slips' pages, and which part of the desk this is."""
    request.desk_section = "slips"  # type: ignore[attr-defined]
    here = address("slips", by.shop.slug)
    pages = (
        ("open", "printer", _("To be written"), here),
        ("written", "hourglass", _("Number awaited"), f"{here}?show=written"),
        ("files", "file-spreadsheet", _("Files"), address("slip_files", by.shop.slug)),
        ("numbers", "file-up", _("Read numbers"), address("slip_numbers", by.shop.slug)),
    )
    return {
        "slip_tabs": [{"label": label, "icon": icon, "url": url, "on": code == on} for code, icon, label, url in pages]
    }


def parse_day(text: str) -> date | None:
    """A day as browsers send it, None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _form(by: Membership) -> dict[str, Any]:
    accounts, known = queries.accounts_of(by.shop), queries.formats()
    today = clock.now().astimezone(ZoneInfo(by.shop.zone)).date()
    return {
        "accounts": [
            {"pk": each.pk, "label": f"{known[each.format].name} ・ {each.name}"}
            for each in accounts
            if each.format in known
        ],
        "today": today.isoformat(),
        "may_set": may(by, Permission.RUN_SHOP),
        "settings_url": address("settings_slips", by.shop.slug),
    }


def _check_page(
    request: HttpRequest, by: Membership, chosen: dict[ParcelKey, int], checked: Checked, here: dict[str, Any]
) -> HttpResponse:
    back = request.GET.urlencode()

    def rows(pairs: Any) -> list[dict[str, Any]]:
        return [_checked_row(by, parcel, warnings, chosen, back) for parcel, warnings in pairs]

    context = (
        tabs(request, by, "open")
        | here
        | {
            "ready": rows(checked.ready),
            "blocked": rows(checked.blocked),
            "about_all": checked.about_all,
            "gone": len(chosen) - len(checked.ready) - len(checked.blocked),
            "nonce": secrets.token_urlsafe(16),
            "may_set": may(by, Permission.RUN_SHOP),
        }
    )
    return render(request, "staff/slip_check.html", context)


def _checked_row(
    by: Membership, parcel: SlipParcel, warnings: Any, chosen: dict[ParcelKey, int], back: str
) -> dict[str, Any]:
    return parcel_row(by, parcel) | {
        "key": f"{parcel.key}@{chosen[parcel.key]}",
        "problems": problems(by, parcel, warnings, back),
    }


def _chosen(texts: list[str]) -> dict[ParcelKey, int]:
    return dict(found for text in texts[:MOST_PARCELS] if (found := key_from(text)) is not None)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 15 else 0


def _missing(*, has_account: bool, has_day: bool) -> str:
    if not has_account:
        return _("Choose the contract with the carrier.")
    return _("Choose at least one parcel.") if has_day else _("Choose the day on which the parcels leave.")
