"""From which of the shop's addresses a case may be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.cases.ports import FromAddress, outbox

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Shop


def sender_addresses(shop: Shop, case: Case) -> tuple[FromAddress, ...]:
    """All of them, first the one to which the customer wrote last; at most three queries."""
    return outbox.get().senders_for(shop.pk, case.pk)
