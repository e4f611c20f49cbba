"""Putting a case before somebody, the card that they read, their answer, and the list of what waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.routing import actions, queries
from anshin.routing.actions import EscalationRefused
from anshin.routing.terms import EscalationState, Trigger
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk, is_fragment, toast
from anshin.staff.rule_actor import rule_title
from anshin.staff.topic_words import topic_name

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.routing.models import Escalation
    from anshin.shops.models import Membership


@desk(Permission.TRIAGE)
def escalate(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Before whom, why, and what they will read."""
    found, now, refusal = find_case(by, number), clock.now(), None
    if request.method == "POST":
        receiver = request.POST.get("receiver", "")
        try:
            made = actions.escalate(
                by=by,
                case_id=found.pk,
                receiver_id=int(receiver) if receiver.isdecimal() and len(receiver) < 19 else 0,
                reason=request.POST.get("reason", ""),
                now=now,
            )
        except EscalationRefused as error:
            refusal = error
        else:
            messages.success(request, _("%(name)s has the case before them now.") % {"name": made.receiver.person})
            return redirect("staff:case", by.shop.slug, number)
    context = {
        "case": found,
        "receivers": _receivers(by, now, request.POST.get("receiver", "")),
        "reason": request.POST.get("reason", ""),
        "error": str(refusal) if refusal else "",
        "part": refusal.part if refusal else "",
        "summary": summary_rows(actions.summary_of(by.shop, found), now),
    }
    return render(request, "staff/escalate.html", context, status=422 if refusal else 200)


@desk(Permission.READ_CASES)
def card(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The newest escalation of a case: for a script a card, else a page that holds it."""
    return _card(request, by, find_case(by, number), refusal=None)


@require_POST
@desk(Permission.TRIAGE)
def answer(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Take the case on (do=accept), or give it back with words (do=back)."""
    found, now = find_case(by, number), clock.now()
    escalation = queries.escalation_of_case(by, found.pk)
    if escalation is None:
        raise Http404
    try:
        if request.POST.get("do") == "back":
            words = request.POST.get("words", "")
            actions.give_back_escalation(by=by, escalation_id=escalation.pk, words=words, now=now)
            messages.success(request, _("The case is given back with your words."))
        else:
            actions.accept_escalation(by=by, escalation_id=escalation.pk, now=now)
            messages.success(request, _("The case is yours now."))
    except EscalationRefused as refusal:
        return _card(request, by, found, refusal=refusal)
    return redirect("staff:case", by.shop.slug, number)


@desk(Permission.READ_CASES)
def news(request: HttpRequest, by: Membership) -> HttpResponseBase:  # noqa: ARG001  what a screen takes
    """For an open desk that heard of an escalation: a short word about what is new for this person."""
    found = queries.newest_escalation_for(by)
    if found is None:
        return HttpResponse(status=204)
    values = {"number": found.case.number, "who": found.receiver.person}
    if found.receiver_id == by.pk and found.state == EscalationState.OPEN:
        values["who"] = _asker(found)
        words = _("%(who)s asks you about case #%(number)s")
        if found.moment:
            words = _("Case #%(number)s is before you: its deadline is near or past")
    elif found.state == EscalationState.ACCEPTED:
        words = _("%(who)s has taken on case #%(number)s")
    else:
        words = _("%(who)s gave case #%(number)s back to you")
    return toast(HttpResponse(status=204), words % values)


@desk(Permission.READ_CASES)
def escalations(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What waits for an answer in the shop, the most overdue first."""
    request.desk_section = "handover"  # type: ignore[attr-defined]
    now = clock.now()
    try:
        page = queries.waiting_escalations(by, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    rows = [_words(by, each, now) | {"subject": each.case.subject, "number": each.case.number} for each in page.items]
    return render(request, "staff/escalations.html", {"rows": rows, "page": page, "now": now, "tab": "escalations"})


def summary_rows(summary: dict[str, Any], now: datetime) -> list[dict[str, str]]:
    """The summary as names and values; what is not known is left out."""
    language = get_language() or "ja"

    def at(iso: str) -> str:
        return dates.when(datetime.fromisoformat(iso), now=now, language=language) if iso else ""

    pieces = [
        (_("Customer"), _("%(name)s 様") % {"name": summary["customer"]} if summary["customer"] else ""),
        (_("Orders"), "、".join(summary["orders"])),
        (_("Topic"), "、".join(topic_name(code) for code in summary["topics"])),
        (_("Opened"), at(summary["opened_at"])),
        (_("Messages"), str(summary["message_count"])),
        (_("Asked last"), _said(summary["asked"], at(summary["asked_at"]))),
        (_("Answered last"), _said(summary["answered"], at(summary["answered_at"]))),
        (_("Promised"), " / ".join(f"「{each}」" for each in summary["promises"])),
        (_("Files"), "、".join(summary["files"])),
        (_("Due"), at(summary["due_at"])),
    ]
    return [{"name": str(name), "value": value} for name, value in pieces if value]


def _card(request: HttpRequest, by: Membership, found: Case, *, refusal: EscalationRefused | None) -> HttpResponse:
    escalation, now = queries.escalation_of_case(by, found.pk), clock.now()
    if escalation is None:
        raise Http404
    context = _words(by, escalation, now) | {
        "number": found.number,
        "summary": summary_rows(escalation.summary, now),
        "may_answer": escalation.state == EscalationState.OPEN and escalation.receiver_id == by.pk,
        "words": request.POST.get("words", ""),
        "error": str(refusal) if refusal else "",
        "shop": by.shop,
        "now": now,
    }
    status = 422 if refusal else 200
    if is_fragment(request):
        return render(request, "staff/_escalation.html", context, status=status)
    return render(request, "staff/escalation.html", context, status=status)


def _words(by: Membership, each: Escalation, now: datetime) -> dict[str, Any]:
    is_open = each.state == EscalationState.OPEN
    return {
        "asker": _asker(each),
        "is_by_deadline": bool(each.moment) and each.asked_by is None,
        "receiver": str(each.receiver.person),
        "is_for_me": each.receiver_id == by.pk,
        "reason": each.reason,
        "asked_at": each.asked_at,
        "answer_by_at": each.answer_by_at,
        "is_open": is_open,
        "is_overdue": is_open and each.answer_by_at < now,
        "state": EscalationState(each.state).label,
        "answer": each.answer,
        "answered_at": each.answered_at,
        "url": address("case", by.shop.slug, each.case.number),
    }


def _asker(each: Escalation) -> str:
    """A person, a rule or a deadline."""
    if each.asked_by:
        return str(each.asked_by.person)
    if each.moment:
        return _("Deadline passed") if each.moment == Trigger.OVERDUE else _("Deadline near")
    return rule_title(each.rule_name) or _("Somebody who left")


def _receivers(by: Membership, now: datetime, chosen: str) -> list[dict[str, Any]]:
    """Colleagues who answer customers, managers first, with who is away."""
    others = [place for place in queries.places_of(by.shop, now=now) if place.member.pk != by.pk]
    ordered = sorted(others, key=lambda place: place.member.role not in {"manager", "owner"})
    return [
        {
            "pk": place.member.pk,
            "name": str(place.member.person),
            "words": " · ".join([str(place.member.get_role_display()), *([_("Away")] if place.is_away else [])]),
            "on": str(place.member.pk) == chosen,
        }
        for place in ordered
    ]


def _said(text: str, at: str) -> str:
    return f"「{text}」 {at}".strip() if text else ""
