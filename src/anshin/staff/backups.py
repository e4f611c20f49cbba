"""The owner's page about backups: how old the newest is, what went wrong, and one more by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anshin.plumbing import clock
from anshin.plumbing.backups import queries
from anshin.plumbing.backups.terms import State, Trouble
from anshin.plumbing.jobs.queue import enqueue
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.plumbing.backups.models import Backup
    from anshin.shops.models import Membership

_LOOKS = {
    State.RUNNING: ("info", "loader-circle"),
    State.WHOLE: ("good", "circle-check"),
    State.LACKING: ("warn", "triangle-alert"),
    State.FAILED: ("bad", "circle-x"),
}


@desk(Permission.RUN_SHOP)
def backups(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The backups of late; a post asks for one more. The folder's place is not told: it is the operator's."""
    now = clock.now()
    if request.method == "POST":
        if settings.ANSHIN_BACKUP_TO:
            enqueue("anshin.plumbing.backups.jobs.make_backup", unique_key="backups.make", now=now)
            messages.success(request, _("The backup is being made. Its line appears here."))
        return redirect("staff:settings_backups", by.shop.slug)
    request.desk_section = "backups"  # type: ignore[attr-defined]
    context = {
        "is_set": bool(settings.ANSHIN_BACKUP_TO),
        "is_stale": queries.is_stale(now=now),
        "whole": queries.newest_whole(),
        "rows": [_row(backup) for backup in queries.newest()],
    }
    return render(request, "staff/settings_backups.html", context)


def _row(backup: Backup) -> dict[str, Any]:
    kind, icon = _LOOKS[State(backup.state)]
    return {
        "backup": backup,
        "kind": kind,
        "icon": icon,
        "label": State(backup.state).label,
        "why": Trouble(backup.trouble).label if backup.trouble else "",
    }
