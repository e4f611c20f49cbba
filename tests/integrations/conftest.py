"""What tests of webhooks share: a clock that moves, a messenger that keeps what it is given, an address."""

from datetime import timedelta

import pytest

from anshin.integrations import actions
from anshin.integrations.fakes import RecordingMessenger
from anshin.integrations.ports import messenger
from anshin.integrations.terms import EventType
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs

URL = "https://hooks.example/anshin"


class Moving:
    """The clock of jobs, which a test moves on."""

    def __init__(self, now):
        self.now = now

    def on(self, **passed):
        self.now += timedelta(**passed)
        run_due_jobs(self.now, raise_stuck=False)  # a shop without a mailbox cannot mail its owner


@pytest.fixture
def at(now, monkeypatch):
    moving = Moving(now)
    monkeypatch.setattr(clock, "now", lambda: moving.now)
    return moving


@pytest.fixture
def way():
    with messenger.filled_with(RecordingMessenger()) as fake:
        yield fake


@pytest.fixture
def hook(owner, now):
    made, _secret = actions.add_webhook(by=owner, name="在庫", url=URL, types=list(EventType), now=now)
    return made
