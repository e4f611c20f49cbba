"""Letters to staff on their way out: who sends them, through which server, and what a failure says."""

import email
from email import policy

import pytest

from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import TransportFailed, transport
from anshin.channels.email.terms import Account, Security, Server, Service
from anshin.plumbing import clock, secrets
from anshin.project.sign_in_post import SignInPost, server_of
from anshin.shops.ports import LetterNotSent, StaffLetter

pytestmark = pytest.mark.django_db


class Carrier:
    """A transport that keeps what it was given, or fails as told."""

    def __init__(self):
        self.sent, self.failure = [], None

    def send(self, sender, recipients, raw, *, handing_over):
        if self.failure:
            raise self.failure
        handing_over()
        self.sent.append((sender, tuple(recipients), email.message_from_bytes(raw, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def carrier(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.delenv("ANSHIN_MAIL_FROM", raising=False)
    with transport.filled_with(Carrier()) as fake:
        yield fake


@pytest.fixture
def mailbox(shop, now):
    return Mailbox.objects.create(shop=shop, address="support@komorebi.example", created_at=now)


@pytest.fixture
def letter(shop):
    return StaffLetter(shop.pk, "takeuchi@komorebi.example", "竹内 涼", "サインイン用のコード: K7QF-2M", "K7QF-2M\n")


def test_a_letter_leaves_from_the_shops_mailbox(carrier, mailbox, letter):
    SignInPost().send(letter)
    [(sender, recipients, mail)] = carrier.sent
    assert (sender.address, recipients) == ("support@komorebi.example", ("takeuchi@komorebi.example",))
    assert str(mail["From"]) == "こもれび雑貨店 <support@komorebi.example>"
    assert str(mail["To"]) == "竹内 涼 <takeuchi@komorebi.example>"
    assert str(mail["Subject"]) == "サインイン用のコード: K7QF-2M"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "K7QF-2M" in mail.get_body(("plain",)).get_content()


def test_a_letter_leaves_over_the_mailboxes_sending_service(carrier, mailbox, letter):
    mailbox.sends_by, mailbox.service_key_sealed = Service.BREVO, secrets.seal("xkeysib-neko")
    mailbox.save()
    SignInPost().send(letter)
    [(sender, _recipients, _mail)] = carrier.sent
    assert (sender.server, sender.account) == (None, Account(Service.BREVO, "xkeysib-neko"))


def test_the_operators_address_and_server_go_first(carrier, mailbox, letter, monkeypatch):
    monkeypatch.setenv("ANSHIN_MAIL_FROM", "desk@anshin.example")
    monkeypatch.setenv("ANSHIN_SMTP_URL", "smtp://desk:p%40ss@smtp.example:2525")
    SignInPost().send(letter)
    sender = carrier.sent[0][0]
    assert sender.address == "desk@anshin.example"
    assert sender.server == Server("smtp.example", 2525, Security.STARTTLS, "desk", "p@ss", is_operators=True)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtps://a:b@smtp.example", Server("smtp.example", 465, Security.TLS, "a", "b", is_operators=True)),
        ("smtp://a:b@smtp.example", Server("smtp.example", 587, Security.STARTTLS, "a", "b", is_operators=True)),
        ("smtp://localhost:25", Server("localhost", 25, Security.PLAIN, "", "", is_operators=True)),
    ],
)
def test_a_server_is_read_from_its_address(url, server):
    assert server_of(url) == server


@pytest.mark.parametrize("url", ["http://smtp.example", "smtp.example:25", "smtp://"])
def test_an_address_of_no_mail_server_is_refused(url):
    with pytest.raises(ValueError, match="ANSHIN_SMTP_URL"):
        server_of(url)


def test_a_shop_without_a_mailbox_says_what_to_do(carrier, letter):
    with pytest.raises(LetterNotSent) as refusal:
        SignInPost().send(letter)
    assert refusal.value.permanent
    assert carrier.sent == []


@pytest.mark.parametrize("permanent", [True, False])
def test_a_failure_keeps_its_words_and_its_kind(carrier, mailbox, letter, permanent):
    carrier.failure = TransportFailed("450 later", permanent=permanent)
    with pytest.raises(LetterNotSent) as refusal:
        SignInPost().send(letter)
    assert (refusal.value.words, refusal.value.permanent) == ("450 later", permanent)


def test_a_name_cannot_add_a_header(carrier, mailbox, shop):
    SignInPost().send(StaffLetter(shop.pk, "a@mail.example", "竹内\r\nBcc: thief@mail.example", "s", "t"))
    [(_sender, recipients, mail)] = carrier.sent
    assert (recipients, mail["Bcc"]) == (("a@mail.example",), None)
