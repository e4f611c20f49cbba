"""A permission is shown to nobody, goes nowhere else, and can be thrown away."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from anshin.channels.email.actions import MailboxSettings, save_mailbox
from anshin.channels.email.consents import keeping, oauth
from anshin.channels.email.fetching import watching
from anshin.channels.email.fetching.inboxes import imap_server
from anshin.channels.email.models import Consent, Mailbox
from anshin.channels.email.terms import Security
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.channels.email.consents.steps import agreed, facts, nothing_was_given, url
from tests.channels.email.outside.authorisation_server import CLIENT_ID, CLIENT_SECRET

pytestmark = pytest.mark.django_db


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
            keeping.keep_consent(mailbox=box, tokens=oauth.Tokens("a", 60, "r"), by=agent, now=box.created_at)
        assert nothing_was_given()

    def test_somebody_who_lost_the_role_on_the_way_is_stopped(self, as_owner, owner, box, registered, server):
        back = urlsplit(agreed(as_owner.get(url("connect_go", box.pk))["Location"]))
        type(owner).objects.filter(pk=owner.pk).update(role="agent")
        assert as_owner.get(f"{back.path}?{back.query}").status_code == 404
        assert nothing_was_given()

    def test_a_mailbox_with_a_password_has_no_such_page(self, as_owner, mailbox):
        assert as_owner.get(url("connect", mailbox.pk)).status_code == 404
