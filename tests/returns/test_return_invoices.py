"""適格返還請求書: given where one is due, numbered, once, and never changed; read back from its PDF."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from anshin.commerce import actions as commerce
from anshin.commerce.models import Refund
from anshin.commerce.terms import Fault, IncomingLine, PaymentMethod, RefundWay
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions, queries
from anshin.returns.models import ReturnInvoice, ReturnSetting, Settlement
from anshin.returns.rules import return_invoices as rules
from anshin.returns.rules.settling import Item
from anshin.returns.terms import ItemKind, Payer
from tests.conftest import NOW
from tests.connectors.papers.samples import page_sizes_mm, said

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NUMBER = "T7123456789012"  # the example of the rule's source
GOLDEN = Path(__file__).parent / "golden_return_invoice.txt"
LINES = (IncomingLine("木の椅子", 1, 12_001, "CHAIR", "ナラ"), IncomingLine("ほうじ茶", 3, 701, "TEA", "", 8))


@pytest.fixture
def registered(shop):
    return ReturnSetting.objects.create(shop=shop, registration_number=NUMBER, issuer_name="株式会社こもれび")


@pytest.fixture
def paid(sold, shop, says, post, manager, agent, arrive, inspected, moved):
    """A return of the whole order, paid by hand."""

    def make(adjusted=None, **values):
        order = sold(method=PaymentMethod.CASH_ON_DELIVERY, **({"lines": LINES} | values))
        asked = [
            actions.Asked(order.pk, line.position, line.quantity, "not_as_pictured", "unused")
            for line in order.lines.all()
        ]
        returned = actions.request(
            shop=shop, customer=order.customer, asked=asked, nonce="n", now=NOW, wish="refund", words="x"
        )
        arrive(returned)
        actions.decide_fault(by=agent, return_id=returned.pk, fault=Fault.SHOP, now=NOW)
        inspected(returned)
        if adjusted:
            actions.recalculate(by=manager, return_id=returned.pk, adjusted=adjusted, now=NOW)
        total = sum(row.total_yen for row in Settlement.objects.filter(is_current=True))
        actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.BANK, now=NOW)
        refund = Refund.objects.get(kind="goods")
        commerce.settle_by_hand(
            by=manager, refund_id=refund.pk, reference="F-1", proof=PDF, proof_name="f.pdf",
            moved_on=date(2026, 11, 20), now=NOW,
        )  # fmt: skip
        moved(NOW + timedelta(minutes=1))
        return returned

    return make


def test_given_when_the_money_has_moved_and_read_back(registered, paid, shop):
    returned = paid()

    (invoice,) = queries.invoices_of(returned)
    pdf = read_bytes(invoice.blob)
    assert (str(invoice), invoice.registration_number) == ("RI-00001", NUMBER)
    assert invoice.sha256 == hashlib.sha256(pdf).hexdigest()
    assert page_sizes_mm(pdf) == [(210, 297)]
    (text,) = said(pdf)
    assert text == GOLDEN.read_text(encoding="utf-8").rstrip("\n")
    assert "柏木" not in text
    settlement = Settlement.objects.get(is_current=True)
    assert sum(amount for _rate, amount, _tax in invoice.facts["sums"]) == settlement.total_yen == invoice.total_yen
    assert [rate for rate, _amount, _tax in invoice.facts["sums"]] == [10, 8]
    for rate, amount, tax in invoice.facts["sums"]:
        assert tax == amount * rate // (100 + rate)
    assert JournalEntry.objects.filter(event="return.invoice_issued").count() == 1


def test_asked_again_it_is_the_same_one(registered, paid, shop):
    returned = paid()
    (first,) = queries.invoices_of(returned)
    registered.issuer_name = "別の名前"
    registered.save()

    again = actions.issue_return_invoice(shop_id=shop.pk, refund_id=Refund.objects.get().pk, now=NOW)

    assert (again.pk, again.sha256, again.facts["issuer_name"]) == (first.pk, first.sha256, "株式会社こもれび")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnInvoice.objects.create(
            shop=shop, number=first.number, returned=returned, settlement=first.settlement,
            registration_number=NUMBER, total_yen=1, facts={}, blob=first.blob, sha256="x", issued_at=NOW,
        )  # fmt: skip


def test_none_without_a_registration_number(paid):
    assert queries.invoices_of(paid()) == []


@pytest.mark.parametrize(("price", "count"), [(9_999, 0), (10_000, 1)])
def test_none_below_ten_thousand_yen(registered, paid, price, count):
    lines = (IncomingLine("木の椅子", 1, price, "CHAIR"),)
    returned = paid(lines=lines, shipping_yen=0, discount_yen=0, coupon_yen=0, points_used=0)
    assert len(queries.invoices_of(returned)) == count


def test_the_postage_that_the_customer_laid_out_is_no_return_of_the_price(registered, paid):
    returned = paid(actions.Adjusted(880, Payer.CUSTOMER, deduction_yen=1_000, deduction_why="傷"))

    (invoice,) = queries.invoices_of(returned)
    assert [refund.amount_yen for refund in Refund.objects.order_by("id")] == [invoice.total_yen, 880]
    assert "返送料の精算を含めて" not in said(read_bytes(invoice.blob))[0]


def test_only_the_shops_own_staff_and_the_customer_open_it(registered, paid, client, agent, warehouse, stranger):
    returned = paid()
    (invoice,) = queries.invoices_of(returned)
    url = f"/s/komorebi/returns/{returned.number}/invoices/{invoice.pk}"

    client.force_login(agent.person)
    assert client.get(url).status_code == 200
    assert url in client.get(f"/s/komorebi/returns/{returned.number}").content.decode()
    assert client.get(url + "9").status_code == 404
    client.force_login(warehouse.person)
    assert client.get(url).status_code == 403
    client.force_login(stranger.person)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(f"/p/komorebi/returns/{returned.number}/invoices/{invoice.pk}").status_code in {302, 404}


@pytest.mark.parametrize("typed", ["T7123456789012", "Ｔ７１２３４５６７８９０１２", "t7-1234-5678-9012"])
def test_registration_numbers_are_read_in_any_width(typed):
    assert rules.registration_number(typed) == NUMBER


@pytest.mark.parametrize("typed", ["", "7123456789012", "T712345678901", "T8123456789012", "T7123456789021"])
def test_a_wrong_digit_is_seen(typed):
    assert rules.registration_number(typed) is None


def test_the_check_digit_of_numbers_that_exist():
    for number in ("7123456789012", "4011001098993", "2120901007402", "7010705000725"):
        assert rules.check_digit(number[1:]) == int(number[0])


def test_rounded_once_a_rate_and_not_a_line():
    items = [Item(ItemKind.GOODS, 105, "a", 105, 1, 10) for _line in range(3)]
    assert rules.sums(items) == {10: (315, 28)}  # three times 9 would be 27


def test_the_setting_refuses_a_number_that_cannot_be(owner, shop):
    with pytest.raises(actions.IllegalStep):
        actions.change_setting(by=owner, registration_number="T8123456789012", now=NOW)
    assert actions.change_setting(by=owner, registration_number=NUMBER, now=NOW).registration_number == NUMBER
    assert actions.change_setting(by=owner, registration_number="", now=NOW).registration_number == ""
