"""What a bank answers is kept, explained, and booked once: rejects, another batch's file, a cut one, a doubled one."""

# ruff: noqa: F811 the fixtures of the batches

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from anshin.commerce import actions, queries
from anshin.commerce.forms import TypedAccount, read_account
from anshin.commerce.models import TransferLine, TransferReply
from anshin.commerce.terms import BatchState, LineState, RefundState, ReplyColumn, ReplyScope, ReplyState
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.commerce.test_transfer_batches import (  # noqa: F401  fixtures
    DAY,
    ON_THE_DAY,
    handed,
    make,
    setting,
    states,
    waiting,
)
from tests.conftest import NOW
from tests.connectors.bank_files.answers import failures_only, records_of, with_results

CORRECTED = read_account(TypedAccount("0005", "001", "ordinary", "1112223", "カシワギ ユキコ"), language="ja")


@pytest.fixture
def sent(manager, owner, waiting):
    """A batch of three refunds whose file the bank has: refunds, batch, file."""
    refunds = waiting(3)
    batch = handed(manager, owner, refunds)
    _name, content = actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW)
    return refunds, batch, content


def take(by, batch, content, scope=ReplyScope.FAILURES, name="reply.txt", now=ON_THE_DAY):
    return actions.take_bank_reply(by=by, batch_id=batch.pk, content=content, name=name, scope=scope, now=now)


def apply(by, reply, now=ON_THE_DAY):
    return actions.apply_bank_reply(by=by, reply_id=reply.pk, now=now)


def lines(batch):
    return list(TransferLine.objects.filter(batch=batch).values_list("state", flat=True))


def settled_count():
    return JournalEntry.objects.filter(event="refund.settled").count()


def assert_nothing_booked(batch, refunds):
    assert lines(batch) == [LineState.WAITING] * 3
    assert states(refunds) == [RefundState.SENDING] * 3
    assert not JournalEntry.objects.filter(event__in=["refund.settled", "refund.failed"]).exists()


def test_results_are_shown_first_and_booked_when_somebody_says_so(manager, sent):
    refunds, batch, content = sent

    reply = take(manager, batch, with_results(content, {2: b"2"}), ReplyScope.ALL)
    assert (reply.state, reply.refusal) == (ReplyState.READ, "")
    assert [found[1:3] for found in reply.findings] == [[1, "done"], [2, "failed"], [3, "done"]]
    assert_nothing_booked(batch, refunds)
    assert "7654321" not in reply.content_sealed + str(reply.findings)

    apply(manager, reply)
    assert lines(batch) == [LineState.DONE, LineState.FAILED, LineState.DONE]
    assert states(refunds) == [RefundState.SETTLED, RefundState.FAILED, RefundState.SETTLED]
    assert (refunds[1].account, refunds[0].reference) == (None, "1-1")
    assert "2" in refunds[1].failure
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    applied = JournalEntry.objects.get(event="transfer.reply_applied").payload
    assert (applied["done_count"], applied["failed_count"]) == (2, 1)


def test_what_the_bank_rejected_comes_into_the_next_batch_with_another_account(manager, owner, shop, sent):
    refunds, batch, content = sent
    apply(manager, take(manager, batch, failures_only(content, [3], code=b"1")))
    assert lines(batch) == [LineState.WAITING, LineState.WAITING, LineState.FAILED]
    actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1, 2], now=ON_THE_DAY)
    assert list(queries.refunds_without_account(shop)) == [refunds[2]]

    actions.give_account(
        by=manager, customer_id=refunds[2].customer_id, account=CORRECTED, now=ON_THE_DAY, refund_id=refunds[2].pk
    )
    again = actions.make_batch(by=manager, transfer_on=date(2026, 12, 1), refund_ids=[refunds[2].pk], now=ON_THE_DAY)
    actions.approve_batch(by=owner, batch_id=again.pk, now=ON_THE_DAY)
    _name, second = actions.take_batch_file(by=manager, batch_id=again.pk, now=ON_THE_DAY)
    assert b"1112223" in second
    apply(
        manager,
        take(manager, again, _all_done(second), ReplyScope.ALL, now=ON_THE_DAY + timedelta(days=6)),
        now=ON_THE_DAY + timedelta(days=6),
    )

    assert states(refunds) == [RefundState.SETTLED] * 3
    assert settled_count() == 3
    assert refunds[2].reference == "2-1"
    refunds[2].order.refresh_from_db()
    assert refunds[2].order.refunded_yen == 1_000


def _all_done(content):
    return with_results(content, {})


def test_a_file_that_came_before_is_said_and_booked_once(manager, sent):
    _refunds, batch, content = sent
    answer = with_results(content, {2: b"2"})
    first = take(manager, batch, answer, ReplyScope.ALL)
    apply(manager, first)

    with pytest.raises(actions.ReplyKnown) as caught:
        take(manager, batch, answer, ReplyScope.ALL, name="again.txt")
    assert caught.value.reply_id == first.pk
    apply(manager, first)
    assert (TransferReply.objects.count(), settled_count()) == (1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferReply.objects.create(
            shop=first.shop, batch=batch, name="x", scope=ReplyScope.ALL, sha256=first.sha256, state=ReplyState.READ,
            taken_by=manager, taken_at=NOW,
        )  # fmt: skip


def test_the_same_results_in_another_file_change_nothing(manager, sent):
    _refunds, batch, content = sent
    apply(manager, take(manager, batch, with_results(content, {2: b"2"}), ReplyScope.ALL))

    other = take(manager, batch, with_results(content, {2: b"2"}).replace(b"\r\n", b""), ReplyScope.ALL)
    assert {found[4] for found in other.findings} == {"known"}
    apply(manager, other)

    assert settled_count() == 2
    assert JournalEntry.objects.filter(event="refund.failed").count() == 1


def test_a_failed_line_does_not_become_paid_by_a_later_file(manager, sent):
    _refunds, batch, content = sent
    apply(manager, take(manager, batch, failures_only(content, [1])))

    late = take(manager, batch, with_results(content, {}), ReplyScope.ALL)

    assert [found[4] for found in late.findings] == ["contradicts", "", ""]
    apply(manager, late)
    assert lines(batch) == [LineState.FAILED, LineState.DONE, LineState.DONE]


def test_a_transfer_that_came_back_after_it_was_paid_is_taken_out_again(manager, sent):
    refunds, batch, content = sent
    apply(manager, take(manager, batch, with_results(content, {}), ReplyScope.ALL))

    apply(manager, take(manager, batch, failures_only(content, [2], code=b"7")))

    assert states(refunds) == [RefundState.SETTLED, RefundState.FAILED, RefundState.SETTLED]


def test_another_batchs_file_is_refused_and_says_where_it_belongs(manager, owner, waiting, sent):
    refunds, batch, _content = sent
    more = waiting(5)[3:]
    other = handed_on(manager, owner, more, date(2026, 11, 30))
    _name, others = actions.take_batch_file(by=manager, batch_id=other.pk, now=NOW)

    by_day = take(manager, batch, failures_only(others, [1]))
    assert by_day.state == ReplyState.REFUSED
    assert str(other.number) in by_day.refusal
    with pytest.raises(actions.BatchRefused):
        apply(manager, by_day)
    assert_nothing_booked(batch, refunds)
    assert take(manager, other, failures_only(others, [1])).state == ReplyState.READ


def handed_on(manager, owner, refunds, day):
    batch = make(manager, refunds, day)
    actions.approve_batch(by=owner, batch_id=batch.pk, now=NOW)
    return batch


@pytest.mark.parametrize("change", ["amount", "account", "line"])
def test_one_foreign_record_refuses_the_whole_file(manager, sent, change):
    refunds, batch, content = sent
    header, first, second, third, trailer, end = records_of(with_results(content, {}))
    second = {
        "amount": second[:80] + b"0000000999" + second[90:],
        "account": second[:43] + b"0000001" + second[50:],
        "line": second[:91] + b"0000000009" + second[101:],
    }[change]
    if change == "amount":
        trailer = trailer[:7] + b"%012d" % 2_999 + trailer[19:]

    reply = take(manager, batch, b"".join([header, first, second, third, trailer, end]), ReplyScope.ALL)

    assert reply.state == ReplyState.REFUSED
    assert "3" in reply.refusal  # the record
    assert_nothing_booked(batch, refunds)


def test_a_cut_file_the_banks_own_file_and_no_file_are_explained(manager, sent):
    refunds, batch, content = sent
    cut = take(manager, batch, content[:300])
    own = take(manager, batch, content.replace(b"\r\n", b"\n"), ReplyScope.ALL)
    assert (cut.state, own.state) == (ReplyState.REFUSED, ReplyState.REFUSED)
    assert cut.refusal != own.refusal
    for bad in (b"", b"x" * (actions.LARGEST_REPLY_BYTES + 1)):
        with pytest.raises(actions.BatchRefused):
            take(manager, batch, bad)
    assert_nothing_booked(batch, refunds)


def test_a_table_may_hold_other_transfers_beside_ours(manager, sent):
    refunds, batch, _content = sent
    table = "銀行コード,支店コード,口座番号,振込金額,処理結果\n0001,001,7654321,1000,済\n0009,002,1,99,済\n"

    by_account = take(manager, batch, table.encode(), ReplyScope.ALL)
    assert by_account.state == ReplyState.REFUSED  # three lines have this account and amount: nobody can tell which
    rows = "顧客コード1,振込金額,処理結果,理由\n1,1000,済,\n2,1000,不能,名義相違\n3,1000,照会中,\n77,5,済,\n"
    reply = take(manager, batch, rows.encode("cp932"), ReplyScope.ALL)
    assert [found[4] for found in reply.findings] == ["", "", "unclear", "unknown"]
    apply(manager, reply)

    assert states(refunds) == [RefundState.SETTLED, RefundState.FAILED, RefundState.SENDING]
    assert refunds[1].failure == "不能 名義相違"


def test_columns_are_named_once_and_remembered(manager, sent):
    _refunds, batch, _content = sent
    plan = [ReplyColumn.LINE, ReplyColumn.AMOUNT, ReplyColumn.RESULT]
    reply = take(manager, batch, b"no,yen,what\n1,1000,OK\n", ReplyScope.ALL)
    assert reply.state == ReplyState.COLUMNS
    with pytest.raises(actions.BatchRefused):
        apply(manager, reply)
    with pytest.raises(actions.BatchRefused):
        actions.name_reply_columns(
            by=manager, reply_id=reply.pk, columns=[plan[0], plan[0], None], scope=ReplyScope.ALL, now=ON_THE_DAY
        )

    reply = actions.name_reply_columns(
        by=manager, reply_id=reply.pk, columns=plan, scope=ReplyScope.ALL, now=ON_THE_DAY
    )
    apply(manager, reply)
    later = take(manager, batch, b"no,yen,what\n2,1000,OK\n", ReplyScope.ALL)

    assert (later.state, later.columns) == (ReplyState.READ, [each.value for each in plan])
    assert lines(batch) == [LineState.DONE, LineState.WAITING, LineState.WAITING]


def test_before_the_day_nothing_is_booked(manager, sent):
    refunds, batch, content = sent
    reply = take(manager, batch, with_results(content, {}), ReplyScope.ALL, now=NOW)

    with pytest.raises(actions.BatchRefused):
        apply(manager, reply, now=NOW)
    assert_nothing_booked(batch, refunds)


def test_neither_agents_nor_other_shops_bring_or_take_over_answers(manager, agent, stranger, other_shop, sent):
    refunds, batch, content = sent
    reply = take(manager, batch, with_results(content, {}), ReplyScope.ALL)
    for step in (lambda: take(agent, batch, b"x"), lambda: apply(agent, reply)):
        with pytest.raises(NotAllowed):
            step()
    type(stranger).objects.filter(pk=stranger.pk).update(role="owner")
    stranger.refresh_from_db()
    for step in (lambda: take(stranger, batch, b"x"), lambda: apply(stranger, reply)):
        with pytest.raises(actions.BatchRefused):
            step()
    assert queries.bank_reply(other_shop, batch.number, reply.pk) is None
    assert_nothing_booked(batch, refunds)


def test_the_answers_are_forgotten_with_the_accounts(manager, shop, sent):
    _refunds, batch, content = sent
    reply = take(manager, batch, with_results(content, {}), ReplyScope.ALL)
    apply(manager, reply)

    actions.purge_accounts(shop=shop, now=ON_THE_DAY + timedelta(days=31))

    reply.refresh_from_db()
    assert (reply.content_sealed, len(reply.sha256), reply.state) == ("", 64, ReplyState.DONE)
