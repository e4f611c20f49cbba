"""SMTP against real servers: who is answered what, and when it is not known whether a mail left."""

import threading

import pytest

from anshin.channels.email.ports import Sender, TransportFailed
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security, Server
from tests.channels.email.outside import smtp_server
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import Letterbox, breaking_off, running, until_data

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

RAW = mail("返信です。\r\n.\r\n..点で始まる行\r\n最後")
TO = ["misaki@example.jp"]


def send(port, *, to=TO, security=Security.PLAIN, host="127.0.0.1", user="", password="", marks=None, raw=RAW, **waits):
    sender = Sender(1, "shop@komorebi.example", Server(host, port, security, user, password))
    marks = [] if marks is None else marks
    return SmtpTransport(**waits).send(sender, to, raw, handing_over=lambda: marks.append("handed over"))


def failure(port, **options):
    with pytest.raises(TransportFailed) as caught:
        send(port, **options)
    return caught.value


def test_an_accepted_mail_arrives_byte_for_byte_with_the_servers_words():
    letterbox, marks = Letterbox(), []
    with running(letterbox) as port:
        words = send(port, marks=marks, to=[*TO, "haru@example.jp"])
    assert words == "250 2.0.0 Ok: queued as 4F2A"
    assert letterbox.got == [("shop@komorebi.example", ["misaki@example.jp", "haru@example.jp"], RAW)]
    assert marks == ["handed over"]


@pytest.mark.parametrize(("answer", "permanent"), [("451 4.7.1 Greylisted", False), ("554 5.7.1 Spam", True)])
def test_a_refused_mail_is_told_in_the_servers_words(answer, permanent):
    letterbox = Letterbox(answer_to_data=answer)
    with running(letterbox) as port:
        refused = failure(port)
    assert (refused.permanent, refused.unsure) == (permanent, False)
    assert answer in refused.words
    assert letterbox.got == []


@pytest.mark.parametrize(("answer", "permanent"), [("450 4.2.1 Busy", False), ("550 5.1.1 User unknown", True)])
def test_one_refused_recipient_means_that_nobody_gets_the_mail(answer, permanent):
    letterbox, marks = Letterbox(answer_to_rcpt={"typo@example.jp": answer}), []
    with running(letterbox) as port:
        refused = failure(port, to=[*TO, "typo@example.jp"], marks=marks)
    assert (refused.permanent, refused.unsure) == (permanent, False)
    assert f"{answer} <typo@example.jp>" in refused.words
    assert refused.refused == ("typo@example.jp" if permanent else "")
    assert (letterbox.got, marks) == ([], [])


def test_nobody_listening_is_worth_another_try():
    refused = failure(smtp_server.free_port())
    assert (refused.permanent, refused.unsure) == (False, False)


def test_a_silent_server_is_given_up_before_anything_left():
    done, marks = threading.Event(), []
    with breaking_off(lambda _connection: done.wait(10)) as port:
        refused = failure(port, answer_seconds=0.2, marks=marks)
        done.set()
    assert (refused.permanent, refused.unsure, marks) == (False, False, [])


def test_a_connection_lost_while_the_mail_travels_means_not_sent():
    marks = []
    with breaking_off(lambda connection: connection.sendall(b"220 hello\r\n")) as port:
        refused = failure(port, marks=marks)
    assert (refused.permanent, refused.unsure, marks) == (False, False, [])


def test_a_connection_lost_after_the_dot_means_not_known():
    marks = []

    def hang_up_after_dot(connection):
        for line in until_data(connection):
            if line == b".\r\n":
                return

    with breaking_off(hang_up_after_dot) as port:
        refused = failure(port, marks=marks)
    assert (refused.permanent, refused.unsure, marks) == (False, True, ["handed over"])


def test_silence_after_the_dot_means_not_known():
    done = threading.Event()

    def fall_silent(connection):
        for line in until_data(connection):
            if line == b".\r\n":
                done.wait(10)
                return

    with breaking_off(fall_silent) as port:
        refused = failure(port, dot_seconds=0.2)
        done.set()
    assert refused.unsure


def test_a_goodbye_after_the_dot_was_refused_is_no_doubt():
    def refuse_and_go(connection):
        for line in until_data(connection):
            if line == b".\r\n":
                connection.sendall(b"421 4.3.2 shutting down\r\n")
                return

    with breaking_off(refuse_and_go) as port:
        refused = failure(port)
    assert (refused.permanent, refused.unsure) == (False, False)


def test_starttls_with_password_works_when_the_certificate_is_trusted(tmp_path, monkeypatch):
    certificate = smtp_server.make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    letterbox = Letterbox()
    with running(letterbox, certificate=certificate, with_password=True) as port:
        login = {"user": smtp_server.USER, "password": smtp_server.PASSWORD}
        send(port, security=Security.STARTTLS, host="localhost", **login)
    assert len(letterbox.got) == 1


def test_an_untrusted_certificate_stops_before_the_password_is_sent(tmp_path):
    certificate = smtp_server.make_certificate(tmp_path)
    letterbox = Letterbox()
    with running(letterbox, certificate=certificate, with_password=True) as port:
        refused = failure(port, security=Security.STARTTLS, host="localhost", user="u", password="p")
    assert (refused.permanent, letterbox.got) == (True, [])


def test_a_wrong_password_is_permanent():
    with running(Letterbox(), with_password=True) as port:
        refused = failure(port, user=smtp_server.USER, password="wrong")
    assert refused.permanent
    assert "535" in refused.words


def test_starttls_on_a_server_without_it_says_so():
    with running(Letterbox()) as port:
        refused = failure(port, security=Security.STARTTLS)
    assert refused.permanent


def test_no_server_set_up_is_said_in_words():
    with pytest.raises(TransportFailed) as caught:
        SmtpTransport().send(Sender(1, "a@b.example", None), TO, RAW, handing_over=lambda: None)
    assert caught.value.permanent
