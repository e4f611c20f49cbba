"""The worker in threads: it runs what is enqueued, once, and outlives the database's absence."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from anshin.plumbing import clock
from anshin.plumbing.jobs import claim as claims
from anshin.plumbing.jobs import timetable, wake
from anshin.plumbing.jobs import worker as workers
from anshin.plumbing.jobs.claim import claim_next
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.worker import Worker
from tests.plumbing.jobs import sample_tasks as samples

PATIENCE = 20


@pytest.fixture(autouse=True)
def database(shared_database, monkeypatch):
    monkeypatch.setattr(workers, "LONGEST_PAUSE_SECONDS", 0.1)


@contextmanager
def working(**options):
    worker = Worker(now=clock.now, **options)
    worker.start()
    try:
        yield worker
    finally:
        for _here, go in samples.gates.values():
            go.set()
        worker.stop(grace_seconds=PATIENCE)


def until(condition):
    """Look again whenever a worker rings or a moment has passed, until the condition holds."""
    pause = threading.Event()
    for _try in range(PATIENCE * 50):
        if condition():
            return True
        pause.wait(0.02)
    return False


def all_done():
    return not Job.objects.exclude(state="done").exists()


def gate(number):
    samples.gates[number] = (threading.Event(), threading.Event())
    return samples.gates[number]


def test_every_job_runs_once_with_many_workers():
    for number in range(60):
        enqueue(samples.write_row, number, now=clock.now())
    with working(threads=3), working(threads=3):
        assert until(all_done)
    assert samples.effects() == list(range(60))
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def test_two_workers_that_claim_at_the_same_moment_get_different_jobs():
    now = clock.now()
    for number in range(20):
        enqueue(samples.note, number, now=now)
    start, taken = threading.Barrier(4), []

    def take(name):
        start.wait()
        while claim := claim_next(token=f"{name}:{len(taken)}", now=now):
            taken.append(claim.job_id)
        connection.close()

    threads = [threading.Thread(target=take, args=[name]) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))


def test_limit_of_a_queue_holds_over_all_workers_that_claim_at_once():
    now = clock.now()
    for number in range(20):
        enqueue(samples.note_in_mail_out, str(number), now=now)
    start, taken = threading.Barrier(4), []

    def take(name):
        start.wait()
        for number in range(5):
            if claim := claim_next(token=f"{name}:{number}", now=now, at_once={"mail_out": 3}):
                taken.append(claim.job_id)
        connection.close()

    threads = [threading.Thread(target=take, args=[name]) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == len(taken) == 3


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_waiting_job_of_a_key_is_not_run_before_the_transaction_that_asked_for_it_again_commits():
    enqueue(samples.note, "a", unique_key="k", now=clock.now())
    taken = []

    def take(name):
        taken.append(claim_next(token=name, now=clock.now()))
        connection.close()

    with transaction.atomic():
        enqueue(samples.note, "b", unique_key="k", now=clock.now())
        early = threading.Thread(target=take, args=["early"])
        early.start()
        early.join()
    assert taken == [None]
    assert claim_next(token="late", now=clock.now()).args == ["a"]
    assert Job.objects.count() == 1


def test_idle_worker_is_woken_by_the_commit(monkeypatch):
    monkeypatch.setattr(workers, "POLL_SECONDS", 600.0)
    monkeypatch.setattr(wake, "LONGEST_SLEEP", timedelta(minutes=10))
    with working(threads=1):
        enqueue(samples.write_row, 1, now=clock.now())
        assert until(all_done)
        enqueue(samples.write_row, 2, now=clock.now())
        assert until(all_done)
    assert samples.effects() == [1, 2]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="NOTIFY exists on PostgreSQL only")
def test_notify_wakes_a_worker_that_the_bell_of_this_process_does_not_reach(monkeypatch):
    monkeypatch.setattr(wake, "LONGEST_SLEEP", timedelta(minutes=10))
    with working(threads=1, bell=wake.Bell()):
        enqueue(samples.write_row, 1, now=clock.now())
        assert until(all_done)
        enqueue(samples.write_row, 2, now=clock.now())
        assert until(all_done)


def test_stop_lets_the_running_job_finish_and_takes_no_other():
    here, go = gate(1)
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    enqueue(samples.write_row, 2, now=clock.now())
    worker = Worker(threads=1)
    worker.start()
    assert here.wait(PATIENCE)
    opener = threading.Thread(target=lambda: (worker._stopping.wait(PATIENCE), go.set()))
    opener.start()
    assert worker.stop(grace_seconds=PATIENCE) is True
    opener.join()
    assert samples.effects() == [1]
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["done", "waiting"]


def test_stop_gives_back_a_job_that_outlasts_the_grace_period():
    here, go = gate(1)
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    worker = Worker(threads=1)
    worker.start()
    assert here.wait(PATIENCE)
    assert worker.stop(grace_seconds=0) is False
    job = Job.objects.get()
    assert (job.state, job.attempts, job.claimed_by != "") == ("waiting", 0, True)
    go.set()
    worker._hands[0].join(PATIENCE)
    job.refresh_from_db()
    assert job.state == "waiting"


def test_lease_is_renewed_while_a_job_runs():
    lease = timedelta(seconds=0.4)
    here, go = gate(1)
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    with working(threads=1, lease=lease):
        assert here.wait(PATIENCE)
        first = Job.objects.get().lease_until
        assert until(lambda: Job.objects.get().lease_until > first + lease)
        go.set()
        assert until(all_done)
    assert samples.effects() == [1]
    assert Job.objects.get().attempts == 1


def test_worker_takes_over_the_job_of_a_dead_one():
    early = clock.now() - timedelta(hours=1)
    enqueue(samples.write_row, 1, now=early)
    assert claim_next(token="dead", now=early)
    with working(threads=1):
        assert until(all_done)
    job = Job.objects.get()
    assert (samples.effects(), job.deaths, job.attempts) == ([1], 1, 2)


def test_run_that_was_taken_over_leaves_no_row():
    here, go = gate(1)
    enqueue(samples.write_row_slowly, 1, now=clock.now())
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite nobody can take a job over while a transaction of its run is open")
    with working(threads=1) as worker:
        assert here.wait(PATIENCE)
        claims.take_back_expired(now=clock.now() + timedelta(hours=1))
        samples.gates.clear()
        assert claim_next(token="other", now=clock.now() + timedelta(hours=1))
        go.set()
        assert until(lambda: not worker._running)
    assert samples.effects() == []
    assert Job.objects.get().claimed_by == "other"


def test_worker_outlives_a_database_that_goes_away_and_comes_back(monkeypatch):
    is_away = threading.Event()
    is_away.set()
    refused = []
    real = claims.next_run_at

    def next_run_at(**options):
        if is_away.is_set():
            refused.append(1)
            raise OperationalError("could not connect to server")
        return real(**options)

    monkeypatch.setattr(workers, "next_run_at", next_run_at)
    enqueue(samples.write_row, 1, now=clock.now())
    with working(threads=1):
        assert until(lambda: len(refused) >= 3)
        assert samples.effects() == []
        is_away.clear()
        assert until(all_done)
    assert samples.effects() == [1]


def test_outcome_is_written_when_the_database_was_away_at_the_end_of_a_job(monkeypatch):
    refusals = iter([OperationalError("database is locked"), OperationalError("server closed the connection")])
    real = workers.execute.record

    def record(*arguments, **options):
        for refusal in refusals:
            raise refusal
        real(*arguments, **options)

    monkeypatch.setattr(workers.execute, "record", record)
    enqueue(samples.note, "a", now=clock.now())
    with working(threads=1):
        assert until(all_done)
    assert samples.calls == [("a",)]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only a database server can end connections")
def test_worker_outlives_the_end_of_all_its_connections():
    here, go = gate(1)
    enqueue(samples.write_row_slowly, 1, now=clock.now())
    with working(threads=2):
        assert here.wait(PATIENCE)
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with connection.cursor() as cursor:
            assert until(lambda: cursor.execute(f"SELECT count(*) {others}") or cursor.fetchone()[0] >= 3)
            cursor.execute(f"SELECT count(pg_terminate_backend(pid)) {others}")
            assert cursor.fetchone()[0] >= 3
        samples.gates.clear()
        go.set()
        assert until(lambda: Job.objects.filter(attempts=1, state="waiting").exists())
        Job.objects.update(run_at=clock.now())
        enqueue(samples.write_row, 2, now=clock.now())
        assert until(all_done)
    assert samples.effects() == [1, 2]


def test_error_in_the_timetable_does_not_end_the_worker():
    timetable.register([timetable.Entry("broken", timetable.Every(1), "anshin.nowhere.jobs.vanish")])
    with working(threads=1):
        enqueue(samples.write_row, 1, now=clock.now())
        assert until(all_done)
    assert samples.effects() == [1]


def test_connection_that_a_job_left_in_a_transaction_is_thrown_away():
    enqueue(samples.leave_a_transaction_open, now=clock.now())
    enqueue(samples.write_row, 1, now=clock.now())
    with working(threads=1):
        assert until(all_done)
    assert samples.effects() == [1]
