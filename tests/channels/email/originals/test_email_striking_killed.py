"""Struck out by a process that is killed with -9: nothing has happened before the commit, a job completes it after."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from anshin.cases.models import Message
from anshin.channels.email.models import Arrival, Mailbox
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.models import Shop
from tests.channels.email.originals.test_email_striking import CARD, arrive, first_mail, holds
from tests.channels.email.outside import outsider, shared_database
from tests.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.kill]


@pytest.fixture
def message(folder, kept_files, now):  # type: ignore[no-untyped-def]
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=now)
    box = Mailbox.objects.create(shop=shop, address="shop@komorebi.example", created_at=now)
    member(shop, "manager", "saeki@komorebi.example", "佐伯 みお")
    return arrive(box, first_mail(), now).message


def run(message: Message, folder: Path, files: Path, point: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.channels.email.outside.strike_process", str(message.pk), CARD, point],
        env=shared_database.environment(folder, files),
        cwd=shared_database.ROOT,
        check=False,
        timeout=120,
    )
    return done.returncode


@pytest.mark.parametrize("point", ["before_the_first_write", "before_the_commit"])
def test_before_the_commit_everything_is_as_before(message, folder, kept_files, now, point) -> None:  # type: ignore[no-untyped-def]
    before = (Message.objects.values().get(), list(Arrival.objects.values()), JournalEntry.objects.count())
    assert run(message, folder, kept_files, point) == -9
    assert (Message.objects.values().get(), list(Arrival.objects.values()), JournalEntry.objects.count()) == before
    assert read_bytes(Message.objects.get().raw_blob) == first_mail()


def test_after_the_commit_the_job_completes_it(message, folder, kept_files, now) -> None:  # type: ignore[no-untyped-def]
    assert run(message, folder, kept_files, "after_the_commit") == -9
    assert outsider.traces(holds, kept_files) != []
    run_due_jobs(now + timedelta(days=3650))
    assert outsider.traces(holds, kept_files) == []


def test_unkilled_nothing_stays_in_the_files_of_the_database(message, folder, kept_files, now) -> None:  # type: ignore[no-untyped-def]
    sought = [CARD.encode(), "返金してください。".encode()]
    database = list(folder.glob("anshin.sqlite3*"))
    if connection.vendor == "sqlite":
        assert any(sought[0] in path.read_bytes() for path in database)
    connection.close()
    assert run(message, folder, kept_files, "never") == 0
    assert outsider.traces(holds, kept_files) == []
    if connection.vendor == "sqlite":
        assert not any(sought[0] in path.read_bytes() for path in folder.glob("anshin.sqlite3*"))
        assert any(sought[1] in path.read_bytes() for path in folder.glob("anshin.sqlite3*"))
