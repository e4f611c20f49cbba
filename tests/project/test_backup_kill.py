"""A real `anshin backup` that is killed in the middle: no half set counts, the older one stays, the next is whole."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from anshin.plumbing.backups import sets
from anshin.plumbing.backups.models import Backup
from anshin.plumbing.backups.terms import State, Trouble
from anshin.plumbing.files import store
from tests.project.test_backups import anshin, desk, empty_url  # noqa: F401

pytestmark = pytest.mark.kill
PATIENCE_SECONDS = 120


def killed_when(desk, place, is_so):  # noqa: F811
    """Begin a backup and kill it as soon as that is so."""
    command = [sys.executable, "-P", "-m", "anshin.project", "backup", str(place)]
    process = subprocess.Popen(command, env=desk, stdout=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert process.poll() is None, "it was through before it could be killed"
        assert time.monotonic() < until
    process.kill()
    assert process.wait(30) == -signal.SIGKILL


def begun(place, kept):
    """The folders of sets beside the one that is whole."""
    return [folder for folder in place.glob("????-*") if folder not in kept]


@pytest.mark.parametrize("moment", ["database", "files"])
def test_a_killed_backup_is_none_and_the_next_one_is_whole(desk, empty_url, tmp_path, shop, now, moment):  # noqa: F811
    settings.MEDIA_ROOT = Path(desk["ANSHIN_DATA"]) / "files"
    place = tmp_path / "backups"
    store.keep(shop.pk, b"the first night", now=now)
    assert anshin(desk, "backup", str(place)).returncode == 0
    older = sets.whole_sets(place)
    for portion in range(8):
        store.keep_many(shop.pk, [f"photo {portion} {number}".encode() for number in range(200)], now=now)
    time.sleep(1.1)  # sets are named by their second

    def copied():
        return sum(1 for _file in (place / sets.POOL).glob("??/??/*"))

    killed_when(desk, place, (lambda: begun(place, older)) if moment == "database" else (lambda: copied() > 20))
    assert copied() < 1601
    assert sets.whole_sets(place) == older

    time.sleep(1.1)
    done = anshin(desk, "backup", str(place), "--keep", "2")
    assert (done.returncode, "1,601 files" in done.stdout) == (0, True), done.stderr
    newest, first = sets.whole_sets(place)
    assert [first] == older
    assert begun(place, [newest, first]) == []  # what was broken off is gone
    assert not list((place / sets.POOL / "incoming").glob("*"))
    states = Backup.objects.order_by("pk").values_list("state", "trouble")
    assert list(states) == [(State.WHOLE, ""), (State.FAILED, Trouble.INTERRUPTED), (State.WHOLE, "")]

    machine = desk | {"ANSHIN_DATA": str(tmp_path / "new"), "DATABASE_URL": empty_url}
    back = anshin(machine, "restore", str(newest), "--database-url", empty_url)
    assert (back.returncode, "Every row and every file is as it was" in back.stdout) == (0, True), back.stderr
