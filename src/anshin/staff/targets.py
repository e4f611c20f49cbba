"""Service levels: within which time whom the shop answers and what it does after a case has ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import ServiceLevels, aftercare_of, own_topics, service_levels
from anshin.plumbing import clock
from anshin.routing.actions import set_paths
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.clock_words import kind_words, minutes_words, moment_words
from anshin.staff.desk import desk
from anshin.staff.escalation_paths import PathsForm
from anshin.staff.targets_forms import AftercareForm, TargetForm

if TYPE_CHECKING:
    from anshin.cases.queries import Level
    from anshin.shops.models import Membership

FRIDAY = 4


@desk(Permission.SET_TARGETS)
def targets(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The targets as a table, and a form for one more or for another value of one that is there."""
    own = _own(by)
    if request.method != "POST":
        given = {name: request.GET[name] for name in TargetForm.base_fields if name in request.GET}
        return page(request, by, form=TargetForm(own=own, initial=given))
    form = TargetForm(request.POST, own=own)
    if form.is_valid():
        try:
            actions.set_target(by=by, now=clock.now(), **form.target())
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The target is saved. Open cases follow within a minute."))
            return redirect("staff:targets", by.shop.slug)
    return page(request, by, form=form)


@require_POST
@desk(Permission.SET_TARGETS)
def preview(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What the target would mean for a message, while it is being written."""
    form = TargetForm(request.POST, own=_own(by))
    return render(request, "staff/_target_preview.html", {"preview": _preview(by, form)})


@require_POST
@desk(Permission.SET_TARGETS)
def remove(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let the more general targets hold again; what was removed stays in the form, to be saved again."""
    gone = actions.remove_target(by=by, target_id=pk, now=clock.now())
    if gone is None:
        return redirect("staff:targets", by.shop.slug)
    messages.success(request, _("The target is removed. It still stands in the form: save it to have it back."))
    values = {
        "channel": gone.channel,
        "topic": gone.topic,
        "priority": gone.priority,
        "answer_hours": _hours(gone.answer_minutes),
        "resolution_hours": _hours(gone.resolution_minutes),
    }
    return redirect(f"{address('targets', by.shop.slug)}?{urlencode(values)}#target-form")


@require_POST
@desk(Permission.SET_TARGETS)
def aftercare(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """After how many days the shop asks after a case, and for how many a new one belongs to it."""
    form = AftercareForm(request.POST)
    if not form.is_valid():
        return page(request, by, after=form)
    actions.set_aftercare(by=by, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("The settings are saved."))
    return redirect("staff:targets", by.shop.slug)


@require_POST
@desk(Permission.SET_TARGETS)
def paths(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Who is to know, channel by channel, when a deadline is near or past."""
    form = PathsForm(request.POST, by=by)
    if not form.is_valid():
        return page(request, by, paths=form)
    set_paths(by=by, paths=form.paths(), now=clock.now())
    messages.success(request, _("The escalation paths are saved."))
    return redirect("staff:targets", by.shop.slug)


def _own(by: Membership) -> dict[str, str]:
    return {each.code: each.name for each in own_topics(by.shop)}


def _aftercare(by: Membership) -> dict[str, int]:
    found = aftercare_of(by.shop)
    return {"follow_up_days": found.follow_up_days, "second_contact_days": found.second_contact_days}


def page(
    request: HttpRequest,
    by: Membership,
    *,
    form: TargetForm | None = None,
    after: AftercareForm | None = None,
    paths: PathsForm | None = None,
) -> HttpResponseBase:
    """The page with these forms as they were filled in, the others as things stand."""
    levels, own = service_levels(by.shop), _own(by)
    form, after = form or TargetForm(own=own), after or AftercareForm(initial=_aftercare(by))
    paths = paths or PathsForm(by=by)
    request.desk_section = "targets"  # type: ignore[attr-defined]
    context = {
        "runs_shop": may(by, Permission.RUN_SHOP),
        "rows": [_row(each, levels, own, by.shop.slug) for each in levels.levels],
        "form": form,
        "after": after,
        "paths": paths,
        "preview": _preview(by, form),
    }
    is_refused = form.errors or after.errors or paths.errors
    return render(request, "staff/targets.html", context, status=422 if is_refused else 200)


def _row(level: Level, levels: ServiceLevels, own: Mapping[str, str], slug: str) -> dict[str, Any]:
    target = level.target
    values = {
        "channel": target.channel,
        "topic": target.topic,
        "priority": target.priority,
        "answer_hours": _hours(target.answer_minutes) if not level.is_general else "",
        "resolution_hours": _hours(target.resolution_minutes),
    }
    return {
        "kind": kind_words(target, own),
        "answer": minutes_words(target.answer_minutes) if target.answer_minutes else "",
        "resolution": minutes_words(target.resolution_minutes) if target.resolution_minutes else "",
        "example": _example(levels, target.answer_minutes),
        "edit_url": f"{address('targets', slug)}?{urlencode(values)}#target-form",
        "remove_url": address("targets_remove", slug, level.pk) if level.pk else "",
        "is_general": level.is_general,
    }


def _preview(by: Membership, form: TargetForm) -> dict[str, str] | None:
    """The example for what stands in the form; None while there is nothing to count."""
    values = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    try:
        hours = Decimal(str(values.get("answer_hours") or 0))
    except ArithmeticError:
        return None
    if not hours:
        return None
    words = _example(service_levels(by.shop), int(hours * 60))
    return {"words": words}


def _example(levels: ServiceLevels, minutes: int | None) -> str:
    """金 17:40 受付 → 月 10:40 まで."""
    if not minutes:
        return ""
    at = _friday_evening(levels)
    due_at = levels.calendar.after(at, timedelta(minutes=minutes))
    return _("Received %(at)s → until %(due)s") % {
        "at": moment_words(at, now=at),
        "due": moment_words(due_at, now=at),
    }


def _friday_evening(levels: ServiceLevels) -> datetime:
    """Twenty minutes before the shop closes on the coming Friday, or 17:40 where it is closed then."""
    local = timezone.localtime(clock.now(), levels.calendar.zone)
    day = local.date() + timedelta(days=(FRIDAY - local.weekday()) % 7)
    span = levels.calendar.hours.get(FRIDAY)
    closes = datetime.combine(day, span[1], levels.calendar.zone) if span else None
    at = closes - timedelta(minutes=20) if closes else local.replace(hour=17, minute=40, second=0, microsecond=0)
    return at.replace(year=day.year, month=day.month, day=day.day)


def _hours(minutes: int | None) -> str:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01")).normalize().to_eng_string() if minutes else ""
