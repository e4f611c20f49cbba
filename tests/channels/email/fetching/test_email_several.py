"""Several mailboxes a shop, several shops a server: each mail in its own shop, and one broken mailbox stops none."""

import pytest

from anshin.cases.models import Case, Message
from anshin.channels.email import jobs, queries
from anshin.channels.email.arriving import receiving
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.terms import Fate, Security, Trouble
from anshin.plumbing import secrets
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from tests.channels.email.outside import dovecot_server
from tests.channels.email.outside.letters import mail

pytestmark = [pytest.mark.django_db, pytest.mark.dovecot]


@pytest.fixture
def second_dovecot(dovecot):
    with dovecot_server.running() as server:
        yield server


def box(shop, address, now, server=None, port=0):
    return Mailbox.objects.create(
        shop=shop,
        address=address,
        imap_host="127.0.0.1" if server or port else "",
        imap_port=server.plain_port if server else port,
        imap_security=Security.PLAIN,
        imap_user=dovecot_server.USER,
        imap_password_sealed=secrets.seal(dovecot_server.PASSWORD),
        created_at=now,
    )


@pytest.fixture
def house(shop, other_shop, dovecot, second_dovecot, now, monkeypatch):
    """Komorebi: a mailbox that is fetched, one by pipe and one whose server is gone. Tanuki: one that is fetched."""
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    return {
        "shop": box(shop, "shop@komorebi.example", now, dovecot),
        "returns": box(shop, "returns@komorebi.example", now),
        "gone": box(shop, "old@komorebi.example", now, port=1),
        "tanuki": box(other_shop, "info@tanuki.example", now, second_dovecot),
    }


def one_minute(now):
    jobs.check_mailboxes.call()
    run_due_jobs(now)


def lines_of(mailbox):
    return list(Arrival.objects.filter(mailbox=mailbox).order_by("id").values_list("dedupe_key", "fate"))


def test_each_mail_becomes_a_case_of_its_own_shop(house, dovecot, second_dovecot, shop, other_shop, now):
    dovecot.put(mail("こもれびへ", message_id="<a@x.jp>"))
    second_dovecot.put(mail("たぬき堂へ", message_id="<b@x.jp>"))
    receiving.receive(raw=mail("返品", message_id="<c@x.jp>"), recipients=["returns@komorebi.example"], now=now)

    one_minute(now)

    texts = Message.objects.order_by("text").values_list("shop__slug", "text", "case__shop__slug")
    assert sorted(texts) == [
        ("komorebi", "こもれびへ", "komorebi"),
        ("komorebi", "返品", "komorebi"),
        ("tanuki", "たぬき堂へ", "tanuki"),
    ]
    assert lines_of(house["tanuki"]) == [("b@x.jp", Fate.TAKEN_IN)]
    assert list(queries.waiting_for_a_person(shop)) == []
    assert set(Arrival.objects.filter(shop=other_shop).values_list("raw_blob__shop_id", flat=True)) == {other_shop.pk}


def test_one_broken_mailbox_stops_no_other_and_is_named(house, dovecot, second_dovecot, now):
    dovecot.put(mail(message_id="<a@x.jp>"))
    second_dovecot.put(mail(message_id="<b@x.jp>"))

    one_minute(now)

    states = dict(Mailbox.objects.values_list("address", "last_error_code"))
    assert states == {
        "shop@komorebi.example": "",
        "returns@komorebi.example": "",
        "old@komorebi.example": Trouble.REFUSED,
        "info@tanuki.example": "",
    }
    assert Arrival.objects.filter(fate=Fate.TAKEN_IN).count() == 2
    assert not Job.objects.filter(state="stuck").exists()


def test_the_same_mail_to_two_mailboxes_of_a_shop_is_one_message_with_two_lines(house, dovecot, now):
    dovecot.put(mail(message_id="<a@x.jp>"))
    receiving.receive(raw=mail(message_id="<a@x.jp>"), recipients=["returns@komorebi.example"], now=now)

    one_minute(now)

    assert Message.objects.count() == 1
    assert sorted(fate for each in ("shop", "returns") for _key, fate in lines_of(house[each])) == [
        Fate.DUPLICATE,
        Fate.TAKEN_IN,
    ]
    assert set(Arrival.objects.values_list("message", flat=True)) == {Message.objects.get().pk}


def test_the_same_mail_to_two_shops_is_a_case_in_each_and_neither_knows_of_the_other(
    house, dovecot, second_dovecot, shop, other_shop, now
):
    dovecot.put(mail(message_id="<a@x.jp>"))
    second_dovecot.put(mail(message_id="<a@x.jp>"))

    one_minute(now)

    assert [Case.objects.filter(shop=each).count() for each in (shop, other_shop)] == [1, 1]
    assert lines_of(house["shop"]) == lines_of(house["tanuki"]) == [("a@x.jp", Fate.TAKEN_IN)]
    assert list(queries.mailboxes_of(other_shop)) == [house["tanuki"]]
    assert queries.mailbox_of(other_shop, house["shop"].pk) is None


def test_a_mailbox_that_is_switched_off_is_left_in_peace(house, dovecot, second_dovecot, now):
    Mailbox.objects.filter(pk=house["shop"].pk).update(is_active=False)
    dovecot.put(mail(message_id="<a@x.jp>"))
    second_dovecot.put(mail(message_id="<b@x.jp>"))

    one_minute(now)

    assert lines_of(house["shop"]) == []
    assert lines_of(house["tanuki"]) == [("b@x.jp", Fate.TAKEN_IN)]
