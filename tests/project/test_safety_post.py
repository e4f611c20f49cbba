"""Safety mails over a real SMTP server: many over few connections, a refusal is about one, a silent server ends it."""

from __future__ import annotations

import pytest

from anshin.channels.email.models import Mailbox
from anshin.channels.email.pacing.paces import OWN_SERVER
from anshin.channels.email.ports import transport
from anshin.channels.email.servers import smtp
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.project.safety_post import AT_ONCE, SafetyMailPost
from anshin.safety.actions.calling import LANES
from anshin.safety.ports import SafetyLetter
from tests.channels.email.outside.smtp_server import Letterbox, free_port, running


def letter(number, **changes):
    values = {
        "mail_id": number,
        "to": f"buyer{number}@example.jp",
        "name": "髙橋 美咲",
        "subject": "【製品の安全に関する重要なお知らせ】",
        "text": "使うのをやめてください。\n",
        "html": '<p><img src="cid:picture">使うのをやめてください。</p>',
        "language": "ja",
        "message_id": f"<safety.{number}.x@komorebi.example>",
    }
    return SafetyLetter(**{**values, **changes})


@pytest.fixture
def mailbox(shop, now, servers_here):
    return Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", smtp_host="127.0.0.1", smtp_security=Security.PLAIN, created_at=now
    )


@pytest.fixture
def connections(monkeypatch):
    counted = []
    whole = smtp._connected
    monkeypatch.setattr(smtp, "_connected", lambda *told: counted.append(told) or whole(*told))
    return counted


def sent(shop, letters):
    handed = []

    def handing_over(given):
        handed.extend(each.mail_id for each in given)
        return [each.mail_id for each in given]

    with transport.filled_with(SmtpTransport()):
        answers = list(SafetyMailPost().send(shop.pk, letters, handing_over=handing_over))
    return answers, handed


def test_many_over_few_connections_and_a_refusal_blames_one_address(shop, mailbox, connections):
    others = {3: {"to": "buyer3@elsewhere.example"}}
    letterbox = Letterbox(answer_to_rcpt={"buyer2@example.jp": "550 5.1.1 User unknown"})
    letterbox.answer_to_rcpt["buyer3@elsewhere.example"] = "450 4.2.0 Greylisted"
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        answers, handed = sent(shop, [letter(number, **others.get(number, {})) for number in range(1, 6)])
    assert [each.is_taken for each in answers] == [True, False, False, True, True]
    assert [each.bounce for each in answers] == ["", "unknown_user", "", "", ""]
    assert [each.is_permanent for each in answers[1:3]] == [True, False]
    assert handed == [1, 4, 5]
    assert [recipients for _sender, recipients, _raw in letterbox.got] == [
        ["buyer1@example.jp"],
        ["buyer4@example.jp"],
        ["buyer5@example.jp"],
    ]
    assert len(connections) == AT_ONCE


def test_a_limit_is_no_fault_of_the_address(shop, mailbox):
    letterbox = Letterbox(answer_to_data="554 5.7.0 Daily limit exceeded")
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        answers, _handed = sent(shop, [letter(1)])
    assert (answers[0].is_taken, answers[0].is_permanent, answers[0].bounce) == (False, True, "")


def test_a_server_that_does_not_answer_ends_it_early(shop, mailbox):
    Mailbox.objects.update(smtp_port=free_port())
    answers, handed = sent(shop, [letter(number) for number in range(9)])
    assert (len(answers), handed) == (2, [])


def test_without_a_mailbox_it_says_so(shop):
    answers, handed = sent(shop, [letter(1), letter(2)])
    assert (len(answers), handed, bool(answers[0].words)) == (1, [], True)


def test_the_picture_stands_in_the_mail_and_no_unsubscribing(shop, mailbox):
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        sent(shop, [letter(1, picture=b"\x89PNG\r\n", picture_type="image/png")])
    raw = letterbox.got[0][2]
    assert b"Content-ID: <picture@anshin.invalid>" in raw
    assert b"list-unsubscribe" not in raw.lower()
    assert b"Message-ID: <safety.1.x@komorebi.example>" in raw


def test_an_address_that_cannot_be_written_is_a_bad_address(shop, mailbox):
    with running(Letterbox()) as port:
        Mailbox.objects.update(smtp_port=port)
        answers, handed = sent(shop, [letter(1, to="a b@example.jp"), letter(2)])
    assert [each.bounce for each in answers] == ["unknown_user", ""]
    assert handed == [2]


def test_two_leave_together_and_are_asked_about_at_once(shop, mailbox):
    letterbox, asked = Letterbox(), []

    def handing_over(given):
        asked.append(([each.mail_id for each in given], len(letterbox.got)))
        return [each.mail_id for each in given]

    with running(letterbox) as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.update(smtp_port=port)
        letters = [letter(number) for number in range(1, 6)]
        answers = list(SafetyMailPost().send(shop.pk, letters, handing_over=handing_over))
    assert asked == [([1, 2], 0), ([3, 4], 2), ([5], 4)]
    assert [each.mail_id for each in answers] == [1, 2, 3, 4, 5]


def test_what_may_not_leave_any_more_stays_and_nothing_follows_it(shop, mailbox):
    letterbox = Letterbox()
    with running(letterbox) as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.update(smtp_port=port)
        letters = [letter(number) for number in range(1, 6)]
        answers = list(SafetyMailPost().send(shop.pk, letters, handing_over=lambda _given: [1, 2, 4, 5]))
    assert [each.mail_id for each in answers] == [1, 2, 4]
    assert sorted(recipients[0] for _sender, recipients, _raw in letterbox.got) == [
        f"buyer{number}@example.jp" for number in (1, 2, 4)
    ]


def test_all_lanes_keep_within_the_connections_asked_of_our_server():
    assert OWN_SERVER.at_once >= LANES * AT_ONCE
