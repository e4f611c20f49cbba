"""The account that a customer tells by telephone: looked for, checked, kept masked; the journal says who."""

import re

import pytest

from anshin.commerce.models import BankAccount, Refund
from anshin.commerce.terms import PaymentMethod
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions
from anshin.returns.models import Settlement
from tests.conftest import NOW
from tests.returns.conftest import arrive, ask, inspected, says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
PAGE = "/s/komorebi/returns/1/account"
TYPED = {"bank": "0001", "branch": "001", "kind": "ordinary", "number": "1234567", "holder": "かしわぎ ゆきこ"}


@pytest.fixture
def to_pay(ask, sold, arrive, inspected, still):  # noqa: F811
    """A return of an order that was paid on delivery: its money can only go by bank."""
    returned = ask(sold(method=PaymentMethod.CASH_ON_DELIVERY))
    arrive(returned)
    return inspected(returned)


def words_of(answer):
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_bank_and_branch_are_found_by_a_part_of_the_name(client, agent, to_pay):
    client.force_login(agent.person)
    assert f'href="{PAGE}"' in client.get("/s/komorebi/returns/1").content.decode()
    assert f'href="{PAGE}?bank=0001"' in client.get(PAGE, {"words": "みずほ"}).content.decode()
    branches = client.get(PAGE, {"bank": "0001", "words": "東京"}).content.decode()
    assert f"{PAGE}?bank=0001&amp;branch=" in branches
    assert "この名前では見つかりません" in words_of(client.get(PAGE, {"words": "ぬぬぬぬ銀行"}))


def test_the_account_is_kept_masked_and_the_journal_says_who(client, agent, to_pay):
    client.force_login(agent.person)
    answer = client.post(PAGE, TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/s/komorebi/returns/1#money")
    kept = BankAccount.objects.get()
    assert (kept.customer_id, kept.bank_code, kept.branch_code) == (to_pay.customer_id, "0001", "001")
    shown = words_of(client.get("/s/komorebi/returns/1"))
    assert kept.masked in shown and "1234567" not in shown
    entry = JournalEntry.objects.get(event="customer.account_given")
    assert entry.actor_id == agent.pk
    assert "1234567" not in str(entry.payload)


def test_it_is_put_to_the_refund_that_waits_for_it(client, manager, to_pay):
    client.force_login(manager.person)
    total = Settlement.objects.get(is_current=True).total_yen
    actions.confirm(by=manager, return_id=to_pay.pk, seen_total_yen=total, way="bank", now=NOW)
    client.post(PAGE, TYPED)
    assert Refund.objects.get().account == BankAccount.objects.get()


@pytest.mark.parametrize("change", [{"number": "十二"}, {"holder": "柏木由紀子"}, {"bank": "9"}, {"kind": "gold"}])
def test_what_no_bank_would_take_is_said_and_not_kept(client, agent, to_pay, change):
    client.force_login(agent.person)
    answer = client.post(PAGE, TYPED | change)
    assert answer.status_code == 422
    assert not BankAccount.objects.exists()


def test_the_warehouse_and_another_shop_may_not(client, warehouse, stranger, to_pay):
    client.force_login(warehouse.person)
    assert (client.get(PAGE).status_code, client.post(PAGE, TYPED).status_code) == (403, 403)
    assert PAGE not in client.get("/s/komorebi/returns/1").content.decode()
    client.force_login(stranger.person)
    assert client.post(PAGE, TYPED).status_code == 404
    assert client.post("/s/shiosai/returns/1/account", TYPED).status_code == 404
    assert not BankAccount.objects.exists()


def test_nothing_is_asked_once_it_is_over(client, agent, to_pay):
    actions.no_money_due(by=agent, return_id=to_pay.pk, why="交換しました。", now=NOW)
    client.force_login(agent.person)
    assert client.get(PAGE).status_code == 404
