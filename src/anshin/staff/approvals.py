"""What waits before it leaves: replies of new staff for approval, replies with a time of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import message_of, replies_to_approve
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops import actions as shops
from anshin.shops.queries import colleagues
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, find_case
from anshin.staff.case_posts import moment_from
from anshin.staff.desk import desk, is_fragment, toast
from anshin.staff.leaving import opening_times, own_text

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@desk(Permission.APPROVE)
def approvals(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The replies that wait, oldest first; and whose replies do."""
    try:
        page = replies_to_approve(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    rows = [
        {
            "message": each,
            "line": " ".join(own_text(each).split())[:120],
            "writer": str(each.author.person) if each.author else "",
            "customer": each.case.customer.name if each.case.customer else "",
            "is_mine": each.author_id == by.pk,
        }
        for each in page.items
    ]
    staff = [each for each in colleagues(by.shop) if each.pk != by.pk]
    request.desk_section = "approvals"  # type: ignore[attr-defined]
    return render(request, "staff/approvals.html", {"rows": rows, "page": page, "staff": staff})


@require_POST
@desk(Permission.APPROVE)
def set_approval(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let a colleague's replies wait (needed=1), or no longer."""
    found = next((each for each in colleagues(by.shop) if each.pk == pk), None)
    if found is None:
        raise Http404
    is_needed = request.POST.get("needed") == "1"
    shops.set_approval(membership=found, is_needed=is_needed, by=by, now=clock.now())
    said = _("Replies of %(name)s wait for approval now.") if is_needed else _("Replies of %(name)s leave at once now.")
    messages.success(request, said % {"name": found.person})
    return redirect("staff:approvals", by.shop.slug)


@require_POST
@desk(Permission.APPROVE)
def message_approve(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let a waiting reply leave, with `text` as it was mended."""

    def approve() -> str:
        actions.approve_reply(by=by, message_id=pk, text=request.POST.get("text"), now=clock.now())
        return _("The reply is approved and leaves.")

    return _after(request, by, pk, approve)


@require_POST
@desk(Permission.APPROVE)
def message_send_back(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Give a waiting reply back to its writer with a remark."""

    def send_back() -> str:
        remark = request.POST.get("remark", "")
        actions.send_back_reply(by=by, message_id=pk, remark=remark, now=clock.now())
        return _("The reply is back with its writer.")

    return _after(request, by, pk, send_back)


@require_POST
@desk(Permission.ANSWER)
def message_schedule(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Let a reply leave at another time (leave_on=), or now (now=1)."""

    def schedule() -> str:
        leave_at = None if request.POST.get("now") == "1" else moment_from(request.POST.get("leave_on", ""))
        actions.schedule(by=by, message_id=pk, leave_at=leave_at, now=clock.now())
        return _("The time is changed.") if leave_at else _("The reply leaves in 10 seconds.")

    return _after(request, by, pk, schedule)


@require_POST
@desk(Permission.ANSWER)
def reply_draft_back(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Bring an earlier version of the reply's draft back."""
    return _draft_back(request, by, number, is_note=False)


@require_POST
@desk(Permission.WRITE_NOTES)
def note_draft_back(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Bring an earlier version of the note's draft back."""
    return _draft_back(request, by, number, is_note=True)


@desk(Permission.ANSWER)
def send_times(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """When the shop opens next, for the menu beside the send button."""
    return render(request, "staff/_send_times.html", {"times": opening_times(by.shop, now=clock.now())})


def _after(request: HttpRequest, by: Membership, pk: int, act: Callable[[], str]) -> HttpResponseBase:
    """The case again, with a word about what was done."""
    found = message_of(by.shop, pk)
    if found is None:
        raise Http404
    said = act()
    if is_fragment(request):
        return toast(draw(request, by, find_case(by, found.case.number)), said)
    messages.success(request, said)
    return redirect("staff:case", by.shop.slug, found.case.number)


def _draft_back(request: HttpRequest, by: Membership, number: int, *, is_note: bool) -> HttpResponseBase:
    found = find_case(by, number)
    saved_at = moment_from(request.POST.get("saved_at", ""))
    actions.bring_back_draft(by=by, case_id=found.pk, is_note=is_note, saved_at=saved_at, now=clock.now())
    if is_fragment(request):
        return toast(draw(request, by, find_case(by, number)), _("The earlier text is back in the draft."))
    return redirect("staff:case", by.shop.slug, number)
