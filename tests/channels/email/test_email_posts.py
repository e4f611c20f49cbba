"""Mail posted by providers: signed or unheard, kept before it is read, once, and seen whatever it is."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from anshin.channels.email import jobs, post_screens, post_signing, posts
from anshin.channels.email.models import Arrival, Mailbox, Post, PostAddress
from anshin.channels.email.taking_in import take_in
from anshin.channels.email.terms import Fate, Poster, Source
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import StorageFull, read_bytes
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.web import client as web
from anshin.shops.actions import NotAllowed
from tests.channels.email import posting
from tests.channels.email.letters import mail
from tests.channels.email.posting import TOPIC, basic, mailgun_signature, multipart, ses_received, urlencoded

pytestmark = pytest.mark.django_db

SIGNING_KEY = "key-of-mailgun"
SHIFT_JIS = mail().decode().replace("charset=utf-8", "charset=Shift_JIS").encode("cp932")


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def opened(mailbox, owner, now):
    def open_one(poster, given=""):
        found = posts.open_address(mailbox=mailbox, poster=poster, given=given, by=owner, now=now)
        Job.objects.all().delete()
        return found

    return open_one


@pytest.fixture
def amazon(monkeypatch):
    """Amazon as it answers; what was asked of it."""
    made = posting.Amazon()
    made.asked, made.answer = [], web.Answer(200, made.certificate, {})

    def get(url, **_options):
        made.asked.append(url)
        if made.answer is None:
            raise web.Unreachable("sns.ap-northeast-1.amazonaws.com: it cannot be reached")
        return made.answer

    monkeypatch.setattr(web, "get", get)
    return made


@pytest.fixture
def knock(client):
    def post(address, content_type, body, **headers):
        where = reverse("mail:post", args=[address.address.key, address.address.poster])
        return client.post(where, data=body, content_type=content_type, **headers)

    return post


def password_of(opened):
    return opened.url.partition("://anshin:")[2].partition("@")[0]


def standard(opened, body, at, number="msg_1"):
    signed = post_signing.sign_standard(opened.secret, number=number, at=at, body=body)
    return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}


def read_all():
    for post in Post.objects.filter(read_at=None).order_by("id"):
        jobs.read_post.call(post.pk)


def raws():
    return [read_bytes(arrival.raw_blob) for arrival in Arrival.objects.order_by("id")]


def nothing_happened():
    return not (Post.objects.exists() or Arrival.objects.exists() or Job.objects.exists() or Blob.objects.exists())


class TestEachProvider:
    """The mail's very bytes reach the ledger."""

    def test_any_system_posts_the_mail_itself(self, opened, knock, mailbox, now):
        address = opened(Poster.STANDARD)

        answer = knock(address, "message/rfc822", SHIFT_JIS, **standard(address, SHIFT_JIS, now))

        post = Post.objects.get()
        assert (answer.status_code, answer.content) == (200, b"")
        assert (post.delivery_key, post.read_at, read_bytes(post.body_blob)) == ("msg_1", None, SHIFT_JIS)
        assert [(job.task, job.args) for job in Job.objects.all()] == [(posts.READ_POST, [post.pk])]
        read_all()
        arrival = Arrival.objects.get()
        assert (arrival.mailbox, arrival.source, arrival.fate) == (mailbox, Source.POST, Fate.STORED)
        assert raws() == [SHIFT_JIS]
        assert take_in(arrival.pk, now=now) == Fate.TAKEN_IN
        assert Arrival.objects.get().message.text.startswith("こんにちは")

    @pytest.mark.parametrize("form", [multipart, urlencoded])
    def test_mailgun_posts_it_in_a_form(self, opened, knock, now, form):
        address = opened(Poster.MAILGUN, SIGNING_KEY)
        content_type, body = form({"body-mime": SHIFT_JIS, **mailgun_signature(SIGNING_KEY, now)})
        assert knock(address, content_type, body).status_code == 200
        read_all()
        assert raws() == [SHIFT_JIS]

    def test_postmark_posts_it_in_json(self, opened, knock):
        address = opened(Poster.POSTMARK)
        body = json.dumps({"From": "misaki@example.jp", "RawEmail": mail().decode()}).encode()
        assert knock(address, "application/json", body, **basic(password_of(address))).status_code == 200
        read_all()
        assert raws() == [mail()]

    def test_sendgrid_posts_it_in_a_form(self, opened, knock):
        address = opened(Poster.SENDGRID)
        content_type, body = multipart({"email": SHIFT_JIS, "spam_score": "0.1"})
        assert knock(address, content_type, body, **basic(password_of(address))).status_code == 200
        read_all()
        assert raws() == [SHIFT_JIS]

    def test_sendgrid_signs_it_where_its_key_was_entered(self, opened, knock):
        key = posting.SendGridKey()
        address = opened(Poster.SENDGRID, key.public)
        content_type, body = multipart({"email": mail()})
        assert knock(address, content_type, body, **basic(password_of(address))).status_code == 404
        assert nothing_happened()
        signed = basic(password_of(address)) | key.sign(body)
        assert knock(address, content_type, body, **signed).status_code == 200
        assert knock(address, content_type, body + b" ", **signed).status_code == 404
        assert Post.objects.count() == 1

    @pytest.mark.parametrize("version", ["1", "2"])
    def test_amazon_notifies_of_it(self, opened, knock, amazon, version):
        address = opened(Poster.SES, TOPIC)
        body = amazon.notification(ses_received(SHIFT_JIS), version=version)
        assert knock(address, "text/plain; charset=UTF-8", body).status_code == 200
        assert amazon.asked == [posting.CERTIFICATE_URL]
        read_all()
        assert raws() == [SHIFT_JIS]

    def test_a_mail_that_amazon_keeps_in_s3_is_shown_with_its_header(self, opened, knock, amazon, now):
        address = opened(Poster.SES, TOPIC)
        said = ses_received(headers=[("From", "misaki@example.jp"), ("Subject", "写真"), ("Message-ID", "<9@x.jp>")])
        knock(address, "text/plain", amazon.notification(said))
        read_all()
        arrival = Arrival.objects.get()
        assert (arrival.is_header_only, arrival.dedupe_key) == (True, "9@x.jp")
        assert take_in(arrival.pk, now=now) == Fate.QUARANTINED
        assert Arrival.objects.get().message.case.subject == "写真"

    def test_amazon_hears_that_it_is_welcome(self, opened, knock, amazon):
        address = opened(Poster.SES, TOPIC)
        url = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
        assert knock(address, "text/plain", amazon.confirmation(url)).status_code == 200
        amazon.asked.clear()
        read_all()
        assert amazon.asked == [url]
        assert Post.objects.get().read_at is not None
        assert not Arrival.objects.exists()

    def test_no_other_server_is_asked_for_amazon(self, opened, knock, amazon):
        address = opened(Poster.SES, TOPIC)
        knock(address, "text/plain", amazon.confirmation("https://evil.example/?Action=ConfirmSubscription"))
        amazon.asked.clear()
        read_all()
        assert amazon.asked == []


class TestPutTogether:
    """Providers that are set to post what they read in the mail: anymail makes a mail of it."""

    def test_mailgun(self, opened, knock, now):
        address = opened(Poster.MAILGUN, SIGNING_KEY)
        headers = [["From", "髙橋 美咲 <misaki@example.jp>"], ["Subject", "返品"], ["Message-Id", "<7@x.jp>"]]
        fields = {"message-headers": json.dumps(headers), "body-plain": "返品したいです。", "attachment-count": "1"}
        content_type, body = multipart(
            fields | mailgun_signature(SIGNING_KEY, now), [("attachment-1", "写真.jpg", b"\xff\xd8\xff jpeg")]
        )
        assert knock(address, content_type, body).status_code == 200
        read_all()
        self.is_shown(now, "返品", "返品したいです。", files=["写真.jpg"])

    def test_postmark(self, opened, knock, now):
        address = opened(Poster.POSTMARK)
        said = {
            "FromFull": {"Email": "misaki@example.jp", "Name": "髙橋 美咲", "MailboxHash": ""},
            "ToFull": [{"Email": "shop@komorebi.example", "Name": "", "MailboxHash": ""}], "CcFull": [],
            "Subject": "返品", "TextBody": "返品したいです。", "HtmlBody": "",
            "Date": "Sun, 22 Nov 2026 11:00:00 +0900",
            "Headers": [{"Name": "Message-ID", "Value": "<7@x.jp>"}], "Attachments": [],
            "From": "misaki@example.jp", "To": "shop@komorebi.example", "MessageID": "a-1",
        }  # fmt: skip
        body = json.dumps(said).encode()
        assert knock(address, "application/json", body, **basic(password_of(address))).status_code == 200
        read_all()
        self.is_shown(now, "返品", "返品したいです。")

    def test_sendgrid(self, opened, knock, now):
        address = opened(Poster.SENDGRID)
        header = "From: misaki@example.jp\nMessage-ID: <7@x.jp>\nSubject: =?utf-8?B?6L+U5ZOB?=\n"
        fields = {"headers": header, "text": "返品したいです。", "charsets": json.dumps({"text": "utf-8"})}
        content_type, body = multipart(fields)
        assert knock(address, content_type, body, **basic(password_of(address))).status_code == 200
        read_all()
        self.is_shown(now, "返品", "返品したいです。")

    def is_shown(self, now, subject, text, files=()):
        arrival = Arrival.objects.get()
        assert arrival.dedupe_key == "7@x.jp"
        assert take_in(arrival.pk, now=now) == Fate.TAKEN_IN
        message = Arrival.objects.get().message
        assert (message.case.subject, message.text) == (subject, text)
        assert list(message.attachments.values_list("name", flat=True)) == list(files)


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
        theirs = posts.open_address(mailbox=box, poster=Poster.STANDARD, by=stranger, now=now)
        assert self.refused(knock(address, "message/rfc822", mail(), **standard(theirs, mail(), now)))

    def test_a_closed_address_is_deaf(self, opened, knock, owner, now):
        address = opened(Poster.STANDARD)
        posts.close_address(address=address.address, by=owner, now=now)
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
        monkeypatch.setattr(posts, "keep", full)
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
        assert posts.forget_posts(now=now + timedelta(days=29)) == 0
        assert posts.forget_posts(now=now + timedelta(days=31)) == 2
        assert raws() == [mail(), mail("二", message_id="<2@x.jp>")]
        assert Blob.objects.count() == 2


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
            posts.close_address(address=address.address, by=agent, now=now)
        assert PostAddress.objects.count() == 1
