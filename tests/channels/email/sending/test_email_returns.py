"""A bounce address per message: what comes back is written on exactly the message that came back."""

import re

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.ports import outbox
from anshin.cases.terms import Delivery, Direction
from anshin.channels.email import keys
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Fate, Security
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.queue import enqueue
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import Letterbox, running
from tests.channels.email.reading.test_email_taking_in import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(mailbox, now):
    return Case.objects.create(shop=mailbox.shop, number=1, channel="email", created_at=now, last_activity_at=now)


def written(case, number, now, sender="shop@komorebi.example"):
    row = Message.objects.create(
        shop_id=case.shop_id,
        case=case,
        direction=Direction.OUT,
        channel="email",
        at=now,
        sender_name="こもれび",
        sender_mail=sender,
        to=[["", "misaki@example.jp"]],
        text=f"{number}通目です。",
        message_key=f"{number}.x@komorebi.example",
        delivery=Delivery.QUEUED,
    )
    enqueue("anshin.cases.jobs.deliver", row.pk, now=now, shop_id=case.shop_id)
    return row


def send(mailbox, case, now, *, count=2, **settings):
    """The messages and the envelope senders with which they arrived at a real server."""
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.filter(pk=mailbox.pk).update(
            smtp_host="127.0.0.1", smtp_port=port, smtp_security=Security.PLAIN, **settings
        )
        messages = [written(case, number, now) for number in range(count)]
        with outbox.filled_with(EmailOutbox(moment=lambda: now)), transport.filled_with(SmtpTransport()):
            run_due_jobs(now)
    return messages, [envelope for envelope, _recipients, _raw in letterbox.got]


def report(to="shop@komorebi.example", *, extra="", number=0):
    """A report in free words that names neither the mail nor its id."""
    return mail(
        "次のあて先へのメッセージは届きませんでした。\r\n\r\n<misaki@example.jp>: 550 5.1.1 User unknown",
        subject="Undelivered Mail Returned to Sender",
        sender="MAILER-DAEMON@example.jp",
        to=to,
        message_id=f"<r{number}@example.jp>",
        extra=f"Return-Path: <>\r\n{extra}",
    )


def states(messages):
    for message in messages:
        message.refresh_from_db()
    return [message.delivery for message in messages]


def test_each_reply_leaves_with_a_return_address_of_its_own_and_one_from(mailbox, case, now):
    messages, envelopes = send(mailbox, case, now, returns_per_message=True)
    assert [keys.message_named_in([envelope]) for envelope in envelopes] == [message.pk for message in messages]
    assert all(re.fullmatch(r"shop\+b\d+-[a-z2-7]{16}@komorebi\.example", envelope) for envelope in envelopes)


def test_without_the_tick_reports_come_to_the_mailbox_itself(mailbox, case, now):
    assert send(mailbox, case, now, count=1)[1] == ["shop@komorebi.example"]


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_a_report_to_that_address_is_written_on_exactly_that_message(mailbox, case, now, header):
    messages, envelopes = send(mailbox, case, now, returns_per_message=True)
    raised = envelopes[0].upper().replace("KOMOREBI.EXAMPLE", "komorebi.example")  # some relays change the case
    raw = report(raised) if header == "To" else report(extra=f"{header}: <{raised}>\r\n")

    arrival = arrive(mailbox, raw, now)

    assert arrival.fate == Fate.BOUNCE
    assert states(messages) == [Delivery.BOUNCED, Delivery.SENT]
    assert "550 5.1.1" in messages[0].server_words


def test_an_address_that_somebody_made_up_names_no_message(mailbox, case, now):
    messages, envelopes = send(mailbox, case, now, returns_per_message=True)
    local, _at, domain = envelopes[0].rpartition("@")
    for made_up in (
        f"shop+b{messages[0].pk}-aaaaaaaaaaaaaaaa@{domain}",
        f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
    ):
        assert keys.message_named_in([made_up]) is None
        assert keys.case_named_in([made_up]) is None


def test_an_address_of_another_shop_changes_nothing_there(mailbox, case, other_shop, now):
    theirs = Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
    messages, envelopes = send(mailbox, case, now, count=1, returns_per_message=True)

    arrival = arrive(theirs, report(envelopes[0]), now)

    assert (arrival.fate, arrival.reason_code, states(messages)) == (Fate.BOUNCE, "unmatched", [Delivery.SENT])
    assert arrival.message.case.shop_id == other_shop.pk


def test_an_absence_notice_to_that_address_finds_its_case(mailbox, case, now):
    _messages, envelopes = send(mailbox, case, now, count=1, returns_per_message=True)
    raw = mail(
        "不在にしております。",
        subject="自動応答",
        to=envelopes[0],
        message_id="<away@example.jp>",
        extra="Auto-Submitted: auto-replied\r\n",
    )
    Message.objects.create(
        shop_id=case.shop_id, case=case, direction=Direction.IN, channel="email", at=now, message_key="in",
        sender_mail="misaki@example.jp",
    )  # fmt: skip
    arrival = arrive(mailbox, raw, now)
    assert (arrival.fate, arrival.message.case_id) == (Fate.AUTO_REPLY, case.pk)


def test_the_sign_of_a_message_is_no_sign_of_a_case_and_the_other_way_round():
    address = "shop@komorebi.example"
    assert keys.case_named_in([keys.bounce_address(address, 12)]) is None
    assert keys.message_named_in([keys.address_for_case(address, 12)]) is None
    both = [keys.bounce_address(address, 12), keys.address_for_case(address, 7)]
    assert (keys.message_named_in(both), keys.case_named_in(both)) == (12, 7)


def test_an_address_that_would_become_too_long_stays_as_it_is():
    address = f"{'a' * 50}@komorebi.example"
    assert keys.bounce_address(address, 12) == address
