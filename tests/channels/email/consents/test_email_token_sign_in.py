"""Tokens before a real Dovecot and a real mail server."""

import dataclasses

import pytest
from aiosmtpd.smtp import MISSING, AuthResult

from anshin.channels.email import forms
from anshin.channels.email.actions import MailboxSettings
from anshin.channels.email.consents.keeping import MailboxBearer
from anshin.channels.email.consents.providers import PROVIDERS, MailServer
from anshin.channels.email.fetching.inboxes import fetch
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.sending.adapter import smtp_server
from anshin.channels.email.servers.smtp import session
from anshin.channels.email.servers.trying import try_imap
from anshin.channels.email.terms import MailTrouble, Security, SignIn, Trouble
from tests.channels.email.consents.steps import come_back, facts
from tests.channels.email.outside import dovecot_server
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import Letterbox, running

pytestmark = pytest.mark.django_db


@pytest.mark.dovecot
class TestBeforeDovecot:
    @pytest.fixture
    def dovecot(self, server, monkeypatch):
        if not dovecot_server.is_installed():
            pytest.skip("dovecot-imapd is not installed")
        with dovecot_server.running(introspection_url=f"{server.url}/introspect") as running_one:
            imap = MailServer("127.0.0.1", running_one.plain_port, Security.PLAIN)
            monkeypatch.setitem(PROVIDERS, SignIn.GOOGLE, dataclasses.replace(PROVIDERS[SignIn.GOOGLE], imap=imap))
            yield running_one

    @pytest.fixture
    def fetched_box(self, dovecot, connected):
        """Connected before the test server's port was known; save it again as the form would."""
        Mailbox.objects.update(imap_host="127.0.0.1", imap_port=dovecot.plain_port, imap_security=Security.PLAIN)
        return Mailbox.objects.get()

    def test_a_token_opens_the_mailbox_and_mail_is_fetched(self, fetched_box, dovecot, clock):
        dovecot.put(mail())

        fetched = fetch(fetched_box, now=clock.now)

        assert (fetched.new_count, fetched.trouble) == (1, None)
        assert Arrival.objects.get().dedupe_key == "1@example.jp"
        assert dovecot.flags() == [""]

    def test_a_token_that_the_server_refuses_is_renewed_at_once(self, fetched_box, dovecot, server, clock):
        dovecot.put(mail())
        server.access_tokens.clear()  # no longer good there, although its time is not over

        fetched = fetch(fetched_box, now=clock.now)

        assert (fetched.new_count, fetched.trouble) == (1, None)
        assert server.grants() == ["authorization_code", "refresh_token"]

    def test_a_withdrawn_permission_is_shown_and_the_mail_waits(self, fetched_box, dovecot, server, clock):
        dovecot.put(mail())
        server.revoke()

        fetch(fetched_box, now=clock.now)

        box = Mailbox.objects.get()
        assert (box.last_error_code, box.failing_since_at) == (Trouble.CONSENT_WITHDRAWN, clock.now)
        assert facts()[-1] == "email.mailbox_failing"
        assert not Arrival.objects.exists()

    def test_connecting_again_mends_it(self, fetched_box, dovecot, server, as_owner, clock):
        dovecot.put(mail())
        server.revoke()
        fetch(fetched_box, now=clock.now)

        come_back(as_owner, fetched_box)

        assert Mailbox.objects.get().last_error_code == ""
        assert fetch(Mailbox.objects.get(), now=clock.now).new_count == 1

    def test_a_token_for_another_account_is_refused_in_words(self, fetched_box, server, clock):
        Mailbox.objects.update(imap_user="somebody@else.example")
        fetched = fetch(Mailbox.objects.get(), now=clock.now)
        assert fetched.trouble.trouble == Trouble.TOKEN_REFUSED
        assert Mailbox.objects.get().last_error_code == Trouble.TOKEN_REFUSED

    def test_a_sign_in_that_is_down_costs_no_mail(self, fetched_box, dovecot, server, clock):
        dovecot.put(mail())
        clock.forward(hours=1)
        server.is_down = True
        assert fetch(fetched_box, now=clock.now).trouble.trouble == Trouble.SIGN_IN_DOWN
        server.is_down = False
        assert fetch(fetched_box, now=clock.now).new_count == 1

    def test_the_test_button_says_whether_the_permission_works(self, fetched_box, dovecot):
        settings = MailboxSettings(address=fetched_box.address, sign_in=SignIn.GOOGLE)
        imap, _smtp = forms.servers_of(settings, fetched_box)
        assert [finding.is_good for finding in try_imap(imap)] == [True, True]


class TokenLetterbox(Letterbox):
    """An SMTP server that takes tokens."""

    tokens = ()

    async def auth_XOAUTH2(self, server, arguments):
        import base64

        said = base64.b64decode(arguments[1]).decode() if len(arguments) > 1 else ""
        if said in [f"user=shop@komorebi.example\1auth=Bearer {token}\1\1" for token in self.tokens]:
            return AuthResult(success=True)
        assert await server.challenge_auth('{"status":"400"}') in {b"", MISSING}
        return AuthResult(success=False, handled=False)


class TestBeforeSmtp:
    def signed_in(self, box, server, tokens):
        letterbox = TokenLetterbox()
        letterbox.tokens = tokens
        with running(letterbox) as port:
            Mailbox.objects.update(smtp_host="127.0.0.1", smtp_port=port, smtp_security=Security.PLAIN)
            with session(smtp_server(Mailbox.objects.get())) as smtp:
                return smtp.noop()[0]

    def test_a_token_opens_the_way_out(self, connected, server):
        assert self.signed_in(connected, server, server.access_tokens) == 250

    def test_a_token_that_the_server_refuses_is_renewed_at_once(self, connected, server):
        refused = MailboxBearer(connected.pk).token()
        del server.access_tokens[refused]
        assert self.signed_in(connected, server, server.access_tokens) == 250
        assert server.grants() == ["authorization_code", "refresh_token"]

    def test_a_permission_that_does_not_cover_sending_is_named(self, connected, server):
        with pytest.raises(MailTrouble) as caught:
            self.signed_in(connected, server, ())
        assert (caught.value.trouble, caught.value.permanent) == (Trouble.TOKEN_REFUSED, True)
