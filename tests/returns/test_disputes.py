"""What a card company or a customer's bank takes back later puts the return on top of the inbox."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from anshin.cases.actions import close, tell_deadlines
from anshin.cases.models import Case, Note
from anshin.cases.terms import Resolution
from anshin.commerce import actions as commerce
from anshin.commerce.fakes import PracticePayments
from anshin.commerce.models import PaymentAccount, Refund
from anshin.commerce.ports import ProviderDispute, payments
from anshin.commerce.terms import DisputeState, PaymentProvider, RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
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


def dispute(state=DisputeState.OPEN, days=10):
    return ProviderDispute("du_1", ("ch_1",), 5_800, state, "credit_not_processed", NOW + timedelta(days=days))


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


@pytest.fixture
def disputed(practice, sold, reported):
    """An order without a return whose payment the cardholder disputes; the evidence is due ten days later."""
    order = sold()
    order.payments.update(reference="ch_1")
    practice.disputes["du_1"] = dispute()
    reported("evt_1", kind="dispute", reference="du_1")
    return order


def test_a_dispute_without_a_return_is_a_case_of_its_own_with_the_day_of_the_evidence(
    disputed, shop, practice, reported
):
    case = Case.objects.get()
    due = NOW + timedelta(days=10)
    assert (case.status, case.channel, case.is_urgent, case.due_at) == ("open", "desk", True, due)
    assert case.urgent_kind == "evidence"
    assert (case.urgent_on, case.customer_id) == (due.date(), disputed.customer_id)
    assert [link.order_id for link in case.order_links.filter(is_proposed=False)] == [disputed.pk]
    note = case.notes.get().text
    assert ("¥5,800" in note, "11月30日" in note, "du_1" in note) == (True,) * 3
    reported("evt_2", kind="dispute", reference="du_1")
    assert (Case.objects.count(), case.notes.count()) == (1, 1)
    tell_deadlines(now=due + timedelta(minutes=1))
    assert JournalEntry.objects.filter(event="case.overdue", case_id=case.pk).count() == 1


def test_its_evidence_is_reminded_of_three_days_and_one_day_before_even_when_put_away(disputed, shop, manager):
    case = Case.objects.get()
    close(by=manager, case_id=case.pk, resolution=Resolution.ANSWERED, now=LATER)
    told = [actions.remind_of_disputes(shop=shop, now=NOW + timedelta(days=day)) for day in (6, 7, 8, 9, 9, 11)]
    case.refresh_from_db()
    assert (told, case.status, case.notes.count()) == ([0, 1, 0, 1, 0, 0], "open", 3)


def test_how_it_ends_is_said_in_its_case_and_reminds_nobody_any_more(disputed, shop, practice, reported):
    practice.disputes["du_1"] = dispute(DisputeState.WON)
    reported("evt_2", kind="dispute", reference="du_1", at=LATER + timedelta(days=1))
    assert "店舗" in Case.objects.get().notes.last().text
    assert actions.remind_of_disputes(shop=shop, now=NOW + timedelta(days=9)) == 0


def test_a_dispute_that_was_over_when_it_was_heard_of_opens_no_case(practice, sold, reported):
    sold().payments.update(reference="ch_1")
    practice.disputes["du_1"] = dispute(DisputeState.WON)
    reported("evt_1", kind="dispute", reference="du_1")
    assert not Case.objects.exists()
