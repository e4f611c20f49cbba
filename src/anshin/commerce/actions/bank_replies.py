"""Takes in what a bank answers to a file of transfers: kept first, read, shown, and taken over by a person, once.

What cannot be taken over is kept with a sentence that says why; nothing is booked from it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions.transfer_batches import (
    BatchRefused,
    held_batch,
    mark_transfer_failed,
    mark_transfers_done,
    refuse_state,
)
from anshin.commerce.models import TransferBatch, TransferLine, TransferReply
from anshin.commerce.ports import BankReply, TransferFileRefused, transfer_files
from anshin.commerce.queries.refunds import refund_setting
from anshin.commerce.rules import bank_replies as rules
from anshin.commerce.rules.bank_replies import BatchLine, Finding
from anshin.commerce.terms import BatchState, LineState, ReplyColumn, ReplyFlaw, ReplyScope, ReplyState
from anshin.plumbing import secrets
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LARGEST_REPLY_BYTES = 1024 * 1024
_MARKABLE = (BatchState.HANDED, BatchState.CLOSED)


class ReplyKnown(BatchRefused):
    """The same file came before; `reply_id` is it."""

    def __init__(self, reply: TransferReply) -> None:
        self.reply_id = reply.pk
        super().__init__(_("This file was brought before. Nothing is booked a second time."))


class UnknownReply(BatchRefused):
    """The shop has no such answer of a bank."""


@transaction.atomic
def take_bank_reply(
    *, by: Membership, batch_id: int, content: bytes, name: str, scope: ReplyScope, now: datetime
) -> TransferReply:
    """The file, kept and read; nothing is marked yet. A file that is refused is kept, too, with the reason.

    Raises NotAllowed, BatchRefused, ReplyKnown.
    """
    require(by, Permission.PAY_BACK)
    batch = held_batch(by.shop_id, batch_id)
    refuse_state(batch, *_MARKABLE)
    if not content:
        raise BatchRefused(_("Choose the file of the bank."))
    if len(content) > LARGEST_REPLY_BYTES:
        raise BatchRefused(_("The file is larger than 1 MB. A bank’s answer is not so large."))
    digest = hashlib.sha256(content).hexdigest()
    known = TransferReply.objects.filter(batch=batch, sha256=digest).first()
    if known is not None:
        raise ReplyKnown(known)
    reply = TransferReply.objects.create(
        shop_id=by.shop_id,
        batch=batch,
        name=name[:200],
        scope=scope,
        content_sealed=secrets.seal(base64.b64encode(content).decode()),
        sha256=digest,
        state=ReplyState.READ,
        taken_by=by,
        taken_at=now,
    )
    _read(reply, batch, content, columns=())
    taken = events.BankReplyTaken(batch_id=batch.pk, number=batch.number, reply_id=reply.pk, state=reply.state)
    record(taken, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return reply


@transaction.atomic
def name_reply_columns(
    *, by: Membership, reply_id: int, columns: Sequence[ReplyColumn | None], scope: ReplyScope, now: datetime
) -> TransferReply:
    """The answer read anew, with what a person says its columns mean. Raises NotAllowed, BatchRefused."""
    require(by, Permission.PAY_BACK)
    reply, batch = _held_reply(by.shop_id, reply_id)
    if reply.state not in {ReplyState.COLUMNS, ReplyState.READ, ReplyState.REFUSED}:
        raise BatchRefused(_("This answer was taken over already."))
    named = [column for column in columns if column]
    if len(named) != len(set(named)):
        raise BatchRefused(_("Two columns have the same meaning. Choose each meaning once."))
    reply.scope = scope
    _read(reply, batch, _content(reply), columns=columns)
    named_event = events.BankReplyTaken(batch_id=batch.pk, number=batch.number, reply_id=reply.pk, state=reply.state)
    record(named_event, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return reply


@transaction.atomic
def apply_bank_reply(*, by: Membership, reply_id: int, now: datetime) -> TransferReply:
    """Every line that can be taken over is marked: what went is paid, what did not goes to its customer again.

    Asked twice: the same, and nothing is marked twice. Raises NotAllowed, BatchRefused.
    """
    require(by, Permission.PAY_BACK)
    reply, batch = _held_reply(by.shop_id, reply_id)
    if reply.state == ReplyState.DONE:
        return reply
    if reply.state != ReplyState.READ:
        raise BatchRefused(_("Nothing of this file can be taken over."))
    _read(reply, batch, _content(reply), columns=_columns(reply))
    if reply.state != ReplyState.READ:
        return reply
    fit = [Finding(*_pieces(each)) for each in reply.findings if not each[4]]
    done = [each.position for each in fit if each.outcome == LineState.DONE and each.position]
    if done:
        mark_transfers_done(by=by, batch_id=batch.pk, positions=done, now=now)
    failed = [each for each in fit if each.outcome == LineState.FAILED]
    for each in failed:
        mark_transfer_failed(by=by, batch_id=batch.pk, position=each.position or 0, reason=each.words, now=now)
    reply.state, reply.applied_by, reply.applied_at = ReplyState.DONE, by, now
    reply.save()
    applied = events.BankReplyApplied(
        batch_id=batch.pk, number=batch.number, reply_id=reply.pk, done_count=len(done), failed_count=len(failed)
    )
    record(applied, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return reply


def _read(reply: TransferReply, batch: TransferBatch, content: bytes, *, columns: Sequence[ReplyColumn | None]) -> None:
    """Write into the held row what the file says, or why it is refused."""
    try:
        _refuse_our_own(batch, content)
        known = columns or _columns_before(reply, content)
        read = transfer_files.get().read_reply(content, scope=ReplyScope(reply.scope), columns=known)
        reply.headings = list(read.headings)
        reply.columns = [column.value if column else "" for column in read.columns]
        if read.needs_columns:
            reply.state, reply.findings, reply.refusal = ReplyState.COLUMNS, [], ""
        else:
            _find(reply, batch, read)
    except TransferFileRefused as refusal:
        reply.state, reply.findings, reply.refusal = ReplyState.REFUSED, [], str(refusal)[:400]
    reply.save()


def _find(reply: TransferReply, batch: TransferBatch, read: BankReply) -> None:
    _refuse_header(batch, read)
    found = rules.findings(_lines(batch), read)
    reply.findings = [[each.row, each.position, each.outcome or "", each.words, each.flaw or ""] for each in found]
    if rules.is_of_another_batch(found, is_table=read.is_table):
        first = next(each for each in found if each.is_foreign)
        raise TransferFileRefused(
            _("This file does not belong to batch %(number)s. Row %(row)s: %(why)s %(hint)s")
            % {
                "number": batch.number,
                "row": first.row,
                "why": first.flaw.label if first.flaw else "",
                "hint": _others(batch, read.month_day),
            }
        )
    reply.state, reply.refusal = ReplyState.READ, ""


def _refuse_header(batch: TransferBatch, read: BankReply) -> None:
    if read.month_day and read.month_day != f"{batch.transfer_on:%m%d}":
        raise TransferFileRefused(
            _("This file is for transfers of %(day)s, batch %(number)s is for %(own)s. %(hint)s")
            % {
                "day": f"{read.month_day[:2]}/{read.month_day[2:]}",
                "number": batch.number,
                "own": f"{batch.transfer_on:%m/%d}",
                "hint": _others(batch, read.month_day),
            }
        )
    client = refund_setting(batch.shop_id).client_code
    if read.client_code and client and read.client_code != client:
        raise TransferFileRefused(_("This file has another client code (委託者コード) than the shop’s account."))


def _others(batch: TransferBatch, month_day: str) -> str:
    """Where the file may belong."""
    if not month_day.isdecimal():
        return _("Bring it at the batch to which it belongs.")
    others = TransferBatch.objects.filter(
        shop_id=batch.shop_id,
        transfer_on__month=int(month_day[:2]),
        transfer_on__day=int(month_day[2:]),
        state__in=_MARKABLE,
    ).exclude(pk=batch.pk)
    numbers = [str(number) for number in others.order_by("-number").values_list("number", flat=True)[:3]]
    if not numbers:
        return _("The shop has no other batch for that day.")
    return _("Bring it at batch %(numbers)s.") % {"numbers": ", ".join(numbers)}


def _refuse_our_own(batch: TransferBatch, content: bytes) -> None:
    if not batch.file_sealed:
        return
    own = base64.b64decode(secrets.unseal(batch.file_sealed))
    if transfer_files.get().same_transfers(content, own):
        raise TransferFileRefused(
            _("This is the file that the bank gets, not its answer. Download the result from the bank’s page.")
        )


def _lines(batch: TransferBatch) -> list[BatchLine]:
    """The batch's lines as they stood in its file; an account that was forgotten or given anew is left out."""
    rows = TransferLine.objects.filter(batch=batch).select_related("refund__account").order_by("position")
    return [_batch_line(row) for row in rows]


def _batch_line(row: TransferLine) -> BatchLine:
    account = row.refund.account if row.state != LineState.FAILED else None
    return BatchLine(
        position=row.position,
        amount_yen=row.amount_yen,
        state=LineState(row.state),
        bank_code=account.bank_code if account else "",
        branch_code=account.branch_code if account else "",
        number=secrets.unseal(account.number_sealed) if account else "",
    )


def _columns_before(reply: TransferReply, content: bytes) -> Sequence[ReplyColumn | None]:
    """What the columns meant when the shop brought a table with these headings last."""
    if reply.columns and any(reply.columns):
        return _columns(reply)
    headings = list(transfer_files.get().read_reply(content, scope=ReplyScope(reply.scope)).headings)
    if not headings:
        return ()
    before = TransferReply.objects.filter(shop_id=reply.shop_id, state=ReplyState.DONE).exclude(pk=reply.pk)
    known = next((each for each in before.order_by("-id")[:20] if each.headings == headings), None)
    return _columns(known) if known else ()


def _columns(reply: TransferReply) -> list[ReplyColumn | None]:
    return [ReplyColumn(code) if code else None for code in reply.columns]


def _pieces(found: list[object]) -> tuple[int, int | None, LineState | None, str, ReplyFlaw | None]:
    row, position, outcome, words, _flaw = found
    return int(str(row)), int(str(position)), LineState(str(outcome)), str(words), None


def _content(reply: TransferReply) -> bytes:
    if not reply.content_sealed:
        raise BatchRefused(_("The file is gone: bank accounts are forgotten some days after the money arrived."))
    return base64.b64decode(secrets.unseal(reply.content_sealed))


def _held_reply(shop_id: int, reply_id: int) -> tuple[TransferReply, TransferBatch]:
    """The answer with its batch, the batch held first, as whoever marks by hand holds it."""
    batch_id = TransferReply.objects.filter(shop_id=shop_id, pk=reply_id).values_list("batch_id", flat=True).first()
    if batch_id is None:
        raise UnknownReply(_("This answer of a bank is not in the shop. Open it again from the batch."))
    batch = held_batch(shop_id, batch_id)
    reply = TransferReply.objects.select_for_update().get(pk=reply_id)
    return reply, batch
