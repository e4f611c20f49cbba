"""Orders of a file whose columns a clerk has named."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from anshin.commerce.ports import ColumnPlan
from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, OrderField, Recipient
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import Row
from anshin.connectors.csv_files.formats import shape

_SPACED = frozenset({OrderField.BUYER_NAME, OrderField.BUYER_KANA, OrderField.RECIPIENT_NAME, OrderField.VARIANT})
_DASHED = frozenset({OrderField.BUYER_PHONE, OrderField.RECIPIENT_PHONE, OrderField.RECIPIENT_POSTCODE})


class Named:
    """One row whose cells are found by their meaning; columns of the same meaning are joined."""

    def __init__(self, row: Row, headings: Mapping[OrderField, Sequence[str]]) -> None:
        self._row, self._headings = row, headings

    def text(self, meaning: OrderField) -> str:
        """What stands in the columns of this meaning."""
        by = " " if meaning in _SPACED else "-" if meaning in _DASHED else ""
        return self._row.joined(*self._headings.get(meaning, ()), by=by)

    def yen(self, meaning: OrderField) -> int | None:
        """Whole yen, None when there is no such column or nothing in it. Raises BadCell."""
        headings = self._headings.get(meaning)
        return self._row.yen(*headings) if headings else None

    def pieces(self, meaning: OrderField) -> int | None:
        """A number of pieces, None when there is no such column or nothing in it. Raises BadCell."""
        headings = self._headings.get(meaning)
        return self._row.pieces(*headings) if headings else None

    def moment(self, meaning: OrderField, zone: ZoneInfo) -> datetime | None:
        """A moment, None when there is no such column or nothing in it. Raises BadCell."""
        headings = self._headings.get(meaning)
        return self._row.moment(*headings, zone=zone) if headings else None

    def ordered_at(self, zone: ZoneInfo) -> datetime:
        """When the order was placed; day and time may stand in two columns. Raises BadCell when it is missing."""
        headings = self._headings.get(OrderField.ORDERED_AT, [OrderField.ORDERED_AT.label])
        if len(headings) > 1:
            both = self._row.joined(*headings, by=" ")
            found = cells.moment(both, zone=zone) if both else None
            if found:
                return found
        return shape.ordered_at(self._row, *map(str, headings), zone=zone)


def columns_of(plan: ColumnPlan, headings: Sequence[str]) -> dict[OrderField, list[str]]:
    """The headings of the columns of each meaning, in the file's order."""
    found: dict[OrderField, list[str]] = {}
    for heading, meaning in zip(headings, plan.fields, strict=False):
        if meaning is not None:
            found.setdefault(meaning, []).append(heading)
    return found


def read_order(rows: Sequence[Named], plan: ColumnPlan, zone: ZoneInfo) -> IncomingOrder:
    """One order of all rows with the same number; what is told once per order may stand in any of them.

    Raises BadCell.
    """
    first = rows[0]
    return IncomingOrder(
        channel=plan.channel,
        number=cells.order_number(first.text(OrderField.NUMBER)),
        ordered_at=first.ordered_at(zone),
        buyer=Buyer(
            name=first.text(OrderField.BUYER_NAME),
            kana=first.text(OrderField.BUYER_KANA),
            mail=first.text(OrderField.BUYER_MAIL),
            phone=first.text(OrderField.BUYER_PHONE),
        ),
        recipient=Recipient(
            name=first.text(OrderField.RECIPIENT_NAME),
            postcode=cells.postcode(first.text(OrderField.RECIPIENT_POSTCODE)),
            lines=first.text(OrderField.RECIPIENT_ADDRESS),
            phone=first.text(OrderField.RECIPIENT_PHONE),
        ),
        lines=tuple(_line(row) for row in rows if row.text(OrderField.PRODUCT)),
        shipping_yen=_once(rows, OrderField.SHIPPING) or 0,
        fee_yen=_once(rows, OrderField.FEE) or 0,
        discount_yen=abs(_once(rows, OrderField.DISCOUNT) or 0),
        total_yen=_once(rows, OrderField.TOTAL),
        payments=shape.payment(
            first.text(OrderField.PAYMENT),
            paid_at=first.moment(OrderField.PAID_AT, zone),
            due_on=cells.wished_day(first.text(OrderField.DUE_ON)),
        ),
        shipments=shape.shipment(
            first.text(OrderField.CARRIER),
            first.text(OrderField.TRACKING),
            first.moment(OrderField.SHIPPED_AT, zone),
            first.moment(OrderField.DELIVERED_AT, zone),
        ),
        is_cancelled=words.says_cancelled(first.text(OrderField.STATUS)),
        wished_on=cells.wished_day(first.text(OrderField.WISHED_ON)),
        remark=first.text(OrderField.REMARK),
    )


def _line(row: Named) -> IncomingLine:
    return IncomingLine(
        name=row.text(OrderField.PRODUCT),
        quantity=row.pieces(OrderField.QUANTITY) or 1,
        unit_price_yen=row.yen(OrderField.UNIT_PRICE),
        sku=row.text(OrderField.SKU),
        variant=row.text(OrderField.VARIANT),
    )


def _once(rows: Sequence[Named], meaning: OrderField) -> int | None:
    return next((amount for row in rows if (amount := row.yen(meaning)) is not None), None)
