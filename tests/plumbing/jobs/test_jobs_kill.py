"""Real worker processes that are killed or told to stop in the middle of a job."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from tests.plumbing.jobs import sample_tasks as samples

pytestmark = pytest.mark.kill
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60
ALONE = ["--threads", "1", "--without-timetable"]


@pytest.fixture
def folder(shared_database):
    return shared_database


@pytest.fixture
def start(folder):
    """Start worker processes on the test's database; whatever still runs at the end is killed."""
    started = []

    def start_worker(*arguments, later_seconds=0):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.plumbing.jobs.worker_process", *ALONE, *arguments],
            cwd=ROOT,
            env=environment(folder, later_seconds),
        )
        started.append(process)
        return process

    yield start_worker
    for process in started:
        process.kill()
        process.wait(PATIENCE)


def environment(folder, later_seconds):
    named = os.environ.get("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
    settings = connection.settings_dict
    url = ""
    if connection.vendor == "postgresql":
        host, user, port = settings["HOST"], settings["USER"], settings["PORT"]
        address = f"{user}:{settings['PASSWORD']}@" if user else ""
        address += host + (f":{port}" if port else "")
        url = f"postgres://{address}/{settings['NAME']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSHIN_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": named,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "ANSHIN_DATA": str(folder),
        "DATABASE_URL": url,
        "GATES": str(folder),
        "ANSHIN_CLOCK_SHIFT_SECONDS": str(later_seconds),
    }


def make_gate(folder, number):
    """The job of this number will tell us that it is in the middle, and stand still."""
    (folder / str(number)).touch()
    os.mkfifo(folder / f"here-{number}")
    os.mkfifo(folder / f"go-{number}")


def wait_until_here(folder, number):
    pipe = os.open(folder / f"here-{number}", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert select.select([pipe], [], [], PATIENCE)[0], "the worker did not reach the gate"
        assert os.read(pipe, 10) == b"here"
    finally:
        os.close(pipe)


def let_go(folder, number):
    (folder / f"go-{number}").write_text("go")


def wait_until_all_done(process):
    """Polls the rows, since a process has no other way to tell; fails when the worker ends or patience does."""
    for _try in range(PATIENCE * 20):
        if not Job.objects.exclude(state="done").exists():
            return
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
    states = list(Job.objects.exclude(state="done").values_list("task", "state", "last_error_words"))
    pytest.fail(f"not done: {states}")


@pytest.mark.parametrize("task", [samples.write_row_slowly, samples.ask_outside_slowly_then_write_row])
def test_every_job_runs_and_each_row_is_written_once_when_a_worker_is_killed(task, folder, start):
    make_gate(folder, 1)
    enqueue(samples.write_row, 0, now=clock.now())
    enqueue(task, 1, now=clock.now())
    for number in (2, 3, 4):
        enqueue(samples.write_row, number, now=clock.now())
    victim = start()
    wait_until_here(folder, 1)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait(PATIENCE) == -signal.SIGKILL
    assert samples.effects() == [0]
    assert list(Job.objects.order_by("pk").values_list("state", flat=True))[:2] == ["done", "running"]

    heir = start(later_seconds=60)
    wait_until_all_done(heir)
    assert samples.effects() == [0, 1, 2, 3, 4]
    assert list(Job.objects.order_by("pk").values_list("attempts", "deaths")) == [
        (1, 0),
        (2, 1),
        (1, 0),
        (1, 0),
        (1, 0),
    ]


def test_workers_killed_again_and_again_write_each_row_once(folder, start):
    numbers = list(range(30))
    for number in numbers:
        enqueue(samples.write_row_slowly, number, now=clock.now())
    for round_number, stopped_at in enumerate((0, 7, 19)):
        make_gate(folder, stopped_at)
        victim = start(later_seconds=60 * round_number)
        wait_until_here(folder, stopped_at)
        victim.kill()
        victim.wait(PATIENCE)
    wait_until_all_done(start(later_seconds=300))
    assert samples.effects() == numbers


def test_terminated_worker_finishes_its_job_and_takes_no_other(folder, start):
    make_gate(folder, 1)
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    enqueue(samples.write_row, 2, now=clock.now())
    process = start()
    wait_until_here(folder, 1)
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    let_go(folder, 1)
    assert process.wait(PATIENCE) == 0
    assert samples.effects() == [1]
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["done", "waiting"]


def test_terminated_worker_gives_back_what_it_cannot_finish(folder, start):
    make_gate(folder, 1)
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    process = start("--grace", "0")
    wait_until_here(folder, 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, job.deaths, samples.effects()) == ("waiting", 0, 0, [])
    wait_until_all_done(start())
    assert samples.effects() == [1]
