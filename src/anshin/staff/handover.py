"""The board of notes between shifts: a day's notes, what is left from before, who has read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases.queries import calls_without_note, subjects_of_numbers
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.routing import actions, queries
from anshin.routing.actions import RuleRefused
from anshin.shops.queries import colleagues, may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk, is_fragment

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.routing.models import Handover
    from anshin.shops.models import Membership

_NUMBER = re.compile(r"[#＃]([0-9]{1,9})(?![0-9A-Za-z])")
_LINE_LENGTH = 80


@desk(Permission.READ_CASES)
def handover(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The board of a day; a post writes a note."""
    now, refusal = clock.now(), None
    today = timezone.localdate(now)
    if request.method == "POST":
        receiver = request.POST.get("receiver", "")
        try:
            actions.hand_over(
                by=by,
                text=request.POST.get("text", ""),
                receiver_id=int(receiver) if receiver.isdecimal() else None,
                on=today,
                now=now,
            )
        except RuleRefused as error:
            refusal = error
        else:
            messages.success(request, _("The note is on the board."))
            return redirect("staff:handover", by.shop.slug)
    return _board(request, by, today, refusal)


@require_POST
@desk(Permission.READ_CASES)
def handover_read(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Say that one has read the notes id=…"""
    ids = [int(value) for value in request.POST.getlist("id") if value.isdecimal() and len(value) < 19]
    actions.read_handovers(by=by, ids=ids, now=clock.now())
    if is_fragment(request):
        return handover_unread(request, by.shop.slug)
    return redirect(address("handover", by.shop.slug))


@require_POST
@desk(Permission.WRITE_NOTES)
def handover_done(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The note is done (or, with undo=1, is not)."""
    act = actions.reopen_handover if request.POST.get("undo") == "1" else actions.finish_handover
    note = act(by=by, handover_id=pk, now=clock.now())
    day = f"?day={note.on.isoformat()}" if request.POST.get("day") == note.on.isoformat() else ""
    return redirect(address("handover", by.shop.slug) + day)


@desk(Permission.READ_CASES)
def handover_unread(request: HttpRequest, by: Membership) -> HttpResponse:
    """The notes that the person has not read, for the top of the inbox."""
    found = queries.unread_handovers(by)
    rows = [
        {
            "pk": each.pk,
            "who": str(each.author.person) if each.author else "",
            "line": _line(each),
            "about": " ".join(f"#{number}" for number in _NUMBER.findall(each.text)),
        }
        for each in found
    ]
    return render(
        request, "staff/_handover_unread.html", {"rows": rows[:3], "has_more": len(rows) > 3, "shop": by.shop}
    )


def _board(request: HttpRequest, by: Membership, today: date, refusal: RuleRefused | None) -> HttpResponse:
    request.desk_section = "handover"  # type: ignore[attr-defined]
    day = _day(request.GET.get("day", ""), today)
    try:
        page = queries.handovers_of(by, day=day, today=today, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    known = subjects_of_numbers(by.shop, {int(n) for note in page.items for n in _NUMBER.findall(note.text)})
    language = get_language() or "ja"
    context = {
        "day": day,
        "day_words": dates.full_day(day, language=language, with_year=day.year != today.year),
        "is_today": day == today,
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat() if day < today else "",
        "rows": [_row(by, note, known, day) for note in page.items],
        "calls": [_call(each, by.shop.slug) for each in calls_without_note(by.shop)] if day == today else [],
        "page": page,
        "query": f"day={day.isoformat()}&" if day != today else "",
        "receivers": [(each.pk, str(each.person)) for each in colleagues(by.shop) if each.pk != by.pk],
        "may_write": may(by, Permission.WRITE_NOTES),
        "text": request.POST.get("text", ""),
        "error": str(refusal) if refusal else "",
        "tab": "handover",
        "now": clock.now(),
    }
    return render(request, "staff/handover.html", context, status=422 if refusal else 200)


def _call(case: Case, slug: str) -> dict[str, Any]:
    return {
        "number": case.number,
        "subject": case.subject,
        "url": address("case", slug, case.number),
        "at": case.created_at,
        "owner": str(case.owner.person) if case.owner else "",
    }


def _day(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today
    return min(day, today)


def _row(by: Membership, note: Handover, known: Mapping[int, str], day: date) -> dict[str, Any]:
    reads = list(note.reads.all())
    return {
        "pk": note.pk,
        "who": str(note.author.person) if note.author else _("Somebody who left"),
        "for": _("For %(name)s") % {"name": note.receiver.person} if note.receiver else "",
        "is_for_me": note.receiver_id == by.pk,
        "at": note.written_at,
        "text": _linked(note.text, by.shop.slug, known),
        "is_carried": note.on < day,
        "is_done": note.done_at is not None,
        "done_words": _("Done: %(name)s") % {"name": note.done_by.person} if note.done_by else "",
        "readers": "、".join(str(each.member.person) for each in reads if each.member_id != note.author_id),
        "is_unread": by.pk not in {each.member_id for each in reads} and note.author_id != by.pk,
    }


def _linked(text: str, slug: str, known: Mapping[int, str]) -> SafeString:
    """The text with links to the cases that it names, as far as the shop has them."""
    pieces: list[Any] = []
    at = 0
    for match in _NUMBER.finditer(text):
        number = int(match[1])
        if number not in known:
            continue
        pieces += [
            text[at : match.start()],
            format_html(
                '<a class="lnk" href="{}" title="{}">#{}</a>', address("case", slug, number), known[number], number
            ),
        ]
        at = match.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[at:]]))


def _line(note: Handover) -> str:
    first = " ".join(note.text.split())
    return first if len(first) <= _LINE_LENGTH else f"{first[:_LINE_LENGTH]}…"
