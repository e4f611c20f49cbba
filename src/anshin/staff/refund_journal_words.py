"""What the facts about refunds mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anshin.commerce.terms import DisputeState, RefundWay

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _plain(value: Any) -> Words:
    return str(value)


def _yen(value: Any) -> Words:
    return f"¥{int(value):,}"


def _way(value: Any) -> Words:
    return RefundWay(value).label if value in RefundWay.values else str(value)


def _dispute(value: Any) -> Words:
    return DisputeState(value).label if value in DisputeState.values else str(value)


_AMOUNT: Piece = ("amount_yen", "", _yen)
_WAY: Piece = ("way", "", _way)
_YEN: Piece = ("yen", "", _yen)
_BATCH: Piece = ("number", _("Batch"), _plain)
_WHY: Piece = ("why", _("Why"), _plain)
REFUND_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "customer.account_given": (_("Took down a bank account for a refund"), ()),
    "customer.accounts_purged": (_("Forgot bank accounts that are not needed any more"), (("count", "", _plain),)),
    "refund.asked": (_("Asked for a refund"), (_AMOUNT, _WAY)),
    "refund.approved": (_("Confirmed a refund"), (_AMOUNT, _WAY)),
    "refund.unsure": (_("It is not known whether a refund was paid"), (_AMOUNT,)),
    "refund.settled": (_("A refund was paid"), (_AMOUNT, _WAY, ("reference", _("Number"), _plain))),
    "refund.failed": (_("A refund failed"), (_AMOUNT, _WAY, _WHY)),
    "refund.disputed": (
        _("A payment is disputed"),
        (_AMOUNT, ("state", "", _dispute), ("reference", _("Number"), _plain)),
    ),
    "refund.retried": (_("Tried a refund again"), (_AMOUNT, _WAY)),
    "refund.withdrawn": (_("Withdrew a refund"), (_AMOUNT, _WAY, _WHY)),
    "refund.setting_changed": (_("Changed the settings of refunds"), ()),
    "transfer.batch_made": (_("Made a batch of transfers"), (_BATCH, ("line_count", _("Lines"), _plain), _YEN)),
    "transfer.batch_approved": (_("Approved a batch of transfers"), (_BATCH, _YEN)),
    "transfer.file_taken": (_("Took the file of transfers for the bank"), (_BATCH,)),
    "transfer.reply_taken": (_("Brought the bank’s answer to a batch of transfers"), (_BATCH,)),
    "transfer.reply_applied": (
        _("Took over the bank’s answer to a batch of transfers"),
        (
            _BATCH,
            ("done_count", pgettext_lazy("transfer", "Transferred"), _plain),
            ("failed_count", _("Failed"), _plain),
        ),
    ),
    "transfer.batch_closed": (
        _("All transfers of a batch are marked"),
        (_BATCH, ("failed_count", _("Failed"), _plain)),
    ),
    "transfer.batch_dissolved": (_("Dissolved a batch of transfers"), (_BATCH,)),
}
