"""Texts and papers for the customer and for the parcel. Nothing here is written down: whoever calls sends or prints."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.commerce.terms import Fault
from anshin.delivery import letters, rules
from anshin.delivery.ports import papers
from anshin.delivery.queries.snapshots import packing_slip, snapshot_paper
from anshin.delivery.terms import Ordered

if TYPE_CHECKING:
    from anshin.delivery.models import Reshipment, Snapshot, Trouble
    from anshin.shops.models import Shop


def apology_words(trouble: Trouble, *, language: str) -> str:
    """A paragraph that apologises for no more than has been decided (requirement 53)."""
    level = rules.apology_for(Fault(trouble.fault) if trouble.fault else None)
    return letters.apology_block(level, item=_item(trouble), language=language)


def apology_for_fault(fault: Fault, *, item: str, language: str) -> str:
    """The same for a room above that knows whose doing it was, and of what."""
    return letters.apology_block(rules.apology_for(fault), item=item, language=language)


def showing_words(shop: Shop, snapshot: Snapshot, *, postage_yen: int) -> str:
    """The reply with which a snapshot is sent, and what an exchange would cost the customer."""
    ordered_at = datetime.fromisoformat(snapshot.facts["ordered_at"]).astimezone(ZoneInfo(shop.zone))
    return letters.showing_order(
        number=snapshot.facts["number"],
        item=_item(snapshot.trouble),
        ordered_on=f"{ordered_at:%Y-%m-%d}",
        postage=f"{postage_yen:,}円" if snapshot.language == "ja" else f"¥{postage_yen:,}",
        language=snapshot.language,
    )


def snapshot_pdf(shop: Shop, snapshot: Snapshot) -> bytes:
    """The order on A4. Raises PapersFailed."""
    return papers.get().snapshot_pdf(snapshot_paper(shop, snapshot))


def snapshot_picture(shop: Shop, snapshot: Snapshot) -> bytes:
    """The same as a PNG. Raises PapersFailed."""
    return papers.get().snapshot_picture(snapshot_paper(shop, snapshot))


def packing_slip_pdf(shop: Shop, reshipment: Reshipment, *, now: datetime) -> bytes:
    """What is packed from, with the letter of apology in the customer's language. Raises PapersFailed."""
    trouble = reshipment.trouble
    letter = letters.apology_letter(
        name=trouble.order.recipient_name or trouble.order.customer.name,
        shop=shop.name,
        item=Ordered(reshipment.sku, reshipment.name, reshipment.variant, reshipment.quantity).label,
        language=trouble.case.language or "ja",
    )
    return papers.get().packing_slip(packing_slip(shop, reshipment, letter=letter, now=now))


def _item(trouble: Trouble) -> str:
    return Ordered(trouble.sku, trouble.name, trouble.variant, trouble.quantity).label
