"""Settings pages of the mail channel: what a person is told, and who may see what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anshin.cases.models import Case
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading import taking_in
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing import secrets
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside import dovecot_server, smtp_server
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.smtp_server import Letterbox, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_clock")]


def filled(**changes):
    return {
        "address": "Shop@Komorebi.example",
        "display_name": "こもれび",
        "sign_in": "password",
        "imap_host": "127.0.0.1",
        "imap_port": "1",
        "imap_security": "plain",
        "imap_user": "shop@komorebi.example",
        "imap_password": "neko-no-te-mo",
        "smtp_host": "127.0.0.1",
        "smtp_port": "1",
        "smtp_security": "plain",
        "smtp_user": "",
        "smtp_password": "",
        "is_active": "on",
        "take_in_since_on": "2026-11-15",
        **changes,
    }


def url(name, *args):
    return reverse(f"email:{name}", args=["komorebi", *args])


def test_a_new_mailbox_is_kept_with_its_password_sealed_and_fetched_soon(as_owner):
    answer = as_owner.post(url("mailbox_new"), filled())

    box = Mailbox.objects.get()
    assert (answer.status_code, answer.url) == (302, url("mailboxes"))
    assert (box.address, box.imap_user) == ("shop@komorebi.example", "shop@komorebi.example")
    assert "neko" not in box.imap_password_sealed
    assert secrets.unseal(box.imap_password_sealed) == "neko-no-te-mo"
    assert box.take_in_since_on.isoformat() == "2026-11-15"
    assert Job.objects.get().args == [box.pk]
    assert JournalEntry.objects.get(event="email.mailbox_saved").payload == {"mailbox_id": box.pk, "is_active": True}


def test_a_page_never_shows_a_password_and_empty_keeps_it(as_owner):
    as_owner.post(url("mailbox_new"), filled())
    box = Mailbox.objects.get()

    page = as_owner.get(url("mailbox", box.pk)).content.decode()
    as_owner.post(url("mailbox", box.pk), filled(imap_password="", display_name="新しい名前"))

    box.refresh_from_db()
    assert "neko-no-te-mo" not in page
    assert box.imap_password_sealed not in page
    assert (box.display_name, secrets.unseal(box.imap_password_sealed)) == ("新しい名前", "neko-no-te-mo")


def test_a_stored_password_is_not_sent_to_another_server(as_owner):
    as_owner.post(url("mailbox_new"), filled())
    box = Mailbox.objects.get()
    elsewhere = filled(imap_password="", imap_host="evil.example")

    saved = as_owner.post(url("mailbox", box.pk), elsewhere)
    tested = as_owner.post(url("mailbox_test", box.pk), elsewhere)

    box.refresh_from_db()
    assert (saved.status_code, tested.status_code) == (422, 422)
    assert "The server has changed. Enter the password again." in saved.content.decode()
    assert box.imap_host == "127.0.0.1"


def test_another_server_is_read_from_its_beginning(as_owner):
    as_owner.post(url("mailbox_new"), filled())
    Mailbox.objects.update(uidvalidity=7, last_uid=99)
    box = Mailbox.objects.get()

    as_owner.post(url("mailbox", box.pk), filled(imap_host="imap.example"))

    box.refresh_from_db()
    assert (box.uidvalidity, box.last_uid) == (0, 0)


def test_an_address_taken_is_refused_in_words(as_owner):
    as_owner.post(url("mailbox_new"), filled())

    answer = as_owner.post(url("mailbox_new"), filled())

    assert answer.status_code == 422
    assert "already has a mailbox with the address shop@komorebi.example" in answer.content.decode()
    assert Mailbox.objects.count() == 1


def test_the_test_button_says_in_words_what_is_wrong_and_changes_nothing(as_owner):
    page = as_owner.post(url("mailbox_new_test"), filled(), headers={"HX-Request": "true"}).content.decode()

    assert "Fetching does not work yet." in page
    assert "Sending does not work yet." in page
    assert "does not accept connections on this port" in page
    assert not Mailbox.objects.exists()


@pytest.mark.dovecot
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_test_button_says_what_works(as_owner, dovecot):
    letterbox = Letterbox()
    with running(letterbox, with_password=True) as port:
        given = filled(
            imap_port=str(dovecot.plain_port),
            imap_user=dovecot_server.USER,
            imap_password=dovecot_server.PASSWORD,
            smtp_port=str(port),
            smtp_user=smtp_server.USER,
            smtp_password=smtp_server.PASSWORD,
        )
        page = as_owner.post(url("mailbox_new_test"), given, headers={"HX-Request": "true"}).content.decode()
        wrong = as_owner.post(
            url("mailbox_new_test"), {**given, "smtp_password": "x"}, headers={"HX-Request": "true"}
        ).content.decode()

    assert "Fetching works: the inbox holds 0 mails." in page
    assert "Sending works: the server takes mail from this address." in page
    assert "does not accept the user name or password" in wrong
    assert letterbox.got == []


def test_the_list_says_since_when_a_mailbox_fails_and_why(as_owner, mailbox, now):
    Mailbox.objects.update(
        imap_host="imap.example",
        failing_since_at=now - timedelta(hours=2),
        last_error_code="wrong_password",
        last_error_words="[AUTHENTICATIONFAILED]",
    )
    page = as_owner.get(url("mailboxes")).content.decode()
    assert "The server does not accept the user name or password." in page
    assert "[AUTHENTICATIONFAILED]" in page


def test_an_empty_list_teaches_the_next_step(as_owner):
    assert "No mailbox yet" in as_owner.get(url("mailboxes")).content.decode()


def arrived(mailbox, raw, now):
    arrival = store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=now).arrival
    take_in(arrival.pk, now=now)
    return arrival


def test_the_ledger_counts_every_mail_of_the_day_in_one_fate(as_owner, mailbox, now):
    arrived(mailbox, mail(), now)
    arrived(mailbox, b"no header at all", now)
    arrived(mailbox, mail(message_id="<old@x.jp>"), now - timedelta(days=1))
    store(mailbox=mailbox, raw=mail(message_id="<late@x.jp>"), source=Source.OUTSIDE, now=now - timedelta(minutes=6))

    answer = as_owner.get(url("ledger", mailbox.pk))

    sheet = answer.context["sheet"]
    assert (sheet.received_count, dict(sheet.counts), sheet.late_count) == (
        3,
        {Fate.STORED: 1, Fate.TAKEN_IN: 1, Fate.QUARANTINED: 1},
        1,
    )
    assert not sheet.adds_up
    assert "1 mail has not been read yet." in answer.content.decode()
    assert as_owner.get(url("ledger", mailbox.pk), {"on": "2026-11-21"}).context["sheet"].received_count == 1
    assert as_owner.get(url("ledger", mailbox.pk), {"on": "yesterday"}).status_code == 404


def test_the_ledger_asks_the_database_the_same_number_of_times_for_many_mails(
    as_owner, mailbox, now, django_assert_num_queries
):
    for number in range(3):
        arrived(mailbox, mail(str(number), message_id=f"<{number}@x.jp>"), now)
    as_owner.get(url("ledger", mailbox.pk))
    with CaptureQueriesContext(connection) as few:
        as_owner.get(url("ledger", mailbox.pk))
    for number in range(3, 12):
        arrived(mailbox, mail(str(number), message_id=f"<{number}@x.jp>"), now)
    with django_assert_num_queries(len(few)):
        as_owner.get(url("ledger", mailbox.pk))


def test_a_quarantined_mail_is_read_again_by_a_click(as_owner, mailbox, now, monkeypatch):
    receive = taking_in.receive_message

    def fails(**given):
        if not given["message"].hold:
            raise ValueError("a defect")
        return receive(**given)

    with monkeypatch.context() as broken:
        broken.setattr(taking_in, "receive_message", fails)
        arrival = arrived(mailbox, mail(), now)
    assert "misaki@example.jp" in as_owner.get(url("waiting")).content.decode()

    answer = as_owner.post(url("try_again", arrival.pk), follow=True)

    arrival = Arrival.objects.get()
    assert arrival.fate == Fate.TAKEN_IN
    assert arrival.message.message_key == "1@example.jp"
    assert "The mail has been taken in." in answer.content.decode()
    assert JournalEntry.objects.filter(event="email.arrival_tried_again").count() == 1
    assert "Nothing waits" in as_owner.get(url("waiting")).content.decode()


def test_closing_the_case_of_an_unreadable_mail_settles_it(as_owner, mailbox, now):
    arrived(mailbox, b"no header at all", now)
    assert as_owner.get(url("waiting")).context["rows"]
    Case.objects.update(status="closed", resolution="not_a_case", closed_at=now)

    assert not as_owner.get(url("waiting")).context["rows"]
    assert Arrival.objects.get().fate == Fate.QUARANTINED


def test_a_mail_that_still_cannot_be_read_stays_where_it_is(as_owner, mailbox, now):
    arrival = arrived(mailbox, b"no header at all", now)

    as_owner.post(url("try_again", arrival.pk))

    assert Arrival.objects.get().fate == Fate.QUARANTINED
    assert Case.objects.count() == 1


PAGES = ["mailboxes", "mailbox_new", "waiting"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_sent_to_the_sign_in(client, shop, name):
    answer = client.get(url(name))
    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize("name", PAGES)
def test_another_shops_people_find_nothing(client, shop, stranger, name):
    client.force_login(stranger.person, backend="anshin.staff.sign_in.StaffBackend")
    assert client.get(url(name)).status_code == 404


@pytest.mark.parametrize("name", ["mailboxes", "mailbox_new"])
def test_an_agent_may_not_change_mailboxes(client, agent, name):
    client.force_login(agent.person, backend="anshin.staff.sign_in.StaffBackend")
    assert client.get(url(name)).status_code == 403
    assert client.post(url("mailbox_new"), filled()).status_code == 403
    assert not Mailbox.objects.exists()


def test_a_mailbox_of_another_shop_does_not_exist_here(as_owner, other_shop, now):
    foreign = Mailbox.objects.create(shop=other_shop, address="shop@tanuki.example", created_at=now)
    arrival = arrived(foreign, b"no header at all", now)
    for name, pk in [("mailbox", foreign.pk), ("ledger", foreign.pk)]:
        assert as_owner.get(url(name, pk)).status_code == 404
    assert as_owner.post(url("mailbox", foreign.pk), filled()).status_code == 404
    assert as_owner.post(url("try_again", arrival.pk)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.address == "shop@tanuki.example"
