"""Reading what a carrier's program gave out: each number lands at the parcel it belongs to, or is explained."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce.terms import Carrier
from anshin.delivery.actions import number_pick_up, number_reshipment
from anshin.plumbing.files.names import harmless_name
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record
from anshin.returns.actions import number_return
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission
from anshin.slips import events
from anshin.slips.models import NumberFile, NumberRow, SlipFileRow
from anshin.slips.ports import IssuedSlips, NotIssuedSlips, issued_files
from anshin.slips.queries.matching import judged
from anshin.slips.rules import Judged
from anshin.slips.terms import LARGEST_FILE_BYTES, MOST_ROWS, NumberOutcome, ParcelKey, SlipKind

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LANDS = (NumberOutcome.LANDED, NumberOutcome.CHANGED)


def read_numbers(*, by: Membership, content: bytes, file_name: str, now: datetime) -> NumberFile:
    """The file kept, then read: every row with what became of it. The same file again changes nothing.

    A file that cannot be read is kept with the reason in `refusal`. Raises NotAllowed, StorageTrouble.
    """
    require(by, Permission.WRITE_SLIPS)
    name = harmless_name(file_name)[:200]
    issued, refusal = _opened(content)
    with transaction.atomic():
        found = NumberFile.objects.create(
            shop=by.shop,
            file=keep(by.shop_id, content[: LARGEST_FILE_BYTES + 1], now=now) if content else None,
            file_name=name,
            refusal=refusal[:400],
            read_by=by,
            read_at=now,
        )
        if issued is not None:
            _take_in(by, found, issued, now)
    return found


def _opened(content: bytes) -> tuple[IssuedSlips | None, str]:
    if len(content) > LARGEST_FILE_BYTES:
        words = _("The file is larger than %(most)s MB. Give out fewer days at a time.")
        return None, words % {"most": LARGEST_FILE_BYTES // 1024 // 1024}
    try:
        issued = issued_files.get().read(content)
    except NotIssuedSlips as error:
        return None, str(error)
    if len(issued.rows) > MOST_ROWS:
        words = _("The file has more than %(most)s rows. Give out fewer days at a time.")
        return None, words % {"most": f"{MOST_ROWS:,}"}
    return issued, ""


def _take_in(by: Membership, found: NumberFile, issued: IssuedSlips, now: datetime) -> None:
    rows = judged(by.shop, issued)
    for each in rows:
        if each.key is not None and each.outcome in _LANDS:
            _land(by, each.key, issued.carrier, each.tracking_number, now)
    NumberRow.objects.bulk_create(_row(by, found, each) for each in rows)
    found.format_name, found.carrier, found.row_count = issued.name, issued.carrier, len(rows)
    found.landed_count = sum(each.outcome in _LANDS for each in rows)
    found.look_count = sum(each.outcome.needs_a_look for each in rows)
    found.save(update_fields=["format_name", "carrier", "row_count", "landed_count", "look_count"])
    fact = events.NumbersRead(
        file_id=found.pk, rows=found.row_count, landed=found.landed_count, to_look_at=found.look_count
    )
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


def _land(by: Membership, key: ParcelKey, carrier: Carrier, number: str, now: datetime) -> None:
    if key.kind == SlipKind.RESHIPMENT:
        number_reshipment(by=by, reshipment_id=key.id, carrier=carrier, tracking_number=number, now=now)
    elif key.kind == SlipKind.PICK_UP:
        number_pick_up(by=by, pick_up_id=key.id, carrier=carrier, tracking_number=number, now=now)
    else:
        number_return(by=by, return_id=key.id, carrier=carrier, tracking_number=number, now=now)
    rows = SlipFileRow.objects.filter(shop_id=by.shop_id, kind=key.kind, parcel_id=key.id)
    rows.update(tracking_number=number)


def _row(by: Membership, found: NumberFile, each: Judged) -> NumberRow:
    return NumberRow(
        shop_id=by.shop_id,
        number_file=found,
        row=each.row,
        number=each.number[:80],
        tracking_number=each.tracking_number[:40],
        outcome=each.outcome,
        other=each.other[:80],
        kind=each.key.kind if each.key else "",
    )
