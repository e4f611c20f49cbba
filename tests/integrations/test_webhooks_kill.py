"""A worker dies while a webhook is on its way: the other side hears of it, at worst twice under the same number."""

import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from anshin.integrations import actions
from anshin.integrations.models import Delivery, Webhook
from anshin.integrations.terms import DeliveryState, EventType
from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job
from tests.project.test_backups import desk  # noqa: F401

pytestmark = pytest.mark.kill
PATIENCE_SECONDS = 120
AFTER_THE_LEASE = {"ANSHIN_CLOCK_SHIFT_SECONDS": "60"}


class Slow(BaseHTTPRequestHandler):
    """Takes what comes; the first time it answers only when it is let go."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        is_first = not self.server.got
        self.server.got.append(self.headers["webhook-id"])
        self.server.has_come.release()
        if is_first:
            self.server.may_answer.wait(PATIENCE_SECONDS)
        try:
            self.send_response(204)
            self.end_headers()
        except OSError:
            pass  # nobody waits for it any more

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    made.got, made.has_come, made.may_answer = [], threading.Semaphore(0), threading.Event()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.may_answer.set()
    made.shutdown()
    made.server_close()


@pytest.fixture
def worker(desk):  # noqa: F811
    running = []

    def begin(**more):
        script = Path(__file__).with_name("webhook_worker.py")
        running.append(subprocess.Popen([sys.executable, "-P", str(script)], env=desk | more))
        return running[-1]

    yield begin
    for each in running:
        each.kill()
        each.wait(PATIENCE_SECONDS)


def test_a_telling_whose_worker_was_killed_comes_again_with_the_same_number(server, worker, shop, owner):
    hook, _secret = actions.add_webhook(
        by=owner, name="", url="https://hooks.example/", types=list(EventType), now=clock.now()
    )
    Webhook.objects.filter(pk=hook.pk).update(url=f"http://127.0.0.1:{server.server_port}/")
    for _one in range(3):
        actions.send_test(by=owner, webhook_id=hook.pk, now=clock.now())
    victim = worker()
    assert server.has_come.acquire(timeout=PATIENCE_SECONDS)
    victim.kill()
    assert victim.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    worker(**AFTER_THE_LEASE)
    for _one in range(3):
        assert server.has_come.acquire(timeout=PATIENCE_SECONDS)
    for _try in range(PATIENCE_SECONDS * 10):
        if not Job.objects.filter(queue="webhooks").exclude(state="done").exists():
            break
        threading.Event().wait(0.1)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    first, *later = server.got
    assert sorted(later) == sorted({first, *later})  # each once, and what was on its way once more
    assert len(later) == 3
