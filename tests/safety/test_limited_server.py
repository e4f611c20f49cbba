"""A provider takes 400 mails and then refuses everything: over a real SMTP server, to the last mail."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import transport
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.commerce.models import ContactPoint
from anshin.plumbing import clock
from anshin.project.safety_post import SafetyMailPost
from anshin.safety import actions, queries
from anshin.safety.actions.calling import LANES
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.ports import safety_post
from anshin.safety.terms import MailState
from tests.channels.email.outside.smtp_server import Letterbox, running


@pytest.fixture
def mailbox(shop, now, servers_here):
    return Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", smtp_host="127.0.0.1", smtp_security=Security.PLAIN, created_at=now
    )


@pytest.fixture
def at(monkeypatch):
    """Sets the clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


class TestAfterFourHundred:
    """A provider takes 400 mails a day and then refuses everything."""

    def run(self, advisory, at, moment, post):
        at(moment)
        with transport.filled_with(SmtpTransport()), safety_post.filled_with(SafetyMailPost()):
            for lane in range(LANES):
                actions.send_mails(advisory.pk, lane, clock=lambda: moment)

    @pytest.mark.parametrize("refusal", ["554 5.7.0 Daily sending limit exceeded", "451 4.7.0 Try again tomorrow"])
    def test_it_waits_visibly_loses_nothing_and_goes_on(
        self,
        shop,
        mailbox,
        approved,
        bought,
        publish_at,
        at,
        refusal,
    ):
        for _each in range(420):
            bought()
        actions.release_due(now=publish_at)
        actions.announce(approved.pk, now=publish_at)
        advisory = Advisory.objects.get(pk=approved.pk)
        letterbox = Limited(limit=400, refusal=refusal)
        with running(letterbox) as port:
            Mailbox.objects.update(smtp_port=port)
            self.run(advisory, at, publish_at, letterbox)
            states = Counter(SafetyMail.objects.values_list("state", flat=True))
            assert (len(letterbox.got), states[MailState.SENT]) == (400, 400)
            assert states[MailState.WAITING] + states[MailState.DEFERRED] == 20
            advisory.refresh_from_db()
            held = queries.sending_of(advisory)
            assert (held.held_until_at or held.next_try_at) > publish_at
            assert refusal[4:] in (held.held_words or held.deferred_words)
            self.run(advisory, at, publish_at + timedelta(hours=12), letterbox)
            assert len(letterbox.got) == 400
            letterbox.limit = 10_000
            for hours in (24, 26, 28):
                self.run(advisory, at, publish_at + timedelta(hours=hours), letterbox)
        got = Counter(recipients[0] for _sender, recipients, _raw in letterbox.got)
        assert set(got.values()) == {1}
        assert set(got) == set(ContactPoint.objects.values_list("value", flat=True))
        assert set(SafetyMail.objects.values_list("state", flat=True)) == {MailState.SENT}
        advisory.refresh_from_db()
        assert advisory.held_until_at is None
        assert not ContactPoint.objects.exclude(reach="ok").exists()


class Limited(Letterbox):
    def __init__(self, *, limit, refusal):
        super().__init__()
        self.limit, self.refusal = limit, refusal

    async def handle_DATA(self, server, session, envelope):
        self.answer_to_data = "250 2.0.0 Ok" if len(self.got) < self.limit else self.refusal
        return await super().handle_DATA(server, session, envelope)
