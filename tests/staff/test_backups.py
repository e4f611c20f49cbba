"""The owner's page about backups, and the letter when the newest is too old."""

from datetime import timedelta

import pytest
from django.test import override_settings

from anshin.plumbing.backups import databases
from anshin.plumbing.backups.making import make
from anshin.plumbing.backups.models import Backup
from anshin.plumbing.backups.terms import State, Trouble
from anshin.plumbing.jobs.models import Job
from anshin.shops.jobs import watch_backups

pytestmark = pytest.mark.django_db
URL = "/s/komorebi/settings/backups"


def made(at, state: str = State.WHOLE, **values) -> Backup:
    ended = None if state == State.RUNNING else at
    return Backup.objects.create(
        place="/backup",
        state=state,
        begun_at=at,
        ended_at=ended,
        rows=1234567,
        files=89,
        size_bytes=5_000_000,
        **values,
    )


def test_none_is_set_up_says_what_to_do(signed_in, owner, still):
    page = signed_in(owner).get(URL).content.decode()
    assert "ANSHIN_BACKUP_TO" in page
    assert signed_in(owner).post(URL)["Location"] == URL
    assert not Job.objects.filter(task__endswith="make_backup").exists()


@override_settings(ANSHIN_BACKUP_TO="/backup")
def test_the_newest_whole_one_counts_and_a_failure_says_why(
    signed_in, owner, still, now, django_assert_max_num_queries
):
    made(now - timedelta(hours=30))
    made(now - timedelta(hours=6), State.FAILED, trouble=Trouble.UNWRITABLE, said="No space left on device")
    client = signed_in(owner)
    client.get(URL)
    with django_assert_max_num_queries(12):
        page = client.get(URL).content.decode()
    assert "1,234,567" in page
    assert "No space left on device" in page
    assert "までの内容を元に戻せます" in page
    for _ in range(2):
        client.post(URL)
    assert Job.objects.filter(task__endswith="make_backup").count() == 1


@override_settings(ANSHIN_BACKUP_TO="/backup")
def test_owners_are_told_of_one_that_is_too_old_and_of_its_reason(owner, manager, letters, still, now):
    made(now - timedelta(hours=20))
    watch_backups.call()
    assert not Job.objects.filter(task__endswith="send_notice").exists()
    Backup.objects.update(begun_at=now - timedelta(hours=37))
    made(now - timedelta(hours=7), State.FAILED, trouble=Trouble.NO_TOOL)
    watch_backups.call()
    told = Job.objects.filter(task__endswith="send_notice").get()
    assert told.kwargs["membership_id"] == owner.pk
    assert "postgresql-client" in told.kwargs["text"]


def test_a_manager_is_not_shown_it(signed_in, manager):
    assert signed_in(manager).get(URL).status_code == 403


def test_a_folder_that_cannot_be_written_stands_in_the_list_and_one_that_died_is_ended(tmp_path, now, monkeypatch):
    elsewhere = made(now, State.RUNNING)
    died = Backup.objects.create(place=str(tmp_path), begun_at=now)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(databases, "copy", full)
    row = make(place=tmp_path, secrets={}, passphrase="nagai-nagai-aikotoba", now=now)
    assert (row.state, row.trouble, row.said) == (State.FAILED, Trouble.UNWRITABLE, "No space left on device")
    assert list(tmp_path.glob("20*")) == []
    states = dict(Backup.objects.values_list("pk", "trouble"))
    assert (states[died.pk], states[elsewhere.pk]) == (Trouble.INTERRUPTED, "")
    assert make(place=tmp_path, secrets={}, passphrase="", now=now).trouble == Trouble.NO_PASSPHRASE
