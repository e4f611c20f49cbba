"""The owner of a mailbox at Google or Microsoft gives the permission: the whole way, and who is turned away."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from anshin.channels.email.models import AppRegistration, Consent, Mailbox
from anshin.channels.email.terms import SignIn
from anshin.plumbing import secrets
from anshin.plumbing.jobs.models import Job
from tests.channels.email.consents.steps import agreed, come_back, facts, nothing_was_given, url
from tests.channels.email.outside.authorisation_server import CLIENT_ID, CLIENT_SECRET

pytestmark = pytest.mark.django_db


class TestGivingConsent:
    def test_the_whole_way_from_the_form_to_tokens_at_rest(self, server, as_owner, clock):
        saved = as_owner.post(
            url("mailbox_new"),
            {"address": "shop@komorebi.example", "sign_in": "google", "imap_port": "993", "imap_security": "tls",
             "smtp_port": "587", "smtp_security": "starttls", "is_active": "on"},
        )  # fmt: skip
        box = Mailbox.objects.get()
        assert saved["Location"] == url("connect", box.pk)
        as_owner.post(url("register", box.pk), {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})

        page = come_back(as_owner, box)

        consent = Consent.objects.get()
        assert page.redirect_chain == [(url("mailboxes"), 302)]
        assert "The mailbox is connected." in page.content.decode()
        assert (consent.mailbox, consent.provider, consent.account) == (box, "google", "shop@komorebi.example")
        assert secrets.unseal(consent.refresh_token_sealed) in server.refresh_tokens
        assert secrets.unseal(consent.access_token_sealed) in server.access_tokens
        assert consent.access_ends_at == clock.now + timedelta(hours=1)
        assert facts()[-3:] == ["email.mailbox_saved", "email.app_registered", "email.mailbox_connected"]
        assert Job.objects.filter(task="anshin.channels.email.jobs.fetch_mailbox", args=[box.pk]).exists()

    def test_the_question_states_what_google_wants_to_know(self, server, as_owner, box, registered):
        asked = parse_qs(urlsplit(as_owner.get(url("connect_go", box.pk))["Location"]).query)

        assert asked["response_type"] == ["code"]
        assert asked["scope"] == ["https://mail.google.com/ openid email"]
        assert asked["redirect_uri"] == ["http://localhost:8000/mail/consent"]
        assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
        assert asked["login_hint"] == ["shop@komorebi.example"]
        assert asked["code_challenge_method"] == ["S256"]
        assert len(asked["code_challenge"][0]) == 43

    def test_an_answer_counts_once(self, server, as_owner, box, registered):
        back = urlsplit(agreed(as_owner.get(url("connect_go", box.pk))["Location"]))
        for _time in range(2):
            page = as_owner.get(f"{back.path}?{back.query}", follow=True)
        assert "This answer belongs to no question of this browser." in page.content.decode()
        assert server.grants() == ["authorization_code"]

    def test_a_forged_answer_is_not_asked_about(self, server, as_owner, box, registered):
        as_owner.get(url("connect_go", box.pk))
        page = as_owner.get("/mail/consent?code=abc&state=guessed", follow=True)
        assert "This answer belongs to no question" in page.content.decode()
        assert nothing_was_given()
        assert server.grants() == []

    def test_a_code_stolen_from_another_browser_is_worth_nothing(self, server, as_owner, box, registered):
        """The thief has the code but not the verifier (PKCE)."""
        stolen = parse_qs(urlsplit(agreed(as_owner.get(url("connect_go", box.pk))["Location"])).query)["code"][0]
        own = as_owner.get(url("connect_go", box.pk))["Location"]
        state = parse_qs(urlsplit(own).query)["state"][0]

        page = as_owner.get(f"/mail/consent?code={stolen}&state={state}", follow=True)

        assert "invalid_grant: Bad code." in page.content.decode()
        assert nothing_was_given()

    def test_an_answer_after_twenty_minutes_is_too_late(self, server, as_owner, box, registered, clock):
        back = urlsplit(agreed(as_owner.get(url("connect_go", box.pk))["Location"]))
        clock.forward(minutes=21)
        page = as_owner.get(f"{back.path}?{back.query}", follow=True)
        assert "That took too long." in page.content.decode()
        assert nothing_was_given()

    def test_a_person_who_says_no_is_told_so(self, server, as_owner, box, registered):
        server.agrees = False
        page = come_back(as_owner, box)
        assert (
            "The provider did not give the permission (access_denied). Connect the mailbox again."
            in page.content.decode()
        )
        assert nothing_was_given()

    def test_a_permission_that_does_not_cover_mail_is_not_kept(self, server, as_owner, box, registered):
        server.gives_scopes = "openid email"
        page = come_back(as_owner, box)
        assert "Connect again and tick every permission." in page.content.decode()
        assert nothing_was_given()

    def test_without_a_client_id_nobody_is_sent_anywhere(self, server, as_owner, box):
        assert as_owner.get(url("connect_go", box.pk))["Location"] == url("connect", box.pk)
        assert "First enter the client ID and secret below." in as_owner.get(url("connect", box.pk)).content.decode()

    def test_the_installations_own_client_id_serves_every_shop(self, server, as_owner, box, settings):
        settings.ANSHIN_MAIL_APPS = {"google": (CLIENT_ID, CLIENT_SECRET, "")}
        come_back(as_owner, box)
        assert Consent.objects.get().account == "shop@komorebi.example"
        assert not AppRegistration.objects.exists()

    def test_microsoft_is_asked_under_the_tenant_that_was_entered(self, as_owner, shop, owner, box, now):
        Mailbox.objects.update(sign_in=SignIn.MICROSOFT)
        form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "tenant": "komorebi.onmicrosoft.com"}
        as_owner.post(url("register", box.pk), form)

        sent_to = urlsplit(as_owner.get(url("connect_go", box.pk))["Location"])

        assert sent_to.netloc == "login.microsoftonline.com"
        assert sent_to.path == "/komorebi.onmicrosoft.com/oauth2/v2.0/authorize"
        assert "https://outlook.office.com/IMAP.AccessAsUser.All" in parse_qs(sent_to.query)["scope"][0].split()

    def test_a_tenant_that_would_change_the_address_is_refused(self, as_owner, box):
        form = {"client_id": CLIENT_ID, "client_secret": "x", "tenant": "evil.example/"}
        assert as_owner.post(url("register", box.pk), form).status_code == 422
        assert not AppRegistration.objects.exists()
