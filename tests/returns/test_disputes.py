"""What a card company or a customer's bank takes back later puts the return on top of the inbox."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from anshin.cases.actions import close
from anshin.cases.models import Note
from anshin.cases.terms import Resolution
from anshin.commerce import actions as commerce
from anshin.commerce.fakes import PracticePayments
from anshin.commerce.models import PaymentAccount, Refund
from anshin.commerce.ports import ProviderDispute, payments
from anshin.commerce.terms import DisputeState, PaymentProvider, RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.returns import actions
from anshin.returns.models import Settlement
from anshin.returns.terms import MoneyState, WaitsFor
from tests.conftest import NOW

LATER = NOW + timedelta(days=3)


@pytest.fixture
def practice(shop):
    PaymentAccount.objects.create(
        shop=shop, provider=PaymentProvider.PRACTICE, key_sealed=secrets.seal("k"), key_end="k", changed_at=NOW
    )
    with payments.filled_with(PracticePayments()) as provider:
        yield provider


@pytest.fixture
def returned(practice, ask, sold, arrive, inspected):
    order = sold()
    order.payments.update(reference="ch_1")
    found = ask(order)
    arrive(found)
    return inspected(found)


@pytest.fixture
def paid(returned, manager, moved):
    """A return whose money went back to the card, and whose case is closed."""
    total = Settlement.objects.get(is_current=True).total_yen
    actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.ORIGINAL, now=NOW)
    moved(NOW + timedelta(minutes=1))
    moved(NOW + timedelta(minutes=2))
    returned.refresh_from_db()
    assert returned.money == MoneyState.PAID
    close(by=manager, case_id=returned.case_id, resolution=Resolution.ANSWERED, now=NOW + timedelta(minutes=3))
    return returned


@pytest.fixture
def reported(shop, moved):
    def it(number, at=LATER, **told):
        body = json.dumps(told).encode()
        commerce.keep_notice(shop_id=shop.pk, provider=PaymentProvider.PRACTICE, number=number, body=body, now=at)
        moved(at)
        moved(at + timedelta(minutes=1))

    return it


def notes_of(returned):
    return list(Note.objects.filter(case=returned.case).order_by("id").values_list("text", flat=True))


def test_a_card_refund_that_fails_days_later_is_on_top_of_the_inbox_again(paid, practice, reported):
    refund = Refund.objects.get()
    practice.came_back[refund.reference] = "カードが使えなくなりました。"
    reported("evt_1", kind="refund", reference=refund.reference, key=refund.provider_key)

    paid.refresh_from_db()
    paid.case.refresh_from_db()
    refund.refresh_from_db()
    assert (refund.state, paid.money, paid.waits_for) == (RefundState.FAILED, MoneyState.FAILED, WaitsFor.STAFF)
    assert (paid.case.status, paid.case.is_urgent, paid.case.is_unread) == ("open", True, True)
    assert "カードが使えなくなりました。" in notes_of(paid)[-1]


def test_the_same_report_twice_leaves_one_note(paid, practice, reported):
    refund = Refund.objects.get()
    practice.came_back[refund.reference] = "カードが使えなくなりました。"
    told = {"kind": "refund", "reference": refund.reference, "key": refund.provider_key}
    for number in ("evt_1", "evt_1", "evt_2"):
        reported(number, **told)

    assert sum("カードが使えなくなりました。" in note for note in notes_of(paid)) == 1


def dispute(state=DisputeState.OPEN):
    return ProviderDispute("du_1", ("ch_1",), 5_800, state, "credit_not_processed", NOW + timedelta(days=10))


def test_a_dispute_brings_the_return_up_and_holds_its_money(returned, practice, reported, manager):
    practice.disputes["du_1"] = dispute()
    reported("evt_1", kind="dispute", reference="du_1")

    returned.case.refresh_from_db()
    note = notes_of(returned)[-1]
    assert (returned.case.is_urgent, "¥5,800" in note, "du_1" in note, "11月30日" in note) == (True,) * 4
    total = Settlement.objects.get(is_current=True).total_yen
    with pytest.raises(commerce.TooMuch):
        actions.confirm(
            by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.BANK, reason="x", now=LATER
        )
    assert not Refund.objects.exists()


def test_a_dispute_that_the_shop_wins_calls_nobody_and_frees_the_money(returned, practice, reported, manager):
    practice.disputes["du_1"] = dispute()
    reported("evt_1", kind="dispute", reference="du_1")
    before = len(notes_of(returned))
    practice.disputes["du_1"] = dispute(DisputeState.WON)
    reported("evt_2", kind="dispute", reference="du_1", at=LATER + timedelta(days=1))

    assert len(notes_of(returned)) == before
    total = Settlement.objects.get(is_current=True).total_yen
    actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.ORIGINAL, now=LATER)
    assert Refund.objects.get().amount_yen == total
