"""Writing a file for a carrier's program, and handing it out: the same bytes each time, each time written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission
from anshin.slips import events
from anshin.slips.actions.refusals import (
    AccountRefused,
    FileGone,
    NothingChosen,
    ParcelGone,
    RowsBlocked,
    TooManyParcels,
    WrongDay,
)
from anshin.slips.models import CarrierAccount, SlipDownload, SlipFileRow, SlipFileWritten
from anshin.slips.queries.accounts import formats
from anshin.slips.queries.parcels import SlipParcel, parcels_of, still_waiting, written_in
from anshin.slips.queries.trial import Checked, check
from anshin.slips.terms import MOST_PARCELS

if TYPE_CHECKING:
    from anshin.shops.models import Membership
    from anshin.slips.terms import ParcelKey

_AHEAD: Final = timedelta(days=31)


@transaction.atomic
def write_file(
    *, by: Membership, account_id: int, chosen: Mapping[ParcelKey, int], ship_on: date, nonce: str, now: datetime
) -> SlipFileWritten:
    """The file of these parcels, kept; the same nonce again is the same file.

    `chosen`: each parcel with the id of the file in which the person saw it, 0 for none. One may be written again
    because its slip was spoilt, but not because a colleague wrote it a moment ago.
    Raises NotAllowed, NothingChosen, TooManyParcels, AccountRefused, WrongDay, ParcelGone, RowsBlocked.
    """
    require(by, Permission.WRITE_SLIPS)
    known = SlipFileWritten.objects.filter(shop_id=by.shop_id, nonce=nonce).first()
    if known is not None:
        return known
    accounts = CarrierAccount.objects.select_for_update().filter(shop_id=by.shop_id, retired_at=None)
    account = accounts.filter(pk=account_id).first()
    if account is None:
        raise AccountRefused(_("Choose the contract with the carrier. The owner writes it down in the settings."))
    parcels = _chosen(by, chosen)
    _refuse_day(by, ship_on, now)
    checked = check(account, parcels, ship_on=ship_on)
    if checked.blocked:
        raise RowsBlocked(tuple(parcel.number for parcel, _warnings in checked.blocked))
    return _kept(by, account, checked, ship_on=ship_on, nonce=nonce, now=now)


@transaction.atomic
def take_file(*, by: Membership, file_id: int, now: datetime) -> tuple[SlipFileWritten, bytes]:
    """The file and its bytes, as often as somebody asks; who took it is written down. Raises NotAllowed, FileGone,
    BlobDamaged."""
    require(by, Permission.WRITE_SLIPS)
    found = SlipFileWritten.objects.select_related("file").filter(shop_id=by.shop_id, pk=file_id).first()
    if found is None or found.file is None:
        raise FileGone
    content = read_bytes(found.file)
    SlipDownload.objects.create(shop_id=by.shop_id, written=found, by=by, by_name=str(by.person), at=now)
    fact = events.FileDownloaded(file_id=found.pk, parcels=found.rows.count())
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return found, content


def _chosen(by: Membership, chosen: Mapping[ParcelKey, int]) -> list[SlipParcel]:
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST_PARCELS:
        raise TooManyParcels
    if not still_waiting(by.shop, chosen) or written_in(by.shop, chosen) != dict(chosen):
        raise ParcelGone
    return parcels_of(by.shop, chosen)


def _refuse_day(by: Membership, ship_on: date, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(by.shop.zone)).date()
    if not today <= ship_on <= today + _AHEAD:
        raise WrongDay


def _kept(
    by: Membership, account: CarrierAccount, checked: Checked, *, ship_on: date, nonce: str, now: datetime
) -> SlipFileWritten:
    made, program = checked.file, formats()[account.format]
    written = SlipFileWritten.objects.create(
        shop_id=by.shop_id,
        account=account,
        nonce=nonce[:40],
        format_name=program.name,
        carrier=program.carrier,
        ship_on=ship_on,
        file=keep(by.shop_id, made.content, now=now),
        file_name=made.name,
        media_type=made.media_type,
        warnings=[[each.number, each.column, each.words] for each in made.warnings],
        made_by=by,
        made_at=now,
    )
    parcels = [parcel for parcel, _warnings in checked.ready]
    SlipFileRow.objects.bulk_create(_row(written, parcel) for parcel in parcels)
    fact = events.FileWritten(file_id=written.pk, format=account.format, parcels=len(parcels))
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return written


def _row(written: SlipFileWritten, parcel: SlipParcel) -> SlipFileRow:
    return SlipFileRow(
        shop_id=written.shop_id,
        written=written,
        kind=parcel.key.kind,
        parcel_id=parcel.key.id,
        number=parcel.number,
        case_id=parcel.case_id,
    )
