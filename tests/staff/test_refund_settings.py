"""The owner sets what refunds need; keys and numbers are written once and shown as their end."""

from __future__ import annotations

import json

import pytest

from anshin.commerce import actions
from anshin.commerce.models import PaymentAccount, RefundSetting
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW

WHERE = "/s/komorebi/settings/refunds"
DEBTOR = {
    "part": "debtor",
    "client_code": "12345",
    "client_name": "株式会社コモレビ",
    "bank_code": "0001",
    "branch_code": "001",
    "kind": "current",
    "number": "123456",
    "has_line_ends": "on",
}
KEY = "sk_test_abcdefgh1234"


@pytest.fixture
def page(client, owner):
    client.force_login(owner.person)
    return client


def test_rules_are_saved(page, shop):
    assert page.post(WHERE, {"part": "rules", "second_person_above_yen": "5000", "purge_days": "14"}).status_code == 302

    setting = RefundSetting.objects.get(shop=shop)
    assert (setting.second_person_above_yen, setting.purge_days) == (5_000, 14)
    assert JournalEntry.objects.get(event="refund.setting_changed").payload == {
        "what": "second_person_above_yen,purge_days"
    }


def test_the_shops_account_is_kept_as_its_bank_writes_it(page, shop):
    assert page.post(WHERE, DEBTOR).status_code == 302

    setting = RefundSetting.objects.get(shop=shop)
    assert (setting.client_code, setting.client_name) == ("0000012345", "ｶ)ｺﾓﾚﾋﾞ")
    assert (setting.bank_name, setting.branch_name, setting.kind) == ("みずほ", "東京営業部", "current")
    assert secrets.unseal(setting.number_sealed) == "0123456"
    shown = page.get(WHERE).content.decode()
    assert "***3456" in shown
    assert "0123456" not in shown
    assert page.post(WHERE, {**DEBTOR, "number": ""}).status_code == 302
    setting.refresh_from_db()
    assert secrets.unseal(setting.number_sealed) == "0123456"


@pytest.mark.parametrize(
    "change",
    [
        {"client_code": "12a"},
        {"client_name": "木漏れ日"},
        {"bank_code": "0000"},
        {"branch_code": "xyz"},
        {"number": "12345678"},
        {"number": ""},
        {"kind": "gold"},
    ],
)
def test_what_cannot_be_the_shops_account_is_said(page, shop, change):
    answer = page.post(WHERE, {**DEBTOR, **change})

    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert not RefundSetting.objects.filter(shop=shop).exclude(client_code="").exists()


def test_the_key_is_encrypted_and_never_shown(page, shop):
    assert page.post(WHERE, {"part": "provider", "provider": "stripe", "key": f" {KEY} "}).status_code == 302

    account = PaymentAccount.objects.get(shop=shop)
    assert secrets.unseal(account.key_sealed) == KEY
    shown = page.get(WHERE).content.decode()
    assert "***1234" in shown
    assert KEY not in shown
    assert KEY not in json.dumps(list(JournalEntry.objects.values_list("payload", flat=True)))

    page.post(WHERE, {"part": "no_provider"})
    assert PaymentAccount.objects.count() == 0


@pytest.mark.parametrize("key", ["", "pk_test_abcdefgh1234", "sk_ x y", "sk_", "鍵鍵鍵鍵鍵鍵鍵鍵"])
def test_what_is_no_key_is_refused(page, key):
    assert page.post(WHERE, {"part": "provider", "provider": "stripe", "key": key}).status_code == 422
    assert PaymentAccount.objects.count() == 0


def test_managers_and_others_set_nothing(client, manager, stranger):
    for somebody, status in ((manager, 403), (stranger, 404)):
        client.force_login(somebody.person)
        assert client.get(WHERE).status_code == status
        assert client.post(WHERE, DEBTOR).status_code == status
    with pytest.raises(NotAllowed):
        actions.set_refund_rules(by=manager, second_person_above_yen=0, purge_days=1, now=NOW)
    with pytest.raises(NotAllowed):
        actions.set_payment_account(by=manager, provider="stripe", key=KEY, now=NOW)
    assert RefundSetting.objects.count() == 0
