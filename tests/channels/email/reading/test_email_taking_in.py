"""From stored bytes to a case: every mail gets a fate, and what cannot be read is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.terms import Delivery, Direction, Hold
from anshin.channels.email import keys
from anshin.channels.email.arriving.storing import Place, store
from anshin.channels.email.models import Arrival, Mailbox, SendAttempt
from anshin.channels.email.reading import taking_in
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Outcome, Phase, Source
from anshin.plumbing.files.store import path_of, read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db


def arrive(mailbox, raw, now, *, source=Source.OUTSIDE, **more):
    arrival = store(mailbox=mailbox, raw=raw, source=source, now=now, **more).arrival
    take_in(arrival.pk, now=now)
    arrival.refresh_from_db()
    return arrival


def sent_message(case, *, key="77.abc@komorebi.example", to="misaki@example.jp", now):
    return Message.objects.create(
        shop=case.shop,
        case=case,
        direction=Direction.OUT,
        channel="email",
        at=now,
        to=[["髙橋 美咲", to]],
        subject="Re: 配送について",
        text="お調べします。",
        message_key=key,
        delivery=Delivery.SENT,
    )


def test_a_mail_becomes_a_case_with_its_text_and_raw_bytes(mailbox, now):
    raw = mail("いつ届きますか？")

    arrival = arrive(mailbox, raw, now)

    message = Message.objects.get()
    assert (arrival.fate, arrival.message_id, arrival.sender_mail) == (Fate.TAKEN_IN, message.pk, "misaki@example.jp")
    assert (message.text, message.subject, message.sender_name) == ("いつ届きますか？", "配送について", "髙橋 美咲")
    assert message.message_key == "1@example.jp"
    assert message.at == now
    assert read_bytes(message.raw_blob) == raw
    assert message.case.hold == ""


def test_the_job_takes_in_what_was_stored(mailbox, now, monkeypatch):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now)

    run_due_jobs(now)

    assert Arrival.objects.get().fate == Fate.TAKEN_IN
    assert Case.objects.count() == 1


def test_taking_in_twice_changes_nothing(mailbox, now):
    arrival = arrive(mailbox, mail(), now)

    assert take_in(arrival.pk, now=now) is None
    assert Message.objects.count() == 1


def test_quoted_history_and_signature_are_folded_from_their_offset(mailbox, now):
    header = "2026年11月21日(土) 10:00 こもれび <shop@komorebi.example>:"
    body = f"早速ありがとうございます。\r\n\r\n{header}\r\n> お調べします。\r\n"

    arrive(mailbox, mail(body), now)

    message = Message.objects.get()
    assert message.text[: message.quoted_from].strip() == "早速ありがとうございます。"
    assert "お調べします。" in message.text[message.quoted_from :]


def test_an_answer_below_the_quote_is_not_folded(mailbox, now):
    arrive(mailbox, mail("> いつがよろしいですか\r\n\r\n明日でお願いします。\r\n"), now)

    assert Message.objects.get().quoted_from is None


def test_html_and_files_are_kept_and_inline_pictures_named(mailbox, now):
    raw = (
        b"From: a@example.jp\r\nTo: shop@komorebi.example\r\nSubject: photo\r\nMessage-ID: <p@example.jp>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
        b'--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Look <img src="cid:pic1"></p>\r\n'
        b'--b\r\nContent-Type: image/png\r\nContent-ID: <pic1>\r\nContent-Disposition: inline; filename="p.png"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
    )

    arrive(mailbox, raw, now)

    message = Message.objects.get()
    attachment = message.attachments.get()
    assert b"cid:pic1" in read_bytes(message.html_blob)
    assert (attachment.name, attachment.content_id, attachment.is_inline) == ("p.png", "pic1", True)
    assert read_bytes(attachment.blob) == b"\x89PNG\r\n\x1a\n"


def test_an_answer_finds_its_case_by_the_token_in_the_address(mailbox, now):
    case = arrive(mailbox, mail(), now).message.case
    to = keys.address_for_case(mailbox.address, case.pk)

    answer = arrive(mailbox, mail("追伸", subject="まったく別の件", message_id="<2@example.jp>", to=to), now)

    assert answer.message.case_id == case.pk


def test_a_forged_token_opens_a_case_of_its_own(mailbox, now):
    case = arrive(mailbox, mail(), now).message.case
    to = keys.address_for_case(mailbox.address, case.pk).replace("@", "x@")

    answer = arrive(mailbox, mail("追伸", subject="まったく別の件", message_id="<2@example.jp>", to=to), now)

    assert answer.message.case_id != case.pk


def test_an_answer_finds_its_case_by_its_references(mailbox, now):
    case = arrive(mailbox, mail(), now).message.case
    sent_message(case, now=now)
    extra = "In-Reply-To: <77.abc@KOMOREBI.example>\r\nReferences: <1@example.jp> <77.abc@komorebi.example>\r\n"

    answer = arrive(mailbox, mail("追伸", subject="別の件", message_id="<2@example.jp>", extra=extra), now)

    assert answer.message.case_id == case.pk
    assert answer.message.in_reply_to == "77.abc@komorebi.example"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\x00\x00\x00", "empty"),
        (b"just some words without any header", "no_headers"),
        (b"Subject: nobody\r\nMessage-ID: <n@x>\r\n\r\nhello\r\n", "no_sender"),
    ],
)
def test_what_cannot_be_read_is_shown_as_a_held_case(mailbox, now, raw, reason):
    arrival = arrive(mailbox, raw, now)

    assert (arrival.fate, arrival.reason_code) == (Fate.QUARANTINED, reason)
    assert arrival.message.case.hold == Hold.UNREADABLE
    assert read_bytes(arrival.raw_blob) == raw


def test_a_failure_of_ours_quarantines_the_mail_and_the_next_one_goes_in(mailbox, now, monkeypatch):
    receive, bad = taking_in.receive_message, []

    def fails_once(**given):
        if not bad:
            bad.append(given)
            Case.objects.create(shop=mailbox.shop, number=999, channel="email", created_at=now, last_activity_at=now)
            raise ValueError("a defect")
        return receive(**given)

    monkeypatch.setattr(taking_in, "receive_message", fails_once)

    first = arrive(mailbox, mail("悪い"), now)
    second = arrive(mailbox, mail("良い", message_id="<2@example.jp>"), now)

    assert (first.fate, first.reason_code) == (Fate.QUARANTINED, "taking_in_failed")
    assert first.message.text == "悪い"
    assert second.fate == Fate.TAKEN_IN
    assert not Case.objects.filter(number=999).exists()


def test_a_mail_too_large_is_shown_with_where_to_find_it(mailbox, now):
    mailbox.uidvalidity = 5
    mailbox.save()
    place = Place(5, 9, 60 * 1024 * 1024, now)
    header = b"From: a@example.jp\r\nSubject: video\r\nMessage-ID: <big@example.jp>\r\n\r\n"

    arrival = arrive(mailbox, header, now, place=place, is_header_only=True, reason_code="oversize")

    assert (arrival.fate, arrival.reason_code) == (Fate.QUARANTINED, "oversize")
    assert arrival.message.case.hold == Hold.OVERSIZE
    assert "60.0MB" in arrival.message.text


def test_bytes_that_are_gone_from_the_disk_are_shown_not_hidden(mailbox, now):
    arrival = store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now).arrival
    path_of(arrival.sha256).unlink()

    take_in(arrival.pk, now=now)

    arrival.refresh_from_db()
    assert (arrival.fate, arrival.reason_code) == (Fate.QUARANTINED, "bytes_damaged")


def test_a_copy_in_another_mailbox_is_linked_and_not_doubled(mailbox, now):
    other = Mailbox.objects.create(shop=mailbox.shop, address="info@komorebi.example", created_at=now)
    first = arrive(mailbox, mail(), now)

    copy = arrive(other, mail(extra="Received: from elsewhere\r\n"), now)

    assert (copy.fate, copy.reason_code, copy.message_id) == (Fate.DUPLICATE, "in_another_mailbox", first.message_id)
    assert Message.objects.count() == 1


def test_the_same_mail_to_two_shops_is_one_case_in_each(mailbox, other_shop, now):
    other = Mailbox.objects.create(shop=other_shop, address="shop@tanuki.example", created_at=now)

    arrive(mailbox, mail(), now)
    arrive(other, mail(), now)

    assert sorted(Case.objects.values_list("shop__slug", flat=True)) == ["komorebi", "tanuki"]


def test_our_own_mail_that_comes_back_is_a_loop_and_no_case(mailbox, now):
    raw = mail(extra=f"X-Anshin-Desk: {keys.desk_mark(mailbox.shop_id)}\r\n")

    arrival = arrive(mailbox, raw, now)

    assert (arrival.fate, arrival.reason_code) == (Fate.LOOP, "own_mark")
    assert not Case.objects.exists()


def test_mail_of_another_shop_on_the_same_desk_is_no_loop(mailbox, other_shop, now):
    raw = mail(extra=f"X-Anshin-Desk: {keys.desk_mark(other_shop.pk)}\r\n")

    assert arrive(mailbox, raw, now).fate == Fate.TAKEN_IN


def test_a_contact_form_in_the_shops_name_is_answered_to_the_customer(mailbox, now):
    raw = mail(sender="こもれび <shop@komorebi.example>", extra="Reply-To: 小林 蓮 <ren@example.jp>\r\n")

    arrival = arrive(mailbox, raw, now)

    assert arrival.fate == Fate.TAKEN_IN
    assert (arrival.message.sender_name, arrival.message.sender_mail) == ("小林 蓮", "ren@example.jp")


def test_an_ordinary_customer_is_known_by_from_whatever_reply_to_says(mailbox, now):
    arrival = arrive(mailbox, mail(extra="Reply-To: other@example.net\r\n"), now)

    assert arrival.message.sender_mail == "misaki@example.jp"


def test_an_automatic_answer_joins_its_case_without_changing_whose_turn_it_is(mailbox, now):
    case = arrive(mailbox, mail(), now).message.case
    sent_message(case, now=now)
    Case.objects.filter(pk=case.pk).update(status="waiting", waiting_since_at=None)
    extra = "Auto-Submitted: auto-replied\r\nIn-Reply-To: <77.abc@komorebi.example>\r\n"

    arrival = arrive(mailbox, mail("不在です", subject="自動返信", message_id="<2@x.jp>", extra=extra), now)

    case.refresh_from_db()
    assert (arrival.fate, arrival.reason_code) == (Fate.AUTO_REPLY, "auto_submitted")
    assert arrival.message.is_automatic
    assert (arrival.message.case_id, case.status) == (case.pk, "waiting")


def bounce_of(key, *, to="misaki@example.jp", message_id="<b@example.jp>"):
    original = f"Message-ID: <{key}>\r\nSubject: Re\r\n" if key else "Subject: Re\r\n"
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.jp>\r\nTo: shop@komorebi.example\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: {message_id}\r\nMIME-Version: 1.0\r\n"
        'Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n--b--\r\n"
    ).encode()


def test_a_bounce_is_written_on_the_message_that_came_back(mailbox, now):
    case = arrive(mailbox, mail(), now).message.case
    sent = sent_message(case, now=now)

    arrival = arrive(mailbox, bounce_of("77.abc@komorebi.example"), now)

    sent.refresh_from_db()
    assert arrival.fate == Fate.BOUNCE
    assert sent.delivery == Delivery.BOUNCED
    assert "550 5.1.1 User unknown" in sent.server_words
    assert Case.objects.count() == 1


def test_a_bounce_that_names_no_message_is_matched_by_its_address(mailbox, now):
    case = arrive(mailbox, mail(), now).message.case
    sent = sent_message(case, now=now)
    SendAttempt.objects.create(
        shop=mailbox.shop, message=sent, started_at=now, phase=Phase.DONE, outcome=Outcome.SENT, finished_at=now
    )

    arrive(mailbox, bounce_of(""), now + timedelta(hours=1))

    sent.refresh_from_db()
    assert sent.delivery == Delivery.BOUNCED


def test_a_bounce_that_fits_nothing_of_ours_is_shown(mailbox, now):
    arrival = arrive(mailbox, bounce_of("foreign@elsewhere.example"), now)

    assert (arrival.fate, arrival.reason_code) == (Fate.BOUNCE, "unmatched")
    assert arrival.message.is_automatic
    assert arrival.message.case.customer is None


def test_a_bounce_of_another_shop_changes_nothing_there(mailbox, other_shop, now):
    other = Mailbox.objects.create(shop=other_shop, address="shop@tanuki.example", created_at=now)
    sent = sent_message(arrive(other, mail(), now).message.case, now=now)

    arrive(mailbox, bounce_of("77.abc@komorebi.example"), now)

    sent.refresh_from_db()
    assert sent.delivery == Delivery.SENT


def test_characters_no_database_stores_do_not_stop_a_mail(mailbox, now):
    arrival = arrive(mailbox, mail("あ\x00い", subject="う\x00え"), now)

    assert arrival.fate == Fate.TAKEN_IN
    assert arrival.message.text == "あ\ufffdい"


def test_an_imported_mail_keeps_the_date_it_was_written(mailbox, now):
    arrival = arrive(mailbox, mail(), now, source=Source.IMPORT)

    assert arrival.message.at == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_an_imported_mail_twice_is_one_line_and_no_second_job(mailbox, now):
    raw = mail()
    assert store(mailbox=mailbox, raw=raw, source=Source.IMPORT, now=now).is_new
    assert not store(mailbox=mailbox, raw=raw, source=Source.IMPORT, now=now).is_new
    assert (Arrival.objects.count(), Job.objects.count()) == (1, 1)


def test_a_database_that_is_gone_leaves_the_mail_for_the_next_try(mailbox, now, monkeypatch):
    from django.db import OperationalError

    arrival = store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now).arrival

    def gone(**given):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(taking_in, "receive_message", gone)
    with pytest.raises(OperationalError):
        take_in(arrival.pk, now=now)

    arrival.refresh_from_db()
    assert arrival.fate == Fate.STORED
