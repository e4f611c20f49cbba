"""Amazon SES: its signature as AWS publishes it, our very bytes, its words, and answers that find their case."""

import base64
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from django.urls import reverse

from anshin.cases.models import BounceReport, Case, Message
from anshin.cases.terms import Delivery, Direction
from anshin.channels.email import keys
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import EVERYBODY, Sender, TransportFailed
from anshin.channels.email.sending import amazon
from anshin.channels.email.sending.over_http import ServiceTransport
from anshin.channels.email.terms import Account
from anshin.channels.email.terms import Service as Kind
from anshin.plumbing import secrets
from anshin.plumbing.mail.compose import OutgoingFile
from anshin.plumbing.web import client as web
from tests.channels.email.outside import posting
from tests.channels.email.outside.service_fakes import GOOD, Service, serving
from tests.channels.email.sending.test_email_services import ID, TO, raw_mail

EXAMPLE_KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
EXAMPLE_MOMENT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


def send(url, *, key="AKIDNEKO:himitsu-neko", place="ap-northeast-1", raw=None, marks=None):
    sender = Sender(1, "shop@komorebi.example", None, "", Account(Kind.AMAZON_SES, key, place))
    marks = [] if marks is None else marks
    way = ServiceTransport(api_urls={"amazon_ses": url})
    return way.send(sender, TO, raw or raw_mail(), handing_over=lambda: marks.append("handed over"))


@pytest.mark.parametrize(
    ("method", "query", "signature"),
    [
        ("GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("GET", "?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ],
)
def test_the_signature_is_the_one_that_amazon_publishes(method, query, signature):
    """Source: AWS, Signature Version 4 test suite: get-vanilla, post-vanilla, get-vanilla-query-order-key-case."""
    url = f"https://example.amazonaws.com/{query}"
    place = ("us-east-1", "service")
    headers = amazon.signed(method, url, {}, b"", key=EXAMPLE_KEY, place=place, at=EXAMPLE_MOMENT)
    assert headers["X-Amz-Date"] == "20150830T123600Z"
    assert headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}"
    )


def test_the_mail_goes_as_our_very_bytes_and_the_secret_stays_here():
    service = Service(GOOD["amazon_ses"])
    raw = raw_mail(files=(OutgoingFile("返品ラベル①.pdf", "application/pdf", b"%PDF-1.4\x00\xff"),))
    with serving(service) as url:
        words = send(url, raw=raw)
    (asked,) = service.asked
    said = asked.said()
    sent = base64.b64decode(said["Content"]["Raw"]["Data"])
    assert asked.path == "/v2/email/outbound-emails"
    assert said["FromEmailAddress"] == "shop@komorebi.example"
    assert said["Destination"] == {"ToAddresses": TO}
    assert sent == amazon.answerable(raw, ID)
    assert sent.replace(f"\r\n <{ID}>".encode(), b"", 1) == raw
    assert words == "Amazon SES 010701936e2a-0ce1"
    assert "AKIDNEKO/" in asked.headers["Authorization"]
    assert "himitsu" not in repr(asked)


def test_our_id_stands_in_the_references_once_whatever_stood_there_before():
    plain = raw_mail(in_reply_to="", references=())
    for raw in (plain, raw_mail(), amazon.answerable(raw_mail(), ID)):
        mail = message_from_bytes(amazon.answerable(raw, ID))
        assert mail.get_all("References")[0].count(ID) == 1
        assert len(mail.get_all("References")) == 1
        assert amazon.answerable(raw, ID).endswith(raw.partition(b"\r\n\r\n")[2])


WORDS = [
    (400, "MessageRejected", "Email address is not verified.", (True, False, ())),
    (400, "MailFromDomainNotVerifiedException", "not verified", (True, False, ())),
    (400, "SendingPausedException", "paused", (True, False, ())),
    (400, "AccountSuspendedException", "suspended", (True, False, ())),
    (400, "LimitExceededException", "Daily message quota exceeded.", (False, False, (EVERYBODY,))),
    (429, "TooManyRequestsException", "Maximum sending rate exceeded.", (False, False, (EVERYBODY,))),
    (400, "Throttling", "Maximum sending rate exceeded.", (False, False, (EVERYBODY,))),
    (400, "UnrecognizedClientException", "The security token is invalid.", (True, False, ())),
    (403, "InvalidSignatureException", "The signature does not match.", (True, False, ())),
    (500, "InternalServiceErrorException", "", (False, True, ())),
    (503, "ServiceUnavailable", "", (False, False, ())),
]


@pytest.mark.parametrize("in_header", [True, False])
@pytest.mark.parametrize(("code", "kind", "words", "meaning"), WORDS, ids=[each[1] for each in WORDS])
def test_each_word_of_amazon_says_what_it_means_for_the_mail(code, kind, words, meaning, in_header):
    said = {"message": words} if in_header else {"__type": f"com.amazonaws.sesv2#{kind}", "message": words}
    service = Service((code, said, {"x-amzn-ErrorType": f"{kind}:http://internal.amazon.com/"} if in_header else {}))
    with serving(service) as url, pytest.raises(TransportFailed) as caught:
        send(url)
    assert (caught.value.permanent, caught.value.unsure, caught.value.slower_for) == meaning
    assert (kind in caught.value.words, words in caught.value.words) == (True, True)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("key", "place"),
    [("himitsu", "ap-northeast-1"), ("A:b", ""), ("A:b", "evil.example/"), ("A:b", "ap-northeast-1.evil.example")],
)
def test_without_a_whole_key_and_a_region_nobody_is_asked(key, place):
    service, marks = Service(GOOD["amazon_ses"]), []
    with serving(service) as url, pytest.raises(TransportFailed) as caught:
        send(url, key=key, place=place, marks=marks)
    assert (caught.value.permanent, caught.value.unsure, service.asked, marks) == (True, False, [], [])


@pytest.mark.django_db
class TestTheForm:
    def saved(self, client, owner, mailbox, **changes):
        client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
        form = {"sends_by": "amazon_ses", "service_key": "AKIDNEKO:himitsu", "service_place": "ap-northeast-1"}
        answer = client.post(reverse("email:sending", args=["komorebi", mailbox.pk]), form | changes)
        return answer.status_code, Mailbox.objects.get(pk=mailbox.pk)

    def test_region_and_key_are_kept_sealed(self, client, owner, mailbox):
        code, row = self.saved(client, owner, mailbox)
        assert (code, row.sends_by, row.service_place) == (302, "amazon_ses", "ap-northeast-1")
        assert secrets.unseal(row.service_key_sealed) == "AKIDNEKO:himitsu"

    @pytest.mark.parametrize("wrong", [{"service_place": "evil.example/"}, {"service_key": "AKIDNEKO"}])
    def test_what_cannot_be_is_refused(self, client, owner, mailbox, wrong):
        code, row = self.saved(client, owner, mailbox, **wrong)
        assert (code, row.sends_by) == (422, "smtp")


@pytest.mark.django_db
class TestReports:
    @pytest.fixture
    def amazon(self, monkeypatch):
        made = posting.Amazon()
        made.asked = []

        def get(url, **_options):
            made.asked.append(url)
            return web.Answer(200, made.certificate, {})

        monkeypatch.setattr(web, "get", get)
        return made

    @pytest.fixture
    def message(self, mailbox, now):
        mailbox.sends_by, mailbox.report_key_sealed = "amazon_ses", secrets.seal(posting.TOPIC)
        mailbox.save()
        case = Case.objects.create(shop=mailbox.shop, number=1, channel="email", created_at=now, last_activity_at=now)
        return Message.objects.create(
            shop=mailbox.shop, case=case, direction=Direction.OUT, channel="email", at=now, delivery=Delivery.SENT,
            to=[["", "misaki@example.jp"]], message_key=ID, sent_at=now, sender_mail=mailbox.address,
        )  # fmt: skip

    def told(self, kind, **more):
        mail = {"messageId": "0107-0ce1", "destination": ["misaki@example.jp"],
                "headers": [{"name": "Message-ID", "value": f"<{ID}>"}]}  # fmt: skip
        return {"eventType": kind, "mail": mail, **more}

    def tell(self, client, mailbox, body):
        url = f"/mail/report/{keys.report_token(mailbox.pk)}"
        return client.post(url, body, content_type="text/plain; charset=UTF-8").status_code

    def test_delayed_then_bounced_comes_back_once(self, client, mailbox, message, amazon):
        late = {"delayedRecipients": [{"emailAddress": "misaki@example.jp", "diagnosticCode": "450 4.2.1 busy"}]}
        bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [
            {"emailAddress": "misaki@example.jp", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]}  # fmt: skip
        told = [self.told("DeliveryDelay", deliveryDelay=late), *[self.told("Bounce", bounce=bounce)] * 2]
        assert [self.tell(client, mailbox, amazon.notification(each)) for each in told] == [200, 200, 200]
        message.refresh_from_db()
        assert message.delivery == Delivery.BOUNCED
        assert list(BounceReport.objects.order_by("id").values_list("kind", "given_up")) == [
            ("try_later", False),
            ("unknown_user", True),
        ]

    def test_delivered_settles_a_reply_of_which_nobody_knew(self, client, mailbox, message, amazon):
        Message.objects.update(delivery=Delivery.UNSURE)
        arrived = self.told("Delivery", delivery={"recipients": ["misaki@example.jp"], "smtpResponse": "250 2.6.0 OK"})
        assert self.tell(client, mailbox, amazon.notification(arrived)) == 200
        message.refresh_from_db()
        assert (message.delivery, message.server_words) == (Delivery.SENT, "250 2.6.0 OK")

    def test_another_topic_and_a_wrong_signature_are_not_heard(self, client, mailbox, message, amazon):
        bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [
            {"emailAddress": "misaki@example.jp"}]}  # fmt: skip
        told = self.told("Bounce", bounce=bounce)
        other = amazon.notification(told, TopicArn=f"{posting.TOPIC}-of-another")
        forged = posting.Amazon().notification(told)
        assert [self.tell(client, mailbox, each) for each in (other, forged, b"{}")] == [404, 404, 404]
        assert not BounceReport.objects.exists()

    def test_the_topic_hears_that_its_reports_are_welcome(self, client, mailbox, message, amazon):
        url = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
        assert self.tell(client, mailbox, amazon.confirmation(url)) == 200
        assert amazon.asked == [posting.CERTIFICATE_URL, url]
