"""A process that sends is killed with -9: before the final dot the mail goes out once, after it nobody guesses."""

import subprocess
import sys

import pytest

from anshin.cases.actions import deliver_message
from anshin.cases.models import Case, Message
from anshin.cases.ports import outbox
from anshin.cases.terms import Delivery, Direction
from anshin.channels.email.models import Mailbox, SendAttempt
from anshin.channels.email.ports import transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.shops.models import Shop
from tests.channels.email.outside import shared_database
from tests.channels.email.outside.smtp_server import Letterbox, running

pytestmark = pytest.mark.kill


@pytest.fixture
def message(folder, now):
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=now)
    Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", smtp_host="127.0.0.1", smtp_security=Security.PLAIN, created_at=now
    )
    case = Case.objects.create(shop=shop, number=1, channel="email", created_at=now, last_activity_at=now)
    return Message.objects.create(
        shop=shop,
        case=case,
        direction=Direction.OUT,
        channel="email",
        at=now,
        to=[["", "misaki@example.jp"]],
        subject="Re: 配送",
        text="明日届きます。",
        message_key="1.abc@komorebi.example",
        delivery=Delivery.QUEUED,
    )


def kill_at(point, message, folder, files):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.channels.email.outside.send_process", str(message.pk), point],
        cwd=shared_database.ROOT,
        env=shared_database.environment(folder, files),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "here\n"
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


def deliver_again(message, now):
    with outbox.filled_with(EmailOutbox(moment=lambda: now)), transport.filled_with(SmtpTransport()):
        deliver_message(message_id=message.pk, now=now)
    message.refresh_from_db()


def test_killed_between_answer_and_commit_is_unsure_and_not_sent_twice(message, folder, kept_files, now):
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        kill_at("after_the_answer", message, folder, kept_files)
        assert len(letterbox.got) == 1

        deliver_again(message, now)

    assert len(letterbox.got) == 1
    assert message.delivery == Delivery.UNSURE
    assert list(SendAttempt.objects.values_list("phase", "outcome")) == [("done", "unsure")]


def test_killed_before_the_final_dot_is_sent_again_and_arrives_once(message, folder, kept_files, now):
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        kill_at("before_the_dot", message, folder, kept_files)
        assert letterbox.got == []

        deliver_again(message, now)

    assert len(letterbox.got) == 1
    assert message.delivery == Delivery.SENT
    assert list(SendAttempt.objects.order_by("id").values_list("phase", "outcome")) == [
        ("connecting", ""),
        ("done", "sent"),
    ]
