"""A mail's sender checks reach its message, from the right server only; a doubtful sender marks the case."""

import pytest

from anshin.cases.models import Case, Message
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.judging import verdicts
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db

PASSED = "spf=pass smtp.mailfrom=example.jp; dkim=pass header.d=example.jp; dmarc=pass header.from=example.jp"


def arrive(mailbox, n=1, *, top="", source=Source.IMAP, now, **letter) -> Message:
    raw = top.encode() + mail(message_id=f"<{n}@example.jp>", **letter)
    arrival = store(mailbox=mailbox, raw=raw, source=source, now=now).arrival
    take_in(arrival.pk, now=now)
    arrival.refresh_from_db()
    assert arrival.fate == Fate.TAKEN_IN
    return Message.objects.get(pk=arrival.message_id)


def on_top(server="mx.komorebi.example", results=PASSED):
    hop = f"Received: from a.example by {server} with ESMTPS; Sun, 22 Nov 2026 11:00:00 +0900\r\n"
    return f"{hop}Authentication-Results: {server};\r\n {results}\r\n"


def named(mailbox):
    mailbox.authserv_id = "mx.komorebi.example"
    mailbox.save()
    return mailbox


def test_the_named_servers_checks_are_kept_with_the_message(mailbox, now):
    message = arrive(named(mailbox), top=on_top(), now=now)

    assert message.sender_checks == {
        "by": "mx.komorebi.example",
        "spf": "pass",
        "dkim": "pass",
        "dmarc": "pass",
        "spf_domain": "example.jp",
        "dkim_domain": "example.jp",
    }
    assert (message.sender_warnings, message.case.topic) == ([], "")


def test_what_the_sender_wrote_below_is_ignored(mailbox, now):
    forged = "Authentication-Results: mx.komorebi.example; dmarc=pass\r\n"
    hops = "Received: from c.example by mx.komorebi.example with SMTP; Sun, 22 Nov 2026 10:00:01 +0900\r\n"
    hops += "Received: from b.example by relay.evil.example with SMTP; Sun, 22 Nov 2026 10:00:00 +0900\r\n"

    first = arrive(named(mailbox), 1, top=on_top(results="dmarc=fail"), extra=forged, now=now)
    second = arrive(mailbox, 2, top=hops + forged, now=now)
    third = arrive(mailbox, 3, top=on_top("mx.komorebi.example.evil.jp"), now=now)
    fourth = arrive(mailbox, 4, extra=forged, now=now)

    assert first.sender_checks["dmarc"] == "fail"
    assert [second.sender_checks, third.sender_checks, fourth.sender_checks] == [{}, {}, {}]


def test_a_server_is_believed_after_five_mails_in_a_row(mailbox, now):
    known = [arrive(mailbox, n, top=on_top(), now=now).sender_checks.get("by", "") for n in range(7)]

    assert known == ["", "", "", "", *["mx.komorebi.example"] * 3]
    mailbox.refresh_from_db()
    assert (mailbox.learnt_authserv_id, mailbox.authserv_seen, mailbox.authserv_id) == ("komorebi.example", 7, "")


def test_a_mail_without_checks_begins_the_count_anew(mailbox, now):
    for n in range(4):
        arrive(mailbox, n, top=on_top(), now=now)
    arrive(mailbox, 10, now=now)

    mailbox.refresh_from_db()
    assert (mailbox.learnt_authserv_id, mailbox.authserv_seen) == ("", 0)


def test_a_server_that_stopped_checking_is_forgotten(mailbox, now):
    for n in range(12):
        arrive(mailbox, n, top=on_top(), now=now)
    seen = []
    for n in range(20, 26):
        arrive(mailbox, n, now=now)
        mailbox.refresh_from_db()
        seen.append((mailbox.learnt_authserv_id, mailbox.authserv_seen))

    assert seen == [*[("komorebi.example", left) for left in (9, 8, 7, 6, 5)], ("", 0)]


def test_a_foreign_server_on_top_is_never_learnt(mailbox, now):
    for n in range(8):
        top = "Authentication-Results: evil.example; dmarc=pass\r\n"
        assert arrive(mailbox, n, top=top, now=now).sender_checks == {}

    mailbox.refresh_from_db()
    assert (mailbox.learnt_authserv_id, mailbox.authserv_seen) == ("", 0)


def test_imported_mail_teaches_nothing(mailbox, now):
    for n in range(8):
        arrive(mailbox, n, top=on_top(), source=Source.IMPORT, now=now)

    mailbox.refresh_from_db()
    assert mailbox.authserv_seen == 0


def test_a_doubtful_sender_marks_message_case_and_journal(mailbox, now):
    sender = "楽天市場 <info@rakuten-security.example>"

    message = arrive(mailbox, sender=sender, now=now)

    assert message.sender_warnings == [
        {
            "sign": "lookalike_of_company",
            "domain": "rakuten-security.example",
            "genuine": "rakuten.co.jp",
            "company": "楽天 (Rakuten)",
        },
        {
            "sign": "name_of_company",
            "name": "楽天市場",
            "domain": "rakuten-security.example",
            "company": "楽天 (Rakuten)",
        },
    ]
    assert message.case.topic == "account.phishing"
    entry = JournalEntry.objects.get(event="case.sender_doubted")
    assert entry.payload == {"message_id": message.pk, "signs": "lookalike_of_company, name_of_company"}


def test_our_own_address_counts_as_forged_only_when_the_checks_failed(mailbox, now):
    sender = "店長 <shop@komorebi.example>"
    reply_to = "Reply-To: hanako@docomo.ne.jp\r\n"
    named(mailbox)

    failed = arrive(mailbox, 1, top=on_top(results="spf=fail; dmarc=fail"), sender=sender, extra=reply_to, now=now)
    silent = arrive(mailbox, 2, top=on_top(results="spf=none; dmarc=none"), sender=sender, extra=reply_to, now=now)

    assert [each["sign"] for each in failed.sender_warnings] == ["own_address_forged", "answers_elsewhere"]
    assert silent.sender_warnings == []


def test_a_later_doubtful_message_marks_the_case_too_but_keeps_a_stated_topic(mailbox, now):
    first = arrive(mailbox, 1, now=now)
    answer = "References: <1@example.jp>\r\n"
    link = "確認は https://amaz0n-login.example/ から"

    arrive(mailbox, 2, body=link, extra=answer, now=now)
    first.case.refresh_from_db()
    assert first.case.topic == "account.phishing"

    Case.objects.update(topic="return.how", topic_source="person", topics=[["return.how", None]])
    arrive(mailbox, 3, body=link, extra=answer, now=now)
    first.case.refresh_from_db()
    assert (first.case.topic, Case.objects.count()) == ("return.how", 1)


def test_a_mail_is_taken_in_even_when_judging_fails(mailbox, now, monkeypatch):
    def broken(*_args, **_values):
        raise RuntimeError("judging is broken")

    monkeypatch.setattr(verdicts, "_judged", broken)

    message = arrive(mailbox, now=now)

    assert (message.sender_checks, message.sender_warnings) == ({}, [])
    assert Arrival.objects.get().fate == Fate.TAKEN_IN
    assert Mailbox.objects.get().authserv_seen == 0
