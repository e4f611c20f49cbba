"""The owner's page: is the installation well, each part green or with a sentence what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from anshin.plumbing import clock
from anshin.plumbing.wellness import BAD, GOOD, WARN
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.system_checks import checks

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_ICONS = {GOOD: "circle-check", WARN: "triangle-alert", BAD: "circle-x"}


@desk(Permission.RUN_SHOP)
def system(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """All looks at once."""
    request.desk_section = "system"  # type: ignore[attr-defined]
    found = checks(by.shop, now=clock.now())
    rows = [{"check": check, "icon": _ICONS[check.state]} for check in found]
    worst = max((check.state for check in found), key=[GOOD, WARN, BAD].index)
    return render(request, "staff/settings_system.html", {"rows": rows, "worst": worst})
