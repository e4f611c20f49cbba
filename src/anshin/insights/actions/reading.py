"""Reading a ledger of consultations: kept first, then each row taken in, known already, or explained."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anshin.insights import events
from anshin.insights.models import Consultation, LedgerFile, LedgerGap
from anshin.insights.ports import NotALedger, ledger_files
from anshin.insights.terms import LARGEST_FILE_BYTES, MOST_ROWS, Told, Untold
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Membership

_PORTION = 500


def read_ledger(*, by: Membership, content: bytes, file_name: str, now: datetime) -> LedgerFile:
    """The file kept, then read. The same bytes again give the ledger that was read of them, and change nothing.

    A file that cannot be read is kept with the reason in `refusal`. Raises NotAllowed, StorageTrouble.
    """
    require(by, Permission.IMPORT)
    name = harmless_name(file_name)[:200]
    blob = keep(by.shop_id, content[: LARGEST_FILE_BYTES + 1], now=now) if content else None
    opened = _opened(content)
    try:
        return _read(by, blob, name, opened, now)
    except IntegrityError:  # a colleague has just read the same: this time its rows are seen
        return _read(by, blob, name, opened, now)


@transaction.atomic
def _read(
    by: Membership, blob: Blob | None, name: str, opened: tuple[list[Told | Untold], str], now: datetime
) -> LedgerFile:
    before = _read_before(by, blob) if blob else None
    if before is not None:
        return before
    rows, refusal = opened
    found = LedgerFile.objects.create(
        shop_id=by.shop_id, file=blob, file_name=name, refusal=refusal[:400], read_by=by, read_at=now
    )
    if not refusal:
        _take_in(by, found, rows, now)
    return found


def _read_before(by: Membership, blob: Blob) -> LedgerFile | None:
    """The ledger that was read of the same bytes and not taken back."""
    return LedgerFile.objects.filter(shop_id=by.shop_id, file=blob, refusal="", taken_back_at__isnull=True).first()


def _opened(content: bytes) -> tuple[list[Told | Untold], str]:
    if len(content) > LARGEST_FILE_BYTES:
        words = _("The file is larger than %(most)s MB. Give out fewer years at a time.")
        return [], words % {"most": LARGEST_FILE_BYTES // 1024 // 1024}
    try:
        rows = list(ledger_files.get().rows(content))
    except NotALedger as error:
        return [], str(error)
    if len(rows) > MOST_ROWS:
        words = _("The file has more than %(most)s rows. Give out fewer years at a time.")
        return [], words % {"most": f"{MOST_ROWS:,}"}
    if not rows:
        return [], _("The file has headings, but no rows.")
    return rows, ""


def _take_in(by: Membership, found: LedgerFile, rows: list[Told | Untold], now: datetime) -> None:
    told = [each for each in rows if isinstance(each, Told)]
    gaps = [each for each in rows if isinstance(each, Untold)]
    known = _known(by, [each.reference for each in told if each.reference])
    fresh: list[Told] = []
    for each in told:
        same = known.get(each.reference) if each.reference else None
        if same is None:
            fresh.append(each)
            if each.reference:
                known[each.reference] = _facts(each)
        elif same == _facts(each):
            found.known_count += 1
        else:
            reason = _("The number %(number)s stands in the ledger already, with other facts.")
            gaps.append(Untold(each.row, reason % {"number": each.reference}, ""))
    Consultation.objects.bulk_create((_line(found, each) for each in fresh), batch_size=_PORTION)
    LedgerGap.objects.bulk_create((_gap(found, each) for each in gaps), batch_size=_PORTION)
    found.row_count, found.taken_count, found.refused_count = len(rows), len(fresh), len(gaps)
    found.save(update_fields=["row_count", "taken_count", "known_count", "refused_count"])
    fact = events.LedgerRead(file_id=found.pk, rows=len(rows), taken=len(fresh), refused=len(gaps))
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


def _known(by: Membership, references: list[str]) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for start in range(0, len(references), _PORTION):
        rows = Consultation.objects.filter(
            shop_id=by.shop_id, reference__in=references[start : start + _PORTION]
        ).values_list("reference", "received_on", "requester", "branch", "category", "count")
        found |= {reference: tuple(facts) for reference, *facts in rows}
    return found


def _facts(each: Told) -> tuple[object, ...]:
    return each.received_on, each.requester.value, each.branch.value, each.category, each.count


def _line(found: LedgerFile, each: Told) -> Consultation:
    return Consultation(
        shop_id=found.shop_id,
        ledger=found,
        reference=each.reference,
        received_on=each.received_on,
        requester=each.requester,
        branch=each.branch,
        category=each.category,
        count=each.count,
    )


def _gap(found: LedgerFile, each: Untold) -> LedgerGap:
    return LedgerGap(
        shop_id=found.shop_id, ledger=found, row=each.row, reason=each.reason[:300], cells=each.cells[:400]
    )
