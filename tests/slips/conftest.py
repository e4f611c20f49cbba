"""A contract with Yamato, and parcels that need a slip: one sent again, one fetched, one sent back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from anshin.delivery import actions as delivery
from anshin.slips import actions
from anshin.slips.terms import ParcelKey, SlipKind
from tests.conftest import NOW
from tests.delivery.conftest import case, decided, order, reported, trouble  # noqa: F401  fixtures

if TYPE_CHECKING:
    from collections.abc import Callable

    from anshin.delivery.models import PickUp, Reshipment, Trouble
    from anshin.shops.models import Membership
    from anshin.slips.models import CarrierAccount, SlipFileWritten

TODAY = date(2026, 11, 20)
CODES = {"name": "松本倉庫", "customer_code": "0422000000", "freight_number": "01"}
SENDER = {
    "sender_name": "こもれび雑貨店",
    "sender_postcode": "390-0874",
    "sender_lines": "長野県松本市大手9-1",
    "sender_phone": "0263-00-0000",
}


@pytest.fixture
def account(owner: Membership) -> CarrierAccount:
    return actions.save_account(by=owner, format="b2", values=CODES | SENDER, now=NOW)


@pytest.fixture
def resent(agent: Membership, decided: Callable[..., Trouble]) -> Reshipment:  # noqa: F811
    """Our mistake: sent again, and the other item is to be fetched."""
    return delivery.plan_reshipment(by=agent, trouble_id=decided("shop").pk, now=NOW)


@pytest.fixture
def fetched(resent: Reshipment) -> PickUp:
    return resent.trouble.pick_up


@pytest.fixture
def key(resent: Reshipment) -> ParcelKey:
    return ParcelKey(SlipKind.RESHIPMENT, resent.pk)


@pytest.fixture
def write(agent: Membership, account: CarrierAccount) -> Callable[..., SlipFileWritten]:
    def make(*keys: ParcelKey, seen: int = 0, nonce: str = "n-1", **values: object) -> SlipFileWritten:
        standard = {"by": agent, "account_id": account.pk, "ship_on": TODAY, "now": NOW}
        return actions.write_file(chosen=dict.fromkeys(keys, seen), nonce=nonce, **(standard | values))

    return make
