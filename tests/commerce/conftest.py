"""Orders as a selling system tells them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.plumbing.journal.actors import Actor


@pytest.fixture
def by() -> Actor:
    return Actor.system("import")


@pytest.fixture
def incoming() -> Callable[..., IncomingOrder]:
    def order(number: str = "KM-20417", **changes: Any) -> IncomingOrder:
        values: dict[str, Any] = {
            "channel": SalesChannel.OWN,
            "number": number,
            "ordered_at": datetime(2026, 11, 10, 1, 5, tzinfo=UTC),
            "buyer": Buyer("髙橋 美咲", "タカハシ ミサキ", "misaki@example.jp", "090-1234-5678"),
            "recipient": Recipient("髙橋 美咲", "100-0001", "東京都千代田区千代田1-1", "03-1234-5678"),
            "lines": (IncomingLine("木の椅子", 2, 12_000, "CHAIR-1", "ナラ"), IncomingLine("布", 1, 800)),
            "shipping_yen": 770,
            "fee_yen": 330,
            "discount_yen": 500,
        }
        return IncomingOrder(**{**values, **changes})

    return order
