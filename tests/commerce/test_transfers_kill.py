"""A process is killed with -9 after the file was taken, while results were being marked: each refund is paid once."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from anshin.commerce import actions
from anshin.commerce.forms import TypedAccount, read_account
from anshin.commerce.models import Customer, Order, Payment, Refund, RefundSetting, TransferBatch, TransferLine
from anshin.commerce.terms import BatchState, LineState, PaymentMethod, RefundState, RefundWay, ReplyScope, ReplyState
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.models import Membership, Person, Shop
from tests.channels.email.outside import shared_database
from tests.connectors.bank_files.answers import with_results

pytestmark = pytest.mark.kill
NOW, DAY = datetime(2026, 11, 20, 5, 0, tzinfo=UTC), date(2026, 11, 25)
ON_THE_DAY = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
READ = read_account(TypedAccount("0001", "001", "ordinary", "7654321", "カシワギ ユキコ"), language="ja")


@pytest.fixture
def folder(transactional_db, tmp_path):
    """A place whose database another process sees, too."""
    if connection.vendor == "postgresql":
        yield tmp_path
    else:
        yield from shared_database.sqlite_file(tmp_path)


@pytest.fixture
def staff(folder, settings):
    """Whoever makes and whoever approves."""
    settings.SECRET_KEY = "only-for-tests-" + "x" * 40  # that of the other process
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=NOW)
    RefundSetting.objects.create(
        shop=shop, client_code="1234567890", client_name="ｶ)ｺﾓﾚﾋﾞ", bank_code="0001", branch_code="001",
        number_sealed=secrets.seal("0123456"), number_end="3456",
    )  # fmt: skip
    return [
        Membership.objects.create(
            shop=shop,
            person=Person.objects.create(email=f"{role}@komorebi.example", name=role),
            role=role,
            created_at=NOW,
        )
        for role in ("manager", "owner")
    ]


@pytest.fixture
def sent(staff):
    """A batch of two whose file was taken, and the bank's answer, not taken over yet."""
    manager, owner = staff
    refunds = [refund(manager, number) for number in (1, 2)]
    batch = actions.make_batch(by=manager, transfer_on=DAY, refund_ids=[each.pk for each in refunds], now=NOW)
    actions.approve_batch(by=owner, batch_id=batch.pk, now=NOW)
    _name, content = actions.take_batch_file(by=manager, batch_id=batch.pk, now=NOW)
    reply = actions.take_bank_reply(
        by=manager,
        batch_id=batch.pk,
        content=with_results(content, {2: b"2"}),
        name="kekka",
        scope=ReplyScope.ALL,
        now=ON_THE_DAY,
    )
    return batch, reply, content


def refund(manager, number):
    customer = Customer.objects.create(shop=manager.shop, name=f"髙橋 {number}", created_at=NOW)
    order = Order.objects.create(
        shop=manager.shop,
        number=f"KM-{number}",
        number_key=f"km{number}",
        customer=customer,
        ordered_at=NOW,
        total_yen=5_000,
    )
    Payment.objects.create(
        shop=manager.shop, order=order, method=PaymentMethod.CONVENIENCE, amount_yen=5_000, paid_at=NOW
    )
    account = actions.give_account(by=manager, customer_id=customer.pk, account=READ, now=NOW)
    return actions.issue_refund(
        by=manager, order_id=order.pk, amount_yen=1_000, way=RefundWay.BANK, key=f"return-{number}", reason="",
        account_id=account.pk, now=NOW,
    )  # fmt: skip


def kill_before_the_commit(folder, tmp_path, batch, reply, by):
    process = subprocess.Popen(
        [
            sys.executable, "-m", "tests.commerce.outside.mark_process",
            str(batch.pk), str(reply.pk), str(by.pk), ON_THE_DAY.isoformat(),
        ],
        cwd=shared_database.ROOT,
        env=shared_database.environment(folder, tmp_path / "files"),
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert [process.stdout.readline().strip() for _line in range(2)] == ["taken", "marked"]
    finally:
        process.kill()
        process.wait(30)


def test_killed_while_results_are_taken_over_books_each_once(sent, staff, folder, tmp_path):
    (manager, _owner), (batch, reply, content) = staff, sent

    kill_before_the_commit(folder, tmp_path, batch, reply, manager)

    reply.refresh_from_db()
    assert reply.state == ReplyState.READ
    assert set(TransferLine.objects.values_list("state", flat=True)) == {LineState.WAITING}
    assert set(Refund.objects.values_list("state", flat=True)) == {RefundState.SENDING}
    assert not JournalEntry.objects.filter(event="refund.settled").exists()
    taken = JournalEntry.objects.filter(event="transfer.file_taken")
    assert taken.count() == 2  # the killed one's download is written down, too

    assert actions.take_batch_file(by=manager, batch_id=batch.pk, now=ON_THE_DAY)[1] == content
    for _time in range(2):
        actions.apply_bank_reply(by=manager, reply_id=reply.pk, now=ON_THE_DAY)
        actions.mark_transfers_done(by=manager, batch_id=batch.pk, positions=[1, 2], now=ON_THE_DAY)

    assert list(Refund.objects.order_by("id").values_list("state", flat=True)) == [
        RefundState.SETTLED,
        RefundState.FAILED,
    ]
    assert JournalEntry.objects.filter(event="refund.settled").count() == 1
    assert JournalEntry.objects.filter(event="refund.failed").count() == 1
    assert list(Order.objects.order_by("id").values_list("refunded_yen", flat=True)) == [1_000, 0]
    assert TransferBatch.objects.get().state == BatchState.CLOSED
