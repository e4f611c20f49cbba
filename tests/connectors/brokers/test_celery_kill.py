"""Real workers told by a real RabbitMQ or Redis: killed, and the broker with all its messages lost."""

import shutil
import signal
import subprocess
import uuid

import pytest
from django.db import connection

from anshin.connectors.brokers.adapter import CeleryBroker
from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.ports import broker
from anshin.plumbing.jobs.queue import enqueue
from tests.connectors.brokers.own_redis import OwnRedis
from tests.plumbing.jobs import sample_tasks as samples
from tests.plumbing.jobs.conftest import clean_samples, shared_database  # noqa: F401  fixtures
from tests.plumbing.jobs.test_jobs_kill import (
    PATIENCE,
    folder,  # noqa: F401
    make_gate,
    start,  # noqa: F401
    wait_until_all_done,
    wait_until_here,
)

pytestmark = pytest.mark.kill
QUEUES = ["default", "mail_in", "mail_out", "import", "reactions", "upkeep", "search"]


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("a broker needs PostgreSQL")


@pytest.fixture
def redis():
    if not shutil.which("redis-server"):
        pytest.skip("Debian's redis-server is not installed")
    server = OwnRedis()
    yield server
    server.kill()


@pytest.fixture
def rabbit():
    """The address of a virtual host of the test's own in the RabbitMQ of this machine."""
    name = f"anshin-test-{uuid.uuid4().hex[:8]}"
    made = rabbitmqctl("add_vhost", name)
    if made is None or made.returncode:
        pytest.skip("RabbitMQ does not run here, or may not be asked for a virtual host")
    rabbitmqctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
    yield f"amqp://guest:guest@127.0.0.1/{name}"
    rabbitmqctl("delete_vhost", name)


def rabbitmqctl(*arguments):
    if not shutil.which("rabbitmqctl"):
        return None
    return subprocess.run(["rabbitmqctl", "-q", *arguments], capture_output=True, check=False, timeout=PATIENCE)


@pytest.fixture
def told(monkeypatch):
    """Use a broker in this process, and in those that it starts."""

    def use(url):
        post = CeleryBroker(url, QUEUES)
        broker.fill(post)
        return post

    yield use
    broker.fill(None)


@pytest.fixture
def start_told(start, monkeypatch):  # noqa: F811
    """Start `anshin worker` with a broker; `later_seconds` shifts its clock."""

    def begin(url, *arguments, **more):
        with monkeypatch.context() as patch:
            patch.setattr(
                "tests.plumbing.jobs.test_jobs_kill.environment", told_environment(url, environment_of_kill_tests)
            )
            return start(*arguments, **more)

    from tests.plumbing.jobs.test_jobs_kill import environment as environment_of_kill_tests

    return begin


def told_environment(url, plain):
    def environment(folder, later_seconds):  # noqa: F811
        return plain(folder, later_seconds) | {"ANSHIN_JOBS": "celery", "ANSHIN_BROKER_URL": url}

    return environment


def kill_one_of_two(url, folder, start_told, told):  # noqa: F811
    numbers = list(range(40))
    make_gate(folder, 7)
    post = told(url)
    victim = start_told(url)
    for number in numbers:
        enqueue(samples.write_row_slowly, number, now=clock.now())
    post.flush()
    wait_until_here(folder, 7)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait(PATIENCE) == -signal.SIGKILL
    wait_until_all_done(start_told(url, later_seconds=60))
    assert samples.effects() == numbers


def test_rabbitmq_every_job_runs_once_when_a_worker_is_killed(rabbit, folder, start_told, told):  # noqa: F811
    kill_one_of_two(rabbit, folder, start_told, told)


def test_redis_every_job_runs_once_when_a_worker_is_killed(redis, folder, start_told, told):  # noqa: F811
    kill_one_of_two(redis.url, folder, start_told, told)


def test_every_job_runs_once_when_the_broker_dies_with_all_messages(redis, folder, start_told, told):  # noqa: F811
    numbers = list(range(30))
    post = told(redis.url)
    make_gate(folder, 3)
    worker = start_told(redis.url)
    for number in numbers[:15]:
        enqueue(samples.write_row_slowly, number, now=clock.now())
    post.flush()
    wait_until_here(folder, 3)
    redis.kill()
    for number in numbers[15:]:
        enqueue(samples.write_row_slowly, number, now=clock.now())
    post.flush()
    worker.kill()
    worker.wait(PATIENCE)
    redis.start()
    wait_until_all_done(start_told(redis.url, later_seconds=60))
    assert samples.effects() == numbers


def test_a_worker_gives_back_what_it_cannot_finish_in_time(redis, folder, start_told, told):  # noqa: F811
    make_gate(folder, 1)
    post = told(redis.url)
    worker = start_told(redis.url, "--grace", "0")
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    post.flush()
    wait_until_here(folder, 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, job.deaths, samples.effects()) == ("waiting", 0, 0, [])


def test_a_worker_that_is_told_to_stop_finishes_its_job(redis, folder, start_told, told):  # noqa: F811
    make_gate(folder, 1)
    post = told(redis.url)
    worker = start_told(redis.url)
    enqueue(samples.wait_at_gate, 1, now=clock.now())
    post.flush()
    wait_until_here(folder, 1)
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.3)
    (folder / "go-1").write_text("go")
    assert worker.wait(PATIENCE) == 0
    assert samples.effects() == [1]
