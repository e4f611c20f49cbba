"""Taking a wrong ledger back: its rows count no more. Its file stays, so that it can be read in again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.insights import events
from anshin.insights.actions.reading import read_ledger
from anshin.insights.models import Consultation, LedgerFile, LedgerGap
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class LedgerRefused(Refused):
    """This cannot be done with this ledger."""


@transaction.atomic
def take_back_ledger(*, by: Membership, ledger_id: int, now: datetime) -> list[LedgerFile]:
    """Its rows and gaps go. Asked twice: done once.

    Gives the ledgers read after it that held rows counted already: some of these may have been this ledger's, and
    count again only when those files are taken back and read again. Raises NotAllowed, LedgerRefused.
    """
    require(by, Permission.IMPORT)
    rows = LedgerFile.objects.filter(shop_id=by.shop_id)
    found = rows.select_for_update().filter(pk=ledger_id).first()
    if found is None or found.refusal:
        raise LedgerRefused(_("There is no ledger that was read and could be taken back."))
    if found.taken_back_at:
        return []
    gone = Consultation.objects.filter(ledger=found).delete()[0]
    LedgerGap.objects.filter(ledger=found).delete()
    found.taken_back_by, found.taken_back_at = by, now
    found.save(update_fields=["taken_back_by", "taken_back_at"])
    fact = events.LedgerTakenBack(file_id=found.pk, rows=gone)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    if not gone:
        return []
    return list(rows.filter(pk__gt=found.pk, known_count__gt=0, taken_back_at__isnull=True).order_by("pk"))


def read_ledger_again(*, by: Membership, ledger_id: int, now: datetime) -> LedgerFile:
    """A ledger that was taken back, read in from the file that was kept, as a ledger of its own. Raises NotAllowed,
    LedgerRefused, StorageTrouble, BlobDamaged."""
    require(by, Permission.IMPORT)
    found = LedgerFile.objects.filter(shop_id=by.shop_id, pk=ledger_id).select_related("file").first()
    if found is None or found.taken_back_at is None or found.file is None:
        raise LedgerRefused(_("Only a ledger that was taken back can be read again."))
    return read_ledger(by=by, content=read_bytes(found.file), file_name=found.file_name, now=now)
