"""A reply signed by the provider's server still verifies at the customer's, after real hops over SMTP."""

from functools import partial

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.ports import OutgoingFile, OutgoingMessage
from anshin.cases.terms import Delivery, Direction, Party
from anshin.channels.email.ports import transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.plumbing.files.store import keep
from tests.channels.email.outside.signing_relay import road, signed, verifies, with_trace, written_anew

pytestmark = pytest.mark.django_db

STRICT, USUAL, OPENDKIM = (b"simple", b"simple"), (b"relaxed", b"relaxed"), (b"relaxed", b"simple")
TEXT = (
    "髙橋様\n\nFrom the shop: 明日お届けします。\n.\n..点で始まる行　 \n"
    + "長い行" * 400
    + "\n-- \nこもれび雑貨店\n\n\n"
)


@pytest.fixture
def message(mailbox, now):
    case = Case.objects.create(shop=mailbox.shop, number=1, channel="email", created_at=now, last_activity_at=now)
    row = Message.objects.create(
        shop=mailbox.shop, case=case, direction=Direction.OUT, channel="email", at=now, delivery=Delivery.SENDING,
        message_key="held",
    )  # fmt: skip
    blob = keep(mailbox.shop_id, b"%PDF-1.4\n" + bytes(range(256)) * 40, now=now)
    return OutgoingMessage(
        shop_id=mailbox.shop_id,
        message_id=row.pk,
        case_id=case.pk,
        message_key=EmailOutbox().new_message_key(mailbox.shop_id, str(row.pk), mailbox.address),
        author_name="竹内",
        sender=Party("こもれび", "shop@komorebi.example"),
        to=(Party("髙橋　美咲", "misaki@example.jp"), Party("O'Neil, J.", "taro..x@docomo.ne.jp")),
        cc=(),
        subject="Re: ご注文  KM-10231 の配送について①㈱髙﨑" * 3,
        text=TEXT,
        at=now,
        in_reply_to="1@example.jp",
        references=tuple(f"{number}@example.jp" for number in range(1, 15)),
        files=(OutgoingFile(blob.pk, "返品ラベル①の長い長い長い名前.pdf"),),
    )


def sent_over(message, mailbox, *passings):
    """What lies in the customer's letterbox."""
    with road(*passings) as (port, letterbox), transport.filled_with(SmtpTransport()):
        mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security = "127.0.0.1", port, Security.PLAIN
        mailbox.takes_plus_addresses = True
        mailbox.save()
        EmailOutbox(moment=lambda: message.at).deliver(message, handing_over=lambda: None)
    ((_sender, _recipients, raw),) = letterbox.got
    return raw


@pytest.mark.parametrize("strictness", [STRICT, OPENDKIM, USUAL])
def test_a_signed_reply_verifies_after_two_relays(message, mailbox, strictness):
    raw = sent_over(message, mailbox, partial(signed, strictness=strictness), with_trace, with_trace)
    assert raw.count(b"Received: ") == 2
    assert verifies(raw)


def test_a_filter_that_writes_the_mail_anew_changes_nothing(message, mailbox):
    raw = sent_over(message, mailbox, partial(signed, strictness=STRICT), written_anew, with_trace)
    assert verifies(raw)


def test_the_verifier_would_notice_a_changed_subject(message, mailbox):
    def change(raw):
        return raw.replace(b"\r\nSubject: ", b"\r\nSubject: [info] ", 1)

    assert not verifies(sent_over(message, mailbox, partial(signed, strictness=USUAL), change))


def test_the_verifier_would_notice_a_changed_body(message, mailbox):
    def change(raw):
        return raw.rstrip(b"\r\n") + b"\r\nscanned\r\n"

    assert not verifies(sent_over(message, mailbox, partial(signed, strictness=USUAL), change))
