"""The shapes of the demo story: plain frozen values for whoever fills a room's tables from it.

Units: every `*_yen` is whole yen including tax; every `*_at` carries the shop's time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Opening hours on one weekday (0 is Monday); `mail_only` means nobody answers the phone."""

    weekday: int
    opens: time
    closes: time
    mail_only: bool


@dataclass(frozen=True, slots=True)
class Shop:
    """One of the two shops. `only_words` are words that must never appear in the other one."""

    slug: str
    name: str
    name_en: str
    about: str
    about_en: str
    zone: str
    postcode: str
    address: str
    phone: str
    support_mail: str
    site: str
    channels: tuple[str, ...]
    free_shipping_from_yen: int
    shipping_fee_yen: int
    order_number_examples: tuple[str, ...]
    open_days: tuple[OpenDay, ...]
    holidays: tuple[date, ...]
    only_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one shop: `role` is owner, manager, agent or warehouse."""

    shop: str
    role: str
    signature: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast."""

    key: str
    name: str
    kana: str
    name_en: str
    mail: str
    phone_ext: str
    who: str
    who_en: str
    memberships: tuple[Membership, ...]

    def in_shop(self, slug: str) -> Membership | None:
        """Their membership in that shop, or None when they do not work there."""
        return next((one for one in self.memberships if one.shop == slug), None)


@dataclass(frozen=True, slots=True)
class Product:
    """One article. `lead_days` is the time to make it before it can be shipped."""

    sku: str
    name: str
    variant: str
    name_en: str
    price_yen: int
    tax_percent: int
    stock: int
    about: str
    lead_days: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """A buyer. `complete`: all their orders are written by hand. `since` is None for guests."""

    key: str
    name: str
    mails: tuple[str, ...]
    kana: str = ""
    phone: str = ""
    country: str = "JP"
    postcode: str = ""
    address: str = ""
    language: str = "ja"
    since: date | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a parcel goes when it does not go to the buyer."""

    name: str
    kana: str
    postcode: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One position of an order."""

    sku: str
    quantity: int
    unit_price_yen: int


@dataclass(frozen=True, slots=True)
class Payment:
    """`method`: card, cod, bank_transfer, convenience, deferred, amazon_pay, paypay or carrier."""

    method: str
    due_on: date | None = None
    paid_at: datetime | None = None
    refunded_at: datetime | None = None
    refunded_yen: int = 0


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel. `carrier`: yamato, sagawa or japan_post.

    `trouble` is empty, stuck, refused, misdelivered, returning, damaged, customs or absent.
    `contents` is only set when it is not the ordered goods (a replacement, a missing part).
    """

    carrier: str
    tracking: str
    shipped_at: datetime
    delivered_at: datetime | None = None
    trouble: str = ""
    contents: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order. `order_mail` is set when it came with another address than the customer's own."""

    number: str
    channel: str
    customer: str
    ordered_at: datetime
    lines: tuple[OrderLine, ...]
    shipping_fee_yen: int
    payment: Payment
    shipments: tuple[Shipment, ...] = ()
    recipient: Recipient | None = None
    gift: bool = False
    wished_on: date | None = None
    wished_time: str = ""
    cancelled_at: datetime | None = None
    returned_at: datetime | None = None
    held: str = ""
    order_mail: str = ""
    lot: str = ""
    remarks: str = ""
    made_up: bool = False

    @property
    def goods_yen(self) -> int:
        """The goods without shipping."""
        return sum(line.quantity * line.unit_price_yen for line in self.lines)

    @property
    def total_yen(self) -> int:
        """The goods and the shipping fee."""
        return self.goods_yen + self.shipping_fee_yen


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be made for a message: `kind` is photo, pdf or txt; `shows` says what is on it."""

    name: str
    kind: str
    shows: str


@dataclass(frozen=True, slots=True)
class Message:
    """What went between the shop and somebody outside, without the shop's signature.

    `sender` is "customer", "outside" or the key of a person of the cast.
    `mail_style`: "plain"; "iso-2022-jp" and "html" say how to encode the mail; "quoted" asks
    for the message before to be added below the text under a Japanese quote header.
    `mail_address` is which of the customer's addresses was used (empty: the first);
    `outside_name` and its address are set when the sender is "outside".
    `to` is set when the shop wrote to somebody other than the customer.
    `comes_back` is why the mail came back (a code of commerce.terms.BounceKind), "" when it arrived.
    """

    at: datetime
    sender: str
    text: str
    mail_style: str = "plain"
    mail_address: str = ""
    outside_name: str = ""
    to: str = ""
    comes_back: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A note among colleagues. Its own shape, so that nothing can take it for a message."""

    at: datetime
    by: str
    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in beside the text of a web form."""

    topic: str
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `channel`: email, web_form or phone_memo. `status`: open, waiting, snoozed or closed.

    `taken_by` wrote down a phone call. `owner` is None while nobody has taken the case.
    """

    number: int
    kind: str
    subject: str
    channel: str
    customer: str
    orders: tuple[str, ...]
    tags: tuple[str, ...]
    status: str
    messages: tuple[Message, ...]
    notes: tuple[Note, ...] = ()
    owner: str | None = None
    language: str = "ja"
    unread: bool = False
    due_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolution: str = ""
    closed_at: datetime | None = None
    form: Form | None = None
    taken_by: str = ""

    @property
    def opened_at(self) -> datetime:
        """When its first message came or went."""
        return self.messages[0].at

    @property
    def last_message_at(self) -> datetime:
        """When its newest message came or went; notes do not count."""
        return self.messages[-1].at


@dataclass(frozen=True, slots=True)
class ShopStory:
    """Everything about one shop except its people."""

    shop: Shop
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """The whole demo: the moment it plays, the cast, and the shops with all that is theirs."""

    now: datetime
    cast: tuple[Person, ...]
    shops: tuple[ShopStory, ...]

    def of_shop(self, slug: str) -> ShopStory:
        """The story of one shop. Raises KeyError for an unknown slug."""
        return {one.shop.slug: one for one in self.shops}[slug]

    def person(self, key: str) -> Person:
        """Somebody of the cast by key. Raises KeyError for a stranger."""
        return {one.key: one for one in self.cast}[key]

    def people_of(self, slug: str) -> tuple[Person, ...]:
        """The people who work in a shop, in the order of the cast list."""
        return tuple(one for one in self.cast if one.in_shop(slug))
