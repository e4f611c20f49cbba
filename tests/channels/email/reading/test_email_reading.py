"""What a mail brings beside its text, from its bytes to the message: signature, events, forwards, wrapped files."""

from datetime import timedelta
from pathlib import Path

import pytest

from anshin.cases.models import Attachment, Case, Message
from anshin.cases.terms import Delivery, Direction, EventCard, SignatureCard, card_of
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.originals.rereading import MailOriginals
from anshin.channels.email.reading import trusted
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Source
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[3] / "plumbing" / "mail" / "golden"
CUSTOMER = "宮田 綾 <miyata@mail.example>"
FORWARD = """届きません。

---------- Forwarded message ---------
From: こもれび <shop@komorebi.example>
Date: 2026年11月20日(金) 12:00
Subject: Re: 配送について
To: 宮田 綾 <miyata@mail.example>

お調べします。"""


def arrive(mailbox, raw, now):
    arrival = store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=now).arrival
    take_in(arrival.pk, now=now)
    arrival.refresh_from_db()
    return Message.objects.get(pk=arrival.message_id)


def golden(name):
    return (GOLDEN / f"{name}.eml").read_bytes()


def answered_case(mailbox, now, *, customer=CUSTOMER):
    """A case of the customer with one reply of ours, sent two days ago."""
    case = arrive(mailbox, mail("いつですか。", sender=customer, message_id="<first@x>"), now - timedelta(days=3)).case
    Message.objects.create(
        shop=case.shop,
        case=case,
        direction=Direction.OUT,
        channel="email",
        at=now - timedelta(days=2),
        sender_mail="shop@komorebi.example",
        to=[["宮田 綾", "miyata@mail.example"]],
        subject="Re: 配送について",
        text="お調べします。",
        message_key="77.abc@komorebi.example",
        delivery=Delivery.SENT,
    )
    return case


def opened_related_to(case):
    entry = JournalEntry.objects.filter(case_id=case.pk, event="case.opened").get()
    return entry.payload["related_case_id"]


def test_an_invitation_is_kept_as_a_card_and_as_its_file(mailbox, now):
    message = arrive(mailbox, golden("calendar_outlook_windows_zone"), now)

    (event,) = [card_of(values) for values in message.cards]
    assert event == EventCard(
        kind="request",
        summary="商談",
        starts="2026-12-03T05:30:00+00:00",
        ends="2026-12-03T06:30:00+00:00",
        place="Microsoft Teams 会議",
        organiser="大野, 健",
    )
    assert [file.name for file in message.attachments.all()] == ["invite.ics"]


def test_the_signature_of_a_mail_is_kept_with_what_was_found(mailbox, now, settings):
    first = card_of(arrive(mailbox, golden("smime_signed_beside"), now).cards[0])
    settings.SMIME_ISSUERS = (GOLDEN / "trusted_issuer.pem").read_text()
    second = card_of(arrive(mailbox, golden("smime_signed_inside"), now).cards[0])

    assert isinstance(first, SignatureCard)
    assert isinstance(second, SignatureCard)
    assert (first.state, first.signer, first.mail) == ("unknown_issuer", "三島 花子", "mishima@corp.example")
    assert (second.state, second.issuer) == ("valid", "Example Mail CA")


def test_issuers_that_are_no_certificates_are_logged_and_count_as_none(settings, caplog):
    settings.SMIME_ISSUERS = "not a certificate"

    assert trusted.issuers() == ()
    assert "ANSHIN_SMIME_ISSUERS" in caplog.text


def test_the_files_of_winmail_are_the_messages_files(mailbox, now):
    message = arrive(mailbox, golden("tnef_one_file_with_a_japanese_name"), now)

    (file,) = message.attachments.all()
    assert (file.name, read_bytes(file.blob)) == ("見積書（㈱みどり）①.pdf", b"%PDF-1.4 golden invoice")


def test_an_ordinary_mail_has_no_cards(mailbox, now):
    assert arrive(mailbox, mail(), now).cards == []


def test_a_forward_of_our_mail_by_a_party_comes_into_its_case(mailbox, now):
    case = answered_case(mailbox, now)
    raw = mail(FORWARD, subject="Fwd: 別の件名", sender=CUSTOMER, message_id="<fwd@x>")
    raw = raw.replace("Fwd: 別の件名".encode(), "転送します".encode())  # nothing but the forward names the case

    assert arrive(mailbox, raw, now).case_id == case.pk


def test_a_forward_of_our_mail_by_a_stranger_only_names_the_case(mailbox, now):
    """Somebody who has our mail in hand is not the customer: nothing of the case is joined or told."""
    case = answered_case(mailbox, now)

    message = arrive(
        mailbox, mail(FORWARD, subject="転送", sender="他人 <other@mail.example>", message_id="<fwd@x>"), now
    )

    assert message.case_id != case.pk
    assert opened_related_to(message.case) == case.pk
    assert message.case.customer_id != case.customer_id


def test_a_forward_that_fits_two_of_our_mails_joins_neither(mailbox, now):
    case = answered_case(mailbox, now)
    twin = Message.objects.get(message_key="77.abc@komorebi.example")
    twin.pk, twin.message_key, twin.at = None, "78.def@komorebi.example", now - timedelta(days=2, hours=1)
    twin.save()

    message = arrive(mailbox, mail(FORWARD, subject="転送", sender=CUSTOMER, message_id="<fwd@x>"), now)

    assert message.case_id != case.pk


def test_a_forward_of_another_shops_mail_finds_nothing_here(mailbox, other_shop, now):
    case = answered_case(mailbox, now)
    Message.objects.filter(message_key="77.abc@komorebi.example").update(shop=other_shop)

    message = arrive(mailbox, mail(FORWARD, subject="転送", sender=CUSTOMER, message_id="<fwd@x>"), now)

    assert message.case_id != case.pk


def attached_forward(inner, *, sender=CUSTOMER):
    return (
        (
            f"From: {sender}\r\nTo: shop@komorebi.example\r\nSubject: 転送\r\nMessage-ID: <att@x>\r\n"
            "Date: Sun, 22 Nov 2026 11:00:00 +0900\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n添付のとおりです。\r\n"
            "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        ).encode()
        + inner
        + b"\r\n--b--\r\n"
    )


def inner_mail():
    return (
        "From: こもれび <shop@komorebi.example>\r\nTo: miyata@mail.example\r\nSubject: 発送のお知らせ\r\n"
        "Message-ID: <77.abc@komorebi.example>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0900\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "KM-20417を発送しました。\r\n--in\r\nContent-Type: image/png; name=a.png\r\n\r\nPNG\r\n--in--\r\n"
    ).encode()


def test_an_attached_mail_is_written_out_with_its_files_and_finds_the_case(mailbox, now):
    case = answered_case(mailbox, now)

    message = arrive(mailbox, attached_forward(inner_mail()), now)

    assert message.case_id == case.pk
    assert message.text == (
        "添付のとおりです。\n\n---------- Forwarded message ----------\nFrom: こもれび <shop@komorebi.example>\n"
        "Date: 2026-11-20 03:00:00 +0000\nSubject: 発送のお知らせ\nTo: <miyata@mail.example>\n\n"
        "KM-20417を発送しました。"
    )
    assert [file.name for file in message.attachments.order_by("id")] == ["発送のお知らせ.eml", "a.png"]


def test_an_attached_mail_of_ours_in_a_strangers_hand_only_names_the_case(mailbox, now):
    case = answered_case(mailbox, now)

    message = arrive(mailbox, attached_forward(inner_mail(), sender="他人 <other@mail.example>"), now)

    assert message.case_id != case.pk
    assert opened_related_to(message.case) == case.pk
    assert Case.objects.count() == 2


def test_the_mail_that_came_back_inside_a_report_is_not_unfolded(mailbox, now):
    report = attached_forward(inner_mail(), sender="Mail Delivery System <mailer-daemon@mail.example>")
    report = report.replace(b"Subject: ", b"Auto-Submitted: auto-replied\r\nSubject: ", 1)

    message = arrive(mailbox, report, now)

    assert message.text == "添付のとおりです。"
    assert Attachment.objects.filter(message=message).count() == 1


def test_reading_again_unfolds_and_judges_as_the_first_reading(mailbox, now):
    message = arrive(mailbox, attached_forward(inner_mail()), now)
    signed = arrive(mailbox, golden("smime_signed_beside"), now)

    again = MailOriginals().read(shop_id=mailbox.shop_id, raw_blob_id=message.raw_blob_id, charset="")
    judged = MailOriginals().read(shop_id=mailbox.shop_id, raw_blob_id=signed.raw_blob_id, charset="")

    assert (again.text, again.cards) == (message.text, ())
    assert judged.cards == (card_of(signed.cards[0]),)


def test_the_signature_before_a_forward_is_folded_and_the_forward_is_not(mailbox, now):
    message = arrive(mailbox, golden("forward_iphone_japanese"), now)

    assert message.text[: message.quoted_from] == "商品が違います。\n\n"
    assert message.text[message.quoted_from :].startswith("iPhoneから送信")
    assert message.case.last_line == "商品が違います。"


def test_a_forward_without_a_word_is_listed_by_what_it_says(mailbox, now):
    message = arrive(mailbox, golden("forward_without_a_word"), now)

    assert message.quoted_from is None
    assert message.case.last_line == "このたびはご注文ありがとうございます。"
