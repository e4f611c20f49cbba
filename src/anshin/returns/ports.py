"""Sockets of the returns room: whoever prints what a customer puts into the box plugs in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from anshin.commerce.terms import Recipient
from anshin.delivery.ports import Consignment
from anshin.plumbing.sockets import Socket
from anshin.returns.terms import BarCode, LabelPaper, Payer


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One position that comes back."""

    name: str
    quantity: int
    variant: str = ""


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """What a return label says.

    Shapes: `number` as people say it (R-0312); `return_to` is the shop's place for returns, `sender` the customer;
    `language` is the customer's (ja, en, zh-Hans, zh-Hant, ko; any other prints Japanese). Units: `fee_yen` whole yen,
    tax included, taken off the refund; 0 prints nothing. `send_by`: last day, None when there is none.
    """

    number: str
    order_number: str
    return_to: Recipient
    sender: Recipient
    lines: tuple[LabelLine, ...]
    payer: Payer
    language: str = "ja"
    fee_yen: int = 0
    send_by: date | None = None
    bar_code: BarCode = BarCode.CODE128

    def consignment(self) -> Consignment:
        """The same parcel for `delivery.slip_files`: at the shop’s cost the shop pays on receipt (着払い)."""
        return Consignment(
            number=self.number,
            sender=self.sender,
            receiver=self.return_to,
            goods=tuple(" ".join(part for part in (line.name, line.variant) if part) for line in self.lines),
            is_collect=self.payer == Payer.SHOP,
            remark=self.order_number,
        )


class Labels(Protocol):
    """Prints return labels. Pure: the same facts give the same bytes, on any machine and in any order."""

    def pdf(self, labels: Sequence[LabelFacts], *, paper: LabelPaper) -> bytes:
        """One PDF, a page a label in the order given, or a page for four. Raises ValueError without labels.

        The QR code and a Code 128 bar code read as `number`. NW-7 has no letters but A to D, so it reads as the digits
        of `number` between two A (A0312A).
        """

    def code_picture(self, number: str) -> str:
        """The QR code alone, an `<svg>` element to be shown on a telephone."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of what was taken back; what is taken off is negative. `tax_rate` None: shared over the rates."""

    label: str
    quantity: int
    amount_yen: int
    tax_rate: int | None


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What a return invoice says. `sums`: (tax rate, yen with tax, tax within). Units: whole yen.

    `paid_yen` is what went back, which differs by the postage of the return. No name of the customer, which the law
    does not ask for: so it can be kept when customers are erased.
    """

    number: str
    issuer_name: str
    registration_number: str
    return_number: str
    order_number: str
    returned_on: date
    sold_on: date
    lines: tuple[InvoiceLine, ...]
    sums: tuple[tuple[int, int, int], ...]
    paid_yen: int


class ReturnInvoices(Protocol):
    """Prints return invoices (適格返還請求書), in Japanese. Pure: the same facts give the same bytes."""

    def pdf(self, facts: InvoiceFacts) -> bytes:
        """One PDF on A4."""


return_invoices: Socket[ReturnInvoices] = Socket("returns.return_invoices")
labels: Socket[Labels] = Socket("returns.labels")
