"""Facts are written in the caller's transaction and never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.actions import Fact, NotInTransaction, record, record_many
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.events import NotPlain
from anshin.plumbing.journal.models import AppendOnly, JournalEntry
from tests.plumbing.journal.sample_facts import DoorOpened, LampLit


@pytest.mark.django_db
def test_an_entry_says_who_did_what_when_and_to_what(now, tanaka):
    pk = record(LampLit(lamp_id=4), shop_id=1, by=tanaka, now=now, case_id=12, order_id=34).pk
    entry = JournalEntry.objects.get(pk=pk)
    assert (entry.shop_id, entry.at, entry.event, entry.case_id, entry.order_id) == (1, now, "sample.lamp_lit", 12, 34)
    assert entry.payload == {"lamp_id": 4, "colour": "white"}
    assert entry.by == Actor("staff", 7, "田中 花子")
    assert entry.fact() == LampLit(lamp_id=4)


@pytest.mark.django_db
def test_many_facts_keep_their_order_and_their_own_moments(now, tanaka, django_assert_num_queries):
    facts = [Fact(LampLit(lamp_id=n), tanaka, now.replace(minute=n), case_id=n) for n in (3, 1, 2)]
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 1):
        entries = record_many(facts, shop_id=1, now=now)
    assert [entry.case_id for entry in JournalEntry.objects.order_by("id")] == [3, 1, 2]
    assert [entry.pk for entry in entries] == sorted(entry.pk for entry in entries)
    assert [entry.at.minute for entry in entries] == [3, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_refused_outside_a_transaction(now, tanaka):
    with pytest.raises(NotInTransaction):
        record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db
def test_one_fact_that_is_not_plain_keeps_all_from_being_written(now, tanaka):
    facts = [Fact(LampLit(1), tanaka, now), Fact(LampLit(1, "x" * 501), tanaka, now)]
    with pytest.raises(NotPlain):
        record_many(facts, shop_id=1, now=now)
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_when_its_transaction_is_rolled_back(now, tanaka, react):
    react(LampLit, name="sample.count")(lambda entry, event: None)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
        1 / 0  # noqa: B018
    assert not JournalEntry.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_no_job_when_nobody_listens(now, tanaka, react):
    react(DoorOpened, name="sample.count")(lambda entry, event: None)
    record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
    assert not Job.objects.filter(queue="reactions").exists()


@pytest.mark.django_db
def test_one_job_for_a_shop_however_many_facts_a_transaction_records(now, tanaka, react):
    react(LampLit, name="sample.count")(lambda entry, event: None)
    for _ in range(3):
        record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
    record(LampLit(lamp_id=1), shop_id=2, by=tanaka, now=now)
    jobs = Job.objects.filter(queue="reactions").order_by("id")
    assert [job.shop_id for job in jobs] == [1, 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries.update(event="other"),
        lambda entries: entries.delete(),
        lambda entries: entries.bulk_update(list(entries), ["event"]),
    ],
    ids=["update", "delete", "bulk_update"],
)
def test_a_queryset_refuses_changes(now, tanaka, change):
    record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
    with pytest.raises(AppendOnly):
        change(JournalEntry.objects.filter(shop_id=1))
    assert JournalEntry.objects.get().event == "sample.lamp_lit"


@pytest.mark.django_db
def test_the_database_refuses_an_entry_saved_again(now, tanaka):
    entry = record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
    entry.event = "other"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entry.save()
    assert JournalEntry.objects.get().event == "sample.lamp_lit"


@pytest.mark.django_db
def test_postgresql_refuses_to_delete_an_entry(now, tanaka):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite empties tables by DELETE between tests, so there it is refused by the ORM only")
    entry = record(LampLit(lamp_id=1), shop_id=1, by=tanaka, now=now)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entry.delete()
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_sort_of_actor_is_refused_by_the_database(now):
    with pytest.raises(DatabaseError, match="journal_actor_kind_known"), transaction.atomic():
        record(LampLit(lamp_id=1), shop_id=1, by=Actor("robot", 1, "R"), now=now)
