"""What a file would hold, looked at before it is written: which rows cannot be written, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anshin.delivery.ports import SlipAccount, SlipFile, SlipWarning, slip_files
from anshin.slips.models import CarrierAccount
from anshin.slips.queries.parcels import SlipParcel


@dataclass(frozen=True, slots=True)
class Checked:
    """Parcels that can be written, each with what to look at; parcels that cannot; what every row lacks."""

    ready: tuple[tuple[SlipParcel, tuple[SlipWarning, ...]], ...]
    blocked: tuple[tuple[SlipParcel, tuple[SlipWarning, ...]], ...]
    about_all: tuple[SlipWarning, ...]
    file: SlipFile


def check(account: CarrierAccount, parcels: Iterable[SlipParcel], *, ship_on: date) -> Checked:
    """The file of these parcels, without writing anything down. No query. Raises KeyError for an unknown format."""
    parcels = tuple(parcels)
    made = write(account, parcels, ship_on=ship_on)
    warned = {
        parcel.number: tuple(each for each in made.warnings if each.number == parcel.number) for parcel in parcels
    }
    is_blocked = {number for number, found in warned.items() if any(each.is_blocking for each in found)}
    return Checked(
        ready=tuple((each, warned[each.number]) for each in parcels if each.number not in is_blocked),
        blocked=tuple((each, warned[each.number]) for each in parcels if each.number in is_blocked),
        about_all=tuple(each for each in made.warnings if not each.number),
        file=made,
    )


def write(account: CarrierAccount, parcels: Iterable[SlipParcel], *, ship_on: date) -> SlipFile:
    """The file itself. Raises KeyError for an unknown format."""
    contract = SlipAccount(account.customer_code, account.freight_number, account.slip_kind)
    rows = [each.consignment(account) for each in parcels]
    return slip_files.get().write(account.format, rows, ship_on=ship_on, account=contract)
