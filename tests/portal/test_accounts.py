"""The account for a refund by bank: asked for only then, in three questions, never shown in full."""

import pytest

from anshin.commerce.models import BankAccount
from anshin.commerce.terms import PaymentMethod
from anshin.returns import actions as returns
from anshin.returns.terms import Condition, Reason, Wish
from tests.returns.conftest import says, sold  # noqa: F401  fixtures
from tests.visits.conftest import moved  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(sold, shop, says, moved, now):  # noqa: F811
    """A return of an order paid in the given way."""

    def make(method, number="KM-20417"):
        moved(now)
        order = sold(number, method=method)
        asked = returns.Asked(order.pk, 1, 1, Reason.DEFECT, Condition.UNUSED)
        return returns.request(
            shop=shop, customer=order.customer, asked=[asked], wish=Wish.REFUND, nonce=number, now=now
        )

    return make


TYPED = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "1234567", "holder": "かしわぎ ゆきこ"}


def test_asked_for_only_when_money_goes_by_bank(made, comes_in, shop):
    by_card, by_cash = made(PaymentMethod.CARD), made(PaymentMethod.CASH_ON_DELIVERY, "KM-20418")
    inside = comes_in(shop, by_card.customer)
    assert "返金先の口座" not in inside.get(f"/p/komorebi/returns/{by_card.number}").content.decode()
    assert "口座を知らせる" in inside.get(f"/p/komorebi/returns/{by_cash.number}").content.decode()


def test_bank_then_branch_then_account(made, comes_in, shop):
    returned = made(PaymentMethod.CASH_ON_DELIVERY)
    inside = comes_in(shop, returned.customer)
    page = f"/p/komorebi/returns/{returned.number}/account"
    assert "?bank=0001" in inside.get(page, {"words": "みずほ"}).content.decode()
    assert "branch=001" in inside.get(page, {"bank": "0001", "words": "001"}).content.decode()
    assert "見つかりませんでした" in inside.get(page, {"words": "んんん"}).content.decode()
    wrong = inside.post(page, TYPED | {"number": "12", "holder": "柏木"})
    assert wrong.status_code == 422
    assert "漢字" in wrong.content.decode()
    assert not BankAccount.objects.exists()
    kept = inside.post(page, TYPED)
    assert kept.headers["Location"].endswith("?said=account_kept")
    account = BankAccount.objects.get()
    assert (account.customer, account.bank_code, account.number_end) == (returned.customer, "0001", "4567")
    shown = inside.get(f"/p/komorebi/returns/{returned.number}").content.decode()
    assert "***4567" in shown
    assert "1234567" not in shown


def test_few_questions_to_the_database(made, comes_in, shop, django_assert_max_num_queries):
    returned = made(PaymentMethod.CASH_ON_DELIVERY)
    inside = comes_in(shop, returned.customer)
    with django_assert_max_num_queries(3):
        assert inside.get(f"/p/komorebi/returns/{returned.number}/account").status_code == 200


def test_nobody_else_may(made, comes_in, shop, sold):  # noqa: F811
    returned = made(PaymentMethod.CASH_ON_DELIVERY)
    stranger = comes_in(shop, sold("KM-30000", mail="other@mail.example").customer)
    page = f"/p/komorebi/returns/{returned.number}/account"
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, TYPED).status_code == 404
    assert not BankAccount.objects.exists()
