"""Reads the demo shop's story from the TOML files beside this module.

For whoever fills the demo: `read_story()` gives the cast and both shops as plain values. Nothing
here knows a table; dates without a zone in the files are the shop's local time.
"""

import tomllib
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from anshin.project.demo_shop.filler import fill_up
from anshin.project.demo_shop.shape import (
    Attachment,
    Case,
    Customer,
    Form,
    Membership,
    Message,
    Note,
    OpenDay,
    Order,
    OrderLine,
    Payment,
    Person,
    Product,
    Recipient,
    Shipment,
    Shop,
    ShopStory,
    Story,
)

HERE = Path(__file__).parent
ORDERS_TOLD = {"komorebi": 300, "shiosai": 12}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Row = dict[str, Any]


def read_story() -> Story:
    """The same story every time. Raises KeyError or TypeError when a file lacks or misspells a value."""
    told = _toml(HERE / "cast.toml")
    shops = tuple(_shop(row) for row in told["shop"])
    now = told["now"].replace(tzinfo=ZoneInfo(shops[0].zone))
    return Story(
        now=now,
        cast=tuple(_person(row) for row in told["person"]),
        shops=tuple(_shop_story(shop, now) for shop in shops),
    )


def read_cast() -> tuple[Person, ...]:
    """The people alone, without their orders and cases: quick enough for a page."""
    return tuple(_person(row) for row in _toml(HERE / "cast.toml")["person"])


def _shop_story(shop: Shop, now: datetime) -> ShopStory:
    folder, zone = HERE / shop.slug, ZoneInfo(shop.zone)
    products = tuple(_product(row) for row in _toml(folder / "products.toml")["product"])
    customers = tuple(_customer(row) for row in _toml(folder / "customers.toml")["customer"])
    written = [_order(_zoned(row, zone)) for row in _rows(folder, "orders*.toml", "order")]
    orders = fill_up(
        shop=shop,
        products=products,
        customers=customers,
        written=written,
        recipients=_recipients(folder),
        now=now,
        up_to=ORDERS_TOLD[shop.slug],
    )
    cases = [_case(_zoned(row, zone)) for row in _rows(folder, "cases/*.toml", "case")]
    return ShopStory(shop, products, customers, orders, tuple(sorted(cases, key=lambda case: case.number)))


def _toml(file: Path) -> Row:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _rows(folder: Path, pattern: str, name: str) -> list[Row]:
    return [row for file in sorted(folder.glob(pattern)) for row in _toml(file)[name]]


def _zoned(value: Any, zone: ZoneInfo) -> Any:
    """The same value with every moment in it set into the zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone)
    if isinstance(value, dict):
        return {key: _zoned(inner, zone) for key, inner in value.items()}
    if isinstance(value, list):
        return [_zoned(inner, zone) for inner in value]
    return value


def _shop(row: Row) -> Shop:
    rest = dict(row)
    hours, mail_only = rest.pop("hours"), rest.pop("mail_only_days")
    rest["free_shipping_from_yen"] = rest.pop("free_shipping_from")
    rest["shipping_fee_yen"] = rest.pop("shipping_fee")
    days = (_open_day(day, span, mail_only=day in mail_only) for day, span in hours.items())
    return Shop(open_days=tuple(days), **_tuples(rest))


def _open_day(day: str, span: str, *, mail_only: bool) -> OpenDay:
    opens, closes = span.split("-")
    return OpenDay(WEEKDAYS.index(day), time.fromisoformat(opens), time.fromisoformat(closes), mail_only)


def _person(row: Row) -> Person:
    rest = dict(row)
    memberships = tuple(Membership(**one) for one in rest.pop("membership"))
    return Person(memberships=memberships, **rest)


def _product(row: Row) -> Product:
    rest = dict(row)
    return Product(price_yen=rest.pop("price"), **rest)


def _customer(row: Row) -> Customer:
    return Customer(**_tuples(row))


def _recipients(folder: Path) -> tuple[Recipient, ...]:
    file = folder / "recipients.toml"
    return tuple(Recipient(**row) for row in _toml(file)["recipient"]) if file.exists() else ()


def _order(row: Row) -> Order:
    rest = dict(row)
    recipient = rest.pop("recipient", None)
    return Order(
        lines=tuple(
            OrderLine(one["sku"], one["quantity"], unit_price_yen=one["unit_price"]) for one in rest.pop("lines")
        ),
        shipping_fee_yen=rest.pop("shipping_fee"),
        payment=Payment(**rest.pop("payment")),
        shipments=tuple(Shipment(**one) for one in rest.pop("shipments", ())),
        recipient=Recipient(**recipient) if recipient else None,
        **rest,
    )


def _case(row: Row) -> Case:
    rest = dict(row)
    form = rest.pop("form", None)
    messages = tuple(_message(one) for one in rest.pop("message"))
    notes = tuple(_note(one) for one in rest.pop("note", ()))
    return Case(form=Form(**form) if form else None, messages=messages, notes=notes, **_tuples(rest))


def _message(row: Row) -> Message:
    rest = dict(row)
    if "name" in rest:
        rest["outside_name"], rest["mail_address"] = rest.pop("name"), rest.pop("mail")
    return Message(sender=rest.pop("from"), attachments=_attachments(rest), **_stripped(rest))


def _note(row: Row) -> Note:
    rest = dict(row)
    return Note(attachments=_attachments(rest), **_stripped(rest))


def _attachments(row: Row) -> tuple[Attachment, ...]:
    rows: Iterable[Row] = row.pop("attachments", ())
    return tuple(Attachment(**one) for one in rows)


def _stripped(row: Row) -> Row:
    return row | {"text": row["text"].strip("\n")}


def _tuples(row: Row) -> Row:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
