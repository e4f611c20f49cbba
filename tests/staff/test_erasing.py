"""The screen that erases a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anshin.cases import actions
from anshin.cases.terms import Resolution
from anshin.commerce.models import Customer
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

GOOD = {"ground": "request", "requested_on": "2026-11-20"}


@pytest.fixture
def customer(shop: Shop, agent: Membership) -> Customer:
    case = arrive(shop, "a@x", at=NOW).case
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW)
    return Customer.objects.get()


def url(customer: Customer) -> str:
    return f"/s/komorebi/customers/{customer.pk}/erase"


def test_the_preview_says_what_goes_and_stays_and_why(customer, owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    page = signed_in(owner).get(url(customer)).content.decode()
    assert "消えるもの" in page
    assert "法人税法施行規則 第59条" in page
    assert "個人情報保護法 第35条" in page


def test_the_customer_is_erased_and_the_page_says_so(customer, owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(owner)
    assert client.post(url(customer), GOOD)["Location"] == f"/s/komorebi/customers/{customer.pk}"
    page = client.get(f"/s/komorebi/customers/{customer.pk}").content.decode()
    assert "お客様（消去済み）" in page
    assert "に消去しました" in page
    assert "柏木" not in page
    assert "/erase" not in page


@pytest.mark.parametrize("changes", [{"ground": "x"}, {"requested_on": ""}, {"requested_on": "2026-11-21"}])
def test_without_ground_or_with_a_day_to_come_nothing_goes(customer, owner, signed_in, still, changes) -> None:  # type: ignore[no-untyped-def]
    answer = signed_in(owner).post(url(customer), GOOD | changes)
    assert answer.status_code == 422
    assert Customer.objects.get().name == "柏木 由紀子"
    assert not JournalEntry.objects.filter(event="case.customer_erased").exists()


def test_an_open_case_is_named_and_nothing_goes(shop, owner, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    case = arrive(shop, "a@x", at=NOW).case
    answer = signed_in(owner).post(url(Customer.objects.get()), GOOD)
    assert answer.status_code == 422
    assert f"#{case.number}" in answer.content.decode()
    assert Customer.objects.get().name == "柏木 由紀子"


@pytest.mark.parametrize("role", ["agent", "warehouse"])
def test_whoever_may_not_sees_no_way_to_it(role, customer, request, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(request.getfixturevalue(role))
    assert client.get(url(customer)).status_code == 403
    assert client.post(url(customer), GOOD).status_code == 403
    assert "/erase" not in client.get(f"/s/komorebi/customers/{customer.pk}").content.decode()
    assert Customer.objects.get().erased_at is None


def test_another_shops_owner_finds_nobody(stranger, customer, signed_in, still) -> None:  # type: ignore[no-untyped-def]
    stranger.role = "owner"
    stranger.save()
    client = signed_in(stranger)
    for address in (url(customer), url(customer).replace("komorebi", "shiosai")):
        assert client.post(address, GOOD).status_code == 404
    assert Customer.objects.get().erased_at is None
