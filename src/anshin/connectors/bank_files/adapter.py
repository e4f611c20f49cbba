"""Fills the socket commerce.transfer_files with files that Japan's banks take for 総合振込, and reads their answers."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from anshin.commerce.ports import BankReply, Debtor, Transfer, TransferFileRefused
from anshin.commerce.terms import ReplyColumn, ReplyScope
from anshin.connectors.bank_files import records, replies

_LINE_END = b"\r\n"


class ZenginFiles:
    """See ports.TransferFiles."""

    def write(self, debtor: Debtor, transfers: Sequence[Transfer], *, transfer_on: date, has_line_ends: bool) -> bytes:
        """See ports.TransferFiles."""
        if not transfers or len(transfers) > records.MOST_LINES:
            raise TransferFileRefused(_("A file holds between 1 and 999,999 transfers."))
        lines = [_debtor(debtor, transfer_on), *map(_data, transfers)]
        lines.append(records.trailer([each.amount_yen for each in transfers]))
        lines.append(records.end())
        separator = _LINE_END if has_line_ends else b""
        return b"".join(line + separator for line in lines)

    def read_reply(self, content: bytes, *, scope: ReplyScope, columns: Sequence[ReplyColumn | None] = ()) -> BankReply:
        """See ports.TransferFiles."""
        return replies.read(content, scope=scope, columns=columns)

    def same_transfers(self, content: bytes, other: bytes) -> bool:
        """See ports.TransferFiles."""
        return replies.bare(content) == replies.bare(other)


def _debtor(debtor: Debtor, transfer_on: date) -> bytes:
    try:
        return records.header(debtor, transfer_on)
    except records.UnfitForRecord as error:
        raise TransferFileRefused(
            _("The shop’s own account is not complete (%(field)s). Correct it in the settings under Refunds.")
            % {"field": error}
        ) from error


def _data(transfer: Transfer) -> bytes:
    try:
        return records.data(transfer)
    except records.UnfitForRecord as error:
        raise TransferFileRefused(
            _(
                "Line %(line)s cannot be written for the bank (%(field)s). "
                "Dissolve the batch and ask the customer for the account again."
            )
            % {"line": transfer.line, "field": error}
        ) from error
