"""What a provider posts is kept before it is read, and seen whatever it is."""

import json
from datetime import timedelta

import pytest

from anshin.channels.email.models import Arrival
from anshin.channels.email.posts import doors
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.screens import posts as post_screens
from anshin.channels.email.terms import Fate, Poster
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import StorageFull
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.posting import TOPIC, basic, ses_received
from tests.channels.email.posts.steps import (
    nothing_happened,
    password_of,
    raws,
    read_all,
    standard,
)

pytestmark = pytest.mark.django_db


class TestNothingIsLost:
    def test_a_signed_post_that_nobody_understands_is_shown_as_it_came(self, opened, knock, now):
        address = opened(Poster.POSTMARK)
        knock(address, "application/json", b"{not json at all", **basic(password_of(address)))
        read_all()
        assert raws() == [b"{not json at all"]
        assert take_in(Arrival.objects.get().pk, now=now) == Fate.QUARANTINED
        assert Arrival.objects.get().message is not None

    def test_the_next_mail_comes_in_all_the_same(self, opened, knock, now):
        address = opened(Poster.STANDARD)
        for number, body in (("1", b"\x00\xff"), ("2", mail())):
            knock(address, "message/rfc822", body, **standard(address, body, now, number))
        read_all()
        assert raws() == [b"\x00\xff", mail()]

    def test_a_full_disk_makes_the_provider_try_again(self, opened, knock, now, monkeypatch):
        def full(*_arguments, **_options):
            raise StorageFull

        address = opened(Poster.STANDARD)
        monkeypatch.setattr(doors, "keep", full)
        assert knock(address, "message/rfc822", mail(), **standard(address, mail(), now)).status_code == 503
        assert nothing_happened()

    def test_so_does_an_amazon_that_cannot_be_asked(self, opened, knock, amazon):
        address = opened(Poster.SES, TOPIC)
        amazon.answer = None
        assert knock(address, "text/plain", amazon.notification(ses_received(mail()))).status_code == 503
        assert nothing_happened()

    def test_more_than_is_sensible_is_refused_with_its_reason(self, opened, knock, now, monkeypatch):
        address = opened(Poster.STANDARD)
        monkeypatch.setattr(post_screens, "LARGEST_POST_BYTES", len(mail()) - 1)
        assert knock(address, "message/rfc822", mail(), **standard(address, mail(), now)).status_code == 413
        assert nothing_happened()

    def test_posts_are_forgotten_after_a_month_and_mails_are_not(self, opened, knock, now):
        first, second = opened(Poster.STANDARD), opened(Poster.POSTMARK)
        knock(first, "message/rfc822", mail(), **standard(first, mail(), now))
        body = json.dumps({"RawEmail": mail("二", message_id="<2@x.jp>").decode()}).encode()
        knock(second, "application/json", body, **basic(password_of(second)))
        read_all()
        assert doors.forget_posts(now=now + timedelta(days=29)) == 0
        assert doors.forget_posts(now=now + timedelta(days=31)) == 2
        assert raws() == [mail(), mail("二", message_id="<2@x.jp>")]
        assert Blob.objects.count() == 2
