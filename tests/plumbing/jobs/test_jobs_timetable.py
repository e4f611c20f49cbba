"""The timetable: each slot once, whoever looks, and missed slots made up for with one run."""

from datetime import UTC, datetime, time, timedelta

import pytest

from anshin.plumbing.jobs import timetable
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.timetable import Daily, Entry, Every, enqueue_due
from tests.plumbing.jobs.sample_tasks import note

MINUTE = timedelta(minutes=1)
NOTE = "tests.plumbing.jobs.sample_tasks.note"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "slot"),
    [
        (Every(60), "2026-11-20 01:00:59", "2026-11-20 01:00:00"),
        (Every(60), "2026-11-20 01:01:00", "2026-11-20 01:01:00"),
        (Every(300), "2026-11-20 01:04:59", "2026-11-20 01:00:00"),
        (Daily(time(3, 30)), "2026-11-19 18:29:59", "2026-11-18 18:30:00"),
        (Daily(time(3, 30)), "2026-11-19 18:30:00", "2026-11-19 18:30:00"),
        (Daily(time(0, 0)), "2026-11-19 15:00:00", "2026-11-19 15:00:00"),
    ],
)
def test_slot_is_the_last_one_that_has_come(rhythm, now, slot):
    assert rhythm.slot(utc(now)) == utc(slot)


def test_two_entries_of_one_name_are_refused():
    with pytest.raises(ValueError, match="same name"):
        timetable.register([Entry("a", Every(1), note), Entry("a", Every(2), note)])
    assert timetable.entries() == ()


def as_another_worker(entries):
    """Forget what this process has seen, as a process that has just started."""
    timetable.register(entries)


@pytest.mark.django_db
class TestEnqueueing:
    def test_interval_runs_at_once_and_then_at_every_slot(self, now):
        timetable.register([Entry("poll", Every(60), NOTE)])
        assert len(enqueue_due(now=now)) == 1
        run_due_jobs(now)
        assert enqueue_due(now=now + MINUTE - timedelta(seconds=1)) == []
        assert len(enqueue_due(now=now + MINUTE)) == 1

    def test_daily_entry_waits_for_its_first_time(self):
        timetable.register([Entry("night", Daily(time(3, 30)), note)])
        assert enqueue_due(now=utc("2026-11-19 18:29:00")) == []
        assert len(enqueue_due(now=utc("2026-11-19 18:30:00"))) == 1
        assert enqueue_due(now=utc("2026-11-19 18:31:00")) == []

    def test_several_workers_enqueue_a_slot_once(self, now):
        entries = [Entry("poll", Every(60), note)]
        for _worker in range(3):
            as_another_worker(entries)
            enqueue_due(now=now)
            run_due_jobs(now)
        assert Job.objects.count() == 1

    def test_slots_missed_while_nothing_ran_are_made_up_for_once(self):
        entries = [Entry("night", Daily(time(3, 30)), note), Entry("poll", Every(60), note)]
        as_another_worker(entries)
        enqueue_due(now=utc("2026-11-10 00:00:00"))
        run_due_jobs(utc("2026-11-10 00:00:00"))
        as_another_worker(entries)
        assert len(enqueue_due(now=utc("2026-11-19 23:00:00"))) == 2
        assert enqueue_due(now=utc("2026-11-19 23:00:01")) == []

    def test_slot_that_comes_while_the_last_run_still_waits_adds_no_second(self, now):
        timetable.register([Entry("poll", Every(60), note)])
        enqueue_due(now=now)
        enqueue_due(now=now + MINUTE)
        assert Job.objects.count() == 1

    def test_clock_that_was_set_back_does_not_silence_the_timetable(self, now):
        entries = [Entry("poll", Every(60), note)]
        as_another_worker(entries)
        enqueue_due(now=now)
        run_due_jobs(now)
        as_another_worker(entries)
        assert len(enqueue_due(now=now - timedelta(days=1))) == 1

    def test_looking_between_slots_costs_no_query(self, now, django_assert_num_queries):
        timetable.register([Entry("poll", Every(60), note)])
        enqueue_due(now=now)
        with django_assert_num_queries(0):
            enqueue_due(now=now + timedelta(seconds=59))
