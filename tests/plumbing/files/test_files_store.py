"""Bytes are kept once, whole, and come back as they were; a full disk says so."""

import errno
import hashlib
import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from anshin.plumbing.files import store
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import BlobDamaged, StorageFull, StorageUnwritable, keep, open_blob, read_bytes
from anshin.plumbing.files.upkeep import Damage, remove_leftovers, verify

pytestmark = pytest.mark.django_db

BYTES = b"%PDF-1.7 the letter"
SHA = hashlib.sha256(BYTES).hexdigest()


def _files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_bytes_lie_under_their_hash_and_come_back(media, now):
    blob = keep(1, BYTES, now=now)
    assert (blob.sha256, blob.size_bytes, blob.kind, blob.created_at) == (SHA, len(BYTES), "application/pdf", now)
    assert _files(media) == [f"{SHA[:2]}/{SHA[2:4]}/{SHA}"]
    assert read_bytes(blob) == BYTES
    with open_blob(blob) as file:
        assert file.read(4) == b"%PDF"


def test_the_same_bytes_again_give_the_same_row(media, now):
    first = keep(1, BYTES, now=now)
    assert keep(1, io.BytesIO(BYTES), now=now + timedelta(days=1)) == first
    assert Blob.objects.count() == 1
    assert len(_files(media)) == 1


def test_two_shops_have_rows_of_their_own_for_the_same_bytes(media, now):
    assert keep(1, BYTES, now=now).pk != keep(2, BYTES, now=now).pk
    assert sorted(Blob.objects.values_list("shop_id", "sha256")) == [(1, SHA), (2, SHA)]
    assert len(_files(media)) == 1


def test_a_second_row_for_the_same_bytes_in_a_shop_is_refused_by_the_database(now):
    blob = keep(1, BYTES, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Blob.objects.create(shop_id=1, sha256=blob.sha256, size_bytes=1, kind="x", created_at=now)


def test_a_stream_longer_than_one_portion_is_kept_whole(now):
    content = b"0123456789abcdef" * 200_000
    blob = keep(1, io.BytesIO(content), now=now)
    assert (blob.size_bytes, blob.sha256) == (3_200_000, hashlib.sha256(content).hexdigest())
    assert read_bytes(blob) == content


def test_nothing_is_a_file_too(now):
    blob = keep(1, b"", now=now)
    assert (blob.size_bytes, read_bytes(blob)) == (0, b"")


@pytest.mark.parametrize(
    ("number", "refusal", "words"),
    [
        (errno.ENOSPC, StorageFull, "disk is full"),
        (errno.EDQUOT, StorageFull, "disk is full"),
        (errno.EACCES, StorageUnwritable, "cannot be written"),
        (errno.EROFS, StorageUnwritable, "cannot be written"),
    ],
)
def test_a_disk_that_takes_nothing_is_named_and_leaves_nothing(media, now, monkeypatch, number, refusal, words):
    def fail(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(refusal) as caught:
        keep(1, BYTES, now=now)
    assert caught.value.permanent is False
    from django.utils import translation

    with translation.override("en"):
        assert words in str(caught.value)
    assert not Blob.objects.exists()
    assert _files(media) == []


def test_a_folder_that_is_a_file_is_unwritable(media, now):
    media.write_text("in the way")
    with pytest.raises(StorageUnwritable):
        keep(1, BYTES, now=now)
    assert not Blob.objects.exists()


def test_another_trouble_of_the_disk_is_not_hidden(now, monkeypatch):
    def fail(handle):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="broken"):
        keep(1, BYTES, now=now)


@pytest.mark.kill
def test_a_process_killed_before_the_move_leaves_no_half_file_under_a_hash(media, now):
    script = Path(__file__).with_name("keep_and_die.py")
    ended = subprocess.run(
        [sys.executable, str(script), str(media)],
        input=BYTES,
        env={**os.environ, "PYTHONPATH": "src"},
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert ended.returncode == -9
    (left,) = _files(media)
    assert left.startswith("incoming/")

    blob = keep(1, BYTES, now=now)
    assert read_bytes(blob) == BYTES
    age_of(media / left, now, days=2)
    assert remove_leftovers(now=now) == 1
    assert read_bytes(blob) == BYTES
    assert len(_files(media)) == 1


def age_of(path, now, *, days):
    moment = (now - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_missing_or_shortened_bytes_are_reported_when_opened(now):
    missing, shortened = keep(1, b"one", now=now), keep(1, b"second", now=now)
    store.path_of(missing.sha256).unlink()
    store.path_of(shortened.sha256).write_bytes(b"sec")
    for blob in (missing, shortened):
        with pytest.raises(BlobDamaged):
            read_bytes(blob)


def test_keeping_the_bytes_again_mends_a_shortened_file(now):
    blob = keep(1, BYTES, now=now)
    store.path_of(SHA).write_bytes(b"%PDF")
    assert keep(1, BYTES, now=now) == blob
    assert read_bytes(blob) == BYTES


def test_verifying_names_what_is_missing_shortened_or_changed_once(now):
    blobs = {what: keep(1, what.encode(), now=now) for what in ("missing", "length", "content", "good")}
    keep(2, b"missing", now=now)
    store.path_of(blobs["missing"].sha256).unlink()
    store.path_of(blobs["length"].sha256).write_bytes(b"leng")
    store.path_of(blobs["content"].sha256).write_bytes(b"CONTENT")
    found = sorted(verify(), key=lambda damage: damage.what)
    assert found == [Damage(blobs[what].sha256, what) for what in ("content", "length", "missing")]


def test_bytes_without_a_row_are_removed_after_a_day_and_others_stay(media, now):
    kept, dropped, fresh = (keep(1, content, now=now) for content in (b"kept", b"dropped", b"fresh"))
    Blob.objects.filter(pk__in=[dropped.pk, fresh.pk]).delete()
    age_of(store.path_of(kept.sha256), now, days=2)
    age_of(store.path_of(dropped.sha256), now, days=2)
    age_of(store.path_of(fresh.sha256), now, days=0)
    assert remove_leftovers(now=now) == 1
    assert not store.path_of(dropped.sha256).exists()
    assert store.path_of(kept.sha256).exists()
    assert store.path_of(fresh.sha256).exists()


def test_keeping_old_bytes_again_makes_them_young(now):
    blob = keep(1, BYTES, now=now)
    age_of(store.path_of(SHA), now, days=2)
    blob.delete()
    keep(1, BYTES, now=now)
    Blob.objects.all().delete()  # as if the transaction were still running
    assert remove_leftovers(now=now) == 0


def test_the_command_names_damaged_files_and_fails(now, capsys):
    blob = keep(1, BYTES, now=now)
    call_command("verify_files")
    assert capsys.readouterr().out == "All files are as they were kept.\n"
    store.path_of(SHA).unlink()
    with pytest.raises(CommandError, match="1 files"):
        call_command("verify_files")
    assert capsys.readouterr().out == f"{blob.sha256} missing\n"


@pytest.mark.django_db
def test_many_are_kept_as_one_by_one(now):
    known = store.keep(1, b"known", now=now)

    blobs = store.keep_many(1, [b"a", b"known", b"b", b"a"], now=now)

    assert [store.read_bytes(blob) for blob in blobs] == [b"a", b"known", b"b", b"a"]
    assert (blobs[1], blobs[0]) == (known, blobs[3])
    assert Blob.objects.count() == 3


@pytest.mark.django_db
def test_bytes_that_went_missing_are_written_again(now):
    blob = store.keep(1, b"known", now=now)
    store.path_of(blob.sha256).unlink()

    assert store.keep(1, b"known", now=now) == blob
    assert store.read_bytes(blob) == b"known"
    store.path_of(blob.sha256).unlink()
    assert store.keep_many(1, [b"known"], now=now) == [blob]
    assert store.read_bytes(blob) == b"known"
