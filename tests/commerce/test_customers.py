"""Customers are recognised by any of their addresses, and never made twice."""

from datetime import datetime

import pytest

from anshin.commerce import queries
from anshin.commerce.actions import ContactRefused, add_contact, recognise_customer
from anshin.commerce.actions.customers import recognise_buyers
from anshin.commerce.models import ContactPoint, Customer
from anshin.commerce.terms import Buyer, ContactKind
from anshin.shops.models import Shop

pytestmark = pytest.mark.django_db


def test_an_unknown_address_makes_a_customer(shop: Shop, now: datetime) -> None:
    customer = recognise_customer(shop=shop, mail="Misaki@Example.jp", name="髙橋 美咲", now=now)
    assert (customer.shop_id, customer.name, customer.created_at) == (shop.pk, "髙橋 美咲", now)
    assert list(ContactPoint.objects.values_list("kind", "value", "key")) == [
        ("mail", "Misaki@Example.jp", "misaki@example.jp")
    ]


def test_the_same_address_in_other_letters_is_the_same_customer(shop: Shop, now: datetime) -> None:
    first = recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋 美咲", now=now)
    second = recognise_customer(shop=shop, mail="ＭＩＳＡＫＩ@example.jp", name="別の名", now=now)
    assert (second.pk, second.name) == (first.pk, "髙橋 美咲")
    assert Customer.objects.count() == 1


def test_an_empty_name_is_filled_later(shop: Shop, now: datetime) -> None:
    recognise_customer(shop=shop, mail="misaki@example.jp", name="", now=now)
    recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋 美咲", now=now)
    assert Customer.objects.get().name == "髙橋 美咲"


def test_another_shop_has_its_own_customer(shop: Shop, other_shop: Shop, now: datetime) -> None:
    here = recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋", now=now)
    there = recognise_customer(shop=other_shop, mail="misaki@example.jp", name="髙橋", now=now)
    assert here.pk != there.pk
    assert queries.find_customer(other_shop, mail="misaki@example.jp") == there
    assert queries.customer_card(other_shop, here.pk) is None


def test_refused_when_it_is_no_address(shop: Shop, now: datetime) -> None:
    with pytest.raises(ContactRefused, match="misaki"):
        recognise_customer(shop=shop, mail="misaki", name="髙橋", now=now)
    assert not Customer.objects.exists()


def test_a_race_for_one_address_ends_with_one_customer(
    shop: Shop, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anshin.commerce.actions import customers

    winner = recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋", now=now)
    look_up, looked = customers._held, []

    def blind_at_first(*args: object) -> list[ContactPoint]:
        looked.append(args)
        return [] if len(looked) <= 2 else look_up(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(customers, "_held", blind_at_first)
    loser = recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋", now=now)
    assert loser.pk == winner.pk
    assert Customer.objects.count() == 1


def test_a_contact_is_added_once(shop: Shop, now: datetime) -> None:
    customer = recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋", now=now)
    first = add_contact(shop=shop, customer=customer, kind=ContactKind.PHONE, value="０９０１２３４５６７８", now=now)
    again = add_contact(shop=shop, customer=customer, kind=ContactKind.PHONE, value="090-1234-5678", now=now)
    assert (first.pk, first.key, first.value) == (again.pk, "+819012345678", "090-1234-5678")
    assert queries.find_customer(shop, phone="+81 90 1234 5678") == customer


def test_a_mail_address_of_somebody_else_is_refused(shop: Shop, now: datetime) -> None:
    recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋", now=now)
    ken = recognise_customer(shop=shop, mail="ken@example.jp", name="佐藤", now=now)
    with pytest.raises(ContactRefused, match="髙橋"):
        add_contact(shop=shop, customer=ken, kind=ContactKind.MAIL, value="MISAKI@example.jp", now=now)
    assert queries.contacts_of(shop, ken).count() == 1


def test_a_number_that_cannot_be_read_is_refused(shop: Shop, now: datetime) -> None:
    customer = recognise_customer(shop=shop, mail="misaki@example.jp", name="髙橋", now=now)
    with pytest.raises(ContactRefused, match="12"):
        add_contact(shop=shop, customer=customer, kind=ContactKind.PHONE, value="12", now=now)
    assert queries.contacts_of(shop, customer).count() == 1


def test_a_number_shared_by_a_household_finds_nobody(shop: Shop, now: datetime) -> None:
    for mail in ("misaki@example.jp", "ken@example.jp"):
        customer = recognise_customer(shop=shop, mail=mail, name=mail, now=now)
        add_contact(shop=shop, customer=customer, kind=ContactKind.PHONE, value="03-1234-5678", now=now)
    assert queries.find_customer(shop, phone="03-1234-5678") is None


@pytest.mark.parametrize(
    "wanted", ["高橋", "髙橋美咲", "たかはし", "ﾀｶﾊｼ", "misaki@", "MISAKI@example.jp", "090 1234 5678"]
)
def test_a_customer_is_found_by_what_a_clerk_types(shop: Shop, other_shop: Shop, now: datetime, wanted: str) -> None:
    buyer = Buyer("髙橋 美咲", "タカハシ ミサキ", "misaki@example.jp", "090-1234-5678")
    for each in (shop, other_shop):
        recognise_buyers(shop=each, buyers=[buyer, Buyer("佐藤 健", "", "ken@example.jp", "")], now=now)
    assert [found.name for found in queries.customers(shop, wanted=wanted).items] == ["髙橋 美咲"]
    assert queries.customers(shop, wanted=wanted).items[0].shop_id == shop.pk


def test_all_customers_are_listed_when_nothing_is_wanted(shop: Shop, now: datetime) -> None:
    recognise_buyers(shop=shop, buyers=[Buyer(f"客{n}", "", f"k{n}@example.jp", "") for n in range(3)], now=now)
    page = queries.customers(shop, size=2)
    assert [found.name for found in page.items] == ["客2", "客1"]
    assert [found.name for found in queries.customers(shop, size=2, cursor=page.next).items] == ["客0"]
