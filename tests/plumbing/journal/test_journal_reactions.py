"""Reactions run for each entry, in order within a shop, and one that fails holds up only itself."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal import reactions, reading, running
from anshin.plumbing.journal.actions import record, retry_reaction
from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.plumbing.journal.queries import stuck_reactions
from anshin.plumbing.journal.running import WAITS, run_reactions
from tests.plumbing.journal.sample_facts import DoorOpened, LampLit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def light(now, tanaka):
    """Records that a lamp was lit."""

    def _light(lamp_id, *, shop_id=1, at=None):
        with transaction.atomic():
            return record(LampLit(lamp_id=lamp_id), shop_id=shop_id, by=tanaka, now=at or now)

    return _light


@pytest.fixture
def seen(react):
    """The lamps that the reaction "sample.watch" was told of."""
    lamps = []
    react(LampLit, name="sample.watch")(lambda entry, event: lamps.append(event.lamp_id))
    return lamps


def test_each_entry_is_told_once_in_order(light, seen, now):
    first = light(1)
    light(2)
    light(3)
    assert run_reactions(shop_id=1, first_entry_id=first.pk, now=now) == []
    assert run_reactions(shop_id=1, first_entry_id=first.pk, now=now) == []
    assert seen == [1, 2, 3]


def test_the_job_runs_them(light, seen, now):
    from anshin.plumbing.jobs.inline import run_due_jobs

    light(1)
    light(2)
    run_due_jobs(now)
    assert seen == [1, 2]


def test_what_does_not_concern_it_wakes_nobody_and_is_passed_over_later(light, react, now):
    lamps = []
    react(LampLit, name="sample.odd", concerns=lambda event: event.lamp_id % 2 == 1)(
        lambda entry, event: lamps.append(event.lamp_id)
    )
    light(2)
    assert not Job.objects.exists()
    first = light(3)
    assert Job.objects.count() == 1
    run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    assert lamps[-1] == 3


def test_a_shop_hears_only_of_its_own(light, seen, now):
    light(1, shop_id=2)
    mine = light(2)
    run_reactions(shop_id=1, first_entry_id=mine.pk, now=now)
    assert seen == [2]


def test_other_events_are_passed_over(light, seen, now, tanaka):
    with transaction.atomic():
        first = record(DoorOpened(door_id=1), shop_id=1, by=tanaka, now=now)
    light(5)
    assert run_reactions(shop_id=1, first_entry_id=first.pk, now=now) == []
    assert seen == [5]


def test_a_new_reaction_does_not_go_through_the_history(light, seen, now):
    light(1, at=now - timedelta(days=30))
    light(2, at=now - running.LOOK_BACK)
    third = light(3)
    run_reactions(shop_id=1, first_entry_id=third.pk, now=now)
    assert seen == [2, 3]


def test_what_a_reaction_records_is_reacted_to_as_well(react, light, now, tanaka):
    doors = []

    @react(LampLit, name="sample.open")
    def _open(entry, event):
        record(DoorOpened(door_id=event.lamp_id), shop_id=entry.shop_id, by=tanaka, now=now)

    react(DoorOpened, name="sample.see_door")(lambda entry, event: doors.append(event.door_id))
    from anshin.plumbing.jobs.inline import run_due_jobs

    light(8)
    run_due_jobs(now)
    assert doors == [8]


def test_a_failing_reaction_leaves_nothing_behind_and_lets_the_others_go_on(react, light, seen, now, tanaka):
    @react(LampLit, name="sample.break")
    def _break(entry, event):
        record(DoorOpened(door_id=1), shop_id=1, by=tanaka, now=now)
        raise RuntimeError("the fuse is blown")

    first = light(1)
    light(2)
    rest = run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    assert seen == [1, 2]
    assert not JournalEntry.objects.filter(event="sample.door_opened").exists()
    failed = [(c.reaction, c.tries, c.next_try_at, c.stuck_at) for c in rest]
    assert failed == [("sample.break", 1, now + WAITS[0], None)]
    assert [c.stuck_words for c in stuck_reactions(1)] == ["RuntimeError: the fuse is blown"]


def test_a_failing_reaction_waits_before_it_tries_again(react, light, now):
    tried = []

    @react(LampLit, name="sample.break")
    def _break(entry, event):
        tried.append(event.lamp_id)
        if len(tried) == 1:
            raise RuntimeError("once")

    first = light(1)
    light(2)
    run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    run_reactions(shop_id=1, first_entry_id=first.pk, now=now + WAITS[0] - timedelta(seconds=1))
    assert tried == [1]
    run_reactions(shop_id=1, first_entry_id=first.pk, now=now + WAITS[0])
    assert tried == [1, 1, 2]
    assert not stuck_reactions(1).exists()


def test_a_reaction_that_keeps_failing_stays_stuck_in_order_until_a_person_retries_it(react, light, now):
    is_broken, told = [True], []

    @react(LampLit, name="sample.break")
    def _break(entry, event):
        if is_broken:
            raise RuntimeError("still broken")
        told.append(event.lamp_id)

    first = light(1)
    light(2)
    at = now
    for _ in range(len(WAITS) + 1):
        run_reactions(shop_id=1, first_entry_id=first.pk, now=at)
        at += timedelta(hours=2)
    cursor = stuck_reactions(1).get()
    assert (cursor.tries, cursor.next_try_at) == (len(WAITS) + 1, None)
    assert cursor.stuck_at == now + timedelta(hours=2) * len(WAITS)

    is_broken.clear()
    assert run_reactions(shop_id=1, first_entry_id=first.pk, now=at) == []
    assert told == []
    Job.objects.all().delete()
    assert retry_reaction("sample.break", shop_id=1, now=at) is True
    assert Job.objects.filter(queue="reactions", shop_id=1).count() == 1
    run_reactions(shop_id=1, first_entry_id=first.pk, now=at)
    assert told == [1, 2]
    assert retry_reaction("sample.break", shop_id=1, now=at) is False


def test_an_entry_that_cannot_be_read_is_a_failure_that_is_shown(react, now, tanaka):
    react(LampLit, name="sample.watch")(lambda entry, event: None)
    entry = JournalEntry.objects.create(
        shop_id=1, at=now, actor_kind="system", actor_name="Anshin", event="sample.lamp_lit", payload={}
    )
    run_reactions(shop_id=1, first_entry_id=entry.pk, now=now)
    assert stuck_reactions(1).get().stuck_words.startswith("UnreadableEvent: sample.lamp_lit")


def test_an_interrupted_reaction_runs_again(react, light, now):
    told = []

    class Killed(BaseException):
        pass

    @react(LampLit, name="sample.break")
    def _break(entry, event):
        told.append(event.lamp_id)
        if len(told) == 1:
            raise Killed

    first = light(1)
    with pytest.raises(Killed):
        run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    assert told == [1, 1]


def test_after_many_entries_it_asks_to_come_back(light, seen, now, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)
    first = light(1)
    light(2)
    light(3)
    rest = run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    assert (seen, [c.reaction for c in rest]) == ([1, 2], ["sample.watch"])


def test_what_was_only_read_shares_a_transaction_up_to_the_first_deed(react, light, now, tanaka):
    """Told by False; what is done at an entry is committed before the next is looked at."""
    in_transactions = []

    @react(LampLit, name="sample.watch")
    def _watch(entry, event):
        in_transactions.append((event.lamp_id, ReactionCursor.objects.get(reaction="sample.watch").last_entry_id))
        return event.lamp_id == 3

    first = light(1)
    for lamp_id in (2, 3, 4):
        light(lamp_id)
    assert run_reactions(shop_id=1, first_entry_id=first.pk, now=now) == []
    ids = [entry.pk for entry in JournalEntry.objects.order_by("pk")]
    assert in_transactions == [(1, ids[0] - 1), (2, ids[0] - 1), (3, ids[0] - 1), (4, ids[2])]


def test_only_so_many_are_read_in_one_transaction(react, light, now, monkeypatch):
    monkeypatch.setattr(running, "MOST_READ", 2)
    behind = []

    @react(LampLit, name="sample.watch")
    def _watch(entry, event):
        behind.append(entry.pk - ReactionCursor.objects.get(reaction="sample.watch").last_entry_id)
        return False

    first = light(1)
    for lamp_id in (2, 3, 4, 5):
        light(lamp_id)
    run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    assert behind == [1, 2, 1, 2, 1]


def test_a_failure_after_what_was_only_read_counts_for_its_own_entry(react, light, now):
    """The failing entry has all its tries, whatever was passed over before it in the same transaction."""
    told = []

    @react(LampLit, name="sample.break")
    def _break(entry, event):
        told.append(event.lamp_id)
        if event.lamp_id == 3:
            raise RuntimeError("the fuse is blown")
        return False

    first = light(1)
    light(2)
    third = light(3)
    (cursor,) = run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
    assert (cursor.last_entry_id, cursor.tries, told) == (third.pk - 1, 1, [1, 2, 3])
    (cursor,) = run_reactions(shop_id=1, first_entry_id=first.pk, now=now + WAITS[0])
    assert (cursor.tries, told) == (2, [1, 2, 3, 3])


def test_another_worker_that_was_faster_leaves_nothing_to_do(react, light, now):
    """What was read to be done is looked at again under the lock."""
    told = []

    @react(LampLit, name="sample.watch")
    def _watch(entry, event):
        told.append(event.lamp_id)

    first = light(1)
    light(2)
    waiting = reading.waiting

    def while_another_works(*args, **kwargs):
        found = waiting(*args, **kwargs)
        reading.waiting = waiting
        run_reactions(shop_id=1, first_entry_id=first.pk, now=now)
        return found

    reading.waiting = while_another_works
    try:
        assert run_reactions(shop_id=1, first_entry_id=first.pk, now=now) == []
    finally:
        reading.waiting = waiting
    assert told == [1, 2]


def test_a_message_costs_a_reaction_few_statements(react, light, now, django_assert_num_queries):
    """Everything known before: the cursors, what waits, its two entries, and one transaction with lock and cursor."""
    react(LampLit, name="sample.watch")(lambda entry, event: False)
    run_reactions(shop_id=1, first_entry_id=light(1).pk, now=now)
    first = light(2)
    light(3)
    on_sqlite = connection.vendor == "sqlite"
    with django_assert_num_queries(8 if on_sqlite else 10):  # PostgreSQL is asked how far may be read: twice
        run_reactions(shop_id=1, first_entry_id=first.pk, now=now)


def test_two_functions_cannot_share_a_name(react, seen):
    stranger = type(test_two_functions_cannot_share_a_name)(
        test_two_functions_cannot_share_a_name.__code__, {"__name__": "elsewhere"}
    )
    with pytest.raises(TypeError, match=r"sample\.watch"):
        reactions.reacts_to(LampLit, name="sample.watch")(stranger)


def test_no_cursor_before_there_is_an_entry(seen, now):
    assert run_reactions(shop_id=1, first_entry_id=1, now=now) == []
    assert not ReactionCursor.objects.exists()
