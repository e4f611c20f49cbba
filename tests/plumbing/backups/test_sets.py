"""Sets, files and seals in a folder: nothing here asks a database."""

import hashlib
import sqlite3

import pytest

from anshin.plumbing.backups import counting, pool, sealing, sets
from anshin.plumbing.backups.counting import Counted
from anshin.plumbing.backups.terms import Refused, Trouble
from anshin.plumbing.files.folder import Folder

PHRASE = "nagai-nagai-aikotoba"


def keep(root, content: bytes) -> tuple[str, int]:
    sha256 = hashlib.sha256(content).hexdigest()
    path = Folder(root).path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return sha256, len(content)


def a_set(place, name: str, files: list[tuple[str, int]], *, whole: bool = True):
    folder = place / name
    folder.mkdir(parents=True)
    (folder / sets.FILES).write_text("".join(f"{sha256} {size}\n" for sha256, size in files))
    if whole:
        sets.write(folder, sets.Manifest("2026-11-27T00:00:00+00:00", "0.1.0", "database.dump", "", 1, len(files), 1))
    return folder


def test_what_is_sealed_comes_back_with_its_passphrase_only():
    sealed = sealing.seal({"secret.key": "鍵", "settings.env": "A=1\n"}, PHRASE)
    assert sealing.unseal(sealed, PHRASE) == {"secret.key": "鍵", "settings.env": "A=1\n"}
    assert "鍵" not in sealed
    with pytest.raises(Refused) as refused:
        sealing.unseal(sealed, PHRASE + "x")
    assert refused.value.trouble == Trouble.WRONG_PASSPHRASE


@pytest.mark.parametrize(("phrase", "trouble"), [("", Trouble.NO_PASSPHRASE), ("mijikai", Trouble.SHORT_PASSPHRASE)])
def test_nothing_is_sealed_with_no_or_a_short_passphrase(phrase, trouble):
    with pytest.raises(Refused) as refused:
        sealing.seal({}, phrase)
    assert refused.value.trouble == trouble


@pytest.mark.parametrize("change", [("32768", "33554432"), ('"p": 1', '"p": "x"'), ('"salt"', '"sand"'), ("{", "")])
def test_a_changed_seal_is_damaged_and_asks_for_no_more_work_than_ours(change):
    sealed = sealing.seal({"secret.key": "k"}, PHRASE).replace(*change, 1)
    with pytest.raises(Refused) as refused:
        sealing.unseal(sealed, PHRASE)
    assert refused.value.trouble in {Trouble.DAMAGED, Trouble.WRONG_PASSPHRASE}


def test_files_lie_once_and_only_whole_ones_are_brought(tmp_path):
    source, target = tmp_path / "from", tmp_path / "to"
    photo, letter = keep(source, b"photo"), keep(source, b"letter")
    Folder(source).path_of(letter[0]).write_bytes(b"lettex")
    gone = (hashlib.sha256(b"gone").hexdigest(), 4)
    assert pool.bring([photo, letter, gone], source=Folder(source), target=Folder(target)) == [letter[0], gone[0]]
    assert Folder(target).path_of(photo[0]).read_bytes() == b"photo"
    assert [path.name for path in target.rglob("*") if path.is_file()] == [photo[0]]
    Folder(source).path_of(photo[0]).unlink()
    assert pool.bring([photo], source=Folder(source), target=Folder(target)) == []  # it is there already


def test_pruning_keeps_the_newest_and_the_files_that_they_name(tmp_path):
    old, shared, new = (keep(tmp_path / sets.POOL, content) for content in (b"old", b"shared", b"new"))
    a_set(tmp_path, "2026-11-24T010000Z", [old, shared])
    a_set(tmp_path, "2026-11-25T010000Z", [], whole=False)  # its process was killed
    kept = a_set(tmp_path, "2026-11-26T010000Z", [shared, new])
    under_way = a_set(tmp_path, "2026-11-27T010000Z", [], whole=False)
    assert sets.prune(tmp_path, keep=1) == 2
    assert sorted(folder.name for folder in tmp_path.iterdir()) == [kept.name, under_way.name, sets.POOL]
    assert {file.name for file in (tmp_path / sets.POOL).glob("??/??/*")} == {shared[0], new[0]}
    assert sets.whole_sets(tmp_path) == [kept]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", Trouble.NOT_A_BACKUP),
        ("[]", Trouble.NOT_A_BACKUP),
        ('{"form": 2}', Trouble.NEWER),
        ('{"form": 1}', Trouble.NOT_A_BACKUP),
    ],
)
def test_what_is_no_manifest_of_ours_is_refused(tmp_path, text, trouble):
    (tmp_path / sets.MANIFEST).write_text(text)
    with pytest.raises(Refused) as refused:
        sets.read(tmp_path)
    assert refused.value.trouble == trouble


def test_a_count_sees_every_change_of_a_row():
    def database(*rows):
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)")
        connection.execute("CREATE TABLE u (word TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
        return counting.counted(connection)

    one = database((1, "返品"), (2, None))
    assert one["t"].rows == 2
    assert counting.differences(one, database((2, None), (1, "返品"))) == []
    assert counting.differences(one, database((1, "返品"), (2, ""))) == ["t"]
    assert counting.differences(one, {"t": one["t"], "v": Counted(0, "")}) == ["u", "v"]
