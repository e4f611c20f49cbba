"""The customers' pages from the shop's side: where they are, and the key with which the shop's site hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.visits import actions
from anshin.visits.queries import hand_over_key, reminder_setting
from anshin.visits.terms import MOST_REMINDER_DAYS

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@desk(Permission.RUN_SHOP)
def settings_portal(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A new key is shown once, on the page that answers the button."""
    request.desk_section = "portal"  # type: ignore[attr-defined]
    wanted = request.POST.get("do", "")
    if wanted == "make":
        return _page(request, by, secret=actions.make_key(by=by, now=clock.now()))
    if wanted == "remind":
        days = request.POST.get("days", "")
        number = int(days) if days.isdecimal() and len(days) < 4 else 0
        actions.set_reminder(by=by, is_on=request.POST.get("is_on") == "1", days=number, now=clock.now())
        messages.success(request, _("Saved."))
    if wanted == "remove":
        actions.remove_key(by=by, now=clock.now())
        messages.success(request, _("The key was removed. Customers are not handed over any more."))
    return redirect("staff:settings_portal", by.shop.slug) if wanted else _page(request, by)


def _page(request: HttpRequest, by: Membership, *, secret: str = "") -> HttpResponseBase:
    where = f"{settings.ANSHIN_ADDRESS}{reverse('portal:home', args=[by.shop.slug])}"
    context = {
        "where": where,
        "key": hand_over_key(by.shop),
        "secret": secret,
        "reminder": reminder_setting(by.shop),
        "most_days": MOST_REMINDER_DAYS,
    }
    return render(request, "staff/settings_portal.html", context)
