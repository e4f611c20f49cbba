"""Replies and passwords leave only over a connection whose other end has proved who it is."""

import contextlib
import socket
import ssl
from datetime import UTC, datetime

import pytest

from anshin.channels.email.ports import Sender, TransportFailed
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security, Server, Trouble
from tests.channels.email.outside.certificates import Authority
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import PASSWORD, USER, Letterbox, breaking_off, running

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

RAN_OUT = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def authority(tmp_path, monkeypatch):
    """An authority that this machine trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def send(port, security, host="localhost"):
    sender = Sender(1, "shop@komorebi.example", Server(host, port, security, USER, PASSWORD))
    return SmtpTransport().send(sender, ["misaki@example.jp"], mail("返信です。"), handing_over=lambda: None)


def refused(port, security, host="localhost"):
    with pytest.raises(TransportFailed) as caught:
        send(port, security, host)
    assert (caught.value.permanent, caught.value.unsure) == (True, False)
    return caught.value.words


def listening(letterbox, certificate, security):
    return running(letterbox, certificate=certificate, with_password=True, from_the_start=security is Security.TLS)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_of_a_known_authority_is_accepted(authority, security):
    letterbox = Letterbox()
    with listening(letterbox, authority.certificate("localhost"), security) as port:
        send(port, security)
    assert (len(letterbox.got), letterbox.logins) == (1, [USER.encode()])


WRONG = {
    "another name": (lambda ca: ca.certificate("mail.other.example"), Trouble.CERTIFICATE, "Hostname mismatch"),
    "run out": (lambda ca: ca.certificate("localhost", until=RAN_OUT), Trouble.CERTIFICATE_EXPIRED, "has expired"),
    "self-signed": (lambda ca: ca.self_signed("localhost"), Trouble.CERTIFICATE_UNKNOWN, "self-signed"),
}


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize("what", WRONG)
def test_a_certificate_that_proves_nothing_stops_mail_and_password_and_is_told_in_words(authority, what, security):
    make, trouble, said = WRONG[what]
    letterbox = Letterbox()
    with listening(letterbox, make(authority), security) as port:
        words = refused(port, security)
    assert words.startswith(str(trouble.label))
    assert said in words
    assert (letterbox.got, letterbox.logins) == ([], [])


def test_a_server_from_which_somebody_stripped_starttls_gets_nothing():
    letterbox = Letterbox()
    with running(letterbox, with_password=True) as port:
        words = refused(port, Security.STARTTLS, host="127.0.0.1")
    assert words.startswith(str(Trouble.ENCRYPTION.label))
    assert (letterbox.got, letterbox.logins) == ([], [])


def test_a_server_that_promises_starttls_and_refuses_it_gets_nothing():
    said = []

    def promise(connection):
        lines = connection.makefile("rb")
        connection.sendall(b"220 test ESMTP\r\n")
        for line in lines:
            said.append(line.split()[0].upper())
            answers = {
                b"EHLO": b"250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
                b"STARTTLS": b"454 4.7.0 TLS not available\r\n",
            }
            connection.sendall(answers.get(said[-1], b"250 OK\r\n"))

    with breaking_off(promise) as port, pytest.raises(TransportFailed) as caught:
        send(port, Security.STARTTLS, host="127.0.0.1")
    assert not caught.value.unsure
    assert "TLS not available" in caught.value.words
    assert set(said) <= {b"EHLO", b"STARTTLS", b"QUIT"}


def test_answers_slipped_in_before_the_encryption_are_not_believed(authority):
    """A man in the middle adds "250 AUTH …" behind the answer to STARTTLS; nothing of it may survive the handshake."""
    certificate = authority.certificate("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    said = []

    def slip_in(connection: socket.socket) -> None:
        connection.sendall(b"220 test ESMTP\r\n")
        connection.recv(1024)
        connection.sendall(b"250-test\r\n250 STARTTLS\r\n")
        connection.recv(1024)
        connection.sendall(b"220 go on\r\n250-evil\r\n250 AUTH PLAIN\r\n")
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as safe:
            said.append(safe.recv(1024).split()[0])
            safe.sendall(b"554 5.3.2 no service here\r\n")

    with breaking_off(slip_in) as port, pytest.raises(TransportFailed) as caught:
        send(port, Security.STARTTLS)
    assert not caught.value.unsure
    assert b"AUTH" not in said
