"""An import that is killed with -9 at moments nobody chose, and started again each time: every mail is shown once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.models import Count

from anshin.cases.models import Attachment, Case, Message
from anshin.cases.models import Counter as CaseCounter
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.sheets import days
from anshin.channels.email.terms import Fate
from anshin.commerce.models import Customer
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.search.models import IndexedDocument
from anshin.shops.models import Shop
from tests.channels.email.outside import shared_database
from tests.channels.email.outside.ordeal import MARK

pytestmark = pytest.mark.kill

MAILS = 500
KILLS = 5
PATIENCE_SECONDS = 120
CUSTOMERS = 90


@pytest.fixture
def mailbox(folder: Path, settings) -> Mailbox:
    settings.MEDIA_ROOT = folder / "files"  # where the program itself keeps them
    moment = datetime.now(UTC)
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=moment)
    return Mailbox.objects.create(shop=shop, address="shop@komorebi.example", created_at=moment)


def is_answer(number: int) -> bool:
    return number % 7 == 0


def has_file(number: int) -> bool:
    return number % 5 == 0


def letter(number: int, at: datetime) -> bytes:
    """Every seventh answers the one before it, every fifth has a file, every ninth no Message-ID."""
    mail = EmailMessage()
    mail["From"] = f"customer{(number - is_answer(number)) % CUSTOMERS}@example.jp"
    mail["To"] = "shop@komorebi.example"
    mail["Subject"] = f"お問い合わせ 通し番号{number:04}"
    mail["Date"] = format_datetime(at + timedelta(seconds=number))
    if number % 9 or is_answer(number + 1):
        mail["Message-ID"] = f"<{number}@example.jp>"
    if is_answer(number):
        mail["In-Reply-To"] = f"<{number - 1}@example.jp>"
    mail.set_content(f"注文した品がまだ届きません。合言葉は{word(number)}です。\n")
    if has_file(number):
        picture = f"写真{number}".encode() * 50
        mail.add_attachment(picture, maintype="image", subtype="png", filename=f"写真{number}.png")
    return mail.as_bytes()


def word(number: int) -> str:
    return "".join("あいうえおかきくけこ"[int(digit)] for digit in f"{number:04}")


def archive_of(folder: Path, at: datetime) -> Path:
    """An mbox; each hundredth mail lies in it twice."""
    line = b"From a@b.example Sun Nov 22 11:00:00 2026\n"
    file = folder / "archive.mbox"
    with file.open("wb") as opened:
        for number in range(1, MAILS + 1):
            opened.write((line + letter(number, at) + b"\n") * (2 if number % 100 == 0 else 1))
    return file


@dataclass
class Import:
    """`anshin import-mail` in processes of their own; `left_unread` notes what lay unread after each kill."""

    folder: Path
    archive: Path
    left_unread: list[int] = field(default_factory=list)

    def start(self) -> "subprocess.Popen[bytes]":
        command = ("import-mail", str(self.archive), "--shop", "komorebi")
        return subprocess.Popen(
            [sys.executable, "-m", "anshin.project", *command],
            cwd=shared_database.ROOT,
            env=shared_database.environment(self.folder, self.folder / "files"),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def killed(self, counted: Callable[[], int], after_seconds: float) -> bool:
        """Start it, and kill it so long after `counted` has grown; False when it was through before."""
        before, process = counted(), self.start()
        end = time.monotonic() + PATIENCE_SECONDS
        while process.poll() is None and asked(counted) <= before:
            assert time.monotonic() < end, "the import does not begin"
            time.sleep(0.005)
        time.sleep(after_seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        ended = process.wait(PATIENCE_SECONDS)
        self.left_unread.append(asked(Arrival.objects.filter(fate=Fate.STORED).count))
        return ended == -signal.SIGKILL

    def to_the_end(self) -> int:
        return self.start().wait(PATIENCE_SECONDS * 3)


def asked(counted: Callable[[], int]) -> int:
    for _try in range(100):
        try:
            return counted()
        except OperationalError:
            time.sleep(0.05)
    return counted()


def test_every_mail_is_shown_once_with_all_that_belongs_to_it(mailbox, folder):
    moment = datetime.now(UTC)
    archive = archive_of(folder, moment - timedelta(hours=1))
    importing, roll = Import(folder, archive), random.Random(2)

    killed = 0
    for turn in range(KILLS):
        counted = (Arrival if turn % 2 else Message).objects.count
        killed += importing.killed(counted, roll.uniform(0, 0.3))
        if turn == KILLS // 2:  # nobody starts it again: jobs take in what was stored
            run_due_jobs(datetime.now(UTC) + timedelta(minutes=11))
            assert not Arrival.objects.filter(fate=Fate.STORED).exists()
    sys.stderr.write(f"{killed} kills; unread after each: {importing.left_unread}\n")
    assert killed >= 3
    assert importing.to_the_end() == 0

    assert_shown_once(mailbox)
    assert_jobs_have_done_their_work(datetime.now(UTC) + timedelta(hours=1))

    before = Message.objects.count(), Arrival.objects.count(), Case.objects.count()
    assert importing.to_the_end() == 0
    assert (Message.objects.count(), Arrival.objects.count(), Case.objects.count()) == before


def test_two_imports_of_one_archive_at_the_same_time_show_every_mail_once(mailbox, folder):
    importing = Import(folder, archive_of(folder, datetime.now(UTC) - timedelta(hours=1)))
    both = [importing.start(), importing.start()]
    assert [process.wait(PATIENCE_SECONDS * 3) for process in both] == [0, 0]
    assert_shown_once(mailbox)
    assert_jobs_have_done_their_work(datetime.now(UTC) + timedelta(hours=1))


def assert_shown_once(mailbox: Mailbox) -> None:
    shown = Counter(int(MARK.search(subject)[1]) for subject in Message.objects.values_list("subject", flat=True))
    assert shown == Counter(range(1, MAILS + 1))
    assert Counter(Arrival.objects.values_list("fate", flat=True)) == {Fate.TAKEN_IN: MAILS}
    assert all(read_bytes(arrival.raw_blob) for arrival in Arrival.objects.select_related("raw_blob"))

    answers = sum(is_answer(number) for number in range(1, MAILS + 1))
    assert Case.objects.count() == MAILS - answers
    assert {count for (count,) in Case.objects.annotate(n=Count("messages")).values_list("n")} == {1, 2}
    assert sorted(Case.objects.values_list("number", flat=True)) == list(range(1, MAILS - answers + 1))
    assert Customer.objects.count() == CUSTOMERS

    files = {f"写真{number}.png" for number in range(1, MAILS + 1) if has_file(number)}
    assert Counter(Attachment.objects.values_list("name", flat=True)) == Counter(files)
    for attachment in Attachment.objects.select_related("blob"):
        assert read_bytes(attachment.blob).startswith("写真".encode())

    counted = Case.objects.order_by().values_list("status", "owner_id").annotate(n=Count("id"))
    kept = CaseCounter.objects.exclude(count=0).values_list("status", "owner_id", "count")
    assert sorted(kept) == sorted((status, owner or 0, n) for status, owner, n in counted)

    lines = days.sheet_page(mailbox.shop, mailbox, now=datetime.now(UTC)).items
    assert sum(line.received_count for line in lines) == sum(line.shown_count for line in lines) == MAILS


def assert_jobs_have_done_their_work(later: datetime) -> None:
    run_due_jobs(later)
    assert set(Job.objects.values_list("state", flat=True)) <= {State.DONE}
    cases = dict(Case.objects.values_list("pk", "language"))
    assert set(cases.values()) == {"ja"}
    assert not Case.objects.filter(topic="").exists()
    assert set(IndexedDocument.objects.values_list("object_id", flat=True)) == set(cases)
    assert IndexedDocument.objects.count() == len(cases)
