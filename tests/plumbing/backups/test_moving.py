"""All rows from one database into another and back: equal, and counting on where they were."""

import pytest
from django.db import connection, connections

from anshin.cases.models import Message
from anshin.plumbing.backups import moving
from anshin.plumbing.files import store
from anshin.plumbing.files.models import Blob
from anshin.project import database
from anshin.shops.models import Shop
from tests.cases.writing import arrive
from tests.channels.email.outside.shared_database import sqlite_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def another(tmp_path):
    """A migrated, empty SQLite file under the alias “moved”."""
    folder = tmp_path / "moved"
    folder.mkdir()
    for _ in sqlite_file(folder):
        pass
    connections.settings["moved"] = {**connections.settings["default"], **database.sqlite(folder / "anshin.sqlite3")}
    connections["moved"].connect()  # by hand: the tests' guard lets nobody open what it does not know
    yield "moved"
    connections["moved"].close()
    del connections["moved"], connections.settings["moved"]


def silent(_table: str, _done: int, _of: int) -> None:
    pass


def test_there_and_back_every_row_is_equal_and_no_number_is_given_twice(shop, other_shop, agent, another, now):
    arrive(shop, "<1@mail.example>", at=now, text="𠮷野家のカップが割れて\n届きました ☕")
    arrive(other_shop, "<2@mail.example>", at=now)
    store.keep(shop.pk, b"\x00\xff photo", now=now)
    last = store.keep(shop.pk, b"soon gone", now=now).pk
    Blob.objects.filter(pk=last).delete()

    assert moving.move("default", another, say=silent) == []
    assert Message.objects.using(another).filter(text__contains="𠮷野家").count() == 1
    assert Blob.objects.using(another).count() == 1
    assert moving._last_key(Blob, connections[another]) == last  # deleted, and still not given again

    Shop.objects.using(another).filter(pk=other_shop.pk).update(name="潮騒フーズ本店")
    assert moving.digest(Shop, "default") != moving.digest(Shop, another)
    if connection.vendor == "postgresql":  # the database of these tests is not empty, as the one to move into would be
        connection.cursor().execute("ALTER TABLE journal_journalentry DISABLE TRIGGER journal_append_only")
    assert moving.move(another, "default", say=silent) == []
    assert Shop.objects.get(pk=other_shop.pk).name == "潮騒フーズ本店"
    assert moving._last_key(Blob, connection) == last
