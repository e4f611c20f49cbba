"""Tasks for the tests of the jobs; their effect is a row in the table `effect`, or a line in `calls`."""

import os
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from anshin.plumbing.jobs.errors import PermanentError, RetryLater
from anshin.plumbing.jobs.execute import finishing
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.registry import task
from anshin.plumbing.watching import marks

calls: list = []
gates: dict = {}


class Refused(Exception):
    """An outside failure with a code of its own, as a room would declare it."""

    permanent = True
    code = "refused_by_server"


def make_effect_table():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS effect (number integer NOT NULL)")


def drop_effect_table():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS effect")


def effects():
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM effect ORDER BY number")
        return [row[0] for row in cursor.fetchall()]


def _write(number):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (number) VALUES (%s)", [number])


@task()
def note(*words, shop_id=None):
    calls.append((*words, shop_id) if shop_id is not None else words)


@task()
def write_down_mark():
    calls.append(("mark", marks.current()))


@task()
def enqueue_marked():
    from anshin.plumbing.jobs.queue import enqueue

    enqueue(write_down_mark, now=Job.objects.latest("pk").run_at)


@task()
def note_for_shop(shop_id, word):
    calls.append((shop_id, word))


@task(priority=10)
def note_first(word):
    calls.append((word,))


@task(queue_name="mail_out")
def note_in_mail_out(word):
    calls.append((word,))


@task(takes_context=True)
def note_attempt(context):
    calls.append(("attempt", context.attempt))


@task(max_attempts=3)
def fail(words):
    calls.append(("fail", words))
    raise ValueError(words)


@task()
def fail_for_good(words):
    raise PermanentError(words)


@task()
def be_refused():
    raise Refused("550 相手のサーバーが受け取りを断りました。")


@task()
def come_back_later(seconds):
    raise RetryLater("421 混み合っています。", after=timedelta(seconds=seconds))


@task()
def leave_the_process():
    raise SystemExit(3)


@task()
def enqueue_another(word):
    from anshin.plumbing import clock
    from anshin.plumbing.jobs.queue import enqueue

    enqueue(note, word, now=clock.now())


@task(one_transaction=True)
def write_row(number):
    _write(number)


@task(one_transaction=True)
def write_row_then_fail(number):
    _write(number)
    raise ValueError("after writing")


@task()
def ask_outside_then_write_row(number):
    calls.append(("outside", number))
    with finishing():
        _write(number)


@task(one_transaction=True)
def write_row_slowly(number):
    """Write, then stand still until the test lets go or kills the process: the row is not committed yet."""
    _write(number)
    _meet(number)


@task()
def ask_outside_slowly_then_write_row(number):
    _meet(number)
    with finishing():
        _write(number)


@task()
def wait_at_gate(number):
    _meet(number)
    with transaction.atomic():
        _write(number)


def _meet(number):
    """Tell the test that we are here and wait for its word: by events in a thread, by pipes in a process."""
    if number in gates:
        here, go = gates[number]
        here.set()
        if not go.wait(20):
            raise TimeoutError("the test did not open the gate")
    elif (folder := os.environ.get("GATES")) and (gate := Path(folder) / str(number)).exists():
        gate.unlink()
        (Path(folder) / f"here-{number}").write_text("here")
        (Path(folder) / f"go-{number}").read_text()


@task(priority=50)
def leave_a_transaction_open():
    transaction.atomic().__enter__()
