"""Mailboxes at Google and Microsoft: consent with a real authorisation server, tokens before a real Dovecot."""

import dataclasses
import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.smtp import MISSING, AuthResult
from django.urls import reverse

from anshin.channels.email import consents, forms, oauth, watching
from anshin.channels.email.actions import MailboxSettings, save_mailbox
from anshin.channels.email.adapter import smtp_server
from anshin.channels.email.consents import MailboxBearer
from anshin.channels.email.fetching import fetch, imap_server
from anshin.channels.email.models import AppRegistration, Arrival, Consent, Mailbox
from anshin.channels.email.providers import PROVIDERS, MailServer
from anshin.channels.email.terms import MailTrouble, Security, SignIn, Trouble
from anshin.channels.email.testing import try_imap
from anshin.channels.email.transport import session
from anshin.plumbing import secrets
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.channels.email import authorisation_server, dovecot_server
from tests.channels.email.authorisation_server import CLIENT_ID, CLIENT_SECRET
from tests.channels.email.letters import mail
from tests.channels.email.smtp_server import Letterbox, running

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **how_far):
        self.now += timedelta(**how_far)


@pytest.fixture
def clock(now, monkeypatch):
    moving = Clock(now)
    monkeypatch.setattr("anshin.plumbing.clock.now", moving)
    monkeypatch.setattr(MailboxBearer.__init__, "__defaults__", (moving,))
    return moving


@pytest.fixture
def server(clock, monkeypatch):
    with authorisation_server.running(clock) as running_one:
        for sign_in in (SignIn.GOOGLE, SignIn.MICROSOFT):
            here = {"authorise_url": f"{running_one.url}/authorize", "token_url": f"{running_one.url}/token"}
            monkeypatch.setitem(PROVIDERS, sign_in, dataclasses.replace(PROVIDERS[sign_in], **here))
        yield running_one


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
    client.cookies["anshin_language"] = "en"
    return client


@pytest.fixture
def box(shop, clock):
    settings = MailboxSettings(address="shop@komorebi.example", sign_in=SignIn.GOOGLE)
    return save_mailbox(shop=shop, settings=settings, by=None, now=clock.now)


@pytest.fixture
def registered(shop, owner, box, clock):
    stated = consents.RegistrationSettings(CLIENT_ID, CLIENT_SECRET)
    return consents.save_registration(shop=shop, provider=SignIn.GOOGLE, settings=stated, by=owner, now=clock.now)


@pytest.fixture
def connected(server, as_owner, box, registered):
    come_back(as_owner, box)
    return Mailbox.objects.get()


def url(name, *args):
    return reverse(f"email:{name}", args=["komorebi", *args])


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def agreed(address):
    """A person looks at the provider's page; where the provider sends the browser then."""
    try:
        urllib.request.build_opener(_StayHere).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.headers["Location"]
    raise AssertionError("the provider sent nobody anywhere")


def come_back(client, box):
    sent_to = client.get(url("connect_go", box.pk))["Location"]
    back = urlsplit(agreed(sent_to))
    return client.get(f"{back.path}?{back.query}", follow=True)


def facts():
    return list(JournalEntry.objects.order_by("id").values_list("event", flat=True))


def nothing_was_given():
    return not Consent.objects.exists() and "email.mailbox_connected" not in facts()


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
        assert "The provider did not give the permission. (access_denied)" in page.content.decode()
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


class TestSecrets:
    def test_a_token_goes_to_no_server_but_the_providers(self, as_owner, box):
        form = {"address": box.address, "sign_in": "google", "imap_host": "evil.example", "smtp_host": "evil.example",
                "imap_port": "993", "imap_security": "plain", "smtp_port": "25", "smtp_security": "plain",
                "is_active": "on"}  # fmt: skip
        as_owner.post(url("mailbox", box.pk), form)
        saved = Mailbox.objects.get()
        assert (saved.imap_host, saved.imap_port, saved.imap_security) == ("imap.gmail.com", 993, Security.TLS)
        assert (saved.smtp_host, saved.smtp_security) == ("smtp.gmail.com", Security.STARTTLS)

    def test_no_page_journal_or_repr_shows_one(self, server, as_owner, connected):
        consent = Consent.objects.get()
        given = [secrets.unseal(sealed) for sealed in (consent.refresh_token_sealed, consent.access_token_sealed)]
        hidden = [*given, CLIENT_SECRET]
        addresses = [url("connect", connected.pk), url("mailboxes"), url("mailbox", connected.pk)]
        pages = [as_owner.get(address).content.decode() for address in addresses]
        shown = [*pages, str(list(JournalEntry.objects.values())), repr(imap_server(connected)),
                 repr(oauth.App(CLIENT_ID, CLIENT_SECRET)), consent.refresh_token_sealed]  # fmt: skip
        assert [word for word in hidden for page in shown if word in page] == []
        assert CLIENT_ID in pages[0]

    def test_going_back_to_a_password_throws_the_permission_away(self, connected, shop, clock):
        settings = MailboxSettings(address=connected.address, imap_host="imap.example")
        save_mailbox(shop=shop, settings=settings, by=None, now=clock.now, mailbox=connected)
        assert not Consent.objects.exists()
        assert imap_server(Mailbox.objects.get()).bearer is None

    def test_nobody_listens_on_with_a_permission_that_was_thrown_away(self, as_owner, connected):
        assert watching.claim(connected.pk)
        assert watching.renew(connected)
        as_owner.post(url("connect_forget", connected.pk))
        assert not watching.renew(connected)

    def test_disconnecting_throws_it_away_once(self, as_owner, connected):
        for _time in range(2):
            as_owner.post(url("connect_forget", connected.pk))
        assert not Consent.objects.exists()
        assert facts().count("email.mailbox_disconnected") == 1


class TestOutsiders:
    def test_another_shops_owner_finds_nothing_and_changes_nothing(self, client, stranger, connected):
        type(stranger).objects.filter(pk=stranger.pk).update(role="owner")
        client.force_login(stranger.person, backend="anshin.staff.sign_in.StaffBackend")
        for slug in ("komorebi", "tanuki"):
            for name in ("connect", "connect_go"):
                assert client.get(reverse(f"email:{name}", args=[slug, connected.pk])).status_code == 404
            for name in ("register", "connect_forget"):
                assert client.post(reverse(f"email:{name}", args=[slug, connected.pk])).status_code == 404
        assert Consent.objects.count() == 1

    def test_an_agent_may_not(self, client, agent, box, registered, server):
        client.force_login(agent.person, backend="anshin.staff.sign_in.StaffBackend")
        assert client.get(url("connect_go", box.pk)).status_code == 403
        with pytest.raises(NotAllowed):
            consents.keep_consent(mailbox=box, tokens=oauth.Tokens("a", 60, "r"), by=agent, now=box.created_at)
        assert nothing_was_given()

    def test_somebody_who_lost_the_role_on_the_way_is_stopped(self, as_owner, owner, box, registered, server):
        back = urlsplit(agreed(as_owner.get(url("connect_go", box.pk))["Location"]))
        type(owner).objects.filter(pk=owner.pk).update(role="agent")
        assert as_owner.get(f"{back.path}?{back.query}").status_code == 404
        assert nothing_was_given()

    def test_a_mailbox_with_a_password_has_no_such_page(self, as_owner, mailbox):
        assert as_owner.get(url("connect", mailbox.pk)).status_code == 404
