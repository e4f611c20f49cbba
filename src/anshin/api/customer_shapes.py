"""Customers as other programs see and change them. Of an erased one only figures are left."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import Field

from anshin.api.case_shapes import Tag
from anshin.api.shapes import Listed, Shape, Told
from anshin.commerce.terms import ContactKind, Reach

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.commerce.queries import CustomerCard

Kind = Literal["mail", "phone"]


class CustomerOut(Shape):
    """Somebody who wrote to the shop or bought from it."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["山本 花"])
    kana: str = Field(examples=["ヤマモト ハナ"])
    language: str | None = None
    tags: list[str]
    order_count: int
    order_total_yen: int
    member_since_on: date | None = None
    created_at: datetime
    erased_at: datetime | None = None


class CustomerList(Listed[CustomerOut]):
    """One page of customers, the newest first."""


class ContactOut(Shape):
    """A mail address or phone number; `reach` says whether mail arrives."""

    kind: Kind
    value: str = Field(examples=["hana@example.jp"])
    reach: str = Field(examples=["ok"])


class AddressOut(Shape):
    """Where something was sent to this customer."""

    name: str
    postcode: str
    address: str


class CustomerDetail(CustomerOut):
    """One customer with all that is known."""

    contacts: list[ContactOut]
    addresses: list[AddressOut]


class CustomerChange(Told):
    """What shall be different; what is left out stays."""

    tags: Annotated[list[Tag], Field(max_length=20)] | None = Field(default=None, examples=[["常連"]])


def customer_out(customer: Customer) -> CustomerOut:
    """The customer as they are told."""
    return CustomerOut(**_plain(customer))


def customer_detail(card: CustomerCard) -> CustomerDetail:
    """The same with addresses and numbers."""
    return CustomerDetail(
        **_plain(card.customer),
        contacts=[
            ContactOut(kind=cast("Kind", ContactKind(each.kind).value), value=each.value, reach=Reach(each.reach).value)
            for each in card.contacts
        ],
        addresses=[AddressOut(name=each.name, postcode=each.postcode, address=each.lines) for each in card.addresses],
    )


def _plain(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.pk,
        "name": customer.name,
        "kana": customer.kana,
        "language": customer.language or None,
        "tags": customer.tags,
        "order_count": customer.order_count,
        "order_total_yen": customer.order_total_yen,
        "member_since_on": customer.member_since_on,
        "created_at": customer.created_at,
        "erased_at": customer.erased_at,
    }
