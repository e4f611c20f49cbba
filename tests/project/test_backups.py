"""Backup and restore as an operator does them, with real processes: equal by count and hash, or a refusal in words."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from anshin.plumbing.backups import sets
from anshin.plumbing.files import store
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.terms import State
from tests.channels.email.outside import shared_database

PHRASE = "nagai-nagai-aikotoba"


@pytest.fixture
def desk(tmp_path, transactional_db):
    """The environment of processes that work on the tests' database, with their files in a folder."""
    data = tmp_path / "data"
    data.mkdir()
    in_file = shared_database.sqlite_file(data) if connection.vendor == "sqlite" else iter([data])
    next(in_file)
    environment = shared_database.environment(data, data / "files")
    yield environment | {"ANSHIN_DATA": str(data), "ANSHIN_MODE": "production", "ANSHIN_BACKUP_PASSPHRASE": PHRASE}
    in_file.close() if hasattr(in_file, "close") else None


@pytest.fixture
def empty_url():
    """An address of an empty database of the same kind; "" for SQLite, which needs none."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"{connection.settings_dict['NAME']}_restored"
    with closing(psycopg.connect(dbname=connection.settings_dict["NAME"], autocommit=True)) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"postgres:///{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def anshin(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-P", "-m", "anshin.project", *arguments]
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=300, check=False)


def test_a_backup_comes_back_equal_and_lets_nothing_leave_twice(desk, empty_url, tmp_path, shop, now):
    settings.MEDIA_ROOT = Path(desk["ANSHIN_DATA"]) / "files"
    blob = store.keep(shop.pk, b"photo of a broken cup", now=now)
    enqueue("anshin.cases.jobs.deliver", 1, now=now)

    made = anshin(desk, "backup", str(tmp_path / "backups"))
    assert made.returncode == 0, made.stderr
    folder = sets.whole_sets(tmp_path / "backups")[0]
    assert json.loads((folder / sets.MANIFEST).read_text())["files"] == 1

    machine = desk | {"ANSHIN_DATA": str(tmp_path / "new machine"), "DATABASE_URL": empty_url}
    wrong = anshin(machine | {"ANSHIN_BACKUP_PASSPHRASE": "chigau-aikotoba"}, "restore", str(folder))
    assert (wrong.returncode, "Nothing was changed" in wrong.stderr) == (2, True)
    back = anshin(machine, "restore", str(folder), "--database-url", empty_url)
    assert (back.returncode, "Every row and every file is as it was" in back.stdout) == (0, True), back.stderr
    assert "1 jobs that would send or pay something wait" in back.stdout
    assert "What the clock would send waits, too" in back.stdout
    assert (tmp_path / "new machine" / "secret.key").read_text() == desk["ANSHIN_SECRET_KEY"]
    assert (tmp_path / "new machine" / "files" / blob.sha256[:2] / blob.sha256[2:4] / blob.sha256).exists()

    again = anshin(machine, "restore", str(folder), "--database-url", empty_url)
    assert (again.returncode, "put back only where nothing is" in again.stderr) == (2, True)
    with (folder / sets.read(folder).database).open("r+b") as file:
        file.seek(100)
        file.write(b"\x00\x01")
    damaged = anshin(machine | {"ANSHIN_DATA": str(tmp_path / "third")}, "restore", str(folder))
    assert (damaged.returncode, "missing or damaged" in damaged.stderr) == (2, True)
    assert not (tmp_path / "third").exists()


def test_the_address_of_a_database_of_the_other_kind_is_refused(tmp_path):
    surroundings = {**os.environ, "ANSHIN_DATA": str(tmp_path), "DATABASE_URL": ""}
    for address, words in (("sqlite", "on that kind of database already"), ("mysql:///x", "not an address")):
        refused = anshin(surroundings, "move-database", "--to", address)
        assert (refused.returncode, words in refused.stderr) == (2, True), refused.stderr


@pytest.mark.django_db
def test_after_a_restore_what_was_due_outside_waits_for_a_person(now, later):
    from anshin.plumbing.jobs.actions import hold_after_restore, retry

    due = enqueue("anshin.cases.jobs.deliver", 1, now=now)
    scheduled = enqueue("anshin.cases.jobs.deliver", 2, now=now, run_at=later + (later - now))
    inside = enqueue("anshin.plumbing.files.jobs.remove_leftovers", now=now)
    assert hold_after_restore(["mail_out"], shop_ids=[], backup_at=now, now=later) == 1
    states = dict(Job.objects.values_list("pk", "state"))
    assert (states[due.pk], states[scheduled.pk], states[inside.pk]) == (State.STUCK, State.WAITING, State.WAITING)
    assert retry(None, [due.pk], now=later) == 1
