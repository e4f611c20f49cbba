"""The lines about returns for an order confirmation: what the shop's own server gets, and what staff copy."""

from datetime import timedelta

import pytest
from django.test import Client

from anshin.commerce.models import Product
from anshin.plumbing.journal.models import JournalEntry
from anshin.visits.actions import make_key
from anshin.visits.rules.entering import pack
from tests.returns.conftest import sold  # noqa: F401  fixtures
from tests.returns.policy_texts import KOMOREBI
from tests.returns.test_policy_queries import published
from tests.visits.conftest import moved  # noqa: F401

pytestmark = pytest.mark.django_db
STRICTER = "・セール品は、到着から7日以内のご連絡に限り、お客様のご都合による返品をお受けします。"


@pytest.fixture
def policy(shop, now):
    """The shop's terms, in force for a month."""
    return published(shop, KOMOREBI, now - timedelta(days=30))


@pytest.fixture
def asks(shop, owner, moved, now):  # noqa: F811
    """Ask as the shop's own server does."""
    moved(now)
    key = make_key(by=owner, now=now)

    def ask(*, language="ja", secret=key, **told):
        values = {"shop": shop.slug, "ends": int(now.timestamp()) + 300} | told
        return Client().get("/p/komorebi/order-terms", {"token": pack(values, secret=secret), "language": language})

    return ask


def put_on_sale(shop, sku="TB-M-KNR"):
    Product.objects.update_or_create(shop=shop, sku=sku, defaults={"name": "帆布トートバッグ M", "tags": ["sale"]})


def test_a_basket_with_something_on_sale_is_told_the_stricter_terms_first(asks, policy, shop):
    plain = asks(skus=["TB-M-KNR"]).json()
    assert STRICTER not in plain["text"]
    put_on_sale(shop)
    told = asks(skus=["CLOTH", "TB-M-KNR"]).json()
    assert told["text"].splitlines()[1] == STRICTER
    assert told["text"].splitlines()[2:] == plain["text"].splitlines()[1:]
    assert told["text"].splitlines()[-1] == told["policy"]


def test_an_order_is_told_the_terms_under_which_it_was_sold(asks, policy, shop, sold, now):  # noqa: F811
    put_on_sale(shop)
    order = sold()
    assert STRICTER in asks(order="km-20417").json()["text"]
    published(shop, KOMOREBI, now - timedelta(days=1))
    assert asks(order=order.number).json()["policy"] == asks(order=order.number).json()["text"].splitlines()[-1]
    policy.delete()
    assert asks(order=order.number).json() == {"language": "ja", "policy": "", "text": ""}


def test_in_the_language_of_the_customer(asks, policy):
    told = asks(language="en", skus=["TB-M-KNR"]).json()
    assert told["language"] == "en"
    assert "14 days" in told["text"]


@pytest.mark.parametrize(
    ("told", "error", "status"),
    [
        ({"secret": "wrong", "skus": ["A"]}, "broken", 403),
        ({"shop": "another", "skus": ["A"]}, "other_shop", 403),
        ({"ends": 1_700_000_000, "skus": ["A"]}, "over", 403),
        ({"ends": 2_000_000_000, "skus": ["A"]}, "too_long", 403),
        ({"ends": "soon", "skus": ["A"]}, "incomplete", 403),
        ({}, "incomplete", 403),
        ({"skus": []}, "incomplete", 403),
        ({"skus": "A"}, "incomplete", 403),
        ({"skus": [1]}, "incomplete", 403),
        ({"skus": ["A"] * 101}, "incomplete", 403),
        ({"order": "KM-1", "skus": ["A"]}, "incomplete", 403),
        ({"order": "KM-1"}, "unknown", 404),
    ],
)
def test_what_cannot_be_believed_or_found_is_a_code_and_nothing_else(asks, policy, told, error, status):
    before = JournalEntry.objects.count()
    answer = asks(**told)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert JournalEntry.objects.count() == before


def test_without_a_key_or_a_token_nothing_is_told(client, policy, shop):
    assert client.get("/p/komorebi/order-terms").json() == {"error": "not_set_up"}
    assert client.post("/p/komorebi/order-terms").status_code == 405


def test_what_is_signed_for_coming_in_is_no_question(asks, policy):
    answer = asks(mail="misaki@mail.example", nonce="0123456789abcdef")
    assert answer.json() == {"error": "incomplete"}


def test_staff_copy_it_from_the_order(policy, shop, sold, agent, client):  # noqa: F811
    put_on_sale(shop)
    order = sold()
    client.force_login(agent.person)
    page = client.get(f"/s/komorebi/orders/{order.pk}").content.decode()
    assert 'data-copy="#terms-text"' in page
    assert STRICTER in page
    policy.delete()
    assert "terms-text" not in client.get(f"/s/komorebi/orders/{order.pk}").content.decode()
