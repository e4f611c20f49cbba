"""Sockets of the delivery room: whoever prints papers, knows what carriers’ programs read, or reads packing records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from anshin.commerce.terms import Carrier, Recipient
from anshin.delivery.terms import PackingField
from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One position of an order. Units: whole yen, tax included; `amount_yen` is price times quantity."""

    name: str
    variant: str
    sku: str
    quantity: int
    unit_price_yen: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class SnapshotPayment:
    """One way in which the order is paid. `account_hint` is masked already (•••• 2206), "" when not known."""

    method: str
    amount_yen: int
    account_hint: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotParcel:
    """One parcel. `tracking_number` "" when not told."""

    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """An order as it stood at one moment, to be shown to whoever placed it.

    Names, address and phone are masked already (柏木 由••): print them as they are. `channel` and the methods are words
    in `language` (ja, en, zh-Hans, zh-Hant, ko), not codes. `taken_at` and all moments are aware; show them in
    `zone`, an IANA name. `digest`: SHA-256 of the facts, the first 12 digits are printed as their mark.
    """

    shop_name: str
    number: str
    channel: str
    ordered_at: datetime
    cancelled_at: datetime | None
    buyer_name: str
    recipient_name: str
    recipient_postcode: str
    recipient_address: str
    recipient_phone: str
    lines: tuple[SnapshotLine, ...]
    shipping_yen: int
    fee_yen: int
    discount_yen: int
    total_yen: int
    payments: tuple[SnapshotPayment, ...]
    parcels: tuple[SnapshotParcel, ...]
    taken_at: datetime
    digest: str
    language: str = "ja"
    zone: str = "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class SlipLine:
    """What goes into the parcel."""

    name: str
    variant: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PackingSlip:
    """The list that lies in a re-sent parcel, and from which it is packed.

    `number` is what a scanner reads (D-0012-1). `inserts` are the things that go in beside the goods, as the
    warehouse calls them (お詫びのお手紙), in packing order; `letter` the text of the letter of apology, "" for none.
    """

    shop_name: str
    number: str
    order_number: str
    recipient_name: str
    recipient_postcode: str
    recipient_address: str
    recipient_phone: str
    lines: tuple[SlipLine, ...]
    inserts: tuple[str, ...]
    letter: str
    made_at: datetime
    language: str = "ja"
    zone: str = "Asia/Tokyo"


class PapersFailed(Exception):
    """The paper could not be made; `str(error)` says why in words for a clerk."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(words)


class Papers(Protocol):
    """Makes papers. Pure: the same values give the same page."""

    def snapshot_pdf(self, snapshot: OrderSnapshot) -> bytes:
        """The order on A4. Raises PapersFailed."""
        ...

    def snapshot_picture(self, snapshot: OrderSnapshot) -> bytes:
        """The same page as a PNG, readable on a phone. Raises PapersFailed."""
        ...

    def packing_slip(self, slip: PackingSlip) -> bytes:
        """The slip as PDF on A4, the letter of apology on a page of its own. Raises PapersFailed."""
        ...


papers: Socket[Papers] = Socket("delivery.papers")


@dataclass(frozen=True, slots=True)
class Consignment:
    """One parcel for which the carrier’s own program is to print a slip.

    Shapes: `number` is what the program gives back beside its tracking number (R-0312, D-0012-1), at most 15 letters,
    digits and hyphens; `goods` says what is in it, one name each. `is_collect`: the receiver pays (着払い), which is
    how a customer sends back at the shop’s cost; the receiver is the shop then.
    """

    number: str
    sender: Recipient
    receiver: Recipient
    goods: tuple[str, ...]
    is_collect: bool = False
    wished_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SlipAccount:
    """What the carrier’s contract with the shop gave; "" leaves the column to the carrier’s program.

    `customer_code`: ご請求先顧客コード (Yamato), お客様コード (Sagawa); `freight_number`: 運賃管理番号 (Yamato);
    `slip_kind`: 送り状種別 (Japan Post).
    """

    customer_code: str = ""
    freight_number: str = ""
    slip_kind: str = ""


@dataclass(frozen=True, slots=True)
class SlipFormat:
    """A file that a carrier’s program takes in: B2クラウド, e飛伝Ⅲ, ゆうプリR.

    `hint`: what has to be set once in that program before it takes the file, in the language of the moment.
    """

    code: str
    name: str
    carrier: Carrier
    hint: str


@dataclass(frozen=True, slots=True)
class SlipWarning:
    """What a person should look at in the carrier’s program: of which parcel, in which column, in words.

    `is_blocking`: with this the parcel would not arrive, or the program would refuse the row, so it has to be mended
    first: no phone number, an address that does not fit. `side` tells whose: RECEIVER, SENDER, or "" for neither.
    """

    number: str
    column: str
    words: str
    is_blocking: bool = False
    side: str = ""


RECEIVER, SENDER = "receiver", "sender"


@dataclass(frozen=True, slots=True)
class SlipFile:
    """The finished file and everything in it that is not as it was told."""

    name: str
    content: bytes = field(repr=False)
    media_type: str
    warnings: tuple[SlipWarning, ...]


class SlipFiles(Protocol):
    """Writes files for the carriers’ programs. Pure: the same parcels give the same bytes."""

    def formats(self) -> tuple[SlipFormat, ...]:
        """Every format there is, in the order in which they are offered."""
        ...

    def write(self, code: str, consignments: Sequence[Consignment], *, ship_on: date, account: SlipAccount) -> SlipFile:
        """All parcels in one file, a row each, in their order. Raises KeyError for a format that there is not.

        Nothing is lost in silence: what is cut, replaced, missing or not certain is in `warnings`, in the language of
        the moment.
        """
        ...


slip_files: Socket[SlipFiles] = Socket("delivery.slip_files")


class NotAPackingFile(Exception):
    """The file cannot be read as a table; `str(error)` says why and what to do."""

    permanent = True


@dataclass(frozen=True, slots=True)
class OpenedPackingFile:
    """A file as a table. `fields` is what its columns seem to mean by their headings, None where nothing fits.

    `preview` holds its first rows, at most ten; `row_count` counts rows below the heading that are not empty;
    `header_key` is the same for every file with the same headings in the same order.
    """

    content: bytes = field(repr=False)
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    row_count: int
    header_key: str
    fields: tuple[PackingField | None, ...]


@dataclass(frozen=True, slots=True)
class PackedRow:
    """One row as it stands in the file. `number` is what a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackedItem:
    """What one file says of one product in one order, its rows put together. Units: grams, of the whole parcel."""

    rows: tuple[PackedRow, ...]
    sku: str
    name: str
    quantity: int
    packed_at: datetime
    packed_by: str = ""
    weight_g: int | None = None
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackedOrder:
    """All rows of one order: what was packed, and rows that cannot be read with the reason in words."""

    number: str
    items: tuple[PackedItem, ...]
    refused: tuple[tuple[PackedRow, str], ...] = ()

    @property
    def row_count(self) -> int:
        """Rows of the file that belong to it."""
        return sum(len(item.rows) for item in self.items) + len(self.refused)


class PackingFiles(Protocol):
    """Reads files of packing records. Pure: the same bytes give the same answers in the same order."""

    def open(self, content: bytes) -> OpenedPackingFile:
        """The file as a table. Raises NotAPackingFile."""

    def orders(self, content: bytes, fields: Sequence[PackingField | None], *, zone: ZoneInfo) -> Iterator[PackedOrder]:
        """Every row of the file exactly once, put together by order; `zone` is where moments are meant.

        Raises NotAPackingFile.
        """

    def refused_file(self, opened: OpenedPackingFile, refused: Iterable[tuple[PackedRow, str]]) -> bytes:
        """A file like the opened one, in its encoding, with these rows and a last column for the reasons."""


packing_files: Socket[PackingFiles] = Socket("delivery.packing_files")
