"""Sockets of the commerce room: whoever reads order files, pays back, or writes files for banks plugs in here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from anshin.commerce.terms import (
    AccountKind,
    DisputeState,
    IncomingLines,
    IncomingOrder,
    LineState,
    NoticeKind,
    OrderField,
    PaymentProvider,
    ReplyColumn,
    ReplyScope,
    SalesChannel,
)
from anshin.plumbing.sockets import Socket


class NotAnOrderFile(Exception):
    """The file cannot be read as orders; `str(error)` says why and what to do, for the person who brought it."""

    permanent = True


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How to read a file that no format describes: the meaning of each column in order, None for an unused one."""

    channel: SalesChannel
    fields: tuple[OrderField | None, ...]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that can be read as a table. `plan` is what its columns mean, or seem to mean when `format` is empty.

    `preview` holds its first rows, at most ten; `row_count` counts rows below the heading that are not empty;
    `header_key` is the same for every file with the same headings in the same order.
    """

    content: bytes = field(repr=False)
    format: str
    format_name: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    row_count: int
    header_key: str
    plan: ColumnPlan


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as it stands in the file. `number` is what a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderInFile:
    """An order with the rows that tell it."""

    rows: tuple[FileRow, ...]
    told: IncomingOrder | IncomingLines


@dataclass(frozen=True, slots=True)
class RowsRefused:
    """Rows that cannot be an order, with the reason in words for a clerk."""

    rows: tuple[FileRow, ...]
    reason: str


class OrderFiles(Protocol):
    """Reads order files of selling systems. Pure: the same bytes give the same answers in the same order."""

    def open(self, content: bytes, file_name: str) -> OpenedFile:
        """The file as a table. Raises NotAnOrderFile."""

    def orders(
        self, opened: OpenedFile, plan: ColumnPlan | None, *, zone: ZoneInfo
    ) -> Iterator[OrderInFile | RowsRefused]:
        """Every row of the file exactly once, put together by order; `plan` overrules the recognised format.

        `zone` is where moments without an offset are meant.
        """

    def refused_file(self, opened: OpenedFile, refused: Iterable[tuple[FileRow, str]]) -> bytes:
        """A file like the opened one, in its encoding, with these rows and a last column for the reasons."""


order_files: Socket[OrderFiles] = Socket("commerce.order_files")


@dataclass(frozen=True, slots=True)
class IncomingStock:
    """One row of a list of stock. `name` and `variant` "" and `next_on` None where the list does not tell."""

    row: FileRow
    sku: str
    name: str
    variant: str
    quantity: int
    next_on: date | None


class StockFiles(Protocol):
    """Reads lists of stock. Pure: the same bytes give the same rows in the same order."""

    def rows(self, content: bytes) -> Iterator[IncomingStock | RowsRefused]:
        """Each row once, as read or with the reason why not. Raises NotAnOrderFile."""


stock_files: Socket[StockFiles] = Socket("commerce.stock_files")


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """With whom the shop takes payments, and the key with which that provider is asked."""

    provider: PaymentProvider
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefundQuestion:
    """What a provider is asked to pay back. Units: whole yen.

    `charge` is the provider's id of the payment. `key` stays the same however often the question is asked;
    `is_again` says that it may have been asked before.
    """

    charge: str
    amount_yen: int
    key: str
    is_again: bool


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider made of it: its number of the refund, its words, and whether that is its last word."""

    reference: str
    words: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class ProviderNotice:
    """What a provider's notice is about: its number of the refund or dispute, and a refund's key, with which we asked.

    What it says of the state is left out: notices come late, twice and in any order, so the provider is asked.
    """

    kind: NoticeKind
    reference: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ProviderDispute:
    """A dispute as it stands at the provider. Units: whole yen. `charges`: its numbers of the payment, any may be known
    here; `respond_by`: until when the shop may answer."""

    reference: str
    charges: tuple[str, ...]
    amount_yen: int
    state: DisputeState
    reason: str
    respond_by: datetime | None


class PaymentTrouble(Exception):
    """The money did not go, as far as is known; `str(error)` is a sentence for staff."""

    permanent = False


class Declined(PaymentTrouble):
    """The provider will not pay this back."""

    permanent = True


class TooLate(PaymentTrouble):
    """The payment is too old to be taken back, or of a sort that never can be; a transfer is the way."""

    permanent = True


class NotYet(PaymentTrouble):
    """Nothing was paid; later, or with another key, it may work."""


class Unsure(PaymentTrouble):
    """The provider was asked and nobody knows what it did. Asking again with the same key pays at most once."""


class Payments(Protocol):
    """Pays back to cards and the like, through whoever took the payment."""

    def refund(self, account: ProviderAccount, question: RefundQuestion) -> ProviderAnswer:
        """Pay back, at most once for a key however often and however late it is asked.

        Raises Declined, TooLate, NotYet, Unsure.
        """

    def look(self, account: ProviderAccount, reference: str) -> ProviderAnswer:
        """What has become of a refund, be it long ago. Raises Declined when it failed since; NotYet."""

    def notice(self, account: ProviderAccount, body: bytes) -> ProviderNotice:
        """What a proved notice is about; OTHER for what nobody understands. Asks nobody."""

    def dispute(self, account: ProviderAccount, reference: str) -> ProviderDispute:
        """A dispute as it stands now. Raises NotYet."""


payments: Socket[Payments] = Socket("commerce.payments")


@dataclass(frozen=True, slots=True)
class Debtor:
    """The account from which a shop transfers. Names in kana of any width; `client_code` is the 委託者コード."""

    client_code: str
    client_name: str
    bank_code: str
    bank_kana: str
    branch_code: str
    branch_kana: str
    kind: AccountKind
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer of a file. `line` is its number in the batch; units: whole yen."""

    line: int
    bank_code: str
    bank_kana: str
    branch_code: str
    branch_kana: str
    kind: AccountKind
    number: str = field(repr=False)
    holder: str = field(repr=False)
    amount_yen: int


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One transfer in a bank's answer. `row` counts records or rows of the file from 1.

    What the file does not say is None or "". `outcome` None: it cannot be read whether it was transferred.
    """

    row: int
    line: int | None
    amount_yen: int | None
    bank_code: str
    branch_code: str
    number: str = field(repr=False)
    outcome: LineState | None
    words: str


@dataclass(frozen=True, slots=True)
class BankReply:
    """A bank's answer as it was read.

    Shapes: `month_day` MMDD and `client_code` 10 digits, both "" in a CSV; `headings`, `columns` and `samples` (its
    first rows) only in a CSV; `needs_columns`: somebody has to say what they mean before there are lines.
    """

    lines: tuple[ReplyLine, ...]
    month_day: str = ""
    client_code: str = ""
    headings: tuple[str, ...] = ()
    columns: tuple[ReplyColumn | None, ...] = ()
    samples: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    needs_columns: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it came as CSV, which may hold transfers of other batches, too."""
        return bool(self.headings)


class TransferFileRefused(Exception):
    """The file cannot be written or read; `str(error)` names line and field, never their contents."""

    permanent = True


class TransferFiles(Protocol):
    """Writes the files with which a shop has its bank make transfers. Pure: the same in, the same bytes out."""

    def write(self, debtor: Debtor, transfers: Sequence[Transfer], *, transfer_on: date, has_line_ends: bool) -> bytes:
        """The file. Raises TransferFileRefused."""

    def read_reply(self, content: bytes, *, scope: ReplyScope, columns: Sequence[ReplyColumn | None] = ()) -> BankReply:
        """The bank's answer to a file: records of the same layout, or a CSV whose columns `columns` names.

        Raises TransferFileRefused for what is neither, or not whole.
        """

    def same_transfers(self, content: bytes, other: bytes) -> bool:
        """Whether both are the same file but for ends of lines."""


transfer_files: Socket[TransferFiles] = Socket("commerce.transfer_files")
