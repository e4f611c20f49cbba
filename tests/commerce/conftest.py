"""A shop with staff, a moment, and orders as a selling system tells them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.plumbing.journal.actors import Actor
from anshin.shops.models import Membership, Person, Shop
from anshin.shops.terms import Role

NOW = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def by() -> Actor:
    return Actor.system("import")


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop.objects.create(slug="komorebi", name="こもれび", created_at=NOW)


@pytest.fixture
def other_shop(db: None) -> Shop:
    return Shop.objects.create(slug="tanuki", name="たぬき堂", created_at=NOW)


@pytest.fixture
def staff(shop: Shop) -> Callable[[Role], Membership]:
    def member(role: Role, *, of: Shop = shop) -> Membership:
        person = Person.objects.create(email=f"{role}@{of.slug}.example", name=f"{role} さん")
        return Membership.objects.create(shop=of, person=person, role=role, created_at=NOW)

    return member


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
