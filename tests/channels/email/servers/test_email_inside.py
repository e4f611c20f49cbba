"""The name of a mail server that an owner types never leads into an inside network that no operator has allowed."""

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from anshin.channels.email.actions import MailboxSettings, ServerInside, save_mailbox
from anshin.channels.email.fetching import inboxes
from anshin.channels.email.models import Mailbox
from anshin.channels.email.ports import Sender, TransportFailed
from anshin.channels.email.servers import imap
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.web import reach
from anshin.project.sign_in_post import server_of
from tests.channels.email.outside import dovecot_server
from tests.channels.email.outside.certificates import Authority
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import PASSWORD, USER, Letterbox, free_port, running

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")]
INSIDE = ["127.0.0.1", "::1", "169.254.169.254", "10.2.3.4", "::ffff:10.2.3.4", "::ffff:169.254.169.254"]
SAYS = {"en": "This server name leads into an inside network", "ja": "内部のネットワークを指しているため、接続しません"}
WAYS = {"imap_host": "imap.rogue.example", "smtp_host": "smtp.rogue.example"}
KINDS = [Security.PLAIN, Security.STARTTLS, Security.TLS]


@pytest.fixture
def nothing_is_allowed(settings):
    settings.ANSHIN_INSIDE_NETWORKS = ()


@pytest.fixture
def looked_up(monkeypatch):
    """What each name leads to, one look-up after the other, the last again and again; `.asked` counts."""

    class Names(dict):
        asked: list[str] = []

        def resolve(self, host, port):
            self.asked.append(host)
            answers = self[host]
            return answers.pop(0) if len(answers) > 1 else answers[0]

    names = Names()
    names.asked = []
    monkeypatch.setattr(reach, "resolve", names.resolve)
    return names


@pytest.fixture
def never_called(monkeypatch):
    """No socket may be opened at all."""

    def called(address, *_args, **_named):
        pytest.fail(f"{address} was called")

    monkeypatch.setattr("socket.create_connection", called)


def stated(**changes):
    return MailboxSettings(address="shop@komorebi.example", **changes)


def ask(way, security, host, port=993, **login):
    """Try to speak with a server; the trouble that came of it."""
    server = Server(host, port, security, **login)
    with pytest.raises(MailTrouble) as caught:
        if way == "imap_host":
            with imap.opened(server):
                pass
        else:
            _send(server)
    return caught.value


def _send(server):
    sender = Sender(1, "shop@komorebi.example", server)
    try:
        return SmtpTransport().send(sender, ["misaki@example.jp"], mail("返信です。"), handing_over=lambda: None)
    except TransportFailed as failure:
        assert isinstance(failure.__cause__, MailTrouble)
        assert failure.permanent == failure.__cause__.permanent
        assert not failure.unsure
        raise failure.__cause__ from failure


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_when_saving(
    nothing_is_allowed, never_called, looked_up, owner, way, address, now
):
    looked_up[WAYS[way]] = [["8.8.8.8", address]]
    with pytest.raises(ServerInside) as caught, translation.override("ja"):
        save_mailbox(shop=owner.shop, settings=stated(**{way: WAYS[way]}), by=owner, now=now)
    assert caught.value.field == way
    assert SAYS["ja"] in str(caught.value)
    assert WAYS[way] in str(caught.value)
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("security", KINDS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_called(nothing_is_allowed, never_called, looked_up, way, address, security):
    looked_up[WAYS[way]] = [["8.8.8.8", address]]
    trouble = ask(way, security, WAYS[way])
    assert (trouble.trouble, trouble.permanent, trouble.server_words) == (Trouble.INSIDE, True, WAYS[way])
    assert address not in trouble.sentence


@pytest.mark.parametrize("way", WAYS)
def test_a_name_that_moves_inside_after_it_was_saved_is_not_called(
    nothing_is_allowed, never_called, looked_up, owner, way, now
):
    looked_up[WAYS[way]] = [["8.8.8.8"], ["10.0.0.7"]]
    box = save_mailbox(shop=owner.shop, settings=stated(**{way: WAYS[way]}), by=owner, now=now)
    assert getattr(box, way) == WAYS[way]
    assert ask(way, Security.TLS, WAYS[way]).trouble == Trouble.INSIDE


@pytest.mark.parametrize("way", WAYS)
def test_a_name_that_moves_between_look_and_call_is_called_where_it_was_looked_at(looked_up, way, monkeypatch):
    looked_up[WAYS[way]] = [["203.104.1.1"], ["10.0.0.7"]]
    called = []

    def create(address, seconds):
        called.append(address)
        raise ConnectionRefusedError(111, "nobody there")

    monkeypatch.setattr("socket.create_connection", create)
    assert ask(way, Security.PLAIN, WAYS[way], 143).trouble == Trouble.REFUSED
    assert called == [("203.104.1.1", 143)]
    assert looked_up.asked == [WAYS[way]]


def test_the_form_says_at_the_field_what_to_do(nothing_is_allowed, never_called, looked_up, as_owner):
    looked_up["smtp.rogue.example"] = [["10.0.0.7"]]
    given = {
        "address": "shop@komorebi.example", "sign_in": "password", "imap_host": "", "imap_port": "993",
        "imap_security": "tls", "smtp_host": "smtp.rogue.example", "smtp_port": "465", "smtp_security": "tls",
        "is_active": "on",
    }  # fmt: skip
    for language, words in SAYS.items():
        as_owner.cookies["anshin_language"] = language
        page = as_owner.post(reverse("email:mailbox_new", args=["komorebi"]), given)
        assert page.status_code == 422
        assert words in "".join(page.context["form"].errors["smtp_host"])
        assert words in page.content.decode()
        tried = as_owner.post(reverse("email:mailbox_new_test", args=["komorebi"]), given)
        assert words in tried.content.decode()
    assert not Mailbox.objects.exists()
    assert not Job.objects.exists()


def test_a_mailbox_of_before_says_what_is_wrong_and_can_be_switched_off(
    nothing_is_allowed, never_called, looked_up, as_owner, owner, mailbox, now
):
    looked_up["mail.inside.example"] = [["192.168.1.5"]]
    Mailbox.objects.update(imap_host="mail.inside.example", smtp_host="mail.inside.example")
    mailbox.refresh_from_db()

    fetched = inboxes.fetch(mailbox, now=now)

    mailbox.refresh_from_db()
    assert fetched.trouble is not None
    assert (mailbox.last_error_code, mailbox.failing_since_at) == (Trouble.INSIDE, now)
    assert SAYS["en"] in as_owner.get(reverse("email:mailboxes", args=["komorebi"])).content.decode()
    as_it_was = stated(imap_host="mail.inside.example", smtp_host="mail.inside.example")
    with pytest.raises(ServerInside):
        save_mailbox(shop=owner.shop, settings=as_it_was, by=owner, now=now, mailbox=mailbox)
    off = stated(imap_host="mail.inside.example", smtp_host="mail.inside.example", is_active=False)
    assert not save_mailbox(shop=owner.shop, settings=off, by=owner, now=now, mailbox=mailbox).is_active
    looked_up["mail.rogue.example"] = [["10.0.0.9"]]
    with pytest.raises(ServerInside):
        save_mailbox(
            shop=owner.shop, settings=stated(imap_host="mail.rogue.example", is_active=False), by=owner, now=now,
            mailbox=mailbox,
        )  # fmt: skip


def test_a_network_that_the_operator_allowed_is_saved_and_called(looked_up, owner, now):
    looked_up["mail.inside.example"] = [["127.0.0.1"]]
    letterbox = Letterbox()
    with running(letterbox) as port, override_settings(ANSHIN_INSIDE_NETWORKS=reach.networks_of("127.0.0.0/8")):
        save_mailbox(shop=owner.shop, settings=stated(smtp_host="mail.inside.example"), by=owner, now=now)
        _send(Server("mail.inside.example", port, Security.PLAIN))
    assert len(letterbox.got) == 1


def test_a_name_that_nobody_knows_is_saved_and_told_when_it_is_called(nothing_is_allowed, owner, now):
    save_mailbox(shop=owner.shop, settings=stated(imap_host="imap.komorebi.example"), by=owner, now=now)
    assert ask("imap_host", Security.TLS, "imap.komorebi.example").trouble == Trouble.UNKNOWN_HOST


def test_the_server_of_the_operators_own_settings_may_stand_anywhere(nothing_is_allowed):
    letterbox = Letterbox()
    with running(letterbox) as port:
        _send(server_of(f"smtp://127.0.0.1:{port}"))
    assert len(letterbox.got) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_the_certificate_is_held_against_the_name_that_was_typed(looked_up, monkeypatch, tmp_path, security):
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    looked_up["mail.inside.example"] = [["127.0.0.1"]]
    letterbox, tls = Letterbox(), {"with_password": True, "from_the_start": security is Security.TLS}
    with running(letterbox, certificate=authority.certificate("mail.inside.example"), **tls) as port:
        _send(Server("mail.inside.example", port, security, USER, PASSWORD))
    assert len(letterbox.got) == 1
    with running(letterbox, certificate=authority.certificate("mail.other.example"), **tls) as port:
        login = {"user": USER, "password": PASSWORD}
        assert ask("smtp_host", security, "mail.inside.example", port, **login).trouble == Trouble.CERTIFICATE
    assert len(letterbox.got) == 1


@pytest.mark.dovecot
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_fetching_holds_the_certificate_against_the_name_too(looked_up, monkeypatch, dovecot, security):
    """The server's certificate is for localhost."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    looked_up["localhost"], looked_up["mail.inside.example"] = [["127.0.0.1"]], [["127.0.0.1"]]
    port = dovecot.tls_port if security is Security.TLS else dovecot.plain_port
    login = {"user": dovecot_server.USER, "password": dovecot_server.PASSWORD}
    with imap.opened(Server("localhost", port, security, **login)) as inbox:
        assert inbox.uids_after(0) == []
    assert ask("imap_host", security, "mail.inside.example", port, **login).trouble == Trouble.CERTIFICATE


def test_a_port_that_nobody_listens_on_is_told_as_before(looked_up):
    looked_up["mail.inside.example"] = [["127.0.0.1"]]
    assert ask("smtp_host", Security.PLAIN, "mail.inside.example", free_port()).trouble == Trouble.REFUSED
