"""Facts of the commerce room for the journal."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class OrderTakenIn(Event):
    name: ClassVar[str] = "order.taken_in"
    number: str
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    name: ClassVar[str] = "order.changed"
    number: str
    order_id: int
    what: str  # names of the columns and parts that changed, comma between


@dataclass(frozen=True, slots=True)
class OrdersImported(Event):
    name: ClassVar[str] = "order.file_imported"
    import_id: int
    orders_new: int
    orders_changed: int
    rows_refused: int


@dataclass(frozen=True, slots=True)
class StockTold(Event):
    """A list of stock was taken in."""

    name: ClassVar[str] = "stock.told"
    products_changed: int
    products_same: int
    rows_refused: int


@dataclass(frozen=True, slots=True)
class CustomerTagged(Event):
    """The shop's own words for a customer changed; names with commas between."""

    name: ClassVar[str] = "customer.tagged"
    customer_id: int
    added: str
    removed: str


@dataclass(frozen=True, slots=True)
class AddressBounced(Event):
    """Mail to an address of a customer came back."""

    name: ClassVar[str] = "customer.address_bounced"
    customer_id: int
    contact_id: int
    kind: str
    former: str
    reach: str


@dataclass(frozen=True, slots=True)
class AddressCleared(Event):
    """An address counts as reachable again."""

    name: ClassVar[str] = "customer.address_cleared"
    customer_id: int
    contact_id: int
    former: str
    why: str


@dataclass(frozen=True, slots=True)
class AddressMarkedAgain(Event):
    """A person took back that an address is reachable."""

    name: ClassVar[str] = "customer.address_marked_again"
    customer_id: int
    contact_id: int
    reach: str


@dataclass(frozen=True, slots=True)
class RefundAsked(Event):
    """Money shall go back; `is_waiting` until a second person has agreed."""

    name: ClassVar[str] = "refund.asked"
    refund_id: int
    amount_yen: int
    way: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class RefundApproved(Event):
    name: ClassVar[str] = "refund.approved"
    refund_id: int
    amount_yen: int
    way: str


@dataclass(frozen=True, slots=True)
class RefundUnsure(Event):
    """The provider was asked, and nobody knows whether it paid."""

    name: ClassVar[str] = "refund.unsure"
    refund_id: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class RefundSettled(Event):
    """The money has left. `is_by_hand`: a person said so, with reference and proof."""

    name: ClassVar[str] = "refund.settled"
    refund_id: int
    amount_yen: int
    way: str
    reference: str
    is_by_hand: bool


@dataclass(frozen=True, slots=True)
class RefundFailed(Event):
    """The money did not go, or came back. `why` is a sentence of ours, the provider's, or a person's."""

    name: ClassVar[str] = "refund.failed"
    refund_id: int
    amount_yen: int
    way: str
    why: str


@dataclass(frozen=True, slots=True)
class RefundRetried(Event):
    name: ClassVar[str] = "refund.retried"
    refund_id: int
    amount_yen: int
    way: str


@dataclass(frozen=True, slots=True)
class RefundWithdrawn(Event):
    name: ClassVar[str] = "refund.withdrawn"
    refund_id: int
    amount_yen: int
    way: str
    why: str


@dataclass(frozen=True, slots=True)
class PaymentDisputed(Event):
    """A payment is disputed by its cardholder, or that dispute has moved on; `state` is one of DisputeState."""

    name: ClassVar[str] = "refund.disputed"
    dispute_id: int
    amount_yen: int
    state: str
    reference: str


@dataclass(frozen=True, slots=True)
class AccountGiven(Event):
    """A customer, or staff for them, said to which bank account money shall go."""

    name: ClassVar[str] = "customer.account_given"
    customer_id: int
    account_id: int
    refund_id: int | None


@dataclass(frozen=True, slots=True)
class AccountsPurged(Event):
    """Numbers and holders of bank accounts were forgotten, because they are not needed any more."""

    name: ClassVar[str] = "customer.accounts_purged"
    count: int


@dataclass(frozen=True, slots=True)
class BatchMade(Event):
    name: ClassVar[str] = "transfer.batch_made"
    batch_id: int
    number: int
    line_count: int
    yen: int


@dataclass(frozen=True, slots=True)
class BatchApproved(Event):
    name: ClassVar[str] = "transfer.batch_approved"
    batch_id: int
    number: int
    yen: int


@dataclass(frozen=True, slots=True)
class BatchFileTaken(Event):
    """Somebody downloaded the file for the bank."""

    name: ClassVar[str] = "transfer.file_taken"
    batch_id: int
    number: int


@dataclass(frozen=True, slots=True)
class BankReplyTaken(Event):
    """Somebody brought the bank's answer to a file; `state` says whether it can be taken over."""

    name: ClassVar[str] = "transfer.reply_taken"
    batch_id: int
    number: int
    reply_id: int
    state: str


@dataclass(frozen=True, slots=True)
class BankReplyApplied(Event):
    """The bank's answer was taken over into the lines."""

    name: ClassVar[str] = "transfer.reply_applied"
    batch_id: int
    number: int
    reply_id: int
    done_count: int
    failed_count: int


@dataclass(frozen=True, slots=True)
class BatchClosed(Event):
    """Every line is marked."""

    name: ClassVar[str] = "transfer.batch_closed"
    batch_id: int
    number: int
    failed_count: int


@dataclass(frozen=True, slots=True)
class BatchDissolved(Event):
    name: ClassVar[str] = "transfer.batch_dissolved"
    batch_id: int
    number: int


@dataclass(frozen=True, slots=True)
class RefundSettingChanged(Event):
    """`what`: names of the columns that changed, never their contents."""

    name: ClassVar[str] = "refund.setting_changed"
    what: str
