"""Mails on which desks choke, all the way in: each is shown and explained on its case, and the next mail comes in."""

import html
import zlib

import pytest

from anshin.cases.models import Case, Message
from anshin.channels.email.arriving.storing import Place, store
from anshin.channels.email.models import Arrival
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.letters import mail
from tests.channels.email.outside.odd_mails import odd_mails, ordinary, overlapping_zip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def desk(client, owner):
    client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
    return client


def page_of(client, message):
    answer = client.get(f"/s/komorebi/c/{message.case.number}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("odd", list(odd_mails()), ids=lambda odd: odd.name)
def test_an_odd_mail_is_explained_on_its_case_and_the_next_one_comes_in(odd, mailbox, now, desk):
    raw = odd.raw()
    first = store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=now).arrival
    second = store(mailbox=mailbox, raw=ordinary(1), source=Source.OUTSIDE, now=now).arrival

    run_due_jobs(now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.fate, second.fate) == (Fate.QUARANTINED if odd.is_held else Fate.TAKEN_IN, Fate.TAKEN_IN)
    assert not Job.objects.exclude(state="done").exists()
    inbox = desk.get("/s/komorebi/inbox/all").content.decode()
    assert f"/c/{first.message.case.number}" in inbox
    assert f"/c/{second.message.case.number}" in inbox
    page = page_of(desk, first.message)
    assert [words for words in odd.words if words not in page] == []
    assert ("もう一度読み込む" in page) == odd.is_held
    original = desk.get(f"/s/komorebi/messages/{first.message_id}/raw")
    assert b"".join(original.streaming_content) == raw
    assert "次のメール1" in page_of(desk, second.message)


def test_a_mail_larger_than_fifty_megabytes_says_so_and_offers_no_second_reading(mailbox, now, desk):
    mailbox.uidvalidity = 5
    mailbox.save()
    header = b"From: a@example.jp\r\nSubject: video\r\nMessage-ID: <big@example.jp>\r\n\r\n"
    place = Place(5, 9, 60 * 1024 * 1024, now)
    store(mailbox=mailbox, raw=header, source=Source.IMAP, now=now, place=place, is_header_only=True,
          reason_code="oversize")  # fmt: skip

    run_due_jobs(now)

    page = page_of(desk, Message.objects.get())
    assert "50MBを超えるメール" in page
    assert "60.0" in page
    assert "もう一度読み込む" not in page
    assert "文字化けを直す" not in page


def test_a_zip_bomb_is_never_unpacked(mailbox, now, monkeypatch):
    monkeypatch.setattr(zlib, "decompressobj", None)
    monkeypatch.setattr(zlib, "decompress", None)
    bomb = next(odd for odd in odd_mails() if odd.name == "zip_bomb").raw()
    store(mailbox=mailbox, raw=bomb, source=Source.OUTSIDE, now=now)

    run_due_jobs(now)

    message = Message.objects.get()
    assert message.remarks == [["zip_bomb", "album.zip"]]
    assert len(overlapping_zip()) < 100_000


def test_an_imported_mail_with_an_impossible_date_stands_where_the_last_server_had_it(mailbox, now):
    raw = next(odd for odd in odd_mails() if odd.name == "date_1970").raw()
    received = b"Received: from a by b; Fri, 20 Nov 2026 18:30:00 +0900\r\n"

    store(mailbox=mailbox, raw=received + raw, source=Source.IMPORT, now=now)
    run_due_jobs(now)

    assert Message.objects.get().at.isoformat() == "2026-11-20T09:30:00+00:00"


def take_in_with_defect(mailbox, now, monkeypatch, where):
    """The message that stands in for a mail at which our own code failed once."""
    with monkeypatch.context() as defect:
        defect.setattr(f"anshin.channels.email.reading.{where}", lambda *_a, **_k: 1 / 0)
        arrival = store(mailbox=mailbox, raw=mail("読めるはず"), source=Source.OUTSIDE, now=now).arrival
        run_due_jobs(now)
    arrival.refresh_from_db()
    assert arrival.fate == Fate.QUARANTINED
    return arrival.message


@pytest.fixture
def held(mailbox, now, monkeypatch):
    return take_in_with_defect(mailbox, now, monkeypatch, "opening.parse")


def test_reading_again_leads_to_the_case_in_which_the_mail_now_stands(held, desk):
    answer = desk.post(f"/s/komorebi/messages/{held.pk}/again")

    arrival = Arrival.objects.get()
    became = arrival.message
    assert (arrival.fate, became.text, became.case.hold) == (Fate.TAKEN_IN, "読めるはず", "")
    assert became.case_id != held.case_id
    assert answer.url == f"/s/komorebi/c/{became.case.number}"
    held.case.refresh_from_db()
    assert (held.case.hold, held.case.status, held.case.resolution) == ("", "closed", "duplicate")
    fact = JournalEntry.objects.get(event="case.message_gave_way")
    assert (fact.case_id, fact.payload["other_number"]) == (held.case_id, became.case.number)
    assert f"案件 #{became.case.number} に入っています" in page_of(desk, held)


def test_a_mail_that_threads_into_its_own_case_takes_the_place_of_its_stand_in(mailbox, now, monkeypatch, desk):
    held = take_in_with_defect(mailbox, now, monkeypatch, "opening.nature")

    desk.post(f"/s/komorebi/messages/{held.pk}/again")

    became = Message.objects.get()
    became.case.refresh_from_db()
    assert (became.text, became.case_id, became.case.hold, became.case.status) == (
        "読めるはず", held.case_id, "", "open",
    )  # fmt: skip
    assert became.raw_blob_id == held.raw_blob_id
    assert "読めなかったメールを読み込めました" in page_of(desk, became)


def test_a_script_is_led_there_too(held, desk):
    answer = desk.post(f"/s/komorebi/messages/{held.pk}/again", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (
        204,
        f"/s/komorebi/c/{Arrival.objects.get().message.case.number}",
    )


def test_what_still_cannot_be_read_stays_and_says_so(mailbox, now, desk):
    store(mailbox=mailbox, raw=b"\r\n", source=Source.OUTSIDE, now=now)
    run_due_jobs(now)
    message = Message.objects.get()

    answer = desk.post(f"/s/komorebi/messages/{message.pk}/again", headers={"HX-Request": "true"})

    assert "中身のないメールです" in html.unescape(answer.content.decode())
    assert Message.objects.count() == 1
    assert Arrival.objects.get().fate == Fate.QUARANTINED
    assert Case.objects.get().hold == "unreadable"


def test_a_role_too_small_is_offered_no_second_reading_and_gets_none(held, client, warehouse):
    client.force_login(warehouse.person, backend="anshin.staff.sign_in.StaffBackend")

    answer = client.post(f"/s/komorebi/messages/{held.pk}/again")

    assert answer.status_code == 403
    assert Message.objects.count() == 1
    assert "もう一度読み込む" not in client.get(f"/s/komorebi/c/{held.case.number}").content.decode()


def test_a_stranger_finds_no_mail_to_read_again(held, client, stranger):
    client.force_login(stranger.person, backend="anshin.staff.sign_in.StaffBackend")

    assert client.post(f"/s/shiosai/messages/{held.pk}/again").status_code == 404
    assert client.post(f"/s/komorebi/messages/{held.pk}/again").status_code == 404
    assert Message.objects.count() == 1
