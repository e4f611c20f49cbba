"""What staff do with transfers: one action each; what is refused is said on the page where it was clicked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from anshin.commerce import actions
from anshin.commerce import queries as commerce
from anshin.commerce.terms import LineState, ReplyColumn, ReplyScope
from anshin.plumbing import clock
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.transfers import find_batch

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class NotADay(Refused):
    """What was chosen is no day."""

    def __init__(self) -> None:
        super().__init__(_("Choose the day of the transfer."))


@require_POST
@desk(Permission.PAY_BACK)
def transfer_make(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A batch of the chosen refunds; leads to its page."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        batch = actions.make_batch(by=by, transfer_on=day, refund_ids=_ids(request, "refund"), now=clock.now())
    except ValueError:
        return _back(request, by, str(NotADay()))
    except actions.BatchRefused as refusal:
        return _back(request, by, str(refusal))
    messages.success(request, _("The batch is made. Somebody else approves it now."))
    return redirect("staff:transfer", by.shop.slug, batch.number)


@require_POST
@desk(Permission.APPROVE_REFUNDS)
def transfer_approve(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Agree as the second person."""
    batch = find_batch(by, number)

    def approve() -> str:
        actions.approve_batch(by=by, batch_id=batch.pk, now=clock.now())
        return _("Approved. The file can be taken to the bank.")

    return _after(request, by, number, approve)


@require_POST
@desk(Permission.PAY_BACK)
def transfer_dissolve(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Give the batch up; its refunds wait again."""
    batch = find_batch(by, number)

    def dissolve() -> str:
        actions.dissolve_batch(by=by, batch_id=batch.pk, now=clock.now())
        return _("Dissolved. Its refunds wait for a transfer again.")

    return _after(request, by, number, dissolve)


@require_POST
@desk(Permission.PAY_BACK)
def transfer_file(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The file for the bank. A POST, because each download is written down and the first one is a step."""
    batch = find_batch(by, number)
    try:
        name, content = actions.take_batch_file(by=by, batch_id=batch.pk, now=clock.now())
    except actions.BatchRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:transfer", by.shop.slug, number)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@desk(Permission.PAY_BACK)
def transfer_mark(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Mark lines: do=done with line=…, do=all for whatever waits, do=failed with line= and reason=."""
    batch, do, lines = find_batch(by, number), request.POST.get("do", ""), _ids(request, "line")

    def mark() -> str:
        if do == "failed":
            reason = request.POST.get("reason", "")
            for position in lines[:1]:
                actions.mark_transfer_failed(
                    by=by, batch_id=batch.pk, position=position, reason=reason, now=clock.now()
                )
            return _("Marked as failed. The customer has to give another account; the case is on top of the inbox.")
        every = do == "all"
        waiting = [row.position for row in commerce.lines_of_batch(batch) if row.state == LineState.WAITING]
        chosen = [position for position in waiting if every or position in lines]
        actions.mark_transfers_done(by=by, batch_id=batch.pk, positions=chosen, now=clock.now())
        count = len(chosen)
        return ngettext("%(count)s transfer is marked as done.", "%(count)s transfers are marked as done.", count) % {
            "count": count
        }

    if do not in {"failed", "all", "done"}:
        raise Http404
    return _after(request, by, number, mark)


@require_POST
@desk(Permission.PAY_BACK)
def transfer_replies(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Bring what the bank answered; leads to what it would change."""
    batch, file = find_batch(by, number), request.FILES.get("file")
    scope = request.POST.get("scope", "")
    if scope not in ReplyScope.values:
        raise Http404
    content = file.read(actions.LARGEST_REPLY_BYTES + 1) if file else b""
    try:
        reply = actions.take_bank_reply(
            by=by,
            batch_id=batch.pk,
            content=content,
            name=str(file.name) if file else "",
            scope=ReplyScope(scope),
            now=clock.now(),
        )
    except actions.ReplyKnown as known:
        messages.error(request, str(known))
        return redirect("staff:transfer_reply", by.shop.slug, number, known.reply_id)
    except actions.BatchRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:transfer", by.shop.slug, number)
    return redirect("staff:transfer_reply", by.shop.slug, number, reply.pk)


@require_POST
@desk(Permission.PAY_BACK)
def transfer_reply_apply(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """Take over what the bank answered."""
    reply = commerce.bank_reply(by.shop, number, pk)
    if reply is None:
        raise Http404

    def apply() -> str:
        actions.apply_bank_reply(by=by, reply_id=pk, now=clock.now())
        return _("Taken over. What failed waits for another account.")

    return _after(request, by, number, apply)


@require_POST
@desk(Permission.PAY_BACK)
def transfer_reply_columns(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """Say what the columns of a bank's table mean."""
    reply, scope = commerce.bank_reply(by.shop, number, pk), request.POST.get("scope", "")
    if reply is None or scope not in ReplyScope.values:
        raise Http404
    told = [request.POST.get(f"column{place}", "") for place in range(len(reply.headings))]
    columns = [ReplyColumn(code) if code in ReplyColumn.values else None for code in told]
    try:
        actions.name_reply_columns(by=by, reply_id=pk, columns=columns, scope=ReplyScope(scope), now=clock.now())
    except actions.BatchRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("staff:transfer_reply", by.shop.slug, number, pk)


def _after(request: HttpRequest, by: Membership, number: int, act: Callable[[], str]) -> HttpResponseBase:
    try:
        messages.success(request, act())
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("staff:transfer", by.shop.slug, number)


def _back(request: HttpRequest, by: Membership, said: str) -> HttpResponseBase:
    messages.error(request, said)
    return redirect("staff:transfers", by.shop.slug)


def _ids(request: HttpRequest, name: str) -> list[int]:
    """The numbers that were ticked; what is no number is left out."""
    told = request.POST.getlist(name)[: 2 * 1_000]
    return [int(each) for each in told if each.isascii() and each.isdecimal() and len(each) < 10]
