"""What the record of an order shows: every value of the snapshot as a finished text, and nothing beside it."""

from string import Template
from typing import Any

from anshin.connectors.papers.words import known, moment, printable, texts, yen
from anshin.delivery.ports import OrderSnapshot, SnapshotParcel, SnapshotPayment

MARK_DIGITS = 12


def sheet(snapshot: OrderSnapshot, *, form: str) -> dict[str, Any]:
    """What templates/snapshot.typ takes. `form`: "pages" for A4, "picture" for one narrow strip."""
    language = known(snapshot.language)
    words = texts(language, "snapshot")
    return {
        "form": form,
        "language": language,
        "words": words,
        "shop": printable(snapshot.shop_name, longest=200),
        "taken": Template(words["taken"]).substitute(moment=moment(snapshot.taken_at, snapshot.zone, language)),
        "mark": Template(words["mark"]).substitute(mark=snapshot.digest[:MARK_DIGITS]),
        "rows": _rows(snapshot, words, language),
        "lines": [
            {
                "name": printable(line.name),
                "sub": printable(" · ".join(part for part in (line.variant, line.sku) if part)),
                "price": yen(line.unit_price_yen),
                "quantity": f"{line.quantity:,}",
                "amount": yen(line.amount_yen),
            }
            for line in snapshot.lines
        ],
        "sums": _sums(snapshot, words),
        "total": {"name": words["total"], "value": yen(snapshot.total_yen)},
        "payments": [_payment(each) for each in snapshot.payments],
        "parcels": [_parcel(each, snapshot.zone, words, language) for each in snapshot.parcels],
    }


def _rows(snapshot: OrderSnapshot, words: dict[str, Any], language: str) -> list[dict[str, Any]]:
    told: list[tuple[str, list[str]]] = [
        ("number", [printable(snapshot.number)]),
        ("channel", [printable(snapshot.channel)]),
        ("ordered", [moment(snapshot.ordered_at, snapshot.zone, language)]),
        ("buyer", [printable(snapshot.buyer_name)]),
        (
            "recipient",
            [
                printable(snapshot.recipient_name),
                printable(f"〒{snapshot.recipient_postcode}" if snapshot.recipient_postcode else ""),
                printable(snapshot.recipient_address),
                printable(f"TEL {snapshot.recipient_phone}" if snapshot.recipient_phone else ""),
            ],
        ),
    ]
    if snapshot.cancelled_at:
        told.insert(3, ("cancelled", [moment(snapshot.cancelled_at, snapshot.zone, language)]))
    rows = [{"name": words[key], "values": [value for value in values if value]} for key, values in told]
    return [row for row in rows if row["values"]]


def _sums(snapshot: OrderSnapshot, words: dict[str, Any]) -> list[dict[str, str]]:
    told = [("shipping", snapshot.shipping_yen), ("fee", snapshot.fee_yen), ("discount", -snapshot.discount_yen)]
    return [{"name": words[key], "value": yen(amount)} for key, amount in told if amount]


def _payment(paid: SnapshotPayment) -> dict[str, str]:
    return {"name": printable(f"{paid.method} {paid.account_hint}"), "value": yen(paid.amount_yen)}


def _parcel(sent: SnapshotParcel, zone: str, words: dict[str, Any], language: str) -> dict[str, Any]:
    steps = [("shipped", sent.shipped_at), ("delivered", sent.delivered_at)]
    said = [Template(words[key]).substitute(moment=moment(at, zone, language)) for key, at in steps if at]
    return {"name": printable(f"{sent.carrier} {sent.tracking_number}"), "steps": said or [words["not_shipped"]]}
