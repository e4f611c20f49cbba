"""What every known format says of itself, and the pieces that several of them share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from anshin.commerce.terms import (
    IncomingLines,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    OrderField,
    SalesChannel,
)
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import BadCell, Row
from anshin.connectors.csv_files.headings import heading_key

Read = Callable[[Sequence[Row], ZoneInfo], IncomingOrder | IncomingLines]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. It is meant when every heading of `signs` and one of `one_of` (if any) is there.

    `read` makes one order of all rows with the same number, which stands in one of the columns `number`.
    `columns` tells what the most telling columns mean, for showing.
    """

    key: str
    name: str | Promise
    channel: SalesChannel
    number: tuple[str, ...]
    signs: tuple[str, ...]
    columns: Mapping[str, OrderField]
    read: Read
    one_of: tuple[str, ...] = ()

    def fits(self, places: Mapping[str, int]) -> bool:
        """Whether a file with these headings is of this kind."""
        has_signs = all(heading_key(sign) in places for sign in self.signs)
        has_number = any(heading_key(name) in places for name in self.number)
        has_one = not self.one_of or any(heading_key(sign) in places for sign in self.one_of)
        return has_signs and has_number and has_one


def ordered_at(row: Row, *headings: str, zone: ZoneInfo) -> datetime:
    """When the order was placed. Raises BadCell when that is missing."""
    found = row.moment(*headings, zone=zone)
    if found is None:
        raise BadCell(_("The day of the order is missing (column “%(heading)s”).") % {"heading": headings[0]})
    return found


def payment(
    name: str, *, amount_yen: int | None = None, paid_at: datetime | None = None, due_on: date | None = None
) -> tuple[IncomingPayment, ...]:
    """The one payment of an order, none when its name is empty."""
    method = words.payment_method(name)
    return (IncomingPayment(method, amount_yen, due_on, paid_at),) if method else ()


def shipment(
    carrier: str, tracking_number: str, shipped_at: datetime | None, delivered_at: datetime | None = None
) -> tuple[IncomingShipment, ...]:
    """The one parcel of an order, none before there is a number or a day of shipping."""
    if not tracking_number and shipped_at is None:
        return ()
    return (IncomingShipment(words.carrier(carrier), tracking_number, shipped_at, delivered_at),)


def sum_of(row: Row, *headings: str) -> int:
    """The sum of the amounts in these columns, without their signs, missing ones as 0."""
    return sum(abs(row.yen(heading) or 0) for heading in headings)


def wished_on(row: Row, *headings: str) -> date | None:
    """The wished day of delivery, None when the words name none."""
    return cells.wished_day(row.text(*headings))
