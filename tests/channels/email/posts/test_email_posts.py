"""What each provider posts becomes a mail, byte for byte or put together again."""

import json

import pytest

from anshin.channels.email.models import Arrival, Post
from anshin.channels.email.posts import doors
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Poster, Source
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.models import Job
from tests.channels.email.outside import posting
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.posting import TOPIC, basic, mailgun_signature, multipart, ses_received, urlencoded
from tests.channels.email.posts.steps import (
    SHIFT_JIS,
    SIGNING_KEY,
    nothing_happened,
    password_of,
    raws,
    read_all,
    standard,
)

pytestmark = pytest.mark.django_db


class TestEachProvider:
    """The mail's very bytes reach the ledger."""

    def test_any_system_posts_the_mail_itself(self, opened, knock, mailbox, now):
        address = opened(Poster.STANDARD)

        answer = knock(address, "message/rfc822", SHIFT_JIS, **standard(address, SHIFT_JIS, now))

        post = Post.objects.get()
        assert (answer.status_code, answer.content) == (200, b"")
        assert (post.delivery_key, post.read_at, read_bytes(post.body_blob)) == ("msg_1", None, SHIFT_JIS)
        assert [(job.task, job.args) for job in Job.objects.all()] == [(doors.READ_POST, [post.pk])]
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
