"""The settings of sending: addresses, signatures, return addresses, and the test mail with the server's words."""

import pytest
from django.urls import reverse

from anshin.channels.email.fakes import FakeTransport, refusal
from anshin.channels.email.models import Alias, Mailbox
from anshin.channels.email.ports import transport
from anshin.channels.email.servers.smtp import SmtpTransport
from anshin.channels.email.terms import Security
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.mail.reader import parse
from tests.channels.email.outside.smtp_server import Letterbox, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_clock")]


@pytest.fixture
def way():
    with transport.filled_with(FakeTransport()) as fake:
        yield fake


def url(name, *args):
    return reverse(f"email:{name}", args=["komorebi", *args])


def test_signatures_and_return_addresses_are_kept(as_owner, mailbox):
    Mailbox.objects.update(takes_plus_addresses=True)
    said = {
        "sends_by": "smtp",
        "signature_ja": "こもれび\r\nお客様係\r\n",
        "signature_en": "Komorebi",
        "returns_per_message": "on",
    }
    answer = as_owner.post(url("sending", mailbox.pk), said)
    mailbox.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, url("sending", mailbox.pk))
    assert (mailbox.signature_ja, mailbox.signature_en) == ("こもれび\nお客様係", "Komorebi")
    assert mailbox.returns_per_message
    assert JournalEntry.objects.filter(event="email.mailbox_saved").count() == 1


def test_return_addresses_are_refused_where_plus_addresses_do_not_arrive(as_owner, mailbox):
    answer = as_owner.post(
        url("sending", mailbox.pk), {"sends_by": "smtp", "signature_ja": "x", "returns_per_message": "on"}
    )
    mailbox.refresh_from_db()
    assert answer.status_code == 422
    assert "Tick “mail to name+anything@" in answer.content.decode()
    assert (mailbox.returns_per_message, mailbox.signature_ja) == (False, "")


def test_an_address_is_added_changed_and_removed(as_owner, mailbox):
    as_owner.post(url("alias_new", mailbox.pk), {"address": " Returns@Komorebi.example ", "display_name": "返品  受付"})
    alias = Alias.objects.get()
    assert (alias.address, alias.display_name, alias.mailbox) == ("returns@komorebi.example", "返品 受付", mailbox)
    assert "returns@komorebi.example" in as_owner.get(url("sending", mailbox.pk)).content.decode()

    as_owner.post(url("alias", mailbox.pk, alias.pk), {"address": "rma@komorebi.example", "signature_en": "RMA"})
    alias.refresh_from_db()
    assert (alias.address, alias.signature_en) == ("rma@komorebi.example", "RMA")

    assert as_owner.post(url("alias_remove", mailbox.pk, alias.pk)).status_code == 302
    assert not Alias.objects.exists()
    told = list(
        JournalEntry.objects.filter(event__startswith="email.alias").order_by("id").values_list("event", flat=True)
    )
    assert told == ["email.alias_saved", "email.alias_saved", "email.alias_removed"]


@pytest.mark.parametrize("address", ["shop@komorebi.example", "returns@komorebi.example", "no address", "é@x.example"])
def test_an_address_that_is_taken_or_none_is_refused_beside_the_field(as_owner, mailbox, now, address):
    Alias.objects.create(shop=mailbox.shop, mailbox=mailbox, address="returns@komorebi.example", created_at=now)
    answer = as_owner.post(url("alias_new", mailbox.pk), {"address": address})
    assert answer.status_code == 422
    assert Alias.objects.count() == 1
    assert not JournalEntry.objects.filter(event="email.alias_saved").exists()


def test_a_test_mail_goes_to_whoever_asks_and_the_servers_words_are_shown(as_owner, owner, mailbox):
    letterbox = Letterbox()
    with running(letterbox) as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.update(
            smtp_host="127.0.0.1", smtp_port=port, smtp_security=Security.PLAIN, takes_plus_addresses=True,
            returns_per_message=True,
        )  # fmt: skip
        page = as_owner.post(url("send_test", mailbox.pk), HTTP_HX_REQUEST="true").content.decode()
    ((_envelope, recipients, raw),) = letterbox.got
    sent = parse(raw)
    assert recipients == [owner.person.email]
    assert (sent.sender.mail, sent.header("Auto-Submitted")) == ("shop@komorebi.example", "auto-generated")
    assert "250 2.0.0 Ok: queued as 4F2A" in page
    assert "Return addresses work" in page
    assert "should say “pass” for komorebi.example" in page
    assert JournalEntry.objects.get(event="email.test_mail_sent").payload == {
        "mailbox_id": mailbox.pk,
        "outcome": "sent",
    }


def test_a_server_without_return_addresses_is_found_out_by_the_test(as_owner, mailbox):
    from anshin.channels.email import keys

    returns_to = keys.bounce_address("shop@komorebi.example", 0)
    letterbox = Letterbox(answer_to_rcpt={returns_to: "550 5.1.1 No such user"})
    with running(letterbox) as port, transport.filled_with(SmtpTransport()):
        Mailbox.objects.update(
            smtp_host="127.0.0.1", smtp_port=port, smtp_security=Security.PLAIN, takes_plus_addresses=True,
            returns_per_message=True,
        )  # fmt: skip
        page = as_owner.post(url("send_test", mailbox.pk)).content.decode()
    assert f"Mail to {returns_to} would not arrive (550 5.1.1 No such user)" in page


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (refusal("550 5.7.26 DMARC check failed", permanent=True), "The server misses SPF, DKIM or DMARC"),
        (refusal("554 5.7.1 Relay access denied", permanent=True), "does not send for this address"),
        (refusal("The connection broke.", unsure=True), "Look into your inbox before you try again"),
        (refusal("450 4.2.0 Later"), "450 4.2.0 Later"),
    ],
)
def test_a_refused_test_mail_says_what_is_wrong(as_owner, mailbox, way, failure, advice):
    way.failure = failure
    page = as_owner.post(url("send_test", mailbox.pk)).content.decode()
    assert failure.words in page
    assert advice in page
    assert JournalEntry.objects.get(event="email.test_mail_sent").payload["outcome"] == "refused"


@pytest.mark.parametrize("name", ["sending", "send_test", "alias_new"])
def test_nobody_but_those_who_run_the_shop_sees_or_sends(client, agent, stranger, mailbox, way, name):
    client.force_login(agent.person, backend="anshin.staff.sign_in.StaffBackend")
    assert client.post(url(name, mailbox.pk)).status_code == 403
    client.force_login(stranger.person, backend="anshin.staff.sign_in.StaffBackend")
    assert client.post(url(name, mailbox.pk)).status_code == 404
    assert way.carried == []


def test_another_shops_mailbox_and_address_are_not_there(as_owner, other_shop, mailbox, way, now):
    theirs = Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
    alias = Alias.objects.create(shop=other_shop, mailbox=theirs, address="rma@tanuki.example", created_at=now)
    assert as_owner.post(url("send_test", theirs.pk)).status_code == 404
    assert as_owner.get(url("alias", mailbox.pk, alias.pk)).status_code == 404
    assert as_owner.post(url("alias_remove", mailbox.pk, alias.pk)).status_code == 404
    assert (way.carried, Alias.objects.count()) == ([], 1)


def test_a_key_is_sealed_never_shown_and_stays_until_the_service_changes(as_owner, mailbox):
    as_owner.post(url("sending", mailbox.pk), {"sends_by": "brevo", "service_key": "xkeysib-neko"})
    mailbox.refresh_from_db()
    assert (mailbox.sends_by, secrets.unseal(mailbox.service_key_sealed)) == ("brevo", "xkeysib-neko")
    assert "xkeysib" not in as_owner.get(url("sending", mailbox.pk)).content.decode()

    as_owner.post(url("sending", mailbox.pk), {"sends_by": "brevo", "service_key": "", "signature_ja": "x"})
    mailbox.refresh_from_db()
    assert (mailbox.signature_ja, secrets.unseal(mailbox.service_key_sealed)) == ("x", "xkeysib-neko")

    refused = as_owner.post(url("sending", mailbox.pk), {"sends_by": "resend", "service_key": ""})
    mailbox.refresh_from_db()
    assert (refused.status_code, mailbox.sends_by) == (422, "brevo")

    as_owner.post(url("sending", mailbox.pk), {"sends_by": "smtp", "service_key": ""})
    mailbox.refresh_from_db()
    assert (mailbox.sends_by, mailbox.service_key_sealed) == ("smtp", "")
