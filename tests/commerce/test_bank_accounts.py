"""Where money goes: typed by a customer, kept encrypted, shown as its end, forgotten when it is not needed."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from anshin.commerce import actions, forms, queries
from anshin.commerce.forms import AccountErrors, TypedAccount, change_words, read_account
from anshin.commerce.models import BankAccount, RefundSetting
from anshin.commerce.rules import bank_accounts
from anshin.commerce.terms import AccountKind, IncomingPayment, PaymentMethod, RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW

PDF = b"%PDF-1.7\n%%EOF\n"
TYPED = TypedAccount("0001", "001", "ordinary", "７６５４３２１", "かしわぎ ゆきこ")


@pytest.fixture
def order(shop, incoming, by):
    payment = IncomingPayment(PaymentMethod.CASH_ON_DELIVERY, paid_at=NOW - timedelta(days=5))
    return actions.take_in_order(shop=shop, order=incoming(payments=(payment,)), now=NOW, by=by).order


@pytest.fixture
def account(agent, order):
    return actions.give_account(
        by=agent, customer_id=order.customer_id, account=read_account(TYPED, language="ja"), now=NOW
    )


def refund_to(by, order, account):
    return actions.issue_refund(
        by=by,
        order_id=order.pk,
        amount_yen=1_000,
        way=RefundWay.BANK,
        key="return-1",
        reason="",
        now=NOW,
        account_id=account.pk if account else None,
    )


def settle(by, refund, now=NOW):
    return actions.settle_by_hand(
        by=by,
        refund_id=refund.pk,
        reference="F-1",
        proof=PDF,
        proof_name="f.pdf",
        moved_on=date(2026, 11, 20),
        now=now,
    )


def test_typed_by_a_customer_and_read_as_banks_write_it():
    read = read_account(TYPED, language="ja")

    assert (read.bank.name, read.branch.name, read.kind) == ("みずほ", "東京営業部", AccountKind.ORDINARY)
    assert (read.number, read.holder, read.changes) == ("7654321", "ｶｼﾜｷﾞ ﾕｷｺ", ("kana",))
    assert change_words(read.changes, language="en") == ["Hiragana was changed to katakana."]
    assert "7654321" not in repr(read)
    assert "７６５４３２１" not in repr(TYPED)


def test_numbers_of_yucho_in_its_own_form_tell_branch_and_kind():
    read = read_account(TypedAccount("9900", "", "", "10140-12345671", "カシワギ ユキコ"), language="ja")

    assert (read.branch.code, read.kind, read.number) == ("018", AccountKind.ORDINARY, "1234567")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("123", "0000123"), ("1234567", "1234567"), ("12345678", None), ("", None), ("0", None), ("12a4567", None)],
)
def test_account_numbers(typed, number):
    assert bank_accounts.account_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10140-12345671", ("018", "ordinary", "1234567")),
        ("１０１４０ー１２３４５６７１".replace("ー", " "), ("018", "ordinary", "1234567")),
        ("00150-3-123456", ("019", "current", "0123456")),
        ("10140-12345672", None),  # an ordinary number ends with 1
        ("20140-12345671", None),
        ("10140", None),
    ],
)
def test_numbers_of_yucho(typed, read):
    found = bank_accounts.yucho_account(typed)

    assert (tuple(found) if found else None) == read


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"bank": "0000"}, "bank", "銀行"),
        ({"branch": "xyz"}, "branch", "支店"),
        ({"kind": "gold"}, "kind", "種類"),
        ({"number": "12345678"}, "number", "7桁"),
        ({"bank": "9900", "number": "10140-12345672"}, "number", "ゆうちょ"),
        ({"holder": ""}, "holder", "カタカナ"),
        ({"holder": "柏木 由紀子"}, "holder", "柏木由紀子"),
        ({"holder": "カシワギ！？"}, "holder", "!?"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change, field, word):
    values = {name: getattr(TYPED, name) for name in forms.FIELDS} | change

    with pytest.raises(AccountErrors) as refused:
        read_account(TypedAccount(**values), language="ja")

    assert list(refused.value.errors) == [field]
    assert word in refused.value.errors[field]


def test_everything_wrong_is_said_at_once_and_in_every_language():
    said = set()
    for language in forms.LANGUAGES:
        with pytest.raises(AccountErrors) as refused:
            read_account(TypedAccount("", "", "", "", ""), language=language)
        assert set(refused.value.errors) == {"bank", "kind", "number", "holder"}
        said.add(refused.value.errors["bank"])
    assert len(said) == 5


def test_every_language_has_the_same_words():
    pages = Path(forms.__file__).parent / "pages"
    keys = {language: set(tomllib.loads((pages / f"{language}.toml").read_text())) for language in forms.LANGUAGES}

    assert all(known == keys["ja"] for known in keys.values())
    assert {f"change_{code}" for code in ("kana", "small", "long_mark", "wo", "capitals", "legal_form", "cut")} <= keys[
        "ja"
    ]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("みずほ", "0001"),
        ("ミズホ銀行", "0001"),
        ("0001", "0001"),
        ("ゆうちょ", "9900"),
        ("ソニー", "0035"),
        ("paypay", "0033"),
    ],
)
def test_banks_are_found_by_name_kana_and_number(words, first):
    assert queries.find_banks(words)[0].code == first


def test_branches_are_found_by_name_kana_and_number():
    assert queries.find_branches("0001", "しぶや支店")[0].name == "渋谷"
    assert queries.find_branches("0001", "001")[0].name == "東京営業部"
    assert queries.find_branches("0001", "") == []
    assert queries.find_branches("xxxx", "渋谷") == []
    assert len(queries.find_banks("信用金庫")) == 20


def test_the_number_is_encrypted_and_stands_nowhere_else(account):
    row = BankAccount.objects.filter(pk=account.pk).values().get()

    assert secrets.unseal(row.pop("number_sealed")) == "7654321"
    assert account.masked == "***4321"
    assert "7654321" not in json.dumps(row, default=str)
    assert "7654321" not in str(account)
    told = list(JournalEntry.objects.values_list("payload", flat=True))
    assert "7654321" not in json.dumps(told)
    assert "4321" not in json.dumps(told)


def test_the_warehouse_and_other_shops_enter_none(warehouse, stranger, order):
    read = read_account(TYPED, language="ja")

    with pytest.raises(NotAllowed):
        actions.give_account(by=warehouse, customer_id=order.customer_id, account=read, now=NOW)
    with pytest.raises(actions.AccountRefused):
        actions.give_account(by=stranger, customer_id=order.customer_id, account=read, now=NOW)
    assert BankAccount.objects.count() == 0


def test_customers_give_the_account_for_a_refund_that_waits_for_it(manager, shop, order):
    refund = refund_to(manager, order, None)

    account = actions.take_account(
        shop=shop,
        customer_id=order.customer_id,
        account=read_account(TYPED, language="ja"),
        now=NOW,
        refund_id=refund.pk,
    )

    refund.refresh_from_db()
    assert (refund.account, refund.state) == (account, RefundState.READY)


def test_after_a_failed_transfer_a_new_account_brings_it_on_its_way_again(manager, shop, order, account):
    refund = settle(manager, refund_to(manager, order, account))
    actions.fail_refund(by=manager, refund_id=refund.pk, reason="口座なし", now=NOW)

    actions.take_account(
        shop=shop,
        customer_id=order.customer_id,
        account=read_account(TYPED, language="ja"),
        now=NOW,
        refund_id=refund.pk,
    )

    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.state, refund.failure, order.refunded_yen) == (RefundState.READY, "", 1_000)


def test_a_refund_that_is_paid_takes_no_account(manager, shop, order, account):
    refund = settle(manager, refund_to(manager, order, account))

    with pytest.raises(actions.AccountRefused):
        actions.take_account(
            shop=shop,
            customer_id=order.customer_id,
            account=read_account(TYPED, language="ja"),
            now=NOW,
            refund_id=refund.pk,
        )
    assert BankAccount.objects.count() == 1


def is_purged(account):
    account.refresh_from_db()
    return account.purged_at is not None


def test_forgotten_so_many_days_after_the_money_arrived(manager, shop, order, account):
    RefundSetting.objects.create(shop=shop, purge_days=10)
    refund = settle(manager, refund_to(manager, order, account))

    assert actions.purge_accounts(shop=shop, now=NOW + timedelta(days=9)) == 0
    assert actions.purge_accounts(shop=shop, now=NOW + timedelta(days=10, minutes=1)) == 1
    assert is_purged(account)
    assert (account.number_sealed, account.holder_kana, account.masked) == ("", "", "***")
    assert (account.bank_name, account.branch_name) == ("みずほ", "東京営業部")
    refund.refresh_from_db()
    assert (refund.state, refund.reference, refund.account) == (RefundState.SETTLED, "F-1", account)
    assert actions.purge_accounts(shop=shop, now=NOW + timedelta(days=11)) == 0


def test_kept_while_money_is_on_its_way_to_it(manager, shop, order, account):
    refund_to(manager, order, account)

    assert actions.purge_accounts(shop=shop, now=NOW + timedelta(days=400)) == 0
    assert not is_purged(account)


def test_what_was_never_used_is_forgotten_too(shop, account):
    assert actions.purge_accounts(shop=shop, now=NOW + timedelta(days=31)) == 1
    assert is_purged(account)


def test_other_shops_accounts_stay(other_shop, account):
    assert actions.purge_accounts(shop=other_shop, now=NOW + timedelta(days=400)) == 0
    assert not is_purged(account)


def test_erasing_a_customer_forgets_the_account(shop, order, account):
    actions.erase_customer_facts(shop=shop, customer=order.customer, name="消去済み", now=NOW)

    assert is_purged(account)


def test_erasing_keeps_it_until_the_money_has_gone_and_not_longer(manager, shop, order, account):
    refund = refund_to(manager, order, account)
    actions.erase_customer_facts(shop=shop, customer=order.customer, name="消去済み", now=NOW)
    assert not is_purged(account)

    settle(manager, refund)

    assert actions.purge_accounts(shop=shop, now=NOW + timedelta(minutes=1)) == 1
    assert is_purged(account)


def test_a_purged_account_is_not_paid_to(manager, shop, order, account):
    actions.purge_accounts(shop=shop, now=NOW + timedelta(days=31))

    with pytest.raises(actions.AccountRefused):
        refund_to(manager, order, account)
