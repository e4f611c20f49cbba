"""As an operator uses it, with real processes: killed in the middle, backed up, put back, moved there and back."""

import hashlib
import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from anshin.connectors.object_storage.adapter import Bucket
from anshin.connectors.object_storage.address import parsed
from anshin.plumbing import clock
from anshin.plumbing.backups import sets
from anshin.plumbing.files import store as files
from anshin.plumbing.files.folder import Folder
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.ports import shelf
from anshin.project.cli import file_store
from tests.connectors.object_storage.own_store import BUCKET, KEY, SECRET, Door
from tests.project.test_backups import anshin, desk, empty_url  # noqa: F401

HALF_BYTES = 8_000_000


@pytest.fixture
def in_store(desk, url):  # noqa: F811
    """The environment of processes that keep files in the bucket."""
    return desk | {"ANSHIN_FILES": url, "ANSHIN_FILES_KEY": KEY, "ANSHIN_FILES_SECRET": SECRET}


def photos(count):
    return [random.Random(number).randbytes(20_000 + number) for number in range(count)]


@pytest.mark.kill
@pytest.mark.parametrize("way", [(), ("--in-parts",)])
def test_an_upload_that_is_killed_in_the_middle_leaves_nothing_under_its_hash(store, folder, in_store, url, way, now):
    content = random.Random(1).randbytes(2 * HALF_BYTES)
    halfway = Door(store.port, stop_after=HALF_BYTES)
    slow = url.partition("endpoint=")[0] + f"endpoint=http://127.0.0.1:{halfway.port}"
    script = Path(__file__).with_name("keep_process.py")
    command = [sys.executable, "-P", str(script), *way]
    dying = subprocess.Popen(command, env=in_store | {"ANSHIN_FILES": slow}, stdin=subprocess.PIPE)
    dying.stdin.write(content)
    dying.stdin.close()
    assert halfway.is_stopped.wait(60)
    dying.kill()
    assert dying.wait(30) == -9
    halfway.close()
    assert store.names(folder) == []

    bucket = Bucket(parsed(url), key=KEY, secret=SECRET, scratch=Path(in_store["ANSHIN_DATA"]) / "files")
    sha256 = hashlib.sha256(content).hexdigest()
    assert bucket.size_of(sha256) is None
    left = bucket.drop_unfinished(clock.now() + timedelta(minutes=1))
    assert left == len(way) + 1  # the draft on this machine, and the parts in the bucket
    assert bucket.drop_unfinished(clock.now() + timedelta(minutes=1)) == 0

    done = subprocess.run(command, env=in_store, input=content, capture_output=True, timeout=60, check=True)
    assert done.stdout.decode() == sha256
    assert bucket.size_of(sha256) == len(content)


def test_a_backup_of_a_bucket_comes_back_into_another_or_onto_a_disk(
    in_store,
    empty_url,  # noqa: F811
    url,
    folder,
    store,
    bucket,
    shop,
    now,
    tmp_path,
):
    with shelf.filled_with(bucket):
        kept = [files.keep(shop.pk, content, now=now) for content in photos(12)]
    made = anshin(in_store, "backup", str(tmp_path / "backups"))
    assert (made.returncode, "12 files" in made.stdout) == (0, True), made.stderr
    the_set = str(sets.whole_sets(tmp_path / "backups")[0])

    machine = in_store | {"ANSHIN_DATA": str(tmp_path / "new"), "DATABASE_URL": empty_url}
    taken = anshin(machine, "restore", the_set, "--database-url", empty_url)
    assert (taken.returncode, "ANSHIN_FILES" in taken.stderr) == (2, True)
    other = machine | {"ANSHIN_FILES": url.replace(folder, f"{folder}-restored")}
    back = anshin(other, "restore", the_set, "--database-url", empty_url)
    assert (back.returncode, "Every row and every file is as it was" in back.stdout) == (0, True), back.stderr
    assert len(store.names(f"{folder}-restored")) == 12
    checked = subprocess.run(
        [sys.executable, "-P", "-m", "django", "verify_files"], env=other, capture_output=True, text=True, check=False
    )
    assert checked.stdout == "All files are as they were kept.\n", checked.stderr

    store.client.delete_object(Bucket=BUCKET, Key=bucket.address.name_of(kept[0].sha256))
    lacking = anshin(in_store, "backup", str(tmp_path / "lacking"))
    assert (lacking.returncode, "1 files were lost" in lacking.stderr) == (1, True)


def test_a_backup_without_its_bucket_says_so_and_is_none(in_store, bucket, door, shop, now, tmp_path):
    with shelf.filled_with(bucket):
        files.keep(shop.pk, b"photo", now=now)
    door.shut()
    failed = anshin(in_store, "backup", str(tmp_path / "backups"))
    assert (failed.returncode, "does not answer" in failed.stderr) == (1, True)
    assert sets.whole_sets(tmp_path / "backups") == []
    door.open()
    assert anshin(in_store, "backup", str(tmp_path / "backups")).returncode == 0


def test_files_move_to_the_bucket_and_back_equal_by_hash(desk, in_store, url, folder, store, shop, now, settings):  # noqa: F811
    data = Path(desk["ANSHIN_DATA"])
    settings.MEDIA_ROOT = data / "files"
    hashes = {files.keep(shop.pk, content, now=now).sha256 for content in photos(30)}
    keys = {name: value for name, value in in_store.items() if name != "ANSHIN_FILES"}
    there = anshin(keys, "move-files", "--to", url)
    assert (there.returncode, "30 files are there" in there.stdout) == (0, True), there.stderr
    assert f"ANSHIN_FILES={url}" in (data / "settings.env").read_text()
    assert {name.rpartition("/")[2] for name in store.names(folder)} == hashes
    assert anshin(keys, "move-files", "--to", url).returncode == 2  # it lies there already

    for sha256 in hashes:
        Folder(data / "files").path_of(sha256).unlink()
    spoilt = sorted(hashes)[0]
    place = Folder(data / "files").path_of(spoilt)
    place.write_bytes(b"something else lies under its name")
    back = anshin(keys, "move-files", "--to", "disk")
    assert (back.returncode, "30 files are there" in back.stdout) == (0, True), back.stderr
    for sha256 in hashes:
        assert hashlib.sha256(Folder(data / "files").path_of(sha256).read_bytes()).hexdigest() == sha256
    assert "ANSHIN_FILES=\n" in (data / "settings.env").read_text()


def test_what_is_damaged_stays_behind_and_the_settings_do_too(desk, in_store, url, folder, store, shop, now, settings):  # noqa: F811
    data = Path(desk["ANSHIN_DATA"])
    settings.MEDIA_ROOT = data / "files"
    good, bad = (files.keep(shop.pk, content, now=now) for content in (b"good", b"damaged"))
    Folder(data / "files").path_of(bad.sha256).write_bytes(b"dam")
    keys = {name: value for name, value in in_store.items() if name != "ANSHIN_FILES"}
    moved = anshin(keys, "move-files", "--to", url)
    assert (moved.returncode, bad.sha256 in moved.stderr) == (1, True)
    assert not (data / "settings.env").exists()
    assert [name.rpartition("/")[2] for name in store.names(folder)] == [good.sha256]
    assert Blob.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ANSHIN_FILES": "ftp://files"}, "is not an address"),
        ({"ANSHIN_FILES_SECRET": ""}, "belong together"),
    ],
)
def test_the_desk_is_not_served_with_a_setting_that_is_wrong(in_store, more, words):
    for command in ("serve", "worker"):
        refused = anshin(in_store | more, command)
        assert (refused.returncode, words in refused.stderr) == (2, True)
    lost = anshin(in_store | more, "backup", os.devnull + "/x")
    assert lost.returncode != 0


def test_without_boto3_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(file_store, "find_spec", lambda _name: None)
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(file_store.Unfit, match="machines"):
        file_store.bucket("s3://anshin-files")
