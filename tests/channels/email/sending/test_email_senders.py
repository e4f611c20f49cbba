"""A shop with several addresses answers from the one to which the customer wrote, and signs as that address does."""

from datetime import timedelta

import pytest

from anshin.cases import actions
from anshin.cases.models import Message
from anshin.cases.ports import outbox
from anshin.cases.terms import Party
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.fakes import FakeTransport
from anshin.channels.email.models import Alias, Mailbox
from anshin.channels.email.ports import transport
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.terms import Source
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.mail.reader import parse
from anshin.shops.actions import invite_staff
from anshin.shops.terms import Role
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db
MISAKI = Party("髙橋 美咲", "misaki@example.jp")


@pytest.fixture
def agent(shop, now):
    by = invite_staff(shop=shop, email="takeuchi@komorebi.example", name="竹内", role=Role.AGENT, by=None, now=now)
    by.signature = "竹内"
    by.save()
    return by


@pytest.fixture
def addresses(mailbox, now):
    """shop@ with its alias returns@, and a second mailbox info@."""
    mailbox.signature_ja, mailbox.signature_en = "こもれび雑貨店\nお客様係", "Komorebi\nCustomer care"
    mailbox.save()
    Alias.objects.create(
        shop=mailbox.shop,
        mailbox=mailbox,
        address="returns@komorebi.example",
        display_name="こもれび 返品受付",
        signature_ja="こもれび 返品受付",
        created_at=now,
    )
    return Mailbox.objects.create(shop=mailbox.shop, address="info@komorebi.example", created_at=now)


@pytest.fixture
def way(now):
    with outbox.filled_with(EmailOutbox(moment=lambda: now)), transport.filled_with(FakeTransport()) as fake:
        yield fake


def case_from(mailbox, now, *, to="shop@komorebi.example", extra=""):
    arrival = store(mailbox=mailbox, raw=mail(to=to, extra=extra), source=Source.OUTSIDE, now=now).arrival
    take_in(arrival.pk, now=now)
    return Message.objects.get().case


def answer(agent, case, now, *, text="お調べします。", **more):
    return actions.reply(
        by=agent, case_id=case.pk, text=text, to=[MISAKI], read_at_version=case.version, now=now, **more
    )


def left(way, now):
    run_due_jobs(now + timedelta(seconds=10))
    (carried,) = way.carried
    mail_ = parse(carried.raw)
    return carried.sender.address, (mail_.sender.name, mail_.sender.mail), mail_.text.strip()


@pytest.mark.parametrize(
    ("to", "extra", "expected"),
    [
        ("shop@komorebi.example", "", "shop@komorebi.example"),
        ("Returns@Komorebi.example", "", "returns@komorebi.example"),
        ("returns+12-abcdefghijklmnop@komorebi.example", "", "returns@komorebi.example"),
        ("friend@example.jp", "Cc: returns@komorebi.example\r\n", "returns@komorebi.example"),
        ("undisclosed@example.jp", "", "shop@komorebi.example"),
    ],
)
def test_the_answer_leaves_from_the_address_that_the_customer_wrote_to(
    mailbox, addresses, agent, way, now, to, extra, expected
):
    answer(agent, case_from(mailbox, now, to=to, extra=extra), now)
    assert left(way, now)[0] == expected


def test_the_clerk_may_choose_another_address_and_it_is_frozen_with_its_name(mailbox, addresses, agent, way, now):
    sent = answer(agent, case_from(mailbox, now), now, sender_mail="returns@komorebi.example")
    Alias.objects.update(display_name="別の名前")
    assert left(way, now)[:2] == (
        "returns@komorebi.example",
        ("こもれび 返品受付", "returns@komorebi.example"),
    )
    assert sent.message_key.endswith("@komorebi.example")


def test_an_address_that_is_not_the_shops_is_refused_and_nothing_leaves(
    mailbox, addresses, agent, way, now, other_shop
):
    Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
    case = case_from(mailbox, now)
    for foreign in ("info@tanuki.example", "ceo@komorebi.example", "shop@komorebi.example\r\nBcc: x@y.example"):
        with pytest.raises(actions.UnknownSender):
            answer(agent, case, now, sender_mail=foreign)
    assert not Message.objects.filter(direction="out").exists()
    assert not Job.objects.filter(task__endswith="deliver").exists()


@pytest.mark.parametrize(
    ("sender", "text", "signature"),
    [
        ("shop@komorebi.example", "お調べします。", "こもれび雑貨店\nお客様係"),
        ("shop@komorebi.example", "We are looking into it and will write you tomorrow.", "Komorebi\nCustomer care"),
        ("returns@komorebi.example", "お調べします。", "こもれび 返品受付"),
        ("returns@komorebi.example", "We are looking into it and will write you tomorrow.", "竹内"),
        ("info@komorebi.example", "お調べします。", "竹内"),
    ],
)
def test_each_address_signs_in_the_language_of_the_text_else_the_writer_does(
    mailbox, addresses, agent, way, now, sender, text, signature
):
    answer(agent, case_from(mailbox, now), now, text=text, sender_mail=sender)
    assert left(way, now)[2] == f"{text}\n\n{signature}"


def test_a_mailbox_that_was_switched_off_before_the_reply_left_is_named_and_nothing_leaves(
    mailbox, addresses, agent, way, now
):
    sent = answer(agent, case_from(mailbox, now), now, sender_mail="info@komorebi.example")
    Mailbox.objects.filter(address="info@komorebi.example").update(is_active=False)
    run_due_jobs(now + timedelta(seconds=10))
    sent.refresh_from_db()
    assert (way.carried, sent.delivery) == ([], "failed")
    assert "info@komorebi.example" in sent.server_words


def test_a_mail_that_an_alias_sent_and_that_came_back_is_no_customers(mailbox, addresses, agent, way, now):
    answer(agent, case_from(mailbox, now), now, sender_mail="returns@komorebi.example")
    run_due_jobs(now + timedelta(seconds=10))
    arrival = store(mailbox=mailbox, raw=way.carried[0].raw, source=Source.OUTSIDE, now=now).arrival
    assert take_in(arrival.pk, now=now) == "loop"
