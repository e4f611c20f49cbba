"""Sending services over real HTTP: what they are asked, and what each answer, or none, means for the mail."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.ports import outbox
from anshin.cases.terms import Delivery, Direction
from anshin.channels.email.models import SendAttempt
from anshin.channels.email.ports import EVERYBODY, Sender, TransportFailed, transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.channels.email.sending.over_http import ByAccount, ServiceTransport
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Account, Trouble
from anshin.channels.email.terms import Service as Kind
from anshin.plumbing import secrets
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.mail.compose import OutgoingFile, OutgoingMail, compose
from anshin.plumbing.mail.values import Address
from tests.channels.email.outside.service_fakes import GOOD, HangUp, Service, serving
from tests.channels.email.outside.smtp_server import free_port

SERVICES = [kind for kind in Kind if kind is not Kind.SMTP]
TO = ["misaki@example.jp"]
TEXT = "髙橋様\n\n明日お届けします。①㈱\n"
ID = "12.abcdef@komorebi.example"


def raw_mail(**changes):
    plain = {
        "sender": Address("こもれび, 雑貨店", "shop@komorebi.example"),
        "to": (Address("髙橋 美咲", "misaki@example.jp"),),
        "subject": "Re: 配送について①",
        "text": TEXT,
        "message_id": ID,
        "sent_at": datetime(2026, 11, 26, 1, 0, tzinfo=UTC),
        "reply_to": Address("こもれび", "shop+12-abcdefghijklmnop@komorebi.example"),
        "in_reply_to": "q1@example.jp",
        "references": ("q0@example.jp", "q1@example.jp"),
        "desk_mark": "1-abc",
    }
    return compose(OutgoingMail(**(plain | changes)))


PLACES = {
    Kind.MAILGUN: "mg.komorebi.example",
    Kind.MAILGUN_EU: "mg.komorebi.example",
    Kind.AMAZON_SES: "ap-northeast-1",
}


def send(kind, url, *, marks=None, raw=None, to=TO, **waits):
    key = "AKIDNEKO:key-neko-no-te" if kind is Kind.AMAZON_SES else "key-neko-no-te"
    account = Account(kind, key, PLACES.get(kind, ""))
    sender = Sender(1, "shop@komorebi.example", None, "", account)
    marks = [] if marks is None else marks
    way = ServiceTransport(api_urls={kind.value: url}, **waits)
    return way.send(sender, to, raw or raw_mail(), handing_over=lambda: marks.append("handed over"))


def refused(kind, url, **more):
    with pytest.raises(TransportFailed) as caught:
        send(kind, url, **more)
    return caught.value


def headers_of(kind, said):
    """The headers that a service was asked to put into the mail, names in lower case."""
    if kind.startswith("mailgun"):
        return {name[2:].lower(): value[0] for name, value in said.items() if name.startswith("h:")}
    if kind is Kind.POSTMARK:
        return {each["Name"].lower(): each["Value"] for each in said["Headers"]}
    if kind is Kind.AMAZON_SES:
        mail = message_from_bytes(base64.b64decode(said["Content"]["Raw"]["Data"]))
        return {name.lower(): " ".join(value.split()) for name, value in mail.items()}
    return {name.lower(): value for name, value in said["headers"].items()}


@pytest.mark.parametrize("kind", SERVICES)
def test_the_service_is_asked_once_with_the_key_and_our_ids_and_answers_in_words(kind):
    service, marks = Service(GOOD[kind.value]), []
    with serving(service) as url:
        words = send(kind, url, marks=marks)
    (asked,) = service.asked
    headers = headers_of(kind, asked.said())
    assert marks == ["handed over"]
    assert headers["message-id"] == f"<{ID}>"
    assert headers["in-reply-to"] == "<q1@example.jp>"
    ours = f" <{ID}>" if kind is Kind.AMAZON_SES else ""
    assert headers["references"] == f"<q0@example.jp> <q1@example.jp>{ours}"
    assert headers["x-anshin-desk"] == "1-abc"
    assert "list-id" not in headers
    key = base64.b64encode(b"api:key-neko-no-te").decode() if kind.startswith("mailgun") else "key-neko-no-te"
    signs = kind is Kind.AMAZON_SES  # its key never travels
    assert any(key in value for value in asked.headers.values()) is not signs
    assert words.split(" ", 1)[0] in {"Mailgun", "Postmark", "SendGrid", "Brevo", "Resend", "Amazon"}


def test_mailgun_gets_the_whole_mail_over_the_domain_of_the_account():
    service = Service(GOOD["mailgun"])
    files = (OutgoingFile("返品ラベル①.pdf", "application/pdf", b"%PDF-1.4\x00\xff"),)
    with serving(service) as url:
        words = send(Kind.MAILGUN, url, raw=raw_mail(files=files))
    said = service.asked[0].said()
    assert service.asked[0].path == "/mg.komorebi.example/messages"
    assert said["from"] == ['"こもれび, 雑貨店" <shop@komorebi.example>']
    assert said["to"] == ["髙橋 美咲 <misaki@example.jp>"]
    assert (said["subject"], said["text"]) == (["Re: 配送について①"], [TEXT])
    assert "明日お届けします。" in said["html"][0]
    assert said["attachment"] == [("返品ラベル①.pdf", b"%PDF-1.4\x00\xff")]
    assert (said["o:tracking-clicks"], said["o:tracking-opens"]) == (["no"], ["no"])
    assert said["v:anshin"] == [ID]
    assert words == "Mailgun queued <20261126.1@mg.komorebi.example>"


def test_postmark_gets_the_whole_mail_and_keeps_our_id():
    service = Service(GOOD["postmark"])
    files = (OutgoingFile("label.pdf", "application/pdf", b"%PDF"),)
    with serving(service) as url:
        send(Kind.POSTMARK, url, raw=raw_mail(files=files))
    said = service.asked[0].said()
    assert (service.asked[0].path, said["Subject"], said["TextBody"]) == ("/email", "Re: 配送について①", TEXT)
    assert headers_of(Kind.POSTMARK, said)["x-pm-keepid"] == "true"
    assert said["ReplyTo"].endswith("<shop+12-abcdefghijklmnop@komorebi.example>")
    assert said["Attachments"] == [
        {"Name": "label.pdf", "Content": base64.b64encode(b"%PDF").decode(), "ContentType": "application/pdf"}
    ]
    assert (said["TrackOpens"], said["TrackLinks"], said["Metadata"]) == (False, "None", {"anshin": ID})


@pytest.mark.parametrize("kind", [Kind.SENDGRID, Kind.BREVO, Kind.RESEND])
def test_the_others_get_subject_text_and_our_mark(kind):
    service = Service(GOOD[kind.value])
    with serving(service) as url:
        send(kind, url)
    said = service.asked[0].said()
    flat = json.dumps(said, ensure_ascii=False)
    assert "Re: 配送について①" in flat
    assert "明日お届けします。①㈱" in flat
    assert flat.count(ID) == 2


ANSWERS = [
    (400, {"message": "from parameter is not a valid address"}, (True, False, ())),
    (401, {"message": "Forbidden"}, (True, False, ())),
    (403, {"message": "Forbidden"}, (True, False, ())),
    (422, {"message": "no"}, (True, False, ())),
    (408, {"message": "time"}, (False, True, ())),
    (429, {"message": "Too many requests"}, (False, False, (EVERYBODY,))),
    (500, {"message": "Internal error"}, (False, True, ())),
    (502, b"<html>Bad gateway</html>", (False, True, ())),
    (503, {"message": "Maintenance"}, (False, False, ())),
    (504, b"", (False, True, ())),
]


@pytest.mark.parametrize("kind", SERVICES)
@pytest.mark.parametrize(("code", "said", "meaning"), ANSWERS, ids=[str(each[0]) for each in ANSWERS])
def test_each_answer_says_whether_the_mail_may_have_left(kind, code, said, meaning):
    service = Service((code, said, {}))
    with serving(service) as url:
        failure = refused(kind, url)
    assert (failure.permanent, failure.unsure, failure.slower_for) == meaning
    assert len(service.asked) == 1
    assert str(code) in failure.words
    assert "key-neko" not in failure.words


@pytest.mark.parametrize("kind", SERVICES)
def test_a_service_that_hangs_up_may_have_taken_the_mail(kind):
    def hang_up():
        raise HangUp

    service, marks = Service(GOOD[kind.value], before_answering=hang_up), []
    with serving(service) as url:
        failure = refused(kind, url, marks=marks)
    assert (failure.permanent, failure.unsure, marks) == (False, True, ["handed over"])


def test_silence_after_the_question_means_not_known():
    done = threading.Event()
    service = Service(GOOD["mailgun"], before_answering=lambda: done.wait(10) and None)
    with serving(service) as url:
        failure = refused(Kind.MAILGUN, url, answer_seconds=0.2)
        done.set()
    assert (failure.permanent, failure.unsure) == (False, True)


@pytest.mark.parametrize("kind", SERVICES)
def test_a_service_that_cannot_be_reached_has_certainly_not_taken_it(kind):
    failure = refused(kind, f"http://127.0.0.1:{free_port()}/")
    assert (failure.permanent, failure.unsure) == (False, False)
    failure = refused(kind, "http://nowhere.invalid/")
    assert (failure.permanent, failure.unsure) == (False, False)


def test_an_unproved_certificate_stops_before_the_key_is_sent(tmp_path):
    import ssl

    from tests.channels.email.outside.certificates import Authority
    from tests.channels.email.outside.smtp_server import breaking_off

    certificate = Authority(tmp_path).self_signed("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    got = []

    def talk(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as safe:
                got.append(safe.recv(10))
        except OSError:
            pass

    with breaking_off(talk) as port:
        failure = refused(Kind.POSTMARK, f"https://localhost:{port}/")
    assert (failure.permanent, failure.unsure, got) == (True, False, [])
    assert failure.words.startswith(str(Trouble.CERTIFICATE_UNKNOWN.label))


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.POSTMARK, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'misaki@example.jp'."}),
        (
            Kind.POSTMARK,
            {"ErrorCode": 406, "Message": "You tried to send to recipients that have been marked as inactive."},
        ),
    ],
)
def test_a_recipient_that_a_service_refuses_is_a_refusal(kind, answer):
    service = Service((422, answer, {}))
    with serving(service) as url:
        failure = refused(kind, url)
    assert (failure.permanent, failure.unsure) == (True, False)


@pytest.mark.parametrize("kind", [Kind.MAILGUN, Kind.POSTMARK, Kind.BREVO, Kind.RESEND, Kind.AMAZON_SES])
def test_an_answer_that_makes_no_sense_leaves_it_unknown(kind):
    service = Service((200, b"<html>welcome</html>", {}))
    with serving(service) as url:
        failure = refused(kind, url)
    assert (failure.permanent, failure.unsure) == (False, True)


def test_recipients_that_are_not_in_the_header_are_refused_before_anything_is_asked():
    service, marks = Service(GOOD["mailgun"]), []
    with serving(service) as url:
        failure = refused(Kind.MAILGUN, url, to=["misaki@example.jp", "eve@example.com"], marks=marks)
    assert (failure.permanent, service.asked, marks) == (True, [], [])


def test_a_mailbox_without_account_goes_over_smtp():
    from anshin.channels.email.fakes import FakeTransport

    smtp, services = FakeTransport(), FakeTransport(words="200")
    way = ByAccount(smtp, services)
    way.send(Sender(1, "a@b.example", None), TO, b"", handing_over=lambda: None)
    way.send(Sender(1, "a@b.example", None, "", Account(Kind.BREVO, "k")), TO, b"", handing_over=lambda: None)
    assert (len(smtp.carried), len(services.carried)) == (1, 1)


def test_the_key_stands_in_no_word_about_the_account():
    account = Account(Kind.BREVO, "xkeysib-neko")
    assert "neko" not in repr(account)
    assert "neko" not in Sender(1, "a@b.example", None, "", account).route
    assert Sender(1, "a@b.example", None, "", account).route.startswith("brevo:")


@pytest.fixture
def reply_over_brevo(mailbox, now):
    """A queued reply of a mailbox that sends over Brevo."""
    mailbox.sends_by, mailbox.service_key_sealed = Kind.BREVO, secrets.seal("xkeysib-neko")
    mailbox.save()
    case = Case.objects.create(shop=mailbox.shop, number=1, channel="email", created_at=now, last_activity_at=now)
    row = Message.objects.create(
        shop=mailbox.shop, case=case, direction=Direction.OUT, channel="email", at=now, delivery=Delivery.QUEUED,
        to=[["", "misaki@example.jp"]], text=TEXT, message_key=ID, sender_mail=mailbox.address,
    )  # fmt: skip
    enqueue("anshin.cases.jobs.deliver", row.pk, now=now, shop_id=case.shop_id)
    return row


def run(service, row, *moments):
    """What became of the reply after the jobs of these moments."""
    with serving(service) as url:
        way = ByAccount(SmtpTransport(), ServiceTransport(api_urls={"brevo": url}))
        for moment in moments:
            with outbox.filled_with(EmailOutbox(moment=lambda at=moment: at)), transport.filled_with(way):
                run_due_jobs(moment)
    row.refresh_from_db()
    return row.delivery, len(service.asked)


@pytest.mark.django_db
def test_a_reply_leaves_over_the_service_with_the_sealed_key(reply_over_brevo, now):
    service = Service(GOOD["brevo"])
    assert run(service, reply_over_brevo, now) == (Delivery.SENT, 1)
    assert service.asked[0].headers["api-key"] == "xkeysib-neko"
    assert reply_over_brevo.server_words == "Brevo queued <202611260100.1@smtp-relay.mailin.fr>"


@pytest.mark.django_db
def test_a_reply_whose_answer_was_lost_is_unsure_and_never_asked_for_again(reply_over_brevo, now):
    def hang_up():
        raise HangUp

    service = Service(GOOD["brevo"], before_answering=hang_up)
    assert run(service, reply_over_brevo, now, now + timedelta(hours=1)) == (Delivery.UNSURE, 1)
    assert list(SendAttempt.objects.values_list("phase", "outcome")) == [("done", "unsure")]


@pytest.mark.django_db
def test_while_the_service_answers_the_attempt_stands_as_handed_over(reply_over_brevo, now):
    """A process killed now finds it so, and reports unsure (see test_email_kill)."""
    service = Service(GOOD["brevo"])
    seen = []
    original = ServiceTransport.send

    def watched(self, sender, recipients, raw, *, handing_over):
        def then_look():
            handing_over()
            seen.append(list(SendAttempt.objects.values_list("phase", flat=True)))

        return original(self, sender, recipients, raw, handing_over=then_look)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServiceTransport, "send", watched)
        run(service, reply_over_brevo, now)
    assert seen == [["handed_over"]]


@pytest.mark.django_db
def test_too_many_questions_make_the_account_wait_and_then_go_on(reply_over_brevo, now):
    service = Service((429, {"message": "Too many requests"}, {}))
    assert run(service, reply_over_brevo, now) == (Delivery.DEFERRED, 1)
    service.answer = GOOD["brevo"]
    assert run(service, reply_over_brevo, now + timedelta(seconds=11)) == (Delivery.QUEUED, 1)
    assert run(service, reply_over_brevo, now + timedelta(seconds=31)) == (Delivery.SENT, 2)
