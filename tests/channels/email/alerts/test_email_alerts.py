"""Owner and manager are told of trouble with a mailbox on the desk, the owner once by mail, and it ends by itself."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from anshin.channels.email import jobs
from anshin.channels.email.alerts import alert_words, looking
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival, LearnedRhythm, MailAlert, Mailbox, MailDay
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Alert, Fate, Source
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.ports import postbox
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def now():
    from datetime import UTC, datetime

    return datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday noon in Tokyo


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def letters():
    box = RecordingPostbox()
    with postbox.filled_with(box):
        yield box


@pytest.fixture
def used_mailbox(mailbox, now):
    """Four mails an hour around the clock for five weeks, until one o'clock at night."""
    blob = store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now - timedelta(days=35)).arrival
    take_in(blob.pk, now=now - timedelta(days=35))
    last = now - timedelta(hours=11)
    Arrival.objects.bulk_create(
        Arrival(
            shop=mailbox.shop,
            mailbox=mailbox,
            source=Source.OUTSIDE,
            raw_blob_id=blob.raw_blob_id,
            sha256="",
            size_bytes=1,
            dedupe_key=f"{number}@quarter.example",
            arrived_at=last - timedelta(minutes=15 * number),
            fate=Fate.TAKEN_IN,
        )
        for number in range(35 * 24 * 4)
    )
    return mailbox


def lasting():
    return [(row.kind, row.ended_at) for row in MailAlert.objects.order_by("id")]


def missing(mailbox, count, on=TODAY):
    return MailDay.objects.create(
        shop=mailbox.shop,
        mailbox=mailbox,
        on=on,
        missing_count=count,
        first_missing_uid=7 if count else None,
        compared_at=mailbox.created_at,
    )


def said(alert, now):
    with translation.override("en"), timezone.override("Asia/Tokyo"):
        return alert_words.title(alert), alert_words.reason(alert, language="en", now=now)


def test_all_well_says_nothing(mailbox, now):
    looking.look_at(mailbox, now=now)
    assert lasting() == []
    assert not JournalEntry.objects.exists()
    assert not Job.objects.exists()


def test_mails_that_are_missing_are_told_once_and_the_alert_ends_by_itself(mailbox, owner, letters, now):
    day = missing(mailbox, 3)
    for turn in range(3):
        looking.look_at(mailbox, now=now + timedelta(minutes=10 * turn))
    run_due_jobs(now)

    assert lasting() == [(Alert.DIFFER, None)]
    (letter,) = letters.left
    assert letter.to == owner.person.email
    assert letter.subject == "まだ表示されていないメールがあります：shop@komorebi.example"
    assert "メールサーバーに届いた3通を、まだ取り込めていません（最初の日：今日）。" in letter.text
    assert reverse("email:sheet", args=["komorebi", mailbox.pk]) in letter.text

    day.delete()
    later = now + timedelta(hours=1)
    looking.look_at(mailbox, now=later)
    assert lasting() == [(Alert.DIFFER, later)]
    entries = JournalEntry.objects.filter(event__startswith="email.").order_by("id")
    assert list(entries.values_list("event", "payload")) == [
        ("email.alert_began", {"mailbox_id": mailbox.pk, "kind": "differ"}),
        ("email.alert_ended", {"mailbox_id": mailbox.pk, "kind": "differ"}),
    ]


def test_what_comes_and_goes_is_shown_each_time_and_mailed_once_in_half_a_day(mailbox, owner, now):
    for hours in (0, 1, 11, 13):
        day = missing(mailbox, 1)
        looking.look_at(mailbox, now=now + timedelta(hours=hours))
        day.delete()
        looking.look_at(mailbox, now=now + timedelta(hours=hours, minutes=10))

    assert [row.told_at is not None for row in MailAlert.objects.order_by("id")] == [True, False, False, True]
    assert Job.objects.filter(task="anshin.shops.jobs.send_notice").count() == 2


def test_a_mail_that_nobody_reads_for_half_an_hour_is_told(mailbox, now):
    store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now - timedelta(minutes=31))
    looking.look_at(mailbox, now=now)
    title, reason = said(MailAlert.objects.get(), now)
    assert title == "Not all mail is shown: shop@komorebi.example"
    assert "1 mail is kept here and has not been read for more than half an hour." in reason


def test_a_server_that_is_away_is_told_after_half_an_hour(mailbox, now):
    mailbox.imap_host, mailbox.failing_since_at, mailbox.last_error_code = "x", now - timedelta(minutes=29), "refused"
    mailbox.save()
    looking.look_at(mailbox, now=now)
    assert lasting() == []

    looking.look_at(mailbox, now=now + timedelta(minutes=1))

    title, reason = said(MailAlert.objects.get(), now)
    assert title == "Mail is not being fetched: shop@komorebi.example"
    assert reason.startswith("Trouble since: Today 11:31. Nothing is lost: new mail stays on the")
    assert "The server does not accept connections on this port." in reason


def test_unusual_silence_is_told_with_its_reason(used_mailbox, owner, now):
    looking.look_at(used_mailbox, now=now)

    title, reason = said(MailAlert.objects.get(), now)
    assert title == "Unusually silent: shop@komorebi.example"
    assert reason.startswith(
        "Last mail: Today 1:00. In the 11 hours 0 minutes of opening time since then about 44 mails usually"
        " come, and without any it is usually no longer than 15 minutes."
    )


def test_silence_ends_with_the_next_mail(used_mailbox, now):
    looking.look_at(used_mailbox, now=now)
    store(mailbox=used_mailbox, raw=mail(message_id="<new@example.jp>"), source=Source.OUTSIDE, now=now)
    looking.look_at(used_mailbox, now=now + timedelta(minutes=1))
    assert lasting() == [(Alert.SILENT, now + timedelta(minutes=1))]


def test_an_imported_file_does_not_end_a_silence(used_mailbox, now):
    looking.look_at(used_mailbox, now=now)
    store(mailbox=used_mailbox, raw=mail(message_id="<old@example.jp>"), source=Source.IMPORT, now=now)
    looking.look_at(used_mailbox, now=now + timedelta(minutes=1))
    assert lasting() == [(Alert.SILENT, None)]


def test_nobody_is_silent_while_it_is_us_who_did_not_look(used_mailbox, now):
    used_mailbox.imap_host, used_mailbox.last_checked_at = "x", now - timedelta(minutes=21)
    used_mailbox.save()
    looking.look_at(used_mailbox, now=now)
    assert lasting() == []
    used_mailbox.last_checked_at, used_mailbox.last_error_code = now, "busy"
    looking.look_at(used_mailbox, now=now)
    assert lasting() == []
    used_mailbox.last_error_code = ""
    looking.look_at(used_mailbox, now=now)
    assert lasting() == [(Alert.SILENT, None)]


def test_a_national_holiday_is_not_silent(used_mailbox, now):
    Arrival.objects.update(arrived_at=Arrival.objects.order_by("arrived_at").first().arrived_at)
    holiday = now + timedelta(days=3)  # Labour Thanksgiving Day, a Monday
    Arrival.objects.filter(pk=Arrival.objects.first().pk).update(arrived_at=holiday - timedelta(hours=12))
    LearnedRhythm.objects.create(
        shop=used_mailbox.shop,
        mailbox=used_mailbox,
        rates=[[4.0] * 24] * 7,
        usual_pause_minutes=15,
        learned_at=holiday,
    )
    looking.look_at(used_mailbox, now=holiday + timedelta(hours=11))
    assert lasting() == []
    looking.look_at(used_mailbox, now=holiday + timedelta(hours=11 + 4))
    assert lasting() == [(Alert.SILENT, None)]


def test_what_a_mailbox_is_used_to_is_learned_once_a_day(used_mailbox, now, monkeypatch):
    learned = []
    monkeypatch.setattr(looking, "learn", lambda *_: learned.append(1))
    for hours in (0, 1, 23, 24, 25):
        looking.look_at(used_mailbox, now=now + timedelta(hours=hours))
    assert len(learned) == 2


def test_a_new_mailbox_is_not_silent(mailbox, now):
    store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now - timedelta(days=9))
    Arrival.objects.update(fate=Fate.TAKEN_IN)
    looking.look_at(mailbox, now=now)
    assert lasting() == []


def test_alerts_of_a_mailbox_that_is_switched_off_end(mailbox, now):
    missing(mailbox, 1)
    looking.look_at(mailbox, now=now)
    Mailbox.objects.update(is_active=False)
    jobs.watch_over_mailboxes.call()
    assert lasting() == [(Alert.DIFFER, now)]


def test_only_owners_who_still_work_there_get_the_letter(mailbox, owner, manager, agent, letters, now):
    missing(mailbox, 1)
    looking.look_at(mailbox, now=now)
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    run_due_jobs(now)
    assert letters.left == []
    assert Job.objects.filter(task="anshin.shops.jobs.send_notice").count() == 1


def page(client, member, path="/s/komorebi/inbox/all"):
    client.force_login(member.person, backend="anshin.staff.sign_in.StaffBackend")
    client.cookies["anshin_language"] = "en"
    return client.get(path).content.decode()


@pytest.mark.parametrize(("who", "sees"), [("owner", True), ("manager", True), ("agent", False), ("warehouse", False)])
def test_the_desk_tells_owner_and_manager_and_nobody_else(request, client, mailbox, now, who, sees):
    missing(mailbox, 1)
    looking.look_at(mailbox, now=now)
    shown = page(client, request.getfixturevalue(who))
    assert ("Not all mail is shown: shop@komorebi.example" in shown) is sees


def test_another_shops_owner_is_told_nothing(client, mailbox, stranger, now):
    missing(mailbox, 1)
    looking.look_at(mailbox, now=now)
    slug = stranger.shop.slug
    assert "komorebi.example" not in page(client, stranger, f"/s/{slug}/inbox/all")


def test_the_sheet_explains_what_lasts_and_lists_what_ended(client, mailbox, manager, now):
    row = missing(mailbox, 1)
    looking.look_at(mailbox, now=now)
    address = reverse("email:sheet", args=["komorebi", mailbox.pk])
    assert "1 mail lies on the mail server and could not be brought in (day: Today)." in page(client, manager, address)
    row.delete()
    looking.look_at(mailbox, now=now + timedelta(hours=1))
    ended = page(client, manager, address)
    assert "could not be brought in" not in ended
    assert "Received and shown differ" in ended
