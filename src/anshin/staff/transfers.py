"""Transfers to customers' accounts (総合振込): what waits for one, the batches, one batch, what the bank answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anshin.commerce import actions
from anshin.commerce import queries as commerce
from anshin.commerce.terms import BatchState, LineState, RefundState, ReplyColumn, ReplyScope, ReplyState
from anshin.language.zengin_letters import shown
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns.queries import returns_of_refunds
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import transfer_words as words
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from anshin.commerce.models import Refund, TransferBatch, TransferLine, TransferReply
    from anshin.shops.models import Membership

Card = dict[str, Any]


@require_GET
@desk(Permission.PAY_BACK)
def transfers(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Refunds that a batch can take, those that wait for an account, and the batches."""
    now = clock.now()
    try:
        page = commerce.transfer_batches(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    waiting = list(commerce.refunds_for_transfer(by.shop)[: words.MOST_SHOWN])
    without = list(commerce.refunds_without_account(by.shop)[: words.MOST_SHOWN])
    returned = returns_of_refunds(by.shop, [refund.pk for refund in [*waiting, *without]])
    setting = commerce.refund_setting(by.shop_id)
    request.desk_section = "transfers"  # type: ignore[attr-defined]
    days = commerce.days_for_transfers(by.shop, now=now)
    context = {
        "waiting": [_refund(by, refund, returned) for refund in waiting],
        "waiting_yen": sum(refund.amount_yen for refund in waiting),
        "without": [_refund(by, refund, returned) for refund in without],
        "rows": [_batch_row(by, batch) for batch in page.items],
        "page": page,
        "query": "",
        "days": [{"value": day.isoformat(), "label": _day(day, now)} for day in days],
        "cut_off": _cut_off(setting.transfer_cut_off, days[0], now),
        "no_account": not setting.number_end,
        "settings_url": address("settings_refunds", by.shop.slug) if may(by, Permission.RUN_SHOP) else "",
    }
    return render(request, "staff/transfers.html", context)


@require_GET
@desk(Permission.PAY_BACK)
def transfer(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """One batch: where it stands, what this person may do, its lines and the bank's answers."""
    now, batch = clock.now(), find_batch(by, number)
    request.desk_section = "transfers"  # type: ignore[attr-defined]
    lines = list(commerce.lines_of_batch(batch))
    returned = returns_of_refunds(by.shop, [line.refund_id for line in lines])
    is_due = batch.transfer_on <= timezone.localdate(now)
    can_mark = batch.state in {BatchState.HANDED, BatchState.CLOSED}
    waits = sum(line.state == LineState.WAITING for line in lines)
    context = {
        "batch": batch,
        "state": words.batch_tag(batch.state),
        "stages": words.stages(batch),
        "day": _day(batch.transfer_on, now),
        "people": words.people(batch, now),
        "does": _does(by, batch, now),
        "sums": words.sums(commerce.outcome_of_batch(batch)),
        "lines": [_line(by, line, returned, is_open=can_mark and is_due) for line in lines],
        "mark_url": address("transfer_mark", by.shop.slug, number) if can_mark and is_due else "",
        "waits_count": waits if can_mark and is_due else 0,
        "too_early": can_mark and not is_due and waits,
        "bring_url": address("transfer_replies", by.shop.slug, number) if can_mark else "",
        "scopes": [{"value": each.value, "label": each.label} for each in ReplyScope],
        "replies": [_reply_row(by, reply, number) for reply in commerce.replies_of_batch(batch)],
        "largest_mb": actions.LARGEST_REPLY_BYTES // 1024 // 1024,
        "list_url": address("transfers", by.shop.slug),
        "usual_reasons": words.USUAL_REASONS,
    }
    return render(request, "staff/transfer.html", context)


@require_GET
@desk(Permission.PAY_BACK)
def transfer_reply(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """What one answer of the bank would change, or why it is refused, or which columns have to be named."""
    reply = commerce.bank_reply(by.shop, number, pk)
    if reply is None:
        raise Http404
    request.desk_section = "transfers"  # type: ignore[attr-defined]
    lines = {line.position: line for line in commerce.lines_of_batch(reply.batch)}
    found = [_finding(each, lines) for each in reply.findings]
    changes = [each for each in found if each["changes"]]
    is_early = reply.batch.transfer_on > timezone.localdate(clock.now())
    context = {
        "reply": reply,
        "state": words.reply_tag(reply.state),
        "scope": ReplyScope(reply.scope).label,
        "batch_url": address("transfer", by.shop.slug, number),
        "number": number,
        "found": found,
        "done_count": sum(each["outcome"] == LineState.DONE for each in changes),
        "failed_count": sum(each["outcome"] == LineState.FAILED for each in changes),
        "flawed_count": len(found) - len(changes),
        "can_apply": reply.state == ReplyState.READ and bool(changes) and not is_early,
        "too_early": is_early and reply.state == ReplyState.READ,
        "can_name": bool(reply.headings) and reply.state != ReplyState.DONE,
        "columns": _columns(reply),
        "scopes": [{"value": each.value, "label": each.label, "on": each == reply.scope} for each in ReplyScope],
    }
    return render(request, "staff/transfer_reply.html", context)


def find_batch(by: Membership, number: int) -> TransferBatch:
    """The batch with that number. Raises Http404."""
    batch = commerce.transfer_batch(by.shop, number) if number < 2**31 else None
    if batch is None:
        raise Http404
    return batch


def _refund(by: Membership, refund: Refund, returned: dict[int, Any]) -> Card:
    found = returned.get(refund.pk)
    return {
        "pk": refund.pk,
        "url": address("refund", by.shop.slug, refund.pk),
        "customer": refund.customer.name,
        "order": refund.order.number,
        "returned": str(found) if found else "",
        "account": words.account(refund.account),
        "amount_yen": refund.amount_yen,
        "expected_on": refund.expected_on,
        "failure": refund.failure if refund.state == RefundState.FAILED else "",
    }


def _batch_row(by: Membership, batch: TransferBatch) -> Card:
    return {
        "number": batch.number,
        "url": address("transfer", by.shop.slug, batch.number),
        "state": words.batch_tag(batch.state),
        "day": batch.transfer_on,
        "count": batch.line_count,
        "yen": batch.total_yen,
        "made_by": str(batch.made_by.person),
        "approved_by": str(batch.approved_by.person) if batch.approved_by else "",
        "yours": batch.state == BatchState.DRAFT and batch.made_by_id != by.pk and may(by, Permission.APPROVE_REFUNDS),
    }


def _does(by: Membership, batch: TransferBatch, now: datetime) -> Card:
    """Which buttons this person sees, and why one of them is missing."""
    is_draft = batch.state == BatchState.DRAFT
    is_own = batch.made_by_id == by.pk
    is_late = batch.transfer_on < commerce.first_day_for_transfers(by.shop, now=now)
    may_approve = is_draft and not is_own and may(by, Permission.APPROVE_REFUNDS) and not is_late
    said = ""
    if is_draft and is_late:
        said = _("It is too late for this day: the bank does not take the file any more. Dissolve it and make it anew.")
    elif is_draft and is_own:
        said = _("You made this batch, so somebody else has to approve it.")
    has_file = batch.state in {BatchState.APPROVED, BatchState.HANDED, BatchState.CLOSED} and batch.file_sha256
    slug = by.shop.slug
    return {
        "approve": address("transfer_approve", slug, batch.number) if may_approve else "",
        "dissolve": address("transfer_dissolve", slug, batch.number)
        if batch.state in {BatchState.DRAFT, BatchState.APPROVED}
        else "",
        "file": address("transfer_file", slug, batch.number) if has_file else "",
        "is_first": batch.state == BatchState.APPROVED,
        "said": said,
        "digest": batch.file_sha256,
    }


def _line(by: Membership, line: TransferLine, returned: dict[int, Any], *, is_open: bool) -> Card:
    found = returned.get(line.refund_id)
    return {
        "position": line.position,
        "url": address("refund", by.shop.slug, line.refund_id),
        "customer": line.refund.customer.name,
        "order": line.refund.order.number,
        "returned": str(found) if found else "",
        "account": words.account(line.refund.account) if line.state != LineState.FAILED else "",
        "holder": shown(line.refund.account.holder_kana)
        if line.refund.account and line.state != LineState.FAILED
        else "",
        "amount_yen": line.amount_yen,
        "state": words.line_tag(line.state),
        "failure": line.failure,
        "can_done": is_open and line.state == LineState.WAITING,
        "can_fail": is_open and line.state != LineState.FAILED,
        "was_done": line.state == LineState.DONE,
    }


def _reply_row(by: Membership, reply: TransferReply, number: int) -> Card:
    return {
        "name": reply.name,
        "url": address("transfer_reply", by.shop.slug, number, reply.pk),
        "state": words.reply_tag(reply.state),
        "refusal": reply.refusal,
        "by": str(reply.taken_by.person),
        "at": reply.taken_at,
    }


def _finding(piece: Iterable[Any], lines: dict[int, TransferLine]) -> Card:
    row, position, outcome, said, flaw = piece
    line = lines.get(position) if position else None
    return {
        "row": row,
        "position": position or "",
        "customer": line.refund.customer.name if line else "",
        "amount_yen": line.amount_yen if line else None,
        "outcome": outcome,
        "tag": words.line_tag(outcome) if outcome else None,
        "words": said,
        "flaw": words.flaw(flaw),
        "changes": not flaw,
    }


def _columns(reply: TransferReply) -> list[Card]:
    """A select for each column of a table."""
    chosen = [*reply.columns, *[""] * len(reply.headings)]
    return [
        {
            "heading": heading,
            "options": [{"value": "", "label": _("Column not used"), "on": not chosen[place]}]
            + [{"value": each.value, "label": each.label, "on": each.value == chosen[place]} for each in ReplyColumn],
        }
        for place, heading in enumerate(reply.headings)
    ]


def _day(day: date, now: datetime) -> str:
    return dates.day(day, today=timezone.localdate(now), language=get_language() or "ja")


def _cut_off(at: Any, first: date, now: datetime) -> str:
    return _("The bank takes a file until %(time)s on its days. Made now, it can be for %(day)s at the earliest.") % {
        "time": f"{at:%H:%M}",
        "day": _day(first, now),
    }
