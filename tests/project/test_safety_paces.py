"""Safety mails keep the paces of the receivers; over a real SMTP server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.channels.email.models import Mailbox, SendingLane
from anshin.channels.email.pacing import turns
from anshin.channels.email.ports import transport
from anshin.channels.email.sending import lanes
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.plumbing import clock
from anshin.project.safety_post import SafetyMailPost
from tests.channels.email.outside.smtp_server import Letterbox, running
from tests.project.test_safety_post import letter


@pytest.fixture
def mailbox(shop, now, servers_here):
    return Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", smtp_host="127.0.0.1", smtp_security=Security.PLAIN, created_at=now
    )


@pytest.fixture
def at(monkeypatch):
    """Sets the clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def sent(shop, addresses):
    letters = [letter(number, to=address) for number, address in enumerate(addresses, start=1)]
    with transport.filled_with(SmtpTransport()):
        found = SafetyMailPost().send(shop.pk, letters, handing_over=lambda given: [each.mail_id for each in given])
        return sorted(found, key=lambda handed: handed.mail_id)


def test_a_mobile_carrier_gets_one_after_the_other_and_others_are_not_held_up(shop, mailbox, at, now):
    at(now)
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        answers = sent(shop, ["a@docomo.ne.jp", "b@docomo.ne.jp", "c@example.jp", "d@docomo.ne.jp"])
        assert [each.is_taken for each in answers] == [True, False, True, False]
        assert [each.waits.until_at if each.waits else None for each in answers] == [
            *(None, now + turns.ASK_AGAIN, None, now + turns.ASK_AGAIN)
        ]
        at(now + turns.ASK_AGAIN)
        assert [each.is_taken for each in sent(shop, ["b@docomo.ne.jp"])] == [True]
    assert SendingLane.objects.get(receiver="docomo").holders == {}


def test_a_reply_of_the_desk_passes_between_them(shop, mailbox, at, now):
    at(now)
    with running(Letterbox()) as port:
        Mailbox.objects.update(smtp_port=port)
        sent(shop, [f"{number}@docomo.ne.jp" for number in range(50)])
        row = SendingLane.objects.get(receiver="docomo")
    assert row.next_turn_at == now + timedelta(seconds=3)  # not fifty turns later


def test_a_receiver_that_asks_for_patience_gets_it_from_every_mail(shop, mailbox, at, now):
    at(now)
    letterbox = Letterbox(answer_to_rcpt={"a@example.jp": "450 4.7.1 Too many messages, slow down"})
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        answers = sent(shop, ["a@example.jp", "c@example.com", "b@example.jp"])  # the first two leave together
        assert [each.is_taken for each in answers] == [False, True, False]
        assert answers[2].waits.until_at == now + timedelta(minutes=1)
        assert "slow down" in answers[2].words
        at(now + timedelta(minutes=2))
        assert [each.is_taken for each in sent(shop, ["b@example.jp"])] == [True]
    assert lanes.pauses(SendingLane.objects.first().route, ["example.jp"]) == {}
