"""Collects transfers into batches: made by one person, approved by another, taken as a file, marked line by line."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.actions import refund_steps as steps
from anshin.commerce.actions.refund_refusals import ReasonMissing, RefundRefused, SamePerson
from anshin.commerce.models import BankAccount, Refund, RefundSetting, TransferBatch, TransferLine, TransferReply
from anshin.commerce.ports import Debtor, Transfer, TransferFileRefused, transfer_files
from anshin.commerce.queries.banks import bank_by_code, branch_by_code
from anshin.commerce.queries.refunds import refund_setting
from anshin.commerce.queries.transfers import batches_key, first_day_for_transfers
from anshin.commerce.rules.bank_days import is_bank_day
from anshin.commerce.terms import AccountKind, BatchState, LineState, RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Membership, Shop

MOST_LINES = 1_000
LATEST = timedelta(days=300)
"""A file has no year, so its day must be far from the same day of another year."""


class BatchRefused(RefundRefused):
    """The batch cannot be made or go on; `str(error)` says why and what to do. Nothing was written."""


class UnknownBatch(BatchRefused):
    """The shop has no such batch, or it no such line."""


@transaction.atomic
def make_batch(*, by: Membership, transfer_on: date, refund_ids: Collection[int], now: datetime) -> TransferBatch:
    """A batch of these refunds, which are under way with it. `transfer_on` is a bank day, tomorrow or later.

    Raises NotAllowed, BatchRefused.
    """
    require(by, Permission.PAY_BACK)
    _refuse_day(by.shop, transfer_on, now)
    setting = RefundSetting.objects.select_for_update().filter(shop_id=by.shop_id).first()
    debtor_of(setting or RefundSetting(shop_id=by.shop_id))  # held: one batch at a time gets the next number
    refunds = _held_for_transfer(by.shop_id, refund_ids)
    last = TransferBatch.objects.filter(shop_id=by.shop_id).aggregate(last=Max("number"))["last"] or 0
    batch = TransferBatch.objects.create(
        shop_id=by.shop_id,
        number=last + 1,
        transfer_on=transfer_on,
        state=BatchState.DRAFT,
        line_count=len(refunds),
        total_yen=sum(refund.amount_yen for refund in refunds),
        made_by=by,
        made_at=now,
    )
    TransferLine.objects.bulk_create(
        TransferLine(shop_id=by.shop_id, batch=batch, refund=refund, position=place, amount_yen=refund.amount_yen)
        for place, refund in enumerate(refunds, 1)
    )
    for refund in refunds:
        steps.take_step(refund, RefundState.SENDING)
        refund.expected_on = transfer_on
    Refund.objects.bulk_update(refunds, ["state", "expected_on"])
    made = events.BatchMade(batch_id=batch.pk, number=batch.number, line_count=batch.line_count, yen=batch.total_yen)
    _tell(batch, made, by, now)
    return batch


@transaction.atomic
def dissolve_batch(*, by: Membership, batch_id: int, now: datetime) -> TransferBatch:
    """The batch given up before its file was taken; its refunds wait again. Raises NotAllowed, BatchRefused."""
    require(by, Permission.PAY_BACK)
    batch = held_batch(by.shop_id, batch_id)
    refuse_state(batch, BatchState.DRAFT, BatchState.APPROVED)
    refunds = list(Refund.objects.select_for_update().filter(transfer_lines__batch=batch).order_by("id"))
    for refund in refunds:
        steps.take_step(refund, RefundState.READY)
    Refund.objects.bulk_update(refunds, ["state"])
    batch.lines.all().delete()
    batch.state, batch.file_sealed, batch.closed_at = BatchState.DISSOLVED, "", now
    batch.save()
    _tell(batch, events.BatchDissolved(batch_id=batch.pk, number=batch.number), by, now)
    return batch


@transaction.atomic
def approve_batch(*, by: Membership, batch_id: int, now: datetime) -> TransferBatch:
    """The batch with its file, because a second person agrees. Raises NotAllowed, SamePerson, BatchRefused."""
    require(by, Permission.APPROVE_REFUNDS)
    batch = held_batch(by.shop_id, batch_id)
    if batch.made_by_id == by.pk:
        raise SamePerson(_("You made this batch yourself. Somebody else has to approve it."))
    if batch.state == BatchState.APPROVED and batch.approved_by_id == by.pk:
        return batch
    refuse_state(batch, BatchState.DRAFT)
    _refuse_day(by.shop, batch.transfer_on, now)
    content = _file(batch)
    batch.file_sealed = secrets.seal(base64.b64encode(content).decode())
    batch.file_sha256 = hashlib.sha256(content).hexdigest()
    batch.state, batch.approved_by, batch.approved_at = BatchState.APPROVED, by, now
    batch.save()
    _tell(batch, events.BatchApproved(batch_id=batch.pk, number=batch.number, yen=batch.total_yen), by, now)
    return batch


@transaction.atomic
def take_batch_file(*, by: Membership, batch_id: int, now: datetime) -> tuple[str, bytes]:
    """Name and bytes of the file for the bank; always the same bytes. Raises NotAllowed, BatchRefused."""
    require(by, Permission.PAY_BACK)
    batch = held_batch(by.shop_id, batch_id)
    refuse_state(batch, BatchState.APPROVED, BatchState.HANDED, BatchState.CLOSED)
    if not batch.file_sealed:
        raise BatchRefused(_("The file is gone: bank accounts are forgotten some days after the money arrived."))
    try:
        content = base64.b64decode(secrets.unseal(batch.file_sealed))
    except secrets.Unreadable as error:
        raise BatchRefused(_("The file was written under another secret of the installation.")) from error
    if batch.state == BatchState.APPROVED:
        batch.state, batch.handed_at = BatchState.HANDED, now
        batch.save(update_fields=["state", "handed_at"])
    _tell(batch, events.BatchFileTaken(batch_id=batch.pk, number=batch.number), by, now)
    return f"furikomi-{batch.transfer_on:%Y%m%d}-{batch.number}.txt", content


@transaction.atomic
def mark_transfers_done(*, by: Membership, batch_id: int, positions: Collection[int], now: datetime) -> TransferBatch:
    """These lines were transferred, as the bank shows; their refunds are paid. Marked ones stay as they are.

    Raises NotAllowed, BatchRefused.
    """
    require(by, Permission.PAY_BACK)
    batch = held_batch(by.shop_id, batch_id)
    refuse_state(batch, BatchState.HANDED, BatchState.CLOSED)
    if batch.transfer_on > now.astimezone(ZoneInfo(by.shop.zone)).date():
        raise BatchRefused(_("The day of the transfer has not come yet."))
    for line in batch.lines.filter(position__in=positions, state=LineState.WAITING):
        refund = steps.held_refund(by.shop_id, line.refund_id)
        refund.reference = f"{batch.number}-{line.position}"
        refund.answer = _("Transfer file %(number)s, line %(line)s, SHA-256 %(digest)s") % {
            "number": batch.number,
            "line": line.position,
            "digest": batch.file_sha256[:16],
        }
        refund.moved_on, refund.operator = batch.transfer_on, by
        steps.settle(refund, now=now, by=shops.actor(by), is_by_hand=False)
        line.state, line.marked_by, line.marked_at = LineState.DONE, by, now
        line.save()
    _close_when_done(batch, by, now)
    return batch


@transaction.atomic
def mark_transfer_failed(*, by: Membership, batch_id: int, position: int, reason: str, now: datetime) -> TransferBatch:
    """A transfer did not arrive, or came back later; the customer is to be asked for another account.

    Raises NotAllowed, ReasonMissing, BatchRefused, StepRefused.
    """
    require(by, Permission.PAY_BACK)
    if not reason.strip():
        raise ReasonMissing(_("Write the bank’s reason, such as 口座なし or 名義相違."))
    batch = held_batch(by.shop_id, batch_id)
    refuse_state(batch, BatchState.HANDED, BatchState.CLOSED)
    line = batch.lines.filter(position=position).exclude(state=LineState.FAILED).first()
    if line is None:
        raise UnknownBatch(_("This line is not in the batch, or is marked as failed already."))
    refund = steps.held_refund(by.shop_id, line.refund_id)
    refund.account = None
    steps.fail(refund, reason.strip(), now=now, by=shops.actor(by))
    line.state, line.failure = LineState.FAILED, reason.strip()[: steps.LONGEST_WORDS]
    line.marked_by, line.marked_at = by, now
    line.save()
    _close_when_done(batch, by, now)
    return batch


def forget_files(*, shop: Shop, before: datetime) -> int:
    """Remove the encrypted files of batches that were closed before that moment, and what the bank answered to them;
    how many files. Digests stay."""
    answered = TransferReply.objects.filter(shop=shop, batch__closed_at__lt=before).exclude(content_sealed="")
    answered.update(content_sealed="")
    closed = TransferBatch.objects.filter(shop=shop, closed_at__lt=before).exclude(file_sealed="")
    return closed.update(file_sealed="")


def debtor_of(setting: RefundSetting) -> Debtor:
    """The shop's own account as banks write it. Raises BatchRefused when it is not complete."""
    bank, branch = bank_by_code(setting.bank_code), branch_by_code(setting.bank_code, setting.branch_code)
    if not (bank and branch and setting.client_code and setting.client_name and setting.number_sealed):
        raise BatchRefused(_("Enter the account from which the shop transfers in the settings under Refunds first."))
    return Debtor(
        client_code=setting.client_code,
        client_name=setting.client_name,
        bank_code=bank.code,
        bank_kana=bank.kana,
        branch_code=branch.code,
        branch_kana=branch.kana,
        kind=AccountKind(setting.kind),
        number=secrets.unseal(setting.number_sealed),
    )


def _file(batch: TransferBatch) -> bytes:
    setting = refund_setting(batch.shop_id)
    lines = batch.lines.select_related("refund__account").order_by("position")
    transfers = [_transfer(line, line.refund.account) for line in lines]
    try:
        return transfer_files.get().write(
            debtor_of(setting), transfers, transfer_on=batch.transfer_on, has_line_ends=setting.has_line_ends
        )
    except TransferFileRefused as error:
        raise BatchRefused(str(error)) from error


def _transfer(line: TransferLine, account: BankAccount | None) -> Transfer:
    if account is None or account.purged_at:
        raise BatchRefused(_("Line %(line)s has no account any more. Dissolve the batch.") % {"line": line.position})
    return Transfer(
        line=line.position,
        bank_code=account.bank_code,
        bank_kana=account.bank_kana,
        branch_code=account.branch_code,
        branch_kana=account.branch_kana,
        kind=AccountKind(account.kind),
        number=secrets.unseal(account.number_sealed),
        holder=account.holder_kana,
        amount_yen=line.amount_yen,
    )


def _held_for_transfer(shop_id: int, refund_ids: Collection[int]) -> list[Refund]:
    if not 0 < len(set(refund_ids)) <= MOST_LINES:
        raise BatchRefused(_("Choose between 1 and %(most)s refunds.") % {"most": MOST_LINES})
    held = Refund.objects.select_for_update().filter(shop_id=shop_id, pk__in=refund_ids)
    fitting = held.filter(state=RefundState.READY, way=RefundWay.BANK, account__purged_at=None, account__isnull=False)
    refunds = list(fitting.order_by("id"))
    if len(refunds) != len(set(refund_ids)):
        raise BatchRefused(_("Some of these refunds do not wait for a transfer any more. Load the page again."))
    return refunds


def _refuse_day(shop: Shop, transfer_on: date, now: datetime) -> None:
    first = first_day_for_transfers(shop, now=now)
    if not is_bank_day(transfer_on) or transfer_on < first:
        raise BatchRefused(
            _("Choose a day on which banks work, %(first)s at the earliest.") % {"first": first.isoformat()}
        )
    if transfer_on > now.astimezone(ZoneInfo(shop.zone)).date() + LATEST:
        raise BatchRefused(_("Choose a day within the next 300 days."))


def held_batch(shop_id: int, batch_id: int) -> TransferBatch:
    """The batch, held until the transaction ends. Raises UnknownBatch."""
    batch = TransferBatch.objects.select_for_update().filter(shop_id=shop_id, pk=batch_id).first()
    if batch is None:
        raise UnknownBatch(_("This batch is not in the shop. Open it again from the list."))
    return batch


def refuse_state(batch: TransferBatch, *wanted: BatchState) -> None:
    """Raise BatchRefused unless the batch stands where the step is possible."""
    if batch.state not in wanted:
        raise BatchRefused(
            _("This is not possible any more: the batch is “%(state)s” now.") % {"state": BatchState(batch.state).label}
        )


def _close_when_done(batch: TransferBatch, by: Membership, now: datetime) -> None:
    if batch.state == BatchState.CLOSED or batch.lines.filter(state=LineState.WAITING).exists():
        return
    batch.state, batch.closed_at = BatchState.CLOSED, now
    batch.save(update_fields=["state", "closed_at"])
    failed = batch.lines.filter(state=LineState.FAILED).count()
    _tell(batch, events.BatchClosed(batch_id=batch.pk, number=batch.number, failed_count=failed), by, now)


def _tell(batch: TransferBatch, event: Event, by: Membership, now: datetime) -> None:
    transaction.on_commit(partial(cache.delete, batches_key(batch.shop_id)))
    record(event, shop_id=batch.shop_id, by=shops.actor(by), now=now)
