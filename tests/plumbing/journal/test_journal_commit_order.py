"""On PostgreSQL, entries that are committed out of the order of their ids are neither missed nor doubled."""

from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.reading import safe_up_to
from anshin.plumbing.journal.running import run_reactions
from tests.plumbing.journal.sample_facts import LampLit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other():
    """A second connection to the same database, in a transaction of its own."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, so ids are committed in order")
    second = connections.create_connection("default")
    second.settings_dict = connection.settings_dict
    second.set_autocommit(False)
    yield second
    second.rollback()
    second.close()


@pytest.fixture
def seen(react):
    lamps = []
    react(LampLit, name="sample.watch")(lambda entry, event: lamps.append(event.lamp_id))
    return lamps


@contextmanager
def _as_default(other):
    """Let the code under test use the second connection."""
    own = connections["default"]
    connections["default"] = other
    try:
        yield
    finally:
        connections["default"] = own


def _light_elsewhere(other, lamp_id, now, tanaka):
    """Record on the second connection, whose transaction stays open."""
    other.in_atomic_block = True
    try:
        with _as_default(other):
            return record(LampLit(lamp_id=lamp_id), shop_id=1, by=tanaka, now=now)
    finally:
        other.in_atomic_block = False


def _light(lamp_id, now, tanaka):
    with transaction.atomic():
        return record(LampLit(lamp_id=lamp_id), shop_id=1, by=tanaka, now=now)


def test_an_entry_waits_for_a_transaction_that_may_have_a_lower_id(other, seen, now, tanaka):
    lower = _light_elsewhere(other, 1, now, tanaka)
    higher = _light(2, now, tanaka)
    assert lower.pk < higher.pk

    rest = run_reactions(shop_id=1, first_entry_id=higher.pk, now=now)
    assert seen == []
    assert [cursor.reaction for cursor in rest] == ["sample.watch"]

    other.commit()
    assert run_reactions(shop_id=1, first_entry_id=higher.pk, now=now) == []
    assert seen == [1, 2]


def test_what_was_recorded_before_a_running_transaction_began_does_not_wait_for_it(other, seen, now, tanaka):
    earlier = _light(1, now, tanaka)
    _light_elsewhere(other, 2, now, tanaka)
    assert run_reactions(shop_id=1, first_entry_id=earlier.pk, now=now) == []
    assert seen == [1]


def test_a_rolled_back_transaction_holds_nothing_up(other, seen, now, tanaka):
    _light_elsewhere(other, 1, now, tanaka)
    entry = _light(2, now, tanaka)
    other.rollback()
    assert run_reactions(shop_id=1, first_entry_id=entry.pk, now=now) == []
    assert seen == [2]


def test_a_transaction_that_records_nothing_holds_nothing_up(other, seen, now, tanaka):
    with other.cursor() as sql:
        sql.execute("SELECT pg_current_xact_id()")
    entry = _light(1, now, tanaka)
    assert run_reactions(shop_id=1, first_entry_id=entry.pk, now=now) == []
    assert seen == [1]


def test_a_transaction_announces_itself_again_when_a_savepoint_took_its_announcement_back(other, seen, now, tanaka):
    with other.cursor() as sql:
        sql.execute("SAVEPOINT a")
        _light_elsewhere(other, 1, now, tanaka)
        sql.execute("ROLLBACK TO SAVEPOINT a")
    _light_elsewhere(other, 2, now, tanaka)
    entry = _light(3, now, tanaka)
    run_reactions(shop_id=1, first_entry_id=entry.pk, now=now)
    assert seen == []
    other.commit()
    run_reactions(shop_id=1, first_entry_id=entry.pk, now=now)
    assert seen == [2, 3]


def test_a_transaction_takes_one_lock_however_often_it_records(other, now, tanaka):
    for lamp_id in range(5):
        _light_elsewhere(other, lamp_id, now, tanaka)
    with other.cursor() as sql:
        sql.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert sql.fetchone()[0] == 1


def test_the_first_entry_of_all_is_waited_for_as_well(other, seen, now, tanaka):
    with connection.cursor() as sql:
        sql.execute("ALTER SEQUENCE journal_journalentry_id_seq RESTART")
    first = _light_elsewhere(other, 1, now, tanaka)
    assert first.pk == 1
    assert safe_up_to() == 0
    other.commit()
    assert safe_up_to() == 1
