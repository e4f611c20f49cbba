"""Several mails at once to one SMTP server: all at their final dots together, each with an answer of its own."""

import pytest
from aiosmtpd.smtp import SMTP

from anshin.channels.email.ports import Parcel, Sender, TransportFailed
from anshin.channels.email.servers import smtp
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import Letterbox, breaking_off, running

PARCELS = [Parcel((f"{name}@example.jp",), mail(f"{name} さん\r\n.\r\n")) for name in ("a", "b", "c")]


def sender(port):
    return Sender(1, "shop@komorebi.example", Server("127.0.0.1", port, Security.PLAIN, "", ""))


def sent(port, parcels=PARCELS, *, may=None, asked=None):
    def handing_over(places):
        if asked is not None:
            asked.append(tuple(places))
        return places if may is None else may

    with SmtpTransport().conversation(sender(port)) as talk:
        return talk.send_together(sender(port), parcels, handing_over=handing_over)


class Pipelining(Letterbox):
    """A server that takes commands in one go."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]


@pytest.fixture(params=[Letterbox, Pipelining])
def letterbox(request):
    return request.param()


def got(letterbox):
    return sorted(recipients[0] for _sender, recipients, _raw in letterbox.got)


def test_all_are_asked_about_once_and_arrive_byte_for_byte(letterbox):
    asked = []
    with running(letterbox) as port:
        assert all(isinstance(said, str) for said in sent(port, asked=asked))
    assert asked == [(0, 1, 2)]
    assert sorted(raw for _sender, _to, raw in letterbox.got) == sorted(parcel.raw for parcel in PARCELS)


def test_a_refused_address_is_about_one_and_its_connection_takes_the_next(letterbox, monkeypatch):
    opened, whole = [], smtp._connected
    monkeypatch.setattr(smtp, "_connected", lambda *told: opened.append(told) or whole(*told))
    letterbox.answer_to_rcpt["b@example.jp"] = "550 5.1.1 User unknown"
    asked = []
    with running(letterbox) as port, SmtpTransport().conversation(sender(port)) as talk:
        for _again in range(2):
            said = talk.send_together(sender(port), PARCELS, handing_over=lambda places: asked.append(places) or places)
            assert [isinstance(each, str) for each in said] == [True, False, True]
            assert (said[1].permanent, said[1].refused) == (True, "b@example.jp")
    assert asked == [[0, 2], [0, 2]]
    assert got(letterbox) == ["a@example.jp", "a@example.jp", "c@example.jp", "c@example.jp"]
    assert len(opened) == 3


def test_a_server_that_goes_on_after_it_refused_gets_no_empty_mail(monkeypatch):
    """RFC 2920, 3.1: it may ask for the text although it has refused every address."""
    letterbox = Pipelining()
    letterbox.answer_to_rcpt["b@example.jp"] = "550 5.1.1 User unknown"
    whole = SMTP.smtp_DATA

    async def asks_all_the_same(server, arg):
        if server.envelope.rcpt_tos:
            return await whole(server, arg)
        await server.push("354 go on")
        return None

    monkeypatch.setattr(SMTP, "smtp_DATA", asks_all_the_same)
    with running(letterbox) as port, SmtpTransport().conversation(sender(port)) as talk:
        for _again in range(2):
            said = talk.send_together(sender(port), PARCELS, handing_over=lambda places: places)
            assert [isinstance(each, str) for each in said] == [True, False, True]
            assert said[1].refused == "b@example.jp"
    assert got(letterbox) == ["a@example.jp", "a@example.jp", "c@example.jp", "c@example.jp"]


def test_what_may_not_leave_stays(letterbox):
    with running(letterbox) as port:
        said = sent(port, may=[0, 2])
    assert [type(each) for each in said] == [str, type(None), str]
    assert got(letterbox) == ["a@example.jp", "c@example.jp"]


def test_a_server_that_lets_us_have_one_connection_gets_them_one_by_one(letterbox, monkeypatch):
    opened, whole = [], smtp._connected

    def only_one(*told):
        opened.append(told)
        if len(opened) > 1:
            raise MailTrouble(Trouble.BUSY, "421 4.7.0 Too many connections from you")
        return whole(*told)

    monkeypatch.setattr(smtp, "_connected", only_one)
    asked = []
    with running(letterbox) as port:
        assert all(isinstance(said, str) for said in sent(port, asked=asked))
    assert (asked, len(opened)) == ([(0,), (1,), (2,)], 2)
    assert got(letterbox) == ["a@example.jp", "b@example.jp", "c@example.jp"]


def test_a_server_that_cannot_be_reached_says_so_of_each():
    with breaking_off(lambda _connection: None) as port:
        said = sent(port)
    assert [(each.permanent, each.unsure) for each in said if isinstance(each, TransportFailed)] == [(False, False)] * 3


def test_an_address_that_would_begin_a_new_command_is_refused(letterbox):
    with running(letterbox) as port:
        said = sent(port, [Parcel((",\r\nRCPT TO:<evil@example.jp>",), PARCELS[0].raw)])
    assert (said[0].permanent, letterbox.got) == (True, [])
