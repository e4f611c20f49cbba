"""One case on one screen, whole or as the fragment that a click in the list or a live change asks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases import actions
from anshin.cases.queries import CasePage, case_by_number, case_page, spam_mark_of
from anshin.cases.terms import Status, View
from anshin.plumbing import clock
from anshin.plumbing.live import presence
from anshin.plumbing.pages import dates
from anshin.routing.events import Escalated
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.aftercare_facts import aftercare_facts
from anshin.staff.clock_words import due_words
from anshin.staff.composer import composer
from anshin.staff.desk import desk, is_fragment
from anshin.staff.facts import facts
from anshin.staff.inbox import resolutions
from anshin.staff.people import people
from anshin.staff.promotion_words import promotion_notices
from anshin.staff.rail import rail
from anshin.staff.reveals import reveal_facts
from anshin.staff.sender_words import spam_words
from anshin.staff.timeline import hold_words, timeline
from anshin.staff.topic_facts import topic_facts
from anshin.staff.veil import is_veiled
from anshin.staff.veiled_pages import OPEN

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

MORNING_HOUR = 10
_POSTS = ("escalate", "assign", "snooze", "close", "reopen", "status", "merge", "split", "spam", "not_spam")


@desk(Permission.READ_CASES)
def case(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The case's page. A merged case leads to the one that goes on."""
    found = find_case(by, number)
    if found.merged_into:
        return redirect("staff:case", by.shop.slug, found.merged_into.number)
    if found.is_unread and found.owner_id in {None, by.pk}:
        actions.mark_read(by=by, case_id=found.pk)
    return draw(request, by, found)


def find_case(by: Membership, number: int) -> Case:
    """The case of the person's shop with that number. Raises Http404."""
    found = case_by_number(by.shop, number)
    if found is None:
        raise Http404
    return found


def draw(
    request: HttpRequest,
    by: Membership,
    found: Case,
    *,
    findings: list[dict[str, str]] | None = None,
    status: int = 200,
    shown_in_full: int | None = None,
) -> HttpResponse:
    """The case as a fragment for a script, else as a whole page.

    `findings`: what stands in the way of sending. `shown_in_full`: id of a message whose numbers are not masked.
    """
    page = case_page(by, found)
    return draw_page(request, by, page, findings=findings, status=status, shown_in_full=shown_in_full)


def draw_page(
    request: HttpRequest,
    by: Membership,
    page: CasePage,
    *,
    findings: list[dict[str, str]] | None = None,
    status: int = 200,
    shown_in_full: int | None = None,
) -> HttpResponse:
    """The same for what has been asked already."""
    now = clock.now()
    context = case_context(request, by, page, now=now, findings=findings, shown_in_full=shown_in_full)
    if is_fragment(request):
        return render(request, "staff/_case.html", context, status=status)
    view = _view_of(by, page.case)
    beside = {"list_url": address("inbox", by.shop.slug, view.value)}
    return render(request, "staff/case.html", context | rail(by, view=view) | beside, status=status)


def _view_of(by: Membership, found: Case) -> View:
    """The list beside a case that was opened by its address: one in which it stands."""
    if found.status != Status.OPEN:
        return View(found.status)
    if found.owner_id is None:
        return View.UNASSIGNED
    return View.MINE if found.owner_id == by.pk else View.OPEN


def case_context(
    request: HttpRequest,
    by: Membership,
    page: CasePage,
    *,
    now: datetime,
    findings: list[dict[str, str]] | None,
    shown_in_full: int | None = None,
) -> dict[str, Any]:
    """What staff/_case.html and its parts show."""
    found = page.case
    staff = colleagues(by.shop) if may(by, Permission.TRIAGE) else []
    talk = timeline(
        by,
        page,
        now=now,
        everything="all" in request.GET or shown_in_full is not None,
        html_of=request.GET.get("html", ""),
        shown_in_full=shown_in_full,
    )
    is_explained = any(entry.get("held") for entry in talk["entries"])
    held = "" if is_explained else hold_words(found.hold)
    notices = [*promotion_notices(by, page), *([{"kind": "warn", "text": held}] if held else [])]
    return (
        {
            "case": _head(request, by, page, now) | {"notices": notices},
            "people": people(by, staff, owner_id=found.owner_id),
            "snoozes": _snoozes(now),
            "resolutions": resolutions(),
            "statuses": _statuses(found),
            "composer": composer(by, page, now=now, findings=findings),
        }
        | talk
        | facts(by, page, now=now)
    )


def _head(request: HttpRequest, by: Membership, page: CasePage, now: datetime) -> dict[str, Any]:
    found, slug = page.case, by.shop.slug
    is_spam = found.status == Status.SPAM

    def post(name: str) -> str:
        may_post = may(by, Permission.TRIAGE) and not (is_veiled(by) and name not in OPEN)
        return address(name, slug, found.number) if may_post else ""

    customer = found.customer.name if found.customer else ""
    return {
        "id": found.pk,
        "number": found.number,
        "title": found.subject or _("(no subject)"),
        "url": address("case", slug, found.number),
        "step": "facts" if request.GET.get("step") == "facts" else "talk",
        "facts_words": _("orders: %(count)s") % {"count": len(page.orders)} if page.orders else "",
        "meta": f"#{found.number} · {_owner_words(found)}",
        "phone_meta": " · ".join([f"#{found.number}", *([f"{customer} 様"] if customer else [])]),
        "due": due_words(found, now=now),
        "clock_url": address("clock", slug, found.number),
        "back_url": address("inbox", slug, View.MINE.value),
        "is_closed": found.status == Status.CLOSED,
        "is_spam": is_spam,
        "spam_words": spam_words(spam_mark_of(found)) if is_spam else "",
        "here": here_words(by, found, now),
        "escalation_url": _escalation_url(by, page),
        "presence_url": address("presence", slug, found.number),
        **topic_facts(by, found, now=now),
        **aftercare_facts(by, found, now=now),
        "reveal": reveal_facts(by, found, now=now),
        **{f"{name}_url": post(name) for name in _POSTS},
    }


def _escalation_url(by: Membership, page: CasePage) -> str:
    """Where the card of an escalated case is; the facts tell, so that it costs no query where there is none."""
    is_escalated = any(fact.event == Escalated.name for fact in page.facts)
    return address("escalation", by.shop.slug, page.case.number) if is_escalated else ""


def here_words(by: Membership, found: Case, now: datetime) -> str:
    """Who else has the case open or writes in it, "" when nobody does."""
    others = [each for each in presence.here(by.shop_id, f"case:{found.pk}", now) if each.person_id != by.person_id]
    writing = [each.name for each in others if each.is_writing]
    if writing:
        return _("%(names)s is writing in this case") % {"names": "、".join(writing)}
    return _("%(names)s has this case open") % {"names": "、".join(each.name for each in others)} if others else ""


def _owner_words(found: Case) -> str:
    return _("Owner: %(name)s") % {"name": found.owner.person} if found.owner else _("Unassigned")


def _statuses(found: Case) -> list[dict[str, Any]]:
    shown = [Status.OPEN, Status.WAITING]
    return [{"value": each.value, "label": each.label, "on": each == found.status} for each in shown]


def _snoozes(now: datetime) -> list[dict[str, str]]:
    """Later today, tomorrow morning, Monday morning, in a week: on the shop's clock, no moment twice."""
    local = timezone.localtime(now)
    morning = local.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=7 - local.weekday())
    choices = [
        (_("In three hours"), local.replace(second=0, microsecond=0) + timedelta(hours=3)),
        (_("Tomorrow morning"), morning + timedelta(days=1)),
        (_("Next Monday"), monday),
        (_("In a week"), morning + timedelta(days=7)),
    ]
    language = get_language() or "ja"
    once = {at: label for label, at in reversed(choices)}  # on a Sunday Monday is tomorrow
    return [
        {"value": at.isoformat(), "label": label, "words": dates.when(at, now=now, language=language)}
        for at, label in sorted(once.items())
    ]
