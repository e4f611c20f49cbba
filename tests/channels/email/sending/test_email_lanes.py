"""Carriers are served one mail at a time by all workers together, and nobody else waits for that."""

import contextlib
import itertools
import subprocess
import sys
from datetime import timedelta

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.ports import outbox
from anshin.cases.terms import Delivery, Direction
from anshin.channels.email.fakes import FakeTransport, refusal
from anshin.channels.email.models import Mailbox, SendAttempt, SendingLane, SendingTurn
from anshin.channels.email.ports import EVERYBODY, transport
from anshin.channels.email.sending import lanes
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.terms import Phase, Security
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.shops.models import Shop
from tests.channels.email.outside import shared_database
from tests.channels.email.outside.strict_server import StrictServer, serving

WAITS = "docomo宛ては順番に送っています。このメールは送信待ちです。"


@pytest.fixture
def case(shop, mailbox, now):
    return Case.objects.create(shop=shop, number=1, channel="email", created_at=now, last_activity_at=now)


def reply_to(case, *addresses, at):
    message = Message.objects.create(
        shop_id=case.shop_id,
        case=case,
        direction=Direction.OUT,
        channel="email",
        at=at,
        to=[["", address] for address in addresses],
        text="明日届きます。",
        message_key="held",
        delivery=Delivery.QUEUED,
    )
    Message.objects.filter(pk=message.pk).update(message_key=f"{message.pk}.x@komorebi.example")
    enqueue("anshin.cases.jobs.deliver", message.pk, now=at, shop_id=case.shop_id)
    return message


class Desk:
    """Runs the jobs of one moment with a transport that may refuse."""

    def __init__(self):
        self.way = FakeTransport()

    def run(self, now):
        with outbox.filled_with(EmailOutbox(moment=lambda: now)), transport.filled_with(self.way):
            run_due_jobs(now)

    @property
    def left_for(self):
        return [carried.recipients[0].partition("@")[0] for carried in self.way.carried]


@pytest.fixture
def desk():
    return Desk()


def state(message):
    message.refresh_from_db()
    return message.delivery, message.server_words


@pytest.mark.django_db
def test_replies_to_a_carrier_leave_in_order_and_the_waiting_ones_say_so(case, desk, now):
    replies = [reply_to(case, f"m{number}@docomo.ne.jp", at=now) for number in range(3)]
    desk.run(now)

    assert desk.left_for == ["m0"]
    assert state(replies[1]) == (Delivery.QUEUED, WAITS)
    assert (replies[1].attempts, replies[1].leaves_at) == (0, now + timedelta(seconds=3))
    assert Job.objects.filter(state="waiting").count() == 2

    desk.run(now + timedelta(seconds=3))
    assert desk.left_for == ["m0", "m1"]
    desk.run(now + timedelta(seconds=6))
    assert desk.left_for == ["m0", "m1", "m2"]
    assert [state(reply)[0] for reply in replies] == [Delivery.SENT] * 3
    assert (SendingTurn.objects.count(), Job.objects.filter(state="waiting").count()) == (0, 0)


@pytest.mark.django_db
def test_nobody_waits_for_the_customers_of_a_carrier(case, desk, now):
    for number in range(20):
        reply_to(case, f"d{number}@docomo.ne.jp", at=now)
    for number in range(20):
        reply_to(case, f"g{number}@gmail.com", at=now)
    desk.run(now)
    assert sorted(desk.left_for) == sorted(["d0", *(f"g{number}" for number in range(20))])


@pytest.mark.django_db
def test_later_from_a_carrier_makes_all_mail_to_it_wait_but_no_other(case, desk, now):
    first = reply_to(case, "m0@docomo.ne.jp", at=now)
    desk.way.failure = refusal("450 4.2.1 Busy <m0@docomo.ne.jp>", slower_for=["m0@docomo.ne.jp"])
    desk.run(now)
    assert state(first) == (Delivery.DEFERRED, "450 4.2.1 Busy <m0@docomo.ne.jp>")
    desk.way.failure = None

    at = now + timedelta(seconds=15)
    second, other = reply_to(case, "m1@docomo.ne.jp", at=at), reply_to(case, "a@ezweb.ne.jp", at=at)
    desk.run(at)
    assert desk.left_for == ["a"]
    assert state(other)[0] == Delivery.SENT
    words = (
        "docomo宛ては待っています。受け取り側のサーバーが、間をあけるよう求めています"
        "（450 4.2.1 Busy <m0@docomo.ne.jp>）。自動で続きを送ります。"
    )
    assert [state(first), state(second)] == [(Delivery.QUEUED, words)] * 2
    assert first.attempts == 1

    desk.run(now + timedelta(minutes=5))
    desk.run(now + timedelta(minutes=5, seconds=3))
    assert desk.left_for == ["a", "m0", "m1"]
    assert SendingLane.objects.get(receiver="docomo").refusals == 0


@pytest.mark.django_db
def test_later_from_our_own_server_makes_everybody_wait(case, desk, now):
    reply_to(case, "m0@gmail.com", at=now)
    desk.way.failure = refusal("421 4.3.2 Too busy", slower_for=[EVERYBODY])
    desk.run(now)
    desk.way.failure = None
    other = reply_to(case, "a@ezweb.ne.jp", at=now)
    desk.run(now + timedelta(seconds=1))
    assert desk.left_for == []
    words = "メールサーバーが、間をあけるよう求めています（421 4.3.2 Too busy）。自動で続きを送ります。"
    assert state(other) == (Delivery.QUEUED, words)
    desk.run(now + timedelta(seconds=30))
    desk.run(now + timedelta(seconds=40))
    assert sorted(desk.left_for) == ["a", "m0"]


@pytest.mark.django_db
def test_a_refusal_of_this_mail_alone_lets_the_others_go(case, desk, now):
    bad = reply_to(case, "m0@docomo.ne.jp", at=now)
    desk.way.failure = refusal("550 5.1.1 Unknown user", permanent=True)
    desk.run(now)
    desk.way.failure = None
    reply_to(case, "m1@docomo.ne.jp", at=now)
    desk.run(now + timedelta(seconds=3))
    assert (state(bad)[0], desk.left_for) == (Delivery.FAILED, ["m1"])


@pytest.mark.django_db
def test_a_mail_for_two_carriers_takes_a_turn_at_both_or_at_none(case, desk, now):
    reply_to(case, "m0@docomo.ne.jp", at=now)
    both = reply_to(case, "m1@ezweb.ne.jp", "m2@docomo.ne.jp", at=now)
    desk.run(now)
    assert desk.left_for == ["m0"]
    assert state(both)[0] == Delivery.QUEUED
    reply_to(case, "m3@au.com", at=now)
    desk.run(now + timedelta(seconds=1))
    assert desk.left_for == ["m0", "m3"]
    desk.run(now + timedelta(seconds=4))
    desk.run(now + timedelta(seconds=8))
    assert desk.left_for == ["m0", "m3", "m1"]


@pytest.mark.django_db
def test_a_cut_off_conversation_that_is_reported_unsure_frees_the_lane(case, desk, now):
    cut = reply_to(case, "m0@docomo.ne.jp", at=now)
    way = lanes.way_of(_sender(case), ["m0@docomo.ne.jp"])
    assert lanes.enter(way, shop_id=case.shop_id, message_id=cut.pk, now=now) is None
    SendAttempt.objects.create(shop_id=case.shop_id, message=cut, started_at=now, phase=Phase.HANDED_OVER)
    reply_to(case, "m1@docomo.ne.jp", at=now + timedelta(seconds=20))

    desk.run(now + timedelta(seconds=20))

    assert (state(cut)[0], desk.left_for) == (Delivery.UNSURE, ["m1"])


@pytest.mark.django_db
def test_lanes_of_long_ago_are_forgotten(case, desk, now):
    reply_to(case, "m0@docomo.ne.jp", at=now)
    desk.run(now)
    assert lanes.prune(now=now + timedelta(days=29)) == 0
    assert lanes.prune(now=now + timedelta(days=31)) == 2


def _sender(case):
    from anshin.channels.email.ports import Sender

    return Sender(case.shop_id, "shop@komorebi.example", None)


@contextlib.contextmanager
def workers(count, folder, files):
    """Real worker processes with three threads each."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.channels.email.outside.sending_worker"],
            cwd=shared_database.ROOT,
            env=shared_database.environment(folder, files),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(count)
    ]
    try:
        assert [process.stdout.readline() for process in processes] == ["here\n"] * count
        yield processes
    finally:
        for process in processes:
            process.stdin.close()
            process.wait(30)
            process.stdout.close()


def shop_with_server(port, now):
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=now)
    Mailbox.objects.create(
        shop=shop,
        address="shop@komorebi.example",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security=Security.PLAIN,
        created_at=now,
    )
    return Case.objects.create(shop=shop, number=1, channel="email", created_at=now, last_activity_at=now)


@pytest.mark.kill
def test_three_worker_processes_obey_one_pace_and_send_each_reply_once(folder, kept_files, now):
    server = StrictServer(wanted=30)
    with serving(server) as port:
        case = shop_with_server(port, now)
        wanted = [
            reply_to(case, f"m{number}@{domain}", at=now)
            for number in range(10)
            for domain in ("docomo.ne.jp", "ezweb.ne.jp", "gmail.com")
        ]
        with workers(3, folder, kept_files):
            assert server.everything.wait(90)

    assert server.refusals == []
    assert sorted(recipients[0] for _from, recipients, _raw in server.got) == sorted(
        message.to[0][1] for message in wanted
    )
    slow = server.moments("docomo.ne.jp")
    assert min(later - sooner for sooner, later in itertools.pairwise(slow)) > server.shortest_gap
    assert sum(at < slow[-1] for at in server.moments("gmail.com")) >= 8
    assert {state(message)[0] for message in wanted} == {Delivery.SENT}


@pytest.mark.kill
def test_workers_back_off_together_from_a_carrier_that_is_busy(folder, kept_files, now):
    server = StrictServer(wanted=8, busy_times=2)
    with serving(server) as port:
        case = shop_with_server(port, now)
        wanted = [reply_to(case, f"m{number}@docomo.ne.jp", at=now) for number in range(6)]
        others = [reply_to(case, f"g{number}@gmail.com", at=now) for number in range(2)]
        with workers(2, folder, kept_files):
            assert server.everything.wait(90)

    assert server.refusals == ["450 4.2.1 busy"] * 2
    assert max(server.moments("gmail.com")) < min(server.moments("docomo.ne.jp"))
    assert {state(message)[0] for message in [*wanted, *others]} == {Delivery.SENT}
    assert len(server.got) == 8
