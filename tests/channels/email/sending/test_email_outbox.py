"""Replies leave once: what is written at which moment, what the mail looks like, what a refusal becomes."""

from datetime import timedelta

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.ports import DeliveryRefused, OutgoingFile, OutgoingMessage
from anshin.cases.terms import Delivery, Direction, Party
from anshin.channels.email import keys
from anshin.channels.email.fakes import FakeTransport
from anshin.channels.email.models import Arrival, Mailbox, SendAttempt
from anshin.channels.email.ports import TransportFailed, transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Outcome, Phase, Security
from anshin.plumbing.files.store import keep
from anshin.plumbing.mail.reader import parse
from tests.channels.email.outside import smtp_server
from tests.channels.email.outside.smtp_server import Letterbox, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox(now):
    return EmailOutbox(moment=lambda: now)


@pytest.fixture
def case(shop, now):
    return Case.objects.create(shop=shop, number=1, channel="email", created_at=now, last_activity_at=now)


@pytest.fixture
def outgoing(case, mailbox, outbox, now):
    row = Message.objects.create(
        shop=case.shop,
        case=case,
        direction=Direction.OUT,
        channel="email",
        at=now,
        message_key="draft",
        delivery=Delivery.SENDING,
    )
    key = outbox.new_message_key(case.shop_id, str(row.pk), mailbox.address)
    return OutgoingMessage(
        shop_id=case.shop_id,
        message_id=row.pk,
        case_id=case.pk,
        message_key=key,
        author_name="佐藤",
        sender=Party("", ""),
        to=(Party("髙橋 美咲", "misaki@example.jp"),),
        cc=(Party("", "haru@example.jp"),),
        subject="Re: 配送について①",
        text="髙橋様\n\n明日お届けします。",
        at=now,
        in_reply_to="1@example.jp",
        references=("0@example.jp", "sha256:abcdef", "1@example.jp"),
        files=(),
    )


def changed(outgoing, **values):
    from dataclasses import replace

    return replace(outgoing, **values)


def deliver(outbox, outgoing, way):
    with transport.filled_with(way):
        return outbox.deliver(outgoing, handing_over=lambda: None)


def refused(outbox, outgoing, way):
    with pytest.raises(DeliveryRefused) as caught:
        deliver(outbox, outgoing, way)
    return caught.value


def test_the_mail_names_its_thread_its_recipients_and_itself(outbox, outgoing, mailbox, case):
    mailbox.takes_plus_addresses = True
    mailbox.save()
    way = FakeTransport()

    delivered = deliver(outbox, outgoing, way)

    (carried,) = way.carried
    sender, recipients, raw = carried.sender, carried.recipients, carried.raw
    mail = parse(raw)
    assert delivered.server_words == "250 queued"
    assert (sender.address, recipients) == ("shop@komorebi.example", ("misaki@example.jp", "haru@example.jp"))
    assert (mail.sender.name, mail.sender.mail) == ("こもれび", "shop@komorebi.example")
    assert [(to.name, to.mail) for to in mail.to] == [("髙橋 美咲", "misaki@example.jp")]
    assert [cc.mail for cc in mail.cc] == ["haru@example.jp"]
    assert mail.message_id == outgoing.message_key
    assert mail.in_reply_to == ("1@example.jp",)
    assert mail.references == ("0@example.jp", "1@example.jp")
    assert keys.case_named_in([mail.reply_to[0].mail]) == case.pk
    assert mail.subject == "Re: 配送について①"
    assert mail.text.strip() == "髙橋様\n\n明日お届けします。"
    assert "明日お届けします。" in mail.html
    assert mail.header("X-Anshin-Desk") == keys.desk_mark(case.shop_id)
    attempt = SendAttempt.objects.get()
    assert (attempt.phase, attempt.outcome, attempt.server_words) == (Phase.DONE, Outcome.SENT, "250 queued")


def test_without_plus_addresses_the_plain_address_is_answered(outbox, outgoing):
    way = FakeTransport()
    deliver(outbox, outgoing, way)
    assert parse(way.carried[0].raw).reply_to == ()


def test_files_travel_with_the_mail(outbox, outgoing, shop, now):
    blob = keep(shop.pk, b"%PDF-1.4 label", now=now)
    way = FakeTransport()

    deliver(outbox, changed(outgoing, files=(OutgoingFile(blob.pk, "返品ラベル①.pdf"),)), way)

    (part,) = parse(way.carried[0].raw).attachments
    assert (part.filename, part.content, part.content_type) == ("返品ラベル①.pdf", b"%PDF-1.4 label", "application/pdf")


def test_a_file_of_another_shop_never_leaves(outbox, outgoing, other_shop, now):
    blob = keep(other_shop.pk, b"secret", now=now)
    way = FakeTransport()

    told = refused(outbox, changed(outgoing, files=(OutgoingFile(blob.pk, "x.txt"),)), way)

    assert (told.permanent, way.carried) == (True, [])


def test_the_key_is_the_same_for_the_same_turn_and_in_the_mailbox_domain(outbox, outgoing, shop, mailbox):
    key = outbox.new_message_key(shop.pk, str(outgoing.message_id), mailbox.address)
    assert key == outgoing.message_key
    assert key.endswith("@komorebi.example")
    assert key != outbox.new_message_key(shop.pk, str(outgoing.message_id + 1), mailbox.address)


def test_the_answer_leaves_from_the_mailbox_the_customer_wrote_to(outbox, outgoing, shop, case, now):
    second = Mailbox.objects.create(shop=shop, address="returns@komorebi.example", created_at=now)
    message = Message.objects.create(
        shop=shop, case=case, direction=Direction.IN, channel="email", at=now, message_key="in-1"
    )
    blob = keep(shop.pk, b"raw", now=now)
    Arrival.objects.create(
        shop=shop,
        mailbox=second,
        source="imap",
        raw_blob=blob,
        sha256=blob.sha256,
        size_bytes=3,
        dedupe_key="in-1",
        arrived_at=now,
        fate="taken_in",
        message=message,
    )
    way = FakeTransport()

    deliver(outbox, outgoing, way)

    assert way.carried[0].sender.address == "returns@komorebi.example"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (TransportFailed("451 later"), Outcome.DEFERRED),
        (TransportFailed("550 no", permanent=True), Outcome.REFUSED),
        (TransportFailed("lost", unsure=True), Outcome.UNSURE),
    ],
)
def test_a_refusal_is_told_with_the_servers_words_and_kept_on_the_attempt(outbox, outgoing, failure, outcome):
    told = refused(outbox, outgoing, FakeTransport(failure))

    assert (told.words, told.permanent, told.unsure) == (failure.words, failure.permanent, failure.unsure)
    assert list(SendAttempt.objects.values_list("phase", "outcome", "server_words")) == [
        ("done", outcome, failure.words)
    ]


def test_an_attempt_cut_off_before_the_dot_is_sent_again(outbox, outgoing, shop, now):
    SendAttempt.objects.create(shop=shop, message_id=outgoing.message_id, started_at=now - timedelta(minutes=1))
    way = FakeTransport()

    deliver(outbox, outgoing, way)

    assert len(way.carried) == 1


def test_an_attempt_cut_off_after_the_dot_is_reported_once_and_not_sent_again(outbox, outgoing, shop, now):
    SendAttempt.objects.create(
        shop=shop, message_id=outgoing.message_id, started_at=now - timedelta(minutes=1), phase=Phase.HANDED_OVER
    )
    way = FakeTransport()

    told = refused(outbox, outgoing, way)
    assert (told.unsure, way.carried) == (True, [])
    assert SendAttempt.objects.get().outcome == Outcome.UNSURE

    deliver(outbox, outgoing, way)
    assert len(way.carried) == 1


@pytest.mark.parametrize(("before", "unsure"), [(True, False), (False, True)])
def test_an_unforeseen_error_means_unsure_only_after_the_dot(outbox, outgoing, before, unsure):
    told = refused(outbox, outgoing, FakeTransport(RuntimeError("defect"), fails_after_the_dot=not before))

    assert (told.permanent, told.unsure) == (False, unsure)
    assert SendAttempt.objects.get().outcome == (Outcome.UNSURE if unsure else Outcome.DEFERRED)


def test_an_address_that_cannot_be_written_is_refused_before_anything_leaves(outbox, outgoing):
    way = FakeTransport()
    told = refused(outbox, changed(outgoing, to=(Party("", "a b@example.jp"),)), way)
    assert (told.permanent, way.carried) == (True, [])
    assert not SendAttempt.objects.exists()


def test_a_line_break_in_the_subject_adds_no_header(outbox, outgoing):
    way = FakeTransport()
    deliver(outbox, changed(outgoing, subject="Re: a\r\nBcc: eve@example.com"), way)
    assert parse(way.carried[0].raw).header("Bcc") == ""
    assert way.carried[0].recipients == ("misaki@example.jp", "haru@example.jp")


def test_a_shop_without_mailbox_is_told_so(outbox, outgoing, mailbox):
    Mailbox.objects.update(is_active=False)
    assert outbox.senders_for(mailbox.shop_id, outgoing.case_id) == ()
    assert refused(outbox, outgoing, FakeTransport()).permanent


def test_a_reply_goes_through_a_real_server(outbox, outgoing, mailbox):
    letterbox = Letterbox()
    with running(letterbox) as port:
        mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security = "127.0.0.1", port, Security.PLAIN
        mailbox.save()
        delivered = deliver(outbox, outgoing, SmtpTransport())
    assert delivered.server_words == "250 2.0.0 Ok: queued as 4F2A"
    assert parse(letterbox.got[0][2]).message_id == outgoing.message_key


def test_a_server_name_missing_is_said_in_words(outbox, outgoing):
    told = refused(outbox, outgoing, SmtpTransport())
    assert told.permanent


def test_nobody_at_the_port_is_tried_again(outbox, outgoing, mailbox):
    mailbox.smtp_host, mailbox.smtp_port = "127.0.0.1", smtp_server.free_port()
    mailbox.smtp_security = Security.PLAIN
    mailbox.save()
    told = refused(outbox, outgoing, SmtpTransport())
    assert (told.permanent, told.unsure) == (False, False)


@pytest.mark.parametrize(
    ("mail", "words", "after_text", "kind"),
    [
        ("gone@example.jp", "550 5.1.1 User unknown", False, "unknown_user"),
        ("taro@docomo.ne.jp", "550 Unknown user taro@docomo.ne.jp", False, "unknown_user"),
        ("taro@docomo.ne.jp", "550 Unknown user taro@docomo.ne.jp", True, "refused"),
        ("full@example.jp", "552 5.2.2 Mailbox full", True, "mailbox_full"),
        ("a@example.jp", "554 5.7.1 Message rejected as spam", True, None),
        ("a@example.jp", "550 5.7.1 Relaying denied", False, "policy"),
    ],
)
def test_a_server_that_does_not_take_mail_for_somebody_says_why(outbox, outgoing, mail, words, after_text, kind):
    failure = TransportFailed(words, permanent=True, refused=mail)
    told = refused(outbox, outgoing, FakeTransport(failure, fails_after_the_dot=after_text))
    assert (told.refused and (told.refused.mail, told.refused.kind)) == (kind and (mail, kind))


def test_a_refusal_of_nobody_in_particular_blames_nobody(outbox, outgoing):
    assert refused(outbox, outgoing, FakeTransport(TransportFailed("550 no", permanent=True))).refused is None
