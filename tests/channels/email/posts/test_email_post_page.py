"""The page on which an owner opens and closes doors for providers."""

import pytest
from django.urls import reverse

from anshin.channels.email.models import Arrival, PostAddress
from anshin.channels.email.posts import doors
from anshin.channels.email.terms import Poster
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.channels.email.outside.letters import mail
from tests.channels.email.posts.steps import read_all, standard

pytestmark = pytest.mark.django_db


class TestThePage:
    @pytest.fixture
    def as_owner(self, client, owner):
        client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
        client.cookies["anshin_language"] = "en"
        return client

    def url(self, name, *args):
        return reverse(f"email:{name}", args=["komorebi", *args])

    def test_an_address_is_opened_and_its_secret_shown_once(self, as_owner, mailbox):
        page = as_owner.post(self.url("post_addresses", mailbox.pk), {"poster": "standard"})
        row = PostAddress.objects.get()
        shown = page.content.decode()
        assert f"http://localhost:8000/mail/in/{row.key}/standard" in shown
        assert "whsec_" in shown
        assert page["Cache-Control"] == "no-store"
        again = as_owner.get(self.url("post_addresses", mailbox.pk)).content.decode()
        assert row.key in again
        assert "whsec_" not in again
        assert JournalEntry.objects.last().payload == {"mailbox_id": mailbox.pk, "poster": "standard"}

    @pytest.mark.parametrize("poster", ["mailgun", "ses"])
    def test_what_the_provider_gives_is_demanded(self, as_owner, mailbox, poster):
        answer = as_owner.post(self.url("post_addresses", mailbox.pk), {"poster": poster})
        assert answer.status_code == 422
        assert "Enter what the provider shows you" in answer.content.decode()
        assert not PostAddress.objects.exists()

    def test_one_address_a_provider(self, as_owner, mailbox):
        for status in (200, 422):
            form = {"poster": "postmark"}
            assert as_owner.post(self.url("post_addresses", mailbox.pk), form).status_code == status
        assert PostAddress.objects.count() == 1

    def test_an_address_with_unread_posts_stays_open(self, as_owner, opened, knock, mailbox, now):
        address = opened(Poster.STANDARD)
        knock(address, "message/rfc822", mail(), **standard(address, mail(), now))
        close = self.url("post_address_close", mailbox.pk, address.address.pk)
        as_owner.post(close)
        assert PostAddress.objects.exists()
        read_all()
        as_owner.post(close)
        assert not PostAddress.objects.exists()
        assert Arrival.objects.count() == 1

    def test_outsiders_open_and_close_nothing(self, client, opened, mailbox, agent, stranger, now):
        address = opened(Poster.STANDARD)
        type(stranger).objects.filter(pk=stranger.pk).update(role="owner")
        for person, status in ((agent.person, 403), (stranger.person, 404)):
            client.force_login(person, backend="anshin.staff.sign_in.StaffBackend")
            form = {"poster": "postmark"}
            assert client.post(self.url("post_addresses", mailbox.pk), form).status_code == status
            close = self.url("post_address_close", mailbox.pk, address.address.pk)
            assert client.post(close).status_code == status
        foreign = reverse("email:post_address_close", args=["tanuki", mailbox.pk, address.address.pk])
        assert client.post(foreign).status_code == 404
        with pytest.raises(NotAllowed):
            doors.close_address(address=address.address, by=agent, now=now)
        assert PostAddress.objects.count() == 1
