"""Who proves nothing is not heard, and what came twice counts once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anshin.channels.email import jobs
from anshin.channels.email.models import Arrival, Mailbox, Post
from anshin.channels.email.posts import doors
from anshin.channels.email.terms import Poster
from tests.channels.email.outside import posting
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.posting import TOPIC, basic, mailgun_signature, multipart, ses_received
from tests.channels.email.posts.steps import SIGNING_KEY, nothing_happened, password_of, raws, read_all, standard

pytestmark = pytest.mark.django_db


class TestNobodyElse:
    """Whoever proves nothing hears nothing, and nothing is kept."""

    def refused(self, answer):
        return (answer.status_code, answer.content) == (404, b"") and nothing_happened()

    def test_a_wrong_signature_says_nothing(self, opened, knock, amazon, now):
        address = opened(Poster.STANDARD)
        signed = standard(address, mail(), now)
        assert self.refused(knock(address, "message/rfc822", mail("別の本文"), **signed))
        assert self.refused(knock(address, "message/rfc822", mail()))
        assert self.refused(knock(address, "message/rfc822", mail(), **signed | {"HTTP_WEBHOOK_ID": "msg_2"}))
        other = {**signed, "HTTP_WEBHOOK_SIGNATURE": "v1,AAAA v2,\xe3"}
        assert self.refused(knock(address, "message/rfc822", mail(), **other))

    def test_mailgun(self, opened, knock, now):
        address = opened(Poster.MAILGUN, SIGNING_KEY)
        for fields in ({}, mailgun_signature("another-key", now), mailgun_signature(SIGNING_KEY, now, token="")):
            assert self.refused(knock(address, *multipart({"body-mime": mail(), **fields})))
        assert self.refused(knock(address, "application/json", b"{}"))
        assert self.refused(knock(address, "multipart/form-data", b"no boundary"))

    @pytest.mark.parametrize("poster", [Poster.POSTMARK, Poster.SENDGRID])
    def test_name_and_password(self, opened, knock, poster):
        address = opened(poster)
        for said in ({}, basic("guess"), basic(password_of(address), user="root"), {"HTTP_AUTHORIZATION": "Basic x"}):
            assert self.refused(knock(address, "application/json", b"{}", **said))

    def test_amazon(self, opened, knock, amazon):
        address = opened(Poster.SES, TOPIC)
        good = amazon.notification(ses_received(mail()))
        assert self.refused(knock(address, "text/plain", good.replace(b"n-1", b"n-2")))
        another_topic = amazon.notification(ses_received(mail()), TopicArn=TOPIC + "x")
        assert self.refused(knock(address, "text/plain", another_topic))
        assert self.refused(knock(address, "text/plain", posting.Amazon().notification(ses_received(mail()))))
        for body in (b"", b"[]", b"{}", b'{"Type": "Notification"}', b"\xff"):
            assert self.refused(knock(address, "text/plain", body))

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil.example/x.pem",
            "http://sns.ap-northeast-1.amazonaws.com/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com.evil.example/x.pem",
            "https://sns.ap-northeast-1.amazonaws.com@evil.example/x.pem",
            "https://s3.amazonaws.com/bucket/x.pem",
        ],
    )
    def test_a_certificate_from_elsewhere_is_not_even_fetched(self, opened, knock, amazon, url):
        address = opened(Poster.SES, TOPIC)
        body = amazon.notification(ses_received(mail()), SigningCertURL=url)
        assert self.refused(knock(address, "text/plain", body))
        assert amazon.asked == []

    def test_an_address_that_is_not_there_sounds_the_same(self, opened, knock, client, now):
        address = opened(Poster.STANDARD)
        signed = standard(address, mail(), now)
        for key, poster in (("x" * 32, "standard"), (address.address.key, "mailgun"), (address.address.key, "none")):
            where = reverse("mail:post", args=[key, poster])
            assert self.refused(client.post(where, data=mail(), content_type="message/rfc822", **signed))

    def test_another_shops_secret_opens_nothing(self, opened, knock, other_shop, stranger, now):
        address = opened(Poster.STANDARD)
        box = Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
        type(stranger).objects.filter(pk=stranger.pk).update(role="owner")
        stranger.refresh_from_db()
        theirs = doors.open_address(mailbox=box, poster=Poster.STANDARD, by=stranger, now=now)
        assert self.refused(knock(address, "message/rfc822", mail(), **standard(theirs, mail(), now)))

    def test_a_closed_address_is_deaf(self, opened, knock, owner, now):
        address = opened(Poster.STANDARD)
        doors.close_address(address=address.address, by=owner, now=now)
        assert self.refused(knock(address, "message/rfc822", mail(), **standard(address, mail(), now)))

    def test_nobody_looks_in(self, opened, client):
        address = opened(Poster.STANDARD)
        assert client.get(reverse("mail:post", args=[address.address.key, "standard"])).status_code == 405


class TestOnce:
    def test_the_same_post_again_is_welcome_and_changes_nothing(self, opened, knock, now):
        address = opened(Poster.STANDARD)
        for _time in range(3):
            answer = knock(address, "message/rfc822", mail(), **standard(address, mail(), now))
            assert answer.status_code == 200
            read_all()
        assert (Post.objects.count(), Arrival.objects.count()) == (1, 1)

    def test_a_token_of_mailgun_counts_once_whatever_comes_with_it(self, opened, knock, now):
        address = opened(Poster.MAILGUN, SIGNING_KEY)
        signed = mailgun_signature(SIGNING_KEY, now)
        for body in (mail("一"), mail("すりかえ", message_id="<evil@x.jp>")):
            assert knock(address, *multipart({"body-mime": body, **signed})).status_code == 200
        read_all()
        assert raws() == [mail("一")]

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_an_old_or_early_signature_is_refused(self, opened, knock, now, minutes):
        address = opened(Poster.STANDARD)
        signed = standard(address, mail(), now + timedelta(minutes=minutes))
        assert knock(address, "message/rfc822", mail(), **signed).status_code == 404
        assert nothing_happened()

    def test_mailgun_may_try_for_hours_but_not_for_days(self, opened, knock, now):
        address = opened(Poster.MAILGUN, SIGNING_KEY)
        for hours, status in ((13, 404), (8, 200)):
            signed = mailgun_signature(SIGNING_KEY, now - timedelta(hours=hours))
            assert knock(address, *multipart({"body-mime": mail(), **signed})).status_code == status

    def test_a_post_that_was_read_is_not_read_again(self, opened, knock, now):
        address = opened(Poster.STANDARD)
        knock(address, "message/rfc822", mail(), **standard(address, mail(), now))
        for _time in range(2):
            jobs.read_post.call(Post.objects.get().pk)
        assert Arrival.objects.count() == 1

    def test_killed_between_ledger_and_mark_it_is_there_once(self, opened, knock, now):
        address = opened(Poster.STANDARD)
        knock(address, "message/rfc822", mail(), **standard(address, mail(), now))
        read_all()
        Post.objects.update(read_at=None)
        read_all()
        assert Arrival.objects.count() == 1
