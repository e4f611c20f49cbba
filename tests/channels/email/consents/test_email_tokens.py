"""Tokens: renewed in time, kept once, and every failure said in words."""

import dataclasses
from datetime import timedelta

import pytest

from anshin.channels.email.consents import oauth
from anshin.channels.email.consents.keeping import MailboxBearer
from anshin.channels.email.consents.providers import PROVIDERS
from anshin.channels.email.models import AppRegistration, Consent
from anshin.channels.email.terms import MailTrouble, SignIn, Trouble
from anshin.plumbing import secrets

pytestmark = pytest.mark.django_db


class TestTokens:
    def test_a_good_token_is_used_without_asking(self, server, connected):
        assert MailboxBearer(connected.pk).token() in server.access_tokens
        assert server.grants() == ["authorization_code"]

    def test_a_token_is_renewed_before_it_ends(self, server, connected, clock):
        former = MailboxBearer(connected.pk).token()
        clock.forward(minutes=56)

        renewed = MailboxBearer(connected.pk).token()

        assert renewed != former
        assert server.access_tokens[renewed][1] == clock.now + timedelta(hours=1)
        assert server.grants() == ["authorization_code", "refresh_token"]
        assert MailboxBearer(connected.pk).token() == renewed
        assert secrets.unseal(Consent.objects.get().refresh_token_sealed) in server.refresh_tokens

    def test_a_refresh_token_that_stays_good_is_kept(self, server, connected, clock):
        server.rotates = False
        former = secrets.unseal(Consent.objects.get().refresh_token_sealed)
        for _time in range(2):
            clock.forward(hours=1)
            MailboxBearer(connected.pk).token()
        assert secrets.unseal(Consent.objects.get().refresh_token_sealed) == former

    def test_who_comes_second_takes_the_token_that_the_first_one_got(self, server, connected, clock, monkeypatch):
        clock.forward(hours=1)
        first = []
        really = oauth.refresh

        def overtaken(*arguments):
            if not first:
                first.append("")
                first[0] = MailboxBearer(connected.pk).token()  # another process, a moment earlier
            return really(*arguments)

        monkeypatch.setattr(oauth, "refresh", overtaken)

        assert MailboxBearer(connected.pk).token() == first[0]
        assert len(server.refresh_tokens) == 1
        assert secrets.unseal(Consent.objects.get().refresh_token_sealed) in server.refresh_tokens

    @pytest.mark.parametrize(
        ("what", "trouble", "permanent"),
        [
            (lambda server: server.revoke(), Trouble.CONSENT_WITHDRAWN, True),
            (lambda server: AppRegistration.objects.update(client_secret_sealed=""), Trouble.CLIENT_WRONG, True),
            (lambda server: setattr(server, "is_down", True), Trouble.SIGN_IN_DOWN, False),
            (lambda server: Consent.objects.all().delete(), Trouble.CONSENT_MISSING, True),
        ],
        ids=["withdrawn", "secret", "down", "missing"],
    )
    def test_what_is_wrong_is_said_in_words(self, server, connected, clock, what, trouble, permanent):
        clock.forward(hours=1)
        kept = list(Consent.objects.values_list("refresh_token_sealed", flat=True))
        what(server)

        with pytest.raises(MailTrouble) as caught:
            MailboxBearer(connected.pk).token()

        assert (caught.value.trouble, caught.value.permanent) == (trouble, permanent)
        if trouble != Trouble.CONSENT_MISSING:
            assert list(Consent.objects.values_list("refresh_token_sealed", flat=True)) == kept

    def test_a_sign_in_server_that_is_not_there_passes_by_itself(self, server, connected, clock, monkeypatch):
        clock.forward(hours=1)
        gone = dataclasses.replace(PROVIDERS[SignIn.GOOGLE], token_url="http://127.0.0.1:1/token")
        monkeypatch.setitem(PROVIDERS, SignIn.GOOGLE, gone)
        with pytest.raises(MailTrouble) as caught:
            MailboxBearer(connected.pk).token()
        assert (caught.value.trouble, caught.value.permanent) == (Trouble.SIGN_IN_DOWN, False)
        assert caught.value.server_words == "127.0.0.1:1: it cannot be reached"

    def test_a_changed_installation_secret_is_named(self, server, connected, settings):
        settings.SECRET_KEY = "another-" + "x" * 40
        with pytest.raises(MailTrouble) as caught:
            MailboxBearer(connected.pk).token()
        assert caught.value.trouble == Trouble.SECRET_CHANGED
