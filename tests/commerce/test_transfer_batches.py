"""Transfers leave in batches that two people made, once each, and every line ends as done or failed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from anshin.commerce import actions, queries
from anshin.commerce.forms import TypedAccount, read_account
from anshin.commerce.models import RefundSetting, TransferBatch, TransferLine
from anshin.commerce.terms import BatchState, IncomingPayment, LineState, PaymentMethod, RefundState, RefundWay
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2026, 11, 25)  # Wednesday; NOW is Friday 20 November, Monday is a holiday
ON_THE_DAY = NOW + timedelta(days=5)
READ = read_account(TypedAccount("0001", "001", "ordinary", "7654321", "カシワギ ユキコ"), language="ja")


@pytest.fixture(autouse=True)
def setting(shop):
    return RefundSetting.objects.create(
        shop=shop,
        second_person_above_yen=50_000,
        client_code="1234567890",
        client_name="ｶ)ｺﾓﾚﾋﾞ",
        bank_code="0001",
        branch_code="001",
        number_sealed=secrets.seal("0123456"),
        number_end="3456",
    )


@pytest.fixture
def waiting(shop, manager, incoming, by):
    """Refunds by bank with an account, ready for a batch."""

    def made(count=1, amount_yen=1_000):
        refunds = []
        for number in range(count):
            payment = IncomingPayment(PaymentMethod.CASH_ON_DELIVERY, paid_at=NOW - timedelta(days=5))
            told = incoming(f"KM-4{number:04}", payments=(payment,))
            order = actions.take_in_order(shop=shop, order=told, now=NOW, by=by).order
            account = actions.give_account(by=manager, customer_id=order.customer_id, account=READ, now=NOW)
            refunds.append(
                actions.issue_refund(
                    by=manager,
                    order_id=order.pk,
                    amount_yen=amount_yen,
                    way=RefundWay.BANK,
                    key=f"return-{number}",
                    reason="",
                    now=NOW,
                    account_id=account.pk,
                )
            )
        return refunds

    return made


def make(by, refunds, transfer_on=DAY):
    return actions.make_batch(by=by, transfer_on=transfer_on, refund_ids=[each.pk for each in refunds], now=NOW)


def handed(manager, owner, refunds):
    batch = make(manager, refunds)
    actions.approve_batch(by=owner, batch_id=batch.pk, now=NOW)
    actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def events_of_batches():
    found = JournalEntry.objects.filter(event__startswith="transfer.").order_by("id")
    return list(found.values_list("event", flat=True))


def states(refunds):
    for refund in refunds:
        refund.refresh_from_db()
    return [refund.state for refund in refunds]


def test_from_waiting_refunds_to_the_file_and_the_end(manager, owner, shop, waiting):
    refunds = waiting(3)
    assert list(queries.refunds_for_transfer(shop)) == refunds
    batch = make(manager, refunds)
    assert (batch.number, batch.state, batch.line_count, batch.total_yen) == (1, BatchState.DRAFT, 3, 3_000)
    assert states(refunds) == [RefundState.SENDING] * 3
    assert refunds[0].expected_on == DAY
    assert list(queries.refunds_for_transfer(shop)) == []

    actions.approve_batch(by=owner, batch_id=batch.pk, now=NOW)
    name, content = actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW)
    assert actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW) == (name, content)
    assert name == "furikomi-20261125-1.txt"
    assert len(content) == 6 * 122
    assert content[55 - 1 : 58] == b"1125"
    batch.refresh_from_db()
    assert (batch.state, batch.handed_at) == (BatchState.HANDED, NOW)
    assert batch.file_sha256 == hashlib.sha256(content).hexdigest()
    assert "7654321" not in batch.file_sealed

    actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1, 3], now=ON_THE_DAY)
    batch = actions.mark_transfer_failed(by=manager, batch_id=batch.pk, position=2, reason="口座なし", now=ON_THE_DAY)

    assert states(refunds) == [RefundState.SETTLED, RefundState.FAILED, RefundState.SETTLED]
    assert (refunds[0].reference, refunds[0].moved_on, refunds[0].operator) == ("1-1", DAY, manager)
    assert batch.file_sha256[:16] in refunds[0].answer
    assert (refunds[1].failure, refunds[1].account) == ("口座なし", None)
    assert (batch.state, batch.closed_at) == (BatchState.CLOSED, ON_THE_DAY)
    assert events_of_batches() == [
        "transfer.batch_made",
        "transfer.batch_approved",
        "transfer.file_taken",
        "transfer.file_taken",
        "transfer.batch_closed",
    ]


def test_a_failed_one_goes_back_to_the_customer_and_into_the_next_batch(manager, owner, shop, waiting):
    refunds = waiting(1)
    batch = handed(manager, owner, refunds)
    actions.mark_transfer_failed(by=manager, batch_id=batch.pk, position=1, reason="名義相違", now=ON_THE_DAY)
    assert list(queries.refunds_without_account(shop)) == refunds

    actions.take_account(
        shop=shop, customer_id=refunds[0].customer_id, account=READ, now=ON_THE_DAY, refund_id=refunds[0].pk
    )

    assert list(queries.refunds_for_transfer(shop)) == refunds
    again = actions.make_batch(by=manager, transfer_on=date(2026, 12, 1), refund_ids=[refunds[0].pk], now=ON_THE_DAY)
    assert again.number == 2


def test_a_transfer_that_comes_back_after_it_was_marked(manager, owner, waiting):
    refunds = waiting(1)
    batch = handed(manager, owner, refunds)
    actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1], now=ON_THE_DAY)

    actions.mark_transfer_failed(by=manager, batch_id=batch.pk, position=1, reason="組戻", now=ON_THE_DAY)

    assert states(refunds) == [RefundState.FAILED]
    refunds[0].order.refresh_from_db()
    assert refunds[0].order.refunded_yen == 0
    assert TransferLine.objects.get().state == LineState.FAILED


def test_marked_twice_is_paid_once(manager, owner, waiting):
    refunds = waiting(2)
    batch = handed(manager, owner, refunds)

    for _time in range(2):
        actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1], now=ON_THE_DAY)

    assert JournalEntry.objects.filter(event="refund.settled").count() == 1


def test_two_people_are_needed(manager, owner, agent, waiting):
    batch = make(manager, waiting(1))

    with pytest.raises(actions.SamePerson):
        actions.approve_batch(by=manager, batch_id=batch.pk, now=NOW)
    with pytest.raises(NotAllowed):
        actions.approve_batch(by=agent, batch_id=batch.pk, now=NOW)
    with pytest.raises(actions.BatchRefused):
        actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW)
    for approved_by in (None, manager):
        with pytest.raises(IntegrityError), transaction.atomic():
            TransferBatch.objects.update(state=BatchState.APPROVED, approved_by=approved_by, file_sha256="x")


def test_agents_and_other_shops_reach_nothing(agent, manager, owner, stranger, other_shop, waiting):
    refunds = waiting(1)
    with pytest.raises(NotAllowed):
        make(agent, refunds)
    batch = handed(manager, owner, refunds)
    for by in (agent, stranger):
        for step in (
            lambda by=by: actions.take_batch_file(by=by, batch_id=batch.pk, now=NOW),
            lambda by=by: actions.mark_transfers_done(by=by, batch_id=batch.pk, positions=[1], now=ON_THE_DAY),
            lambda by=by: actions.dissolve_batch(by=by, batch_id=batch.pk, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                step()
    stranger.role = "owner"
    stranger.save()
    with pytest.raises(actions.UnknownBatch):
        actions.take_batch_file(by=stranger, batch_id=batch.pk, now=NOW)
    with pytest.raises(actions.BatchRefused):
        make(stranger, refunds)
    assert queries.transfer_batch(other_shop, 1) is None
    assert states(refunds) == [RefundState.SENDING]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 20),  # today
        date(2026, 11, 21),  # Saturday
        date(2026, 11, 23),  # holiday
        date(2026, 12, 31),  # banks are closed
        date(2027, 11, 24),  # the file has no year
    ],
)
def test_only_on_bank_days_that_lie_ahead(manager, waiting, day):
    refunds = waiting(1)

    with pytest.raises(actions.BatchRefused):
        make(manager, refunds, day)

    assert states(refunds) == [RefundState.READY]
    assert TransferBatch.objects.count() == 0


def test_a_refund_is_in_one_batch_at_a_time(manager, waiting):
    refunds = waiting(2)
    make(manager, refunds[:1])

    with pytest.raises(actions.BatchRefused):
        make(manager, refunds)

    assert states(refunds) == [RefundState.SENDING, RefundState.READY]
    line = TransferLine.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferLine.objects.create(
            shop=line.shop, batch=line.batch, refund=line.refund, position=9, amount_yen=line.amount_yen
        )


def test_dissolved_before_the_file_was_taken_and_not_after(manager, owner, waiting):
    refunds = waiting(2)
    batch = make(manager, refunds)
    actions.dissolve_batch(by=manager, batch_id=batch.pk, now=NOW)
    assert states(refunds) == [RefundState.READY] * 2

    second = handed(manager, owner, refunds)
    with pytest.raises(actions.BatchRefused):
        actions.dissolve_batch(by=manager, batch_id=second.pk, now=NOW)


def test_not_marked_before_the_day(manager, owner, waiting):
    refunds = waiting(1)
    batch = handed(manager, owner, refunds)

    with pytest.raises(actions.BatchRefused):
        actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1], now=NOW)

    assert states(refunds) == [RefundState.SENDING]


def test_nobody_settles_or_fails_by_hand_what_is_in_a_batch(manager, waiting):
    refunds = waiting(1)
    make(manager, refunds)

    with pytest.raises(actions.StepRefused):
        actions.fail_refund(by=manager, refund_id=refunds[0].pk, reason="x", now=NOW)
    with pytest.raises(actions.StepRefused):
        actions.withdraw_refund(by=manager, refund_id=refunds[0].pk, reason="x", now=NOW)


def test_without_the_shops_own_account_there_is_no_batch(manager, waiting, setting):
    refunds = waiting(1)
    setting.client_code = ""
    setting.save()

    with pytest.raises(actions.BatchRefused):
        make(manager, refunds)
    assert states(refunds) == [RefundState.READY]


def test_the_file_is_forgotten_with_the_accounts_and_its_digest_stays(manager, owner, shop, waiting):
    refunds = waiting(1)
    batch = handed(manager, owner, refunds)
    actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1], now=ON_THE_DAY)

    actions.purge_accounts(shop=shop, now=ON_THE_DAY + timedelta(days=31))

    batch.refresh_from_db()
    assert (batch.file_sealed, len(batch.file_sha256)) == ("", 64)
    with pytest.raises(actions.BatchRefused):
        actions.take_batch_file(by=manager, batch_id=batch.pk, now=ON_THE_DAY)


def test_lists_cost_one_query_each(manager, shop, waiting, django_assert_num_queries):
    make(manager, waiting(4))

    with django_assert_num_queries(1):
        (batch,) = queries.transfer_batches(shop).items
        assert batch.made_by.person.name == "佐伯 みお"
    with django_assert_num_queries(1):
        shown = [
            (line.position, line.refund.order.number, line.refund.customer.name, line.refund.account.masked)
            for line in queries.lines_of_batch(batch)
        ]
    assert shown[0] == (1, "KM-40000", "髙橋 美咲", "***4321")


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (datetime(2026, 11, 20, 14, 59, tzinfo=TOKYO), date(2026, 11, 24)),  # Friday; Monday is a holiday
        (datetime(2026, 11, 20, 15, 0, tzinfo=TOKYO), date(2026, 11, 25)),  # counts for Tuesday
        (datetime(2026, 11, 21, 9, 0, tzinfo=TOKYO), date(2026, 11, 25)),  # Saturday counts for Tuesday
        (datetime(2026, 12, 30, 16, 0, tzinfo=TOKYO), date(2027, 1, 5)),  # counts for 4 January
    ],
)
def test_the_first_day_follows_from_the_banks_calendar_and_the_cut_off(shop, at, first):
    assert queries.first_day_for_transfers(shop, now=at) == first


def test_the_cut_off_and_the_days_are_the_banks(shop, owner, manager, waiting):
    actions.set_transfer_times(by=owner, transfer_lead_days=2, transfer_cut_off=time(11), now=NOW)
    assert queries.first_day_for_transfers(shop, now=NOW) == date(2026, 11, 26)
    assert queries.days_for_transfers(shop, now=NOW, count=3) == [date(2026, 11, day) for day in (26, 27, 30)]
    with pytest.raises(actions.BatchRefused):
        make(manager, waiting(1))
    with pytest.raises(NotAllowed):
        actions.set_transfer_times(by=manager, transfer_lead_days=1, transfer_cut_off=time(11), now=NOW)
    with pytest.raises(actions.SettingRefused):
        actions.set_transfer_times(by=owner, transfer_lead_days=0, transfer_cut_off=time(11), now=NOW)


def test_not_approved_after_the_cut_off(manager, owner, waiting):
    batch = make(manager, waiting(1), date(2026, 11, 24))

    with pytest.raises(actions.BatchRefused):
        actions.approve_batch(by=owner, batch_id=batch.pk, now=NOW + timedelta(hours=2))

    batch.refresh_from_db()
    assert batch.state == BatchState.DRAFT
