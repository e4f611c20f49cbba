"""A worker is killed and then the broker stops and comes back, in the middle of the work of one that lives on."""

import signal
from pathlib import Path

import pytest

from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from tests.connectors.brokers.own_rabbit import PROGRAM, OwnRabbit
from tests.connectors.brokers.test_celery_kill import (
    on_postgresql,  # noqa: F401
    redis,  # noqa: F401
    start_told,  # noqa: F401
    told,  # noqa: F401
)
from tests.plumbing.jobs import sample_tasks as samples
from tests.plumbing.jobs.conftest import clean_samples, shared_database  # noqa: F401  fixtures
from tests.plumbing.jobs.test_jobs_kill import (
    PATIENCE,
    folder,  # noqa: F401
    let_go,
    make_gate,
    start,  # noqa: F401
    wait_until_all_done,
    wait_until_here,
)

pytestmark = pytest.mark.kill
NUMBERS = list(range(40))


def go_through(url, folder, start_told, told, *, stop, begin):  # noqa: F811
    """Forty jobs: the first worker dies at the 8th, the broker goes at the 22nd and misses the last ten."""
    make_gate(folder, 7)
    make_gate(folder, 21)
    post = told(url)
    victim = start_told(url)
    for number in NUMBERS[:30]:
        enqueue(samples.write_row_slowly, number, now=clock.now())
    post.flush()
    wait_until_here(folder, 7)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait(PATIENCE) == -signal.SIGKILL
    heir = start_told(url, later_seconds=60)
    wait_until_here(folder, 21)
    stop()
    for number in NUMBERS[30:]:
        enqueue(samples.write_row_slowly, number, now=clock.now())
    let_go(folder, 21)
    begin()
    wait_until_all_done(heir)
    assert samples.effects() == NUMBERS
    assert Job.objects.filter(deaths=1).count() == 1


def test_redis_restarts_beside_a_worker_that_lives(redis, folder, start_told, told):  # noqa: F811
    go_through(redis.url, folder, start_told, told, stop=redis.kill, begin=redis.start)


@pytest.fixture
def own_rabbit(on_postgresql):  # noqa: F811
    if not Path(PROGRAM).exists():
        pytest.skip("Debian's rabbitmq-server is not installed")
    server = OwnRabbit()
    yield server
    server.end()


def test_rabbitmq_restarts_beside_a_worker_that_lives(own_rabbit, folder, start_told, told):  # noqa: F811
    go_through(own_rabbit.url, folder, start_told, told, stop=own_rabbit.kill, begin=own_rabbit.start)
