"""Alert letters over a real mail server: what the owner gets, once, although the process is killed at each step."""

import email
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import policy

import pytest

from anshin.channels.email.models import Arrival, MailAlert, Mailbox, MailDay
from anshin.channels.email.terms import Alert, Fate, Security, Source
from anshin.plumbing.files.store import keep
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.terms import State
from anshin.shops.models import HandedNotice, OpeningHours, Shop
from tests.channels.email.outside import shared_database
from tests.channels.email.outside.smtp_server import Letterbox, running
from tests.conftest import member

pytestmark = pytest.mark.kill

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday noon in Tokyo
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def mailbox(folder):
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=NOW)
    member(shop, "owner", "anju@komorebi.example", "安住 千里")
    member(shop, "agent", "takeuchi@komorebi.example", "竹内 涼")
    for weekday in range(7):
        OpeningHours.objects.create(shop=shop, weekday=weekday, opens="09:00", closes="18:00")
    return Mailbox.objects.create(
        shop=shop, address="shop@komorebi.example", smtp_host="127.0.0.1", smtp_security=Security.PLAIN, created_at=NOW
    )


@pytest.fixture
def server(mailbox):
    letterbox = Letterbox()
    with running(letterbox) as port:
        Mailbox.objects.update(smtp_port=port)
        yield letterbox


def differ(mailbox):
    """Three mails lie on the server that the desk does not show."""
    MailDay.objects.create(
        shop=mailbox.shop, mailbox=mailbox, on=NOW.date(), missing_count=3, first_missing_uid=7, compared_at=NOW
    )


def silent(mailbox):
    """Four mails an hour for five weeks, and then none since yesterday."""
    blob = keep(mailbox.shop_id, b"x", now=NOW)
    last = NOW - timedelta(hours=21)
    Arrival.objects.bulk_create(
        Arrival(
            shop=mailbox.shop, mailbox=mailbox, source=Source.OUTSIDE, raw_blob=blob, sha256="", size_bytes=1,
            dedupe_key=f"{number}@quarter.example", arrived_at=last - timedelta(minutes=15 * number),
            fate=Fate.TAKEN_IN,
        )
        for number in range(35 * 24 * 4)
    )  # fmt: skip


def start(point, folder, files, at):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.channels.email.outside.alert_process", at.isoformat(), point],
        cwd=shared_database.ROOT,
        env=shared_database.environment(folder, files),
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_at(point, folder, files):
    process = start(point, folder, files, NOW)
    try:
        assert process.stdout.readline() == "here\n"
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


def watch(folder, files, at):
    with start("never", folder, files, at) as process:
        assert process.wait(60) == 0


def letters(server):
    return [(to, email.message_from_bytes(raw, policy=policy.default)) for _from, to, raw in server.got]


@pytest.mark.parametrize(
    ("happens", "kind", "subject", "words"),
    [
        (
            differ,
            Alert.DIFFER,
            "まだ表示されていないメールがあります",
            "3通を、まだ取り込めていません",
        ),
        (silent, Alert.SILENT, "いつもより長くメールが届いていません", "ふだんなら24通ほど届きます"),
    ],
)
def test_the_owner_gets_one_letter_however_often_it_is_looked_at(
    mailbox, server, folder, kept_files, happens, kind, subject, words
):
    happens(mailbox)
    for at in (NOW, NOW + timedelta(minutes=10), LATER):
        watch(folder, kept_files, at)

    ((to, letter),) = letters(server)
    assert list(MailAlert.objects.values_list("kind", "ended_at")) == [(kind, None)]
    assert to == ["anju@komorebi.example"]
    assert (letter["From"].addresses[0].addr_spec, letter["Auto-Submitted"]) == (
        "shop@komorebi.example", "auto-generated",
    )  # fmt: skip
    text = letter.get_body(("plain",)).get_content()
    assert str(letter["Subject"]) == f"{subject}：shop@komorebi.example"
    assert words in text
    assert f"/s/komorebi/settings/mail/{mailbox.pk}/sheet" in text


@pytest.mark.parametrize(("point", "there"), [("before_the_commit", 0), ("before_the_dot", 0), ("after_the_answer", 1)])
def test_killed_at_any_step_the_letter_is_there_once(mailbox, server, folder, kept_files, point, there):
    differ(mailbox)
    kill_at(point, folder, kept_files)
    assert len(server.got) == there

    for at in (LATER, LATER + timedelta(hours=1)):
        watch(folder, kept_files, at)

    assert [to for to, _letter in letters(server)] == [["anju@komorebi.example"]]
    assert list(MailAlert.objects.values_list("kind", flat=True)) == [Alert.DIFFER]
    assert not Job.objects.filter(task="anshin.shops.jobs.send_notice").exclude(state=State.DONE).exists()


def test_a_server_that_says_later_gets_it_again(mailbox, server, folder, kept_files):
    differ(mailbox)
    server.answer_to_data = "451 4.3.0 Later"
    watch(folder, kept_files, NOW)
    assert (server.got, HandedNotice.objects.count()) == ([], 0)

    server.answer_to_data = "250 2.0.0 Ok"
    watch(folder, kept_files, LATER)
    assert len(server.got) == 1
    assert HandedNotice.objects.count() == 1
