"""Background work of one shop for its owner: what waits, runs or is stuck, and trying it again or giving it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.plumbing.jobs import actions as jobs_actions
from anshin.plumbing.jobs import queries as jobs
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.journal import actions as journal_actions
from anshin.plumbing.journal import queries as journal
from anshin.safety.actions import give_up_held
from anshin.shops.actions import go_on_after_restore
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.job_words import reaction_words, task_words

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.plumbing.jobs.models import Job
    from anshin.plumbing.journal.models import ReactionCursor
    from anshin.shops.models import Membership

_LOOKS = {
    State.STUCK: ("text-error", "circle-x"),
    State.WAITING: ("dim", "clock"),
    State.RUNNING: ("text-info", "loader-circle"),
    State.DONE: ("text-success", "check"),
    State.DROPPED: ("dim", "ban"),
}
_ORDER = (State.STUCK, State.RUNNING, State.WAITING, State.DONE, State.DROPPED)


@desk(Permission.SEE_JOBS)
def jobs_page(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Counts, one state's jobs newest first, and the reactions that hold."""
    now = clock.now()
    wanted = request.GET.get("state", State.STUCK)
    if wanted not in State.values:
        raise Http404
    state = State(wanted)
    after = request.GET.get("after", "")
    page = jobs.listed(by.shop_id, state, after=int(after) if after.isdecimal() and len(after) < 19 else None)
    counts = jobs.counts(by.shop_id)
    request.desk_section = "jobs"  # type: ignore[attr-defined]
    context = {
        "state": state,
        "states": [
            {"value": each.value, "label": each.label, "count": counts[each], "on": each == state} for each in _ORDER
        ],
        "rows": [_row(job, now) for job in page.jobs],
        "after": page.after,
        "is_later_page": bool(after),
        "stuck_count": counts[State.STUCK],
        "reactions": [_reaction(cursor) for cursor in journal.stuck_reactions(by.shop_id)],
        "empty": _empty(state),
        "hold": _hold(by),
    }
    return render(request, "staff/jobs.html", context)


@require_POST
@desk(Permission.SEE_JOBS)
def retry_job(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let one job run now."""
    changed = jobs_actions.retry(by.shop_id, [pk], now=clock.now())
    return _back(request, by, _("It runs again.") if changed else _("It was no longer stuck; nothing was changed."))


@require_POST
@desk(Permission.SEE_JOBS)
def drop_job(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Give one job up."""
    changed = jobs_actions.drop(by.shop_id, [pk], now=clock.now())
    return _back(request, by, _("It is given up.") if changed else _("It was no longer there; nothing was changed."))


@require_POST
@desk(Permission.SEE_JOBS)
def retry_all_jobs(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Let everything that is stuck run now."""
    changed = jobs_actions.retry_all_stuck(by.shop_id, now=clock.now())
    said = ngettext("%(count)s job runs again.", "%(count)s jobs run again.", changed) % {"count": changed}
    return _back(request, by, said)


@require_POST
@desk(Permission.RUN_SHOP)
def go_on(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """After a restore: let run what was held, and hold nothing any more."""
    changed = go_on_after_restore(by=by, is_without=False, now=clock.now())
    said = ngettext("The desk goes on; %(count)s job runs.", "The desk goes on; %(count)s jobs run.", changed)
    return _back(request, by, said % {"count": changed})


@require_POST
@desk(Permission.RUN_SHOP)
def go_on_without(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """After a restore: give up what was held, since it was done already, and hold nothing any more."""
    now = clock.now()
    with transaction.atomic():
        mails = give_up_held(by=by, now=now)
        changed = go_on_after_restore(by=by, is_without=True, mails=mails, now=now)
    said = ngettext(
        "The desk goes on; %(count)s job is given up.", "The desk goes on; %(count)s jobs are given up.", changed
    ) % {"count": changed}
    if mails:
        words = ngettext(
            "%(count)s mail of product-safety notices is kept as not known to have left.",
            "%(count)s mails of product-safety notices are kept as not known to have left.",
            mails,
        )
        said = f"{said} {words % {'count': mails}}"
    return _back(request, by, said)


@require_POST
@desk(Permission.SEE_JOBS)
def retry_reaction(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Try a reaction again that holds."""
    name = request.POST.get("reaction", "")
    changed = journal_actions.retry_reaction(name, shop_id=by.shop_id, now=clock.now())
    return _back(request, by, _("It runs again.") if changed else _("It was no longer stuck; nothing was changed."))


def _back(request: HttpRequest, by: Membership, said: str) -> HttpResponseBase:
    messages.success(request, said)
    state = request.POST.get("state", "")
    query = f"?state={state}" if state in State.values else ""
    return redirect(reverse("staff:jobs", args=[by.shop.slug]) + query)


def _row(job: Job, now: datetime) -> dict[str, Any]:
    state = State(job.state)
    look, icon = _LOOKS[state]
    is_later = state == State.WAITING and job.run_at > now
    return {
        "pk": job.pk,
        "what": task_words(job.task),
        "look": look,
        "icon": icon,
        "why": jobs.reason(job) if job.last_error_code else "",
        "attempts": job.attempts,
        "at": {State.RUNNING: job.started_at, State.WAITING: job.run_at}.get(state, job.finished_at) or job.enqueued_at,
        "can_retry": state == State.STUCK or is_later,
        "can_drop": state in {State.STUCK, State.WAITING},
    }


def _hold(by: Membership) -> dict[str, Any] | None:
    """What is held since a restore, and who may let it go; None where nothing is."""
    found = jobs.open_hold(by.shop_id)
    if found is None:
        return None
    return {
        "backup_at": found.backup_at,
        "restored_at": found.restored_at,
        "rows": [{"what": task_words(task), "count": count} for task, count in jobs.held(by.shop_id)],
        "may_end": may(by, Permission.RUN_SHOP),
    }


def _reaction(cursor: ReactionCursor) -> dict[str, Any]:
    return {
        "name": cursor.reaction,
        "what": reaction_words(cursor.reaction),
        "why": cursor.stuck_words,
        "next_try_at": cursor.next_try_at,
    }


def _empty(state: State) -> str:
    return {
        State.STUCK: _("Nothing is stuck"),
        State.RUNNING: _("Nothing runs at this moment"),
        State.WAITING: _("Nothing is waiting to run"),
        State.DONE: _("Nothing was done in the last three days"),
        State.DROPPED: _("Nothing was given up"),
    }[state]
