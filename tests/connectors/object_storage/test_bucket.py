"""Files in a bucket of a real server: kept once, whole, private, read as a stream; what is away is said."""

import hashlib
import io
import time
import urllib.error
import urllib.request
import zipfile
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from anshin.connectors.object_storage import adapter, reading
from anshin.connectors.object_storage.adapter import Bucket
from anshin.connectors.object_storage.address import parsed
from anshin.plumbing import clock
from anshin.plumbing.files import store as files
from anshin.plumbing.files.errors import StorageAway, StorageRefuses
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.ports import shelf
from anshin.plumbing.files.removal import remove_contents
from anshin.plumbing.files.serve import download
from anshin.plumbing.files.upkeep import Damage, remove_leftovers, verify
from anshin.staff import system_checks
from tests.connectors.object_storage.own_store import BUCKET, KEY

pytestmark = pytest.mark.django_db

LETTER = b"%PDF-1.7 the letter"
LONG = b"0123456789abcdef" * 200_000


def name_of(folder, content):
    sha256 = hashlib.sha256(content).hexdigest()
    return f"{folder}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


@pytest.mark.parametrize("content", [b"", LETTER, LONG])
def test_bytes_lie_under_their_hash_once_and_come_back(in_bucket, store, folder, media, now, content):
    blob = files.keep(1, io.BytesIO(content), now=now)
    assert files.keep(2, content, now=now).sha256 == blob.sha256
    assert files.keep_many(1, [content, b"another"], now=now)[0] == blob
    assert sorted(store.names(folder)) == sorted([name_of(folder, content), name_of(folder, b"another")])
    assert files.read_bytes(blob) == content
    assert [file for place in (media, in_bucket._scratch.root) for file in place.rglob("*") if file.is_file()] == []


def test_one_can_seek_in_it(in_bucket, now):
    blob = files.keep(1, LONG, now=now)
    with files.open_blob(blob) as file:
        assert file.read(20) == LONG[:20]
        assert file.seek(-5, 2) == len(LONG) - 5
        assert file.read() == LONG[-5:]
        assert file.read() == b""
        assert file.seek(1_000_003) == 1_000_003
        assert file.read(40) == LONG[1_000_003:1_000_043]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("long.txt", LONG)
    with files.open_blob(files.keep(1, archive.getvalue(), now=now)) as file, zipfile.ZipFile(file) as read:
        assert read.read("long.txt") == LONG


def test_a_browser_gets_it_from_our_pages_only(in_bucket, store, folder, now):
    blob = files.keep(1, LONG, now=now)
    request = RequestFactory().get("/", headers={"Range": "bytes=100-149"})
    answer = download(request, blob, name="long.txt")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, LONG[100:150])
    answer.close()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{store.endpoint}/{BUCKET}/{name_of(folder, LONG)}")
    assert refused.value.code == 403


def test_large_ones_go_in_parts(in_bucket, now, monkeypatch):
    monkeypatch.setattr(adapter._TRANSFER, "multipart_threshold", 5 * 1024 * 1024)
    monkeypatch.setattr(adapter._TRANSFER, "multipart_chunksize", 5 * 1024 * 1024)
    content = LONG * 4
    blob = files.keep(1, io.BytesIO(content), now=now)
    assert hashlib.sha256(files.read_bytes(blob)).hexdigest() == blob.sha256


def test_what_is_missing_or_changed_is_named_and_mended_by_keeping_it_again(in_bucket, store, folder, now):
    blobs = {what: files.keep(1, what.encode(), now=now) for what in ("missing", "length", "content", "good")}
    store.client.delete_object(Bucket=BUCKET, Key=name_of(folder, b"missing"))
    store.client.put_object(Bucket=BUCKET, Key=name_of(folder, b"length"), Body=b"leng")
    store.client.put_object(Bucket=BUCKET, Key=name_of(folder, b"content"), Body=b"CONTENT")
    found = sorted(verify(), key=lambda damage: damage.what)
    assert found == [Damage(blobs[what].sha256, what) for what in ("content", "length", "missing")]
    for what in ("missing", "length"):
        with pytest.raises(files.BlobDamaged):
            files.read_bytes(blobs[what])
        files.keep(1, what.encode(), now=now)
        assert files.read_bytes(blobs[what]) == what.encode()


def test_bytes_without_a_row_go_after_a_day_and_others_stay(in_bucket, store, folder, now):
    files.keep(1, b"kept", now=now)
    files.keep(1, b"dropped", now=now).delete()
    store.client.put_object(Bucket=BUCKET, Key=f"{folder}/ab/cd/README", Body=b"not ours")
    assert remove_leftovers(now=clock.now() + timedelta(hours=23)) == 0
    assert remove_leftovers(now=clock.now() + timedelta(hours=25)) == 1
    assert sorted(store.names(folder)) == sorted([name_of(folder, b"kept"), f"{folder}/ab/cd/README"])


def test_what_is_struck_leaves_the_bucket_unless_somebody_keeps_it_at_that_moment(in_bucket, store, folder, now):
    blob = files.keep(1, LETTER, now=now)
    blob.delete()
    asked = []

    def is_wanted():
        asked.append(store.names(folder))
        return True

    assert in_bucket.remove(blob.sha256, is_wanted=is_wanted) is False
    assert asked == [[]]  # nobody could find it when that was asked
    assert store.names(folder) == [name_of(folder, LETTER)]
    with pytest.raises(RuntimeError):
        in_bucket.remove(blob.sha256, is_wanted=lambda: (_ for _ in ()).throw(RuntimeError("the database is away")))
    assert store.names(folder) == [name_of(folder, LETTER)]
    assert remove_contents([blob.sha256]) == 1
    assert (store.names(folder), remove_contents([blob.sha256])) == ([], 0)


def test_old_bytes_kept_again_are_young(in_bucket, store, folder, now, monkeypatch):
    monkeypatch.setattr(adapter, "STILL_YOUNG", timedelta(0))

    def moment():
        return store.client.head_object(Bucket=BUCKET, Key=name_of(folder, LETTER))["LastModified"]

    files.keep(1, LETTER, now=now)
    before = moment()
    time.sleep(1.1)  # the store counts whole seconds
    files.keep(1, LETTER, now=now)
    assert moment() > before
    assert files.read_bytes(Blob.objects.get()) == LETTER


def test_a_store_that_is_away_is_said_and_nothing_is_lost(in_bucket, door, client, owner, shop, now, monkeypatch):
    monkeypatch.setattr(adapter, "TRIES", 1)
    client.force_login(owner.person)
    blob = files.keep(1, LETTER, now=now)
    door.shut()
    for verb in (lambda: files.keep(1, b"new", now=now), lambda: files.read_bytes(blob)):
        with pytest.raises(StorageAway) as away:
            verb()
        assert away.value.permanent is False
    assert not Blob.objects.exclude(pk=blob.pk).exists()
    page = client.get(f"/s/{shop.slug}/settings/system").content.decode()
    assert "ファイルの保存先が応答しません。" in page
    assert client.get(f"/s/{shop.slug}/inbox/all").status_code == 200  # a page without files
    door.open()
    assert files.read_bytes(blob) == LETTER
    assert "ファイルの保存と読み出しができます。" in client.get(f"/s/{shop.slug}/settings/system").content.decode()


def test_a_line_that_breaks_in_the_middle_is_taken_up_again(in_bucket, door, now):
    blob = files.keep(1, LONG, now=now)
    with files.open_blob(blob) as file:
        first = file.read(400_000)
        door.shut()
        door.open()
        rest = b"".join(iter(lambda: file.read(50_000), b""))
    assert hashlib.sha256(first + rest).hexdigest() == blob.sha256


def test_a_page_whose_file_is_away_says_so(agent, monkeypatch, shop):
    from anshin.staff import inbox

    monkeypatch.setattr(inbox, "cases_in_view", lambda *_given, **_named: (_ for _ in ()).throw(StorageAway()))
    client = Client(raise_request_exception=False)
    client.force_login(agent.person)
    answer = client.get(f"/s/{shop.slug}/inbox/all")
    assert answer.status_code == 503
    assert "ファイルの保存先が応答しません" in answer.content.decode()


def test_a_store_that_lets_nobody_in_is_another_matter(url, tmp_path, shop, now, store):
    stranger = Bucket(parsed(url), key=KEY, secret="guessed", scratch=tmp_path)
    nowhere = Bucket(parsed(url.replace(BUCKET, "no-such-bucket")), key=KEY, secret="anshin-secret", scratch=tmp_path)
    for each in (stranger, nowhere):
        with shelf.filled_with(each), translation.override("en"):
            row = next(check for check in system_checks.checks(shop, now=now) if check.title == "Files")
            assert (row.state, "check ANSHIN_FILES" in row.words) == ("bad", True)
    with shelf.filled_with(stranger), pytest.raises(StorageRefuses):
        files.keep(1, LETTER, now=now)


def test_a_bucket_that_keeps_old_versions_is_warned_of(in_bucket, shop, now, monkeypatch):
    with translation.override("en"):
        monkeypatch.setattr(Bucket, "look", lambda _self: "versions")
        row = next(check for check in system_checks.checks(shop, now=now) if check.title == "Files")
        assert (row.state, "Switch versioning off" in row.words) == ("warn", True)


def test_a_read_gives_up_after_a_few_tries():
    class Broken:
        def read(self, _size):
            raise ConnectionResetError

        def close(self):
            pass

    asked = []

    def ask(start):
        asked.append(start)
        return {"ContentLength": 10, "Body": Broken()}

    with pytest.raises(StorageAway):
        reading.Reading(ask).read(5)
    assert asked == [0, 0, 0]
