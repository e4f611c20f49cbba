"""What a person says of an early warning, and from when on the same defect warns."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.safety import actions
from anshin.safety.terms import ReportedTo
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.safety_feed_forms import LimitsForm
from anshin.staff.safety_posts import posted

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership


@posted(Permission.APPROVE_SAFETY, form="warning")
def not_serious(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """It is no serious product accident: words= says why."""
    words = request.POST.get("words", "")[:500]
    actions.say_not_serious(by=by, advisory_id=advisory.pk, words=words, now=now)
    return _("Written down with your reason. The clock is stopped.")


@posted(Permission.APPROVE_SAFETY, form="warning")
def reported(request: HttpRequest, by: Membership, advisory: Advisory, now: datetime) -> str:
    """It was reported: to= says to whom, report= when and under which number."""
    to = request.POST.get("to", "")
    if to not in ReportedTo.values:
        raise Http404
    words = request.POST.get("report", "")[:500]
    actions.say_reported(by=by, advisory_id=advisory.pk, reported_to=ReportedTo(to), words=words, now=now)
    return _("Written down as reported. The clock is stopped.")


@require_POST
@desk(Permission.APPROVE_SAFETY)
def limits(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """From how many returns for the same defect on a product warns."""
    form = LimitsForm(request.POST)
    if form.is_valid():
        actions.set_limits(by=by, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("The limits must be whole numbers: returns and percent from 1, days from 7."))
    return redirect("staff:safety_feeds", by.shop.slug)
